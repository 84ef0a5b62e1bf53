//! The best few of many.

use crate::order::best;

/// The `k` best-scored of the items `0..item_count` that `wanted` lets pass, best first, ties in
/// catalogue order. Items whose score isn't above 0 are left out.
pub(crate) fn top_items(
    item_count: usize,
    k: usize,
    wanted: impl Fn(u32) -> bool,
    score: impl Fn(u32) -> f32,
) -> Vec<u32> {
    let scored = (0..item_count as u32)
        .filter(|&item| wanted(item))
        .map(|item| (score(item), item));
    best(scored.filter(|(score, _)| *score > 0.0), k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn best_come_first_and_ties_keep_catalogue_order() {
        let scores = [0.5, 0.9, 0.5, 0.1, 0.5];
        let top = |k| top_items(5, k, |_| true, |item| scores[item as usize]);
        assert_eq!(top(3), [1, 0, 2]);
        assert_eq!(top(99), [1, 0, 2, 4, 3]);
        assert!(top(0).is_empty());
    }

    #[test]
    fn unwanted_zero_and_nan_scores_are_left_out() {
        let scores = [0.5, f32::NAN, 0.0, -1.0, 0.7];
        let top = top_items(5, 9, |item| item != 4, |item| scores[item as usize]);
        assert_eq!(top, [0]);
    }
}
