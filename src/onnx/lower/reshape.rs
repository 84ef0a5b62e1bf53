//! Shapes: what reads them, and what changes them while every element keeps its place in memory — or,
//! for `Transpose` and its kin, only moves.

use crate::CompileError;
use crate::constant::{Constant, Data};
use crate::graph::{Lowering, MAX_CONSTANT};
use crate::lower::matmul::permuted;
use crate::node::{Lowered, Node, Value};
use crate::read;
use nearshelf_engine::{Op, TensorType};

/// `Constant`: a tensor, or a number or list of numbers in an attribute.
pub(super) fn constant(node: &Node) -> Lowered {
    let value = if let Some(tensor) = node.tensor("value")? {
        read::constant(node.name(), tensor)?
    } else if let Some(value) = node.int("value_int")? {
        Constant::i64([], vec![value])
    } else if let Some(values) = node.ints("value_ints")? {
        Constant::i64([values.len()], values.to_vec())
    } else if let Some(values) = node.floats("value_floats")? {
        Constant::f32([values.len()], values.to_vec())
    } else if node
        .proto
        .attribute
        .iter()
        .any(|attribute| attribute.name == "value_float")
    {
        Constant::f32([], vec![node.float("value_float", 0.0)?])
    } else {
        return Err(node.unsupported("only tensors and numbers are known as constants"));
    };
    Ok(vec![Value::constant(value)])
}

pub(super) fn constant_of_shape(node: &Node) -> Lowered {
    let shape = node
        .known_ints(0)?
        .ok_or_else(|| node.bad("shape is missing"))?;
    let shape = shape
        .iter()
        .map(|&extent| node.extent(extent))
        .collect::<Result<Vec<_>, _>>()?;
    let value = match node.tensor("value")? {
        Some(tensor) => read::constant(node.name(), tensor)?,
        None => Constant::f32([1], vec![0.0]),
    };
    let len = shape
        .iter()
        .try_fold(1_usize, |product, &extent| product.checked_mul(extent));
    let len = len.filter(|&len| len <= MAX_CONSTANT);
    let len = len.ok_or_else(|| node.bad(format!("a constant of shape {shape:?} is too large")))?;
    let one = || node.bad("its value must be one element");
    let data = match &value.data {
        Data::F32(values) => Data::F32(vec![*values.first().ok_or_else(one)?; len]),
        Data::I64(values) => Data::I64(vec![*values.first().ok_or_else(one)?; len]),
        Data::I32(values) => Data::I32(vec![*values.first().ok_or_else(one)?; len]),
        Data::I8(values) => Data::I8(vec![*values.first().ok_or_else(one)?; len]),
        Data::U8(values) => Data::U8(vec![*values.first().ok_or_else(one)?; len]),
        Data::Bool(values) => Data::Bool(vec![*values.first().ok_or_else(one)?; len]),
    };
    Ok(vec![Value::constant(Constant { shape, data })])
}

/// `Identity`, and `Dropout`, which is one at inference.
pub(super) fn identity(node: &Node) -> Lowered {
    Ok(vec![node.operand(0)?.clone()])
}

/// `Shape`, of the axes from `start` to `end`.
pub(super) fn shape(node: &Node, lowering: &mut Lowering) -> Lowered {
    let shape = lowering.shape(node.operand(0)?);
    let rank = shape.len() as i64;
    let at = |index: i64| {
        let from_front = if index < 0 {
            index.saturating_add(rank)
        } else {
            index
        };
        usize::try_from(from_front.clamp(0, rank)).unwrap_or(0)
    };
    let (start, end) = (
        at(node.int("start")?.unwrap_or(0)),
        at(node.int("end")?.unwrap_or(rank)),
    );
    let extents: Vec<i64> = shape
        .get(start..end)
        .unwrap_or_default()
        .iter()
        .map(|&extent| extent as i64)
        .collect();
    Ok(vec![Value::constant(Constant::i64(
        [extents.len()],
        extents,
    ))])
}

pub(super) fn size(node: &Node, lowering: &mut Lowering) -> Lowered {
    let count = lowering
        .ty(node.operand(0)?)
        .element_count()
        .and_then(|count| i64::try_from(count).ok());
    let count = count.ok_or_else(|| node.bad("the size is too large"))?;
    Ok(vec![Value::constant(Constant::i64([], vec![count]))])
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

/// `DepthToSpace`, `SpaceToDepth` of `[n, c, h, w]`.
pub(super) fn depth(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let block = node.extent(node.int("blocksize")?.unwrap_or(0))?;
    let [n, c, h, w] = lowering.shape(&x)[..] else {
        return Err(node.bad("takes [n, c, h, w]"));
    };
    let area = block
        .checked_mul(block)
        .filter(|&area| area > 0)
        .ok_or_else(|| node.bad("blocksize is missing"))?;
    let to_space = node.proto.op_type == "DepthToSpace";
    let fits = if to_space {
        c % area == 0
    } else {
        h % block == 0 && w % block == 0
    };
    if !fits {
        return Err(node.bad(format!(
            "[{n}, {c}, {h}, {w}] does not split into blocks of {block}"
        )));
    }
    let (split, perm, joined) = if !to_space {
        let (h, w) = (h / block, w / block);
        (
            vec![n, c, h, block, w, block],
            vec![0, 3, 5, 1, 2, 4],
            [n, c.saturating_mul(area), h, w],
        )
    } else {
        let c = c / area;
        let joined = [n, c, h.saturating_mul(block), w.saturating_mul(block)];
        match node.text("mode")?.as_deref() {
            None | Some("DCR") => (
                vec![n, block, block, c, h, w],
                vec![0, 3, 4, 1, 5, 2],
                joined,
            ),
            Some("CRD") => (
                vec![n, c, block, block, h, w],
                vec![0, 1, 4, 2, 5, 3],
                joined,
            ),
            Some(other) => return Err(node.bad(format!("mode {other:?} is unknown"))),
        }
    };
    let split = lowering.reshape(node, &x, &split)?;
    let moved = permuted(node, lowering, &split, &perm)?;
    Ok(vec![lowering.reshape(node, &moved, &joined)?])
}
