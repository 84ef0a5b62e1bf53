//! Plans of quantized networks: their binary format, memory plan and CPU executor.
//!
//! A [`Plan`] is a network after compilation: shapes known, constants kept in the type they were
//! stored in, memory laid out in advance, anew for each extent of an open dimension. [`PlanBuilder`] makes one,
//! [`PlanReader`] reads one as it arrives, without trusting it, and a [`CpuSession`] runs it.

mod cpu;
mod generalise;
mod infer;
mod optimise;
mod plan;
mod session;

pub use cpu::CpuSession;
pub use generalise::{GeneraliseError, Generaliser};
pub use nearshelf_kernels::{KernelSet, ResizeTap, broadcast_strides, resize_taps, strides};
pub use nearshelf_operators::{
    Binary, DType, Direction, FloatFormat, Masking, Op, PadMode, PlanError, Reduction,
    ResizeCoordinates, ResizeMode, RunError, SampleBorder, SampleMode, Tensor, TensorType, Unary,
    Values, Window, ZeroShares,
};
pub use optimise::{UnknownWeightBits, WeightBits, optimise};
pub use plan::{
    CutView, FORMAT_VERSION, NodeView, OpenNumber, Outline, Place, Plan, PlanBuilder, PlanReader,
    SlotType, StepView, Symbol, ValueId,
};
pub use session::{OpenAxis, Port, Session};
