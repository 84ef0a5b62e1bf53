//! Pools.

use crate::CompileError;
use crate::constant::Constant;
use crate::graph::{Lowering, scalar};
use crate::lower::steps::Steps;
use crate::lower::volume;
use crate::lower::window::window;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, Op, PadMode, Reduction, Unary, Window};

/// `MaxPool`, `AveragePool`.
pub(super) fn pool(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let shape = lowering.shape(&x);
    if shape.len() < 3 {
        return Err(node.bad(format!("shape {shape:?} has no spatial axes")));
    }
    let window = window(node, &shape[2..], None)?;
    let ceil_mode = node.flag("ceil_mode", false)?;
    let is_max = node.proto.op_type == "MaxPool";
    let count_include_pad = node.flag("count_include_pad", false)?;
    let op = |window: Window| {
        if is_max {
            Op::MaxPool { window, ceil_mode }
        } else {
            Op::AveragePool {
                window,
                ceil_mode,
                count_include_pad,
            }
        }
    };
    if window.kernel.len() > 2 {
        return Ok(vec![volume::pool(node, lowering, &x, &window, op)?]);
    }
    let mut results = vec![lowering.push(node, op(window.clone()), &[&x])?];
    if is_max
        && node
            .proto
            .output
            .get(1)
            .is_some_and(|name| !name.is_empty())
    {
        let indices = lowering.push(node, Op::ArgMaxPool { window, ceil_mode }, &[&x])?;
        results.push(if node.flag("storage_order", false)? {
            column_major(node, lowering, &indices, &shape)?
        } else {
            indices
        });
    }
    Ok(results)
}

/// Row-major positions in `[n, c, rows, columns]` as those of images whose columns lie one behind the other.
fn column_major(
    node: &Node,
    lowering: &mut Lowering,
    positions: &Value,
    shape: &[usize],
) -> Result<Value, CompileError> {
    let [_, _, rows, columns] = shape[..] else {
        return Ok(positions.clone());
    };
    let number = |value: usize| Value::constant(Constant::i64([], vec![value as i64]));
    let mut step =
        |kind: Binary, a: &Value, b: &Value| lowering.push(node, Op::Binary(kind), &[a, b]);
    let inside = step(
        Binary::Mod,
        positions,
        &number(rows.saturating_mul(columns)),
    )?;
    let image = step(Binary::Sub, positions, &inside)?;
    let row = step(Binary::Div, &inside, &number(columns))?;
    let column = step(Binary::Mod, &inside, &number(columns))?;
    let before = step(Binary::Mul, &column, &number(rows))?;
    let position = step(Binary::Add, &before, &row)?;
    step(Binary::Add, &image, &position)
}

/// `GlobalAveragePool`, `GlobalMaxPool`: a reduction of all spatial axes.
pub(super) fn global(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?;
    let rank = lowering.shape(x).len();
    if rank < 2 {
        return Err(node.bad("needs a batch and a channel axis"));
    }
    let reduction = if node.proto.op_type == "GlobalMaxPool" {
        Reduction::Max
    } else {
        Reduction::Mean
    };
    let op = Op::Reduce {
        reduction,
        axes: (2..rank).collect(),
        keep_dims: true,
    };
    Ok(vec![lowering.push(node, op, &[x])?])
}

/// `LpPool`: (Σ|x|ᵖ)^(1/p) of each window. Padding and what a last partial window reaches into count as zeros.
pub(super) fn norm(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let x = node.operand(0)?;
    let shape = steps.shape(x);
    if shape.len() < 3 {
        return Err(node.bad(format!("shape {shape:?} has no spatial axes")));
    }
    let mut window = window(node, &shape[2..], None)?;
    let rounds_up = node.flag("ceil_mode", false)?;
    let (mut before, mut after) = (vec![0; 2], vec![0; 2]);
    for (axis, &extent) in shape[2..].iter().enumerate() {
        let (begin, end) = (window.pads_begin[axis], window.pads_end[axis]);
        let reach = window.dilations[axis] * (window.kernel[axis] - 1) + 1;
        let room = extent
            .saturating_add(begin)
            .saturating_add(end)
            .checked_sub(reach);
        let room = room.ok_or_else(|| node.bad("a window is larger than the image"))?;
        let stride = window.strides[axis];
        let partial = if rounds_up && room % stride != 0 {
            stride - room % stride
        } else {
            0
        };
        before.push(begin);
        after.push(end.saturating_add(partial));
    }
    window.pads_begin.fill(0);
    window.pads_end.fill(0);
    let count: usize = window.kernel.iter().product();
    let powers = powers(&mut steps, x)?;
    let border = Op::Pad {
        mode: PadMode::Constant,
        before,
        after,
        value: 0.0,
    };
    let padded = steps.op(border, &[&powers])?;
    let pool = |window: Window| Op::AveragePool {
        window,
        ceil_mode: false,
        count_include_pad: true,
    };
    let mean = if window.kernel.len() > 2 {
        volume::pool(node, steps.lowering, &padded, &window, pool)?
    } else {
        steps.op(pool(window), &[&padded])?
    };
    let sum = steps.mul(&mean, &scalar(count as f32))?;
    Ok(vec![root(&mut steps, &sum)?])
}

/// `GlobalLpPool`: (Σ|x|ᵖ)^(1/p) of all spatial axes.
pub(super) fn global_norm(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let x = node.operand(0)?;
    let axes: Vec<usize> = (2..steps.shape(x).len()).collect();
    let powers = powers(&mut steps, x)?;
    let sum = steps.reduce(Reduction::Sum, &powers, &axes, true)?;
    Ok(vec![root(&mut steps, &sum)?])
}

fn order(node: &Node) -> Result<f32, CompileError> {
    let order = node.int("p")?.unwrap_or(2);
    if order < 1 {
        return Err(node.bad(format!("norm of order {order} is unknown")));
    }
    Ok(order as f32)
}

fn powers(steps: &mut Steps, x: &Value) -> Result<Value, CompileError> {
    let magnitude = steps.unary(Unary::Abs, x)?;
    match order(steps.node)? {
        1.0 => Ok(magnitude),
        order => steps.binary(Binary::Pow, &magnitude, &scalar(order)),
    }
}

fn root(steps: &mut Steps, sum: &Value) -> Result<Value, CompileError> {
    match order(steps.node)? {
        1.0 => Ok(sum.clone()),
        order => steps.binary(Binary::Pow, sum, &scalar(1.0 / order)),
    }
}
