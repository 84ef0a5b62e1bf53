//! What of a person doesn't change while garments do, at the extents that are rendered.

use super::pixel::OPAQUE;
use crate::person::Person;
use crate::plane::Plane;

/// A person at some extents.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// The person's picture, over white.
    pub body: Vec<u32>,
    /// How much hair lies before garments, 0..255.
    pub hair: Vec<u8>,
    /// How much arms do where they are bare.
    pub arms: Vec<u8>,
    /// How much is the person at all.
    pub cover: Vec<u8>,
    /// How much darker than its surroundings each place of the body is, at a quarter of the extents.
    pub shade: Plane,
}

/// How much of the photo's own light and shade garments take on, and how far that goes.
const TAKEN: f32 = 0.55;
const SHADES: std::ops::RangeInclusive<f32> = 0.8..=1.0;

impl Stage {
    /// Prepares a person for `width` × `height` pixels.
    pub fn new(person: &Person, width: usize, height: usize) -> Self {
        let bytes = |plane: &Plane| {
            plane
                .resized(width, height)
                .values
                .iter()
                .map(|value| (value * 255.0 + 0.5) as u8)
                .collect()
        };
        let body = person.picture.resized(width, height).rgba;
        Self {
            width,
            height,
            body: body.into_iter().map(over_white).collect(),
            hair: bytes(&person.hair),
            arms: bytes(&person.arms),
            cover: bytes(&person.cover),
            shade: shade(person, width.div_ceil(4), height.div_ceil(4)),
        }
    }
}

fn over_white([red, green, blue, alpha]: [u8; 4]) -> u32 {
    let on = |value: u8| {
        (u32::from(value) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255
    };
    on(red) | on(green) << 8 | on(blue) << 16 | OPAQUE
}

/// Soft light and shade of the person: brightness over a small window to that over a wide one, both within the person.
///
/// What the person wears differs in brightness as well; over windows this small that is seen at its borders alone.
fn shade(person: &Person, width: usize, height: usize) -> Plane {
    let picture = person.picture.resized(width, height);
    let cover = person.cover.resized(width, height);
    let bright = Plane::made(width, height, |column, row| {
        let [red, green, blue, _] = picture.rgba[row * width + column].map(f32::from);
        (0.2126 * red + 0.7152 * green + 0.0722 * blue) * cover.get(column, row)
    });
    let mean = |reach: usize| {
        let (bright, cover) = (bright.softened(reach), cover.softened(reach));
        Plane::made(width, height, |column, row| {
            bright.get(column, row) / cover.get(column, row).max(0.02)
        })
    };
    let (near, far) = (mean((height / 60).max(1)), mean((height / 12).max(2)));
    Plane::made(width, height, |column, row| {
        let ratio = near.get(column, row) / far.get(column, row).max(1.0);
        let inside = cover.get(column, row);
        (1.0 + (ratio - 1.0) * TAKEN * inside).clamp(*SHADES.start(), *SHADES.end())
    })
}
