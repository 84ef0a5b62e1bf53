//! Pools.

use crate::graph::Lowering;
use crate::lower::window::window;
use crate::node::{Lowered, Node};
use nearshelf_engine::{Op, Reduction};

/// `MaxPool`, `AveragePool`.
pub(super) fn pool(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let shape = lowering.shape(&x);
    if shape.len() < 3 {
        return Err(node.bad(format!("shape {shape:?} has no spatial axes")));
    }
    let window = window(node, &shape[2..], None)?;
    let ceil_mode = node.flag("ceil_mode", false)?;
    let op = if node.proto.op_type == "MaxPool" {
        Op::MaxPool { window, ceil_mode }
    } else {
        let count_include_pad = node.flag("count_include_pad", false)?;
        Op::AveragePool {
            window,
            ceil_mode,
            count_include_pad,
        }
    };
    Ok(vec![lowering.push(node, op, &[&x])?])
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
