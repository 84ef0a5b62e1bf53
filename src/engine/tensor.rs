//! Tensors: a type, a shape and owned row-major values.

use serde::{Deserialize, Serialize};

/// Element type of a tensor.
///
/// ONNX's `int64` becomes [`DType::I32`] (the compiler checks the range of constants), `bool`
/// becomes [`DType::U8`] with values 0 and 1, and `float16` / `double` become [`DType::F32`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DType {
    /// 32-bit float.
    F32,
    /// 32-bit signed integer.
    I32,
    /// 8-bit signed integer.
    I8,
    /// 8-bit unsigned integer, or a truth value.
    U8,
}

/// What is known of a value before it is computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TensorType {
    /// Element type.
    pub dtype: DType,
    /// Extent of each axis, outermost first. Empty for a scalar; an extent may be zero.
    pub shape: Vec<usize>,
}

/// Row-major values of one tensor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Values {
    /// 32-bit floats.
    F32(Vec<f32>),
    /// 32-bit signed integers.
    I32(Vec<i32>),
    /// 8-bit signed integers.
    I8(Vec<i8>),
    /// 8-bit unsigned integers.
    U8(Vec<u8>),
}

/// An owned tensor: `values.len()` equals the product of `shape`.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    shape: Vec<usize>,
    values: Values,
}
