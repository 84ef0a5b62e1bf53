//! Matrix products.

use crate::CompileError;
use crate::constant::Constant;
use crate::graph::{Lowering, scalar};
use crate::lower::peephole::{Dequantized, Made};
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op};
use std::rc::Rc;

/// `MatMul`. A one-dimensional operand is a row on the left, a column on the right, and its axis vanishes.
pub(super) fn matmul(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (a, b) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let (left, right) = (lowering.shape(&a), lowering.shape(&b));
    if left.is_empty() || right.is_empty() {
        return Err(node.bad("a scalar has no product"));
    }
    let row = if let [k] = left[..] {
        lowering.reshape(node, &a, &[1, k])?
    } else {
        a
    };
    let column = if let [k] = right[..] {
        lowering.reshape(node, &b, &[k, 1])?
    } else {
        b
    };
    let y = product(node, lowering, &row, &column)?;
    let mut shape = lowering.shape(&y);
    if right.len() == 1 {
        shape.pop();
    }
    if left.len() == 1 {
        shape.remove(shape.len() - if right.len() == 1 { 1 } else { 2 });
    }
    Ok(vec![lowering.reshape(node, &y, &shape)?])
}

/// `a · b` of two or more axes each, in integers when both were dequantized.
fn product(
    node: &Node,
    lowering: &mut Lowering,
    a: &Value,
    b: &Value,
) -> Result<Value, CompileError> {
    if lowering.ty(a).dtype == DType::I32 {
        return Err(node.unsupported(
            "products of integers are only known as MatMulInteger; cast to float first",
        ));
    }
    if let Some(y) = dequantized_product(node, lowering, a, b)? {
        lowering.note(&y, Made::MatMul(a.clone(), b.clone()));
        return Ok(y);
    }
    let y = lowering.push(node, Op::MatMul, &[a, b])?;
    lowering.note(&y, Made::MatMul(a.clone(), b.clone()));
    Ok(y)
}

/// (a − a₀)(b − b₀) in integers, then both scales: what the product of two `DequantizeLinear` is.
fn dequantized_product(
    node: &Node,
    lowering: &mut Lowering,
    a: &Value,
    b: &Value,
) -> Result<Option<Value>, CompileError> {
    let (Some(a), Some(b)) = (lowering.dequantized(a), lowering.dequantized(b)) else {
        return Ok(None);
    };
    let Some((a_scale, a_zero)) = per_tensor(lowering, &a) else {
        return Ok(None);
    };
    let is_byte = |value: &Value| matches!(lowering.ty(value).dtype, DType::I8 | DType::U8);
    let rank = lowering.shape(&b.q).len();
    let per_column = lowering.shape(&b.scale).len() == 1 && b.axis + 1 == rank;
    if !is_byte(&a.q) || !is_byte(&b.q) || !(per_column || per_tensor(lowering, &b).is_some()) {
        return Ok(None);
    }
    let sums = lowering.push(node, Op::MatMulInteger, &[&a.q, &b.q, &a_zero, &b.zero])?;
    let sums = lowering.cast(node, &sums, DType::F32)?;
    let scale = times(node, lowering, &a_scale, &b.scale)?;
    lowering
        .push(node, Op::Binary(Binary::Mul), &[&sums, &scale])
        .map(Some)
}

/// Scale and zero point when they are one for the whole tensor.
pub(super) fn per_tensor(lowering: &Lowering, operands: &Dequantized) -> Option<(Value, Value)> {
    let one = |value: &Value| {
        lowering.ty(value).element_count() == Some(1) && lowering.shape(value).len() <= 1
    };
    (one(&operands.scale) && one(&operands.zero))
        .then(|| (operands.scale.clone(), operands.zero.clone()))
}

/// Product of two scales, computed now when both are known.
pub(super) fn times(
    node: &Node,
    lowering: &mut Lowering,
    a: &Value,
    b: &Value,
) -> Result<Value, CompileError> {
    let known = |value: &Value| {
        value
            .as_constant()
            .and_then(|constant| constant.floats().map(<[f32]>::to_vec))
    };
    if let (Some(left), Some(right), Some([factor])) = (known(a), known(b), known(a).as_deref()) {
        debug_assert_eq!(left.len(), 1);
        let shape = lowering.shape(b);
        return Ok(Value::constant(Constant::f32(
            shape,
            right.iter().map(|v| v * factor).collect(),
        )));
    }
    lowering.push(node, Op::Binary(Binary::Mul), &[a, b])
}

/// `Gemm`: alpha·A·B + beta·C.
pub(super) fn gemm(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut a = node.operand(0)?.clone();
    let mut b = node.operand(1)?.clone();
    if lowering.shape(&a).len() > 2 && node.opset < 7 {
        a = super::reshape::flattened(node, lowering, &a, 1)?;
    }
    if lowering.shape(&a).len() != 2 || lowering.shape(&b).len() != 2 {
        return Err(node.bad("takes matrices"));
    }
    if node.flag("transA", false)? {
        a = transposed(node, lowering, &a)?;
    }
    if node.flag("transB", false)? {
        b = transposed(node, lowering, &b)?;
    }
    let (alpha, beta) = (node.float("alpha", 1.0)?, node.float("beta", 1.0)?);
    if alpha != 1.0 {
        b = scaled(node, lowering, &b, alpha)?;
    }
    let Some(c) = node.optional(2).cloned() else {
        return Ok(vec![product(node, lowering, &a, &b)?]);
    };
    let c = if beta == 1.0 {
        c
    } else {
        scaled(node, lowering, &c, beta)?
    };
    let columns = lowering.shape(&b)[1];
    let shape = lowering.shape(&c);
    let is_row = lowering.ty(&c).element_count() == Some(columns) && shape.last() == Some(&columns);
    if is_row && lowering.dequantized(&b).is_none() {
        let bias = lowering.reshape(node, &c, &[columns])?;
        return Ok(vec![lowering.push(node, Op::MatMul, &[&a, &b, &bias])?]);
    }
    let y = product(node, lowering, &a, &b)?;
    Ok(vec![lowering.push(
        node,
        Op::Binary(Binary::Add),
        &[&y, &c],
    )?])
}

/// ONNX Runtime's `FusedMatMul`: alpha·A·B with either one transposed.
pub(super) fn fused(node: &Node, lowering: &mut Lowering) -> Lowered {
    if node.flag("transBatchA", false)? || node.flag("transBatchB", false)? {
        return Err(node.unsupported(
            "batch transposition is not known; save the model before ONNX Runtime's optimizer",
        ));
    }
    let mut operands = [node.operand(0)?.clone(), node.operand(1)?.clone()];
    for (operand, attribute) in operands.iter_mut().zip(["transA", "transB"]) {
        if node.flag(attribute, false)? && lowering.shape(operand).len() >= 2 {
            *operand = transposed(node, lowering, operand)?;
        }
    }
    let alpha = node.float("alpha", 1.0)?;
    let [a, b] = &operands;
    let y = product(node, lowering, a, b)?;
    Ok(vec![if alpha == 1.0 {
        y
    } else {
        scaled(node, lowering, &y, alpha)?
    }])
}

fn scaled(
    node: &Node,
    lowering: &mut Lowering,
    value: &Value,
    factor: f32,
) -> Result<Value, CompileError> {
    match value
        .as_constant()
        .and_then(|constant| Some((constant.shape.clone(), constant.floats()?)))
    {
        Some((shape, values)) => Ok(Value::constant(Constant::f32(
            shape,
            values.iter().map(|v| v * factor).collect(),
        ))),
        None => lowering.push(node, Op::Binary(Binary::Mul), &[value, &scalar(factor)]),
    }
}

/// The last two axes exchanged; a constant at once, dequantized weights before they are dequantized.
pub(super) fn transposed(
    node: &Node,
    lowering: &mut Lowering,
    value: &Value,
) -> Result<Value, CompileError> {
    let rank = lowering.shape(value).len();
    let mut perm: Vec<usize> = (0..rank).collect();
    let [.., a, b] = &mut perm[..] else {
        return Err(node.bad("takes matrices, and an operand has fewer than two axes"));
    };
    std::mem::swap(a, b);
    permuted(node, lowering, value, &perm)
}

/// Axes in the order `perm`.
pub(super) fn permuted(
    node: &Node,
    lowering: &mut Lowering,
    value: &Value,
    perm: &[usize],
) -> Result<Value, CompileError> {
    if let Some(constant) = value.as_constant() {
        let moved = constant
            .transposed(perm)
            .ok_or_else(|| node.bad(format!("{perm:?} is no permutation")))?;
        return Ok(Value::Constant(Rc::new(moved)));
    }
    let weights = lowering
        .dequantized(value)
        .filter(|operands| operands.q.as_constant().is_some());
    if let Some(operands) = weights {
        let q = permuted(node, lowering, &operands.q, perm)?;
        let axis = perm
            .iter()
            .position(|&axis| axis == operands.axis)
            .unwrap_or(operands.axis);
        return super::quantize::dequantized(
            node,
            lowering,
            Dequantized {
                q,
                axis,
                ..operands
            },
        );
    }
    let moved = lowering.push(
        node,
        Op::Transpose {
            perm: perm.to_vec(),
        },
        &[value],
    )?;
    match lowering.made_by(value).cloned() {
        Some(Made::Filled(scalar)) => {
            let shape = lowering.shape(&moved);
            super::known::filled(node, lowering, scalar, &shape)
        }
        _ => Ok(moved),
    }
}
