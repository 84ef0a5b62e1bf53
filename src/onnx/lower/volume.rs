//! Windows over three and more spatial axes, made of windows over two and one.

use crate::CompileError;
use crate::constant::Constant;
use crate::graph::Lowering;
use crate::lower::slice::Part;
use crate::node::{Node, Value};
use nearshelf_engine::{Binary, DType, Op, PadMode, Window};

/// Most layers of a window that are written out.
const MAX_LAYERS: usize = 1 << 12;

/// # Errors
/// When a convolution by `window` would be written out as too many of images.
fn bounded(node: &Node, window: &Window) -> Result<(), CompileError> {
    let layers = product(&window.kernel[..window.kernel.len().saturating_sub(2)]);
    if layers <= MAX_LAYERS {
        return Ok(());
    }
    Err(node.unsupported(format!(
        "a window of {layers} layers is too deep; use at most {MAX_LAYERS}"
    )))
}

/// The window along some of its axes.
fn along(window: &Window, axes: std::ops::Range<usize>) -> Window {
    Window {
        kernel: window.kernel[axes.clone()].to_vec(),
        strides: window.strides[axes.clone()].to_vec(),
        dilations: window.dilations[axes.clone()].to_vec(),
        pads_begin: window.pads_begin[axes.clone()].to_vec(),
        pads_end: window.pads_end[axes].to_vec(),
    }
}

/// A pool over all spatial axes of `x`, one axis after the other: the largest of largest elements is the largest, and
/// as many elements count in each row of a window.
pub(super) fn pool(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    window: &Window,
    op: impl Fn(Window) -> Op,
) -> Result<Value, CompileError> {
    let mut y = x.clone();
    for axis in 0..window.kernel.len() {
        let mut shape = lowering.shape(&y);
        let inner = product(&shape[axis + 3..]);
        let lines = [product(&shape[..axis + 2]), 1, shape[axis + 2], inner];
        let mut one = along(window, axis..axis + 1);
        one.kernel.push(1);
        one.strides.push(1);
        one.dilations.push(1);
        one.pads_begin.push(0);
        one.pads_end.push(0);
        let flat = lowering.reshape(node, &y, &lines)?;
        let pooled = lowering.push(node, op(one), &[&flat])?;
        shape[axis + 2] = lowering.shape(&pooled)[2];
        y = lowering.reshape(node, &pooled, &shape)?;
    }
    Ok(y)
}

/// A convolution without bias, as a sum over the first spatial axis of the window.
pub(super) fn conv(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    weights: &Value,
    window: &Window,
    group: usize,
) -> Result<Value, CompileError> {
    let axes = window.kernel.len();
    if axes <= 2 {
        let op = Op::Conv {
            window: window.clone(),
            group,
        };
        return lowering.push(node, op, &[x, weights]);
    }
    bounded(node, window)?;
    let mut before = vec![0; axes + 2];
    let mut after = before.clone();
    (before[2], after[2]) = (window.pads_begin[0], window.pads_end[0]);
    let x = padded(node, lowering, x, before, after)?;
    let shape = lowering.shape(&x);
    let reach = window.dilations[0] * (window.kernel[0] - 1) + 1;
    let room = shape[2].checked_sub(reach);
    let room = room.ok_or_else(|| node.bad("its window is larger than its input"))?;
    let depth = room / window.strides[0] + 1;
    let rest = along(window, 1..axes);
    let mut sum: Option<Value> = None;
    for tap in 0..window.kernel[0] {
        let mut part = Part::whole(&shape);
        part.starts[2] = tap * window.dilations[0];
        part.steps[2] = window.strides[0] as i64;
        part.shape[2] = depth;
        let layers = part.take(node, lowering, &x)?;
        let layers = as_batch(node, lowering, &layers)?;
        let w = layer(node, lowering, weights, tap)?;
        let y = conv(node, lowering, &layers, &w, &rest, group)?;
        sum = Some(added(node, lowering, sum, y)?);
    }
    let sum = sum.ok_or_else(|| node.bad("its window is empty"))?;
    from_batch(node, lowering, &sum, [shape[0], depth])
}

/// A transposed convolution without bias, likewise.
pub(super) fn conv_transpose(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    weights: &Value,
    window: &Window,
    group: usize,
    output_padding: &[usize],
) -> Result<Value, CompileError> {
    let axes = window.kernel.len();
    if axes <= 2 {
        let op = Op::ConvTranspose {
            window: window.clone(),
            group,
            output_padding: output_padding.to_vec(),
        };
        return lowering.push(node, op, &[x, weights]);
    }
    bounded(node, window)?;
    let shape = lowering.shape(x);
    let (count, stride) = (shape[2], window.strides[0]);
    let reach = window.dilations[0] * (window.kernel[0] - 1) + 1 + output_padding[0];
    let full = (count.max(1) - 1)
        .saturating_mul(stride)
        .saturating_add(reach);
    let depth = full.checked_sub(window.pads_begin[0] + window.pads_end[0]);
    let depth = depth.ok_or_else(|| node.bad("padding crops the whole output"))?;
    let rest = along(window, 1..axes);
    let layers = as_batch(node, lowering, x)?;
    let mut sum: Option<Value> = None;
    for tap in 0..window.kernel[0] {
        let w = layer(node, lowering, weights, tap)?;
        let y = conv_transpose(
            node,
            lowering,
            &layers,
            &w,
            &rest,
            group,
            &output_padding[1..],
        )?;
        let y = from_batch(node, lowering, &y, [shape[0], count])?;
        let begin = tap * window.dilations[0];
        let y = spread(
            node,
            lowering,
            &y,
            [stride, begin, window.pads_begin[0], depth],
        )?;
        sum = Some(added(node, lowering, sum, y)?);
    }
    sum.ok_or_else(|| node.bad("its window is empty"))
}

/// Sets the layers of axis 2 `stride` apart, behind `begin` others; the first `crop` of all that fall away, and `depth`
/// stay.
fn spread(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    [stride, begin, crop, depth]: [usize; 4],
) -> Result<Value, CompileError> {
    let shape = lowering.shape(x);
    let inner = product(&shape[3..]);
    let lead = shape[0] * shape[1];
    let apart = lowering.reshape(node, x, &[lead, shape[2], 1, inner])?;
    let after = vec![0, 0, stride - 1, 0];
    let apart = padded(node, lowering, &apart, vec![0; 4], after)?;
    let length = shape[2].saturating_mul(stride);
    let line = lowering.reshape(node, &apart, &[lead, length, inner])?;
    let behind = (crop + depth).saturating_sub(begin.saturating_add(length));
    let line = padded(node, lowering, &line, vec![0, begin, 0], vec![0, behind, 0])?;
    let mut part = Part::whole(&lowering.shape(&line));
    (part.starts[1], part.shape[1]) = (crop, depth);
    let line = part.take(node, lowering, &line)?;
    let mut shape = shape;
    shape[2] = depth;
    lowering.reshape(node, &line, &shape)
}

fn product(shape: &[usize]) -> usize {
    shape
        .iter()
        .fold(1, |product, &extent| product.saturating_mul(extent))
}

fn padded(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    before: Vec<usize>,
    after: Vec<usize>,
) -> Result<Value, CompileError> {
    if before.iter().chain(&after).all(|&extent| extent == 0) {
        return Ok(x.clone());
    }
    let op = Op::Pad {
        mode: PadMode::Constant,
        before,
        after,
        value: 0.0,
    };
    lowering.push(node, op, &[x])
}

fn added(
    node: &Node,
    lowering: &mut Lowering,
    sum: Option<Value>,
    y: Value,
) -> Result<Value, CompileError> {
    match sum {
        None => Ok(y),
        Some(sum) => lowering.push(node, Op::Binary(Binary::Add), &[&sum, &y]),
    }
}

/// `[n, c, d, ..]` as `[n · d, c, ..]`.
fn as_batch(node: &Node, lowering: &mut Lowering, x: &Value) -> Result<Value, CompileError> {
    let shape = lowering.shape(x);
    let perm = swapped(shape.len());
    let turned = lowering.push(node, Op::Transpose { perm }, &[x])?;
    let mut flat = vec![shape[0].saturating_mul(shape[2]), shape[1]];
    flat.extend(&shape[3..]);
    lowering.reshape(node, &turned, &flat)
}

/// `[n · d, c, ..]` as `[n, c, d, ..]`.
fn from_batch(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    [batch, depth]: [usize; 2],
) -> Result<Value, CompileError> {
    let mut shape = vec![batch, depth];
    shape.extend(&lowering.shape(x)[1..]);
    let perm = swapped(shape.len());
    let apart = lowering.reshape(node, x, &shape)?;
    lowering.push(node, Op::Transpose { perm }, &[&apart])
}

/// The permutation that exchanges axes 1 and 2.
fn swapped(rank: usize) -> Vec<usize> {
    let mut perm: Vec<usize> = (0..rank).collect();
    perm.swap(1, 2);
    perm
}

/// One layer of `weights` along axis 2: constants are cut when compiling, so that they are not held twice.
fn layer(
    node: &Node,
    lowering: &mut Lowering,
    weights: &Value,
    tap: usize,
) -> Result<Value, CompileError> {
    let mut shape = lowering.shape(weights);
    let count = shape.remove(2);
    let known = weights
        .as_constant()
        .and_then(|known| Some((known, known.floats()?)));
    if let Some((_, values)) = known {
        let inner = product(&shape[2..]);
        let rows = values.chunks_exact((count * inner).max(1));
        let values = rows.flat_map(|row| row[tap * inner..][..inner].iter().copied());
        return Ok(Value::constant(Constant::f32(shape, values.collect())));
    }
    let mut part = Part::whole(&lowering.shape(weights));
    (part.starts[2], part.shape[2]) = (tap, 1);
    let layer = part.take(node, lowering, weights)?;
    let layer = lowering.reshape(node, &layer, &shape)?;
    lowering.cast(node, &layer, DType::F32)
}
