//! Arithmetic, products, quantization, reductions, normalisation and recurrent layers.

use super::{
    BYTES, Inferred, broadcast, ensure, expect_axis, expect_dtype, expect_scalar, expect_shape,
    is_scalar, one, operands,
};
use crate::{Binary, DType, Direction, TensorType, Unary};

pub(super) fn unary(unary: Unary, inputs: &[&TensorType]) -> Inferred {
    let x = one(inputs)?;
    let allowed: &[DType] = match unary {
        Unary::Abs | Unary::Neg | Unary::Sign => &[DType::F32, DType::I32],
        Unary::Not => &[DType::U8],
        _ => &[DType::F32],
    };
    expect_dtype(x, allowed)?;
    Ok(vec![x.clone()])
}

pub(super) fn round_float(inputs: &[&TensorType]) -> Inferred {
    let x = one(inputs)?;
    expect_dtype(x, &[DType::F32])?;
    Ok(vec![x.clone()])
}

pub(super) fn binary(binary: Binary, inputs: &[&TensorType]) -> Inferred {
    let [a, b] = operands(inputs)?;
    ensure(a.dtype == b.dtype, || format!("operands are {a} and {b}"))?;
    let (allowed, is_truth): (&[DType], bool) = match binary {
        Binary::Equal => (&[DType::F32, DType::I32, DType::I8, DType::U8], true),
        Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => {
            (&[DType::F32, DType::I32], true)
        }
        Binary::And | Binary::Or | Binary::Xor => (&[DType::U8], true),
        Binary::PRelu => (&[DType::F32], false),
        Binary::BitAnd
        | Binary::BitOr
        | Binary::BitXor
        | Binary::ShiftLeft
        | Binary::ShiftRight => (&[DType::I32], false),
        _ => (&[DType::F32, DType::I32], false),
    };
    expect_dtype(a, allowed)?;
    let dtype = if is_truth { DType::U8 } else { a.dtype };
    Ok(vec![TensorType::new(dtype, broadcast(&a.shape, &b.shape)?)])
}

pub(super) fn bit_cast(inputs: &[&TensorType]) -> Inferred {
    let x = one(inputs)?;
    expect_dtype(x, &[DType::F32, DType::I32])?;
    let to = if x.dtype == DType::F32 {
        DType::I32
    } else {
        DType::F32
    };
    Ok(vec![TensorType::new(to, x.shape.clone())])
}

pub(super) fn cumulate(inputs: &[&TensorType], axis: usize) -> Inferred {
    let x = one(inputs)?;
    expect_dtype(x, &[DType::F32, DType::I32])?;
    expect_axis(x, axis)?;
    Ok(vec![x.clone()])
}

pub(super) fn select(inputs: &[&TensorType]) -> Inferred {
    let [condition, a, b] = operands(inputs)?;
    expect_dtype(condition, &[DType::U8])?;
    ensure(a.dtype == b.dtype, || format!("branches are {a} and {b}"))?;
    let shape = broadcast(&condition.shape, &broadcast(&a.shape, &b.shape)?)?;
    Ok(vec![TensorType::new(a.dtype, shape)])
}

/// `[.., m, k] × [.., k, n]`, both of rank 2 or more.
fn product(a: &TensorType, b: &TensorType) -> Result<Vec<usize>, String> {
    let ([a_batch @ .., m, k], [b_batch @ .., k2, n]) = (&a.shape[..], &b.shape[..]) else {
        return Err(format!(
            "a product needs two axes, operands are {a} and {b}"
        ));
    };
    ensure(k == k2, || format!("inner extents of {a} and {b} differ"))?;
    let mut shape = broadcast(a_batch, b_batch)?;
    shape.extend([*m, *n]);
    Ok(shape)
}

pub(super) fn matmul(inputs: &[&TensorType]) -> Inferred {
    let (a, b, bias) = match inputs {
        [a, b] => (a, b, None),
        [a, b, bias] => (a, b, Some(bias)),
        _ => return Err(format!("takes 2 or 3 operands, got {}", inputs.len())),
    };
    expect_dtype(a, &[DType::F32])?;
    expect_dtype(b, &[DType::F32])?;
    let shape = product(a, b)?;
    if let Some(bias) = bias {
        expect_dtype(bias, &[DType::F32])?;
        expect_shape(bias, &shape[shape.len() - 1..])?;
    }
    Ok(vec![TensorType::new(DType::F32, shape)])
}

/// A zero point or scale of a product's second operand: scalar, or one a column.
fn per_column(ty: &TensorType, n: usize) -> Result<(), String> {
    ensure(is_scalar(ty) || ty.shape == [n], || {
        format!("operand is {ty}, must be a scalar or have shape [{n}]")
    })
}

pub(super) fn matmul_integer(inputs: &[&TensorType]) -> Inferred {
    let [a, b, a_zero, b_zero] = operands(inputs)?;
    expect_dtype(a, BYTES)?;
    expect_dtype(b, BYTES)?;
    expect_scalar(a_zero, &[a.dtype])?;
    expect_dtype(b_zero, &[b.dtype])?;
    let shape = product(a, b)?;
    per_column(b_zero, shape[shape.len() - 1])?;
    Ok(vec![TensorType::new(DType::I32, shape)])
}

pub(super) fn dynamic_quantize(inputs: &[&TensorType]) -> Inferred {
    let x = one(inputs)?;
    expect_dtype(x, &[DType::F32])?;
    Ok(vec![
        TensorType::new(DType::U8, x.shape.clone()),
        TensorType::new(DType::F32, []),
        TensorType::new(DType::U8, []),
    ])
}

/// Scale and zero point: scalars, or one an element of `axis`.
fn per_axis(
    x: &TensorType,
    axis: usize,
    scale: &TensorType,
    zero: &TensorType,
) -> Result<(), String> {
    expect_dtype(scale, &[DType::F32])?;
    if is_scalar(scale) && is_scalar(zero) {
        return Ok(());
    }
    let extent = expect_axis(x, axis)?;
    expect_shape(scale, &[extent])?;
    expect_shape(zero, &[extent])
}

pub(super) fn quantize(inputs: &[&TensorType], axis: usize) -> Inferred {
    let [x, scale, zero] = operands(inputs)?;
    expect_dtype(x, &[DType::F32])?;
    expect_dtype(zero, BYTES)?;
    per_axis(x, axis, scale, zero)?;
    Ok(vec![TensorType::new(zero.dtype, x.shape.clone())])
}

pub(super) fn dequantize(inputs: &[&TensorType], axis: usize) -> Inferred {
    let [x, scale, zero] = operands(inputs)?;
    expect_dtype(x, &[DType::I8, DType::U8, DType::I32])?;
    expect_dtype(zero, &[x.dtype])?;
    per_axis(x, axis, scale, zero)?;
    Ok(vec![TensorType::new(DType::F32, x.shape.clone())])
}

pub(super) fn qlinear_matmul(inputs: &[&TensorType]) -> Inferred {
    let [a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero] = operands(inputs)?;
    expect_dtype(a, BYTES)?;
    expect_dtype(b, BYTES)?;
    expect_scalar(a_scale, &[DType::F32])?;
    expect_scalar(a_zero, &[a.dtype])?;
    expect_scalar(y_scale, &[DType::F32])?;
    expect_scalar(y_zero, BYTES)?;
    expect_dtype(b_scale, &[DType::F32])?;
    expect_dtype(b_zero, &[b.dtype])?;
    let shape = product(a, b)?;
    per_column(b_scale, shape[shape.len() - 1])?;
    per_column(b_zero, shape[shape.len() - 1])?;
    Ok(vec![TensorType::new(y_zero.dtype, shape)])
}

pub(super) fn reduce(inputs: &[&TensorType], axes: &[usize], keep_dims: bool) -> Inferred {
    let x = one(inputs)?;
    expect_dtype(x, &[DType::F32, DType::I32])?;
    ensure(axes.windows(2).all(|pair| pair[0] < pair[1]), || {
        format!("axes {axes:?} are not ascending")
    })?;
    for &axis in axes {
        expect_axis(x, axis)?;
    }
    Ok(vec![TensorType::new(x.dtype, without(x, axes, keep_dims))])
}

/// The shape of `x` with `axes` reduced.
fn without(x: &TensorType, axes: &[usize], keep_dims: bool) -> Vec<usize> {
    let extents = x.shape.iter().enumerate();
    extents
        .filter_map(|(axis, &extent)| match (axes.contains(&axis), keep_dims) {
            (false, _) => Some(extent),
            (true, true) => Some(1),
            (true, false) => None,
        })
        .collect()
}

pub(super) fn arg_max(inputs: &[&TensorType], axis: usize, keep_dims: bool) -> Inferred {
    let x = one(inputs)?;
    expect_dtype(x, &[DType::F32, DType::I32])?;
    let extent = expect_axis(x, axis)?;
    ensure(extent > 0 && extent <= i32::MAX as usize, || {
        format!("axis {axis} of {x} has no largest element")
    })?;
    Ok(vec![TensorType::new(
        DType::I32,
        without(x, &[axis], keep_dims),
    )])
}

pub(super) fn softmax(inputs: &[&TensorType], axis: usize) -> Inferred {
    let x = one(inputs)?;
    expect_dtype(x, &[DType::F32])?;
    expect_axis(x, axis)?;
    Ok(vec![x.clone()])
}

pub(super) fn layer_norm(inputs: &[&TensorType], axis: usize) -> Inferred {
    let [x, scale, bias] = operands(inputs)?;
    expect_axis(x, axis)?;
    for operand in [x, scale, bias] {
        expect_dtype(operand, &[DType::F32])?;
    }
    for operand in [scale, bias] {
        expect_shape(operand, &x.shape[axis..])?;
    }
    Ok(vec![x.clone()])
}

pub(super) fn instance_norm(inputs: &[&TensorType]) -> Inferred {
    let [x, scale, bias] = operands(inputs)?;
    ensure(x.shape.len() >= 3, || {
        format!("operand is {x}, must be [n, c, spatial..]")
    })?;
    for operand in [x, scale, bias] {
        expect_dtype(operand, &[DType::F32])?;
    }
    for operand in [scale, bias] {
        expect_shape(operand, &x.shape[1..2])?;
    }
    Ok(vec![x.clone()])
}

pub(super) fn local_response(inputs: &[&TensorType], size: usize) -> Inferred {
    let x = one(inputs)?;
    expect_dtype(x, &[DType::F32])?;
    ensure(x.shape.len() >= 2, || {
        format!("operand is {x}, must be [n, c, ..]")
    })?;
    ensure(size > 0, || "sums over no channel".to_owned())?;
    Ok(vec![x.clone()])
}

/// `x, w, r, bias, initial_h` and, with four gates, `initial_c`.
pub(super) fn recurrent(inputs: &[&TensorType], direction: Direction, gates: usize) -> Inferred {
    let directions = if direction == Direction::Bidirectional {
        2
    } else {
        1
    };
    let states = if gates == 4 { 2 } else { 1 };
    ensure(inputs.len() == 4 + states, || {
        format!("takes {} operands, got {}", 4 + states, inputs.len())
    })?;
    for operand in inputs {
        expect_dtype(operand, &[DType::F32])?;
    }
    let (x, r) = (inputs[0], inputs[2]);
    let ([t, n, i], [_, _, h]) = (&x.shape[..], &r.shape[..]) else {
        return Err(format!("operands are {x} and {r}, must have 3 axes"));
    };
    let gate_rows = gates.checked_mul(*h).ok_or("too many hidden units")?;
    expect_shape(inputs[1], &[directions, gate_rows, *i])?;
    expect_shape(r, &[directions, gate_rows, *h])?;
    expect_shape(inputs[3], &[directions, gate_rows.saturating_mul(2)])?;
    let state = TensorType::new(DType::F32, [directions, *n, *h]);
    for initial in &inputs[4..] {
        expect_shape(initial, &state.shape)?;
    }
    let mut outputs = vec![TensorType::new(DType::F32, [*t, directions, *n, *h])];
    outputs.extend(std::iter::repeat_n(state, states));
    Ok(outputs)
}
