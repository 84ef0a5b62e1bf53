//! Convolutions.

use crate::CompileError;
use crate::graph::Lowering;
use crate::lower::matmul::{per_tensor, times};
use crate::lower::peephole::{Convolution, Made};
use crate::lower::steps::Steps;
use crate::lower::volume;
use crate::lower::window::{AutoPad, MAX_EXTENT, auto_pad, window};
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op, Unary, Window};

/// Window and groups of a convolution of `x` with `weights`.
pub(super) fn geometry(
    node: &Node,
    lowering: &Lowering,
    x: &Value,
    weights: &Value,
) -> Result<(Window, usize), CompileError> {
    let (x, weights) = (lowering.shape(x), lowering.shape(weights));
    if x.len() < 3 || weights.len() != x.len() {
        return Err(node.bad(format!("shapes {x:?} and {weights:?} don't fit")));
    }
    let window = window(node, &x[2..], Some(&weights[2..]))?;
    let group = node.extent(node.int("group")?.unwrap_or(1))?;
    Ok((window, group))
}

pub(super) fn conv(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (x, weights) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let (window, group) = geometry(node, lowering, &x, &weights)?;
    if window.kernel.len() > 2 {
        let y = volume::conv(node, lowering, &x, &weights, &window, group)?;
        return Ok(vec![biased(node, lowering, y)?]);
    }
    let conv = Convolution {
        x,
        weights,
        bias: node.optional(2).cloned(),
        window,
        group,
    };
    let y = match dequantized_conv(node, lowering, &conv)? {
        Some(y) => y,
        None => return Ok(vec![lowering.convolution(node, conv)?]),
    };
    lowering.note(&y, Made::Conv(conv));
    Ok(vec![y])
}

/// `y` with the node's bias, if it has one.
fn biased(node: &Node, lowering: &mut Lowering, y: Value) -> Result<Value, CompileError> {
    let Some(bias) = node.optional(2).cloned() else {
        return Ok(y);
    };
    let bias = along_channels(node, lowering, &bias, lowering.shape(&y).len())?;
    lowering.push(node, Op::Binary(Binary::Add), &[&y, &bias])
}

/// The convolution in integers, then both scales and the bias, when both operands were dequantized.
fn dequantized_conv(
    node: &Node,
    lowering: &mut Lowering,
    conv: &Convolution,
) -> Result<Option<Value>, CompileError> {
    let (Some(x), Some(w)) = (
        lowering.dequantized(&conv.x),
        lowering.dequantized(&conv.weights),
    ) else {
        return Ok(None);
    };
    let Some((x_scale, x_zero)) = per_tensor(lowering, &x) else {
        return Ok(None);
    };
    let is_byte = |value: &Value| matches!(lowering.ty(value).dtype, DType::I8 | DType::U8);
    let per_map = lowering.shape(&w.scale).len() == 1 && w.axis == 0;
    if !is_byte(&x.q) || !is_byte(&w.q) || !(per_map || per_tensor(lowering, &w).is_some()) {
        return Ok(None);
    }
    let op = Op::ConvInteger {
        window: conv.window.clone(),
        group: conv.group,
    };
    let sums = lowering.push(node, op, &[&x.q, &w.q, &x_zero, &w.zero])?;
    let rank = lowering.shape(&sums).len();
    let sums = lowering.cast(node, &sums, DType::F32)?;
    let scale = times(node, lowering, &x_scale, &w.scale)?;
    let scale = along_channels(node, lowering, &scale, rank)?;
    let y = lowering.push(node, Op::Binary(Binary::Mul), &[&sums, &scale])?;
    let Some(bias) = &conv.bias else {
        return Ok(Some(y));
    };
    let bias = along_channels(node, lowering, bias, rank)?;
    lowering
        .push(node, Op::Binary(Binary::Add), &[&y, &bias])
        .map(Some)
}

/// `value [c]` as `[c, 1, ..]`, to broadcast over a tensor of `rank` axes with channels second.
pub(super) fn along_channels(
    node: &Node,
    lowering: &mut Lowering,
    value: &Value,
    rank: usize,
) -> Result<Value, CompileError> {
    let count = lowering.ty(value).element_count().unwrap_or(0);
    let mut shape = vec![1; rank.saturating_sub(1).max(1)];
    shape[0] = count;
    lowering.reshape(node, value, &shape)
}

/// `ConvTranspose`.
pub(super) fn transpose(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (x, weights) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let (input, kernel) = (lowering.shape(&x), lowering.shape(&weights));
    if input.len() < 3 || kernel.len() != input.len() {
        return Err(node.bad(format!("shapes {input:?} and {kernel:?} don't fit")));
    }
    let axes = input.len() - 2;
    let group = node.extent(node.int("group")?.unwrap_or(1))?;
    let mut output_padding = node
        .extents("output_padding")?
        .unwrap_or_else(|| vec![0; axes]);
    // Padding means the opposite here, so that `auto_pad` is resolved below rather than by the window.
    let auto_pad = auto_pad(node)?;
    let mut window = match auto_pad {
        AutoPad::NotSet | AutoPad::Valid => window(node, &input[2..], Some(&kernel[2..]))?,
        AutoPad::SameUpper | AutoPad::SameLower => {
            let mut window = window(node, &input[2..], Some(&kernel[2..]))?;
            window.pads_begin.fill(0);
            window.pads_end.fill(0);
            window
        }
    };
    let is_same = matches!(auto_pad, AutoPad::SameUpper | AutoPad::SameLower);
    let stated = node.extents("output_shape")?;
    if output_padding.len() != axes || stated.as_ref().is_some_and(|shape| shape.len() < axes) {
        return Err(node.bad("output_padding or output_shape don't fit the spatial axes"));
    }
    for axis in 0..axes {
        let extent = input[axis + 2];
        if extent == 0 || extent > (1 << 28) || output_padding[axis] > MAX_EXTENT {
            return Err(node.bad(format!("extent {extent} can't be spread")));
        }
        let reach = window.dilations[axis] * (window.kernel[axis] - 1) + 1;
        let full = (extent - 1)
            .saturating_mul(window.strides[axis])
            .saturating_add(reach + output_padding[axis]);
        let wanted = match &stated {
            // A file may state the batch and channel axes too.
            Some(shape) => shape[shape.len() - axes + axis],
            None if is_same => extent.saturating_mul(window.strides[axis]),
            None => continue,
        };
        let total = full.saturating_sub(wanted);
        output_padding[axis] += wanted.saturating_sub(full);
        let (less, more) = (total / 2, total - total / 2);
        // The odd element is cut off the end with SAME_UPPER, else off the beginning.
        let (begin, end) = if auto_pad == AutoPad::SameUpper {
            (less, more)
        } else {
            (more, less)
        };
        window.pads_begin[axis] = begin;
        window.pads_end[axis] = end;
    }
    if axes > 2 {
        let y = volume::conv_transpose(
            node,
            lowering,
            &x,
            &weights,
            &window,
            group,
            &output_padding,
        )?;
        return Ok(vec![biased(node, lowering, y)?]);
    }
    let op = Op::ConvTranspose {
        window,
        group,
        output_padding,
    };
    let y = match node.optional(2) {
        Some(bias) => lowering.push(node, op, &[&x, &weights, bias])?,
        None => lowering.push(node, op, &[&x, &weights])?,
    };
    Ok(vec![y])
}

/// `CausalConvWithState`: each channel convolved with its own kernel over what came before, and what the next
/// call has to know.
pub(super) fn causal(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let (x, weights) = (node.operand(0)?, node.operand(1)?);
    let ([n, channels, _], [_, _, kernel]) = (&steps.shape(x)[..], &steps.shape(weights)[..])
    else {
        return Err(node.bad("takes [n, c, length] and [c, 1, k]"));
    };
    let (n, channels, kernel) = (*n, *channels, *kernel);
    let before = kernel
        .checked_sub(1)
        .ok_or_else(|| node.bad("the kernel is empty"))?;
    let past = match node.optional(3) {
        Some(past) => past.clone(),
        None => steps.zeros(DType::F32, &[n, channels, before])?,
    };
    let all = steps.concat(&[&past, x], 2)?;
    let op = Op::Conv {
        window: Window {
            kernel: vec![kernel],
            strides: vec![1],
            dilations: vec![1],
            pads_begin: vec![0],
            pads_end: vec![0],
        },
        group: channels,
    };
    let mut operands = vec![&all, weights];
    operands.extend(node.optional(2));
    let mut y = steps.op(op, &operands)?;
    match node.text("activation")?.as_deref() {
        None | Some("none") => {}
        Some("silu" | "swish") => y = steps.unary(Unary::Silu, &y)?,
        Some(other) => return Err(node.bad(format!("activation {other:?} is unknown"))),
    }
    let length = steps.shape(&all)[2];
    let start = length.checked_sub(before);
    let start = start.ok_or_else(|| node.bad("the state is shorter than the kernel"))?;
    let state = steps.slice(&all, 2, start, before, 1)?;
    Ok(vec![y, state])
}
