//! Values whose extent along one axis is known only when the model runs. In the plan they are as large as they may
//! become, with a count beside them; operators that treat the elements along that axis alike hand it on.

use crate::CompileError;
use crate::graph::Lowering;
use crate::node::{Node, Value};
use nearshelf_engine::{Op, ValueId};

/// Only the first elements along `axis` are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) axis: usize,
    /// How many: a scalar i32 of the plan.
    pub(crate) count: ValueId,
}

impl Lowering<'_> {
    /// Notes that only the first `count` elements of `value` along `axis` are meant.
    pub(super) fn note_cut(&mut self, value: &Value, axis: usize, count: &Value) {
        if let (Value::Run(id), Value::Run(count)) = (value, count) {
            self.cuts.insert(
                *id,
                Cut {
                    axis,
                    count: *count,
                },
            );
        }
    }

    /// How `value` is cut.
    pub(crate) fn cut_of(&self, value: &Value) -> Option<Cut> {
        match value {
            Value::Run(id) => self.cuts.get(id).copied(),
            Value::Constant(_) => None,
        }
    }

    /// How the only result of `op` is cut, an operand of which is.
    pub(crate) fn carried(
        &self,
        node: &Node,
        op: &Op,
        operands: &[&Value],
        results: &[ValueId],
    ) -> Result<Cut, CompileError> {
        let cuts: Vec<Option<Cut>> = operands.iter().map(|value| self.cut_of(value)).collect();
        let shapes: Vec<Vec<usize>> = operands.iter().map(|value| self.shape(value)).collect();
        let axis = match results {
            [result] => carry(op, &shapes, &cuts, &self.shape(&Value::Run(*result))),
            _ => None,
        };
        let count = cuts.iter().flatten().map(|cut| cut.count).next();
        let cut = axis.zip(count).map(|(axis, count)| Cut { axis, count });
        cut.ok_or_else(|| length_needed(node))
    }
}

/// A node can't do without the extent of an axis that is cut.
pub(super) fn length_needed(node: &Node) -> CompileError {
    node.unsupported(
        "only the values tell how long its operand is, and this operator has to know; \
         export the model up to the selection, and do in the page what follows",
    )
}

/// The axis of the result that is cut, when every operand is cut in the same way or not along it.
fn carry(op: &Op, shapes: &[Vec<usize>], cuts: &[Option<Cut>], result: &[usize]) -> Option<usize> {
    let first = cuts.first().copied().flatten().map(|cut| cut.axis);
    let only_first = cuts.iter().skip(1).all(Option::is_none);
    match op {
        Op::Unary(_) | Op::Cast { .. } | Op::IsNonZero | Op::BitCast => first,
        Op::Binary(_) | Op::Select => broadcast(shapes, cuts, result),
        Op::Transpose { perm } => perm.iter().position(|&from| Some(from) == first),
        Op::Reshape { shape } => {
            let own = &shapes[0];
            let extent = *own.get(first?)?;
            let before: usize = own[..first?].iter().product();
            let is_same = |&axis: &usize| {
                shape[axis] == extent && shape[..axis].iter().product::<usize>() == before
            };
            (0..shape.len()).find(is_same)
        }
        Op::Gather { axis } => match (first, cuts.get(1).copied().flatten()) {
            (None, Some(indices)) => Some(axis + indices.axis),
            (Some(data), None) if data < *axis => Some(data),
            (Some(data), None) if data > *axis => Some(data + shapes[1].len() - 1),
            _ => None,
        },
        Op::Concat { axis } => {
            let same = cuts.iter().all(|cut| cut.is_some() && *cut == cuts[0]);
            first.filter(|own| same && own != axis)
        }
        Op::Slice {
            starts,
            steps,
            shape,
        } => first.filter(|&at| starts[at] == 0 && steps[at] == 1 && shape[at] == shapes[0][at]),
        Op::Reduce {
            axes, keep_dims, ..
        } => {
            let own = first.filter(|own| !axes.contains(own))?;
            let gone = axes.iter().filter(|&&axis| axis < own && !keep_dims);
            Some(own - gone.count())
        }
        Op::ArgMax {
            axis, keep_dims, ..
        } => {
            let own = first.filter(|own| own != axis)?;
            Some(own - usize::from(*axis < own && !keep_dims))
        }
        Op::Softmax { axis, .. } => first.filter(|own| own != axis),
        Op::LayerNormalization { axis, .. } => first.filter(|own| own < axis && only_first),
        Op::MatMul => {
            first.filter(|own| only_first && shapes[1].len() == 2 && own + 1 < shapes[0].len())
        }
        Op::TuplePositions { batch, .. } => {
            first.filter(|own| own >= batch && own + 1 < shapes[0].len())
        }
        Op::ElementPositions { .. } => first,
        _ => None,
    }
}

/// Of operands that broadcast: cut ones agree, and the others repeat along that axis.
fn broadcast(shapes: &[Vec<usize>], cuts: &[Option<Cut>], result: &[usize]) -> Option<usize> {
    let from_end = |index: usize, cut: Cut| shapes[index].len() - cut.axis;
    let mut found: Option<(usize, Cut)> = None;
    for (index, cut) in cuts.iter().enumerate() {
        if let Some(cut) = cut {
            let own = (from_end(index, *cut), *cut);
            match found {
                Some((at, other)) if (at, other.count) != (own.0, cut.count) => return None,
                _ => found = Some(own),
            }
        }
    }
    let (from_end, _) = found?;
    let axis = result.len().checked_sub(from_end)?;
    for (shape, cut) in shapes.iter().zip(cuts) {
        let extent = shape.len().checked_sub(from_end).map(|axis| shape[axis]);
        let fits = match cut {
            Some(_) => extent == Some(result[axis]),
            None => extent.is_none_or(|extent| extent == 1),
        };
        if !fits {
            return None;
        }
    }
    Some(axis)
}
