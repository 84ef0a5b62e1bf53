//! What becomes of the filtered mask: a firm alpha, and colours that are the garment's alone.

use crate::pixels::Pixels;
use crate::plane::Plane;

/// Filtered cover at which a pixel begins to be seen, and at which it is whole.
const FIRM: (f32, f32) = (0.36, 0.64);
/// Alpha from which a pixel's colour is the garment's alone.
const PURE: f32 = 0.94;

/// Alpha of the filtered cover `fine`: firm, and what the coarse one is sure of over a wide window is not in doubt.
pub fn sharpened(fine: &Plane, coarse: &Plane, reach: usize) -> Plane {
    let around = coarse.blurred(2 * reach, 2 * reach);
    let values = fine
        .values
        .iter()
        .zip(&around.values)
        .map(|(fine, around)| {
            if *around > 0.98 {
                1.0
            } else if *around < 0.02 {
                0.0
            } else {
                let part = ((fine - FIRM.0) / (FIRM.1 - FIRM.0)).clamp(0.0, 1.0);
                part * part * (3.0 - 2.0 * part)
            }
        })
        .collect();
    Plane { values, ..*fine }
}

/// The picture with that alpha; pixels that the ground shows through take the colour of the garment beside them.
pub fn own_colours(picture: &Pixels, alpha: &Plane, reach: usize) -> Pixels {
    let (width, height) = (picture.width, picture.height);
    let pure: Vec<f32> = alpha
        .values
        .iter()
        .map(|alpha| f32::from(*alpha >= PURE))
        .collect();
    // Near ones first; of a thin strap only the far ones are pure.
    let near = Spread::new(picture, &pure, reach.div_ceil(2));
    let far = Spread::new(picture, &pure, 3 * reach);
    let rgba = picture
        .rgba
        .iter()
        .enumerate()
        .map(|(at, pixel)| {
            let opaque = (alpha.values[at].clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
            if opaque == 0 {
                return [0; 4];
            }
            let [red, green, blue] = if alpha.values[at] >= PURE {
                [pixel[0], pixel[1], pixel[2]]
            } else {
                near.colour(at)
                    .or_else(|| far.colour(at))
                    .unwrap_or([pixel[0], pixel[1], pixel[2]])
            };
            [red, green, blue, opaque]
        })
        .collect();
    Pixels {
        width,
        height,
        rgba,
    }
}

/// Means of pure colours over windows.
struct Spread {
    weight: Vec<f32>,
    channels: [Vec<f32>; 3],
}

impl Spread {
    fn new(picture: &Pixels, pure: &[f32], reach: usize) -> Self {
        let mean = |values: Vec<f32>| {
            Plane {
                width: picture.width,
                height: picture.height,
                values,
            }
            .blurred(reach, reach)
            .values
        };
        let channels = std::array::from_fn(|c| {
            mean(
                picture
                    .rgba
                    .iter()
                    .zip(pure)
                    .map(|(pixel, pure)| f32::from(pixel[c]) * pure)
                    .collect(),
            )
        });
        Self {
            weight: mean(pure.to_vec()),
            channels,
        }
    }

    fn colour(&self, at: usize) -> Option<[u8; 3]> {
        let weight = self.weight[at];
        (weight > 1e-3).then(|| {
            std::array::from_fn(|c| (self.channels[c][at] / weight + 0.5).clamp(0.0, 255.0) as u8)
        })
    }
}
