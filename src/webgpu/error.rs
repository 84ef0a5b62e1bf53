//! Why something did not run on the GPU. In each case it can run on the CPU.

use nearshelf_engine::RunError;

/// Why a plan, or one run of it, was not executed on the GPU.
#[derive(Debug, thiserror::Error)]
pub enum GpuError {
    /// There is no adapter: no WebGPU, no driver, or a blocked one.
    #[error("no GPU can be used: {reason}")]
    NoAdapter {
        /// What the browser or the driver says.
        reason: String,
    },
    /// The adapter lacks what a step of the plan needs.
    #[error("node {node:?} ({operator}) can't run on {adapter}: {reason}")]
    Unsupported {
        /// The ONNX node's name.
        node: String,
        /// The operator.
        operator: &'static str,
        /// The adapter's name.
        adapter: String,
        /// What is missing.
        reason: String,
    },
    /// Buffers of this size can't be had.
    #[error("the GPU has no memory for {what} of {bytes} bytes: {reason}")]
    OutOfMemory {
        /// Which buffers.
        what: &'static str,
        /// Their size.
        bytes: u64,
        /// The adapter's limit, or what the driver says.
        reason: String,
    },
    /// The device is gone: driver restarted, tab in the background for long, laptop's GPU switched off.
    #[error("the GPU was lost: {reason}")]
    Lost {
        /// What the browser or the driver says.
        reason: String,
    },
    /// The driver refused a shader or a submission. That is a defect of this crate or of the driver.
    #[error("the GPU refused {what}: {reason}")]
    Refused {
        /// A shader's name, or the submission.
        what: String,
        /// What the browser or the driver says.
        reason: String,
    },
    /// The inputs don't suit the model, or their values made an operator fail: so it will on the CPU.
    #[error(transparent)]
    Run(#[from] RunError),
}
