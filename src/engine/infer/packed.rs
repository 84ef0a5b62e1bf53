//! Operators with packed weights, and convolutions with channels last.

use super::{BYTES, Inferred, ensure, expect_dtype, expect_scalar, expect_shape, operands, window};
use crate::{DType, TensorType, Unary, Window};
use nearshelf_kernels::panel::{shape_f32, shape_q8};

fn vector(ty: &TensorType, dtype: DType, len: usize) -> Result<(), String> {
    expect_dtype(ty, &[dtype])?;
    expect_shape(ty, &[len])
}

fn panels(ty: &TensorType, dtype: DType, depth: usize, columns: usize) -> Result<(), String> {
    expect_dtype(ty, &[dtype])?;
    if dtype == DType::F32 {
        expect_shape(ty, &shape_f32(depth, columns))
    } else {
        expect_shape(ty, &shape_q8(depth, columns))
    }
}

fn is_function_of_floats(activation: Option<Unary>) -> Result<(), String> {
    ensure(activation != Some(Unary::Not), || {
        "the activation is no function of floats".to_owned()
    })
}

/// Depth of the product, and the result's shape.
fn product(x: &TensorType, columns: usize) -> Result<(usize, Vec<usize>), String> {
    let Some((&depth, rows)) = x.shape.split_last() else {
        return Err(format!("operand is {x}, must have an axis"));
    };
    let mut shape = rows.to_vec();
    shape.push(columns);
    Ok((depth, shape))
}

pub(super) fn linear(
    inputs: &[&TensorType],
    columns: usize,
    activation: Option<Unary>,
) -> Inferred {
    let [x, w, bias] = operands(inputs)?;
    is_function_of_floats(activation)?;
    expect_dtype(x, &[DType::F32])?;
    let (depth, shape) = product(x, columns)?;
    panels(w, DType::F32, depth, columns)?;
    vector(bias, DType::F32, columns)?;
    Ok(vec![TensorType::new(DType::F32, shape)])
}

pub(super) fn dynamic_linear(
    inputs: &[&TensorType],
    columns: usize,
    activation: Option<Unary>,
) -> Inferred {
    let [x, x_scale, x_zero, w, w_scale, bias] = operands(inputs)?;
    is_function_of_floats(activation)?;
    expect_dtype(x, BYTES)?;
    expect_scalar(x_scale, &[DType::F32])?;
    expect_scalar(x_zero, &[x.dtype])?;
    let (depth, shape) = product(x, columns)?;
    panels(w, DType::I8, depth, columns)?;
    vector(w_scale, DType::F32, columns)?;
    vector(bias, DType::F32, columns)?;
    Ok(vec![TensorType::new(DType::F32, shape)])
}

pub(super) fn dynamic_linear_narrow(
    inputs: &[&TensorType],
    columns: usize,
    activation: Option<Unary>,
) -> Inferred {
    let [linear @ .., low, sums] = inputs else {
        return Err("operands are missing".to_owned());
    };
    let outputs = dynamic_linear(linear, columns, activation)?;
    vector(low, DType::I32, columns)?;
    vector(sums, DType::I32, columns)?;
    Ok(outputs)
}

/// Zero points and requantization of a static product: operands 1, 3, 4 and 5.
fn requantized(inputs: [&TensorType; 6], columns: usize) -> Result<DType, String> {
    let [x, x_zero, _, multiplier, bias, y_zero] = inputs;
    expect_dtype(x, BYTES)?;
    expect_scalar(x_zero, &[x.dtype])?;
    vector(multiplier, DType::F32, columns)?;
    vector(bias, DType::I32, columns)?;
    expect_scalar(y_zero, BYTES)?;
    Ok(y_zero.dtype)
}

pub(super) fn qlinear(inputs: &[&TensorType], columns: usize) -> Inferred {
    let inputs = operands(inputs)?;
    let dtype = requantized(inputs, columns)?;
    let (depth, shape) = product(inputs[0], columns)?;
    panels(inputs[2], DType::I8, depth, columns)?;
    Ok(vec![TensorType::new(dtype, shape)])
}

pub(super) fn qlinear_add(inputs: &[&TensorType]) -> Inferred {
    let [a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero] = operands(inputs)?;
    expect_dtype(a, BYTES)?;
    ensure(a == b, || {
        format!("operands are {a} and {b}, must be alike")
    })?;
    for scale in [a_scale, b_scale, y_scale] {
        expect_scalar(scale, &[DType::F32])?;
    }
    for zero in [a_zero, b_zero, y_zero] {
        expect_scalar(zero, &[a.dtype])?;
    }
    Ok(vec![a.clone()])
}

/// Taps of the window and the result's shape with `maps` channels.
fn convolved(x: &TensorType, window: &Window, maps: usize) -> Result<(usize, Vec<usize>), String> {
    let [n, h, w, c] = x.shape[..] else {
        return Err(format!("operand is {x}, must have four axes"));
    };
    let channels_second = TensorType::new(x.dtype, [n, c, h, w]);
    let spatial = window::extents(window, &channels_second, false)?;
    let mut shape = vec![n];
    shape.extend(spatial);
    shape.push(maps);
    Ok((window.kernel.iter().product(), shape))
}

pub(super) fn conv_nhwc(
    inputs: &[&TensorType],
    window: &Window,
    maps: usize,
    activation: Option<Unary>,
) -> Inferred {
    let [x, w, bias] = operands(inputs)?;
    is_function_of_floats(activation)?;
    expect_dtype(x, &[DType::F32])?;
    let (taps, shape) = convolved(x, window, maps)?;
    let depth = taps
        .checked_mul(x.shape[3])
        .ok_or("patches are too large")?;
    panels(w, DType::F32, depth, maps)?;
    vector(bias, DType::F32, maps)?;
    Ok(vec![TensorType::new(DType::F32, shape)])
}

pub(super) fn qlinear_conv_nhwc(inputs: &[&TensorType], window: &Window, maps: usize) -> Inferred {
    let inputs = operands(inputs)?;
    let dtype = requantized(inputs, maps)?;
    let (taps, shape) = convolved(inputs[0], window, maps)?;
    let depth = taps.checked_mul(inputs[0].shape[3]);
    panels(
        inputs[2],
        DType::I8,
        depth.ok_or("patches are too large")?,
        maps,
    )?;
    Ok(vec![TensorType::new(dtype, shape)])
}

pub(super) fn depthwise_nhwc(
    inputs: &[&TensorType],
    window: &Window,
    activation: Option<Unary>,
) -> Inferred {
    let [x, w, bias] = operands(inputs)?;
    is_function_of_floats(activation)?;
    expect_dtype(x, &[DType::F32])?;
    let channels = x.shape.last().copied().unwrap_or(0);
    let (taps, shape) = convolved(x, window, channels)?;
    expect_dtype(w, &[DType::F32])?;
    expect_shape(w, &[taps, channels])?;
    vector(bias, DType::F32, channels)?;
    Ok(vec![TensorType::new(DType::F32, shape)])
}

pub(super) fn qlinear_depthwise_nhwc(inputs: &[&TensorType], window: &Window) -> Inferred {
    let inputs = operands(inputs)?;
    let channels = inputs[0].shape.last().copied().unwrap_or(0);
    let dtype = requantized(inputs, channels)?;
    let (taps, shape) = convolved(inputs[0], window, channels)?;
    expect_dtype(inputs[2], &[DType::I8])?;
    expect_shape(inputs[2], &[taps.div_ceil(2), channels, 2])?;
    Ok(vec![TensorType::new(dtype, shape)])
}
