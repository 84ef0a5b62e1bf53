//! Which items go with which, and how much each pair of events says.

use super::product::{PairEvidence, pairs};
use super::visits::Steps;
use super::{DAY_MILLIS, MineOptions, NeighbourLists, half_life};

/// Items in the same visit; with `across_visits` above zero also in the same shopper's other
/// visits, fading with the days between.
pub(super) fn together(
    steps: &Steps,
    item_count: usize,
    across_visits: f64,
    newest_millis: i64,
    options: &MineOptions,
) -> NeighbourLists {
    let recency = recencies(steps, newest_millis, options);
    let sizes = steps.visit_sizes.iter();
    let share: Vec<f64> = sizes
        .map(|&size| f64::from(size).powf(-options.basket_size_power))
        .collect();
    let fading = Fading::new(across_visits, options.between_visits_half_life_days);
    let weight = |own: usize, other: usize| {
        let recency = recency[own].max(recency[other]);
        let (own, other) = (&steps.rows[own], &steps.rows[other]);
        if own.visit == other.visit {
            return PairEvidence::Visit(recency * share[own.visit as usize]);
        }
        let between = own.time_millis.saturating_sub(other.time_millis);
        let weight = recency * fading.after(between.saturating_abs());
        if weight > 0.0 {
            PairEvidence::Shopper(weight)
        } else {
            PairEvidence::None
        }
    };
    pairs(steps, steps, item_count, newest_millis, options, &weight)
}

/// Items bought after another was viewed, by the same shopper within `options.lag_days`; rows are
/// the viewed items. Weight halves with every `options.lag_half_life_days`.
pub(super) fn after(
    viewed: &Steps,
    bought: &Steps,
    item_count: usize,
    newest_millis: i64,
    options: &MineOptions,
) -> NeighbourLists {
    let longest = (options.lag_days * DAY_MILLIS) as i64;
    let recency = recencies(bought, newest_millis, options);
    let weight = |view: usize, purchase: usize| {
        let (viewed, bought) = (
            viewed.rows[view].time_millis,
            bought.rows[purchase].time_millis,
        );
        let lag = bought.saturating_sub(viewed);
        if lag < 0 || lag > longest {
            return PairEvidence::None;
        }
        PairEvidence::Visit(recency[purchase] * half_life(lag, options.lag_half_life_days))
    };
    pairs(viewed, bought, item_count, newest_millis, options, &weight)
}

/// Weight of each step by its age.
fn recencies(steps: &Steps, newest_millis: i64, options: &MineOptions) -> Vec<f64> {
    let rows = steps.rows.iter();
    rows.map(|step| options.recency(newest_millis, step.time_millis))
        .collect()
}

/// A weight that halves with the days passed, tabulated: it is asked for with every pair.
struct Fading {
    by_day: Vec<f64>,
}

impl Fading {
    /// Below this part of the first day's weight nothing is left.
    const LAST: f64 = 0.01;

    fn new(start: f64, half_life_days: f64) -> Self {
        const LONGEST_DAYS: i64 = 3660;
        let mut by_day = Vec::new();
        if start > 0.0 {
            for day in 0..LONGEST_DAYS {
                let left = half_life(day * DAY_MILLIS as i64, half_life_days);
                if left < Self::LAST {
                    break;
                }
                by_day.push(start * left);
            }
        }
        Self { by_day }
    }

    fn after(&self, elapsed_millis: i64) -> f64 {
        let day = elapsed_millis / DAY_MILLIS as i64;
        let day = usize::try_from(day).unwrap_or(usize::MAX);
        self.by_day.get(day).copied().unwrap_or(0.0)
    }
}
