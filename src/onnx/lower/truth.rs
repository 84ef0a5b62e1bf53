//! Which values are truth values. A plan holds them as u8, like bytes; ONNX casts to the two differently.

use crate::constant::Data;
use crate::graph::Lowering;
use crate::node::Value;
use nearshelf_engine::{Binary, Op, Unary};

impl Lowering<'_> {
    /// Whether `value` is of ONNX's type `bool`.
    pub(crate) fn is_truth(&self, value: &Value) -> bool {
        match value {
            Value::Constant(constant) => matches!(constant.data, Data::Bool(_)),
            Value::Run(id) => self.truths.contains(id),
        }
    }

    /// Whether `op` gives truth values of such operands.
    pub(crate) fn gives_truth(&self, op: &Op, operands: &[&Value]) -> bool {
        match op {
            Op::IsNonZero | Op::Unary(Unary::Not) => true,
            Op::Binary(kind) => matches!(
                kind,
                Binary::Equal
                    | Binary::Less
                    | Binary::LessOrEqual
                    | Binary::Greater
                    | Binary::GreaterOrEqual
                    | Binary::And
                    | Binary::Or
                    | Binary::Xor
            ),
            Op::Gather { .. }
            | Op::Reshape { .. }
            | Op::Transpose { .. }
            | Op::Concat { .. }
            | Op::Slice { .. }
            | Op::Pad { .. }
            | Op::Expand { .. } => operands.first().is_some_and(|x| self.is_truth(x)),
            Op::Select => operands.last().is_some_and(|x| self.is_truth(x)),
            _ => false,
        }
    }
}
