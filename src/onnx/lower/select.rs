//! Choices between values.

use crate::constant::{Constant, Data};
use crate::graph::Lowering;
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op};

/// Most elements of a mask written out at compile time.
const MAX_MASK: usize = 1 << 24;

pub(super) fn select(node: &Node, lowering: &mut Lowering) -> Lowered {
    let operands = [node.operand(0)?, node.operand(1)?, node.operand(2)?];
    Ok(vec![lowering.push(node, Op::Select, &operands)?])
}

/// `Trilu`: a triangle of the last two axes, the rest zero.
pub(super) fn trilu(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let ty = lowering.ty(&x);
    let [.., rows, columns] = ty.shape[..] else {
        return Err(node.bad("needs two axes"));
    };
    let offset = node
        .known_ints(1)?
        .and_then(|ints| ints.first().copied())
        .unwrap_or(0);
    let upper = node.flag("upper", true)?;
    let kept = |index: usize| {
        let (row, column) = ((index / columns) as i64, (index % columns) as i64);
        let distance = column.saturating_sub(row);
        if upper {
            distance >= offset
        } else {
            distance <= offset
        }
    };
    let count = rows.checked_mul(columns).filter(|&count| count <= MAX_MASK);
    let count = count.ok_or_else(|| node.bad("the triangle is too large"))?;
    let mask = Data::Bool((0..count).map(kept).collect());
    let mask = Value::constant(Constant {
        shape: vec![rows, columns],
        data: mask,
    });
    let zero = crate::graph::zeros(ty.dtype, &[]).ok_or_else(|| node.bad("is too large"))?;
    Ok(vec![lowering.push(
        node,
        Op::Select,
        &[&mask, &x, &zero],
    )?])
}

/// `OneHot`: indices compared with every class; a negative index counts from the end.
pub(super) fn one_hot(node: &Node, lowering: &mut Lowering) -> Lowered {
    let indices = node.operand(0)?.clone();
    let depth = node.known(1)?.ok_or_else(|| node.bad("depth is missing"))?;
    let depth = match depth.floats() {
        Some(floats) => floats.first().map(|&depth| depth as i64),
        None => depth.ints().and_then(|ints| ints.first().copied()),
    };
    let depth = depth.filter(|&depth| depth > 0 && depth <= MAX_MASK as i64);
    let depth = depth.ok_or_else(|| node.bad("depth must be a positive number"))?;
    let choices = node.operand(2)?;
    let mut steps = Steps::new(node, lowering);
    let mut choice = |index: usize| {
        let one = steps.slice(choices, 0, index, 1, 1)?;
        steps.reshape(&one, &[])
    };
    let (off, on) = (choice(0)?, choice(1)?);
    let mut shape = lowering.shape(&indices);
    let axis = node.axis(node.int("axis")?.unwrap_or(-1), shape.len() + 1)?;
    let mut classes_shape = vec![1; shape.len() + 1];
    classes_shape[axis] = usize::try_from(depth).unwrap_or(0);
    shape.insert(axis, 1);
    let indices = lowering.cast(node, &indices, DType::I32)?;
    let indices = lowering.reshape(node, &indices, &shape)?;
    let mut hit = None;
    for first in [0, -depth] {
        let classes = Value::constant(Constant::i64(
            classes_shape.clone(),
            (first..first + depth).collect(),
        ));
        let equal = lowering.push(node, Op::Binary(Binary::Equal), &[&indices, &classes])?;
        hit = Some(match hit {
            None => equal,
            Some(hit) => lowering.push(node, Op::Binary(Binary::Or), &[&hit, &equal])?,
        });
    }
    let hit = hit.ok_or_else(|| node.bad("depth must be positive"))?;
    Ok(vec![lowering.push(node, Op::Select, &[&hit, &on, &off])?])
}
