//! Outlines to planes: how much of each pixel lies inside, exactly.

use crate::geometry::{Point, point};
use crate::plane::Plane;

/// Coverage of a closed outline given in pixels; parts of it outside are cut off.
///
/// Each edge adds, to every pixel of its rows, the signed area between itself and the right side; sums along a row are the
/// coverage, whatever the outline's direction.
pub fn filled(outline: &[Point], width: usize, height: usize) -> Plane {
    let mut areas = vec![0.0_f32; (width + 2) * height];
    for (number, from) in outline.iter().enumerate() {
        let to = outline[(number + 1) % outline.len()];
        edge(*from, to, width, height, &mut areas);
    }
    let mut values = Vec::with_capacity(width * height);
    for row in areas.chunks_exact(width + 2) {
        let mut sum = 0.0;
        values.extend(row[..width].iter().map(|area| {
            sum += area;
            sum.abs().min(1.0)
        }));
    }
    Plane {
        width,
        height,
        values,
    }
}

fn edge(from: Point, to: Point, width: usize, height: usize, areas: &mut [f32]) {
    if from.y == to.y || !from.is_finite() || !to.is_finite() {
        return;
    }
    let (sign, upper, lower) = if from.y < to.y {
        (1.0, from, to)
    } else {
        (-1.0, to, from)
    };
    let slope = (lower.x - upper.x) / (lower.y - upper.y);
    let first = upper.y.max(0.0) as usize;
    let end = (lower.y.min(height as f64)).max(0.0).ceil() as usize;
    for row in first..end.min(height) {
        let (top, bottom) = (upper.y.max(row as f64), lower.y.min(row as f64 + 1.0));
        if bottom <= top {
            continue;
        }
        let at = |y: f64| (upper.x + (y - upper.y) * slope).clamp(0.0, width as f64);
        let (a, b) = (at(top), at(bottom));
        let (left, right) = (a.min(b), a.max(b));
        let tall = (bottom - top) * sign;
        let line = &mut areas[row * (width + 2)..(row + 1) * (width + 2)];
        let (column, last) = (left as usize, right as usize);
        if column == last || right - left < 1e-9 {
            let inside = 1.0 - ((left + right) / 2.0 - column as f64);
            line[column] += (tall * inside) as f32;
            line[column + 1] += (tall * (1.0 - inside)) as f32;
            continue;
        }
        // A piece of the edge in each pixel that it crosses: what of the pixel lies to its right, the rest in the next.
        let tall_an_x = tall / (right - left);
        for cell in column..=last.min(width) {
            let (begin, end) = (left.max(cell as f64), right.min(cell as f64 + 1.0));
            let piece = (end - begin).max(0.0) * tall_an_x;
            let inside = cell as f64 + 1.0 - (begin + end) / 2.0;
            line[cell] += (piece * inside) as f32;
            line[cell + 1] += (piece * (1.0 - inside)) as f32;
        }
    }
}

/// A smooth closed curve through points (centripetal enough for evenly spaced ones: Catmull–Rom), `steps` pieces between two.
pub fn smooth(points: &[Point], steps: usize) -> Vec<Point> {
    let n = points.len();
    let mut curve = Vec::with_capacity(n * steps);
    for at in 0..n {
        let [a, b, c, d] = [n - 1, 0, 1, 2].map(|shift| points[(at + shift) % n]);
        for step in 0..steps {
            let t = step as f64 / steps as f64;
            let (t2, t3) = (t * t, t * t * t);
            let weigh = |a: f64, b: f64, c: f64, d: f64| {
                0.5 * (2.0 * b
                    + (c - a) * t
                    + (2.0 * a - 5.0 * b + 4.0 * c - d) * t2
                    + (3.0 * b - a - 3.0 * c + d) * t3)
            };
            curve.push(point(weigh(a.x, b.x, c.x, d.x), weigh(a.y, b.y, c.y, d.y)));
        }
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_box_covers_its_pixels_wholly_and_those_at_its_edge_in_part() {
        let outline = [
            point(1.5, 1.0),
            point(4.0, 1.0),
            point(4.0, 3.25),
            point(1.5, 3.25),
        ];
        let plane = filled(&outline, 6, 5);
        assert!((plane.get(1, 1) - 0.5).abs() < 1e-6 && (plane.get(2, 2) - 1.0).abs() < 1e-6);
        assert!(
            (plane.get(3, 3) - 0.25).abs() < 1e-6
                && plane.get(4, 2).abs() < 1e-6
                && plane.get(2, 0).abs() < 1e-6
        );
        let reversed: Vec<_> = outline.iter().rev().copied().collect();
        assert_eq!(filled(&reversed, 6, 5), plane);
    }

    proptest! {
        #[test]
        fn the_coverage_adds_up_to_the_area(x in prop::array::uniform3(1.0..19.0), y in prop::array::uniform3(1.0..14.0)) {
            let corners: Vec<_> = (0..3).map(|i| point(x[i], y[i])).collect();
            let area = ((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])).abs() / 2.0;
            let sum: f32 = filled(&corners, 20, 15).values.iter().sum();
            prop_assert!((f64::from(sum) - area).abs() < 0.01 + area * 1e-3, "{} for {}", sum, area);
        }

        #[test]
        fn any_outline_is_filled_without_harm(points in prop::collection::vec((-1e4..1e4, -1e4..1e4), 0..8)) {
            let outline: Vec<_> = points.iter().map(|p| point(p.0, p.1)).collect();
            let plane = filled(&outline, 9, 7);
            prop_assert!(plane.values.iter().all(|value| (0.0..=1.0).contains(value)));
        }
    }

    #[test]
    fn a_smooth_curve_goes_through_its_points() {
        let square = [
            point(0.0, 0.0),
            point(1.0, 0.0),
            point(1.0, 1.0),
            point(0.0, 1.0),
        ];
        let curve = smooth(&square, 5);
        assert_eq!(curve.len(), 20);
        assert!(
            square
                .iter()
                .all(|corner| curve.iter().any(|p| (*p - *corner).length() < 1e-12))
        );
        assert!(smooth(&[], 3).is_empty());
    }
}
