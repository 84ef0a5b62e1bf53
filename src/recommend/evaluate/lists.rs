//! What lists are like, whether they hit or not: how much of the catalogue they show, how evenly, how unusual,
//! how varied, and how true to what the shopper had before.

use super::Case;
use crate::mine::Interactions;
use nearshelf_catalogue::{EventKind, ItemTable};
use std::collections::{HashMap, HashSet};

/// Part of `item_count` items that stands in the first `k` places of any list.
pub fn coverage(lists: &[Vec<u32>], k: usize, item_count: usize) -> f64 {
    let shown: HashSet<u32> = lists
        .iter()
        .flat_map(|l| l.iter().take(k).copied())
        .collect();
    shown.len() as f64 / item_count.max(1) as f64
}

/// Gini coefficient of how often each of `item_count` items stands in the first `k` places: 0, all alike; towards 1,
/// few items take all places. Without any item shown it is 0.
pub fn gini(lists: &[Vec<u32>], k: usize, item_count: usize) -> f64 {
    let mut counts = vec![0_u64; item_count];
    for &item in lists.iter().flat_map(|list| list.iter().take(k)) {
        if let Some(count) = counts.get_mut(item as usize) {
            *count += 1;
        }
    }
    counts.sort_unstable();
    let (mut sum, mut weighted) = (0.0, 0.0);
    for (place, &count) in counts.iter().enumerate() {
        sum += count as f64;
        weighted += (place + 1) as f64 * count as f64;
    }
    if sum == 0.0 {
        return 0.0;
    }
    let n = item_count as f64;
    (2.0 * weighted / (n * sum) - (n + 1.0) / n).max(0.0)
}

/// What is known of the items besides their numbers, for [`novelty`], [`diversity`] and [`calibration`].
#[derive(Debug, Clone)]
pub struct ItemFacts {
    /// Sessions of the training part with each item.
    pub sessions: Vec<u32>,
    session_count: u32,
    /// Numbers of the item's labels, ascending: levels of its category, brand and attributes.
    labels: Vec<Vec<u32>>,
}

impl ItemFacts {
    /// Counts the sessions of each item in `train`, and numbers the labels of `items`.
    pub fn new(items: &ItemTable, train: &Interactions) -> Self {
        let mut sessions = vec![0_u32; items.len()];
        let mut session_count = 0;
        for session in train.sessions() {
            session_count += 1;
            let kept = session.iter().filter(|row| row.kind != EventKind::Remove);
            let distinct: HashSet<u32> = kept.map(|row| row.item).collect();
            for item in distinct {
                if let Some(count) = sessions.get_mut(item as usize) {
                    *count += 1;
                }
            }
        }
        let mut numbers: HashMap<(String, String), u32> = HashMap::new();
        let labels = items.iter().map(|item| {
            let mut labels: Vec<(String, String)> = Vec::new();
            if !item.brand.is_empty() {
                labels.push(("brand".to_owned(), item.brand.clone()));
            }
            if let Some(text) = item.texts.first() {
                let levels = 1..=text.category.len();
                labels
                    .extend(levels.map(|n| ("category".to_owned(), text.category[..n].join(">"))));
                labels.extend(text.attributes.iter().cloned());
            }
            let mut found: Vec<u32> = labels
                .into_iter()
                .map(|label| {
                    let next = numbers.len() as u32;
                    *numbers.entry(label).or_insert(next)
                })
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        });
        Self {
            labels: labels.collect(),
            sessions,
            session_count,
        }
    }

    /// Part of the items that has any label: without labels diversity and calibration say nothing.
    pub fn labelled(&self) -> f64 {
        let labelled = self.labels.iter().filter(|labels| !labels.is_empty());
        labelled.count() as f64 / self.labels.len().max(1) as f64
    }

    fn labels(&self, item: u32) -> &[u32] {
        self.labels.get(item as usize).map_or(&[], Vec::as_slice)
    }

    /// Self-information of the first `k` items of a list, in bits, averaged: `-log2` of the part of training sessions
    /// with the item, one session more being counted with each (Zhou et al. 2010). 0 for an empty list.
    pub fn novelty(&self, list: &[u32], k: usize) -> f64 {
        let all = f64::from(self.session_count) + 1.0;
        let bits = |&item: &u32| {
            let sessions = self.sessions.get(item as usize).copied().unwrap_or(0);
            (all / (f64::from(sessions) + 1.0)).log2()
        };
        mean(list.iter().take(k).map(bits))
    }

    /// Mean distance of the pairs of the first `k` items of a list (Ziegler et al. 2005): 1 less the Jaccard index of
    /// their labels. In `[0, 1]`; 0 for lists of less than two items. Items without labels are as far as can be.
    pub fn diversity(&self, list: &[u32], k: usize) -> f64 {
        let list = &list[..list.len().min(k)];
        let pairs = list.iter().enumerate().flat_map(|(place, &a)| {
            let later = list[place + 1..].iter();
            later.map(move |&b| 1.0 - jaccard(self.labels(a), self.labels(b)))
        });
        mean(pairs)
    }

    /// How far the labels of a list are from those of the history (Steck 2018): Kullback–Leibler divergence, in nats, of
    /// the list's distribution, 1 % of the history's mixed in, from the history's. 0 is true to the history. `None`
    /// where the history or the list has no labels.
    pub fn calibration(&self, case: &Case, list: &[u32], k: usize) -> Option<f64> {
        const MIXED_IN: f64 = 0.01;
        let history = self.distribution(case.history.iter().map(|row| row.item))?;
        let shown = self.distribution(list.iter().take(k).copied())?;
        let divergence = history.iter().map(|(label, &p)| {
            let q = shown.get(label).copied().unwrap_or(0.0);
            p * (p / ((1.0 - MIXED_IN) * q + MIXED_IN * p)).ln()
        });
        // In order, so that equal runs give equal sums.
        let mut parts: Vec<f64> = divergence.collect();
        parts.sort_unstable_by(f64::total_cmp);
        Some(parts.iter().sum::<f64>().max(0.0))
    }

    /// Each labelled item spreads a weight of 1 evenly over its labels.
    fn distribution(&self, items: impl Iterator<Item = u32>) -> Option<HashMap<u32, f64>> {
        let mut weights: HashMap<u32, f64> = HashMap::new();
        let mut labelled = 0.0;
        for item in items {
            let labels = self.labels(item);
            for &label in labels {
                *weights.entry(label).or_default() += 1.0 / labels.len() as f64;
            }
            labelled += f64::from(u8::from(!labels.is_empty()));
        }
        if labelled == 0.0 {
            return None;
        }
        weights.values_mut().for_each(|weight| *weight /= labelled);
        Some(weights)
    }
}

/// Part of what either of two ascending lists has that both have; 0 for two empty ones.
fn jaccard(a: &[u32], b: &[u32]) -> f64 {
    let both = a
        .iter()
        .filter(|label| b.binary_search(label).is_ok())
        .count();
    let either = a.len() + b.len() - both;
    both as f64 / either.max(1) as f64
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0_u32);
    for value in values {
        sum += value;
        count += 1;
    }
    sum / f64::from(count.max(1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::mine::Interaction;
    use crate::testing::in_category;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    fn row(session: u32, item: u32) -> Interaction {
        Interaction {
            session,
            item,
            kind: EventKind::Purchase,
            time_millis: 0,
        }
    }

    fn facts() -> ItemFacts {
        let items = ["A", "A", "B", "A > C", ""];
        let items = items.iter().map(|path| in_category(path, path)).collect();
        let train = [row(0, 0), row(0, 0), row(1, 0), row(2, 1)].to_vec();
        ItemFacts::new(&ItemTable::new(items), &Interactions::new(train))
    }

    fn case(items: &[u32]) -> Case {
        Case {
            history: items.iter().map(|&item| row(9, item)).collect(),
            now_millis: 0,
            relevant: vec![0],
        }
    }

    #[test]
    fn coverage_counts_each_shown_item_once_and_only_in_the_first_places() {
        let lists = [vec![0, 1], vec![0, 2], vec![]];
        assert!(close(coverage(&lists, 1, 4), 0.25));
        assert!(close(coverage(&lists, 2, 4), 0.75));
        assert!(close(coverage(&[], 2, 0), 0.0));
    }

    #[test]
    fn gini_is_zero_for_even_places_and_near_one_for_one_item_alone() {
        assert!(close(gini(&[vec![0, 1], vec![2, 3]], 2, 4), 0.0));
        assert!(close(gini(&[vec![0], vec![0]], 1, 4), 0.75));
        assert!(
            close(gini(&[vec![7], vec![]], 1, 4), 0.0),
            "an item beyond the table counts for none"
        );
        assert!(close(gini(&[], 1, 0), 0.0));
    }

    #[test]
    fn what_few_have_is_novel() {
        let facts = facts();
        assert_eq!(facts.sessions, [2, 1, 0, 0, 0]);
        // Three sessions and one: 4 / 3 and 4 / 1.
        let expected = ((4.0_f64 / 3.0).log2() + 2.0) / 2.0;
        assert!(close(facts.novelty(&[0, 2, 1], 2), expected));
        assert!(close(facts.novelty(&[], 5), 0.0));
    }

    #[test]
    fn lists_of_one_label_are_not_diverse_and_lists_of_different_ones_are() {
        let facts = facts();
        assert!(close(facts.diversity(&[0, 1], 9), 0.0));
        assert!(close(facts.diversity(&[0, 2], 9), 1.0));
        assert!(
            close(facts.diversity(&[0, 3], 9), 0.5),
            "A against A and A>C"
        );
        assert!(close(facts.diversity(&[0], 9), 0.0));
        assert!(close(facts.labelled(), 0.8));
    }

    #[test]
    fn a_list_like_the_history_is_calibrated_and_another_is_not() {
        let facts = facts();
        let case = case(&[0, 2]);
        assert!(close(facts.calibration(&case, &[1, 2], 9).unwrap(), 0.0));
        let one_sided = facts.calibration(&case, &[0, 1], 9).unwrap();
        let none = facts.calibration(&self::case(&[0]), &[2], 9).unwrap();
        assert!(one_sided > 0.5 && none > one_sided, "{one_sided} {none}");
        assert!(close(none, 100.0_f64.ln()));
        assert_eq!(facts.calibration(&case, &[4], 9), None);
    }
}
