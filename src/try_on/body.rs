//! A body as garments are placed on it.

use crate::error::TryOnError;
use crate::geometry::{Point, Polyline, point};
use crate::plane::Plane;
use nearshelf_vision::KeyPoint;

/// Points of a body, in heights of its picture; of each pair the picture's left first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Body {
    /// The pit between the collarbones.
    pub neck: Point,
    /// Where the shoulders end.
    pub shoulders: [Point; 2],
    /// Elbows.
    pub elbows: [Point; 2],
    /// Wrists.
    pub wrists: [Point; 2],
    /// Widest places of the hips.
    pub hips: [Point; 2],
    /// Where the legs part.
    pub crotch: Point,
    /// Middles of the ankles; often below the picture.
    pub ankles: [Point; 2],
}

/// Key points as models give them, in parts of the photo's extents.
pub type KeyPoints = [nearshelf_vision::Point; 10];

// Proportions of bodies as artists draw them, in widths of the shoulders, for what isn't seen.
const TRUNK: f64 = 1.15;
const UPPER_ARM: f64 = 0.62;
const LOWER_ARM: f64 = 0.55;
const HIP_WIDTH: f64 = 0.86;
/// From shoulders to hips, in lengths of the trunk.
const CROTCH: f64 = 1.22;
const ANKLES: f64 = 2.75;

impl Body {
    /// A body from what is seen of it in a photo so wide in heights; `person` covers it.
    ///
    /// # Errors
    /// Where neither both shoulders are seen nor the neck with one of them or with the hips.
    pub fn seen(key_points: &KeyPoints, person: &Plane, aspect: f64) -> Result<Self, TryOnError> {
        use KeyPoint::*;
        let find = |which: KeyPoint| {
            let found = key_points[which as usize];
            let near = |value: f32| (-0.2..=1.2).contains(&value);
            (found.visible && near(found.x) && near(found.y))
                .then(|| point(f64::from(found.x) * aspect, f64::from(found.y)))
        };
        if !person.values.iter().any(|cover| *cover > 0.5) {
            return Err(TryOnError::PersonNotFound);
        }
        let neck = find(Neck);
        let hips = [find(HipLeft), find(HipRight)];
        let shoulders = shoulders([find(ShoulderLeft), find(ShoulderRight)], neck, hips)
            .filter(|[left, right]| right.x - left.x > 0.01)
            .ok_or(TryOnError::PersonNotFound)?;
        let across = shoulders[1] - shoulders[0];
        let width = across.length();
        let middle = shoulders[0].towards(shoulders[1], 0.5);
        let down = down_from(middle, across, hips);
        let side = across * (1.0 / width);
        let neck = neck.unwrap_or(middle - down * (0.08 * width));
        let hip = |at: usize| {
            let sign = [-1.0, 1.0][at];
            hips[at].unwrap_or_else(|| match hips[1 - at] {
                Some(other) => {
                    other + side * (2.0 * sign * (other - middle).dot(side).abs().max(0.3 * width))
                }
                None => middle + down * (TRUNK * width) + side * (sign * HIP_WIDTH / 2.0 * width),
            })
        };
        let hips = [hip(0), hip(1)];
        let arm = |at: usize, elbow: KeyPoint, wrist: KeyPoint| {
            let hanging = (down + side * ([-0.3, 0.3][at])).unit_or(down);
            let elbow = find(elbow).unwrap_or_else(|| match find(wrist) {
                Some(wrist) => shoulders[at].towards(wrist, 0.53),
                None => shoulders[at] + hanging * (UPPER_ARM * width),
            });
            let lower = (elbow - shoulders[at]).unit_or(hanging);
            (
                elbow,
                find(wrist).unwrap_or(elbow + lower * (LOWER_ARM * width)),
            )
        };
        let (arms_left, arms_right) =
            (arm(0, ElbowLeft, WristLeft), arm(1, ElbowRight, WristRight));
        let trunk = hips[0].towards(hips[1], 0.5) - middle;
        let low = middle + trunk * ANKLES;
        // Where all of the person is in the picture, the feet say where the legs end.
        let bottom = lowest(person);
        let end = if bottom < 0.97 && bottom > middle.y + 1.9 * trunk.y && trunk.y > 0.0 {
            bottom - 0.04 * (bottom - middle.y)
        } else {
            low.y
        };
        let ankle = |at: usize| {
            let hip = hips[0].towards(hips[1], [0.24, 0.76][at]);
            point(
                hip.x + trunk.x * (end - hip.y) / trunk.y.max(1e-3) * 0.5,
                end,
            )
        };
        Ok(Self {
            neck,
            shoulders,
            elbows: [arms_left.0, arms_right.0],
            wrists: [arms_left.1, arms_right.1],
            hips,
            crotch: middle + trunk * CROTCH,
            ankles: [ankle(0), ankle(1)],
        })
    }

    /// From one shoulder to the other.
    pub fn across(&self) -> Point {
        self.shoulders[1] - self.shoulders[0]
    }

    /// Between the shoulders.
    pub fn top(&self) -> Point {
        self.shoulders[0].towards(self.shoulders[1], 0.5)
    }

    /// Between the hips.
    pub fn seat(&self) -> Point {
        self.hips[0].towards(self.hips[1], 0.5)
    }

    /// An arm from the shoulder to the wrist.
    pub fn arm(&self, side: usize) -> Polyline {
        Polyline(vec![
            self.shoulders[side],
            self.elbows[side],
            self.wrists[side],
        ])
    }
}

fn shoulders(
    found: [Option<Point>; 2],
    neck: Option<Point>,
    hips: [Option<Point>; 2],
) -> Option<[Point; 2]> {
    match (found, neck, hips) {
        ([Some(left), Some(right)], _, _) => Some([left, right]),
        ([Some(left), None], Some(neck), _) => Some([left, point(2.0 * neck.x - left.x, left.y)]),
        ([None, Some(right)], Some(neck), _) => {
            Some([point(2.0 * neck.x - right.x, right.y), right])
        }
        ([None, None], Some(neck), [Some(left), Some(right)]) => {
            let half = (right - left) * (0.5 / HIP_WIDTH);
            let low = (left.towards(right, 0.5) - neck) * 0.1;
            Some([neck + low - half, neck + low + half])
        }
        _ => None,
    }
}

/// The direction of the spine.
fn down_from(middle: Point, across: Point, hips: [Option<Point>; 2]) -> Point {
    let upright = across.quarter_turn().unit_or(point(0.0, 1.0));
    match hips {
        [Some(left), Some(right)] => (left.towards(right, 0.5) - middle).unit_or(upright),
        _ => upright,
    }
}

/// The lower edge of the person, in parts of the height.
fn lowest(person: &Plane) -> f64 {
    let filled = |row: &usize| (0..person.width).any(|column| person.get(column, *row) > 0.5);
    (0..person.height)
        .rfind(filled)
        .map_or(1.0, |row| (row + 1) as f64 / person.height as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNSEEN: nearshelf_vision::Point = nearshelf_vision::Point {
        x: 0.0,
        y: 0.0,
        score: 0.0,
        visible: false,
    };

    fn key_points(seen: &[(KeyPoint, f32, f32)]) -> KeyPoints {
        let mut points = [UNSEEN; 10];
        for (which, x, y) in seen {
            points[*which as usize] = nearshelf_vision::Point {
                x: *x,
                y: *y,
                score: 1.0,
                visible: true,
            };
        }
        points
    }

    #[test]
    fn two_shoulders_are_enough_for_a_body() {
        let points = key_points(&[
            (KeyPoint::ShoulderLeft, 0.4, 0.3),
            (KeyPoint::ShoulderRight, 0.6, 0.3),
        ]);
        let body = Body::seen(&points, &Plane::filled(8, 8, 1.0), 1.0).unwrap();
        assert!(body.neck.y < 0.3 && (body.neck.x - 0.5).abs() < 1e-6);
        assert!((body.seat().y - 0.53).abs() < 1e-6 && (body.seat().x - 0.5).abs() < 1e-6);
        assert!(body.elbows[0].x < 0.4 && body.elbows[0].y > 0.35);
        assert!(body.ankles[0].y > body.crotch.y && body.crotch.y > body.seat().y);
    }

    #[test]
    fn a_shoulder_that_is_hidden_lies_opposite_of_the_other() {
        let points = key_points(&[
            (KeyPoint::ShoulderLeft, 0.4, 0.3),
            (KeyPoint::Neck, 0.5, 0.28),
        ]);
        let body = Body::seen(&points, &Plane::filled(8, 8, 1.0), 0.5).unwrap();
        assert!((body.shoulders[1] - point(0.3, 0.3)).length() < 1e-6);
    }

    #[test]
    fn where_all_of_a_person_is_seen_the_feet_say_where_the_legs_end() {
        let points = key_points(&[
            (KeyPoint::ShoulderLeft, 0.4, 0.25),
            (KeyPoint::ShoulderRight, 0.6, 0.25),
            (KeyPoint::HipLeft, 0.42, 0.5),
            (KeyPoint::HipRight, 0.58, 0.5),
        ]);
        let person = Plane::made(10, 10, |_, row| f32::from(row < 9));
        let body = Body::seen(&points, &person, 1.0).unwrap();
        assert!((0.85..0.9).contains(&body.ankles[0].y), "{:?}", body.ankles);
    }

    #[test]
    fn nobody_is_no_body() {
        let shoulders = key_points(&[
            (KeyPoint::ShoulderLeft, 0.4, 0.3),
            (KeyPoint::ShoulderRight, 0.6, 0.3),
        ]);
        for (points, cover) in [
            (shoulders, 0.0),
            (key_points(&[]), 1.0),
            (key_points(&[(KeyPoint::Nose, 0.5, 0.1)]), 1.0),
        ] {
            let refused = Body::seen(&points, &Plane::filled(8, 8, cover), 1.0);
            assert_eq!(refused, Err(TryOnError::PersonNotFound));
        }
        let turned = key_points(&[
            (KeyPoint::ShoulderLeft, 0.6, 0.3),
            (KeyPoint::ShoulderRight, 0.4, 0.3),
        ]);
        assert!(Body::seen(&turned, &Plane::filled(8, 8, 1.0), 1.0).is_err());
    }
}
