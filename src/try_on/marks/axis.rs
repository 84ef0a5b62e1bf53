//! What a garment is symmetric about.

use super::Landmarks;
use super::finder::seen;
use crate::cut_out::Cells;
use crate::geometry::{Point, point};
use nearshelf_vision::Landmark;

/// The line that a garment is the mirror image of itself about.
#[derive(Debug, Clone, Copy)]
pub struct Axis {
    through: Point,
    /// Down along it, one long.
    pub down: Point,
}

impl Axis {
    pub fn of(landmarks: &Landmarks, cells: &Cells, aspect: f64) -> Self {
        use Landmark::*;
        let pairs = [
            (CollarLeft, CollarRight),
            (ShoulderLeft, ShoulderRight),
            (WaistLeft, WaistRight),
            (HemLeft, HemRight),
        ];
        let mut middles: Vec<Point> = pairs
            .iter()
            .filter_map(|(left, right)| {
                Some(seen(landmarks, *left, aspect)?.towards(seen(landmarks, *right, aspect)?, 0.5))
            })
            .collect();
        middles.sort_by(|a, b| a.y.total_cmp(&b.y));
        let upright = point(0.0, 1.0);
        match (middles.first(), middles.last()) {
            (Some(first), Some(last)) => {
                let way = *last - *first;
                // Middles close together say where, but not in which direction.
                let down = if way.y > 0.15 {
                    way.unit_or(upright)
                } else {
                    upright
                };
                Self {
                    through: *first,
                    down,
                }
            }
            _ => Self {
                through: Self::middle_of(cells, aspect),
                down: upright,
            },
        }
    }

    fn middle_of(cells: &Cells, aspect: f64) -> Point {
        let (mut sum, mut count) = (0.0, 0.0);
        for row in 0..cells.height {
            for column in (0..cells.width).filter(|column| cells.inside(*column, row)) {
                sum += column as f64 + 0.5;
                count += 1.0;
            }
        }
        let x = if count > 0.0 {
            sum / count / cells.width as f64
        } else {
            0.5
        };
        point(x * aspect, cells.reach().0)
    }

    pub fn at(&self, y: f64) -> Point {
        self.through + self.down * ((y - self.through.y) / self.down.y.max(0.2))
    }

    pub fn x_at(&self, y: f64) -> f64 {
        self.at(y).x
    }

    pub fn mirrored(&self, p: Point) -> Point {
        let side = self.down.quarter_turn();
        p - side * (2.0 * (p - self.through).dot(side))
    }
}
