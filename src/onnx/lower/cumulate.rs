//! `CumSum` and `CumProd`.

use crate::graph::Lowering;
use crate::node::{Lowered, Node};
use nearshelf_engine::Op;

pub(super) fn lower(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let axis = node.known_ints(1)?.and_then(|axis| axis.first().copied());
    let axis = axis.ok_or_else(|| node.bad("its axis is missing"))?;
    let op = Op::Cumulate {
        axis: node.axis(axis, lowering.shape(&x).len())?,
        product: node.proto.op_type == "CumProd",
        exclusive: node.flag("exclusive", false)?,
        reverse: node.flag("reverse", false)?,
    };
    Ok(vec![lowering.push(node, op, &[&x])?])
}
