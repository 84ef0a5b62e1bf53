//! Thin-plate splines (F. L. Bookstein, "Principal warps", 1989): the smoothest map of the plane that takes given points to
//! given points.

use crate::geometry::{Point, point};
use crate::solve::solve;

/// Points closer than this, in parts of the points' spread, are one: two answers to one question have no solution.
const SAME: f64 = 2e-3;

/// Points spread less than this across their line don't say what happens to its sides.
const FLAT: f64 = 1e-3;

/// A map of the plane.
#[derive(Debug, Clone)]
pub struct Spline {
    /// Where the weights sit, in the spline's own units.
    from: Vec<Point>,
    weights: Vec<[f64; 2]>,
    /// Rows: constant, along x, along y.
    affine: [[f64; 2]; 3],
    centre: Point,
    /// Own units a unit of the plane.
    scale: f64,
}

impl Spline {
    /// The map that takes each of `from` to its partner in `to`. With `stiffness` above 0 it comes only near, and bends less.
    ///
    /// Total for finite points: those that coincide are taken together in their middle; where all lie on a line the map is
    /// a similarity, where all are one a shift, and without any the identity.
    pub fn fit(from: &[Point], to: &[Point], stiffness: f64) -> Self {
        let pairs: Vec<(Point, Point)> = from
            .iter()
            .copied()
            .zip(to.iter().copied())
            .filter(|(a, b)| a.is_finite() && b.is_finite())
            .collect();
        if pairs.is_empty() {
            return Self::shift(Point::default());
        }
        let count = pairs.len() as f64;
        let centre = pairs.iter().fold(Point::default(), |sum, (a, _)| sum + *a) * (1.0 / count);
        let spread = (pairs
            .iter()
            .map(|(a, _)| (*a - centre).dot(*a - centre))
            .sum::<f64>()
            / count)
            .sqrt();
        if spread < 1e-9 {
            let middle =
                pairs.iter().fold(Point::default(), |sum, (_, b)| sum + *b) * (1.0 / count);
            return Self::shift(middle - centre);
        }
        let scale = 1.0 / spread;
        let own = pairs
            .iter()
            .map(|(a, b)| ((*a - centre) * scale, *b))
            .collect();
        let joined = joined(own);
        if narrowest(&joined) > FLAT
            && let Some(spline) = bent(&joined, stiffness, centre, scale)
        {
            return spline;
        }
        similarity(&joined, centre, scale)
    }

    fn shift(by: Point) -> Self {
        Self {
            from: Vec::new(),
            weights: Vec::new(),
            affine: [[by.x, by.y], [1.0, 0.0], [0.0, 1.0]],
            centre: Point::default(),
            scale: 1.0,
        }
    }

    /// Where `p` goes.
    pub fn at(&self, p: Point) -> Point {
        let own = (p - self.centre) * self.scale;
        let [zero, x, y] = self.affine;
        let mut sum = [
            zero[0] + x[0] * own.x + y[0] * own.y,
            zero[1] + x[1] * own.x + y[1] * own.y,
        ];
        for (from, weight) in self.from.iter().zip(&self.weights) {
            let u = kernel(own - *from);
            sum[0] += u * weight[0];
            sum[1] += u * weight[1];
        }
        point(sum[0], sum[1])
    }
}

/// `r² ln r²`: what a thin plate does around a point.
fn kernel(way: Point) -> f64 {
    let squared = way.dot(way);
    if squared > 1e-18 {
        squared * squared.ln()
    } else {
        0.0
    }
}

/// One pair for all whose first points coincide.
fn joined(pairs: Vec<(Point, Point)>) -> Vec<(Point, Point)> {
    let mut kept: Vec<(Point, Point, f64)> = Vec::with_capacity(pairs.len());
    for (a, b) in pairs {
        match kept
            .iter_mut()
            .find(|(other, _, _)| (*other - a).length() < SAME)
        {
            Some((at, to, count)) => {
                *at = at.towards(a, 1.0 / (*count + 1.0));
                *to = to.towards(b, 1.0 / (*count + 1.0));
                *count += 1.0;
            }
            None => kept.push((a, b, 1.0)),
        }
    }
    kept.into_iter().map(|(a, b, _)| (a, b)).collect()
}

/// Spread across the line that the points lie closest to.
fn narrowest(pairs: &[(Point, Point)]) -> f64 {
    let count = pairs.len() as f64;
    let mean = pairs.iter().fold(Point::default(), |sum, (a, _)| sum + *a) * (1.0 / count);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (a, _) in pairs {
        let d = *a - mean;
        xx += d.x * d.x;
        xy += d.x * d.y;
        yy += d.y * d.y;
    }
    let half = (xx + yy) / 2.0;
    let off = (((xx - yy) / 2.0).powi(2) + xy * xy).sqrt();
    ((half - off).max(0.0) / count).sqrt()
}

fn bent(pairs: &[(Point, Point)], stiffness: f64, centre: Point, scale: f64) -> Option<Spline> {
    let n = pairs.len();
    let side = n + 3;
    let mut matrix = vec![0.0; side * side];
    let mut right = vec![[0.0; 2]; side];
    for (row, (a, b)) in pairs.iter().enumerate() {
        for (column, (other, _)) in pairs.iter().enumerate() {
            matrix[row * side + column] = kernel(*a - *other);
        }
        matrix[row * side + row] += stiffness;
        for (k, value) in [1.0, a.x, a.y].into_iter().enumerate() {
            matrix[row * side + n + k] = value;
            matrix[(n + k) * side + row] = value;
        }
        right[row] = [b.x, b.y];
    }
    let mut found = solve(matrix, right)?;
    if found.iter().flatten().any(|value| !value.is_finite()) {
        return None;
    }
    let affine = [found[n], found[n + 1], found[n + 2]];
    found.truncate(n);
    let from = pairs.iter().map(|(a, _)| *a).collect();
    Some(Spline {
        from,
        weights: found,
        affine,
        centre,
        scale,
    })
}

/// The turn, scaling and shift closest to the pairs, by least squares.
fn similarity(pairs: &[(Point, Point)], centre: Point, scale: f64) -> Spline {
    let count = pairs.len() as f64;
    let middle = |pick: fn(&(Point, Point)) -> Point| {
        pairs
            .iter()
            .fold(Point::default(), |sum, pair| sum + pick(pair))
            * (1.0 / count)
    };
    let (a, b) = (middle(|pair| pair.0), middle(|pair| pair.1));
    let (mut along, mut across, mut square) = (0.0, 0.0, 0.0);
    for (p, q) in pairs {
        let (p, q) = (*p - a, *q - b);
        along += p.dot(q);
        across += p.quarter_turn().dot(q);
        square += p.dot(p);
    }
    let (c, s) = if square > 1e-12 {
        (along / square, across / square)
    } else {
        (1.0 / scale, 0.0)
    };
    let zero = b - point(c * a.x - s * a.y, s * a.x + c * a.y);
    Spline {
        from: Vec::new(),
        weights: Vec::new(),
        affine: [[zero.x, zero.y], [c, s], [-s, c]],
        centre,
        scale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(a: Point, b: Point, within: f64) -> bool {
        (a - b).length() <= within
    }

    fn grid(count: usize) -> Vec<Point> {
        (0..count)
            .map(|i| point((i % 4) as f64 * 0.3, (i / 4) as f64 * 0.25))
            .collect()
    }

    proptest! {
        #[test]
        fn a_spline_takes_each_point_to_its_partner(moves in prop::collection::vec((-0.3..0.3, -0.3..0.3), 12)) {
            let from = grid(12);
            let to: Vec<_> = from.iter().zip(&moves).map(|(p, m)| *p + point(m.0, m.1)).collect();
            let spline = Spline::fit(&from, &to, 0.0);
            for (a, b) in from.iter().zip(&to) {
                prop_assert!(close(spline.at(*a), *b, 1e-8));
            }
        }

        #[test]
        fn an_affine_map_is_reproduced_everywhere(m in prop::array::uniform6(-2.0..2.0), x in -3.0..3.0, y in -3.0..3.0) {
            let affine = |p: Point| point(m[0] + m[1] * p.x + m[2] * p.y, m[3] + m[4] * p.x + m[5] * p.y);
            let from = grid(9);
            let to: Vec<_> = from.iter().map(|p| affine(*p)).collect();
            for stiffness in [0.0, 0.01] {
                let spline = Spline::fit(&from, &to, stiffness);
                prop_assert!(close(spline.at(point(x, y)), affine(point(x, y)), 1e-7));
            }
        }

        #[test]
        fn whatever_the_points_the_map_is_finite(points in prop::collection::vec((prop::num::f64::ANY, prop::num::f64::ANY, -9.0..9.0, -9.0..9.0), 0..9)) {
            let small = |value: f64| if value.abs() < 1e6 { value } else { f64::NAN };
            let from: Vec<_> = points.iter().map(|p| point(small(p.0), small(p.1))).collect();
            let to: Vec<_> = points.iter().map(|p| point(p.2, p.3)).collect();
            prop_assert!(Spline::fit(&from, &to, 1e-4).at(point(0.5, 0.5)).is_finite());
        }
    }

    #[test]
    fn points_that_coincide_are_taken_in_their_middle() {
        let mut from = grid(8);
        let mut to = from.clone();
        from.push(from[0]);
        to.push(point(0.2, 0.0));
        let spline = Spline::fit(&from, &to, 0.0);
        assert!(close(spline.at(from[0]), point(0.1, 0.0), 1e-9));
        assert!(close(spline.at(from[7]), to[7], 1e-9));
    }

    #[test]
    fn points_on_a_line_are_turned_scaled_and_shifted_alone() {
        let from = [point(0.0, 0.0), point(1.0, 0.0), point(2.0, 0.0)];
        let to = [point(5.0, 0.0), point(5.0, 2.0), point(5.0, 4.0)];
        let spline = Spline::fit(&from, &to, 0.0);
        assert!(close(spline.at(point(0.0, 1.0)), point(3.0, 0.0), 1e-9));
        let two = Spline::fit(&from[..2], &to[..2], 0.0);
        assert!(close(two.at(point(0.0, 1.0)), point(3.0, 0.0), 1e-9));
    }

    #[test]
    fn one_point_shifts_and_none_leaves_all_where_it_is() {
        let one = Spline::fit(&[point(1.0, 1.0); 3], &[point(2.0, 0.0); 3], 0.0);
        assert!(close(one.at(point(0.0, 0.0)), point(1.0, -1.0), 1e-12));
        assert_eq!(
            Spline::fit(&[], &[], 0.0).at(point(3.0, 4.0)),
            point(3.0, 4.0)
        );
    }

    #[test]
    fn a_stiff_spline_bends_less() {
        let from = grid(12);
        let mut to = from.clone();
        to[5] = to[5] + point(0.1, 0.0);
        let there = |stiffness| Spline::fit(&from, &to, stiffness).at(from[5]).x - from[5].x;
        assert!(there(0.0) > there(0.1) && there(0.1) > there(10.0));
    }
}
