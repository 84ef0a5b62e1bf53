//! What is known without running: constants, and the shapes of values.

use crate::CompileError;
use crate::budget::affordable;
use crate::constant::{Constant, Data};
use crate::element::Element;
use crate::graph::Lowering;
use crate::lower::cut::length_needed;
use crate::lower::peephole::Made;
use crate::node::{Lowered, Node, Value};
use crate::read;
use nearshelf_engine::{DType, Op};

/// `Constant`: a tensor, or a number or list of numbers in an attribute.
pub(super) fn constant<'a>(node: &Node<'a>, lowering: &mut Lowering<'a>) -> Lowered {
    if let Some(tensor) = node.tensor("value")? {
        return Ok(vec![Value::Constant(
            lowering.decoded(node.name(), tensor)?,
        )]);
    }
    let value = if let Some(value) = node.int("value_int")? {
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

/// `ConstantOfShape`. One beyond the budget stays one element in the plan, which every run expands: a few bytes of
/// a file justify no constant of any size, and a run is bounded by itself.
pub(super) fn constant_of_shape(node: &Node, lowering: &mut Lowering) -> Lowered {
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
    if value.len() != 1 {
        return Err(node.bad("its value must be one element"));
    }
    let element_bytes = value.data.element_bytes();
    let len = affordable(&shape, element_bytes);
    let Some(len) = len.filter(|&len| (len * element_bytes) as u64 <= lowering.room()) else {
        let scalar = Value::constant(value.reshaped([]));
        return Ok(vec![filled(node, lowering, scalar, &shape)?]);
    };
    let data = match &value.data {
        Data::F32(values) => Data::F32(values.repeat(len)),
        Data::I64(values) => Data::I64(values.repeat(len)),
        Data::I32(values) => Data::I32(values.repeat(len)),
        Data::I8(values) => Data::I8(values.repeat(len)),
        Data::U8(values) => Data::U8(values.repeat(len)),
        Data::Bool(values) => Data::Bool(values.repeat(len)),
    };
    Ok(vec![Value::constant(Constant { shape, data })])
}

/// `scalar` everywhere in `shape`, written out by each run.
pub(super) fn filled(
    node: &Node,
    lowering: &mut Lowering,
    scalar: Value,
    shape: &[usize],
) -> Result<Value, CompileError> {
    let shape = shape.to_vec();
    let y = lowering.push(node, Op::Expand { shape }, &[&scalar])?;
    lowering.note(&y, Made::Filled(scalar));
    Ok(y)
}

/// `Shape`, of the axes from `start` to `end`.
pub(super) fn shape(node: &Node, lowering: &mut Lowering) -> Lowered {
    let cut = lowering.cut_of(node.operand(0)?);
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
    if cut.is_some_and(|cut| (start..end).contains(&cut.axis)) {
        return Err(length_needed(node));
    }
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
    if lowering.cut_of(node.operand(0)?).is_some() {
        return Err(length_needed(node));
    }
    let count = lowering
        .ty(node.operand(0)?)
        .element_count()
        .and_then(|count| i64::try_from(count).ok());
    let count = count.ok_or_else(|| node.bad("the size is too large"))?;
    Ok(vec![Value::constant(Constant::i64([], vec![count]))])
}

/// `EyeLike`: ones on a diagonal of a matrix of the operand's shape.
pub(super) fn eye_like(node: &Node, lowering: &mut Lowering) -> Lowered {
    let shape = lowering.shape(node.operand(0)?);
    let [_, columns] = shape[..] else {
        return Err(node.bad("takes a matrix"));
    };
    let to = match node.int("dtype")? {
        Some(number) => read::element(node.name(), number)?,
        None => node.kind(0).unwrap_or(Element::Float),
    };
    let offset = node.int("k")?.unwrap_or(0);
    let count = affordable(&shape, size_of::<f32>());
    let count = count.ok_or_else(|| node.bad("the matrix is too large"))?;
    let is_one =
        |at: usize| (at % columns) as i64 == ((at / columns) as i64).saturating_add(offset);
    let ones = (0..count).map(is_one);
    let data = match to {
        Element::Bool => Data::Bool(ones.collect()),
        _ => match to.dtype() {
            DType::F32 => Data::F32(ones.map(|one| f32::from(u8::from(one))).collect()),
            DType::I32 => Data::I32(ones.map(i32::from).collect()),
            DType::I8 => Data::I8(ones.map(i8::from).collect()),
            DType::U8 => Data::U8(ones.map(u8::from).collect()),
        },
    };
    Ok(vec![Value::constant(Constant { shape, data })])
}

/// `Range`, whose operands have to be known.
pub(super) fn range(node: &Node) -> Lowered {
    let mut bounds = [0.0_f64; 3];
    let mut is_whole = true;
    for (index, bound) in bounds.iter_mut().enumerate() {
        let operand = node
            .known(index)?
            .ok_or_else(|| node.bad("takes three operands"))?;
        let value = match operand.floats() {
            Some(floats) => {
                is_whole = false;
                floats.first().map(|&value| f64::from(value))
            }
            None => operand
                .ints()
                .and_then(|ints| ints.first().map(|&value| value as f64)),
        };
        *bound = value.ok_or_else(|| node.bad("its operands are numbers"))?;
    }
    let [start, limit, delta] = bounds;
    let count = ((limit - start) / delta).ceil().max(0.0);
    let count = if count < f64::from(u32::MAX) {
        affordable(&[count as usize], 8)
    } else {
        None
    };
    let count = count
        .ok_or_else(|| node.bad(format!("from {start} to {limit} by {delta} has no length")))?;
    let values = (0..count).map(|index| start + index as f64 * delta);
    Ok(vec![Value::constant(if is_whole {
        Constant::i64([count], values.map(|value| value as i64).collect())
    } else {
        Constant::f32([count], values.map(|value| value as f32).collect())
    })])
}
