//! Recurrent layers.

use crate::CompileError;
use crate::budget::affordable;
use crate::constant::{Constant, Data};
use crate::graph::{Lowering, zeros};
use crate::lower::unrolled;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{DType, Direction, Op};

/// ONNX Runtime's LSTM of weights in bytes.
const QUANTIZED_LSTM: &str = "DynamicQuantizeLSTM";

/// Operands of a layer, those left out filled in.
pub(super) struct Layer {
    direction: Direction,
    batch_first: bool,
    /// `x, w, r, bias, initial states..`.
    pub(super) operands: Vec<Value>,
}

impl Layer {
    /// In how many directions it goes.
    pub(super) fn ways(&self) -> usize {
        match self.direction {
            Direction::Forward | Direction::Reverse => 1,
            Direction::Bidirectional => 2,
        }
    }

    /// Whether direction `number` takes the last step first.
    pub(super) fn is_backwards(&self, number: usize) -> bool {
        self.direction == Direction::Reverse || number == 1
    }
}

/// Gates of a layer of the ONNX operator `kind`.
pub(super) fn gates(kind: &str) -> usize {
    match kind {
        "LSTM" | QUANTIZED_LSTM => 4,
        "GRU" => 3,
        _ => 1,
    }
}

/// `RNN`.
pub(super) fn rnn(node: &Node, lowering: &mut Lowering) -> Lowered {
    let layer = layer(node, lowering)?;
    let results = unrolled::layer(node, lowering, &layer)?;
    turned(node, lowering, &layer, results)
}

/// `GRU`.
pub(super) fn gru(node: &Node, lowering: &mut Lowering) -> Lowered {
    let layer = layer(node, lowering)?;
    let results = if is_plain(node, lowering, &layer, &["Sigmoid", "Tanh"])? {
        let op = Op::Gru {
            direction: layer.direction,
            linear_before_reset: node.flag("linear_before_reset", false)?,
        };
        lowering.push_all(node, op, &layer.operands.iter().collect::<Vec<_>>())?
    } else {
        unrolled::layer(node, lowering, &layer)?
    };
    turned(node, lowering, &layer, results)
}

/// `LSTM`.
pub(super) fn lstm(node: &Node, lowering: &mut Lowering) -> Lowered {
    let layer = layer(node, lowering)?;
    let results = if is_plain(node, lowering, &layer, &["Sigmoid", "Tanh", "Tanh"])? {
        let op = Op::Lstm {
            direction: layer.direction,
        };
        lowering.push_all(node, op, &layer.operands.iter().collect::<Vec<_>>())?
    } else if node.proto.op_type == QUANTIZED_LSTM {
        return Err(node.unsupported(
            "weights in bytes are known for plain layers only; leave this one in floats",
        ));
    } else {
        unrolled::layer(node, lowering, &layer)?
    };
    turned(node, lowering, &layer, results)
}

/// Weights of [`QUANTIZED_LSTM`], `[directions, k, rows]`, as an LSTM has them: `[directions, rows, k]`, floats.
///
/// ONNX Runtime quantizes what the weights meet as well, step by step; here that stays exact.
fn dequantized(node: &Node, weights: usize, scale: usize) -> Result<Value, CompileError> {
    let missing = || node.bad("weights, their scales or zero points are missing");
    let packed = node.known(weights)?.ok_or_else(missing)?;
    let &[directions, k, rows] = &packed.shape[..] else {
        return Err(node.bad("weights have three axes"));
    };
    let bytes: Vec<i16> = match &packed.data {
        Data::I8(values) => values.iter().map(|&value| value.into()).collect(),
        Data::U8(values) => values.iter().map(|&value| value.into()).collect(),
        _ => return Err(node.bad("weights must be bytes")),
    };
    let scales = node.known_floats(scale)?.ok_or_else(missing)?;
    let zeros = node.known_ints(scale + 1)?.ok_or_else(missing)?;
    let shape = [directions, rows, k];
    let (true, Some(len)) = (
        zeros.len() == scales.len()
            && (scales.len() == directions || Some(scales.len()) == directions.checked_mul(rows)),
        affordable(&shape, size_of::<f32>()),
    ) else {
        return Err(node.bad("there is a scale and a zero point a direction, or one a row"));
    };
    let parameter = |direction: usize, row: usize| {
        if scales.len() == directions {
            direction
        } else {
            direction * rows + row
        }
    };
    let mut values = Vec::with_capacity(len);
    for direction in 0..directions {
        for row in 0..rows {
            let at = parameter(direction, row);
            let column = (0..k).map(|depth| bytes[(direction * k + depth) * rows + row]);
            values.extend(column.map(|byte| (f32::from(byte) - zeros[at] as f32) * scales[at]));
        }
    }
    Ok(Value::constant(Constant::f32(shape, values)))
}

/// Whether the engine's kernel computes such a layer.
fn is_plain(
    node: &Node,
    lowering: &Lowering,
    layer: &Layer,
    activations: &[&str],
) -> Result<bool, CompileError> {
    let steps = lowering.shape(&layer.operands[0])[0];
    let whole = |lengths: Vec<i64>| {
        let mut lengths = lengths.iter();
        lengths.all(|&length| usize::try_from(length) == Ok(steps))
    };
    let same_length = node.optional(4).is_none_or(|lengths| {
        let known = lengths.as_constant().and_then(|known| known.ints());
        known.is_some_and(whole)
    });
    let peepholes_vanish = node.optional(7).is_none_or(|weights| {
        let known = weights.as_constant();
        known.is_some_and(|weights| weights.is_zero())
    });
    let stated = node.texts("activations")?.unwrap_or_default();
    let usual = activations.iter().cycle();
    let mut activations = stated.iter().zip(usual);
    Ok(same_length
        && peepholes_vanish
        && activations.all(|(stated, usual)| stated.eq_ignore_ascii_case(usual))
        && node.float("clip", 0.0)? == 0.0
        && !node.flag("input_forget", false)?)
}

fn layer(node: &Node, lowering: &mut Lowering) -> Result<Layer, CompileError> {
    let gates = gates(&node.proto.op_type);
    let (direction, directions) = match node.text("direction")?.as_deref() {
        None | Some("forward") => (Direction::Forward, 1),
        Some("reverse") => (Direction::Reverse, 1),
        Some("bidirectional") => (Direction::Bidirectional, 2),
        Some(other) => return Err(node.bad(format!("direction {other:?} is unknown"))),
    };
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
    let (w, r) = if node.proto.op_type == QUANTIZED_LSTM {
        (dequantized(node, 1, 8)?, dequantized(node, 2, 10)?)
    } else {
        (node.operand(1)?.clone(), node.operand(2)?.clone())
    };
    let ([_, batch, _], [_, _, hidden]) = (&lowering.shape(&x)[..], &lowering.shape(&r)[..]) else {
        return Err(node.bad("takes operands of three axes"));
    };
    let (batch, hidden) = (*batch, *hidden);
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

/// Results in the order of axes that the node asks for.
fn turned(node: &Node, lowering: &mut Lowering, layer: &Layer, mut results: Vec<Value>) -> Lowered {
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
