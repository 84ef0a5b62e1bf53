//! ONNX Runtime's quantized operators (`com.microsoft`): computed on dequantized operands, as it does,
//! except for products, which stay in integers.

use crate::CompileError;
use crate::graph::{Lowering, scalar};
use crate::lower::matmul::{times, transposed};
use crate::lower::quantize::{integer_product, zero_point};
use crate::lower::window::window;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op, Reduction, Unary};

/// Operand `index` dequantized by the two that follow it.
fn float(node: &Node, lowering: &mut Lowering, index: usize) -> Result<Value, CompileError> {
    let q = node.operand(index)?.clone();
    let scale = node.operand(index + 1)?.clone();
    let zero = zero_point(node, lowering, index + 2, index)?;
    lowering.push(node, Op::DequantizeLinear { axis: 0 }, &[&q, &scale, &zero])
}

/// `value` quantized by operands `scale` and `scale + 1`.
fn quantized(node: &Node, lowering: &mut Lowering, value: &Value, scale: usize) -> Lowered {
    let zero = zero_point(node, lowering, scale + 1, 0)?;
    let scale = node.operand(scale)?;
    Ok(vec![lowering.push(
        node,
        Op::QuantizeLinear { axis: 0 },
        &[value, scale, &zero],
    )?])
}

/// `QLinearAdd`, `QLinearMul`.
pub(super) fn binary(node: &Node, lowering: &mut Lowering) -> Lowered {
    let kind = if node.proto.op_type == "QLinearMul" {
        Binary::Mul
    } else {
        Binary::Add
    };
    let (a, b) = (float(node, lowering, 0)?, float(node, lowering, 3)?);
    let y = lowering.push(node, Op::Binary(kind), &[&a, &b])?;
    quantized(node, lowering, &y, 6)
}

/// `QLinearSigmoid`, `QLinearLeakyRelu`.
pub(super) fn activation(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = float(node, lowering, 0)?;
    let kind = match &*node.proto.op_type {
        "QLinearSigmoid" => Unary::Sigmoid,
        _ => Unary::LeakyRelu {
            alpha: node.float("alpha", 0.01)?,
        },
    };
    let y = lowering.push(node, Op::Unary(kind), &[&x])?;
    quantized(node, lowering, &y, 3)
}

/// `QLinearSoftmax`. `opset` says which `Softmax` it stands for.
pub(super) fn softmax(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = float(node, lowering, 0)?;
    let flattens = node.int("opset")?.unwrap_or(13) < 13;
    let axis = node.int("axis")?.unwrap_or(if flattens { 1 } else { -1 });
    let y = super::reduce::along(node, lowering, &x, axis, flattens, false)?;
    quantized(node, lowering, &y, 3)
}

/// `QLinearAveragePool`, `QLinearGlobalAveragePool`.
pub(super) fn average_pool(node: &Node, lowering: &mut Lowering) -> Lowered {
    if node.flag("channels_last", false)? {
        return Err(node.unsupported("channels come last; quantize with channels second"));
    }
    let x = float(node, lowering, 0)?;
    let shape = lowering.shape(&x);
    if shape.len() < 3 {
        return Err(node.bad(format!("shape {shape:?} has no spatial axes")));
    }
    let op = if node.proto.op_type == "QLinearAveragePool" {
        Op::AveragePool {
            window: window(node, &shape[2..], None)?,
            ceil_mode: node.flag("ceil_mode", false)?,
            count_include_pad: node.flag("count_include_pad", false)?,
        }
    } else {
        Op::Reduce {
            reduction: Reduction::Mean,
            axes: (2..shape.len()).collect(),
            keep_dims: true,
        }
    };
    let y = lowering.push(node, op, &[&x])?;
    quantized(node, lowering, &y, 3)
}

/// `QLinearConcat`: scale and zero point of the result, then three operands a part.
pub(super) fn concat(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut parts = Vec::new();
    for index in (2..node.inputs.len()).step_by(3) {
        parts.push(float(node, lowering, index)?);
    }
    let first = parts.first().ok_or_else(|| node.bad("joins nothing"))?;
    let axis = node.axis(node.int("axis")?.unwrap_or(1), lowering.shape(first).len())?;
    let y = lowering.push(node, Op::Concat { axis }, &parts.iter().collect::<Vec<_>>())?;
    let (scale, zero) = (node.operand(0)?, node.operand(1)?);
    Ok(vec![lowering.push(
        node,
        Op::QuantizeLinear { axis: 0 },
        &[&y, scale, zero],
    )?])
}

/// `QGemm`: alpha·(A − a₀)(B − b₀) + C in integers, scaled, and quantized unless no scale is given.
pub(super) fn gemm(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (mut a, mut b) = (node.operand(0)?.clone(), node.operand(3)?.clone());
    if lowering.shape(&a).len() != 2 || lowering.shape(&b).len() != 2 {
        return Err(node.bad("takes matrices"));
    }
    if node.flag("transA", false)? {
        a = transposed(node, lowering, &a)?;
    }
    if node.flag("transB", false)? {
        b = transposed(node, lowering, &b)?;
    }
    let a_zero = zero_point(node, lowering, 2, 0)?;
    let b_zero = zero_point(node, lowering, 5, 3)?;
    let mut sums = integer_product(node, lowering, &a, &b, &a_zero, &b_zero)?;
    if let Some(bias) = node.optional(6) {
        sums = lowering.push(node, Op::Binary(Binary::Add), &[&sums, bias])?;
    }
    let sums = lowering.cast(node, &sums, DType::F32)?;
    let alpha = scalar(node.float("alpha", 1.0)?);
    let scale = times(node, lowering, node.operand(1)?, node.operand(4)?)?;
    let scale = times(node, lowering, &alpha, &scale)?;
    let y = lowering.push(node, Op::Binary(Binary::Mul), &[&sums, &scale])?;
    if node.optional(7).is_none() {
        return Ok(vec![y]);
    }
    quantized(node, lowering, &y, 7)
}

/// `MatMulIntegerToFloat`: A, B, a_scale, b_scale, a_zero, b_zero, bias.
pub(super) fn matmul_integer_to_float(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (a, b) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let a_zero = zero_point(node, lowering, 4, 0)?;
    let b_zero = zero_point(node, lowering, 5, 1)?;
    let (a_scale, b_scale) = (node.operand(2)?.clone(), node.operand(3)?.clone());
    let operands = [&a, &b, &a_zero, &b_zero];
    Ok(vec![scaled_product(
        node,
        lowering,
        operands,
        [&a_scale, &b_scale],
        node.optional(6),
    )?])
}

/// `DynamicQuantizeMatMul`: A (float), B, b_scale, b_zero, bias.
pub(super) fn dynamic_quantize_matmul(node: &Node, lowering: &mut Lowering) -> Lowered {
    let quantized = lowering.push_all(node, Op::DynamicQuantizeLinear, &[node.operand(0)?])?;
    let [a, a_scale, a_zero] = &quantized[..] else {
        return Err(node.bad("quantization gives three results"));
    };
    let b = node.operand(1)?.clone();
    let b_zero = zero_point(node, lowering, 3, 1)?;
    let b_scale = node.operand(2)?.clone();
    let operands = [a, &b, a_zero, &b_zero];
    Ok(vec![scaled_product(
        node,
        lowering,
        operands,
        [a_scale, &b_scale],
        node.optional(4),
    )?])
}

fn scaled_product(
    node: &Node,
    lowering: &mut Lowering,
    [a, b, a_zero, b_zero]: [&Value; 4],
    [a_scale, b_scale]: [&Value; 2],
    bias: Option<&Value>,
) -> Result<Value, CompileError> {
    let sums = integer_product(node, lowering, a, b, a_zero, b_zero)?;
    let sums = lowering.cast(node, &sums, DType::F32)?;
    let scale = times(node, lowering, a_scale, b_scale)?;
    let y = lowering.push(node, Op::Binary(Binary::Mul), &[&sums, &scale])?;
    match bias {
        Some(bias) => lowering.push(node, Op::Binary(Binary::Add), &[&y, bias]),
        None => Ok(y),
    }
}
