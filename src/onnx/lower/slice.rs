//! Parts of tensors, and tensors of parts.

use crate::CompileError;
use crate::budget::affordable;
use crate::constant::Constant;
use crate::graph::Lowering;
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{DType, Op, PadMode};

pub(super) fn concat(node: &Node, lowering: &mut Lowering) -> Lowered {
    let operands = node.inputs.iter().flatten().collect::<Vec<_>>();
    let rank = lowering.shape(node.operand(0)?).len();
    let axis = node.axis(node.int("axis")?.unwrap_or(1), rank)?;
    Ok(vec![lowering.push(node, Op::Concat { axis }, &operands)?])
}

pub(super) fn gather(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (data, indices) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let axis = node.axis(node.int("axis")?.unwrap_or(0), lowering.shape(&data).len())?;
    let indices = lowering.cast(node, &indices, DType::I32)?;
    Ok(vec![lowering.push(
        node,
        Op::Gather { axis },
        &[&data, &indices],
    )?])
}

/// Which part of each axis a slice takes.
pub(super) struct Part {
    pub(super) starts: Vec<usize>,
    pub(super) steps: Vec<i64>,
    pub(super) shape: Vec<usize>,
}

impl Part {
    /// Everything.
    pub(super) fn whole(shape: &[usize]) -> Self {
        Self {
            starts: vec![0; shape.len()],
            steps: vec![1; shape.len()],
            shape: shape.to_vec(),
        }
    }

    /// Narrows `axis` to `start..end` by `step`. As in Python bounds beyond an end are taken for it; by ONNX's rules a
    /// walk backwards that would start before the first element starts with it.
    pub(super) fn narrow(&mut self, axis: usize, start: i64, end: i64, step: i64) -> Option<()> {
        let extent = i64::try_from(*self.shape.get(axis)?).ok()?;
        let from_front = |index: i64| {
            if index < 0 {
                index.saturating_add(extent)
            } else {
                index
            }
        };
        let (start, end) = (from_front(start), from_front(end));
        let (start, end) = if step > 0 {
            (start.clamp(0, extent), end.clamp(0, extent))
        } else {
            let last = extent - 1;
            (start.max(0).min(last), end.clamp(-1, last))
        };
        let distance = if step > 0 { end - start } else { start - end };
        let count = if distance <= 0 || step == 0 {
            0
        } else {
            (distance - 1) / step.checked_abs()? + 1
        };
        self.starts[axis] = if count == 0 {
            0
        } else {
            usize::try_from(start).ok()?
        };
        self.steps[axis] = step;
        self.shape[axis] = usize::try_from(count).ok()?;
        Some(())
    }

    pub(super) fn take(
        self,
        node: &Node,
        lowering: &mut Lowering,
        x: &Value,
    ) -> Result<Value, CompileError> {
        if self.shape == lowering.shape(x) && self.steps.iter().all(|&step| step == 1) {
            return Ok(x.clone());
        }
        let op = Op::Slice {
            starts: self.starts,
            steps: self.steps,
            shape: self.shape,
        };
        lowering.push(node, op, &[x])
    }
}

/// `Slice`, with bounds in attributes (before opset 10) or operands.
pub(super) fn slice(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let missing = || node.bad("starts or ends are missing");
    let starts = node.ints_or_operand("starts", 1)?.ok_or_else(missing)?;
    let ends = node.ints_or_operand("ends", 2)?.ok_or_else(missing)?;
    let axes = node
        .ints_or_operand("axes", 3)?
        .unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = node.known_ints(4)?.unwrap_or_else(|| vec![1; starts.len()]);
    if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] || steps.contains(&0) {
        return Err(node.bad(format!(
            "starts {starts:?}, ends {ends:?}, axes {axes:?}, steps {steps:?} don't fit"
        )));
    }
    let shape = lowering.shape(&x);
    let mut part = Part::whole(&shape);
    node.axes(&axes, shape.len())?; // none twice
    for (index, &axis) in axes.iter().enumerate() {
        let axis = node.axis(axis, shape.len())?;
        let narrowed = part.narrow(axis, starts[index], ends[index], steps[index]);
        narrowed.ok_or_else(|| node.bad("its bounds are too large"))?;
    }
    Ok(vec![part.take(node, lowering, &x)?])
}

/// `Split`, into stated lengths or equal ones.
pub(super) fn split(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let shape = lowering.shape(&x);
    let axis = node.axis(node.int("axis")?.unwrap_or(0), shape.len())?;
    let lengths = match node.ints_or_operand("split", 1)? {
        Some(lengths) => lengths
            .iter()
            .map(|&length| node.extent(length))
            .collect::<Result<Vec<_>, _>>()?,
        None => {
            let parts = node.proto.output.len().max(1);
            let length = shape[axis].div_ceil(parts);
            (0..parts)
                .map(|part| length.min(shape[axis].saturating_sub(part * length)))
                .collect()
        }
    };
    if lengths
        .iter()
        .try_fold(0_usize, |sum, &length| sum.checked_add(length))
        != Some(shape[axis])
    {
        return Err(node.bad(format!(
            "lengths {lengths:?} don't add up to {}",
            shape[axis]
        )));
    }
    let mut results = Vec::with_capacity(lengths.len());
    let mut start = 0;
    for length in lengths {
        let mut part = Part::whole(&shape);
        part.starts[axis] = if length == 0 { 0 } else { start };
        part.shape[axis] = length;
        start += length;
        results.push(part.take(node, lowering, &x)?);
    }
    Ok(results)
}

/// `Pad`. Negative padding cuts.
pub(super) fn pad(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let shape = lowering.shape(&x);
    let rank = shape.len();
    let pads = match node.ints("paddings")? {
        Some(pads) => pads.to_vec(),
        None => node
            .ints_or_operand("pads", 1)?
            .ok_or_else(|| node.bad("pads are missing"))?,
    };
    let axes = match node.known_ints(3)? {
        Some(axes) => {
            node.axes(&axes, rank)?; // none twice
            axes.iter()
                .map(|&axis| node.axis(axis, rank))
                .collect::<Result<Vec<_>, _>>()?
        }
        None => (0..rank).collect(),
    };
    if pads.len() != 2 * axes.len() {
        return Err(node.bad(format!("pads {pads:?} don't fit {} axes", axes.len())));
    }
    let mode = match node.text("mode")?.as_deref() {
        None | Some("constant") => PadMode::Constant,
        Some("reflect") => PadMode::Reflect,
        Some("edge") => PadMode::Edge,
        Some("wrap") => return wrap(node, lowering, &x, &axes, &pads),
        Some(other) => {
            return Err(node.unsupported(format!(
                "mode {other:?} is not known; use constant, reflect, edge or wrap"
            )));
        }
    };
    let value = border(node)?;
    let (mut before, mut after) = (vec![0; rank], vec![0; rank]);
    let mut part = Part::whole(&shape);
    for (index, &axis) in axes.iter().enumerate() {
        let (begin, end) = (pads[index], pads[index + axes.len()]);
        before[axis] = usize::try_from(begin.max(0)).unwrap_or(0);
        after[axis] = usize::try_from(end.max(0)).unwrap_or(0);
        let last = i64::try_from(shape[axis])
            .unwrap_or(i64::MAX)
            .saturating_add(end.min(0));
        let first = begin.min(0).saturating_neg();
        part.narrow(axis, first, last.max(0), 1)
            .ok_or_else(|| node.bad("its pads are too large"))?;
    }
    let cut = part.take(node, lowering, &x)?;
    if before.iter().chain(&after).all(|&count| count == 0) {
        return Ok(vec![cut]);
    }
    Ok(vec![lowering.push(
        node,
        Op::Pad {
            mode,
            before,
            after,
            value,
        },
        &[&cut],
    )?])
}

/// What fills the border of `Pad`. A plan keeps it as f32, which must hold an integer exactly.
fn border(node: &Node) -> Result<f32, CompileError> {
    let Some(constant) = node.known(2)? else {
        return node.float("value", 0.0);
    };
    if let Some(floats) = constant.floats() {
        return Ok(floats.first().copied().unwrap_or(0.0));
    }
    let whole = constant.ints().unwrap_or_default();
    let whole = whole.first().copied().unwrap_or(0);
    let value = whole as f32;
    if i32::try_from(whole).is_err() || value as i64 != whole {
        return Err(node.unsupported(format!(
            "a border of {whole} is not exact in 32-bit float; use a number of at most 24 bits"
        )));
    }
    Ok(value)
}

/// `Pad` of a tensor that begins anew where it ends; negative padding cuts.
fn wrap(node: &Node, lowering: &mut Lowering, x: &Value, axes: &[usize], pads: &[i64]) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let mut y = x.clone();
    for (index, &axis) in axes.iter().enumerate() {
        let (begin, end) = (pads[index], pads[index + axes.len()]);
        let extent = steps.shape(&y)[axis] as i64;
        let length = extent.saturating_add(begin).saturating_add(end).max(0);
        affordable(&[length as usize], 8).ok_or_else(|| node.bad("its pads are too large"))?;
        if extent == 0 || (begin, end) == (0, 0) {
            continue;
        }
        let places = (0..length).map(|at| at.saturating_sub(begin).rem_euclid(extent));
        let places = Value::constant(Constant::i64([length as usize], places.collect()));
        y = steps.gather(&y, &places, axis)?;
    }
    Ok(vec![y])
}
