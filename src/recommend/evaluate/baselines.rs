//! What any recommender has to beat.

use std::collections::{HashMap, HashSet};

use nearshelf_catalogue::EventKind;

use super::Recommender;
use crate::mine::{Interaction, Interactions, NeighbourLists, session_cosine};
use crate::model::ModelError;

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
}

impl Recommender for PopularityBaseline {
    fn name(&self) -> &str {
        "popularity"
    }

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
    fn name(&self) -> &str {
        "personal frequency"
    }

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
    /// Whether items of the history may be recommended. They then count as their own neighbours
    /// with a cosine of 1.
    pub repeat_purchases: bool,
}

impl Default for ItemKnnOptions {
    fn default() -> Self {
        Self {
            neighbours: 10,
            shrinkage: 0.0,
            half_life_days: 60.0,
            repeat_purchases: false,
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
    fn name(&self) -> &str {
        "item-kNN"
    }

    fn recommend(
        &mut self,
        history: &[Interaction],
        now_millis: i64,
        k: usize,
    ) -> Result<Vec<u32>, ModelError> {
        const DAY_MILLIS: f64 = 86_400_000.0;
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
            if self.options.repeat_purchases {
                *scores.entry(item).or_default() += weight;
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
    let mut counts = vec![0_u32; item_count];
    for session in train.sessions() {
        let distinct: HashSet<u32> = kept(session).map(|row| row.item).collect();
        for item in distinct {
            if let Some(count) = counts.get_mut(item as usize) {
                *count += 1;
            }
        }
    }
    let mut items: Vec<u32> = (0..item_count as u32).collect();
    items.retain(|&item| counts[item as usize] > 0);
    items.sort_by_key(|&item| std::cmp::Reverse(counts[item as usize]));
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
