//! Without a GPU: what the shaders and the lowering promise. With one: that it agrees with the CPU.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cloned_ref_to_slice_refs
)]

mod agree;
mod arrival;
mod attention;
mod convolution;
mod elementwise;
mod exact;
mod filling;
mod graphs;
mod layout;
mod loops;
mod memory;
mod models;
mod pick;
mod pool;
mod products;
mod quantize;
mod recurrent;
mod rows;
mod sample;
mod scoring;
mod shaders;
