//! What pictures of garments and people tell.
//!
//! ```text
//! picture ─▶ squash ─▶ tensor ─▶ (garment model) ─▶ Garment ┐
//!               └──────────────────────────────▶ palette ───┴▶ Look ─▶ Looks: alike, in another colour, goes with, taste
//! photo ───▶ squash ─▶ tensor ─▶ (person model, or a third party's) ─▶ Person
//! ```
//!
//! Pure functions: numbers in, plain data out. Nothing here decodes a file (it reads their headers), runs a model or keeps a picture.

mod attribute;
mod category;
mod colour;
mod difference;
mod error;
mod garment;
mod header;
mod looks;
mod mask;
mod names;
mod palette;
pub mod people;
mod person;
mod picture;
mod point;

pub use attribute::{ATTRIBUTES, Attribute, Group};
pub use category::Category;
pub use colour::OkLab;
pub use difference::delta_e_2000;
pub use error::OutputError;
pub use garment::{EMBEDDING_VALUES, Garment, GarmentOutputs, Landmark, Row};
pub use header::Header;
pub use looks::{
    Audience, Companion, Companions, Filed, Harmony, Likeness, Look, Looks, LooksError, Match,
    Named, Taste, harmony_of,
};
pub use mask::Mask;
pub use names::ColourName;
pub use palette::{Swatch, palette};
pub use person::{KeyPoint, Person, PersonOutputs, Regions};
pub use picture::{MOST_PIXELS, Picture, PictureError, SIDE, Squashed};
pub use point::Point;
