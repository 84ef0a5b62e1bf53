//! Windows, mel filters, and Fourier transforms as products with constant matrices.

use crate::CompileError;
use crate::budget::affordable;
use crate::constant::Constant;
use crate::graph::Lowering;
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{DType, Op};
use std::f64::consts::{PI, TAU};

/// `HannWindow`, `HammingWindow`, `BlackmanWindow`: sums of cosines.
pub(super) fn window(node: &Node) -> Lowered {
    let weights: [f64; 3] = match &*node.proto.op_type {
        "HannWindow" => [0.5, -0.5, 0.0],
        "HammingWindow" => [25.0 / 46.0, -21.0 / 46.0, 0.0],
        _ => [0.42, -0.5, 0.08],
    };
    let size = number(node, 0)?.ok_or_else(|| node.bad("size is missing"))?;
    affordable(&[size], size_of::<f32>()).ok_or_else(|| node.bad("the window is too large"))?;
    let period = if node.flag("periodic", true)? {
        size
    } else {
        size.saturating_sub(1)
    };
    let at = |index: usize| {
        let phase = TAU * index as f64 / period.max(1) as f64;
        (weights[0] + weights[1] * phase.cos() + weights[2] * (2.0 * phase).cos()) as f32
    };
    Ok(vec![Value::constant(Constant::f32(
        [size],
        (0..size).map(at).collect(),
    ))])
}

/// `MelWeightMatrix [bins of the spectrum, mel bins]`: triangles between mel-spaced edges.
pub(super) fn mel(node: &Node) -> Lowered {
    let missing = || node.bad("an operand is missing");
    let edge = |index: usize| -> Result<f64, CompileError> {
        Ok(f64::from(
            *node
                .known_floats(index)?
                .ok_or_else(missing)?
                .first()
                .ok_or_else(missing)?,
        ))
    };
    let count = number(node, 0)?.ok_or_else(missing)?;
    let length = number(node, 1)?.ok_or_else(missing)?;
    let rate = number(node, 2)?.ok_or_else(missing)?;
    let (low, high) = (edge(3)?, edge(4)?);
    let to_mel = |hertz: f64| 2595.0 * (1.0 + hertz / 700.0).log10();
    let to_bin = |mel: f64| {
        let hertz = 700.0 * (10_f64.powf(mel / 2595.0) - 1.0);
        ((length as f64 + 1.0) * hertz / rate as f64).floor()
    };
    let step = (to_mel(high) - to_mel(low)) / (count as f64 + 2.0);
    let bins = length / 2 + 1;
    affordable(&[bins, count], size_of::<f32>())
        .ok_or_else(|| node.bad("the matrix is too large"))?;
    let weight = |index: usize| {
        let (bin, filter) = ((index / count) as f64, index % count);
        let [left, centre, right] =
            [0, 1, 2].map(|at| to_bin(to_mel(low) + step * (filter + at) as f64));
        if bin == centre {
            1.0
        } else if bin >= left && bin < centre {
            ((bin - left) / (centre - left)) as f32
        } else if bin > centre && bin < right {
            ((right - bin) / (right - centre)) as f32
        } else {
            0.0
        }
    };
    let weights = (0..bins * count).map(weight).collect();
    Ok(vec![Value::constant(Constant::f32([bins, count], weights))])
}

/// Beyond it no matrix is written out anyway.
const MAX_LENGTH: usize = 1 << 28;

/// What a transform does.
struct Transform {
    length: usize,
    /// Only the first half of the spectrum: the rest mirrors it.
    is_half: bool,
    is_inverse: bool,
}

impl Transform {
    /// e^(∓2πi·jk/n) between (j, part of the operand) and (k, part of the result), parts being real and imaginary.
    fn matrix(&self, node: &Node, parts: usize) -> Result<(Value, usize, usize), CompileError> {
        let n = self.length;
        // Half a spectrum turned back gives real numbers.
        let (from, to, results) = match (self.is_half, self.is_inverse) {
            (true, true) => (n / 2 + 1, n, 1),
            (true, false) => (n, n / 2 + 1, 2),
            (false, _) => (n, n, 2),
        };
        let shape = [from * parts, to * results];
        affordable(&shape, size_of::<f32>())
            .ok_or_else(|| node.bad("the transform is too long"))?;
        let sign = if self.is_inverse { 1.0 } else { -1.0 };
        let scale = if self.is_inverse { 1.0 / n as f64 } else { 1.0 };
        let mut values = Vec::with_capacity(shape[0] * shape[1]);
        for row in 0..shape[0] {
            let (j, part) = (row / parts, row % parts);
            let is_mirrored = self.is_half && self.is_inverse && j > 0 && 2 * j != n;
            for column in 0..shape[1] {
                let (k, result) = (column / results, column % results);
                // Whole turns are taken off first, so that long transforms keep their precision.
                let phase = sign * 2.0 * PI * ((j * k) % n) as f64 / n as f64;
                let value = match (part, result) {
                    (0, 0) | (1, 1) => phase.cos(),
                    (0, _) => phase.sin(),
                    _ => -phase.sin(),
                };
                let copies = if is_mirrored { 2.0 } else { 1.0 };
                values.push((value * scale * copies) as f32);
            }
        }
        Ok((Value::constant(Constant::f32(shape, values)), to, results))
    }

    /// Applies it to the last but one axis of `x [.., n, parts]`, cut or filled with zeros to fit.
    fn apply(&self, steps: &mut Steps, x: &Value) -> Result<Value, CompileError> {
        let mut shape = steps.shape(x);
        let axis = shape.len() - 2;
        let parts = shape[axis + 1];
        if !matches!(parts, 1 | 2) || self.length == 0 || self.length > MAX_LENGTH {
            return Err(steps
                .node
                .bad("the last axis must hold real, or real and imaginary parts, of at most 2^28 samples"));
        }
        let (matrix, to, results) = self.matrix(steps.node, parts)?;
        let from = steps.shape(&matrix)[0] / parts;
        let mut fitted = x.clone();
        if shape[axis] > from {
            fitted = steps.slice(x, axis, 0, from, 1)?;
        } else if shape[axis] < from {
            let mut border = shape.clone();
            border[axis] = from - shape[axis];
            let zeros = steps.zeros(DType::F32, &border)?;
            fitted = steps.concat(&[x, &zeros], axis)?;
        }
        shape.truncate(axis);
        let rows: usize = shape.iter().product();
        let flat = steps.reshape(&fitted, &[rows, from * parts])?;
        let y = steps.matmul(&flat, &matrix)?;
        shape.extend([to, results]);
        steps.reshape(&y, &shape)
    }
}

/// `DFT` along an axis: an attribute before opset 20, then an operand.
pub(super) fn dft(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let x = node.operand(0)?;
    let rank = steps.shape(x).len();
    if rank < 2 {
        return Err(node.bad("needs an axis of samples and one of parts"));
    }
    let stated = node.known_ints(2)?.and_then(|axes| axes.first().copied());
    let default = if node.opset < 20 { 1 } else { -2 };
    let axis = node.axis(stated.or(node.int("axis")?).unwrap_or(default), rank)?;
    if axis == rank - 1 {
        return Err(node.bad("the last axis holds real and imaginary parts"));
    }
    let mut order: Vec<usize> = (0..rank).collect();
    order.swap(axis, rank - 2);
    let (is_half, is_inverse) = (node.flag("onesided", false)?, node.flag("inverse", false)?);
    let own = steps.shape(x)[axis];
    let implied = if is_half && is_inverse {
        2 * own.saturating_sub(1)
    } else {
        own
    };
    let transform = Transform {
        length: number(node, 1)?.unwrap_or(implied),
        is_half,
        is_inverse,
    };
    let turned = steps.transpose(x, &order)?;
    let y = transform.apply(&mut steps, &turned)?;
    Ok(vec![steps.transpose(&y, &order)?])
}

/// `STFT` of `signal [n, length, parts]`: windows of it transformed, `[n, frames, bins, 2]`.
pub(super) fn stft(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let x = node.operand(0)?;
    let shape = steps.shape(x);
    let step = number(node, 1)?.filter(|&step| step > 0);
    let step = step.ok_or_else(|| node.bad("frame_step must be positive"))?;
    let own = node
        .optional(2)
        .and_then(|window| steps.shape(window).first().copied());
    let length = number(node, 3)?.or(own);
    let length = length.ok_or_else(|| node.bad("neither window nor frame_length is there"))?;
    let samples = shape.get(1).copied().unwrap_or(0);
    if length == 0 || samples < length || shape.len() != 3 {
        return Err(node.bad(format!("no frame of {length} fits {shape:?}")));
    }
    let frames = (samples - length) / step + 1;
    affordable(&[frames, length], 8).ok_or_else(|| node.bad("has too many frames"))?;
    let places =
        (0..frames).flat_map(|frame| (0..length).map(move |at| (frame * step + at) as i64));
    let places = Value::constant(Constant::i64([frames, length], places.collect()));
    let mut framed = steps.op(Op::Gather { axis: 1 }, &[x, &places])?;
    if let Some(window) = node.optional(2) {
        let window = steps.unsqueeze(window, &[1])?;
        framed = steps.mul(&framed, &window)?;
    }
    let transform = Transform {
        length,
        is_half: node.flag("onesided", true)?,
        is_inverse: false,
    };
    Ok(vec![transform.apply(&mut steps, &framed)?])
}

/// The extent in an operand of one element, if it is there.
fn number(node: &Node, index: usize) -> Result<Option<usize>, CompileError> {
    match node.known_ints(index)?.as_deref() {
        None => Ok(None),
        Some([value]) => node.extent(*value).map(Some),
        Some(_) => Err(node.bad(format!("operand {index} must be one number"))),
    }
}
