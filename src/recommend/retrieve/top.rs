//! The best few of many.

/// The `k` best-scored of the items `0..item_count` that `wanted` lets pass, best first, ties in
/// catalogue order. Items whose score isn't above zero are left out.
pub(crate) fn top_items(
    item_count: usize,
    k: usize,
    wanted: impl Fn(u32) -> bool,
    score: impl Fn(u32) -> f32,
) -> Vec<u32> {
    let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    let mut scored: Vec<(f32, u32)> = (0..item_count as u32)
        .filter(|&item| wanted(item))
        .map(|item| (score(item), item))
        .filter(|(score, _)| *score > 0.0)
        .collect();
    if k == 0 {
        return Vec::new();
    }
    if scored.len() > k {
        scored.select_nth_unstable_by(k - 1, order);
        scored.truncate(k);
    }
    scored.sort_unstable_by(order);
    scored.into_iter().map(|(_, item)| item).collect()
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
