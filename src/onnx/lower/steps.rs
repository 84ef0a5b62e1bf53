//! The engine's operators as short calls, for ONNX operators that become many of them.

use crate::CompileError;
use crate::budget::affordable;
use crate::constant::{Constant, Data};
use crate::graph::Lowering;
use crate::lower::matmul::permuted;
use crate::node::{Node, Value};
use nearshelf_engine::{Binary, DType, Op, Reduction, Unary};

type Step = Result<Value, CompileError>;

/// Adds operators for one node.
pub(super) struct Steps<'s, 'n, 'l> {
    pub(super) node: &'s Node<'n>,
    pub(super) lowering: &'s mut Lowering<'l>,
}

impl<'s, 'n, 'l> Steps<'s, 'n, 'l> {
    pub(super) fn new(node: &'s Node<'n>, lowering: &'s mut Lowering<'l>) -> Self {
        Self { node, lowering }
    }

    pub(super) fn op(&mut self, op: Op, operands: &[&Value]) -> Step {
        self.lowering.push(self.node, op, operands)
    }

    pub(super) fn shape(&self, x: &Value) -> Vec<usize> {
        self.lowering.shape(x)
    }

    pub(super) fn dtype(&self, x: &Value) -> DType {
        self.lowering.ty(x).dtype
    }

    pub(super) fn unary(&mut self, kind: Unary, x: &Value) -> Step {
        self.op(Op::Unary(kind), &[x])
    }

    pub(super) fn binary(&mut self, kind: Binary, a: &Value, b: &Value) -> Step {
        self.op(Op::Binary(kind), &[a, b])
    }

    pub(super) fn add(&mut self, a: &Value, b: &Value) -> Step {
        self.binary(Binary::Add, a, b)
    }

    pub(super) fn sub(&mut self, a: &Value, b: &Value) -> Step {
        self.binary(Binary::Sub, a, b)
    }

    pub(super) fn mul(&mut self, a: &Value, b: &Value) -> Step {
        self.binary(Binary::Mul, a, b)
    }

    pub(super) fn div(&mut self, a: &Value, b: &Value) -> Step {
        self.binary(Binary::Div, a, b)
    }

    pub(super) fn matmul(&mut self, a: &Value, b: &Value) -> Step {
        self.op(Op::MatMul, &[a, b])
    }

    pub(super) fn select(&mut self, condition: &Value, a: &Value, b: &Value) -> Step {
        self.op(Op::Select, &[condition, a, b])
    }

    pub(super) fn cast(&mut self, x: &Value, to: DType) -> Step {
        self.lowering.cast(self.node, x, to)
    }

    pub(super) fn reshape(&mut self, x: &Value, shape: &[usize]) -> Step {
        self.lowering.reshape(self.node, x, shape)
    }

    /// `x` with an axis of extent 1 at each of `axes`, counted in the result, ascending.
    pub(super) fn unsqueeze(&mut self, x: &Value, axes: &[usize]) -> Step {
        let mut shape = self.shape(x);
        for &axis in axes {
            shape.insert(axis.min(shape.len()), 1);
        }
        self.reshape(x, &shape)
    }

    pub(super) fn transpose(&mut self, x: &Value, perm: &[usize]) -> Step {
        if perm.iter().copied().eq(0..perm.len()) {
            return Ok(x.clone());
        }
        permuted(self.node, self.lowering, x, perm)
    }

    /// The last two axes exchanged.
    pub(super) fn swap(&mut self, x: &Value) -> Step {
        if self.shape(x).len() < 2 {
            return Err(self.node.bad("takes matrices"));
        }
        super::matmul::transposed(self.node, self.lowering, x)
    }

    pub(super) fn expand(&mut self, x: &Value, shape: &[usize]) -> Step {
        if self.shape(x) == shape {
            return Ok(x.clone());
        }
        let shape = shape.to_vec();
        self.op(Op::Expand { shape }, &[x])
    }

    /// Operands joined along `axis`; empty ones and a single one need no operator.
    pub(super) fn concat(&mut self, parts: &[&Value], axis: usize) -> Step {
        let is_there = |part: &&&Value| self.shape(part).get(axis) != Some(&0);
        let there: Vec<&Value> = parts.iter().filter(is_there).copied().collect();
        match (&there[..], parts) {
            ([one], _) => Ok((*one).clone()),
            ([], [first, ..]) => Ok((*first).clone()),
            _ => self.op(Op::Concat { axis }, &there),
        }
    }

    /// `length` elements of `axis` from `start` on, every `step`-th.
    pub(super) fn slice(
        &mut self,
        x: &Value,
        axis: usize,
        start: usize,
        length: usize,
        step: i64,
    ) -> Step {
        let mut shape = self.shape(x);
        let mut starts = vec![0; shape.len()];
        let mut steps = vec![1; shape.len()];
        if axis >= shape.len() {
            return Err(self
                .node
                .bad(format!("axis {axis} is not one of {}", shape.len())));
        }
        if start == 0 && step == 1 && shape[axis] == length {
            return Ok(x.clone());
        }
        (starts[axis], steps[axis], shape[axis]) = (start, step, length);
        self.op(
            Op::Slice {
                starts,
                steps,
                shape,
            },
            &[x],
        )
    }

    pub(super) fn gather(&mut self, x: &Value, indices: &Value, axis: usize) -> Step {
        let indices = self.cast(indices, DType::I32)?;
        self.op(Op::Gather { axis }, &[x, &indices])
    }

    pub(super) fn reduce(
        &mut self,
        reduction: Reduction,
        x: &Value,
        axes: &[usize],
        keep_dims: bool,
    ) -> Step {
        let axes = axes.to_vec();
        self.op(
            Op::Reduce {
                reduction,
                axes,
                keep_dims,
            },
            &[x],
        )
    }

    /// The whole numbers of `range`, as a constant of one axis.
    pub(super) fn numbers(&self, range: std::ops::Range<i64>) -> Step {
        let count = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0);
        let count = affordable(&[count], size_of::<i64>());
        let count = count.ok_or_else(|| self.node.bad("an axis is too long to be numbered"))?;
        Ok(Value::constant(Constant::i64([count], range.collect())))
    }

    /// Zeros of `shape`, as a constant.
    pub(super) fn zeros(&self, dtype: DType, shape: &[usize]) -> Step {
        let zeros = crate::graph::zeros(dtype, shape);
        zeros.ok_or_else(|| self.node.bad("is too large"))
    }
}

/// A whole number as a scalar.
pub(super) fn whole(value: i64) -> Value {
    Value::constant(Constant::i64([], vec![value]))
}

/// Truth values as a constant.
pub(super) fn truths(shape: &[usize], values: Vec<bool>) -> Value {
    Value::constant(Constant {
        shape: shape.to_vec(),
        data: Data::Bool(values),
    })
}
