//! How sure a mean is: percentile intervals of means over resampled shoppers (Efron 1979).
//!
//! Cases of one shopper are drawn together, and every column is resampled with the same draws, so that the difference of
//! two recommenders has the interval of a paired comparison.

use serde::{Deserialize, Serialize};

/// A mean with the interval that holds 95 % of the resampled means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Over all cases.
    pub value: f64,
    /// 2.5th percentile.
    pub low: f64,
    /// 97.5th percentile.
    pub high: f64,
}

/// One number for each of some cases; a case that isn't named is no part of the mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Cases that are part of the mean, ascending; `None`: all.
    pub cases: Option<Vec<u32>>,
    /// `(case, value)` where the value isn't 0.
    pub values: Vec<(u32, f32)>,
}

impl Column {
    /// A number for every case.
    pub fn of_all(values: impl Iterator<Item = f64>) -> Self {
        Self {
            cases: None,
            values: nonzero((0..).zip(values)),
        }
    }

    /// Numbers for some cases, ascending.
    pub fn of_some(values: impl IntoIterator<Item = (u32, f64)>) -> Self {
        let all: Vec<(u32, f64)> = values.into_iter().collect();
        Self {
            cases: Some(all.iter().map(|&(case, _)| case).collect()),
            values: nonzero(all.into_iter()),
        }
    }
}

fn nonzero(values: impl Iterator<Item = (u32, f64)>) -> Vec<(u32, f32)> {
    let some = values.filter(|(_, value)| *value != 0.0);
    some.map(|(case, value)| (case, value as f32)).collect()
}

/// Draws of shoppers, the same for every column.
#[derive(Debug, Clone)]
pub struct Bootstrap {
    /// Number of each case's shopper.
    shopper_of: Vec<u32>,
    shoppers: u32,
    resamples: u32,
    seed: u64,
}

/// A column's means: over all cases, and over each resample.
#[derive(Debug, Clone, PartialEq)]
pub struct Means {
    value: f64,
    resampled: Vec<f64>,
}

impl Bootstrap {
    /// - `sessions`: whose each case is; equal numbers, one shopper
    pub fn new(sessions: impl Iterator<Item = u32>, resamples: u32, seed: u64) -> Self {
        let mut numbers = std::collections::HashMap::new();
        let shopper_of: Vec<u32> = sessions
            .map(|session| {
                let next = numbers.len() as u32;
                *numbers.entry(session).or_insert(next)
            })
            .collect();
        Self {
            shoppers: numbers.len() as u32,
            shopper_of,
            resamples,
            seed,
        }
    }

    /// Shoppers among the cases.
    pub fn shoppers(&self) -> u32 {
        self.shoppers
    }

    /// Means of each column. A mean over no case is 0.
    pub fn means(&self, columns: &[Column]) -> Vec<Means> {
        let once = vec![1_u32; self.shoppers as usize];
        let mut means: Vec<Means> = columns
            .iter()
            .map(|column| Means {
                value: self.mean(column, &once),
                resampled: Vec::with_capacity(self.resamples as usize),
            })
            .collect();
        let mut drawn = vec![0_u32; self.shoppers as usize];
        for resample in 0..self.resamples {
            let mut random = SplitMix(self.seed ^ (u64::from(resample) << 32 | 0x5bd1_e995));
            drawn.fill(0);
            for _ in 0..self.shoppers {
                drawn[random.below(self.shoppers) as usize] += 1;
            }
            for (means, column) in means.iter_mut().zip(columns) {
                means.resampled.push(self.mean(column, &drawn));
            }
        }
        means
    }

    /// The mean in which each shopper counts as often as drawn.
    fn mean(&self, column: &Column, drawn: &[u32]) -> f64 {
        let weight = |case: u32| f64::from(drawn[self.shopper_of[case as usize] as usize]);
        // An empty `sum` would be minus zero.
        let values = column.values.iter();
        let sum = values.fold(0.0, |sum, &(case, value)| {
            sum + weight(case) * f64::from(value)
        });
        let count: f64 = match &column.cases {
            Some(cases) => cases.iter().map(|&case| weight(case)).sum(),
            None => (0..self.shopper_of.len() as u32).map(weight).sum(),
        };
        if count > 0.0 { sum / count } else { 0.0 }
    }
}

impl Means {
    /// The mean with its interval.
    pub fn estimate(&self) -> Estimate {
        interval(self.value, self.resampled.clone())
    }

    /// The mean less another column's, with the interval of the paired difference.
    pub fn less(&self, other: &Self) -> Estimate {
        let pairs = self.resampled.iter().zip(&other.resampled);
        interval(
            self.value - other.value,
            pairs.map(|(a, b)| a - b).collect(),
        )
    }
}

fn interval(value: f64, mut resampled: Vec<f64>) -> Estimate {
    resampled.sort_unstable_by(f64::total_cmp);
    let at = |part: f64| {
        let place = ((resampled.len() as f64 - 1.0) * part).round();
        resampled
            .get(place.max(0.0) as usize)
            .copied()
            .unwrap_or(value)
    };
    Estimate {
        value,
        low: at(0.025),
        high: at(0.975),
    }
}

/// SplitMix64 (Steele et al. 2014).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is above 0.
    fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u32
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn estimates(bootstrap: &Bootstrap, columns: &[Column]) -> Vec<Estimate> {
        bootstrap
            .means(columns)
            .iter()
            .map(Means::estimate)
            .collect()
    }

    #[test]
    fn an_interval_holds_its_mean_and_is_as_wide_as_the_binomials() {
        let hits = (0..1000).map(|case| f64::from(u8::from(case % 10 == 0)));
        let bootstrap = Bootstrap::new(0..1000, 2000, 1);
        let found = estimates(&bootstrap, &[Column::of_all(hits)])[0];
        assert!((found.value - 0.1).abs() < 1e-6);
        // 1.96 · sqrt(0.1 · 0.9 / 1000) = 0.0186.
        assert!(
            (found.high - found.value - 0.0186).abs() < 0.003,
            "{found:?}"
        );
        assert!(
            (found.value - found.low - 0.0186).abs() < 0.003,
            "{found:?}"
        );
    }

    #[test]
    fn equal_seeds_give_equal_intervals_and_others_do_not() {
        let column = Column::of_all((0..50).map(|n| f64::from(n % 7)));
        let with = |seed| {
            estimates(
                &Bootstrap::new(0..50, 100, seed),
                std::slice::from_ref(&column),
            )
        };
        assert_eq!(with(3), with(3));
        assert_ne!(with(3), with(4));
    }

    #[test]
    fn paired_differences_of_equal_columns_are_certain() {
        let column = |by: f64| Column::of_all((0..40).map(move |n| f64::from(n) + by));
        let means = Bootstrap::new(0..40, 200, 9).means(&[column(1.0), column(0.0)]);
        let difference = means[0].less(&means[1]);
        assert!((difference.value - 1.0).abs() < 1e-6);
        assert!(difference.high - difference.low < 1e-6, "{difference:?}");
    }

    #[test]
    fn cases_of_one_shopper_are_drawn_together() {
        let column = Column::of_all((0..1000).map(|case| f64::from(case / 500)));
        let one_each = estimates(
            &Bootstrap::new(0..1000, 500, 5),
            std::slice::from_ref(&column),
        );
        let two_shoppers = estimates(
            &Bootstrap::new((0..1000).map(|n| n / 500), 500, 5),
            &[column],
        );
        assert!(one_each[0].high - one_each[0].low < 0.1);
        assert_eq!((two_shoppers[0].low, two_shoppers[0].high), (0.0, 1.0));
    }

    #[test]
    fn a_mean_of_some_cases_leaves_the_others_out_and_of_none_is_zero() {
        let bootstrap = Bootstrap::new(0..4, 20, 5);
        let some = Column::of_some([(1, 2.0), (3, 0.0)]);
        let found = estimates(&bootstrap, &[some, Column::of_some([])]);
        assert!((found[0].value - 1.0).abs() < 1e-9);
        assert_eq!(
            found[1],
            Estimate {
                value: 0.0,
                low: 0.0,
                high: 0.0
            }
        );
        let empty = Bootstrap::new(std::iter::empty(), 20, 5);
        assert_eq!(
            estimates(&empty, &[Column::of_all(std::iter::empty())])[0].value,
            0.0
        );
    }
}
