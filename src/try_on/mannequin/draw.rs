//! A figure's outlines as a picture: one soft light from the upper left, a plain ground.

use super::outline::Outlines;
use super::{HEIGHT, WIDTH};
use crate::pixels::Pixels;
use crate::plane::Plane;
use crate::raster::filled;

/// A drawn figure.
pub struct Drawn {
    pub picture: Pixels,
    pub cover: Plane,
    pub arms: Plane,
}

/// Cloth of vest and shorts, plain beside any garment and on any tone.
const CLOTH: [[f32; 3]; 2] = [[214.0, 212.0, 208.0], [188.0, 187.0, 184.0]];
/// The wall above and the floor below.
const GROUND: [[f32; 3]; 2] = [[243.0, 241.0, 237.0], [224.0, 220.0, 213.0]];

pub fn drawn(outlines: &Outlines, tone: [u8; 3]) -> Drawn {
    let fill = |outline: &[crate::geometry::Point]| filled(outline, WIDTH, HEIGHT);
    let trunk = fill(&outlines.trunk);
    let head = fill(&outlines.head);
    let [left, right] = [fill(&outlines.arms[0]), fill(&outlines.arms[1])];
    let arms = either(&left, &right);
    // Arms hang before the trunk.
    let underwear = [fill(&outlines.underwear[0]), fill(&outlines.underwear[1])];
    let cloth = underwear.map(|cover| {
        Plane::made(WIDTH, HEIGHT, |column, row| {
            cover.get(column, row) * trunk.get(column, row) * (1.0 - arms.get(column, row))
        })
    });
    let figure = either(&trunk, &arms);
    let body_light = light(&figure);
    let head_light = light(&head);
    // The head throws a shadow on the neck.
    let under = head.softened(7);
    let cover = either(&figure, &head);
    let tone = tone.map(f32::from);
    let floor = outlines.ground;
    let mut rgba = Vec::with_capacity(WIDTH * HEIGHT);
    for row in 0..HEIGHT {
        for column in 0..WIDTH {
            let at = row * WIDTH + column;
            let mut colour = ground(column as f32, row as f32, floor.x as f32, floor.y as f32);
            let beneath = if row >= 16 {
                under.values[at - 16 * WIDTH]
            } else {
                0.0
            };
            let shaded = body_light.values[at] * (1.0 - 0.3 * beneath);
            paint(&mut colour, tone, shaded, figure.values[at]);
            for (cover, cloth) in cloth.iter().zip(CLOTH) {
                paint(&mut colour, cloth, shaded, cover.values[at]);
            }
            paint(&mut colour, tone, head_light.values[at], head.values[at]);
            let [red, green, blue] = colour.map(|value| (value + 0.5).clamp(0.0, 255.0) as u8);
            rgba.push([red, green, blue, 255]);
        }
    }
    Drawn {
        picture: Pixels {
            width: WIDTH,
            height: HEIGHT,
            rgba,
        },
        cover,
        arms,
    }
}

fn either(a: &Plane, b: &Plane) -> Plane {
    let values = a
        .values
        .iter()
        .zip(&b.values)
        .map(|(a, b)| a + b - a * b)
        .collect();
    Plane { values, ..*a }
}

fn ground(x: f32, y: f32, floor_x: f32, floor_y: f32) -> [f32; 3] {
    let part = (y / HEIGHT as f32).clamp(0.0, 1.0);
    let (dx, dy) = (
        (x - floor_x) / (WIDTH as f32 * 0.26),
        (y - floor_y) / (HEIGHT as f32 * 0.02),
    );
    let shadow = 1.0 - 0.22 * (-(dx * dx + dy * dy)).exp();
    std::array::from_fn(|c| (GROUND[0][c] + (GROUND[1][c] - GROUND[0][c]) * part * part) * shadow)
}

/// Shadows of skin are warmer than its light.
fn paint(under: &mut [f32; 3], tone: [f32; 3], light: f32, cover: f32) {
    let warm = [0.86, 1.06, 1.14];
    for channel in 0..3 {
        let value = tone[channel] * light.powf(warm[channel]);
        under[channel] += cover * (value.min(252.0) - under[channel]);
    }
}

/// How bright a shape is where light falls on it from the upper left as if it were a cushion: its softened cover is its height.
fn light(shape: &Plane) -> Plane {
    let soft: Vec<Plane> = [3, 8, 18]
        .iter()
        .map(|reach| shape.softened(*reach))
        .collect();
    let height = Plane::made(shape.width, shape.height, |column, row| {
        soft.iter()
            .zip([4.0, 11.0, 24.0])
            .map(|(plane, tall)| plane.get(column, row) * tall)
            .sum()
    });
    Plane::made(shape.width, shape.height, |column, row| {
        let (left, right) = (column.saturating_sub(1), (column + 1).min(shape.width - 1));
        let (upper, lower) = (row.saturating_sub(1), (row + 1).min(shape.height - 1));
        let across = (height.get(right, row) - height.get(left, row)) / 2.0;
        let down = (height.get(column, lower) - height.get(column, upper)) / 2.0;
        let steep = (1.0 + across * across + down * down).sqrt();
        // Towards the light: left, up and out of the picture.
        let facing = (across * 0.38 + down * 0.42 + 0.82) / steep;
        (0.42 + 0.66 * facing.max(0.0)).min(1.04)
    })
}
