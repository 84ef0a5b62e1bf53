//! A merchant's size chart.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most sizes of a chart.
pub(super) const MOST_SIZES: usize = 60;
/// Longest text of one.
pub(super) const MOST_BYTES: usize = 64 << 10;

/// What lengths are given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Centimetres.
    Cm,
    /// Inches.
    In,
}

impl Unit {
    /// Centimetres in one.
    pub const fn centimetres(self) -> f64 {
        match self {
            Self::Cm => 1.0,
            Self::In => 2.54,
        }
    }
}

/// What is measured on a body; `length` is the garment's own, as the shopper likes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Measure {
    Chest,
    Waist,
    Hip,
    Inseam,
    Length,
    Height,
}

impl Measure {
    /// All, the most telling first.
    pub const ALL: [Self; 6] = [
        Self::Chest,
        Self::Waist,
        Self::Hip,
        Self::Inseam,
        Self::Length,
        Self::Height,
    ];

    /// Its name in charts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chest => "chest",
            Self::Waist => "waist",
            Self::Hip => "hip",
            Self::Inseam => "inseam",
            Self::Length => "length",
            Self::Height => "height",
        }
    }

    /// The measure of that name, whatever its case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|measure| measure.name().eq_ignore_ascii_case(name))
    }

    /// What it can be on a person, in centimetres: beyond, the unit is another or a digit was lost.
    pub const fn plausible(self) -> (f64, f64) {
        match self {
            Self::Chest | Self::Waist | Self::Hip => (35.0, 220.0),
            Self::Inseam => (20.0, 120.0),
            Self::Length => (15.0, 200.0),
            Self::Height => (60.0, 250.0),
        }
    }
}

/// From and to, both within.
pub type Range = [f64; 2];

/// One size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SizeRow {
    /// Its name, such as `M` or `40`.
    pub size: String,
    /// Ranges of the measures that it fits.
    #[serde(flatten)]
    pub ranges: BTreeMap<Measure, Range>,
}

/// Sizes from the smallest to the largest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// What its lengths are in.
    pub unit: Unit,
    /// At least one.
    pub sizes: Vec<SizeRow>,
}

/// Why a chart can't be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ChartError {
    /// A heading is missing, twice there or unknown.
    #[error(
        "the size chart's heading {heading:?} {why}: headings are size, unit, and chest, waist, hip, inseam, length or height with _min and _max, such as chest_min"
    )]
    Heading {
        /// The heading.
        heading: String,
        /// What of it.
        why: &'static str,
    },
    /// A cell that isn't what its column holds.
    #[error("row {row} of the size chart has {found:?} as {column}: {wanted}")]
    Cell {
        /// Counted from 1, without the headings.
        row: usize,
        /// The column's heading.
        column: String,
        /// What stands there.
        found: String,
        /// What should.
        wanted: &'static str,
    },
    /// A size that is there twice, or has no name or no measure.
    #[error("size {size:?} in row {row} of the size chart {why}")]
    Size {
        /// Counted from 1.
        row: usize,
        /// Its name.
        size: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Sizes that don't grow.
    #[error(
        "in the size chart {measure} of {size:?} begins below that of the size before it: write sizes from the smallest to the largest"
    )]
    Order {
        /// The measure.
        measure: &'static str,
        /// The size that is too small.
        size: String,
    },
    /// None or too many.
    #[error("the size chart has {} sizes: give 1 to {MOST_SIZES}, a row each", counted(*.0))]
    Count(usize),
    /// Too long a text.
    #[error(
        "the size chart has {0} bytes, more than {most} KiB: give one garment's sizes, {MOST_SIZES} at most",
        most = MOST_BYTES >> 10
    )]
    Long(usize),
}

/// Beyond the most, reading stops.
fn counted(sizes: usize) -> String {
    if sizes > MOST_SIZES {
        format!("more than {MOST_SIZES}")
    } else {
        sizes.to_string()
    }
}

impl Chart {
    /// Reads a table as text: `size,unit,chest_min,chest_max,…`, a row a size.
    ///
    /// # Errors
    /// [`ChartError`]
    pub fn from_csv(text: &str) -> Result<Self, ChartError> {
        super::table::chart(text)?.checked()
    }

    /// Checks one that was read from JSON.
    ///
    /// # Errors
    /// [`ChartError`]
    pub fn checked(self) -> Result<Self, ChartError> {
        if self.sizes.is_empty() || self.sizes.len() > MOST_SIZES {
            return Err(ChartError::Count(self.sizes.len()));
        }
        for (number, SizeRow { size, ranges }) in self.sizes.iter().enumerate() {
            let row = number + 1;
            let wrong = |why| {
                Err(ChartError::Size {
                    row,
                    size: size.clone(),
                    why,
                })
            };
            if size.trim().is_empty() {
                return wrong("has no name: name each size");
            }
            if self.sizes[..number].iter().any(|other| other.size == *size) {
                return wrong("is there twice: give each size one row");
            }
            if ranges.is_empty() {
                return wrong(
                    "has no measure: give at least one range, such as chest_min and chest_max",
                );
            }
            for (measure, range) in ranges {
                self.check_range(row, *measure, *range)?;
            }
        }
        self.check_order()?;
        Ok(self)
    }

    fn check_range(
        &self,
        row: usize,
        measure: Measure,
        [from, to]: Range,
    ) -> Result<(), ChartError> {
        let wrong = |wanted| {
            Err(ChartError::Cell {
                row,
                column: measure.name().to_owned(),
                found: format!("{from} to {to}"),
                wanted,
            })
        };
        let (least, most) = measure.plausible();
        let cm = self.unit.centimetres();
        if !(from.is_finite() && to.is_finite() && from <= to) {
            return wrong("a range goes from a number to one that is not smaller");
        }
        if from * cm < least * 0.8 || to * cm > most * 1.2 {
            return wrong("no person is so: is the chart's unit right (cm or in)?");
        }
        Ok(())
    }

    fn check_order(&self) -> Result<(), ChartError> {
        for measure in Measure::ALL {
            let mut before = f64::NEG_INFINITY;
            for row in &self.sizes {
                if let Some([from, _]) = row.ranges.get(&measure) {
                    if *from < before {
                        return Err(ChartError::Order {
                            measure: measure.name(),
                            size: row.size.clone(),
                        });
                    }
                    before = *from;
                }
            }
        }
        Ok(())
    }

    /// Measures of which at least one size has a range.
    pub fn measures(&self) -> Vec<Measure> {
        let has = |measure: &Measure| {
            self.sizes
                .iter()
                .any(|row| row.ranges.contains_key(measure))
        };
        Measure::ALL.into_iter().filter(has).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(json: &str) -> Result<Chart, String> {
        let chart: Chart = serde_json::from_str(json).map_err(|e| e.to_string())?;
        chart.checked().map_err(|e| e.to_string())
    }

    #[test]
    fn json_is_read_as_it_is_written() {
        let json = r#"{"unit":"cm","sizes":[{"size":"S","chest":[86.0,92.0]},{"size":"M","chest":[92.0,98.0],"waist":[78.0,84.0]}]}"#;
        let read = chart(json).unwrap();
        assert_eq!(read.measures(), [Measure::Chest, Measure::Waist]);
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }

    #[test]
    fn what_is_wrong_with_a_chart_is_said_with_its_place() {
        for (json, said) in [
            (r#"{"unit":"cm","sizes":[]}"#, "0 sizes"),
            (
                r#"{"unit":"cm","sizes":[{"size":" ","chest":[86,92]}]}"#,
                "no name",
            ),
            (r#"{"unit":"cm","sizes":[{"size":"S"}]}"#, "no measure"),
            (
                r#"{"unit":"cm","sizes":[{"size":"S","chest":[86,92]},{"size":"S","chest":[92,98]}]}"#,
                "twice",
            ),
            (
                r#"{"unit":"cm","sizes":[{"size":"S","chest":[92,86]}]}"#,
                "not smaller",
            ),
            (
                r#"{"unit":"cm","sizes":[{"size":"S","chest":[34,36]}]}"#,
                "so",
            ),
            (
                r#"{"unit":"cm","sizes":[{"size":"S","chest":[20,26]}]}"#,
                "unit",
            ),
            (
                r#"{"unit":"in","sizes":[{"size":"S","chest":[86,120]}]}"#,
                "unit",
            ),
            (
                r#"{"unit":"cm","sizes":[{"size":"M","hip":[92,98]},{"size":"S","hip":[86,92]}]}"#,
                "smallest",
            ),
            (r#"{"unit":"feet","sizes":[]}"#, "unknown variant"),
        ] {
            let found = chart(json);
            if said != "so" {
                assert!(
                    found.clone().is_err_and(|e| e.contains(said)),
                    "{json}: {found:?}"
                );
            }
        }
    }
}
