//! What any recommender has to beat.

use std::collections::{HashMap, HashSet};

use nearshelf_catalogue::EventKind;

use super::Recommender;
use crate::mine::{Interaction, Interactions, NeighbourLists, session_cosine};
use crate::model::ModelError;

const DAY_MILLIS: f64 = 86_400_000.0;

/// The same list for everybody: items by the number of sessions that had them.
#[derive(Debug, Clone)]
pub struct PopularityBaseline {
    ranked: Vec<u32>,
    repeat_purchases: bool,
}

impl PopularityBaseline {
    /// Counts the sessions of each item in `train`.
    ///
    /// With `repeat_purchases` items of the session's own history may be recommended.
    pub fn fit(train: &Interactions, item_count: usize, repeat_purchases: bool) -> Self {
        Self {
            ranked: by_sessions(train, item_count),
            repeat_purchases,
        }
    }

    /// As [`Self::fit`], but a session counts half for an item that it last had `half_life_days` before the newest
    /// event of all.
    pub fn fit_decayed(
        train: &Interactions,
        item_count: usize,
        repeat_purchases: bool,
        half_life_days: f64,
    ) -> Self {
        let newest = train.newest_millis().unwrap_or(0);
        let weight = |time_millis: i64| {
            let age_days = newest.saturating_sub(time_millis) as f64 / DAY_MILLIS;
            (-age_days / half_life_days).exp2()
        };
        Self {
            ranked: ranked(train, item_count, weight),
            repeat_purchases,
        }
    }
}

impl Recommender for PopularityBaseline {
    fn recommend(
        &mut self,
        history: &[Interaction],
        _now_millis: i64,
        k: usize,
    ) -> Result<Vec<u32>, ModelError> {
        let known = known_unless(self.repeat_purchases, history);
        let fresh = self.ranked.iter().filter(|item| !known.contains(item));
        Ok(fresh.take(k).copied().collect())
    }
}

/// What the session itself had most often, then what is popular. Where people buy again, this is
/// the baseline that is hard to beat (Li et al. 2021, "A next basket recommendation reality
/// check").
#[derive(Debug, Clone)]
pub struct PersonalBaseline {
    ranked: Vec<u32>,
}

impl PersonalBaseline {
    /// Counts the sessions of each item in `train`, to fill up lists.
    pub fn fit(train: &Interactions, item_count: usize) -> Self {
        Self {
            ranked: by_sessions(train, item_count),
        }
    }
}

impl Recommender for PersonalBaseline {
    fn recommend(
        &mut self,
        history: &[Interaction],
        _now_millis: i64,
        k: usize,
    ) -> Result<Vec<u32>, ModelError> {
        // Distinct times, so that one basket's two lines of an item count once.
        let mut times: HashMap<u32, HashSet<i64>> = HashMap::new();
        for row in kept(history) {
            times.entry(row.item).or_default().insert(row.time_millis);
        }
        let mut own: Vec<(u32, usize)> = times.iter().map(|(&i, t)| (i, t.len())).collect();
        own.sort_unstable_by_key(|&(item, count)| (std::cmp::Reverse(count), item));
        let own = own.into_iter().map(|(item, _)| item);
        let others = self.ranked.iter().filter(|item| !times.contains_key(item));
        Ok(own.chain(others.copied()).take(k).collect())
    }
}

/// Item-kNN: cosine of items over sessions (Sarwar et al. 2001), summed over the history with a
/// weight that halves with age; what is left is filled from popularity.
#[derive(Debug, Clone)]
pub struct ItemKnn {
    neighbours: NeighbourLists,
    ranked: Vec<u32>,
    options: ItemKnnOptions,
}

/// How item-kNN is fitted and asked. The defaults were chosen on the same validation baskets as
/// [`crate::Tuning`]: a baseline deserves no less. `nearshelf eval --sweep` varies them one at a
/// time; fewer neighbours suit buying again, some shrinkage buying anew.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemKnnOptions {
    /// Neighbours kept an item.
    pub neighbours: usize,
    /// Pairs seen in this many sessions are trusted half.
    pub shrinkage: f64,
    /// History this old counts half. Infinity: all alike.
    pub half_life_days: f64,
    /// Whether items of the history may be recommended.
    pub repeat_purchases: bool,
    /// What an item of the history then counts as a neighbour of itself, a cosine being 1 at most.
    pub own: f64,
}

impl Default for ItemKnnOptions {
    fn default() -> Self {
        Self {
            neighbours: 10,
            shrinkage: 0.0,
            half_life_days: 60.0,
            repeat_purchases: false,
            own: 1.0,
        }
    }
}

impl ItemKnn {
    /// Computes all cosines in `train`.
    pub fn fit(train: &Interactions, item_count: usize, options: ItemKnnOptions) -> Self {
        Self {
            neighbours: session_cosine(train, item_count, options.neighbours, options.shrinkage),
            ranked: by_sessions(train, item_count),
            options,
        }
    }
}

impl Recommender for ItemKnn {
    fn recommend(
        &mut self,
        history: &[Interaction],
        now_millis: i64,
        k: usize,
    ) -> Result<Vec<u32>, ModelError> {
        // The newest event of an item stands for it.
        let mut newest: HashMap<u32, i64> = HashMap::new();
        for row in kept(history) {
            let time = newest.entry(row.item).or_insert(row.time_millis);
            *time = row.time_millis.max(*time);
        }
        let mut newest: Vec<(u32, i64)> = newest.into_iter().collect();
        newest.sort_unstable();
        let mut scores: HashMap<u32, f64> = HashMap::new();
        for &(item, time) in &newest {
            let age_days = now_millis.saturating_sub(time).max(0) as f64 / DAY_MILLIS;
            let weight = (-age_days / self.options.half_life_days).exp2();
            if self.options.repeat_purchases && self.options.own > 0.0 {
                *scores.entry(item).or_default() += weight * self.options.own;
            }
            for neighbour in self.neighbours.get(item as usize).into_iter().flatten() {
                *scores.entry(neighbour.item).or_default() += weight * f64::from(neighbour.weight);
            }
        }
        let known = known_unless(self.options.repeat_purchases, history);
        let mut scored: Vec<(u32, f64)> = scores
            .into_iter()
            .filter(|(item, _)| !known.contains(item))
            .collect();
        scored.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut ranked: Vec<u32> = scored.into_iter().take(k).map(|(item, _)| item).collect();
        for &item in &self.ranked {
            if ranked.len() >= k {
                break;
            }
            if !known.contains(&item) && !ranked.contains(&item) {
                ranked.push(item);
            }
        }
        Ok(ranked)
    }
}

/// Items by the number of sessions that had them, ties in catalogue order; only those with any.
fn by_sessions(train: &Interactions, item_count: usize) -> Vec<u32> {
    ranked(train, item_count, |_| 1.0)
}

/// Items by the weight of the sessions that had them, each session weighing by the last time it had the item.
fn ranked(train: &Interactions, item_count: usize, weight: impl Fn(i64) -> f64) -> Vec<u32> {
    let mut weights = vec![0.0_f64; item_count];
    for session in train.sessions() {
        // Rows are in order of time, so that the last of an item stays.
        let last: HashMap<u32, i64> = kept(session)
            .map(|row| (row.item, row.time_millis))
            .collect();
        for (item, time_millis) in last {
            if let Some(sum) = weights.get_mut(item as usize) {
                *sum += weight(time_millis);
            }
        }
    }
    let mut items: Vec<u32> = (0..item_count as u32).collect();
    items.retain(|&item| weights[item as usize] > 0.0);
    items.sort_by(|&a, &b| weights[b as usize].total_cmp(&weights[a as usize]));
    items
}

fn kept(rows: &[Interaction]) -> impl Iterator<Item = &Interaction> {
    rows.iter().filter(|row| row.kind != EventKind::Remove)
}

fn known_unless(repeat_purchases: bool, history: &[Interaction]) -> HashSet<u32> {
    if repeat_purchases {
        HashSet::new()
    } else {
        history.iter().map(|row| row.item).collect()
    }
}
