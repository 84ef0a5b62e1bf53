//! Without a GPU: what the shaders and the lowering promise. With one: that it agrees with the CPU.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod agree;
mod elementwise;
mod layout;
mod quantize;
mod shaders;
