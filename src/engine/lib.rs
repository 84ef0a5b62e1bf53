//! Plans of quantized networks: their binary format, memory plan and CPU executor.
//!
//! A [`Plan`] is a network after compilation: shapes known, constants kept in the type they were
//! stored in, memory laid out in advance, anew for each extent of an open dimension. [`PlanBuilder`] makes one,
//! [`PlanReader`] reads one as it arrives, without trusting it, and a [`CpuSession`] runs it.

mod cpu;
mod error;
mod generalise;
mod infer;
mod kernels;
mod op;
mod optimise;
mod plan;
mod session;
mod tensor;

pub use cpu::{CpuSession, KernelSet};
pub use error::{PlanError, RunError};
pub use generalise::{GeneraliseError, Generaliser};
pub use kernels::{ResizeTap, resize_taps};
pub use op::{
    Binary, Direction, FloatFormat, Op, PadMode, Reduction, ResizeCoordinates, ResizeMode,
    SampleBorder, SampleMode, Unary, Window,
};
pub use optimise::{UnknownWeightBits, WeightBits, optimise};
pub use plan::{
    CutView, FORMAT_VERSION, NodeView, OpenNumber, Place, Plan, PlanBuilder, PlanReader, SlotType,
    StepView, Symbol, ValueId,
};
pub use session::{OpenAxis, Port, Session};
pub use tensor::{DType, Tensor, TensorType, Values};
