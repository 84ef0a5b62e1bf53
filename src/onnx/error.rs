//! Why a model can't be compiled.

use nearshelf_engine::PlanError;

/// A model can't be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// Other bytes, or a file cut short.
    #[error(
        "not an ONNX model ({detail}): check that the file is complete and is no Git LFS pointer"
    )]
    NotOnnx {
        /// What is wrong.
        detail: String,
    },
    /// A tensor lives in another file.
    #[error(
        "the values of {tensor:?} are in another file: save the model as one file, \
         `onnx.save(onnx.load(path), path, save_as_external_data=False)`"
    )]
    ExternalData {
        /// The tensor's name.
        tensor: String,
    },
    /// An operator that has no counterpart in a plan.
    #[error("operator {operator} (domain {domain:?}) of node {node:?} is not supported: {remedy}")]
    UnsupportedOperator {
        /// ONNX operator type.
        operator: String,
        /// Its domain; empty for ONNX's own.
        domain: String,
        /// The node's name.
        node: String,
        /// What to do.
        remedy: String,
    },
    /// An element type that has no counterpart in a plan.
    #[error("{name:?} has element type {found}: use a float, an integer of 8 to 64 bits, or bool")]
    UnsupportedType {
        /// The tensor or input.
        name: String,
        /// ONNX name of the type.
        found: String,
    },
    /// An input has an open dimension. Each one has to be given an extent.
    #[error(
        "input {input:?} leaves {symbol:?} open: bind it with `--bind {symbol}=1`, or compile it with its range, \
         `--open {symbol}=1..128`; in a page either goes into `bind` (open here: {open})"
    )]
    UnboundDimension {
        /// The first such input.
        input: String,
        /// Its open dimension, as [`CompileOptions::bind`](crate::CompileOptions::bind) names it.
        symbol: String,
        /// All open dimensions of the model, separated by commas.
        open: String,
    },
    /// An operand that a plan has to know depends on inputs, which
    /// [`CompileOptions::fix`](crate::CompileOptions::fix) may give values.
    #[error(
        "operand {operand} of {operator}, node {node:?}, has to be known when compiling and depends on {}: \
         make those inputs constants of the file, or have `nearshelf run --inputs` compile their values in \
         (`CompileOptions::fix`)",
        inputs.join(", ")
    )]
    InputNeeded {
        /// ONNX operator type.
        operator: String,
        /// The node's name.
        node: String,
        /// Index of the operand.
        operand: usize,
        /// The model's inputs that it depends on.
        inputs: Vec<String>,
    },
    /// An input can't be fixed to the given value.
    #[error("input {input:?} can't be fixed: {detail}")]
    BadFix {
        /// As given.
        input: String,
        /// What is wrong.
        detail: String,
    },
    /// A binding that matches no dimension.
    #[error("no input has an open dimension {symbol:?}; open here: {open}")]
    UnknownBinding {
        /// As given.
        symbol: String,
        /// All open dimensions of the model, separated by commas.
        open: String,
    },
    /// A range that is none, or a dimension that is given twice.
    #[error("{symbol}: {detail}")]
    BadRange {
        /// The range, or the dimension.
        symbol: String,
        /// What is wrong.
        detail: String,
    },
    /// The model depends on an open dimension in a way that a plan can't hold.
    #[error(
        "{node:?} can't be compiled for {symbols}: {detail}; bind the dimension instead, or give a narrower range or one in steps"
    )]
    NotOpen {
        /// The node, or the output.
        node: String,
        /// What does not follow from the extents.
        detail: String,
        /// Open dimensions with their ranges, separated by commas.
        symbols: String,
    },
    /// An `int64` constant that a plan's i32 can't hold.
    #[error(
        "constant {value} of node {node:?} is beyond 32 bits: export the model with smaller constants"
    )]
    OutOfRange {
        /// The node that uses it.
        node: String,
        /// The value.
        value: i64,
    },
    /// The graph contradicts the ONNX specification.
    #[error("node {node:?}: {detail}; check the file with `onnx.checker.check_model`")]
    BadModel {
        /// The node's name, or the tensor's or input's.
        node: String,
        /// What is wrong.
        detail: String,
    },
    /// The engine refuses the lowered graph.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

impl CompileError {
    /// A stable name of the kind of failure, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOnnx { .. } => "not-onnx",
            Self::ExternalData { .. } => "external-data",
            Self::UnsupportedOperator { .. } => "unsupported-operator",
            Self::UnsupportedType { .. } => "unsupported-type",
            Self::UnboundDimension { .. } => "unbound-dimension",
            Self::UnknownBinding { .. } => "unknown-binding",
            Self::InputNeeded { .. } => "input-needed",
            Self::BadFix { .. } => "bad-fix",
            Self::BadRange { .. } => "bad-range",
            Self::NotOpen { .. } => "not-open",
            Self::OutOfRange { .. } => "constant-out-of-range",
            Self::BadModel { .. } => "bad-model",
            Self::Plan(_) => "bad-plan",
        }
    }
}
