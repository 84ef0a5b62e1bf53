//! Points of the plane, in units that are the same along both axes: heights of the picture.

use std::ops::{Add, Mul, Neg, Sub};

/// A point, or the way from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// A point of the picture's plane.
pub const fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Point {
    /// Distance from the origin.
    pub fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    /// Scalar product.
    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// The same way, one long; `otherwise` where it has no direction.
    pub fn unit_or(self, otherwise: Self) -> Self {
        let length = self.length();
        if length > 1e-9 {
            self * (1.0 / length)
        } else {
            otherwise
        }
    }

    /// A quarter turn: of what points right, what points down.
    pub fn quarter_turn(self) -> Self {
        point(-self.y, self.x)
    }

    /// From here (0) to there (1).
    pub fn towards(self, other: Self, part: f64) -> Self {
        self + (other - self) * part
    }

    /// Whether both coordinates are numbers.
    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

impl Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        point(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        point(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Point {
    type Output = Self;
    fn mul(self, by: f64) -> Self {
        point(self.x * by, self.y * by)
    }
}

impl Neg for Point {
    type Output = Self;
    fn neg(self) -> Self {
        point(-self.x, -self.y)
    }
}

/// A way through points, measured along itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Polyline(pub Vec<Point>);

impl Polyline {
    /// How long it is.
    pub fn length(&self) -> f64 {
        self.0
            .windows(2)
            .map(|leg| (leg[1] - leg[0]).length())
            .sum()
    }

    /// The point `along` it; beyond its ends, straight on.
    pub fn at(&self, along: f64) -> Point {
        let mut left = along;
        let last = self.0.len().saturating_sub(2);
        for (number, leg) in self.0.windows(2).enumerate() {
            let length = (leg[1] - leg[0]).length();
            if left <= length || number == last {
                let way = (leg[1] - leg[0]).unit_or(point(0.0, 1.0));
                return leg[0] + way * left;
            }
            left -= length;
        }
        self.0.first().copied().unwrap_or_default()
    }

    /// How far along the closest place to `p` is, and how far `p` is from it.
    pub fn nearest(&self, p: Point) -> (f64, f64) {
        let (mut before, mut best) = (0.0, (0.0, f64::INFINITY));
        for leg in self.0.windows(2) {
            let way = leg[1] - leg[0];
            let length = way.length();
            let part = if length > 1e-12 {
                ((p - leg[0]).dot(way) / (length * length)).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let away = (p - leg[0].towards(leg[1], part)).length();
            if away < best.1 {
                best = (before + part * length, away);
            }
            before += length;
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_measured_along_its_bends_and_goes_straight_on_at_its_ends() {
        let way = Polyline(vec![point(0.0, 0.0), point(0.0, 2.0), point(1.0, 2.0)]);
        assert_eq!(way.length(), 3.0);
        assert_eq!(way.at(1.0), point(0.0, 1.0));
        assert_eq!(way.at(2.5), point(0.5, 2.0));
        assert_eq!(way.at(4.0), point(2.0, 2.0));
        assert_eq!(way.at(-1.0), point(0.0, -1.0));
        assert_eq!(way.nearest(point(0.5, 3.0)), (2.5, 1.0));
    }

    #[test]
    fn a_way_without_extent_is_where_it_is() {
        assert_eq!(Polyline(vec![]).at(1.0), point(0.0, 0.0));
        assert_eq!(
            Polyline(vec![point(1.0, 1.0); 2]).nearest(point(1.0, 2.0)),
            (0.0, 1.0)
        );
    }
}
