//! Functions of two and more operands, broadcast by NumPy's rules.

use crate::CompileError;
use crate::graph::{Lowering, scalar};
use crate::lower::peephole;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op};

pub(super) fn binary(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (a, b) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let b = aligned(node, lowering, &a, b)?;
    let kind = match &*node.proto.op_type {
        "Add" => Binary::Add,
        "And" => Binary::And,
        "Div" => Binary::Div,
        "Equal" => Binary::Equal,
        "Greater" => Binary::Greater,
        "GreaterOrEqual" => Binary::GreaterOrEqual,
        "Less" => Binary::Less,
        "LessOrEqual" => Binary::LessOrEqual,
        "Mod" if node.flag("fmod", false)? => Binary::Fmod,
        "Mod" => Binary::Mod,
        "Mul" => Binary::Mul,
        "Or" => Binary::Or,
        "PRelu" => Binary::PRelu,
        "Pow" => Binary::Pow,
        "Sub" => Binary::Sub,
        "Xor" => Binary::Xor,
        other => return Err(node.bad(format!("{other} is no function of two operands"))),
    };
    if let Some(melted) = peephole::into_product(node, lowering, kind, &a, &b)? {
        return Ok(vec![melted]);
    }
    if kind == Binary::Pow {
        return Ok(vec![power(node, lowering, &a, &b)?]);
    }
    Ok(vec![with_wide_bytes(node, lowering, kind, &a, &b)?])
}

/// `Pow`: the result has the base's type, and the exponent may have another.
fn power(
    node: &Node,
    lowering: &mut Lowering,
    base: &Value,
    exponent: &Value,
) -> Result<Value, CompileError> {
    let [own, other] = [base, exponent].map(|value| lowering.ty(value).dtype);
    let is_whole = |value: &Value| {
        let floats = value.as_constant().and_then(|constant| constant.floats());
        floats.is_some_and(|floats| floats.iter().all(|x| x.fract() == 0.0))
    };
    // A root of an integer: what is left of it after the point is cut off again.
    if own != DType::F32 && other == DType::F32 && !is_whole(exponent) {
        let base = lowering.cast(node, base, DType::F32)?;
        let root = lowering.push(node, Op::Binary(Binary::Pow), &[&base, exponent])?;
        return lowering.cast(node, &root, own);
    }
    let exponent = lowering.cast(node, exponent, own)?;
    with_wide_bytes(node, lowering, Binary::Pow, base, &exponent)
}

/// Applies `kind`; the engine computes on f32 and i32, so bytes are widened and narrowed again.
pub(super) fn with_wide_bytes(
    node: &Node,
    lowering: &mut Lowering,
    kind: Binary,
    a: &Value,
    b: &Value,
) -> Result<Value, CompileError> {
    let dtype = lowering.ty(a).dtype;
    let is_byte = matches!(dtype, DType::I8 | DType::U8) && lowering.ty(b).dtype == dtype;
    if !is_byte || matches!(kind, Binary::Equal | Binary::And | Binary::Or | Binary::Xor) {
        return lowering.push(node, Op::Binary(kind), &[a, b]);
    }
    let (a, b) = (
        lowering.cast(node, a, DType::I32)?,
        lowering.cast(node, b, DType::I32)?,
    );
    let wide = lowering.push(node, Op::Binary(kind), &[&a, &b])?;
    let is_comparison = matches!(
        kind,
        Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual
    );
    if is_comparison {
        Ok(wide)
    } else {
        lowering.cast(node, &wide, dtype)
    }
}

/// Before opset 7 broadcasting was asked for: `broadcast = 1`, the second operand starting at `axis`.
fn aligned(
    node: &Node,
    lowering: &mut Lowering,
    a: &Value,
    b: Value,
) -> Result<Value, CompileError> {
    if node.opset >= 7 || !node.flag("broadcast", false)? {
        return Ok(b);
    }
    let Some(axis) = node.int("axis")? else {
        return Ok(b);
    };
    let rank = lowering.shape(a).len();
    let mut shape = lowering.shape(&b);
    let after = rank.checked_sub(node.axis(axis, rank)? + shape.len());
    let after = after.ok_or_else(|| node.bad("the second operand reaches beyond the first"))?;
    shape.extend(std::iter::repeat_n(1, after));
    lowering.reshape(node, &b, &shape)
}

/// `Sum`, `Mean`, `Min`, `Max` of any number of operands.
pub(super) fn variadic(node: &Node, lowering: &mut Lowering) -> Lowered {
    let kind = match &*node.proto.op_type {
        "Max" => Binary::Max,
        "Min" => Binary::Min,
        _ => Binary::Add,
    };
    let mut result = node.operand(0)?.clone();
    for index in 1..node.inputs.len() {
        let operand = node.operand(index)?.clone();
        result = match peephole::into_product(node, lowering, kind, &result, &operand)? {
            Some(melted) => melted,
            None => with_wide_bytes(node, lowering, kind, &result, &operand)?,
        };
    }
    if node.proto.op_type == "Mean" && node.inputs.len() > 1 {
        let count = scalar(node.inputs.len() as f32);
        result = lowering.push(node, Op::Binary(Binary::Div), &[&result, &count])?;
    }
    Ok(vec![result])
}
