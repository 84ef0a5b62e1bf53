//! Evaluation of the engine's own operators on constants: what the lowering makes of a node whose operands tract
//! could not take.

use crate::constant::{Constant, Data};
use nearshelf_engine::{CpuSession, Op, PlanBuilder, Session, Tensor, TensorType, Values};
use std::sync::Arc;

/// Most elements of an operand or result: larger ones are left to the plan.
const MAX_ELEMENTS: usize = 1 << 20;

/// The result of `op`, when it takes time in proportion to its operands or results only. Truth values are `truth`.
pub(crate) fn evaluate(op: &Op, operands: &[&Constant], truth: bool) -> Option<Constant> {
    let is_small = |count: usize| count <= MAX_ELEMENTS;
    if !is_cheap(op) || operands.is_empty() || !operands.iter().all(|x| is_small(x.len())) {
        return None;
    }
    let mut builder = PlanBuilder::new();
    let mut ids = Vec::with_capacity(operands.len());
    for operand in operands {
        ids.push(builder.constant(operand.to_tensor("").ok()?));
    }
    let results = builder.push("", op.clone(), &ids).ok()?;
    let [result] = results[..] else { return None };
    if !is_small(builder.value_type(result).element_count()?) {
        return None;
    }
    builder.output("y", result).ok()?;
    let mut session = CpuSession::new(Arc::new(builder.finish().ok()?)).ok()?;
    let y = session.run(&[]).ok()?.pop()?;
    let is_wide = operands.iter().any(|x| matches!(x.data, Data::I64(_)));
    Some(constant(&y, is_wide, truth))
}

fn constant(tensor: &Tensor, is_wide: bool, truth: bool) -> Constant {
    let TensorType { shape, .. } = tensor.ty();
    let data = match tensor.values() {
        Values::F32(values) => Data::F32(values.clone()),
        Values::I32(values) if is_wide => Data::I64(values.iter().map(|&v| v.into()).collect()),
        Values::I32(values) => Data::I32(values.clone()),
        Values::I8(values) => Data::I8(values.clone()),
        Values::U8(values) if truth => Data::Bool(values.iter().map(|&v| v != 0).collect()),
        Values::U8(values) => Data::U8(values.clone()),
    };
    Constant { shape, data }
}

/// Not products, and not what keeps weights quantized.
fn is_cheap(op: &Op) -> bool {
    matches!(
        op,
        Op::Unary(_)
            | Op::Binary(_)
            | Op::Select
            | Op::Cast { .. }
            | Op::IsNonZero
            | Op::RoundFloat { .. }
            | Op::BitCast
            | Op::Reduce { .. }
            | Op::Gather { .. }
            | Op::Reshape { .. }
            | Op::Transpose { .. }
            | Op::Concat { .. }
            | Op::Slice { .. }
            | Op::Pad { .. }
            | Op::Expand { .. }
            | Op::ElementPositions { .. }
            | Op::TuplePositions { .. }
            | Op::Scatter { .. }
            | Op::Cumulate { .. }
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use nearshelf_engine::{Binary, FloatFormat};

    #[test]
    fn whole_numbers_keep_their_width_and_truth_values_their_kind() {
        let x = Constant::i64([2], vec![3, -1]);
        let sum = evaluate(&Op::Binary(Binary::Add), &[&x, &x], false).unwrap();
        assert_eq!(sum.data, Data::I64(vec![6, -2]));
        let less = evaluate(&Op::Binary(Binary::Less), &[&x, &x], true).unwrap();
        assert_eq!(less.data, Data::Bool(vec![false, false]));
    }

    #[test]
    fn casts_to_narrow_formats_are_known() {
        let op = Op::RoundFloat {
            format: FloatFormat::Float8E5M2,
            saturate: true,
        };
        let x = Constant::f32([], vec![1.1]);
        assert_eq!(
            evaluate(&op, &[&x], false).unwrap().data,
            Data::F32(vec![1.0])
        );
    }

    #[test]
    fn what_does_not_fit_and_what_is_large_is_left_alone() {
        let (a, b) = (
            Constant::i64([2], vec![1, 2]),
            Constant::i64([3], vec![1, 2, 3]),
        );
        assert!(evaluate(&Op::Binary(Binary::Add), &[&a, &b], false).is_none());
        let wide = Op::Expand {
            shape: vec![1 << 20, 2],
        };
        assert!(evaluate(&wide, &[&a], false).is_none());
        assert!(evaluate(&Op::MatMul, &[&a, &a], false).is_none());
    }
}
