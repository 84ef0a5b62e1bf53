//! Convolutions and pools.

use super::{
    BYTES, Inferred, ensure, expect_dtype, expect_scalar, expect_shape, is_scalar, one, operands,
};
use crate::{DType, TensorType, Window};

/// Largest kernel, stride, dilation or padding: beyond it a window is a mistake, and sums can't overflow.
const MAX_EXTENT: usize = 1 << 14;
/// Largest image, likewise.
const MAX_PIXELS: usize = 1 << 28;

/// Checks a window against the spatial axes of `x [n, c, spatial..]`.
fn check(window: &Window, x: &TensorType) -> Result<usize, String> {
    let spatial = x.shape.len().saturating_sub(2);
    ensure(spatial == 1 || spatial == 2, || {
        format!("operand is {x}, must have one or two spatial axes")
    })?;
    let fields = [
        &window.kernel,
        &window.strides,
        &window.dilations,
        &window.pads_begin,
        &window.pads_end,
    ];
    ensure(fields.iter().all(|field| field.len() == spatial), || {
        format!("the window has not {spatial} axes")
    })?;
    let positive = [&window.kernel, &window.strides, &window.dilations];
    let in_range = fields
        .iter()
        .all(|field| field.iter().all(|&e| e <= MAX_EXTENT))
        && positive.iter().all(|field| field.iter().all(|&e| e > 0))
        && x.shape[2..].iter().all(|&e| e > 0 && e <= MAX_PIXELS);
    ensure(in_range, || {
        "the window's extents are out of range".to_owned()
    })?;
    Ok(spatial)
}

/// Output extent of each spatial axis.
pub(super) fn extents(
    window: &Window,
    x: &TensorType,
    ceil_mode: bool,
) -> Result<Vec<usize>, String> {
    let mut out = Vec::new();
    for axis in 0..check(window, x)? {
        let reach = window.dilations[axis] * (window.kernel[axis] - 1) + 1;
        let begin = window.pads_begin[axis];
        let padded = x.shape[axis + 2] + begin + window.pads_end[axis];
        let Some(room) = padded.checked_sub(reach) else {
            return Err(format!(
                "the window reaches over {reach}, there are {padded} elements"
            ));
        };
        let stride = window.strides[axis];
        let mut count = if ceil_mode {
            room.div_ceil(stride)
        } else {
            room / stride
        } + 1;
        // A last partial window must begin inside the input or its padding before.
        if ceil_mode && (count - 1) * stride >= x.shape[axis + 2] + begin {
            count -= 1;
        }
        out.push(count);
    }
    Ok(out)
}

/// Shape of a convolution of `x [n, c, ..]` with `w [m, c/group, kernel..]`.
fn conv_shape(
    x: &TensorType,
    w: &TensorType,
    window: &Window,
    group: usize,
) -> Result<Vec<usize>, String> {
    let spatial = extents(window, x, false)?;
    let channels = x.shape[1];
    ensure(
        group > 0 && channels > 0 && channels.is_multiple_of(group),
        || format!("{channels} channels don't split into {group} groups"),
    )?;
    let maps = w.shape.first().copied().unwrap_or(0);
    ensure(maps > 0 && maps.is_multiple_of(group), || {
        format!("{maps} maps don't split into {group} groups")
    })?;
    let mut expected = vec![maps, channels / group];
    expected.extend(&window.kernel);
    expect_shape(w, &expected)?;
    let mut shape = vec![x.shape[0], maps];
    shape.extend(spatial);
    Ok(shape)
}

pub(super) fn conv(inputs: &[&TensorType], window: &Window, group: usize) -> Inferred {
    ensure(matches!(inputs.len(), 2 | 3), || {
        format!("takes 2 or 3 operands, got {}", inputs.len())
    })?;
    for operand in inputs {
        expect_dtype(operand, &[DType::F32])?;
    }
    let shape = conv_shape(inputs[0], inputs[1], window, group)?;
    if let Some(bias) = inputs.get(2) {
        expect_shape(bias, &shape[1..2])?;
    }
    Ok(vec![TensorType::new(DType::F32, shape)])
}

/// A zero point or scale of weights: scalar, or one a map.
fn per_map(ty: &TensorType, maps: usize) -> Result<(), String> {
    ensure(is_scalar(ty) || ty.shape == [maps], || {
        format!("operand is {ty}, must be a scalar or have shape [{maps}]")
    })
}

pub(super) fn conv_integer(inputs: &[&TensorType], window: &Window, group: usize) -> Inferred {
    let [x, w, x_zero, w_zero] = operands(inputs)?;
    expect_dtype(x, BYTES)?;
    expect_dtype(w, BYTES)?;
    expect_scalar(x_zero, &[x.dtype])?;
    expect_dtype(w_zero, &[w.dtype])?;
    let shape = conv_shape(x, w, window, group)?;
    per_map(w_zero, shape[1])?;
    Ok(vec![TensorType::new(DType::I32, shape)])
}

pub(super) fn qlinear_conv(inputs: &[&TensorType], window: &Window, group: usize) -> Inferred {
    ensure(matches!(inputs.len(), 8 | 9), || {
        format!("takes 8 or 9 operands, got {}", inputs.len())
    })?;
    let [x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero] = operands(&inputs[..8])?;
    expect_dtype(x, BYTES)?;
    expect_dtype(w, BYTES)?;
    expect_scalar(x_scale, &[DType::F32])?;
    expect_scalar(x_zero, &[x.dtype])?;
    expect_scalar(y_scale, &[DType::F32])?;
    expect_scalar(y_zero, BYTES)?;
    expect_dtype(w_scale, &[DType::F32])?;
    expect_dtype(w_zero, &[w.dtype])?;
    let shape = conv_shape(x, w, window, group)?;
    per_map(w_scale, shape[1])?;
    per_map(w_zero, shape[1])?;
    if let Some(bias) = inputs.get(8) {
        expect_dtype(bias, &[DType::I32])?;
        expect_shape(bias, &shape[1..2])?;
    }
    Ok(vec![TensorType::new(y_zero.dtype, shape)])
}

pub(super) fn conv_transpose(
    inputs: &[&TensorType],
    window: &Window,
    group: usize,
    output_padding: &[usize],
) -> Inferred {
    ensure(matches!(inputs.len(), 2 | 3), || {
        format!("takes 2 or 3 operands, got {}", inputs.len())
    })?;
    for operand in inputs {
        expect_dtype(operand, &[DType::F32])?;
    }
    let (x, w) = (inputs[0], inputs[1]);
    let spatial = check(window, x)?;
    ensure(
        output_padding.len() == spatial && output_padding.iter().all(|&p| p <= MAX_EXTENT),
        || format!("output padding has not {spatial} axes, or is out of range"),
    )?;
    let channels = x.shape[1];
    ensure(
        group > 0 && channels > 0 && channels.is_multiple_of(group),
        || format!("{channels} channels don't split into {group} groups"),
    )?;
    let maps_a_group = w.shape.get(1).copied().unwrap_or(0);
    let mut expected = vec![channels, maps_a_group];
    expected.extend(&window.kernel);
    expect_shape(w, &expected)?;
    let maps = maps_a_group.checked_mul(group).ok_or("too many maps")?;
    let mut shape = vec![x.shape[0], maps];
    for (axis, padding) in output_padding.iter().enumerate() {
        let reach = window.dilations[axis] * (window.kernel[axis] - 1) + 1 + padding;
        let full = (x.shape[axis + 2] as u64 - 1) * window.strides[axis] as u64 + reach as u64;
        let cropped = full.checked_sub((window.pads_begin[axis] + window.pads_end[axis]) as u64);
        let extent = cropped
            .and_then(|extent| usize::try_from(extent).ok())
            .filter(|&e| e <= MAX_PIXELS);
        shape.push(extent.ok_or("padding crops the whole output, or it is too large")?);
    }
    if let Some(bias) = inputs.get(2) {
        expect_shape(bias, &shape[1..2])?;
    }
    Ok(vec![TensorType::new(DType::F32, shape)])
}

pub(super) fn pool(
    inputs: &[&TensorType],
    window: &Window,
    ceil_mode: bool,
    bytes: bool,
) -> Inferred {
    let x = one(inputs)?;
    let allowed: &[DType] = if bytes {
        &[DType::F32, DType::I8, DType::U8]
    } else {
        &[DType::F32]
    };
    expect_dtype(x, allowed)?;
    let mut shape = x.shape.get(..2).unwrap_or_default().to_vec();
    shape.extend(extents(window, x, ceil_mode)?);
    for axis in 0..window.kernel.len() {
        let reach = window.dilations[axis] * (window.kernel[axis] - 1) + 1;
        ensure(
            window.pads_begin[axis] < reach && window.pads_end[axis] < reach,
            || "padding holds whole windows".to_owned(),
        )?;
    }
    Ok(vec![TensorType::new(x.dtype, shape)])
}
