//! Pieces of garments onto the frame.

use super::Stage;
use super::grid::{Grid, Node, STEP};
use super::pixel::{OPAQUE, over, scaled};
use crate::garment::Worn;

/// Shadows weaker than this aren't seen.
const SEEN_SHADOW: f32 = 0.01;

/// Paints the shadow of a piece on the body.
pub fn shadow(grid: &Grid, stage: &Stage, frame: &mut [u32]) {
    let casts = |corners: &[Node; 4]| corners.iter().any(|node| node.shadow > SEEN_SHADOW);
    each_pixel(
        grid,
        stage,
        |corners, _, _| casts(corners),
        |at, node| {
            let dark =
                node.shadow * behind(stage, at, node) * f32::from(stage.cover[at]) * (1.0 / 255.0);
            frame[at] = scaled(frame[at], (256.5 - 256.0 * dark) as u32) | OPAQUE;
        },
    );
}

/// Paints a piece.
pub fn cloth(worn: &Worn, grid: &Grid, stage: &Stage, frame: &mut [u32]) {
    let (level, scale) = worn.texture.level(grid.step);
    let picture = &worn.garment.cut_out.picture;
    let (wide, high) = (picture.width as f32, picture.height as f32);
    let texel = scale * 256.0;
    each_pixel(
        grid,
        stage,
        |_, column, row| grid.is_in(column, row, wide, high),
        |at, node| {
            let garment = level.at((node.u * texel) as i32, (node.v * texel) as i32);
            if garment != 0 {
                let lit = scaled(garment, (256.0 * node.shade) as u32) & !OPAQUE | garment & OPAQUE;
                let seen = 256.0 * behind(stage, at, node) * node.seen + 0.5;
                frame[at] = over(scaled(lit, seen as u32), frame[at]);
            }
        },
    );
}

/// How much of a pixel is not behind hair or bare arms.
#[inline]
fn behind(stage: &Stage, at: usize, node: &Node) -> f32 {
    let before = (f32::from(stage.arms[at]) * node.bare).max(f32::from(stage.hair[at]));
    1.0 - before * (1.0 / 255.0)
}

/// Calls `paint` with each pixel of the cells that `wants` and what the grid says at its middle.
#[inline]
fn each_pixel(
    grid: &Grid,
    stage: &Stage,
    wants: impl Fn(&[Node; 4], usize, usize) -> bool,
    mut paint: impl FnMut(usize, &Node),
) {
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let corners = grid.corners(column, row);
            if !wants(&corners, column, row) {
                continue;
            }
            let [a, b, c, d] = corners;
            let (x0, y0) = (grid.left + column * STEP, grid.top + row * STEP);
            let (x1, y1) = ((x0 + STEP).min(stage.width), (y0 + STEP).min(stage.height));
            for y in y0..y1 {
                let down = ((y - y0) as f32 + 0.5) / STEP as f32;
                let (from, to) = (a.towards(c, down), b.towards(d, down));
                let each = from.towards(to, 1.0 / STEP as f32).minus(from);
                let mut node = from.towards(to, 0.5 / STEP as f32);
                for at in y * stage.width + x0..y * stage.width + x1 {
                    paint(at, &node);
                    node = node.plus(each);
                }
            }
        }
    }
}

impl Node {
    fn plus(self, other: Self) -> Self {
        self.with(other, |a, b| a + b)
    }

    fn minus(self, other: Self) -> Self {
        self.with(other, |a, b| a - b)
    }
}
