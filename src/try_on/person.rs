//! Who garments are tried on: a picture, what of it is whose, and the body in it.

use crate::body::{Body, KeyPoints};
use crate::cut_out::Guide;
use crate::error::TryOnError;
use crate::geometry::Point;
use crate::pixels::Pixels;
use crate::plane::Plane;
use nearshelf_vision::{Mask, Regions};

/// Longer side of a photo as it is kept, pixels.
pub const MOST_SIDE: usize = 1280;
/// Longer side at which the edges of regions are found again in a photo's colours.
const REFINED_SIDE: usize = 480;

/// A photo or a mannequin.
#[derive(Debug, Clone)]
pub struct Person {
    /// What is seen without garments.
    pub picture: Pixels,
    /// The body in it.
    pub body: Body,
    /// How much of the picture is the person, 0..1, as all regions.
    pub cover: Plane,
    /// How much is hair.
    pub hair: Plane,
    /// How much is arms and hands.
    pub arms: Plane,
    /// Width of the picture in heights.
    pub aspect: f64,
}

impl Person {
    /// A person in a photo.
    ///
    /// # Errors
    /// Where no body is seen.
    pub fn in_photo(
        picture: Pixels,
        regions: &Regions,
        key_points: &KeyPoints,
    ) -> Result<Self, TryOnError> {
        let picture = picture.at_most(MOST_SIDE);
        let aspect = picture.aspect();
        let small = picture.clone().at_most(REFINED_SIDE);
        let [cover, hair, arms] =
            [&regions.person, &regions.hair, &regions.arms].map(probabilities);
        let body = Body::seen(key_points, &cover, aspect)?;
        let reach = (small.width.max(small.height) / cover.width.max(cover.height).max(1)).max(2);
        let guide = Guide::new(&small, reach);
        let refined = |region: &Plane| {
            let wide = region.resized(small.width, small.height);
            if region.values.iter().all(|value| *value < 0.5) {
                return wide.map(|_| 0.0);
            }
            guide
                .filtered(&wide)
                .map(|value| ((value - 0.25) * 2.0).clamp(0.0, 1.0))
        };
        Ok(Self {
            hair: refined(&hair),
            arms: refined(&arms),
            cover: refined(&cover),
            picture,
            body,
            aspect,
        })
    }

    /// Left and right edge of the trunk and the legs at a height, arms left out, in heights; none where there is nobody.
    pub fn trunk(&self, y: f64) -> Option<[f64; 2]> {
        let spine = self.body.top().towards(
            self.body.seat(),
            (y - self.body.top().y) / (self.body.seat().y - self.body.top().y).max(1e-3),
        );
        let step = 1.0 / self.cover.height as f64;
        let reach = self.body.across().length() * 0.85;
        let inside = |x: f64| {
            let (u, v) = ((x / self.aspect) as f32, y as f32);
            (0.0..=1.0).contains(&u)
                && (0.0..=1.0).contains(&v)
                && self.cover.at(u, v) - self.arms.at(u, v) > 0.5
        };
        let cells = (reach / step) as i32;
        let places = || (-cells..=cells).map(|cell| spine.x + f64::from(cell) * step);
        let first = places().find(|x| inside(*x))?;
        let last = places().rfind(|x| inside(*x))?;
        Some([first - step / 2.0, last + step / 2.0])
    }

    /// How far from the trunk's middle line its edge lies at a place, the wider side of both.
    pub fn half_width(&self, at: Point) -> Option<f64> {
        let [left, right] = self.trunk(at.y)?;
        Some((at.x - left).max(right - at.x).max(0.0))
    }

    /// Half the width of an arm so far from its shoulder; of one that is hidden, a tenth of the shoulders'.
    pub fn arm_half(&self, side: usize, along: f64) -> f64 {
        let arm = self.body.arm(side);
        let width = self.body.across().length();
        let at = arm.at(along);
        let across = (at - arm.at(along - 0.1 * width))
            .unit_or(crate::geometry::point(0.0, 1.0))
            .quarter_turn();
        let step = 0.01 * width;
        let inside = |p: Point| self.arms.at((p.x / self.aspect) as f32, p.y as f32) > 0.5;
        if !inside(at) {
            return 0.1 * width;
        }
        let reach = |way: Point| {
            (1..20)
                .take_while(|n| inside(at + way * (f64::from(*n) * step)))
                .count() as f64
                * step
        };
        ((reach(across) + reach(-across)) / 2.0).clamp(0.05 * width, 0.16 * width)
    }

    /// Half the width of the leg that a place lies on.
    pub fn leg_half(&self, at: Point) -> Option<f64> {
        let step = 1.0 / self.cover.height as f64;
        let inside = |x: f64| {
            let (u, v) = ((x / self.aspect) as f32, at.y as f32);
            (0.0..=1.0).contains(&u) && (0.0..=1.0).contains(&v) && self.cover.at(u, v) > 0.5
        };
        if !inside(at.x) {
            return None;
        }
        let reach = |way: f64| {
            (1..200)
                .take_while(|n| inside(at.x + way * f64::from(*n) * step))
                .count() as f64
                * step
        };
        Some((reach(-1.0) + reach(1.0)) / 2.0)
    }
}

fn probabilities(mask: &Mask) -> Plane {
    let values = mask
        .logits()
        .iter()
        .map(|logit| 1.0 / (1.0 + (-logit).exp()))
        .collect();
    Plane {
        width: mask.width(),
        height: mask.height(),
        values,
    }
}
