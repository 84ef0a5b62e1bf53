//! What plans are made of: operators with their attributes, tensors, and what can go wrong with them.
//!
//! Kernels and whatever else runs an operator need no more than this. Other crates find it in `nearshelf-engine`.

mod error;
mod op;
mod tensor;

pub use error::{PlanError, RunError};
pub use op::{
    Binary, Direction, FloatFormat, Masking, NumberMut, Op, PadMode, Reduction, ResizeCoordinates,
    ResizeMode, SampleBorder, SampleMode, Unary, Window, ZeroShares,
};
pub use tensor::{DType, Tensor, TensorType, Values};
