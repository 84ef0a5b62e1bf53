//! The warp on a coarse grid: between its nodes it is as good as straight, and far cheaper.

use super::Stage;
use crate::garment::Worn;
use crate::geometry::{Point, point};
use crate::person::Person;
use crate::placement::Laid;
use crate::plane::Plane;

/// Pixels from node to node.
pub const STEP: usize = 8;
/// How far around its handles a garment can reach, in parts of their extent.
const MARGIN: f64 = 0.45;
/// Over how much of the shoulders' width arms come out of their sleeves.
const CUFF: f64 = 0.05;
/// How dark the shadow of a garment is on what lies under it.
const SHADOW: f32 = 0.3;
/// How much darker a garment is where it turns away at its edge.
const ROUND: f32 = 0.2;

/// Everything that pixels of the garment depend on smoothly.
#[derive(Debug, Clone, Copy, Default)]
pub struct Node {
    /// Where on the garment, in texels of its largest extent: across.
    pub u: f32,
    /// Down.
    pub v: f32,
    /// How much arms lie before it, 0..1.
    pub bare: f32,
    /// How much of it is seen at all.
    pub seen: f32,
    /// Light and shade on it.
    pub shade: f32,
    /// How dark its shadow is.
    pub shadow: f32,
}

impl Node {
    #[inline]
    pub fn with(self, other: Self, mix: impl Fn(f32, f32) -> f32) -> Self {
        Self {
            u: mix(self.u, other.u),
            v: mix(self.v, other.v),
            bare: mix(self.bare, other.bare),
            seen: mix(self.seen, other.seen),
            shade: mix(self.shade, other.shade),
            shadow: mix(self.shadow, other.shadow),
        }
    }

    #[inline]
    pub fn towards(self, other: Self, part: f32) -> Self {
        self.with(other, |a, b| a + (b - a) * part)
    }
}

/// Nodes over the part of the picture where a garment may be.
pub struct Grid {
    /// The first node's place in pixels: a multiple of [`STEP`].
    pub left: usize,
    pub top: usize,
    /// Cells across and down; there is a node more of each.
    pub columns: usize,
    pub rows: usize,
    nodes: Vec<Node>,
    /// Texels a pixel.
    pub step: f32,
}

impl Grid {
    /// `clip`: below this line, from left to right, nothing is seen.
    pub fn new(
        worn: &Worn,
        laid: &Laid,
        stage: &Stage,
        person: &Person,
        clip: Option<[Point; 2]>,
    ) -> Self {
        let (left, right, top, bottom) = bounds(&laid.held, person.aspect);
        let cell = |part: f64, pixels: usize| {
            (part * pixels as f64).clamp(0.0, pixels as f64) as usize / STEP
        };
        let first = [cell(left, stage.width), cell(top, stage.height)];
        let end = [cell(right, stage.width) + 1, cell(bottom, stage.height) + 1];
        let most = [stage.width.div_ceil(STEP), stage.height.div_ceil(STEP)];
        let [columns, rows] =
            [0, 1].map(|axis| end[axis].min(most[axis]).saturating_sub(first[axis]));
        let mut grid = Self {
            left: first[0] * STEP,
            top: first[1] * STEP,
            columns,
            rows,
            nodes: Vec::new(),
            step: 1.0,
        };
        if columns > 0 && rows > 0 {
            grid.nodes = grid.placed(worn, laid, stage, person, clip);
            grid.step = grid.mean_step(worn);
            grid.shade(worn, stage);
        }
        grid
    }

    fn placed(
        &self,
        worn: &Worn,
        laid: &Laid,
        stage: &Stage,
        person: &Person,
        clip: Option<[Point; 2]>,
    ) -> Vec<Node> {
        let texels = worn.garment.cut_out.picture.height as f64;
        let arms = [0, 1].map(|side| person.body.arm(side));
        let soft = CUFF * person.body.across().length();
        let sleeves = sleeves_now(worn, person);
        let (wide, high) = (stage.width as f64, stage.height as f64);
        let fade = STEP as f64 / high;
        let mut nodes = Vec::with_capacity((self.columns + 1) * (self.rows + 1));
        for row in 0..=self.rows {
            for column in 0..=self.columns {
                let (u, v) = (
                    (self.left + column * STEP) as f64 / wide,
                    (self.top + row * STEP) as f64 / high,
                );
                let p = point(u * person.aspect, v);
                let on = laid.warp.at(p);
                let bare = sleeves.map_or(1.0, |covers| {
                    let [a, b] = [0, 1].map(|side| arms[side].nearest(p));
                    let (side, along) = if a.1 < b.1 { (0, a.0) } else { (1, b.0) };
                    ((along - covers[side]) / soft + 0.5).clamp(0.0, 1.0)
                });
                let above = clip.map_or(1.0, |[from, to]| {
                    let below = (to - from).unit_or(point(1.0, 0.0)).quarter_turn();
                    (0.5 - (p - from).dot(below) / fade).clamp(0.0, 1.0)
                });
                nodes.push(Node {
                    u: (on.x * texels) as f32,
                    v: (on.y * texels) as f32,
                    bare: bare as f32,
                    seen: laid.seen(p, fade).min(above) as f32,
                    shade: stage.shade.at(u as f32, v as f32),
                    shadow: 0.0,
                });
            }
        }
        nodes
    }

    fn node(&self, column: usize, row: usize) -> Node {
        self.nodes[row * (self.columns + 1) + column]
    }

    /// Upper left, upper right, lower left, lower right.
    pub fn corners(&self, column: usize, row: usize) -> [Node; 4] {
        [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(x, y)| self.node(column + x, row + y))
    }

    /// Whether any of the garment's `width` × `height` texels can be seen in a cell. Where the map has folded it is
    /// mirrored: nothing is seen there.
    pub fn is_in(&self, column: usize, row: usize, width: f32, height: f32) -> bool {
        let corners = self.corners(column, row);
        let beside = |pick: fn(&Node) -> f32, most: f32| {
            corners.iter().all(|node| pick(node) < -1.0)
                || corners.iter().all(|node| pick(node) > most + 1.0)
        };
        !beside(|node| node.u, width)
            && !beside(|node| node.v, height)
            && corners.iter().any(|node| node.seen > 0.0)
            && texels(&corners) > 0.0
    }

    /// Texels a pixel where the garment is, in the mean.
    fn mean_step(&self, worn: &Worn) -> f32 {
        let picture = &worn.garment.cut_out.picture;
        let (mut sum, mut count) = (0.0, 0.0);
        for row in 0..self.rows {
            for column in 0..self.columns {
                if self.is_in(column, row, picture.width as f32, picture.height as f32) {
                    sum += texels(&self.corners(column, row)).sqrt() / STEP as f32;
                    count += 1.0;
                }
            }
        }
        if count > 0.0 { sum / count } else { 1.0 }
    }

    /// Darkens the garment towards its edge, where it turns away, and finds its shadow. Both are its own cover, softened.
    fn shade(&mut self, worn: &Worn, stage: &Stage) {
        let (level, scale) = worn.texture.level(self.step * STEP as f32);
        let mut seen = Vec::with_capacity(self.columns * self.rows);
        let cover = Plane::made(self.columns, self.rows, |column, row| {
            let corners = self.corners(column, row);
            let mean = |pick: fn(&Node) -> f32| corners.iter().map(pick).sum::<f32>() / 4.0;
            let (u, v) = (mean(|node| node.u), mean(|node| node.v));
            let alpha = level.at((u * scale * 256.0) as i32, (v * scale * 256.0) as i32) >> 24;
            seen.push(alpha as f32 / 255.0 * mean(|node| node.seen));
            alpha as f32 / 255.0
        });
        let reach = (stage.height / (80 * STEP)).max(1);
        let softened = |plane: &Plane| plane.blurred(reach, reach).blurred(reach, reach);
        let thrown = softened(&Plane {
            width: self.columns,
            height: self.rows,
            values: seen,
        });
        let soft = softened(&cover);
        let (wide, high) = (self.columns as f32, self.rows as f32);
        // The light comes from the left above.
        let drop = stage.height as f32 / 110.0 / STEP as f32;
        for row in 0..=self.rows {
            for column in 0..=self.columns {
                let (x, y) = (column as f32, row as f32);
                let inside = ((soft.at(x / wide, y / high) - 0.45) * 2.2).clamp(0.0, 1.0);
                let shadow = thrown.at((x - drop * 0.5) / wide, (y - drop) / high);
                let node = &mut self.nodes[row * (self.columns + 1) + column];
                node.shade *= 1.0 - ROUND * (1.0 - inside);
                node.shadow = SHADOW * shadow;
            }
        }
    }
}

/// Texels that a cell covers; below 0 where it is mirrored.
fn texels([a, b, c, _]: &[Node; 4]) -> f32 {
    (b.u - a.u) * (c.v - a.v) - (b.v - a.v) * (c.u - a.u)
}

/// Left, right, top and bottom of where a garment with such handles may be, in parts of the extents.
fn bounds(handles: &[Point], aspect: f64) -> (f64, f64, f64, f64) {
    let extent = |pick: fn(&Point) -> f64| {
        let values = handles.iter().map(pick);
        (
            values.clone().fold(f64::INFINITY, f64::min),
            values.fold(f64::NEG_INFINITY, f64::max),
        )
    };
    let ((left, right), (top, bottom)) = (extent(|p| p.x), extent(|p| p.y));
    let margin = MARGIN * (right - left).max(bottom - top).max(0.02);
    (
        (left - margin) / aspect,
        (right + margin) / aspect,
        top - margin,
        bottom + margin,
    )
}

/// How far sleeves reach along the arms when their cuffs have been moved.
fn sleeves_now(worn: &Worn, person: &Person) -> Option<[f64; 2]> {
    let covers = worn.placement.sleeves?;
    Some([0, 1].map(|side| {
        match (
            worn.placement.handles.get(4 + side),
            worn.moved.get(4 + side),
        ) {
            (Some(cuff), Some(now)) => {
                let arm = person.body.arm(side);
                covers[side] + arm.nearest(*now).0 - arm.nearest(cuff.target).0
            }
            _ => covers[side],
        }
    }))
}
