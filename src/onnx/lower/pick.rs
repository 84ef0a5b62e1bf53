//! Operators that pick elements by their values: `TopK`, `Unique`, `NonZero`, `Compress`, `NonMaxSuppression`.

use crate::constant::{Constant, Data};
use crate::graph::{Lowering, scalar};
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{DType, Op};

/// `TopK`, always sorted.
pub(super) fn top_k(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let shape = lowering.shape(&x);
    let axis = node.axis(node.int("axis")?.unwrap_or(-1), shape.len())?;
    let k = match node.int("k")? {
        Some(k) => Some(k),
        None => node.known_ints(1)?.and_then(|k| k.first().copied()),
    };
    let k = node.extent(k.ok_or_else(|| node.bad("k is missing"))?)?;
    let largest = node.flag("largest", true)?;
    lowering.push_all(node, Op::TopK { axis, k, largest }, &[&x])
}

/// `Unique`: values, where each is met first, which of them each element is, how often.
pub(super) fn unique(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut x = node.operand(0)?.clone();
    let axis = match node.int("axis")? {
        Some(axis) => node.axis(axis, lowering.shape(&x).len())?,
        None => {
            let count = lowering.ty(&x).element_count().unwrap_or(0);
            x = lowering.reshape(node, &x, &[count])?;
            0
        }
    };
    let sorted = node.flag("sorted", true)?;
    let results = lowering.push_all(node, Op::Unique { axis, sorted }, &[&x])?;
    let [first, inverse, counts, count] = &results[..] else {
        return Err(node.bad("gives too few results"));
    };
    lowering.note_cut(first, 0, count);
    lowering.note_cut(counts, 0, count);
    let y = lowering.push(node, Op::Gather { axis }, &[&x, first])?;
    Ok(vec![y, first.clone(), inverse.clone(), counts.clone()])
}

/// `NonZero`: coordinates, an axis a row.
pub(super) fn non_zero(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut x = node.operand(0)?.clone();
    if lowering.shape(&x).is_empty() {
        x = lowering.reshape(node, &x, &[1])?;
    }
    Ok(vec![found(node, lowering, &x)?])
}

/// Coordinates of what is not zero in `x`, noted as cut.
fn found(node: &Node, lowering: &mut Lowering, x: &Value) -> Result<Value, crate::CompileError> {
    let truth = lowering.push(node, Op::IsNonZero, &[x])?;
    let results = lowering.push_all(node, Op::NonZero, &[&truth])?;
    let [coordinates, count] = &results[..] else {
        return Err(node.bad("gives too few results"));
    };
    lowering.note_cut(coordinates, 1, count);
    Ok(coordinates.clone())
}

/// `Compress`: the slices along an axis whose condition holds.
pub(super) fn compress(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (mut x, condition) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let axis = match node.int("axis")? {
        Some(axis) => node.axis(axis, lowering.shape(&x).len())?,
        None => {
            let count = lowering.ty(&x).element_count().unwrap_or(0);
            x = lowering.reshape(node, &x, &[count])?;
            0
        }
    };
    let [length] = lowering.shape(&condition)[..] else {
        return Err(node.bad("its condition must have one axis"));
    };
    let known = condition.as_constant().and_then(|known| known.ints());
    let indices = match known {
        Some(truths) => {
            let held = truths.iter().enumerate().filter(|(_, truth)| **truth != 0);
            let held: Vec<i64> = held.map(|(at, _)| at as i64).collect();
            Value::constant(Constant::i64([held.len()], held))
        }
        None => {
            let coordinates = found(node, lowering, &condition)?;
            lowering.reshape(node, &coordinates, &[length])?
        }
    };
    Ok(vec![lowering.push(
        node,
        Op::Gather { axis },
        &[&x, &indices],
    )?])
}

/// `NonMaxSuppression`.
pub(super) fn non_max_suppression(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (boxes, scores) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let [_, count, _] = lowering.shape(&boxes)[..] else {
        return Err(node.bad("its boxes must have three axes"));
    };
    let most = match node.optional(2) {
        Some(most) => lowering.cast(node, &most.clone(), DType::I32)?,
        None => Value::constant(Constant::i64([], vec![0])),
    };
    let known = most.as_constant().and_then(|known| known.ints());
    let known = known.and_then(|known| usize::try_from(*known.first()?).ok());
    let limit = known.map_or(count, |most| most.min(count));
    // More than there are boxes is as good as all; constants may be beyond 32 bits.
    let most = if known.is_some() {
        Value::constant(Constant {
            shape: Vec::new(),
            data: Data::I64(vec![limit as i64]),
        })
    } else {
        most
    };
    let overlap = node.optional(3).cloned().unwrap_or_else(|| scalar(0.0));
    let least = node.optional(4).cloned();
    let least = least.unwrap_or_else(|| scalar(f32::NEG_INFINITY));
    let op = Op::NonMaxSuppression {
        center_point_box: node.flag("center_point_box", false)?,
        limit,
    };
    let results = lowering.push_all(node, op, &[&boxes, &scores, &most, &overlap, &least])?;
    let [selected, found] = &results[..] else {
        return Err(node.bad("gives too few results"));
    };
    lowering.note_cut(selected, 0, found);
    Ok(vec![selected.clone()])
}
