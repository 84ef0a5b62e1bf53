//! ONNX files compiled to plans through tract-onnx.
//!
//! tract-onnx reads the file and folds what is constant; the rest is lowered operator by operator to
//! [`nearshelf_engine::Op`], whose own inference checks every step
//! (`docs/adr/0002-lower-from-onnx-operators.md`).

mod budget;
mod constant;
mod dims;
mod element;
mod error;
mod fix;
mod fold;
mod graph;
mod kinds;
mod lower;
mod node;
mod open;
mod read;
mod signature;
#[cfg(test)]
mod tests;
mod tract_session;
mod uses;

pub use dims::OpenDimension;
pub use error::CompileError;
pub use signature::{Declaration, ElementType, Extent, Signature, signature};
pub use tract_session::TractSession;

use nearshelf_engine::{Plan, Symbol, Tensor, WeightBits};

/// How to compile a model.
#[derive(Debug, Clone, Default)]
pub struct CompileOptions {
    /// Extents of the inputs' open dimensions, by symbol (`"batch"` → 1), or by input and axis
    /// (`"tokens:1"` → 32) where the file names none.
    pub bind: Vec<(String, usize)>,
    /// Open dimensions, named likewise, that stay open: the plan serves every extent of their ranges.
    pub open: Vec<Symbol>,
    /// Inputs whose values are known now, by name, in the type that a plan has for them: shapes, axes and
    /// the like that a file asks for. They become constants, and the plan has no such inputs.
    pub fix: Vec<(String, Tensor)>,
    /// Bits that weights of dynamically quantized products keep. Seven are quicker under relaxed SIMD and change results.
    /// Products that don't melt with their scales (a lone `MatMulInteger`) keep eight.
    pub weight_bits: WeightBits,
}

/// Compiles an ONNX file. Inputs and outputs keep their ONNX names; `int64` becomes i32, `bool` u8,
/// `float16` and `double` f32.
///
/// # Errors
/// [`CompileError`] when the bytes are no ONNX model, a dimension is neither bound nor given a range, an operator
/// can't be lowered, or the model depends on an open dimension in a way that a plan can't hold.
pub fn compile(onnx: &[u8], options: &CompileOptions) -> Result<Plan, CompileError> {
    let mut model = read::model(onnx)?;
    fix::fix(&mut model, options)?;
    open::compile(&model, options)
}

/// Dimensions of an ONNX file's inputs that [`CompileOptions::bind`] has to give an extent.
///
/// # Errors
/// [`CompileError`] when the bytes are no ONNX model.
pub fn open_dimensions(onnx: &[u8]) -> Result<Vec<OpenDimension>, CompileError> {
    let model = read::model(onnx)?;
    dims::open(&graph::inputs(&model))
}
