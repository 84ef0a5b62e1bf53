//! An array between NumPy's element types and a plan's.

use anyhow::{Result, bail};
use nearshelf_engine::{DType, Tensor, Values};
use nearshelf_onnx::ElementType;
use std::fmt;
use std::ops::RangeInclusive;

/// Row-major values of one kind: widths differ between a file, ONNX and a plan, kinds don't.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// `float16`, `float32` and `float64`.
    Float(Vec<f64>),
    /// Integers; `uint64` as far as `int64` goes.
    Int(Vec<i64>),
    /// `bool`.
    Bool(Vec<bool>),
}

/// As many values as the shape says, and the element type they have in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    pub element_type: ElementType,
    pub shape: Vec<usize>,
    pub data: Data,
}

/// As `float32[2, 3]`.
impl fmt::Display for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.element_type, self.shape)
    }
}

impl Array {
    pub fn len(&self) -> usize {
        match &self.data {
            Data::Float(values) => values.len(),
            Data::Int(values) => values.len(),
            Data::Bool(values) => values.len(),
        }
    }

    /// One value as a number, a truth as 0 or 1.
    pub fn number(&self, at: usize) -> f64 {
        match &self.data {
            Data::Float(values) => values.get(at).copied().unwrap_or(f64::NAN),
            Data::Int(values) => values.get(at).map_or(f64::NAN, |&value| value as f64),
            Data::Bool(values) => values.get(at).map_or(f64::NAN, |&truth| f64::from(truth)),
        }
    }

    /// Indices along the axes of the element at `at`.
    pub fn index(&self, at: usize) -> Vec<usize> {
        let mut rest = at;
        let mut index: Vec<usize> = Vec::with_capacity(self.shape.len());
        for &extent in self.shape.iter().rev() {
            index.push(rest % extent.max(1));
            rest /= extent.max(1);
        }
        index.reverse();
        index
    }

    /// The tensor that a session takes as the input `name`, which the model declares as `wanted`. Widths may differ
    /// where every value fits (floats are rounded); an integer input takes no floats, nor the other way round.
    ///
    /// # Errors
    /// When the kind is another, or a value doesn't fit.
    pub fn to_tensor(&self, name: &str, wanted: ElementType, dtype: DType) -> Result<Tensor> {
        let values = match (&self.data, dtype) {
            (Data::Float(values), DType::F32) => {
                Values::F32(values.iter().map(|&value| value as f32).collect())
            }
            (Data::Int(values), DType::I32 | DType::I8 | DType::U8) => {
                integers(name, values, wanted, dtype)?
            }
            (Data::Bool(values), DType::U8) => {
                Values::U8(values.iter().map(|&truth| u8::from(truth)).collect())
            }
            _ => bail!("input {name:?} holds {self}, the model wants {wanted}"),
        };
        Ok(Tensor::new(self.shape.clone(), values)?)
    }

    /// What a session gave, in the element type that the model declares.
    pub fn of_tensor(tensor: &Tensor, element_type: ElementType) -> Self {
        let data = match (tensor.values(), element_type) {
            (Values::F32(values), _) => Data::Float(values.iter().map(|&v| f64::from(v)).collect()),
            (Values::U8(values), ElementType::Bool) => {
                Data::Bool(values.iter().map(|&value| value != 0).collect())
            }
            (Values::U8(values), _) => Data::Int(values.iter().map(|&v| i64::from(v)).collect()),
            (Values::I8(values), _) => Data::Int(values.iter().map(|&v| i64::from(v)).collect()),
            (Values::I32(values), _) => Data::Int(values.iter().map(|&v| i64::from(v)).collect()),
        };
        let element_type = match data {
            // A declaration of another kind than what is computed is not believed.
            Data::Float(_) if !is_float(element_type) => ElementType::F32,
            Data::Int(_) if int_range(element_type).is_none() => of_plan(tensor.dtype()),
            _ => element_type,
        };
        Self {
            element_type,
            shape: tensor.shape().to_vec(),
            data,
        }
    }
}

/// The element type that a plan's has in a file.
pub fn of_plan(dtype: DType) -> ElementType {
    match dtype {
        DType::F32 => ElementType::F32,
        DType::I32 => ElementType::I32,
        DType::I8 => ElementType::I8,
        DType::U8 => ElementType::U8,
    }
}

/// The element type that a file's has in a plan.
pub fn in_plan(element_type: ElementType) -> DType {
    match element_type {
        ElementType::F16 | ElementType::F32 | ElementType::F64 => DType::F32,
        ElementType::I8 => DType::I8,
        ElementType::U8 | ElementType::Bool => DType::U8,
        _ => DType::I32,
    }
}

fn is_float(element_type: ElementType) -> bool {
    use ElementType::{F16, F32, F64};
    matches!(element_type, F16 | F32 | F64)
}

/// What an integer type holds; `None` for another type.
fn int_range(element_type: ElementType) -> Option<RangeInclusive<i64>> {
    Some(match element_type {
        ElementType::I8 => i64::from(i8::MIN)..=i64::from(i8::MAX),
        ElementType::I16 => i64::from(i16::MIN)..=i64::from(i16::MAX),
        ElementType::I32 => i64::from(i32::MIN)..=i64::from(i32::MAX),
        ElementType::I64 => i64::MIN..=i64::MAX,
        ElementType::U8 => 0..=i64::from(u8::MAX),
        ElementType::U16 => 0..=i64::from(u16::MAX),
        ElementType::U32 => 0..=i64::from(u32::MAX),
        ElementType::U64 => 0..=i64::MAX,
        _ => return None,
    })
}

/// Integers in a plan's type. A plan's i32 stands for `int64`: what it can't hold is named.
fn integers(name: &str, values: &[i64], wanted: ElementType, dtype: DType) -> Result<Values> {
    let declared = match wanted {
        ElementType::Bool => 0..=1,
        _ => int_range(wanted).unwrap_or(i64::MIN..=i64::MAX),
    };
    let held = int_range(of_plan(dtype)).unwrap_or(0..=0);
    let fits = |value: &i64| declared.contains(value) && held.contains(value);
    if let Some((at, value)) = values.iter().enumerate().find(|(_, value)| !fits(value)) {
        let (low, high) = (
            declared.start().max(held.start()),
            declared.end().min(held.end()),
        );
        bail!("input {name:?}: value {value} at element {at} is beyond {low} to {high}");
    }
    Ok(match dtype {
        DType::I8 => Values::I8(values.iter().map(|&value| value as i8).collect()),
        DType::U8 => Values::U8(values.iter().map(|&value| value as u8).collect()),
        _ => Values::I32(values.iter().map(|&value| value as i32).collect()),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ints(values: &[i64]) -> Array {
        Array {
            element_type: ElementType::I64,
            shape: vec![values.len()],
            data: Data::Int(values.to_vec()),
        }
    }

    #[test]
    fn integers_of_any_width_are_taken_where_they_fit() {
        let tensor = ints(&[-1, 7]).to_tensor("x", ElementType::I64, DType::I32);
        assert_eq!(tensor.unwrap().as_i32(), Some(&[-1, 7][..]));
        for (values, wanted, dtype, limit) in [
            (&[0, 1 << 31][..], ElementType::I64, DType::I32, "element 1"),
            (&[-1], ElementType::U8, DType::U8, "0 to 255"),
            (&[2], ElementType::Bool, DType::U8, "0 to 1"),
        ] {
            let error = ints(values).to_tensor("x", wanted, dtype).unwrap_err();
            assert!(error.to_string().contains(limit), "{error}");
        }
    }

    #[test]
    fn an_input_of_another_kind_is_refused_with_what_is_wanted() {
        let error = ints(&[1]).to_tensor("x", ElementType::F16, DType::F32);
        assert_eq!(
            error.unwrap_err().to_string(),
            "input \"x\" holds int64[1], the model wants float16"
        );
    }

    #[test]
    fn outputs_have_the_declared_width_and_the_computed_kind() {
        let tensor = Tensor::new([2], Values::U8(vec![0, 3])).unwrap();
        let truths = Array::of_tensor(&tensor, ElementType::Bool);
        assert_eq!(truths.data, Data::Bool(vec![false, true]));
        let tensor = Tensor::new([1], Values::I32(vec![5])).unwrap();
        assert_eq!(
            Array::of_tensor(&tensor, ElementType::I64).element_type,
            ElementType::I64
        );
        assert_eq!(
            Array::of_tensor(&tensor, ElementType::F32).element_type,
            ElementType::I32
        );
    }

    #[test]
    fn an_element_is_found_along_all_axes() {
        let mut array = ints(&[0; 6]);
        array.shape = vec![2, 1, 3];
        assert_eq!(array.index(4), [1, 0, 1]);
        array.shape = Vec::new();
        assert_eq!(array.index(0), [0; 0]);
    }
}
