//! Models that say where points of a body are.

use super::{Input, SettingsError, check_values};
use crate::{KeyPoint, Picture, Point};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const MODEL: &str = "pose";
/// Score above which a point counts as seen, where the settings don't say.
const VISIBLE: f32 = 0.3;

/// What a model gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `[1, points, 2]` or, with a score, `[1, points, 3]`
    Coordinates,
    /// A map a point, in the input's layout, highest where the point is.
    Heatmaps,
}

/// Which coordinate comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Order {
    #[default]
    Xy,
    Yx,
}

/// What coordinates are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Units {
    /// Parts of the input's width and height.
    #[default]
    Fraction,
    /// Its pixels.
    Pixels,
}

/// A model that says where points of a body are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pose {
    /// The ONNX file, beside the settings; for packing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(flatten)]
    input: Input,
    kind: Kind,
    /// Of coordinates.
    #[serde(default)]
    order: Order,
    /// Of coordinates.
    #[serde(default)]
    units: Units,
    /// Score above which a point counts as seen; a model that gives none sees all.
    #[serde(default = "visible")]
    visible: f32,
    /// Our points by the model's numbers: one, or two whose middle it is.
    points: BTreeMap<KeyPoint, Vec<usize>>,
}

fn visible() -> f32 {
    VISIBLE
}

impl Pose {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        self.input.check(MODEL)?;
        let wrong = |detail: String| {
            Err(SettingsError::Settings {
                model: MODEL,
                detail,
            })
        };
        if !self.visible.is_finite() {
            return wrong("visible has to be a number".to_owned());
        }
        match self
            .points
            .iter()
            .find(|(_, of)| !(1..=2).contains(&of.len()))
        {
            Some((point, of)) => wrong(format!(
                "{} has {} numbers, one or two are needed",
                point.name(),
                of.len()
            )),
            None => Ok(()),
        }
    }

    /// The picture as the model reads it.
    ///
    /// - `shape`: of the model's input
    ///
    /// # Errors
    /// [`SettingsError::Shape`]
    pub fn tensor(&self, picture: &Picture, shape: &[usize]) -> Result<Vec<f32>, SettingsError> {
        self.input.tensor(MODEL, picture, shape)
    }

    /// Reads the model's output, in the order of [`KeyPoint::ALL`]. Points that it doesn't know can't be seen.
    ///
    /// - `output`, `shape`: flat values, and the shape that the model gave with them
    /// - `input`: shape of the model's input
    ///
    /// # Errors
    /// [`SettingsError::Shape`], [`SettingsError::NotFinite`]
    pub fn read(
        &self,
        output: &[f32],
        shape: &[usize],
        input: &[usize],
    ) -> Result<[Point; KeyPoint::ALL.len()], SettingsError> {
        let [height, width] = self.input.extents(MODEL, input)?;
        check_values(MODEL, output, shape)?;
        let needed = self
            .points
            .values()
            .flatten()
            .max()
            .map_or(1, |last| last.saturating_add(1));
        let found = match self.kind {
            Kind::Coordinates => self.coordinates(output, shape, [width, height]),
            Kind::Heatmaps => self.heatmaps(output, shape),
        };
        let Some(found) = found.filter(|found| found.len() >= needed) else {
            return Err(SettingsError::Shape {
                model: MODEL,
                port: "output",
                shape: shape.to_vec(),
                expected: match self.kind {
                    Kind::Coordinates => format!("[1, points, 2 or 3] of at least {needed} points"),
                    Kind::Heatmaps => {
                        format!("one map a point in the order of layout, at least {needed} of them")
                    }
                },
            });
        };
        Ok(KeyPoint::ALL.map(|point| self.point(point, &found)))
    }

    fn point(&self, point: KeyPoint, found: &[[f32; 3]]) -> Point {
        let of = self.points.get(&point).map_or(&[][..], Vec::as_slice);
        let places: Vec<[f32; 3]> = of.iter().filter_map(|n| found.get(*n)).copied().collect();
        let mean = |i: usize| {
            places.iter().map(|place| place[i]).sum::<f32>() / places.len().max(1) as f32
        };
        Point {
            x: mean(0),
            y: mean(1),
            score: mean(2),
            visible: !places.is_empty() && places.iter().all(|place| place[2] > self.visible),
        }
    }

    /// x, y in 0..1 and score of each point.
    fn coordinates(
        &self,
        output: &[f32],
        shape: &[usize],
        extents: [usize; 2],
    ) -> Option<Vec<[f32; 3]>> {
        let values = match shape {
            [1, _, values @ (2 | 3)] => *values,
            _ => return None,
        };
        let part = |value: f32, extent: usize| match self.units {
            Units::Fraction => value,
            Units::Pixels => value / extent as f32,
        };
        let rows = output.chunks_exact(values).map(|row| {
            let (x, y) = match self.order {
                Order::Xy => (row[0], row[1]),
                Order::Yx => (row[1], row[0]),
            };
            let score = row.get(2).copied().unwrap_or(f32::MAX);
            [part(x, extents[0]), part(y, extents[1]), score]
        });
        Some(rows.collect())
    }

    /// The middle of each map's highest cell, a quarter of a cell towards the higher neighbour along each axis.
    fn heatmaps(&self, output: &[f32], shape: &[usize]) -> Option<Vec<[f32; 3]>> {
        let layout = self.input.layout;
        let [maps, height, width] = layout.extents(shape)?;
        let at = |map: usize, row: usize, column: usize| {
            let cell = row * width + column;
            let place = match layout {
                super::Layout::Nchw => map * width * height + cell,
                super::Layout::Nhwc => cell * maps + map,
            };
            output.get(place).copied().unwrap_or(f32::MIN)
        };
        let towards = |lower: f32, higher: f32| {
            0.25 * if higher > lower {
                1.0
            } else if higher < lower {
                -1.0
            } else {
                0.0
            }
        };
        let points = (0..maps).map(|map| {
            let mut best = (f32::NEG_INFINITY, 0, 0);
            for row in 0..height {
                for column in 0..width {
                    let value = at(map, row, column);
                    if value > best.0 {
                        best = (value, row, column);
                    }
                }
            }
            let (height_here, row, column) = best;
            let right = towards(
                at(map, row, column.saturating_sub(1)),
                at(map, row, (column + 1).min(width - 1)),
            );
            let below = towards(
                at(map, row.saturating_sub(1), column),
                at(map, (row + 1).min(height - 1), column),
            );
            [
                (column as f32 + 0.5 + right) / width as f32,
                (row as f32 + 0.5 + below) / height as f32,
                height_here,
            ]
        });
        Some(points.collect())
    }
}
