//! Ranking metrics over one list of recommendations and the items that turned out relevant.
//!
//! All share one contract: `ranked` is best first, `relevant` in any order; a repetition in either
//! counts once (the first place of it in `ranked` counts); only the first `k` places are looked
//! at; the result lies in `[0, 1]`. With `k` = 0 or nothing relevant it is 0.

use std::collections::HashSet;

/// Part of the relevant items that is among the first `k`.
pub fn recall_at_k(ranked: &[u32], relevant: &[u32], k: usize) -> f64 {
    let wanted: HashSet<u32> = relevant.iter().copied().collect();
    if wanted.is_empty() {
        return 0.0;
    }
    hits(ranked, &wanted, k).count() as f64 / wanted.len() as f64
}

/// 1 when any of the first `k` is relevant, else 0.
pub fn hit_rate_at_k(ranked: &[u32], relevant: &[u32], k: usize) -> f64 {
    let wanted = relevant.iter().copied().collect();
    if hits(ranked, &wanted, k).next().is_some() {
        1.0
    } else {
        0.0
    }
}

/// Reciprocal of the place (from 1) of the first relevant item among the first `k`.
pub fn mrr_at_k(ranked: &[u32], relevant: &[u32], k: usize) -> f64 {
    let wanted = relevant.iter().copied().collect();
    match hits(ranked, &wanted, k).next() {
        Some(place) => 1.0 / (place + 1) as f64,
        None => 0.0,
    }
}

/// Normalised discounted cumulative gain with binary relevance (Järvelin & Kekäläinen 2002): a
/// relevant item in place `p` (from 1) gains `1 / log2(p + 1)`, divided by the best gain that
/// `min(k, relevant)` items could have.
pub fn ndcg_at_k(ranked: &[u32], relevant: &[u32], k: usize) -> f64 {
    let wanted: HashSet<u32> = relevant.iter().copied().collect();
    let best: f64 = (0..k.min(wanted.len())).map(discount).sum();
    if best == 0.0 {
        return 0.0;
    }
    hits(ranked, &wanted, k).map(discount).sum::<f64>() / best
}

/// A metric by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// [`hit_rate_at_k`]
    HitRate,
    /// [`ndcg_at_k`]
    Ndcg,
    /// [`recall_at_k`]
    Recall,
    /// [`mrr_at_k`]
    Mrr,
}

impl Metric {
    /// Every metric.
    pub const ALL: [Self; 4] = [Self::HitRate, Self::Ndcg, Self::Recall, Self::Mrr];

    /// Its name, as in `hr@10`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HitRate => "hr",
            Self::Ndcg => "ndcg",
            Self::Recall => "recall",
            Self::Mrr => "mrr",
        }
    }

    /// The metric of one list.
    pub fn of(self, ranked: &[u32], relevant: &[u32], k: usize) -> f64 {
        match self {
            Self::HitRate => hit_rate_at_k(ranked, relevant, k),
            Self::Ndcg => ndcg_at_k(ranked, relevant, k),
            Self::Recall => recall_at_k(ranked, relevant, k),
            Self::Mrr => mrr_at_k(ranked, relevant, k),
        }
    }
}

/// Gain of a place counted from 0.
fn discount(place: usize) -> f64 {
    1.0 / ((place + 2) as f64).log2()
}

/// Places (from 0) of the relevant items among the first `k`, each item once.
fn hits<'a>(
    ranked: &'a [u32],
    wanted: &'a HashSet<u32>,
    k: usize,
) -> impl Iterator<Item = usize> + 'a {
    let mut seen = HashSet::new();
    ranked
        .iter()
        .take(k)
        .enumerate()
        .filter(move |(_, item)| wanted.contains(item) && seen.insert(**item))
        .map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn recall_is_the_found_part_of_what_was_relevant() {
        assert!(close(recall_at_k(&[1, 2, 3, 4], &[2, 9], 4), 0.5));
        assert!(close(recall_at_k(&[1, 2, 3, 4], &[4], 3), 0.0));
        assert!(close(recall_at_k(&[1, 2, 3, 4], &[1, 2, 3, 4], 2), 0.5));
    }

    #[test]
    fn mrr_counts_the_first_relevant_place_only() {
        assert!(close(mrr_at_k(&[7, 5, 6], &[6, 5], 3), 0.5));
        assert!(close(mrr_at_k(&[7, 5, 6], &[6], 2), 0.0));
    }

    #[test]
    fn ndcg_of_a_perfect_list_is_one_and_of_a_late_hit_is_discounted() {
        assert!(close(ndcg_at_k(&[1, 2, 3], &[2, 1], 3), 1.0));
        // One relevant item in the third place: (1 / log2 4) / (1 / log2 2) = 0.5.
        assert!(close(ndcg_at_k(&[8, 9, 1], &[1], 3), 0.5));
        // More relevant than k: the ideal is cut at k as well.
        assert!(close(ndcg_at_k(&[1], &[1, 2, 3], 1), 1.0));
    }

    #[test]
    fn hit_rate_is_all_or_nothing() {
        assert!(close(hit_rate_at_k(&[1, 2], &[2, 3, 4], 2), 1.0));
        assert!(close(hit_rate_at_k(&[1, 2], &[2, 3, 4], 1), 0.0));
    }

    #[test]
    fn nothing_relevant_nothing_ranked_and_k_zero_are_zero() {
        for (ranked, relevant, k) in [
            (&[][..], &[1][..], 5),
            (&[1][..], &[][..], 5),
            (&[1][..], &[1][..], 0),
        ] {
            assert_eq!(recall_at_k(ranked, relevant, k), 0.0);
            assert_eq!(ndcg_at_k(ranked, relevant, k), 0.0);
            assert_eq!(hit_rate_at_k(ranked, relevant, k), 0.0);
            assert_eq!(mrr_at_k(ranked, relevant, k), 0.0);
        }
    }

    #[test]
    fn a_repeated_item_counts_once() {
        assert!(close(recall_at_k(&[1, 1, 1], &[1, 1, 2], 3), 0.5));
        assert!(ndcg_at_k(&[1, 1, 1], &[1, 2], 3) < 1.0);
    }
}
