//! `NegativeLogLikelihoodLoss`, `SoftmaxCrossEntropyLoss`.

use crate::CompileError;
use crate::graph::Lowering;
use crate::lower::steps::{Steps, whole};
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op, Reduction, Unary};

pub(super) fn likelihood(node: &Node, lowering: &mut Lowering) -> Lowered {
    let log_probabilities = node.operand(0)?.clone();
    let mut steps = Steps::new(node, lowering);
    Ok(vec![loss(&mut steps, &log_probabilities)?])
}

pub(super) fn cross_entropy(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut steps = Steps::new(node, lowering);
    let softmax = Op::Softmax { axis: 1, log: true };
    let log_probabilities = steps.op(softmax, &[node.operand(0)?])?;
    Ok(vec![
        loss(&mut steps, &log_probabilities)?,
        log_probabilities,
    ])
}

/// −x[n, target[n, ..], ..] of `x [n, classes, ..]`, weighted and reduced as the node says.
fn loss(steps: &mut Steps, x: &Value) -> Result<Value, CompileError> {
    let node = steps.node;
    let shape = steps.shape(x);
    let classes = shape
        .get(1)
        .copied()
        .filter(|&classes| i32::try_from(classes).is_ok());
    let classes = classes.ok_or_else(|| node.bad("needs a batch and a class axis"))?;
    let along_classes: Vec<usize> = std::iter::once(classes)
        .chain(std::iter::repeat_n(1, shape.len() - 2))
        .collect();
    let target = steps.cast(node.operand(1)?, DType::I32)?;
    let column = steps.unsqueeze(&target, &[1])?;
    let numbers = steps.numbers(0..classes as i64)?;
    let numbers = steps.reshape(&numbers, &along_classes)?;
    let mut hit = steps.binary(Binary::Equal, &column, &numbers)?;
    if let Some(ignored) = node.int("ignore_index")? {
        let ignored = steps.binary(Binary::Equal, &column, &whole(ignored))?;
        let counts = steps.unary(Unary::Not, &ignored)?;
        hit = steps.binary(Binary::And, &hit, &counts)?;
    }
    let zero = crate::graph::scalar(0.0);
    let weights = match node.optional(2) {
        Some(weights) => steps.reshape(weights, &along_classes)?,
        None => crate::graph::scalar(1.0),
    };
    let weight = steps.select(&hit, &weights, &zero)?;
    let weight = steps.reduce(Reduction::Sum, &weight, &[1], false)?;
    let taken = steps.select(&hit, x, &zero)?;
    let taken = steps.reduce(Reduction::Sum, &taken, &[1], false)?;
    let weighted = steps.mul(&taken, &weight)?;
    let losses = steps.unary(Unary::Neg, &weighted)?;
    let all: Vec<usize> = (0..shape.len() - 1).collect();
    match node.text("reduction")?.as_deref() {
        Some("none") => Ok(losses),
        Some("sum") => steps.reduce(Reduction::Sum, &losses, &all, false),
        None | Some("mean") => {
            let sum = steps.reduce(Reduction::Sum, &losses, &all, false)?;
            let total = steps.reduce(Reduction::Sum, &weight, &all, false)?;
            steps.div(&sum, &total)
        }
        Some(other) => Err(node.bad(format!("reduction {other:?} is unknown"))),
    }
}
