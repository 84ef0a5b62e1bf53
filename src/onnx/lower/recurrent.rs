//! Recurrent layers.

use crate::CompileError;
use crate::graph::{Lowering, zeros};
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{DType, Direction, Op};

/// Operands of a layer, those left out filled in.
struct Layer {
    direction: Direction,
    batch_first: bool,
    /// `x, w, r, bias, initial states..`.
    operands: Vec<Value>,
}

/// `GRU`.
pub(super) fn gru(node: &Node, lowering: &mut Lowering) -> Lowered {
    let layer = layer(node, lowering, 3, &["Sigmoid", "Tanh"])?;
    let linear_before_reset = node.flag("linear_before_reset", false)?;
    let op = Op::Gru {
        direction: layer.direction,
        linear_before_reset,
    };
    results(node, lowering, &layer, op)
}

/// `LSTM`.
pub(super) fn lstm(node: &Node, lowering: &mut Lowering) -> Lowered {
    let layer = layer(node, lowering, 4, &["Sigmoid", "Tanh", "Tanh"])?;
    if node.flag("input_forget", false)? {
        return Err(
            node.unsupported("coupled input and forget gates are not known; use an ordinary LSTM")
        );
    }
    let peepholes_vanish = match node.optional(7) {
        None => true,
        Some(weights) => weights
            .as_constant()
            .is_some_and(|weights| weights.is_zero()),
    };
    if !peepholes_vanish {
        return Err(node.unsupported("peepholes are not known; use an ordinary LSTM"));
    }
    results(
        node,
        lowering,
        &layer,
        Op::Lstm {
            direction: layer.direction,
        },
    )
}

fn layer(
    node: &Node,
    lowering: &mut Lowering,
    gates: usize,
    activations: &[&str],
) -> Result<Layer, CompileError> {
    let (direction, directions) = match node.text("direction")?.as_deref() {
        None | Some("forward") => (Direction::Forward, 1),
        Some("reverse") => (Direction::Reverse, 1),
        Some("bidirectional") => (Direction::Bidirectional, 2),
        Some(other) => return Err(node.bad(format!("direction {other:?} is unknown"))),
    };
    let stated = node.texts("activations")?.unwrap_or_default();
    let usual = activations.iter().cycle();
    if !stated
        .iter()
        .zip(usual)
        .all(|(stated, usual)| stated.eq_ignore_ascii_case(usual))
    {
        return Err(node.unsupported(format!(
            "activations {stated:?} are not known; use {activations:?}"
        )));
    }
    if node.float("clip", 0.0)? != 0.0 {
        return Err(node.unsupported("clipping is not known; export without clip"));
    }
    let batch_first = node.flag("layout", false)?;
    let mut x = node.operand(0)?.clone();
    if batch_first {
        x = lowering.push(
            node,
            Op::Transpose {
                perm: vec![1, 0, 2],
            },
            &[&x],
        )?;
    }
    let (w, r) = (node.operand(1)?.clone(), node.operand(2)?.clone());
    let ([steps, batch, _], [_, _, hidden]) = (&lowering.shape(&x)[..], &lowering.shape(&r)[..])
    else {
        return Err(node.bad("takes operands of three axes"));
    };
    let (steps, batch, hidden) = (*steps, *batch, *hidden);
    let whole = |lengths: &[i64]| {
        lengths
            .iter()
            .all(|&length| usize::try_from(length) == Ok(steps))
    };
    if node.optional(4).is_some() && !node.known_ints(4)?.is_some_and(|lengths| whole(&lengths)) {
        return Err(node.unsupported(
            "sequences of different lengths are not known; pad them and drop sequence_lens",
        ));
    }
    let too_large = || node.bad("is too large");
    let rows = hidden.checked_mul(2 * gates).ok_or_else(too_large)?;
    let bias = match node.optional(3) {
        Some(bias) => bias.clone(),
        None => zeros(DType::F32, &[directions, rows]).ok_or_else(too_large)?,
    };
    let mut operands = vec![x, w, r, bias];
    // An LSTM has a cell state beside the hidden one.
    let states = if gates == 4 { 2 } else { 1 };
    for index in 5..5 + states {
        operands.push(match node.optional(index).cloned() {
            Some(state) if batch_first => lowering.push(
                node,
                Op::Transpose {
                    perm: vec![1, 0, 2],
                },
                &[&state],
            )?,
            Some(state) => state,
            None => zeros(DType::F32, &[directions, batch, hidden]).ok_or_else(too_large)?,
        });
    }
    Ok(Layer {
        direction,
        batch_first,
        operands,
    })
}

fn results(node: &Node, lowering: &mut Lowering, layer: &Layer, op: Op) -> Lowered {
    let mut results = lowering.push_all(node, op, &layer.operands.iter().collect::<Vec<_>>())?;
    if layer.batch_first {
        for (index, result) in results.iter_mut().enumerate() {
            // y is [steps, directions, batch, hidden], a state [directions, batch, hidden].
            let perm = if index == 0 {
                vec![2, 0, 1, 3]
            } else {
                vec![1, 0, 2]
            };
            *result = lowering.push(node, Op::Transpose { perm }, &[result])?;
        }
    }
    Ok(results)
}
