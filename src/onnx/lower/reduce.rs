//! Reductions along axes.

use crate::CompileError;
use crate::graph::Lowering;
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op, Reduction};

pub(super) fn reduce(node: &Node, lowering: &mut Lowering) -> Lowered {
    let reduction = match &*node.proto.op_type {
        "ReduceL1" => Reduction::L1,
        "ReduceL2" => Reduction::L2,
        "ReduceLogSum" => Reduction::LogSum,
        "ReduceLogSumExp" => Reduction::LogSumExp,
        "ReduceMax" => Reduction::Max,
        "ReduceMean" => Reduction::Mean,
        "ReduceMin" => Reduction::Min,
        "ReduceProd" => Reduction::Prod,
        "ReduceSum" => Reduction::Sum,
        _ => Reduction::SumSquare,
    };
    let x = node.operand(0)?.clone();
    let ty = lowering.ty(&x);
    let rank = ty.shape.len();
    let stated = node
        .ints_or_operand("axes", 1)?
        .filter(|axes| !axes.is_empty());
    let axes = match stated {
        Some(axes) => node.axes(&axes, rank)?,
        // No axis is summed over; what is done to each element still is.
        None if node.flag("noop_with_empty_axes", false)? => Vec::new(),
        None => (0..rank).collect(),
    };
    let op = Op::Reduce {
        reduction,
        axes,
        keep_dims: node.flag("keepdims", true)?,
    };
    // Truth values and bytes are counted in i32.
    if matches!(ty.dtype, DType::I8 | DType::U8) {
        let wide = lowering.cast(node, &x, DType::I32)?;
        let y = lowering.push(node, op, &[&wide])?;
        return Ok(vec![lowering.cast(node, &y, ty.dtype)?]);
    }
    Ok(vec![lowering.push(node, op, &[&x])?])
}

/// `ArgMax`, `ArgMin`.
pub(super) fn arg(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut x = node.operand(0)?.clone();
    if matches!(lowering.ty(&x).dtype, DType::I8 | DType::U8) {
        x = lowering.cast(node, &x, DType::I32)?;
    }
    let axis = node.axis(node.int("axis")?.unwrap_or(0), lowering.shape(&x).len())?;
    let op = Op::ArgMax {
        axis,
        keep_dims: node.flag("keepdims", true)?,
        smallest: node.proto.op_type == "ArgMin",
        last: node.flag("select_last_index", false)?,
    };
    Ok(vec![lowering.push(node, op, &[&x])?])
}

/// `Softmax`, `LogSoftmax`.
pub(super) fn softmax(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let log = node.proto.op_type == "LogSoftmax";
    let old = node.opset < 13;
    let axis = node.int("axis")?.unwrap_or(if old { 1 } else { -1 });
    Ok(vec![along(node, lowering, &x, axis, old, log)?])
}

/// Softmax along `axis`; before opset 13 over all axes from `axis` on, as one.
pub(super) fn along(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    axis: i64,
    flattens: bool,
    log: bool,
) -> Result<Value, CompileError> {
    let shape = lowering.shape(x);
    let rank = shape.len();
    let axis = if flattens && axis == rank as i64 {
        rank
    } else {
        node.axis(axis, rank)?
    };
    if !flattens || axis + 1 == rank {
        return lowering.push(node, Op::Softmax { axis, log }, &[x]);
    }
    let flat = super::reshape::flattened(node, lowering, x, axis)?;
    let y = lowering.push(node, Op::Softmax { axis: 1, log }, &[&flat])?;
    lowering.reshape(node, &y, &shape)
}

/// `Hardmax`: 1 at the first largest element, 0 elsewhere; before opset 13 of all axes from `axis` on, as one.
pub(super) fn hardmax(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?;
    let shape = lowering.shape(x);
    let old = node.opset < 13;
    let mut axis = node.axis(
        node.int("axis")?.unwrap_or(if old { 1 } else { -1 }),
        shape.len(),
    )?;
    let mut rows = x.clone();
    if old {
        rows = super::reshape::flattened(node, lowering, x, axis)?;
        axis = 1;
    }
    let mut steps = Steps::new(node, lowering);
    let op = Op::ArgMax {
        axis,
        keep_dims: true,
        smallest: false,
        last: false,
    };
    let best = steps.op(op, &[&rows])?;
    let flat = steps.shape(&rows);
    let mut along = vec![1; flat.len()];
    along[axis] = flat[axis];
    let numbers = steps.numbers(0..flat[axis] as i64)?;
    let numbers = steps.reshape(&numbers, &along)?;
    let is_best = steps.binary(Binary::Equal, &numbers, &best)?;
    let y = steps.cast(&is_best, DType::F32)?;
    Ok(vec![steps.reshape(&y, &shape)?])
}
