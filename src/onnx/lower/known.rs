//! What is known without running: constants, and the shapes of values.

use crate::budget::{MAX_CONSTANT_BYTES, affordable};
use crate::constant::{Constant, Data};
use crate::graph::Lowering;
use crate::node::{Lowered, Node, Value};
use crate::read;
use nearshelf_engine::PlanError;

/// `Constant`: a tensor, or a number or list of numbers in an attribute.
pub(super) fn constant(node: &Node) -> Lowered {
    let value = if let Some(tensor) = node.tensor("value")? {
        read::constant(node.name(), tensor)?
    } else if let Some(value) = node.int("value_int")? {
        Constant::i64([], vec![value])
    } else if let Some(values) = node.ints("value_ints")? {
        Constant::i64([values.len()], values.to_vec())
    } else if let Some(values) = node.floats("value_floats")? {
        Constant::f32([values.len()], values.to_vec())
    } else if node
        .proto
        .attribute
        .iter()
        .any(|attribute| attribute.name == "value_float")
    {
        Constant::f32([], vec![node.float("value_float", 0.0)?])
    } else {
        return Err(node.unsupported("only tensors and numbers are known as constants"));
    };
    Ok(vec![Value::constant(value)])
}

pub(super) fn constant_of_shape(node: &Node) -> Lowered {
    let shape = node
        .known_ints(0)?
        .ok_or_else(|| node.bad("shape is missing"))?;
    let shape = shape
        .iter()
        .map(|&extent| node.extent(extent))
        .collect::<Result<Vec<_>, _>>()?;
    let value = match node.tensor("value")? {
        Some(tensor) => read::constant(node.name(), tensor)?,
        None => Constant::f32([1], vec![0.0]),
    };
    let len = affordable(&shape, value.data.element_bytes());
    let too_large = || PlanError::TooLarge {
        what: "a constant that a node gives",
        bytes: shape
            .iter()
            .fold(value.data.element_bytes() as u64, |bytes, &extent| {
                bytes.saturating_mul(extent as u64)
            }),
        limit: MAX_CONSTANT_BYTES,
    };
    let len = len.ok_or_else(too_large)?;
    let one = || node.bad("its value must be one element");
    let data = match &value.data {
        Data::F32(values) => Data::F32(vec![*values.first().ok_or_else(one)?; len]),
        Data::I64(values) => Data::I64(vec![*values.first().ok_or_else(one)?; len]),
        Data::I32(values) => Data::I32(vec![*values.first().ok_or_else(one)?; len]),
        Data::I8(values) => Data::I8(vec![*values.first().ok_or_else(one)?; len]),
        Data::U8(values) => Data::U8(vec![*values.first().ok_or_else(one)?; len]),
        Data::Bool(values) => Data::Bool(vec![*values.first().ok_or_else(one)?; len]),
    };
    Ok(vec![Value::constant(Constant { shape, data })])
}

/// `Shape`, of the axes from `start` to `end`.
pub(super) fn shape(node: &Node, lowering: &mut Lowering) -> Lowered {
    let shape = lowering.shape(node.operand(0)?);
    let rank = shape.len() as i64;
    let at = |index: i64| {
        let from_front = if index < 0 {
            index.saturating_add(rank)
        } else {
            index
        };
        usize::try_from(from_front.clamp(0, rank)).unwrap_or(0)
    };
    let (start, end) = (
        at(node.int("start")?.unwrap_or(0)),
        at(node.int("end")?.unwrap_or(rank)),
    );
    let extents: Vec<i64> = shape
        .get(start..end)
        .unwrap_or_default()
        .iter()
        .map(|&extent| extent as i64)
        .collect();
    Ok(vec![Value::constant(Constant::i64(
        [extents.len()],
        extents,
    ))])
}

pub(super) fn size(node: &Node, lowering: &mut Lowering) -> Lowered {
    let count = lowering
        .ty(node.operand(0)?)
        .element_count()
        .and_then(|count| i64::try_from(count).ok());
    let count = count.ok_or_else(|| node.bad("the size is too large"))?;
    Ok(vec![Value::constant(Constant::i64([], vec![count]))])
}
