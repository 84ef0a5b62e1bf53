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
#[derive(Debug, Clone, PartialEq)]
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

impl DType {
    /// Bytes of one element.
    #[must_use]
    pub fn size_bytes(self) -> usize {
        match self {
            Self::F32 | Self::I32 => 4,
            Self::I8 | Self::U8 => 1,
        }
    }
}

impl TensorType {
    /// A type of `dtype` and `shape`.
    #[must_use]
    pub fn new(dtype: DType, shape: impl Into<Vec<usize>>) -> Self {
        Self {
            dtype,
            shape: shape.into(),
        }
    }

    /// Product of the extents; `None` when it overflows.
    #[must_use]
    pub fn element_count(&self) -> Option<usize> {
        let mut extents = self.shape.iter();
        extents.try_fold(1_usize, |product, &extent| product.checked_mul(extent))
    }

    /// Bytes of all elements; `None` when no buffer can be as large (`isize::MAX` bytes).
    #[must_use]
    pub fn size_bytes(&self) -> Option<usize> {
        let bytes = self.element_count()?.checked_mul(self.dtype.size_bytes())?;
        isize::try_from(bytes).is_ok().then_some(bytes)
    }
}

impl std::fmt::Display for DType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::I32 => "i32",
            Self::I8 => "i8",
            Self::U8 => "u8",
        })
    }
}

impl std::fmt::Display for TensorType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{:?}", self.dtype, self.shape)
    }
}

impl Values {
    /// `len` zeros; `None` when there is no memory for them.
    #[must_use]
    pub fn try_zeros(dtype: DType, len: usize) -> Option<Self> {
        fn zeros<T: Clone + Default>(len: usize) -> Option<Vec<T>> {
            let mut values = Vec::new();
            values.try_reserve_exact(len).ok()?;
            values.resize(len, T::default());
            Some(values)
        }
        Some(match dtype {
            DType::F32 => Self::F32(zeros(len)?),
            DType::I32 => Self::I32(zeros(len)?),
            DType::I8 => Self::I8(zeros(len)?),
            DType::U8 => Self::U8(zeros(len)?),
        })
    }

    /// No values.
    #[must_use]
    pub fn empty(dtype: DType) -> Self {
        match dtype {
            DType::F32 => Self::F32(Vec::new()),
            DType::I32 => Self::I32(Vec::new()),
            DType::I8 => Self::I8(Vec::new()),
            DType::U8 => Self::U8(Vec::new()),
        }
    }

    /// Element type.
    #[must_use]
    pub fn dtype(&self) -> DType {
        match self {
            Self::F32(_) => DType::F32,
            Self::I32(_) => DType::I32,
            Self::I8(_) => DType::I8,
            Self::U8(_) => DType::U8,
        }
    }

    /// Number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::F32(v) => v.len(),
            Self::I32(v) => v.len(),
            Self::I8(v) => v.len(),
            Self::U8(v) => v.len(),
        }
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Tensor {
    /// A tensor of `shape` holding `values`.
    ///
    /// # Errors
    /// [`RunError::ValueCount`](crate::RunError::ValueCount) when the number of values is not the product of the shape.
    pub fn new(shape: impl Into<Vec<usize>>, values: Values) -> Result<Self, crate::RunError> {
        let shape = shape.into();
        let expected = shape
            .iter()
            .try_fold(1_u128, |n, &e| n.checked_mul(e as u128));
        if expected != Some(values.len() as u128) {
            return Err(crate::RunError::ValueCount {
                shape,
                expected: expected.unwrap_or(u128::MAX),
                found: values.len(),
            });
        }
        Ok(Self { shape, values })
    }

    /// Extents of the axes.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Element type.
    #[must_use]
    pub fn dtype(&self) -> DType {
        self.values.dtype()
    }

    /// Element type and extents.
    #[must_use]
    pub fn ty(&self) -> TensorType {
        TensorType::new(self.dtype(), self.shape.clone())
    }

    /// Row-major values.
    #[must_use]
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The first `count` along `axis`, or all where there are fewer.
    ///
    /// # Errors
    /// [`RunError::ValueCount`](crate::RunError::ValueCount) when there is no memory for them.
    pub fn cut(&self, axis: usize, count: usize) -> Result<Self, crate::RunError> {
        if self.shape.get(axis).is_none_or(|&extent| extent <= count) {
            return Ok(self.clone());
        }
        Self::cut_of(&self.shape, &self.values, axis, count)
    }

    /// As [`Self::cut`], of a tensor of `shape` whose values lie at the front of a buffer.
    ///
    /// # Errors
    /// As [`Self::cut`], and when the buffer is shorter than the tensor.
    pub fn cut_of(
        shape: &[usize],
        buffer: &Values,
        axis: usize,
        count: usize,
    ) -> Result<Self, crate::RunError> {
        let (mut row, mut rows, mut kept) = (1_usize, 1_usize, 1_usize);
        let mut cut = shape.to_vec();
        for (at, extent) in cut.iter_mut().enumerate() {
            if at < axis {
                rows = extent.saturating_mul(rows);
            } else {
                row = extent.saturating_mul(row);
                if at == axis {
                    *extent = count.min(*extent);
                }
                kept = extent.saturating_mul(kept);
            }
        }
        let values = match buffer {
            Values::F32(values) => Values::F32(row_starts(values, row, rows, kept)),
            Values::I32(values) => Values::I32(row_starts(values, row, rows, kept)),
            Values::I8(values) => Values::I8(row_starts(values, row, rows, kept)),
            Values::U8(values) => Values::U8(row_starts(values, row, rows, kept)),
        };
        Self::new(cut, values)
    }

    /// The values of an f32 tensor.
    #[must_use]
    pub fn as_f32(&self) -> Option<&[f32]> {
        match &self.values {
            Values::F32(values) => Some(values),
            _ => None,
        }
    }

    /// The values of an i32 tensor.
    #[must_use]
    pub fn as_i32(&self) -> Option<&[i32]> {
        match &self.values {
            Values::I32(values) => Some(values),
            _ => None,
        }
    }
}

/// The first `kept` of each of the first `rows` rows; nothing when there is no memory for them.
fn row_starts<T: Copy>(values: &[T], row: usize, rows: usize, kept: usize) -> Vec<T> {
    let mut starts = Vec::new();
    if starts.try_reserve_exact(rows.saturating_mul(kept)).is_ok() {
        for row in values.chunks_exact(row.max(1)).take(rows) {
            starts.extend_from_slice(row.get(..kept).unwrap_or_default());
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_tensor_needs_as_many_values_as_its_shape_says() {
        assert!(Tensor::new([2, 3], Values::U8(vec![0; 6])).is_ok());
        assert!(Tensor::new([2, 3], Values::U8(vec![0; 5])).is_err());
        assert!(Tensor::new([], Values::F32(vec![1.0])).is_ok());
        assert!(Tensor::new([0, 9], Values::F32(vec![])).is_ok());
    }

    #[test]
    fn the_first_along_an_axis_are_cut_from_every_row() {
        let x = Tensor::new([2, 3, 2], Values::I32((0..12).collect())).unwrap();
        let cut = |axis, count| x.cut(axis, count).unwrap();
        assert_eq!(cut(0, 1).as_i32().unwrap(), [0, 1, 2, 3, 4, 5]);
        assert_eq!(cut(1, 2).as_i32().unwrap(), [0, 1, 2, 3, 6, 7, 8, 9]);
        assert_eq!(cut(2, 1).as_i32().unwrap(), [0, 2, 4, 6, 8, 10]);
        assert_eq!(cut(1, 2).shape(), [2, 2, 2]);
        assert_eq!(
            cut(1, 0),
            Tensor::new([2, 0, 2], Values::I32(vec![])).unwrap()
        );
        assert_eq!(cut(1, usize::MAX), x);
        assert_eq!(cut(3, 1), x);
    }

    #[test]
    fn nothing_is_cut_out_of_nothing_however_large_the_other_axes_are() {
        let x = Tensor::new([usize::MAX, usize::MAX, 0], Values::U8(vec![])).unwrap();
        for (axis, shape) in [(0, [5, usize::MAX, 0]), (1, [usize::MAX, 5, 0])] {
            assert_eq!(x.cut(axis, 5).unwrap().shape(), shape);
        }
    }

    #[test]
    fn a_buffer_may_be_longer_than_what_is_cut_from_it_and_not_shorter() {
        let buffer = Values::U8((0..9).collect());
        let cut = Tensor::cut_of(&[2, 2], &buffer, 1, 1).unwrap();
        assert_eq!(cut, Tensor::new([2, 1], Values::U8(vec![0, 2])).unwrap());
        assert!(Tensor::cut_of(&[5, 2], &buffer, 1, 1).is_err());
    }

    #[test]
    fn shapes_beyond_the_address_space_are_refused_not_computed() {
        assert!(Tensor::new([usize::MAX, usize::MAX, 4], Values::F32(vec![])).is_err());
        assert_eq!(
            TensorType::new(DType::F32, [usize::MAX, 2]).element_count(),
            None
        );
        // As many bytes as a pointer can count, and twice as many as one allocation may have.
        let half = usize::MAX / 2 + 1;
        assert_eq!(TensorType::new(DType::U8, [half]).size_bytes(), None);
        assert_eq!(
            TensorType::new(DType::U8, [half - 1]).size_bytes(),
            Some(half - 1)
        );
    }
}
