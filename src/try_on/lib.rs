//! Trying on: garments from their pictures laid over a photo or a drawn mannequin, in the shopper's own memory.
//!
//! ```text
//! garment's picture, mask ─▶ CutOut ─▶ Marks ─┐
//! photo, regions, key points ─▶ Person, Body ─┴▶ Placement (handles) ─▶ Spline ─▶ render
//!              or a mannequin ─────▲                     ▲ moved by the shopper
//! ```
//!
//! Pictures and model outputs in, pixels out. Nothing here decodes a file, runs a model, or keeps anything beyond the
//! [`TryOn`] that holds it. Size advice is by numbers that the shopper types in; no photo is measured.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod body;
mod cut_out;
mod design;
mod error;
mod garment;
mod geometry;
mod history;
mod look;
mod mannequin;
mod marks;
mod person;
mod pixels;
mod placement;
mod plane;
mod raster;
mod render;
pub mod size;
mod slot;
mod solve;
mod spline;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod texture;
mod try_on;

pub use body::{Body, KeyPoints};
pub use design::{Design, DesignError, Item, hex, srgb};
pub use error::TryOnError;
pub use garment::{Garment, Worn};
pub use geometry::Point;
pub use look::{Figure, Look, Pattern};
pub use mannequin::{BUILDS, Build, TONES, Tone, mannequin};
pub use marks::Landmarks;
pub use person::Person;
pub use pixels::{MOST_PIXELS, Pixels};
pub use slot::Slot;
pub use try_on::{HandlePlace, TryOn};
