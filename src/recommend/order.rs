//! Best first. A score and a number are ordered as one integer: whatever is ranked is sorted by the same code, which
//! the page loads once.

/// Numbers by falling score, at most `k` of them; where scores tie, as the numbers rise. Scores are compared as
/// [`f32::total_cmp`] does.
pub(crate) fn best(scored: impl IntoIterator<Item = (f32, u32)>, k: usize) -> Vec<u32> {
    let keys = scored.into_iter().map(|(score, number)| {
        let bits = score.to_bits();
        // As an integer, a float grows with its value once its sign is turned, and below zero all else, too.
        let ascending = bits ^ if bits >> 31 == 0 { 1 << 31 } else { u32::MAX };
        pair(!ascending, number)
    });
    least(keys.collect(), k)
}

/// Two numbers as one: ordered by the first, then by the second.
pub(crate) fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

/// The first of a [`pair`].
pub(crate) fn first(pair: u64) -> u32 {
    (pair >> 32) as u32
}

/// The second of a [`pair`].
pub(crate) fn second(pair: u64) -> u32 {
    pair as u32
}

/// Numbers as they rise, each once.
pub(crate) fn ascending(numbers: Vec<u32>) -> Vec<u32> {
    let mut keys: Vec<u64> = numbers.into_iter().map(u64::from).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter().map(second).collect()
}

fn least(mut keys: Vec<u64>, k: usize) -> Vec<u32> {
    if keys.len() > k {
        keys.select_nth_unstable(k);
        keys.truncate(k);
    }
    keys.sort_unstable();
    keys.into_iter().map(second).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_fall_and_where_they_tie_numbers_rise() {
        let scores = [0.5, f32::MAX, -0.5, 0.5, -f32::MAX, 1e-40, 0.0];
        let ranked = |k| best(scores.into_iter().zip(0..), k);
        assert_eq!(ranked(9), [1, 0, 3, 5, 6, 2, 4]);
        assert_eq!(ranked(2), [1, 0]);
        assert!(ranked(0).is_empty());
        assert_eq!(best([(0.0, 7), (0.0, 2)], 9), [2, 7]);
    }

    #[test]
    fn every_float_has_its_place() {
        let scores = [
            f32::NAN,
            f32::INFINITY,
            0.0,
            -0.0,
            f32::NEG_INFINITY,
            -f32::NAN,
        ];
        assert_eq!(best(scores.into_iter().zip(0..), 9), [0, 1, 2, 3, 4, 5]);
    }
}
