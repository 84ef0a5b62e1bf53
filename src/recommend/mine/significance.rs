//! Is a pair more than chance, and how strong is it?

/// Log-likelihood ratio G² of a 2×2 table (Dunning 1993, "Accurate methods for the statistics of
/// surprise and coincidence"), signed: positive when the pair occurs more often than chance.
///
/// - `both`: units (visits, or sessions) with both items; `left`, `right`: units with each;
///   `all`: units in total. Inconsistent counts are clipped to the nearest consistent ones.
///
/// Asymptotically χ² with one degree of freedom: 3.84 is the 5 % level, 6.63 the 1 % level.
pub(super) fn log_likelihood_ratio(both: u32, left: u32, right: u32, all: u32) -> f64 {
    let both = both.min(left).min(right);
    let all = all.max((left - both).saturating_add(right));
    let (k11, k12, k21) = (both, left - both, right - both);
    let k22 = all - left - k21;
    let [n11, n12, n21, n22] = [k11, k12, k21, k22].map(f64::from);
    let n = f64::from(all);
    let expected = f64::from(left) * f64::from(right) / n.max(1.0);
    let cells = x_ln_x(n11) + x_ln_x(n12) + x_ln_x(n21) + x_ln_x(n22);
    let rows = x_ln_x(n11 + n12) + x_ln_x(n21 + n22);
    let columns = x_ln_x(n11 + n21) + x_ln_x(n12 + n22);
    let g2 = (2.0 * (cells + x_ln_x(n) - rows - columns)).max(0.0);
    if n11 >= expected { g2 } else { -g2 }
}

fn x_ln_x(x: f64) -> f64 {
    if x > 0.0 { x * x.ln() } else { 0.0 }
}

/// Strength of a pair: its weight over the geometric mean of both items' weights raised to
/// `popularity_power` (0.5 is the cosine of Deshpande & Karypis 2004, 1 is lift), times
/// `support / (support + shrinkage)` (Bell & Koren 2007), which draws what was seen only a few
/// times towards zero.
pub(super) fn strength(
    weight: f64,
    left: f64,
    right: f64,
    popularity_power: f64,
    support: u32,
    shrinkage: f64,
) -> f64 {
    let mass = (left * right).powf(popularity_power);
    let support = f64::from(support);
    let trust = support + shrinkage;
    if mass > 0.0 && trust > 0.0 {
        weight / mass * support / trust
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn independence_scores_zero() {
        // 10 of 100 and 20 of 100, together 2: exactly what chance gives.
        assert!(log_likelihood_ratio(2, 10, 20, 100).abs() < 1e-9);
    }

    #[test]
    fn a_hand_computed_table_scores_as_computed_by_hand() {
        // k = [10, 0; 0, 10]: 2·(20 ln 20 + 20 ln 10 − 20 ln 10 − 20 ln 10) = 40 ln 2.
        let expected = 40.0 * 2.0_f64.ln();
        assert!((log_likelihood_ratio(10, 10, 10, 20) - expected).abs() < 1e-9);
    }

    #[test]
    fn avoiding_each_other_scores_below_zero() {
        assert!(log_likelihood_ratio(0, 50, 50, 100) < -3.84);
    }

    #[test]
    fn the_same_share_is_stronger_evidence_with_more_data() {
        let little = log_likelihood_ratio(2, 4, 4, 100);
        let much = log_likelihood_ratio(20, 40, 40, 1000);
        assert!(much > little && little > 0.0);
    }

    #[test]
    fn impossible_counts_are_clipped_instead_of_overflowing() {
        for (both, left, right, all) in [(9, 3, 4, 2), (0, 0, 0, 0), (u32::MAX, u32::MAX, 1, 0)] {
            assert!(log_likelihood_ratio(both, left, right, all).is_finite());
        }
    }

    #[test]
    fn shrinkage_prefers_the_better_supported_of_two_equal_cosines() {
        let rare = strength(1.0, 1.0, 1.0, 0.5, 1, 5.0);
        let common = strength(50.0, 50.0, 50.0, 0.5, 50, 5.0);
        assert!(rare < common);
        assert_eq!(strength(1.0, 0.0, 1.0, 0.5, 1, 5.0), 0.0);
    }
}
