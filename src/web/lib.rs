//! JavaScript bindings of the recommender: nearshelf.wasm.
//!
//! Handles in, plain data out: a [`Shelf`] holds one pack, a [`Model`] one plan, which a
//! [`ModelReader`] takes in piece by piece. Every error is thrown
//! as an `Error` named `NearshelfError` with a stable `code`. No fetch, storage or DOM: the shell's
//! worker brings the bytes.

mod gpu;
mod item;
mod items;
mod model;
mod pieces;
mod request;
mod shelf;

pub use gpu::GpuDevice;
pub use items::Items;
pub use model::{Model, ModelReader};
pub use shelf::Shelf;
