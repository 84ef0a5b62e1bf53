//! Values known at compile time, in ONNX's own integer width: shapes are computed in `int64`.

use crate::CompileError;
use nearshelf_engine::{DType, Tensor, Values};

/// Row-major values. `float16` and `double` arrive as f32; integers of other widths as `int64`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Data {
    F32(Vec<f32>),
    I64(Vec<i64>),
    I32(Vec<i32>),
    I8(Vec<i8>),
    U8(Vec<u8>),
    Bool(Vec<bool>),
}

impl Data {
    /// Bytes of one element.
    pub(crate) fn element_bytes(&self) -> usize {
        match self {
            Self::I64(_) => 8,
            Self::F32(_) | Self::I32(_) => 4,
            Self::I8(_) | Self::U8(_) | Self::Bool(_) => 1,
        }
    }
}

/// Most integers that are read as shapes, axes or indices: a copy of theirs takes 8 bytes each.
const MAX_INTS: usize = 1 << 24;

/// A tensor known at compile time: as many values as its shape says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Constant {
    pub(crate) shape: Vec<usize>,
    pub(crate) data: Data,
}

impl Constant {
    pub(crate) fn f32(shape: impl Into<Vec<usize>>, values: Vec<f32>) -> Self {
        Self {
            shape: shape.into(),
            data: Data::F32(values),
        }
    }

    pub(crate) fn i64(shape: impl Into<Vec<usize>>, values: Vec<i64>) -> Self {
        Self {
            shape: shape.into(),
            data: Data::I64(values),
        }
    }

    /// Element type it has in a plan.
    pub(crate) fn dtype(&self) -> DType {
        match self.data {
            Data::F32(_) => DType::F32,
            Data::I64(_) | Data::I32(_) => DType::I32,
            Data::I8(_) => DType::I8,
            Data::U8(_) | Data::Bool(_) => DType::U8,
        }
    }

    pub(crate) fn len(&self) -> usize {
        match &self.data {
            Data::F32(v) => v.len(),
            Data::I64(v) => v.len(),
            Data::I32(v) => v.len(),
            Data::I8(v) => v.len(),
            Data::U8(v) => v.len(),
            Data::Bool(v) => v.len(),
        }
    }

    /// The values of a float tensor.
    pub(crate) fn floats(&self) -> Option<&[f32]> {
        match &self.data {
            Data::F32(values) => Some(values),
            _ => None,
        }
    }

    /// Bytes of all values.
    pub(crate) fn bytes(&self) -> u64 {
        self.len() as u64 * self.data.element_bytes() as u64
    }

    /// The values of an integer tensor of ordinary size.
    pub(crate) fn ints(&self) -> Option<Vec<i64>> {
        if self.len() > MAX_INTS {
            return None;
        }
        Some(match &self.data {
            Data::I64(values) => values.clone(),
            Data::I32(values) => values.iter().map(|&v| i64::from(v)).collect(),
            Data::I8(values) => values.iter().map(|&v| i64::from(v)).collect(),
            Data::U8(values) => values.iter().map(|&v| i64::from(v)).collect(),
            Data::Bool(values) => values.iter().map(|&v| i64::from(v)).collect(),
            Data::F32(_) => return None,
        })
    }

    /// Whether every value is zero.
    pub(crate) fn is_zero(&self) -> bool {
        match &self.data {
            Data::F32(values) => values.iter().all(|&v| v == 0.0),
            Data::I64(values) => values.iter().all(|&v| v == 0),
            Data::I32(values) => values.iter().all(|&v| v == 0),
            Data::I8(values) => values.iter().all(|&v| v == 0),
            Data::U8(values) => values.iter().all(|&v| v == 0),
            Data::Bool(values) => !values.contains(&true),
        }
    }

    /// The same values in another shape of as many elements.
    pub(crate) fn reshaped(&self, shape: impl Into<Vec<usize>>) -> Self {
        Self {
            shape: shape.into(),
            data: self.data.clone(),
        }
    }

    /// Axes in the order `perm`; `None` when that is no permutation.
    pub(crate) fn transposed(&self, perm: &[usize]) -> Option<Self> {
        let mut sorted = perm.to_vec();
        sorted.sort_unstable();
        if !sorted.iter().copied().eq(0..self.shape.len()) {
            return None;
        }
        let mut strides = vec![1; self.shape.len()];
        for axis in (1..self.shape.len()).rev() {
            strides[axis - 1] = strides[axis] * self.shape[axis];
        }
        let shape: Vec<usize> = perm.iter().map(|&axis| self.shape[axis]).collect();
        let strides: Vec<usize> = perm.iter().map(|&axis| strides[axis]).collect();
        let data = match &self.data {
            Data::F32(values) => Data::F32(gather(values, &shape, &strides)),
            Data::I64(values) => Data::I64(gather(values, &shape, &strides)),
            Data::I32(values) => Data::I32(gather(values, &shape, &strides)),
            Data::I8(values) => Data::I8(gather(values, &shape, &strides)),
            Data::U8(values) => Data::U8(gather(values, &shape, &strides)),
            Data::Bool(values) => Data::Bool(gather(values, &shape, &strides)),
        };
        Some(Self { shape, data })
    }

    /// As a plan holds it. `node` is named when an integer is beyond 32 bits.
    pub(crate) fn to_tensor(&self, node: &str) -> Result<Tensor, CompileError> {
        let values = match &self.data {
            Data::F32(values) => Values::F32(values.clone()),
            Data::I32(values) => Values::I32(values.clone()),
            Data::I8(values) => Values::I8(values.clone()),
            Data::U8(values) => Values::U8(values.clone()),
            Data::Bool(values) => Values::U8(values.iter().map(|&v| u8::from(v)).collect()),
            Data::I64(values) => {
                let narrow = |&value: &i64| {
                    let out_of_range = |_| CompileError::OutOfRange {
                        node: node.to_owned(),
                        value,
                    };
                    i32::try_from(value).map_err(out_of_range)
                };
                Values::I32(values.iter().map(narrow).collect::<Result<_, _>>()?)
            }
        };
        let wrong = |error| CompileError::BadModel {
            node: node.to_owned(),
            detail: format!("{error}"),
        };
        Tensor::new(self.shape.clone(), values).map_err(wrong)
    }
}

/// Elements of `values` in row-major order of `shape`, whose axes lie `strides` apart.
fn gather<T: Copy>(values: &[T], shape: &[usize], strides: &[usize]) -> Vec<T> {
    let mut out = Vec::with_capacity(values.len());
    let mut index = vec![0; shape.len()];
    let mut offset = 0;
    while let Some(&value) = values.get(offset).filter(|_| out.len() < values.len()) {
        out.push(value);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            offset += strides[axis];
            if index[axis] < shape[axis] {
                break;
            }
            offset -= strides[axis] * shape[axis];
            index[axis] = 0;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn an_int64_beyond_32_bits_is_named_with_its_node() {
        let constant = Constant::i64([2], vec![1, i64::MAX]);
        let error = constant.to_tensor("mask").unwrap_err();
        assert!(
            matches!(error, CompileError::OutOfRange { node, value: i64::MAX } if node == "mask")
        );
    }

    #[test]
    fn a_transposition_moves_every_element() {
        let constant = Constant::i64([2, 1, 3], vec![0, 1, 2, 3, 4, 5]);
        let moved = constant.transposed(&[2, 0, 1]).unwrap();
        assert_eq!(
            (&moved.shape[..], &moved.data),
            (&[3, 2, 1][..], &Data::I64(vec![0, 3, 1, 4, 2, 5]))
        );
        assert_eq!(
            Constant::f32([], vec![1.0]).transposed(&[]).unwrap().data,
            Data::F32(vec![1.0])
        );
        assert_eq!(
            Constant::f32([0, 4], vec![])
                .transposed(&[1, 0])
                .unwrap()
                .shape,
            [4, 0]
        );
        assert!(constant.transposed(&[0, 0, 1]).is_none());
    }

    #[test]
    fn int64_and_bool_become_i32_and_u8() {
        let integers = Constant::i64([2], vec![-1, 7]).to_tensor("a").unwrap();
        assert_eq!(integers.as_i32(), Some(&[-1, 7][..]));
        let truths = Constant {
            shape: vec![2],
            data: Data::Bool(vec![true, false]),
        };
        assert_eq!(
            truths.to_tensor("b").unwrap().values(),
            &Values::U8(vec![1, 0])
        );
    }
}
