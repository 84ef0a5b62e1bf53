//! Other shapes of the same elements, which keep their order in memory (but for `Transpose`).

use crate::CompileError;
use crate::budget::affordable;
use crate::graph::Lowering;
use crate::lower::matmul::permuted;
use crate::lower::steps::truths;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::TensorType;

/// `Identity`.
pub(super) fn identity(node: &Node) -> Lowered {
    Ok(vec![node.operand(0)?.clone()])
}

/// `Reshape`: 0 copies an extent (unless `allowzero`), −1 takes what is left.
pub(super) fn reshape(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let wanted = node
        .ints_or_operand("shape", 1)?
        .ok_or_else(|| node.bad("shape is missing"))?;
    let ty = lowering.ty(&x);
    let copies_zero = !node.flag("allowzero", false)?;
    let mut shape = Vec::with_capacity(wanted.len());
    let mut open = None;
    for (axis, &extent) in wanted.iter().enumerate() {
        shape.push(match extent {
            -1 if open.is_none() => {
                open = Some(axis);
                1
            }
            0 if copies_zero => *ty
                .shape
                .get(axis)
                .ok_or_else(|| node.bad(format!("axis {axis} has nothing to copy")))?,
            extent => node.extent(extent)?,
        });
    }
    if let Some(axis) = open {
        let count = ty.element_count();
        let rest = TensorType::new(ty.dtype, shape.clone()).element_count();
        let fits = count
            .zip(rest)
            .filter(|(count, rest)| *rest > 0 && count % rest == 0);
        let (count, rest) =
            fits.ok_or_else(|| node.bad(format!("{:?} does not fit {wanted:?}", ty.shape)))?;
        shape[axis] = count / rest;
    }
    Ok(vec![lowering.reshape(node, &x, &shape)?])
}

pub(super) fn flatten(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let rank = lowering.shape(&x).len();
    let axis = node.int("axis")?.unwrap_or(1);
    let axis = if axis == rank as i64 {
        rank
    } else {
        node.axis(axis, rank)?
    };
    Ok(vec![flattened(node, lowering, &x, axis)?])
}

/// `value` as a matrix: the axes before `axis`, and those from it on.
pub(super) fn flattened(
    node: &Node,
    lowering: &mut Lowering,
    value: &Value,
    axis: usize,
) -> Result<Value, CompileError> {
    let shape = lowering.shape(value);
    let product = |extents: Option<&[usize]>| {
        extents
            .unwrap_or_default()
            .iter()
            .try_fold(1_usize, |product, &extent| product.checked_mul(extent))
    };
    let sides = product(shape.get(..axis)).zip(product(shape.get(axis..)));
    let (rows, columns) = sides.ok_or_else(|| node.bad("is too large"))?;
    lowering.reshape(node, value, &[rows, columns])
}

pub(super) fn squeeze(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let shape = lowering.shape(&x);
    let axes = match node.ints_or_operand("axes", 1)? {
        Some(axes) => node.axes(&axes, shape.len())?,
        None => (0..shape.len()).filter(|&axis| shape[axis] == 1).collect(),
    };
    if let Some(axis) = axes.iter().find(|&&axis| shape[axis] != 1) {
        return Err(node.bad(format!("axis {axis} of {shape:?} can't be dropped")));
    }
    let kept: Vec<usize> = (0..shape.len())
        .filter(|axis| !axes.contains(axis))
        .map(|axis| shape[axis])
        .collect();
    Ok(vec![lowering.reshape(node, &x, &kept)?])
}

pub(super) fn unsqueeze(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let mut shape = lowering.shape(&x);
    let axes = node
        .ints_or_operand("axes", 1)?
        .ok_or_else(|| node.bad("axes are missing"))?;
    for axis in node.axes(&axes, shape.len() + axes.len())? {
        if axis > shape.len() {
            return Err(node.bad(format!("axes {axes:?} leave a gap")));
        }
        shape.insert(axis, 1);
    }
    Ok(vec![lowering.reshape(node, &x, &shape)?])
}

pub(super) fn transpose(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let rank = lowering.shape(&x).len();
    let perm = node
        .extents("perm")?
        .unwrap_or_else(|| (0..rank).rev().collect());
    if perm.len() != rank {
        return Err(node.bad(format!("{perm:?} is no permutation of {rank} axes")));
    }
    if perm.iter().copied().eq(0..rank) {
        return Ok(vec![x]);
    }
    Ok(vec![permuted(node, lowering, &x, &perm)?])
}

/// `Dropout` at inference: the operand, and a mask that keeps everything.
pub(super) fn dropout(node: &Node, lowering: &mut Lowering) -> Lowered {
    let trains = node.known_ints(2)?.is_some_and(|modes| modes.contains(&1));
    let keeps_all = node.known_floats(1)?.is_some_and(|ratio| ratio == [0.0]);
    if trains && !keeps_all {
        return Err(node.unsupported("it drops at random in training mode; export in eval mode"));
    }
    let x = node.operand(0)?.clone();
    if node.proto.output.len() < 2 {
        return Ok(vec![x]);
    }
    let shape = lowering.shape(&x);
    let count = affordable(&shape, 1).ok_or_else(|| node.bad("the mask is too large"))?;
    let mask = truths(&shape, vec![true; count]);
    Ok(vec![x, mask])
}
