//! ONNX Runtime's quantized operators (`com.microsoft`): computed on dequantized operands, as it does,
//! except for products, which stay in integers.

use crate::CompileError;
use crate::graph::{Lowering, scalar};
use crate::lower::conv::geometry;
use crate::lower::matmul::{times, transposed};
use crate::lower::quantize::{integer_product, zero_point};
use crate::lower::steps::Steps;
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
    let is_last = node.flag("channels_last", false)?;
    let mut x = float(node, lowering, 0)?;
    if is_last {
        x = channels_second(&mut Steps::new(node, lowering), &x)?;
    }
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
    let mut y = lowering.push(node, op, &[&x])?;
    if is_last {
        y = channels_last(&mut Steps::new(node, lowering), &y)?;
    }
    quantized(node, lowering, &y, 3)
}

/// `[n, spatial.., c]` as `[n, c, spatial..]`.
fn channels_second(steps: &mut Steps, x: &Value) -> Result<Value, CompileError> {
    let rank = steps.shape(x).len();
    let order: Vec<usize> = (0..rank).collect();
    match order.split_last() {
        Some((&last, [first, spatial @ ..])) => {
            steps.transpose(x, &[&[*first, last], spatial].concat())
        }
        _ => Err(steps.node.bad("needs a batch and a channel axis")),
    }
}

/// `[n, c, spatial..]` as `[n, spatial.., c]`.
fn channels_last(steps: &mut Steps, x: &Value) -> Result<Value, CompileError> {
    let rank = steps.shape(x).len();
    let order: Vec<usize> = std::iter::once(0).chain(2..rank).chain([1]).collect();
    steps.transpose(x, &order)
}

/// `NhwcMaxPool` of bytes.
pub(super) fn max_pool(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?;
    let x = channels_second(&mut Steps::new(node, lowering), x)?;
    let shape = lowering.shape(&x);
    if shape.len() < 3 {
        return Err(node.bad(format!("shape {shape:?} has no spatial axes")));
    }
    let op = Op::MaxPool {
        window: window(node, &shape[2..], None)?,
        ceil_mode: node.flag("ceil_mode", false)?,
    };
    let mut steps = Steps::new(node, lowering);
    let y = steps.op(op, &[&x])?;
    Ok(vec![channels_last(&mut steps, &y)?])
}

/// ONNX Runtime's own `QLinearConv`, whose images may have channels last.
pub(super) fn conv(node: &Node, lowering: &mut Lowering) -> Lowered {
    if !node.flag("channels_last", false)? {
        return super::quantize::qlinear_conv(node, lowering);
    }
    let mut steps = Steps::new(node, lowering);
    let x = channels_second(&mut steps, node.operand(0)?)?;
    let (window, group) = geometry(node, steps.lowering, &x, node.operand(3)?)?;
    let mut operands = vec![&x];
    for index in 1..8 {
        operands.push(node.operand(index)?);
    }
    operands.extend(node.optional(8));
    let y = steps.op(Op::QLinearConv { window, group }, &operands)?;
    Ok(vec![channels_last(&mut steps, &y)?])
}

/// `QLinearReduceMean`.
pub(super) fn reduce_mean(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = float(node, lowering, 0)?;
    let rank = lowering.shape(&x).len();
    let axes = match node.ints("axes")? {
        Some(axes) => node.axes(axes, rank)?,
        None => (0..rank).collect(),
    };
    let op = Op::Reduce {
        reduction: Reduction::Mean,
        axes,
        keep_dims: node.flag("keepdims", true)?,
    };
    let y = lowering.push(node, op, &[&x])?;
    quantized(node, lowering, &y, 3)
}

/// `QLinearWhere`.
pub(super) fn select(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (a, b) = (float(node, lowering, 1)?, float(node, lowering, 4)?);
    let y = lowering.push(node, Op::Select, &[node.operand(0)?, &a, &b])?;
    let (scale, zero) = (node.operand(7)?, node.operand(8)?);
    let op = Op::QuantizeLinear { axis: 0 };
    Ok(vec![lowering.push(node, op, &[&y, scale, zero])?])
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

pub(super) fn scaled_product(
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
