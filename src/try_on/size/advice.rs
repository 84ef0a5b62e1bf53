//! Which size fits, and how.

use super::chart::{Chart, Measure, Range, SizeRow, Unit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Beyond a range by this, in centimetres, still counts as fitting: tapes and bodies give.
const GIVES: f64 = 0.5;

/// A shopper's measures, kept on their device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurements {
    /// What they are in.
    pub unit: Unit,
    /// Those that were given.
    #[serde(flatten)]
    pub values: BTreeMap<Measure, f64>,
}

/// How a shopper likes clothes to sit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preference {
    /// Close to the body.
    Close,
    /// As cut.
    #[default]
    Regular,
    /// With room.
    Loose,
}

/// Why measurements give no advice.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MeasurementsError {
    /// No number of a body.
    #[error(
        "{measure} of {value} {unit} can't be right: it is a length of {from:.0} to {to:.0} {unit}"
    )]
    Implausible {
        /// Which.
        measure: &'static str,
        /// What was given.
        value: f64,
        /// `cm` or `in`.
        unit: &'static str,
        /// What it may be.
        from: f64,
        /// Up to.
        to: f64,
    },
    /// Nothing to compare.
    #[error("the size chart has {0}: give at least one of them")]
    NothingShared(String),
}

/// How one measure sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// The body is beyond the range.
    Tight,
    /// Within it.
    Good,
    /// The body is below it.
    Loose,
}

/// One measure in the size that is advised.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SizeFit {
    /// Which.
    pub measure: Measure,
    /// How it sits.
    pub fit: Fit,
    /// How far the body is outside of the range, in the shopper's unit.
    pub by: f64,
}

/// That no size fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outside {
    /// The smallest size is too large.
    SmallerThanAll,
    /// The largest size is too small.
    LargerThanAll,
}

/// What is advised.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    /// The size; none where all are too small or too large.
    pub size: Option<String>,
    /// The other size that it lies between.
    pub between: Option<String>,
    /// Why there is no size.
    pub outside: Option<Outside>,
    /// Measures in that size, or in the nearest.
    pub fits: Vec<SizeFit>,
    /// The size, or the nearest where none fits.
    pub nearest: String,
    /// Measures of the chart that weren't given.
    pub missing: Vec<Measure>,
}

impl Advice {
    /// Compares a shopper with a chart.
    ///
    /// Each measure says which sizes it lies in, in the middle between two where it lies in a gap or where ranges overlap. The
    /// advised size is the smallest that no girth is too large for; among two that fit, the preference chooses.
    ///
    /// # Errors
    /// [`MeasurementsError`]
    pub fn new(
        chart: &Chart,
        shopper: &Measurements,
        preference: Preference,
    ) -> Result<Self, MeasurementsError> {
        let compared = compared(chart, shopper)?;
        let missing = chart
            .measures()
            .into_iter()
            .filter(|measure| !shopper.values.contains_key(measure))
            .collect();
        let places: Vec<Place> = compared
            .iter()
            .map(|(measure, value)| Place::of(chart, *measure, *value))
            .collect();
        // Girths decide; lengths only where there is no girth.
        let girth =
            |measure: Measure| matches!(measure, Measure::Chest | Measure::Waist | Measure::Hip);
        let deciding: Vec<&Place> = match places
            .iter()
            .filter(|place| girth(place.measure))
            .collect::<Vec<_>>()
        {
            girths if girths.is_empty() => places.iter().collect(),
            girths => girths,
        };
        let Some(most) = deciding
            .iter()
            .copied()
            .max_by(|a, b| a.middle().total_cmp(&b.middle()))
        else {
            return Err(MeasurementsError::NothingShared(named(&chart.measures())));
        };
        let (low, high) = (most.low, most.high);
        let least = deciding.iter().map(|place| place.low).min().unwrap_or(low);
        let chosen = match preference {
            Preference::Close => low,
            Preference::Loose => high,
            // Too small is worse than too large.
            Preference::Regular => {
                if most.nearer_to_high {
                    high
                } else {
                    low
                }
            }
        };
        let outside = if deciding
            .iter()
            .any(|place| place.outside == Some(Outside::LargerThanAll))
        {
            Some(Outside::LargerThanAll)
        } else if deciding
            .iter()
            .all(|place| place.outside == Some(Outside::SmallerThanAll))
        {
            Some(Outside::SmallerThanAll)
        } else {
            None
        };
        let row = &chart.sizes[chosen];
        let other = if low != high {
            Some(low + high - chosen)
        } else {
            Some(least).filter(|least| *least + 1 == chosen)
        };
        let name = |at: usize| chart.sizes[at].size.clone();
        Ok(Self {
            size: outside.is_none().then(|| name(chosen)),
            between: other.filter(|_| outside.is_none()).map(name),
            outside,
            fits: compared
                .iter()
                .filter_map(|(measure, value)| fit(row, *measure, *value, shopper.unit, chart.unit))
                .collect(),
            nearest: name(chosen),
            missing,
        })
    }
}

/// Measures that both have, in the chart's unit.
fn compared(
    chart: &Chart,
    shopper: &Measurements,
) -> Result<Vec<(Measure, f64)>, MeasurementsError> {
    let cm = shopper.unit.centimetres();
    for (measure, value) in &shopper.values {
        let (from, to) = measure.plausible();
        if !(from..=to).contains(&(value * cm)) {
            let unit = if shopper.unit == Unit::Cm { "cm" } else { "in" };
            return Err(MeasurementsError::Implausible {
                measure: measure.name(),
                value: *value,
                unit,
                from: from / cm,
                to: to / cm,
            });
        }
    }
    let measures = chart.measures();
    let shared: Vec<_> = measures
        .iter()
        .filter_map(|measure| {
            Some((
                *measure,
                shopper.values.get(measure)? * cm / chart.unit.centimetres(),
            ))
        })
        .collect();
    if shared.is_empty() {
        Err(MeasurementsError::NothingShared(named(&measures)))
    } else {
        Ok(shared)
    }
}

fn named(measures: &[Measure]) -> String {
    measures
        .iter()
        .map(|measure| measure.name())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The sizes that a measure lies in or between.
struct Place {
    measure: Measure,
    low: usize,
    high: usize,
    nearer_to_high: bool,
    outside: Option<Outside>,
}

impl Place {
    fn of(chart: &Chart, measure: Measure, value: f64) -> Self {
        let ranges: Vec<(usize, Range)> = chart
            .sizes
            .iter()
            .enumerate()
            .filter_map(|(at, row)| Some((at, *row.ranges.get(&measure)?)))
            .collect();
        let gives = GIVES / chart.unit.centimetres();
        let within: Vec<usize> = ranges
            .iter()
            .filter(|(_, [from, to])| (*from..=*to).contains(&value))
            .map(|(at, _)| *at)
            .collect();
        let place = |low, high, nearer_to_high, outside| Self {
            measure,
            low,
            high,
            nearer_to_high,
            outside,
        };
        if let (Some(low), Some(high)) = (within.first(), within.last()) {
            // On the border of two, or where they overlap.
            return place(*low, *high, false, None);
        }
        let below = ranges.iter().rev().find(|(_, [_, to])| *to < value);
        let above = ranges.iter().find(|(_, [from, _])| *from > value);
        match (below, above) {
            (Some((low, [_, to])), Some((high, _))) => {
                // In the gap between two ranges.
                if value - to <= gives {
                    place(*low, *low, false, None)
                } else {
                    place(*low, *high, true, None)
                }
            }
            (Some((at, [_, to])), None) => place(
                *at,
                *at,
                false,
                (value - to > gives).then_some(Outside::LargerThanAll),
            ),
            (None, Some((at, [from, _]))) => place(
                *at,
                *at,
                false,
                (from - value > gives).then_some(Outside::SmallerThanAll),
            ),
            (None, None) => place(0, 0, false, None),
        }
    }

    /// Its place among the sizes, between two where it lies between.
    fn middle(&self) -> f64 {
        let beyond = if self.outside == Some(Outside::LargerThanAll) {
            0.5
        } else {
            0.0
        };
        (self.low + self.high) as f64 / 2.0 + beyond
    }
}

fn fit(row: &SizeRow, measure: Measure, value: f64, shown: Unit, unit: Unit) -> Option<SizeFit> {
    let [from, to] = *row.ranges.get(&measure)?;
    let gives = GIVES / unit.centimetres();
    let in_unit = |by: f64| (by * unit.centimetres() / shown.centimetres() * 10.0).round() / 10.0;
    Some(if value > to + gives {
        SizeFit {
            measure,
            fit: Fit::Tight,
            by: in_unit(value - to),
        }
    } else if value < from - gives {
        SizeFit {
            measure,
            fit: Fit::Loose,
            by: in_unit(from - value),
        }
    } else {
        SizeFit {
            measure,
            fit: Fit::Good,
            by: 0.0,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHART: &str = "size,unit,chest_min,chest_max,waist_min,waist_max,length_min,length_max\n\
        S,cm,86,91,72,77,66,68\nM,cm,92,97,78,83,68,70\nL,cm,98,104,84,90,70,72\n";

    fn advice(
        unit: Unit,
        values: &[(Measure, f64)],
        preference: Preference,
    ) -> Result<Advice, MeasurementsError> {
        let shopper = Measurements {
            unit,
            values: values.iter().copied().collect(),
        };
        Advice::new(&Chart::from_csv(CHART).unwrap(), &shopper, preference)
    }

    fn size(values: &[(Measure, f64)], preference: Preference) -> (Option<String>, Option<String>) {
        let advice = advice(Unit::Cm, values, preference).unwrap();
        (advice.size, advice.between)
    }

    fn some(name: &str) -> Option<String> {
        Some(name.to_owned())
    }

    #[test]
    fn within_a_range_that_is_the_size() {
        let found = advice(
            Unit::Cm,
            &[(Measure::Chest, 94.0), (Measure::Waist, 80.0)],
            Preference::Regular,
        )
        .unwrap();
        assert_eq!(
            (found.size, found.between, found.outside),
            (some("M"), None, None)
        );
        assert!(
            found
                .fits
                .iter()
                .all(|fit| fit.fit == Fit::Good && fit.by == 0.0)
        );
        assert_eq!(found.missing, [Measure::Length]);
    }

    #[test]
    fn inches_are_compared_as_inches() {
        let found = advice(
            Unit::In,
            &[(Measure::Chest, 37.0), (Measure::Waist, 36.0)],
            Preference::Regular,
        )
        .unwrap();
        assert_eq!(found.size, None);
        assert_eq!(found.outside, Some(Outside::LargerThanAll));
        assert_eq!(found.nearest, "L");
        let waist = &found.fits[1];
        assert_eq!((waist.measure, waist.fit), (Measure::Waist, Fit::Tight));
        assert!((waist.by - 0.6).abs() < 1e-9, "{}", waist.by);
    }

    #[test]
    fn the_larger_of_two_measures_decides_and_the_other_is_said_to_be_loose() {
        let found = advice(
            Unit::Cm,
            &[(Measure::Chest, 100.0), (Measure::Waist, 79.0)],
            Preference::Regular,
        )
        .unwrap();
        assert_eq!(found.size, some("L"));
        assert_eq!(found.between, some("M"));
        assert_eq!((found.fits[1].fit, found.fits[1].by), (Fit::Loose, 5.0));
    }

    #[test]
    fn between_two_sizes_both_are_named_and_the_preference_chooses() {
        let chart = "size,unit,chest_min,chest_max\nS,cm,84,90\nM,cm,90,96\n";
        let chosen = |preference| {
            let shopper = Measurements {
                unit: Unit::Cm,
                values: BTreeMap::from([(Measure::Chest, 90.0)]),
            };
            let advice =
                Advice::new(&Chart::from_csv(chart).unwrap(), &shopper, preference).unwrap();
            (advice.size, advice.between)
        };
        assert_eq!(chosen(Preference::Close), (some("S"), some("M")));
        assert_eq!(chosen(Preference::Loose), (some("M"), some("S")));
        assert_eq!(chosen(Preference::Regular), (some("S"), some("M")));
    }

    #[test]
    fn in_the_gap_between_ranges_the_larger_size_is_safer() {
        assert_eq!(
            size(&[(Measure::Chest, 91.3)], Preference::Regular),
            (some("S"), None)
        );
        assert_eq!(
            size(&[(Measure::Chest, 91.7)], Preference::Regular),
            (some("M"), some("S"))
        );
        assert_eq!(
            size(&[(Measure::Chest, 91.7)], Preference::Close),
            (some("S"), some("M"))
        );
    }

    #[test]
    fn smaller_and_larger_than_all_are_said_honestly() {
        let small = advice(Unit::Cm, &[(Measure::Chest, 78.0)], Preference::Regular).unwrap();
        assert_eq!(
            (small.size, small.outside, small.nearest.as_str()),
            (None, Some(Outside::SmallerThanAll), "S")
        );
        let large = advice(Unit::Cm, &[(Measure::Chest, 120.0)], Preference::Close).unwrap();
        assert_eq!(
            (large.size, large.outside, large.fits[0].by),
            (None, Some(Outside::LargerThanAll), 16.0)
        );
    }

    #[test]
    fn a_length_alone_is_enough() {
        assert_eq!(
            size(&[(Measure::Length, 69.0)], Preference::Regular).0,
            some("M")
        );
    }

    #[test]
    fn measures_that_no_body_has_and_none_that_the_chart_has_are_refused() {
        for value in [f64::NAN, f64::INFINITY, 0.0, -90.0, 9.0, 900.0] {
            let refused = advice(Unit::Cm, &[(Measure::Chest, value)], Preference::Regular);
            assert!(
                matches!(refused, Err(MeasurementsError::Implausible { .. })),
                "{value}"
            );
        }
        let refused = advice(Unit::Cm, &[(Measure::Hip, 95.0)], Preference::Regular)
            .unwrap_err()
            .to_string();
        assert!(refused.contains("chest, waist, length"), "{refused}");
    }
}
