//! What is drawn on: how much memory canvases take, and what of a drawing is seen on one.

use crate::DecodeError;
use resvg::{
    tiny_skia::{IntRect, Rect, Transform},
    usvg::Group,
};

/// Most bytes of pictures that are held at a time.
const MOST_HELD: f64 = 256e6;
/// Bytes of a pixel.
pub(super) const PIXEL: f64 = 4.0;

const LARGE: DecodeError =
    DecodeError::Drawing("needs more than 256 MB for its layers and patterns");

/// What is drawn on.
#[derive(Clone, Copy)]
pub(super) struct Canvas {
    /// Its width and height in pixels.
    pub size: (f64, f64),
    /// Where layers may lie.
    pub bounds: IntRect,
    /// Bytes of this one and those that wait for it.
    held: f64,
}

impl Canvas {
    /// What a whole drawing is drawn on.
    pub fn of(width: u32, height: u32) -> Result<Self, DecodeError> {
        let (across, down) = (width.cast_signed(), height.cast_signed());
        // As far as the renderer lets layers reach.
        let bounds = IntRect::from_xywh(-2 * across, -2 * down, 5 * width, 5 * height);
        Ok(Self {
            size: (f64::from(width), f64::from(height)),
            bounds: bounds.ok_or(LARGE)?,
            held: 0.0,
        })
    }

    pub fn pixels(self) -> f64 {
        self.size.0 * self.size.1
    }

    /// A layer of `size`, in which others may lie within `bounds`.
    pub fn layer(self, size: (f64, f64), bounds: IntRect) -> Result<Self, DecodeError> {
        Self { bounds, ..self }.beside(size, 0.0)
    }

    /// Another one of `size`, and `extra` bytes a pixel beside it.
    pub fn beside(self, size: (f64, f64), extra: f64) -> Result<Self, DecodeError> {
        let held = self.held + size.0 * size.1 * (PIXEL + extra);
        let fits = held <= MOST_HELD;
        fits.then_some(Self { size, held, ..self }).ok_or(LARGE)
    }
}

/// Extents of a group's own layer, where layers in it may lie, and how it is drawn there.
pub(super) fn layer(
    group: &Group,
    transform: Transform,
    bounds: IntRect,
) -> Option<((f64, f64), IntRect, Transform)> {
    let rest = if group.filters().is_empty() {
        Transform::identity()
    } else {
        // Filters are drawn upright.
        let (across, down) = (
            transform.sx.hypot(transform.ky),
            transform.kx.hypot(transform.sy),
        );
        Transform::from_row(
            transform.sx / across,
            transform.ky / across,
            transform.kx / down,
            transform.sy / down,
            0.0,
            0.0,
        )
    };
    let upright = rest.invert()?;
    let bounds = bounds.to_rect().transform(upright)?.round_out()?;
    let transform = upright.pre_concat(transform);
    let bbox = group.layer_bounding_box().transform(transform)?;
    let left = (f64::from(bbox.left()).floor() - 2.0).max(f64::from(bounds.left()));
    let top = (f64::from(bbox.top()).floor() - 2.0).max(f64::from(bounds.top()));
    let right = (f64::from(bbox.right()).ceil() + 3.0).min(f64::from(bounds.right()));
    let bottom = (f64::from(bbox.bottom()).ceil() + 3.0).min(f64::from(bounds.bottom()));
    let shift = Transform::from_translate(-left as f32, -top as f32);
    let size = (right - left, bottom - top);
    (size.0 > 0.0 && size.1 > 0.0).then_some((size, bounds, shift.pre_concat(transform)))
}

/// Width and height of what is seen of a box, in pixels.
pub(super) fn drawn(bbox: Rect, transform: Transform, (width, height): (f64, f64)) -> (f64, f64) {
    let Some(bbox) = bbox.transform(transform) else {
        return (width, height);
    };
    let seen = |low: f32, high: f32, end: f64| {
        (f64::from(high).min(end) - f64::from(low).max(0.0)).clamp(0.0, end) + 2.0
    };
    (
        seen(bbox.left(), bbox.right(), width),
        seen(bbox.top(), bbox.bottom(), height),
    )
}
