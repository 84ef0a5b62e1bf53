//! Plans executed by WebGPU compute shaders: in a browser by WebGPU, elsewhere by Vulkan, Metal or DX12.
//!
//! A plan becomes a [`Program`](program::Program) of dispatches, without a GPU; what the adapter can't do is found
//! out then. A [`GpuSession`] gives the program buffers and pipelines, once, and runs it: one submission and one
//! readback a call.

mod buffers;
mod capabilities;
mod dispatch;
mod error;
mod gpu;
mod lower;
mod program;
mod scoring;
mod session;
mod shader;
mod submission;
#[cfg(test)]
mod tests;

pub use capabilities::Capabilities;
pub use error::GpuError;
pub use gpu::Gpu;
pub use scoring::{ItemMatrix, MAX_K, Scored};
pub use session::GpuSession;
