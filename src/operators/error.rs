//! What can go wrong: building or reading a plan, and running it.

use crate::TensorType;

/// A plan can't be built or read.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Other bytes.
    #[error("not a plan: compile the model with `nearshelf compile`")]
    NotAPlan,
    /// Written by a newer compiler than this engine supports.
    #[error("plan format {found} is newer than supported {supported}: update the widget")]
    UnsupportedVersion {
        /// The file's version.
        found: u16,
        /// The newest this engine reads.
        supported: u16,
    },
    /// The file ends early, or goes on too long.
    #[error("the plan has {found} bytes, its header says {expected}: the download was cut")]
    WrongSize {
        /// Bytes there.
        found: u64,
        /// Bytes announced.
        expected: u64,
    },
    /// The bytes are not those that were written.
    #[error("the plan's checksum does not match: copy the file again")]
    ChecksumMismatch,
    /// The graph as a whole makes no sense.
    #[error("the plan's graph is wrong: {detail}")]
    BadGraph {
        /// What is wrong.
        detail: String,
    },
    /// A node's operands don't suit its operator.
    #[error("node {node:?} ({operator}): {detail}")]
    BadNode {
        /// The node's name.
        node: String,
        /// The operator.
        operator: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// The network needs more memory than the engine gives.
    #[error("{what} would take {bytes} bytes, at most {limit}: bind smaller dimensions")]
    TooLarge {
        /// What.
        what: &'static str,
        /// Bytes needed.
        bytes: u64,
        /// Bytes given.
        limit: u64,
    },
    /// A dimension can't be bound so.
    #[error("{symbol:?} can't be bound to {extent}; open here: {open}")]
    BadBinding {
        /// As given.
        symbol: String,
        /// As given.
        extent: usize,
        /// The plan's open dimensions with their ranges, separated by commas.
        open: String,
    },
    /// The machine has no memory for the buffers.
    #[error(
        "no memory for the network's buffers of {bytes} bytes: close other pages, or bind smaller dimensions"
    )]
    OutOfMemory {
        /// Bytes needed.
        bytes: u64,
    },
}

/// A call of a session failed; the session stays usable.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An input was not given.
    #[error("input {name:?} is missing")]
    MissingInput {
        /// The model's name for it.
        name: String,
    },
    /// An input that the model doesn't have.
    #[error("the model has no input {name:?}; it has {known}")]
    UnknownInput {
        /// As given.
        name: String,
        /// The model's inputs.
        known: String,
    },
    /// Another type or shape than the model was compiled for.
    #[error("input {name:?} is {found}, the model was compiled for {expected}")]
    WrongType {
        /// The input.
        name: String,
        /// Element type and extents as compiled, with names and ranges where axes are open.
        expected: String,
        /// As given.
        found: TensorType,
    },
    /// An extent that an open dimension doesn't take.
    #[error("axis {axis} of input {name:?} is {extent}, the model was compiled for {symbol}")]
    WrongExtent {
        /// The input.
        name: String,
        /// Its axis.
        axis: usize,
        /// As given.
        extent: usize,
        /// Name and range of the dimension.
        symbol: String,
    },
    /// Two axes of one symbol differ.
    #[error(
        "axis {axis} of input {name:?} is {extent}, but {symbol:?} is {other} in an input before it"
    )]
    ExtentsDiffer {
        /// The later input.
        name: String,
        /// Its axis.
        axis: usize,
        /// Its extent.
        extent: usize,
        /// Name of the dimension.
        symbol: String,
        /// Extent of the first axis that has the symbol.
        other: usize,
    },
    /// The network makes no sense, or has no room, for the extents of these inputs.
    #[error("the model can't be run for {extents}: {error}")]
    Unbindable {
        /// Symbols and their extents.
        extents: String,
        /// What is wrong.
        error: Box<PlanError>,
    },
    /// Shape and number of values disagree.
    #[error("a tensor of shape {shape:?} has {expected} values, found {found}")]
    ValueCount {
        /// The shape.
        shape: Vec<usize>,
        /// Product of the shape.
        expected: u128,
        /// Values there.
        found: usize,
    },
    /// The values made an operator fail.
    #[error("node {node:?} ({operator}): {detail}")]
    Node {
        /// The node's name.
        node: String,
        /// The operator.
        operator: &'static str,
        /// What is wrong.
        detail: String,
    },
}
