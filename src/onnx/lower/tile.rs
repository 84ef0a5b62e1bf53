//! Elements repeated.

use crate::graph::Lowering;
use crate::node::{Lowered, Node};
use nearshelf_engine::Op;

pub(super) fn expand(node: &Node, lowering: &mut Lowering) -> Lowered {
    let shape = node
        .known_ints(1)?
        .ok_or_else(|| node.bad("shape is missing"))?;
    let shape = shape
        .iter()
        .map(|&extent| node.extent(extent))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(vec![lowering.push(
        node,
        Op::Expand { shape },
        &[node.operand(0)?],
    )?])
}

/// `Tile`: every repeated axis gets an axis of its own before it, which is expanded.
pub(super) fn tile(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let shape = lowering.shape(&x);
    let repeats = node
        .known_ints(1)?
        .ok_or_else(|| node.bad("repeats are missing"))?;
    if repeats.len() != shape.len() {
        return Err(node.bad(format!("repeats {repeats:?} don't fit {shape:?}")));
    }
    let (mut split, mut wide, mut joined) = (Vec::new(), Vec::new(), Vec::new());
    for (&extent, &repeat) in shape.iter().zip(&repeats) {
        let repeat = node.extent(repeat)?;
        if repeat != 1 {
            split.push(1);
            wide.push(repeat);
        }
        split.push(extent);
        wide.push(extent);
        joined.push(
            extent
                .checked_mul(repeat)
                .ok_or_else(|| node.bad("is too large"))?,
        );
    }
    let split = lowering.reshape(node, &x, &split)?;
    let wide = lowering.push(node, Op::Expand { shape: wide }, &[&split])?;
    Ok(vec![lowering.reshape(node, &wide, &joined)?])
}
