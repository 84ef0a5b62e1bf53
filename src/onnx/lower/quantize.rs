//! ONNX's own quantization operators.

use crate::CompileError;
use crate::element::Element;
use crate::graph::{Lowering, zeros};
use crate::lower::conv::geometry;
use crate::lower::matmul::per_tensor;
use crate::lower::peephole::{Convolution, Dequantized, Made};
use crate::lower::quantize_wide;
use crate::node::{Lowered, Node, Value};
use crate::read;
use nearshelf_engine::{DType, Op};

/// Largest relative error between a bias's stated scale and the one its convolution implies.
const BIAS_SCALE_TOLERANCE: f32 = 1e-3;

/// Scale and zero point of operands `scale` and `scale + 1`; a zero point left out is zero.
fn parameters(
    node: &Node,
    lowering: &mut Lowering,
    scale: usize,
    dtype: DType,
) -> Result<(Value, Value, usize), CompileError> {
    let scale_value = node.operand(scale)?.clone();
    let shape = lowering.shape(&scale_value);
    let zero = match node.optional(scale + 1) {
        Some(zero) => zero.clone(),
        None => zeros(dtype, &shape).ok_or_else(|| node.bad("is too large"))?,
    };
    let rank = lowering.shape(node.operand(0)?).len();
    let axis = node.int("axis")?.unwrap_or(1);
    // The axis means nothing for scalars, and its default may lie beyond a vector.
    let axis = if shape.len() == 1 && shape != [1] {
        node.axis(axis, rank)?
    } else {
        0
    };
    Ok((scale_value, zero, axis))
}

pub(super) fn quantize(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let stated = node.int("output_dtype")?.filter(|&kind| kind != 0);
    let to = match (node.kind(2), stated) {
        (Some(kind), _) => kind,
        (None, Some(kind)) => read::element(node.name(), kind)?,
        (None, None) => Element::Uint8,
    };
    let is_byte = matches!(to, Element::Int8 | Element::Uint8);
    if !is_byte || node.int("block_size")?.unwrap_or(0) != 0 {
        return quantize_wide::quantize(node, lowering, to);
    }
    let (scale, zero, axis) = parameters(node, lowering, 1, to.dtype())?;
    if let Some(y) = quantized_product(node, lowering, &x, &scale, &zero)? {
        return Ok(vec![y]);
    }
    Ok(vec![lowering.push(
        node,
        Op::QuantizeLinear { axis },
        &[&x, &scale, &zero],
    )?])
}

pub(super) fn dequantize(node: &Node, lowering: &mut Lowering) -> Lowered {
    if quantize_wide::is_wide(node, lowering)? {
        return quantize_wide::dequantize(node, lowering);
    }
    let q = node.operand(0)?.clone();
    let dtype = lowering.ty(&q).dtype;
    let (scale, zero, axis) = parameters(node, lowering, 1, dtype)?;
    Ok(vec![dequantized(
        node,
        lowering,
        Dequantized {
            q,
            scale,
            zero,
            axis,
        },
    )?])
}

/// Adds `DequantizeLinear` and remembers its operands.
pub(super) fn dequantized(
    node: &Node,
    lowering: &mut Lowering,
    operands: Dequantized,
) -> Result<Value, CompileError> {
    let op = Op::DequantizeLinear {
        axis: operands.axis,
    };
    let y = lowering.push(node, op, &[&operands.q, &operands.scale, &operands.zero])?;
    lowering.note(&y, Made::Dequantized(operands));
    Ok(y)
}

/// A product of dequantized operands that is quantized again: one integer operator.
///
/// A rectifier between them is what saturation at the zero point does, when that is the smallest number.
fn quantized_product(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    scale: &Value,
    zero: &Value,
) -> Result<Option<Value>, CompileError> {
    let is_scalar = |value: &Value| {
        lowering.ty(value).element_count() == Some(1) && lowering.shape(value).len() <= 1
    };
    if !is_scalar(scale) || !is_scalar(zero) {
        return Ok(None);
    }
    let mut made = lowering.made_by(x).cloned();
    if let Some(Made::Relu(of)) = made {
        let lowest = if lowering.ty(zero).dtype == DType::I8 {
            i64::from(i8::MIN)
        } else {
            0
        };
        let saturates = zero
            .as_constant()
            .and_then(|zero| zero.ints())
            .is_some_and(|zero| zero == [lowest]);
        made = if saturates {
            lowering.made_by(&Value::Run(of)).cloned()
        } else {
            None
        };
    }
    match made {
        Some(Made::Conv(conv)) => quantized_conv(node, lowering, &conv, scale, zero),
        Some(Made::MatMul(a, b)) => {
            let (Some(a), Some(b)) = (lowering.dequantized(&a), lowering.dequantized(&b)) else {
                return Ok(None);
            };
            let per_column =
                lowering.shape(&b.scale).len() == 1 && b.axis + 1 == lowering.shape(&b.q).len();
            let bytes = [&a.q, &b.q]
                .iter()
                .all(|q| lowering.ty(q).dtype != DType::I32);
            if !bytes
                || per_tensor(lowering, &a).is_none()
                || !(per_column || per_tensor(lowering, &b).is_some())
            {
                return Ok(None);
            }
            let operands = [
                &a.q, &a.scale, &a.zero, &b.q, &b.scale, &b.zero, scale, zero,
            ];
            lowering.push(node, Op::QLinearMatMul, &operands).map(Some)
        }
        _ => Ok(None),
    }
}

fn quantized_conv(
    node: &Node,
    lowering: &mut Lowering,
    conv: &Convolution,
    scale: &Value,
    zero: &Value,
) -> Result<Option<Value>, CompileError> {
    let (Some(x), Some(w)) = (
        lowering.dequantized(&conv.x),
        lowering.dequantized(&conv.weights),
    ) else {
        return Ok(None);
    };
    let per_map = lowering.shape(&w.scale).len() == 1 && w.axis == 0;
    let bytes = [&x.q, &w.q]
        .iter()
        .all(|q| lowering.ty(q).dtype != DType::I32);
    if !bytes
        || per_tensor(lowering, &x).is_none()
        || !(per_map || per_tensor(lowering, &w).is_some())
    {
        return Ok(None);
    }
    let mut operands = vec![
        &x.q, &x.scale, &x.zero, &w.q, &w.scale, &w.zero, scale, zero,
    ];
    let bias = match &conv.bias {
        None => None,
        Some(bias) => match integer_bias(lowering, bias, &x, &w) {
            Some(bias) => Some(bias),
            None => return Ok(None),
        },
    };
    operands.extend(&bias);
    let op = Op::QLinearConv {
        window: conv.window.clone(),
        group: conv.group,
    };
    lowering.push(node, op, &operands).map(Some)
}

/// The stored i32 bias, when its scale is the product of the operands' as quantizers write it.
fn integer_bias(
    lowering: &Lowering,
    bias: &Value,
    x: &Dequantized,
    w: &Dequantized,
) -> Option<Value> {
    let bias = lowering.dequantized(bias)?;
    let known = |value: &Value| {
        value
            .as_constant()
            .and_then(|constant| constant.floats().map(<[f32]>::to_vec))
    };
    let (stated, x_scale, w_scale) = (known(&bias.scale)?, known(&x.scale)?, known(&w.scale)?);
    let is_plain = lowering.ty(&bias.q).dtype == DType::I32 && bias.zero.as_constant()?.is_zero();
    let at = |values: &[f32], index: usize| {
        values
            .get(if values.len() == 1 { 0 } else { index })
            .copied()
    };
    let agrees = (0..stated.len().max(w_scale.len())).all(|index| {
        let implied = at(&x_scale, 0).zip(at(&w_scale, index)).map(|(x, w)| x * w);
        let pair = implied.zip(at(&stated, index));
        pair.is_some_and(|(implied, stated)| {
            (implied - stated).abs() <= BIAS_SCALE_TOLERANCE * implied.abs()
        })
    });
    (is_plain && agrees).then_some(bias.q)
}

pub(super) fn dynamic(node: &Node, lowering: &mut Lowering) -> Lowered {
    lowering.push_all(node, Op::DynamicQuantizeLinear, &[node.operand(0)?])
}

/// Operand `index`, or a scalar zero of the type of operand `like`. One element of any rank is a scalar.
pub(super) fn zero_point(
    node: &Node,
    lowering: &mut Lowering,
    index: usize,
    like: usize,
) -> Result<Value, CompileError> {
    let Some(zero) = node.optional(index).cloned() else {
        let dtype = lowering.ty(node.operand(like)?).dtype;
        return zeros(dtype, &[]).ok_or_else(|| node.bad("is too large"));
    };
    let ty = lowering.ty(&zero);
    match (ty.element_count(), ty.shape.len()) {
        (Some(1), 2..) => lowering.reshape(node, &zero, &[]),
        // One a column of a batch of matrices: [.., 1, n].
        (Some(count), 2..) if ty.shape.last() == Some(&count) => {
            lowering.reshape(node, &zero, &[count])
        }
        _ => Ok(zero),
    }
}

pub(super) fn matmul_integer(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (a, b) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let a_zero = zero_point(node, lowering, 2, 0)?;
    let b_zero = zero_point(node, lowering, 3, 1)?;
    Ok(vec![integer_product(
        node, lowering, &a, &b, &a_zero, &b_zero,
    )?])
}

/// `MatMulInteger` of operands with any number of axes.
pub(super) fn integer_product(
    node: &Node,
    lowering: &mut Lowering,
    a: &Value,
    b: &Value,
    a_zero: &Value,
    b_zero: &Value,
) -> Result<Value, CompileError> {
    let (left, right) = (lowering.shape(a), lowering.shape(b));
    if left.len() < 2 || right.len() < 2 {
        return Err(node.unsupported(
            "products of vectors are only known as MatMul; give the operands two axes",
        ));
    }
    lowering.push(node, Op::MatMulInteger, &[a, b, a_zero, b_zero])
}

pub(super) fn conv_integer(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (x, w) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let (window, group) = geometry(node, lowering, &x, &w)?;
    let x_zero = zero_point(node, lowering, 2, 0)?;
    let w_zero = zero_point(node, lowering, 3, 1)?;
    Ok(vec![lowering.push(
        node,
        Op::ConvInteger { window, group },
        &[&x, &w, &x_zero, &w_zero],
    )?])
}

pub(super) fn qlinear_conv(node: &Node, lowering: &mut Lowering) -> Lowered {
    let operands = (0..8)
        .map(|index| node.operand(index))
        .collect::<Result<Vec<_>, _>>()?;
    let [x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero] = operands[..] else {
        return Err(node.bad("takes eight operands or nine"));
    };
    let (window, group) = geometry(node, lowering, x, w)?;
    let mut operands = vec![x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero];
    operands.extend(node.optional(8));
    Ok(vec![lowering.push(
        node,
        Op::QLinearConv { window, group },
        &operands,
    )?])
}

pub(super) fn qlinear_matmul(node: &Node, lowering: &mut Lowering) -> Lowered {
    let operands = (0..8)
        .map(|index| node.operand(index).cloned())
        .collect::<Result<Vec<_>, _>>()?;
    let mut flat = Vec::with_capacity(8);
    for (index, operand) in operands.iter().enumerate() {
        flat.push(match index {
            0 | 3 => operand.clone(),
            _ => vector(node, lowering, operand)?,
        });
    }
    Ok(vec![lowering.push(
        node,
        Op::QLinearMatMul,
        &flat.iter().collect::<Vec<_>>(),
    )?])
}

/// Quantization parameters without axes of extent 1.
fn vector(node: &Node, lowering: &mut Lowering, value: &Value) -> Result<Value, CompileError> {
    let ty = lowering.ty(value);
    match ty.element_count() {
        Some(count) if ty.shape.len() > 1 && ty.shape.contains(&count) => lowering.reshape(
            node,
            value,
            if count == 1 {
                &[]
            } else {
                &ty.shape[ty.shape.len() - 1..]
            },
        ),
        _ => Ok(value.clone()),
    }
}
