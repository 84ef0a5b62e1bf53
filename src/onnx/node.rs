//! One ONNX node with its operands resolved and its attributes typed.

use crate::CompileError;
use crate::constant::Constant;
use crate::element::Element;
use crate::graph::Sources;
use nearshelf_engine::ValueId;
use std::rc::Rc;
use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::{AttributeProto, GraphProto, NodeProto, TensorProto};

/// A value of the ONNX graph: known now, or computed when the plan runs.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Constant(Rc<Constant>),
    Run(ValueId),
}

impl Value {
    pub(crate) fn constant(constant: Constant) -> Self {
        Self::Constant(Rc::new(constant))
    }

    pub(crate) fn as_constant(&self) -> Option<&Rc<Constant>> {
        match self {
            Self::Constant(constant) => Some(constant),
            Self::Run(_) => None,
        }
    }
}

/// What lowering a node gives: one value an output, trailing ones may be missing.
pub(crate) type Lowered = Result<Vec<Value>, CompileError>;

/// A node as the lowering sees it.
pub(crate) struct Node<'a> {
    pub(crate) proto: &'a NodeProto,
    /// Operands; `None` for one left out.
    pub(crate) inputs: Vec<Option<Value>>,
    /// What each operand depends on.
    pub(crate) sources: Vec<Option<Sources<'a>>>,
    /// ONNX element type of each operand, where it is known.
    pub(crate) kinds: Vec<Option<Element>>,
    /// Version of its operator set.
    pub(crate) opset: i64,
}

impl<'a> Node<'a> {
    /// Its name, or that of its first output.
    pub(crate) fn name(&self) -> &'a str {
        name(self.proto)
    }

    pub(crate) fn bad(&self, detail: impl Into<String>) -> CompileError {
        let detail = format!("{}: {}", self.proto.op_type, detail.into());
        CompileError::BadModel {
            node: self.name().to_owned(),
            detail,
        }
    }

    pub(crate) fn unsupported(&self, remedy: impl Into<String>) -> CompileError {
        CompileError::UnsupportedOperator {
            operator: self.proto.op_type.clone(),
            domain: self.proto.domain.clone(),
            node: self.name().to_owned(),
            remedy: remedy.into(),
        }
    }

    pub(crate) fn optional(&self, index: usize) -> Option<&Value> {
        self.inputs.get(index).and_then(Option::as_ref)
    }

    /// ONNX element type of an operand that is there and whose type is known.
    pub(crate) fn kind(&self, index: usize) -> Option<Element> {
        self.kinds.get(index).copied().flatten()
    }

    pub(crate) fn operand(&self, index: usize) -> Result<&Value, CompileError> {
        self.optional(index)
            .ok_or_else(|| self.bad(format!("operand {index} is missing")))
    }

    /// How many elements working the node out now reads; `None` when an operand is not known. A product of matrices
    /// reads those of the first again for each column of the second.
    pub(crate) fn work(&self) -> Option<u64> {
        let mut elements = 0_u64;
        for input in self.inputs.iter().flatten() {
            elements = elements.saturating_add(input.as_constant()?.len() as u64);
        }
        if let ("MatMul", [Some(Value::Constant(a)), Some(Value::Constant(b))]) =
            (&*self.proto.op_type, &self.inputs[..])
            && let [.., _, columns] = b.shape[..]
        {
            elements = elements.saturating_add((a.len() as u64).saturating_mul(columns as u64));
        }
        Some(elements)
    }

    /// An operand that has to be known at compile time, if it is there.
    pub(crate) fn known(&self, index: usize) -> Result<Option<&Rc<Constant>>, CompileError> {
        match self.optional(index) {
            None => Ok(None),
            Some(Value::Constant(constant)) => Ok(Some(constant)),
            Some(Value::Run(_)) => Err(self.needed(index)),
        }
    }

    /// What to say of an operand that has to be known at compile time and isn't.
    pub(crate) fn needed(&self, operand: usize) -> CompileError {
        let sources = self.sources.get(operand).and_then(Option::as_ref);
        let inputs = sources.into_iter().flat_map(|names| names.iter());
        CompileError::InputNeeded {
            operator: self.proto.op_type.clone(),
            node: self.name().to_owned(),
            operand,
            inputs: inputs.map(|&name| name.to_owned()).collect(),
        }
    }

    /// Integers of an operand that has to be known at compile time, if it is there.
    pub(crate) fn known_ints(&self, index: usize) -> Result<Option<Vec<i64>>, CompileError> {
        let Some(constant) = self.known(index)? else {
            return Ok(None);
        };
        let ints = constant.ints();
        ints.map(Some)
            .ok_or_else(|| self.bad(format!("operand {index} must hold integers")))
    }

    /// Floats of an operand that has to be known at compile time, if it is there.
    pub(crate) fn known_floats(&self, index: usize) -> Result<Option<Vec<f32>>, CompileError> {
        let Some(constant) = self.known(index)? else {
            return Ok(None);
        };
        let floats = constant.floats();
        let floats = floats.ok_or_else(|| self.bad(format!("operand {index} must hold floats")))?;
        Ok(Some(floats.to_vec()))
    }

    /// Integers that older operator sets keep in an attribute and newer ones in an operand.
    pub(crate) fn ints_or_operand(
        &self,
        attribute: &str,
        index: usize,
    ) -> Result<Option<Vec<i64>>, CompileError> {
        match self.ints(attribute)? {
            Some(ints) => Ok(Some(ints.to_vec())),
            None => self.known_ints(index),
        }
    }

    fn attribute(
        &self,
        name: &str,
        kind: AttributeType,
    ) -> Result<Option<&'a AttributeProto>, CompileError> {
        let Some(found) = self
            .proto
            .attribute
            .iter()
            .find(|attribute| attribute.name == name)
        else {
            return Ok(None);
        };
        // Files of the first years leave the kind out.
        if found.r#type != 0 && found.r#type != kind as i32 {
            return Err(self.bad(format!("attribute {name} must be {}", kind.as_str_name())));
        }
        Ok(Some(found))
    }

    pub(crate) fn int(&self, name: &str) -> Result<Option<i64>, CompileError> {
        Ok(self
            .attribute(name, AttributeType::Int)?
            .map(|attribute| attribute.i))
    }

    pub(crate) fn flag(&self, name: &str, default: bool) -> Result<bool, CompileError> {
        Ok(self.int(name)?.map_or(default, |value| value != 0))
    }

    pub(crate) fn float(&self, name: &str, default: f32) -> Result<f32, CompileError> {
        Ok(self
            .attribute(name, AttributeType::Float)?
            .map_or(default, |attribute| attribute.f))
    }

    pub(crate) fn ints(&self, name: &str) -> Result<Option<&'a [i64]>, CompileError> {
        Ok(self
            .attribute(name, AttributeType::Ints)?
            .map(|attribute| &attribute.ints[..]))
    }

    pub(crate) fn floats(&self, name: &str) -> Result<Option<&'a [f32]>, CompileError> {
        Ok(self
            .attribute(name, AttributeType::Floats)?
            .map(|attribute| &attribute.floats[..]))
    }

    /// Extents (never negative) of an attribute.
    pub(crate) fn extents(&self, name: &str) -> Result<Option<Vec<usize>>, CompileError> {
        let Some(ints) = self.ints(name)? else {
            return Ok(None);
        };
        ints.iter()
            .map(|&value| self.extent(value))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, CompileError> {
        let attribute = self.attribute(name, AttributeType::String)?;
        Ok(attribute.map(|attribute| String::from_utf8_lossy(&attribute.s).into_owned()))
    }

    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, CompileError> {
        let attribute = self.attribute(name, AttributeType::Strings)?;
        let decode = |text: &Vec<u8>| String::from_utf8_lossy(text).into_owned();
        Ok(attribute.map(|attribute| attribute.strings.iter().map(decode).collect()))
    }

    pub(crate) fn tensor(&self, name: &str) -> Result<Option<&'a TensorProto>, CompileError> {
        Ok(self
            .attribute(name, AttributeType::Tensor)?
            .and_then(|attribute| attribute.t.as_ref()))
    }

    pub(crate) fn graph(&self, name: &str) -> Result<Option<&'a GraphProto>, CompileError> {
        Ok(self
            .attribute(name, AttributeType::Graph)?
            .and_then(|attribute| attribute.g.as_ref()))
    }

    pub(crate) fn extent(&self, value: i64) -> Result<usize, CompileError> {
        usize::try_from(value).map_err(|_| self.bad(format!("{value} is no extent")))
    }

    /// An axis counted from the front.
    pub(crate) fn axis(&self, axis: i64, rank: usize) -> Result<usize, CompileError> {
        let from_front = if axis < 0 {
            axis.checked_add_unsigned(rank as u64)
        } else {
            Some(axis)
        };
        let found = from_front
            .and_then(|axis| usize::try_from(axis).ok())
            .filter(|&axis| axis < rank);
        found.ok_or_else(|| self.bad(format!("axis {axis} is not one of {rank}")))
    }

    /// Axes counted from the front, ascending; one named twice is an error.
    pub(crate) fn axes(&self, axes: &[i64], rank: usize) -> Result<Vec<usize>, CompileError> {
        let mut found = axes
            .iter()
            .map(|&axis| self.axis(axis, rank))
            .collect::<Result<Vec<_>, _>>()?;
        found.sort_unstable();
        if found.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(self.bad(format!("axes {axes:?} name one twice")));
        }
        Ok(found)
    }
}

/// A node's name, or that of its first output.
pub(crate) fn name(proto: &NodeProto) -> &str {
    match proto.output.first() {
        Some(output) if proto.name.is_empty() => output,
        _ => &proto.name,
    }
}
