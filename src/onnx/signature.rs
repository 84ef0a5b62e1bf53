//! What an ONNX file says of its inputs and outputs, in its own types: a plan knows fewer.

use crate::{CompileError, graph, read};
use std::fmt;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::dimension::Value as Dimension;
use tract_onnx::pb::{ValueInfoProto, type_proto};

/// Element type of a tensor in an ONNX file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementType {
    /// `float16`
    F16,
    /// `float`
    F32,
    /// `double`
    F64,
    /// `int8`
    I8,
    /// `int16`
    I16,
    /// `int32`
    I32,
    /// `int64`
    I64,
    /// `uint8`
    U8,
    /// `uint16`
    U16,
    /// `uint32`
    U32,
    /// `uint64`
    U64,
    /// `bool`
    Bool,
}

/// Extent of an axis in an ONNX file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// This one.
    Fixed(usize),
    /// Open, under the file's symbol; `?` where it names none.
    Open(String),
}

/// An input or output as the file states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Its name.
    pub name: String,
    /// Its element type, when the file states one of those that tensors of numbers have.
    pub element_type: Option<ElementType>,
    /// Its axes, when the file states them.
    pub shape: Option<Vec<Extent>>,
}

/// Inputs and outputs of an ONNX file, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What a caller gives: without the inputs that have an initializer.
    pub inputs: Vec<Declaration>,
    /// What a run gives.
    pub outputs: Vec<Declaration>,
}

impl ElementType {
    fn of(elem_type: i32) -> Option<Self> {
        Some(match DataType::try_from(elem_type).ok()? {
            DataType::Float16 => Self::F16,
            DataType::Float => Self::F32,
            DataType::Double => Self::F64,
            DataType::Int8 => Self::I8,
            DataType::Int16 => Self::I16,
            DataType::Int32 => Self::I32,
            DataType::Int64 => Self::I64,
            DataType::Uint8 => Self::U8,
            DataType::Uint16 => Self::U16,
            DataType::Uint32 => Self::U32,
            DataType::Uint64 => Self::U64,
            DataType::Bool => Self::Bool,
            _ => return None,
        })
    }
}

/// NumPy's name of the type.
impl fmt::Display for ElementType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F16 => "float16",
            Self::F32 => "float32",
            Self::F64 => "float64",
            Self::I8 => "int8",
            Self::I16 => "int16",
            Self::I32 => "int32",
            Self::I64 => "int64",
            Self::U8 => "uint8",
            Self::U16 => "uint16",
            Self::U32 => "uint32",
            Self::U64 => "uint64",
            Self::Bool => "bool",
        })
    }
}

/// As `float32[batch, 3, 224, 224]`; `?` for what the file does not state.
impl fmt::Display for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.element_type {
            Some(element_type) => write!(f, "{element_type}[")?,
            None => f.write_str("?[")?,
        }
        for (axis, extent) in self.shape.iter().flatten().enumerate() {
            f.write_str(if axis == 0 { "" } else { ", " })?;
            match extent {
                Extent::Fixed(extent) => write!(f, "{extent}")?,
                Extent::Open(symbol) => f.write_str(symbol)?,
            }
        }
        f.write_str(if self.shape.is_some() { "]" } else { "…]" })
    }
}

/// What an ONNX file says of its inputs and outputs.
///
/// # Errors
/// [`CompileError`] when the bytes are no ONNX model.
pub fn signature(onnx: &[u8]) -> Result<Signature, CompileError> {
    let model = read::model(onnx)?;
    let outputs = model.graph.iter().flat_map(|graph| &graph.output);
    Ok(Signature {
        inputs: graph::inputs(&model).into_iter().map(declared).collect(),
        outputs: outputs.map(declared).collect(),
    })
}

fn declared(info: &ValueInfoProto) -> Declaration {
    let value = info.r#type.as_ref().and_then(|ty| ty.value.as_ref());
    let tensor = value.map(|type_proto::Value::TensorType(tensor)| tensor);
    let extent = |dimension: &Option<Dimension>| match dimension {
        Some(Dimension::DimValue(extent)) => match usize::try_from(*extent) {
            Ok(extent) => Extent::Fixed(extent),
            Err(_) => Extent::Open("?".to_owned()),
        },
        Some(Dimension::DimParam(symbol)) if !symbol.is_empty() => Extent::Open(symbol.clone()),
        _ => Extent::Open("?".to_owned()),
    };
    let shape = tensor.and_then(|tensor| tensor.shape.as_ref());
    Declaration {
        name: info.name.clone(),
        element_type: tensor.and_then(|tensor| ElementType::of(tensor.elem_type)),
        shape: shape.map(|shape| shape.dim.iter().map(|d| extent(&d.value)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_reads_as_numpy_would_say_it() {
        let mut x = Declaration {
            name: "x".to_owned(),
            element_type: Some(ElementType::I64),
            shape: Some(vec![Extent::Open("batch".to_owned()), Extent::Fixed(3)]),
        };
        assert_eq!(x.to_string(), "int64[batch, 3]");
        x.shape = Some(Vec::new());
        assert_eq!(x.to_string(), "int64[]");
        (x.element_type, x.shape) = (None, None);
        assert_eq!(x.to_string(), "?[…]");
    }

    #[test]
    fn an_output_without_a_type_is_declared_by_its_name_alone() {
        let info = ValueInfoProto {
            name: "y".to_owned(),
            ..ValueInfoProto::default()
        };
        let y = declared(&info);
        assert_eq!((&*y.name, y.element_type, y.shape), ("y", None, None));
    }
}
