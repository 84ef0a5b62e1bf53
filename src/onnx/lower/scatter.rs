//! Elements and rows gathered from computed positions, and scattered to them.

use crate::CompileError;
use crate::budget::affordable;
use crate::constant::Constant;
use crate::graph::{Lowering, zeros};
use crate::lower::window::window;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op, PadMode};

fn product(shape: &[usize]) -> usize {
    shape
        .iter()
        .fold(1, |product, &extent| product.saturating_mul(extent))
}

/// The whole numbers from 0 on, as many as `shape` has places.
pub(super) fn counting(node: &Node, shape: &[usize]) -> Result<Value, CompileError> {
    let count = affordable(shape, size_of::<i64>());
    let count = count.ok_or_else(|| node.bad("an axis is too long to be numbered"))?;
    let numbers = (0..count as i64).collect();
    Ok(Value::constant(Constant::i64(shape, numbers)))
}

/// `x` with its first `axes` axes as one.
fn joined(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    axes: usize,
) -> Result<Value, CompileError> {
    let shape = lowering.shape(x);
    let mut rows = vec![product(&shape[..axes])];
    rows.extend(&shape[axes..]);
    lowering.reshape(node, x, &rows)
}

pub(super) fn gather_elements(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (x, indices) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let shape = lowering.shape(&x);
    let axis = node.axis(node.int("axis")?.unwrap_or(0), shape.len())?;
    let indices = lowering.cast(node, &indices, DType::I32)?;
    let flat = joined(node, lowering, &x, shape.len())?;
    let op = Op::ElementPositions { shape, axis };
    let positions = lowering.push(node, op, &[&indices])?;
    Ok(vec![lowering.push(
        node,
        Op::Gather { axis: 0 },
        &[&flat, &positions],
    )?])
}

/// Positions of index tuples in the first axes of a tensor of `shape`, and how many those are.
fn tuples(
    node: &Node,
    lowering: &mut Lowering,
    indices: &Value,
    shape: &[usize],
    batch: usize,
) -> Result<(Value, usize), CompileError> {
    let last = lowering.shape(indices).last().copied().unwrap_or(0);
    let axes = batch.saturating_add(last);
    let shape = shape.get(..axes);
    let shape = shape.ok_or_else(|| node.bad("its indices have more parts than there are axes"))?;
    let indices = lowering.cast(node, indices, DType::I32)?;
    let shape = shape.to_vec();
    let positions = lowering.push(node, Op::TuplePositions { shape, batch }, &[&indices])?;
    Ok((positions, axes))
}

pub(super) fn gather_nd(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (x, indices) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let batch = node.extent(node.int("batch_dims")?.unwrap_or(0))?;
    let shape = lowering.shape(&x);
    let (positions, axes) = tuples(node, lowering, &indices, &shape, batch)?;
    let rows = joined(node, lowering, &x, axes)?;
    Ok(vec![lowering.push(
        node,
        Op::Gather { axis: 0 },
        &[&rows, &positions],
    )?])
}

fn reduction(node: &Node) -> Result<Option<Binary>, CompileError> {
    Ok(match node.text("reduction")?.as_deref() {
        None | Some("none") => None,
        Some("add") => Some(Binary::Add),
        Some("mul") => Some(Binary::Mul),
        Some("min") => Some(Binary::Min),
        Some("max") => Some(Binary::Max),
        Some(other) => return Err(node.bad(format!("reduction {other:?} is unknown"))),
    })
}

/// `updates` placed into `x`, whose first `axes` axes `positions` count.
fn scatter(
    node: &Node,
    lowering: &mut Lowering,
    [x, positions, updates]: [&Value; 3],
    axes: usize,
    combine: Option<Binary>,
) -> Result<Value, CompileError> {
    let ty = lowering.ty(x);
    let narrow = combine.is_some() && matches!(ty.dtype, DType::I8 | DType::U8);
    let dtype = if narrow { DType::I32 } else { ty.dtype };
    let (x, updates) = (
        lowering.cast(node, x, dtype)?,
        lowering.cast(node, updates, dtype)?,
    );
    let (rows, row) = (product(&ty.shape[..axes]), product(&ty.shape[axes..]));
    let count = product(&lowering.shape(positions));
    let x = lowering.reshape(node, &x, &[rows, row])?;
    let positions = lowering.reshape(node, positions, &[count])?;
    let updates = lowering.reshape(node, &updates, &[count, row])?;
    let y = lowering.push(node, Op::Scatter { combine }, &[&x, &positions, &updates])?;
    let y = lowering.cast(node, &y, ty.dtype)?;
    lowering.reshape(node, &y, &ty.shape)
}

/// `ScatterElements`, `Scatter`.
pub(super) fn scatter_elements(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (x, indices) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let updates = node.operand(2)?.clone();
    let shape = lowering.shape(&x);
    let axis = node.axis(node.int("axis")?.unwrap_or(0), shape.len())?;
    let indices = lowering.cast(node, &indices, DType::I32)?;
    let axes = shape.len();
    let op = Op::ElementPositions { shape, axis };
    let positions = lowering.push(node, op, &[&indices])?;
    let operands = [&x, &positions, &updates];
    Ok(vec![scatter(
        node,
        lowering,
        operands,
        axes,
        reduction(node)?,
    )?])
}

pub(super) fn scatter_nd(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (x, indices) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let updates = node.operand(2)?.clone();
    let shape = lowering.shape(&x);
    let (positions, axes) = tuples(node, lowering, &indices, &shape, 0)?;
    let operands = [&x, &positions, &updates];
    Ok(vec![scatter(
        node,
        lowering,
        operands,
        axes,
        reduction(node)?,
    )?])
}

/// `TensorScatter`: a cache of keys or values gets new rows at a position that each sample has of its own.
pub(super) fn tensor_scatter(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (cache, update) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let (shape, new) = (lowering.shape(&cache), lowering.shape(&update));
    let axis = node.axis(node.int("axis")?.unwrap_or(-2), shape.len())?;
    if axis == 0 || new.len() != shape.len() {
        return Err(node.bad("its axis must come after the batch's, in operands of one rank"));
    }
    let steps = new[axis];
    let along = |count: usize| {
        let mut shape = vec![1; axis + 1];
        shape[axis] = count;
        shape
    };
    let mut at = counting(node, &along(steps))?;
    if let Some(begin) = node.optional(2).cloned() {
        let begin = lowering.cast(node, &begin, DType::I32)?;
        let mut column = vec![1; axis + 1];
        column[0] = shape[0];
        let begin = lowering.reshape(node, &begin, &column)?;
        at = lowering.push(node, Op::Binary(Binary::Add), &[&begin, &at])?;
    }
    match node.text("mode")?.as_deref() {
        None | Some("linear") => {}
        Some("circular") => {
            let period = Value::constant(Constant::i64([], vec![shape[axis] as i64]));
            at = lowering.push(node, Op::Binary(Binary::Mod), &[&at, &period])?;
        }
        Some(other) => return Err(node.bad(format!("mode {other:?} is unknown"))),
    }
    let mut target = shape[..axis].to_vec();
    target.push(steps);
    let at = lowering.push(node, Op::Expand { shape: target }, &[&at])?;
    let op = Op::ElementPositions {
        shape: shape[..=axis].to_vec(),
        axis,
    };
    let positions = lowering.push(node, op, &[&at])?;
    let operands = [&cache, &positions, &update];
    Ok(vec![scatter(node, lowering, operands, axis + 1, None)?])
}

/// `ReverseSequence`: the first steps of each sample in reverse, as many as `sequence_lens` says.
pub(super) fn reverse_sequence(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (x, lengths) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let shape = lowering.shape(&x);
    let (time, batch) = (
        node.extent(node.int("time_axis")?.unwrap_or(0))?,
        node.extent(node.int("batch_axis")?.unwrap_or(1))?,
    );
    if shape.len() < 2 || !matches!((time, batch), (0, 1) | (1, 0)) {
        return Err(node.bad("its time and batch axes must be the first two"));
    }
    let line = |axis: usize| {
        let mut line = [1, 1];
        line[axis] = shape[axis];
        line
    };
    let lengths = lowering.cast(node, &lengths, DType::I32)?;
    let lengths = lowering.reshape(node, &lengths, &line(batch))?;
    let step = counting(node, &line(time))?;
    let one = Value::constant(Constant::i64([], vec![1]));
    let inside = lowering.push(node, Op::Binary(Binary::Less), &[&step, &lengths])?;
    let last = lowering.push(node, Op::Binary(Binary::Sub), &[&lengths, &one])?;
    let mirrored = lowering.push(node, Op::Binary(Binary::Sub), &[&last, &step])?;
    let source = lowering.push(node, Op::Select, &[&inside, &mirrored, &step])?;
    let op = Op::ElementPositions {
        shape: shape[..2].to_vec(),
        axis: time,
    };
    let positions = lowering.push(node, op, &[&source])?;
    let rows = joined(node, lowering, &x, 2)?;
    Ok(vec![lowering.push(
        node,
        Op::Gather { axis: 0 },
        &[&rows, &positions],
    )?])
}

/// `MaxUnpool`: elements back to where `MaxPool` found them, zero elsewhere.
pub(super) fn max_unpool(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (x, indices) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let shape = lowering.shape(&x);
    if shape.len() < 3 {
        return Err(node.bad(format!("shape {shape:?} has no spatial axes")));
    }
    let window = window(node, &shape[2..], None)?;
    let mut full = shape.clone();
    for axis in 0..window.kernel.len() {
        let padding = window.pads_begin[axis] + window.pads_end[axis];
        let extent = shape[axis + 2]
            .saturating_sub(1)
            .saturating_mul(window.strides[axis]);
        full[axis + 2] = extent
            .saturating_add(window.kernel[axis])
            .saturating_sub(padding);
    }
    let ty = lowering.ty(&x);
    let blank = zeros(ty.dtype, &full).ok_or_else(|| node.bad("is too large"))?;
    let indices = lowering.cast(node, &indices, DType::I32)?;
    let y = scatter(node, lowering, [&blank, &indices, &x], full.len(), None)?;
    let Some(stated) = node.known_ints(2)? else {
        return Ok(vec![y]);
    };
    // Indices count in the pool's input as the window tells it; a larger output has room behind that.
    let mut after = Vec::with_capacity(full.len());
    for (&stated, &extent) in stated.iter().zip(&full) {
        let room = node.extent(stated)?.checked_sub(extent);
        after.push(room.ok_or_else(|| node.bad("its output_shape is smaller than its windows"))?);
    }
    if stated.len() != full.len() || after.iter().all(|&room| room == 0) {
        return Ok(vec![y]);
    }
    let op = Op::Pad {
        mode: PadMode::Constant,
        before: vec![0; after.len()],
        after,
        value: 0.0,
    };
    Ok(vec![lowering.push(node, op, &[&y])?])
}
