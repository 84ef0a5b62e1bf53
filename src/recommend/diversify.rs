//! Maximal marginal relevance (Carbonell & Goldstein 1998): the next item is the one that is good
//! and not yet covered by those before it.

/// Picks `limit` of `pool` in order of `(1 − diversity) · relevance − diversity · likeness`.
///
/// - `pool`: items with their scores (0 or more), best first; relevance is the score relative to
///   the first one's
/// - `chosen`: items that stand before, in no special order; likeness to them counts too
/// - `diversity`: clamped to `[0, 1]`, NaN counts as 0; at 0 the pool's order is kept
/// - `similarity`: how alike two items are, 1 for identical
///
/// Returns positions in `pool`. Ties go to the better-scored item.
pub(crate) fn diversify(
    pool: &[(u32, f32)],
    chosen: &[u32],
    limit: usize,
    diversity: f32,
    similarity: impl Fn(u32, u32) -> f32,
) -> Vec<usize> {
    let diversity = if diversity.is_nan() {
        0.0
    } else {
        diversity.clamp(0.0, 1.0)
    };
    let limit = limit.min(pool.len());
    if diversity == 0.0 {
        return (0..limit).collect();
    }
    let best = pool.first().map_or(0.0, |&(_, score)| score);
    let relevance = |score: f32| if best > 0.0 { score / best } else { 0.0 };
    // Likeness of each to the item most like it among those picked.
    let mut likeness: Vec<f32> = pool
        .iter()
        .map(|&(item, _)| {
            let alike = chosen.iter().map(|&other| similarity(item, other));
            alike.fold(0.0, f32::max)
        })
        .collect();
    let mut left: Vec<usize> = (0..pool.len()).collect();
    let mut picked = Vec::with_capacity(limit);
    while picked.len() < limit {
        let mut next = (0, f32::NEG_INFINITY);
        for (place, &position) in left.iter().enumerate() {
            let marginal =
                (1.0 - diversity) * relevance(pool[position].1) - diversity * likeness[position];
            if marginal > next.1 {
                next = (place, marginal);
            }
        }
        let position = left.remove(next.0);
        picked.push(position);
        for &other in &left {
            let alike = similarity(pool[other].0, pool[position].0);
            likeness[other] = likeness[other].max(alike);
        }
    }
    picked
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Items of the same ten are alike.
    fn same_ten(a: u32, b: u32) -> f32 {
        if a / 10 == b / 10 { 1.0 } else { 0.0 }
    }

    const POOL: [(u32, f32); 4] = [(10, 1.0), (11, 0.9), (12, 0.8), (20, 0.5)];

    #[test]
    fn without_diversity_the_order_is_kept() {
        for diversity in [0.0, -1.0, f32::NAN] {
            assert_eq!(diversify(&POOL, &[], 3, diversity, same_ten), [0, 1, 2]);
        }
    }

    #[test]
    fn with_diversity_an_unlike_item_comes_before_a_better_alike_one() {
        assert_eq!(diversify(&POOL, &[], 2, 0.5, same_ten), [0, 3]);
        assert_eq!(diversify(&POOL, &[], 9, 1.0, same_ten), [0, 3, 1, 2]);
    }

    #[test]
    fn items_that_stand_before_count_as_covered() {
        assert_eq!(diversify(&POOL, &[19], 1, 0.9, same_ten), [3]);
    }

    #[test]
    fn nothing_and_zero_scores_are_fine() {
        assert!(diversify(&[], &[], 5, 0.5, same_ten).is_empty());
        assert!(diversify(&POOL, &[], 0, 0.5, same_ten).is_empty());
        let zeros = [(10, 0.0), (11, 0.0), (20, 0.0)];
        assert_eq!(diversify(&zeros, &[], 2, 0.3, same_ten), [0, 2]);
    }
}
