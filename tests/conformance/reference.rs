//! An ONNX file compiled for a reference's inputs, and those inputs.

use crate::npz::{self, Array};
use nearshelf_engine::{DType, Plan, Port, Tensor, Values};
use nearshelf_onnx::{CompileError, CompileOptions};
use std::path::Path;

/// Compiles `onnx` for the shapes of the reference's inputs.
///
/// # Errors
/// As [`nearshelf_onnx::compile`].
///
/// # Panics
/// When the reference lacks an input.
pub fn compile(onnx: &[u8], inputs: &[(String, Array)]) -> Result<Plan, CompileError> {
    let mut options = CompileOptions::default();
    for open in nearshelf_onnx::open_dimensions(onnx)? {
        let input = inputs.iter().find(|(name, _)| *name == open.input);
        let (_, array) =
            input.unwrap_or_else(|| panic!("the reference has no input {:?}", open.input));
        if !options
            .bind
            .iter()
            .any(|(symbol, _)| *symbol == open.symbol)
        {
            options.bind.push((open.symbol, array.shape[open.axis]));
        }
    }
    nearshelf_onnx::compile(onnx, &options)
}

/// The inputs of a reference in the types of `ports`.
///
/// # Panics
/// When the reference lacks one.
#[must_use]
pub fn inputs_of(ports: &[Port], reference: &Path) -> Vec<(String, Tensor)> {
    let arrays = npz::arrays(reference, "in_");
    let input = |port: &Port| {
        let (_, array) = arrays.iter().find(|(name, _)| *name == port.name).unwrap();
        (port.name.clone(), tensor(array, port.ty.dtype))
    };
    ports.iter().map(input).collect()
}

/// The array in a plan's type.
///
/// # Panics
/// When its shape doesn't hold its values.
#[must_use]
pub fn tensor(array: &Array, dtype: DType) -> Tensor {
    let values = &array.values;
    let values = match dtype {
        DType::F32 => Values::F32(values.iter().map(|&v| v as f32).collect()),
        DType::I32 => Values::I32(values.iter().map(|&v| v as i32).collect()),
        DType::I8 => Values::I8(values.iter().map(|&v| v as i8).collect()),
        DType::U8 => Values::U8(values.iter().map(|&v| v as u8).collect()),
    };
    Tensor::new(array.shape.clone(), values).unwrap()
}
