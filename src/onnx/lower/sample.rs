//! Images looked up where other values say: `GridSample`, `RoiAlign`, `DeformConv`.

use crate::CompileError;
use crate::constant::Constant;
use crate::graph::{Lowering, scalar};
use crate::lower::conv::{along_channels, geometry};
use crate::lower::scatter::counting;
use crate::lower::slice::Part;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op, SampleBorder, SampleMode, Window};

/// `GridSample`: coordinates from -1 to 1, the innermost axis first.
pub(super) fn grid(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (x, grid) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let shape = lowering.shape(&x);
    let grid_shape = lowering.shape(&grid);
    if shape.len() < 3 || grid_shape.len() != shape.len() || grid_shape[0] != shape[0] {
        return Err(node.bad(format!("shapes {shape:?} and {grid_shape:?} don't fit")));
    }
    let mode = match node.text("mode")?.as_deref() {
        None | Some("linear" | "bilinear") => SampleMode::Linear,
        Some("nearest") => SampleMode::Nearest,
        Some("cubic" | "bicubic") => SampleMode::Cubic,
        Some(other) => return Err(node.bad(format!("mode {other:?} is unknown"))),
    };
    let align_corners = node.flag("align_corners", false)?;
    let border = match (node.text("padding_mode")?.as_deref(), align_corners) {
        (None | Some("zeros"), _) => SampleBorder::Zeros,
        (Some("border"), _) => SampleBorder::Edge,
        (Some("reflection"), true) => SampleBorder::ReflectCentres,
        (Some("reflection"), false) => SampleBorder::ReflectEdges,
        (Some(other), _) => return Err(node.bad(format!("padding_mode {other:?} is unknown"))),
    };
    // Either -1 and 1 are the centres of the outermost pixels, or their outer edges.
    let margin = if align_corners { 1.0 } else { 0.0 };
    let spatial = shape[2..].iter().rev();
    let factors: Vec<f32> = spatial
        .map(|&extent| (extent as f32 - margin) / 2.0)
        .collect();
    let offsets = factors.iter().map(|factor| factor - (1.0 - margin) / 2.0);
    let offsets = Value::constant(Constant::f32([factors.len()], offsets.collect()));
    let factors = Value::constant(Constant::f32([factors.len()], factors));
    let at = lowering.push(node, Op::Binary(Binary::Mul), &[&grid, &factors])?;
    let at = lowering.push(node, Op::Binary(Binary::Add), &[&at, &offsets])?;
    let mut turned = Part::whole(&grid_shape);
    let last = grid_shape.len() - 1;
    (turned.starts[last], turned.steps[last]) = (grid_shape[last].saturating_sub(1), -1);
    let at = lowering.push(
        node,
        Op::Slice {
            starts: turned.starts,
            steps: turned.steps,
            shape: turned.shape,
        },
        &[&at],
    )?;
    let images = counting(node, &shape[..1])?;
    let op = Op::Sample { mode, border };
    Ok(vec![lowering.push(node, op, &[&x, &at, &images])?])
}

/// `RoiAlign` with a fixed number of samples a bin.
pub(super) fn roi_align(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (x, regions) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let images = lowering.cast(node, &node.operand(2)?.clone(), DType::I32)?;
    let [count, 4] = lowering.shape(&regions)[..] else {
        return Err(node.bad("its regions must be [n, 4]"));
    };
    let is_half = match node.text("coordinate_transformation_mode")?.as_deref() {
        None => node.opset >= 16,
        Some(mode) => mode == "half_pixel",
    };
    let is_largest = node.text("mode")?.as_deref() == Some("max");
    let extent = |name: &str, default: i64| node.extent(node.int(name)?.unwrap_or(default));
    let samples = extent("sampling_ratio", 0)?;
    if samples == 0 {
        return Err(node.unsupported(
            "how often each bin is sampled depends on the regions; export with sampling_ratio=2",
        ));
    }
    let out = [extent("output_height", 1)?, extent("output_width", 1)?];
    let offset = if is_half { 0.5 } else { 0.0 };
    let scale = scalar(node.float("spatial_scale", 1.0)?);
    let scaled = lowering.push(node, Op::Binary(Binary::Mul), &[&regions, &scale])?;
    let scaled = lowering.push(node, Op::Binary(Binary::Sub), &[&scaled, &scalar(offset)])?;
    let column = |number: usize, lowering: &mut Lowering| {
        let mut part = Part::whole(&[count, 4]);
        (part.starts[1], part.shape[1]) = (number, 1);
        part.take(node, lowering, &scaled)
    };
    // The regions' columns are x and y of one corner, then of the other.
    let mut lines = Vec::new();
    for (axis, &bins) in out.iter().enumerate() {
        let begin = column(1 - axis, lowering)?;
        let end = column(3 - axis, lowering)?;
        let mut length = lowering.push(node, Op::Binary(Binary::Sub), &[&end, &begin])?;
        if !is_half {
            length = lowering.push(node, Op::Binary(Binary::Max), &[&length, &scalar(1.0)])?;
        }
        let all = bins.saturating_mul(samples);
        if all > super::window::MAX_EXTENT {
            return Err(node.bad("it takes too many samples"));
        }
        let shares = (0..all).map(|n| (n as f32 + 0.5) / all as f32).collect();
        let shares = Value::constant(Constant::f32([1, all], shares));
        let inside = lowering.push(node, Op::Binary(Binary::Mul), &[&length, &shares])?;
        lines.push(lowering.push(node, Op::Binary(Binary::Add), &[&begin, &inside])?);
    }
    let all = out.map(|bins| bins * samples);
    let mut parts = Vec::new();
    for (axis, line) in lines.iter().enumerate() {
        let mut shape = [count, 1, 1, 1];
        shape[axis + 1] = all[axis];
        let line = lowering.reshape(node, line, &shape)?;
        let shape = vec![count, all[0], all[1], 1];
        parts.push(lowering.push(node, Op::Expand { shape }, &[&line])?);
    }
    let at = lowering.push(
        node,
        Op::Concat { axis: 3 },
        &parts.iter().collect::<Vec<_>>(),
    )?;
    let op = Op::Sample {
        mode: if is_largest {
            SampleMode::LargestShare
        } else {
            SampleMode::Linear
        },
        border: SampleBorder::EdgeThenZeros,
    };
    let sampled = lowering.push(node, op, &[&x, &at, &images])?;
    let window = Window {
        kernel: vec![samples; 2],
        strides: vec![samples; 2],
        dilations: vec![1; 2],
        pads_begin: vec![0; 2],
        pads_end: vec![0; 2],
    };
    let op = if is_largest {
        Op::MaxPool {
            window,
            ceil_mode: false,
        }
    } else {
        Op::AveragePool {
            window,
            ceil_mode: false,
            count_include_pad: false,
        }
    };
    Ok(vec![lowering.push(node, op, &[&sampled])?])
}

/// `DeformConv`: what each tap sees is sampled where the offsets say, then multiplied as by a 1×1 convolution.
pub(super) fn deformed_conv(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (x, weights) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let offsets = node.operand(2)?.clone();
    let (window, group) = geometry(node, lowering, &x, &weights)?;
    let [batch, channels, height, width] = lowering.shape(&x)[..] else {
        return Err(node.unsupported("only images are known; use two spatial axes"));
    };
    let maps = lowering.shape(&weights)[0];
    let [_, _, rows, columns] = lowering.shape(&offsets)[..] else {
        return Err(node.bad("its offsets must have four axes"));
    };
    let parts = node.extent(node.int("offset_group")?.unwrap_or(1))?;
    let taps = window.kernel[0] * window.kernel[1];
    if parts == 0 || channels % parts != 0 || group == 0 {
        return Err(node.bad("its channels don't split into groups"));
    }
    let images = batch.saturating_mul(parts);
    let base = regular(node, &window, [rows, columns])?;
    let offsets = lowering.reshape(node, &offsets, &[images, taps, 2, rows, columns])?;
    let at = lowering.push(node, Op::Binary(Binary::Add), &[&offsets, &base])?;
    let perm = vec![0, 1, 3, 4, 2];
    let at = lowering.push(node, Op::Transpose { perm }, &[&at])?;
    let x = lowering.reshape(node, &x, &[images, channels / parts, height, width])?;
    let op = Op::Sample {
        mode: SampleMode::Linear,
        border: SampleBorder::Zeros,
    };
    let numbers = counting(node, &[images])?;
    let mut seen = lowering.push(node, op, &[&x, &at, &numbers])?;
    if let Some(mask) = node.optional(4).cloned() {
        let mask = lowering.reshape(node, &mask, &[images, 1, taps, rows, columns])?;
        seen = lowering.push(node, Op::Binary(Binary::Mul), &[&seen, &mask])?;
    }
    let depth = channels.saturating_mul(taps);
    let seen = lowering.reshape(node, &seen, &[batch, depth, rows, columns])?;
    let weights = lowering.reshape(node, &weights, &[maps, depth / group, 1, 1])?;
    let op = Op::Conv {
        window: Window {
            kernel: vec![1; 2],
            strides: vec![1; 2],
            dilations: vec![1; 2],
            pads_begin: vec![0; 2],
            pads_end: vec![0; 2],
        },
        group,
    };
    let y = lowering.push(node, op, &[&seen, &weights])?;
    let Some(bias) = node.optional(3).cloned() else {
        return Ok(vec![y]);
    };
    let bias = along_channels(node, lowering, &bias, 4)?;
    Ok(vec![lowering.push(
        node,
        Op::Binary(Binary::Add),
        &[&y, &bias],
    )?])
}

/// Where the taps of an ordinary convolution lie: `[1, taps, 2, rows, columns]`, rows before columns.
fn regular(node: &Node, window: &Window, out: [usize; 2]) -> Result<Value, CompileError> {
    let taps = window.kernel[0] * window.kernel[1];
    let shape = [1, taps, 2, out[0], out[1]];
    crate::budget::affordable(&shape, 4).ok_or_else(|| node.bad("is too large"))?;
    let mut values = Vec::new();
    for tap in 0..taps {
        let tap = [tap / window.kernel[1], tap % window.kernel[1]];
        for axis in 0..2 {
            for row in 0..out[0] {
                for column in 0..out[1] {
                    let at = [row, column][axis] * window.strides[axis];
                    let at = at + tap[axis] * window.dilations[axis];
                    values.push(at as f32 - window.pads_begin[axis] as f32);
                }
            }
        }
    }
    Ok(Value::constant(Constant::f32(shape, values)))
}
