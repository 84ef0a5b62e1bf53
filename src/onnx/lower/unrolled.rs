//! Recurrent layers that the engine has no kernel for, step after step: `RNN`, and `GRU` and `LSTM` with peepholes, other
//! activations, clipping, coupled gates or sequences of different lengths.

use crate::CompileError;
use crate::constant::Constant;
use crate::graph::{Lowering, scalar, zeros};
use crate::lower::recurrent::{Layer, gates};
use crate::lower::slice::Part;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op, Unary};

/// Most steps that are written out one by one, in all directions together.
const MAX_STEPS: usize = 1 << 10;

/// An activation with what its parameters are.
type Activation = (String, f32, f32);

/// One direction of a layer.
struct Way<'a> {
    kind: &'a str,
    hidden: usize,
    /// `[steps, n, gates · hidden]`: products of the input with its weights and bias.
    projected: Value,
    /// `[hidden, gates · hidden]`, and bias.
    r: Value,
    r_bias: Value,
    /// `[3, hidden]`, of an LSTM.
    peepholes: Option<Value>,
    activations: Vec<Activation>,
    clip: f32,
    input_forget: bool,
    linear_before_reset: bool,
}

/// Lowers a layer whose operands are `[steps, n, ..]`.
pub(super) fn layer(node: &Node, lowering: &mut Lowering, layer: &Layer) -> Lowered {
    let kind = &*node.proto.op_type;
    let count = gates(kind);
    let operands = &layer.operands;
    let (&[steps, batch, _], &[ways, _, hidden]) = (
        &lowering.shape(&operands[0])[..],
        &lowering.shape(&operands[2])[..],
    ) else {
        return Err(node.bad("takes operands of three axes"));
    };
    if ways != layer.ways() {
        return Err(node.bad(format!("its weights are of {ways} directions")));
    }
    if steps.saturating_mul(ways) > MAX_STEPS {
        return Err(node.unsupported(format!(
            "{steps} steps of this kind are too many; use a plain GRU or LSTM, or at most {MAX_STEPS} steps"
        )));
    }
    let lengths = match node.optional(4).cloned() {
        Some(lengths) => {
            let lengths = lowering.cast(node, &lengths, DType::I32)?;
            Some(lowering.reshape(node, &lengths, &[batch, 1])?)
        }
        None => None,
    };
    let (mut sequences, mut states, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..ways {
        let part =
            |lowering: &mut Lowering, operand: &Value| one_of(node, lowering, operand, number);
        let w = part(lowering, &operands[1])?;
        let w = turned(node, lowering, &w)?;
        let bias = part(lowering, &operands[3])?;
        let [w_bias, r_bias] = [0, 1].map(|half| half * count * hidden);
        let w_bias = piece(node, lowering, &bias, 0, w_bias, count * hidden)?;
        let r_bias = piece(node, lowering, &bias, 0, r_bias, count * hidden)?;
        let r = part(lowering, &operands[2])?;
        let peepholes = match node.optional(7).cloned().filter(|_| kind == "LSTM") {
            Some(peepholes) => {
                let own = part(lowering, &peepholes)?;
                Some(lowering.reshape(node, &own, &[3, hidden])?)
            }
            None => None,
        };
        let way = Way {
            kind,
            hidden,
            projected: lowering.push(node, Op::MatMul, &[&operands[0], &w, &w_bias])?,
            r: turned(node, lowering, &r)?,
            r_bias,
            peepholes,
            activations: activations(node, number)?,
            clip: node.float("clip", 0.0)?,
            input_forget: node.flag("input_forget", false)?,
            linear_before_reset: node.flag("linear_before_reset", false)?,
        };
        let mut state = part(lowering, &operands[4])?;
        let mut cell = match operands.get(5) {
            Some(cell) => part(lowering, cell)?,
            None => scalar(0.0),
        };
        let is_backwards = layer.is_backwards(number);
        let mut rows = vec![None; steps];
        for step in 0..steps {
            let step = if is_backwards { steps - 1 - step } else { step };
            let (mut next, next_cell) = way.step(node, lowering, step, &state, &cell)?;
            let mut row = next.clone();
            if let Some(lengths) = &lengths {
                // Behind its end a sequence keeps its state and gives zeros.
                let at = Value::constant(Constant::i64([], vec![step as i64]));
                let on = lowering.push(node, Op::Binary(Binary::Less), &[&at, lengths])?;
                row = lowering.push(node, Op::Select, &[&on, &next, &scalar(0.0)])?;
                next = lowering.push(node, Op::Select, &[&on, &next, &state])?;
                if kind == "LSTM" {
                    cell = lowering.push(node, Op::Select, &[&on, &next_cell, &cell])?;
                }
            } else {
                cell = next_cell;
            }
            rows[step] = Some(lowering.reshape(node, &row, &[1, 1, batch, hidden])?);
            state = next;
        }
        let rows: Vec<&Value> = rows.iter().flatten().collect();
        sequences.push(match rows[..] {
            [] => {
                zeros(DType::F32, &[0, 1, batch, hidden]).ok_or_else(|| node.bad("is too large"))?
            }
            _ => lowering.push(node, Op::Concat { axis: 0 }, &rows)?,
        });
        let shape = [1, batch, hidden];
        states.push(lowering.reshape(node, &state, &shape)?);
        if kind == "LSTM" {
            cells.push(lowering.reshape(node, &cell, &shape)?);
        }
    }
    let mut results = Vec::new();
    for (axis, parts) in [(1, sequences), (0, states), (0, cells)] {
        let parts: Vec<&Value> = parts.iter().collect();
        if !parts.is_empty() {
            results.push(lowering.push(node, Op::Concat { axis }, &parts)?);
        }
    }
    Ok(results)
}

impl Way<'_> {
    /// State and, of an LSTM, cell after a step.
    fn step(
        &self,
        node: &Node,
        lowering: &mut Lowering,
        step: usize,
        state: &Value,
        cell: &Value,
    ) -> Result<(Value, Value), CompileError> {
        let x = piece(node, lowering, &self.projected, 0, step, 1)?;
        let shape = lowering.shape(&x)[1..].to_vec();
        let x = lowering.reshape(node, &x, &shape)?;
        let sums = lowering.push(node, Op::MatMul, &[state, &self.r, &self.r_bias])?;
        let h = self.hidden;
        let part = |lowering: &mut Lowering, of: &Value, gate: usize| {
            piece(node, lowering, of, 1, gate * h, h)
        };
        let op = |lowering: &mut Lowering, kind: Binary, a: &Value, b: &Value| {
            lowering.push(node, Op::Binary(kind), &[a, b])
        };
        let gate = |lowering: &mut Lowering, number: usize| {
            let (x, sum) = (part(lowering, &x, number)?, part(lowering, &sums, number)?);
            op(lowering, Binary::Add, &x, &sum)
        };
        match self.kind {
            "RNN" => {
                let sum = gate(lowering, 0)?;
                Ok((self.activate(node, lowering, 0, &sum)?, cell.clone()))
            }
            "GRU" => {
                let (z, r) = (gate(lowering, 0)?, gate(lowering, 1)?);
                let z = self.activate(node, lowering, 0, &z)?;
                let r = self.activate(node, lowering, 0, &r)?;
                let recurrent = if self.linear_before_reset {
                    let sum = part(lowering, &sums, 2)?;
                    op(lowering, Binary::Mul, &r, &sum)?
                } else {
                    let reset = op(lowering, Binary::Mul, &r, state)?;
                    let w = part(lowering, &self.r, 2)?;
                    let bias = piece(node, lowering, &self.r_bias, 0, 2 * h, h)?;
                    lowering.push(node, Op::MatMul, &[&reset, &w, &bias])?
                };
                let x = part(lowering, &x, 2)?;
                let candidate = op(lowering, Binary::Add, &x, &recurrent)?;
                let candidate = self.activate(node, lowering, 1, &candidate)?;
                // candidate + z · (state - candidate)
                let change = op(lowering, Binary::Sub, state, &candidate)?;
                let kept = op(lowering, Binary::Mul, &z, &change)?;
                Ok((op(lowering, Binary::Add, &candidate, &kept)?, cell.clone()))
            }
            _ => {
                let peeped = |lowering: &mut Lowering, sum: Value, row: usize, cell: &Value| {
                    let Some(peepholes) = &self.peepholes else {
                        return Ok(sum);
                    };
                    let row = piece(node, lowering, peepholes, 0, row, 1)?;
                    let seen = op(lowering, Binary::Mul, &row, cell)?;
                    op(lowering, Binary::Add, &sum, &seen)
                };
                let input = gate(lowering, 0)?;
                let input = peeped(lowering, input, 0, cell)?;
                let input = self.activate(node, lowering, 0, &input)?;
                let forget = if self.input_forget {
                    op(lowering, Binary::Sub, &scalar(1.0), &input)?
                } else {
                    let forget = gate(lowering, 2)?;
                    let forget = peeped(lowering, forget, 2, cell)?;
                    self.activate(node, lowering, 0, &forget)?
                };
                let candidate = gate(lowering, 3)?;
                let candidate = self.activate(node, lowering, 1, &candidate)?;
                let new = op(lowering, Binary::Mul, &input, &candidate)?;
                let old = op(lowering, Binary::Mul, &forget, cell)?;
                let cell = op(lowering, Binary::Add, &old, &new)?;
                let output = gate(lowering, 1)?;
                let output = peeped(lowering, output, 1, &cell)?;
                let output = self.activate(node, lowering, 0, &output)?;
                let (name, alpha, beta) = &self.activations[2];
                let seen = activated(node, lowering, name, [*alpha, *beta], &cell)?;
                Ok((op(lowering, Binary::Mul, &output, &seen)?, cell))
            }
        }
    }

    /// Activation `number` of a gate's sum, clipped first.
    fn activate(
        &self,
        node: &Node,
        lowering: &mut Lowering,
        number: usize,
        x: &Value,
    ) -> Result<Value, CompileError> {
        let mut x = x.clone();
        if self.clip > 0.0 {
            let (min, max) = (-self.clip, self.clip);
            x = lowering.push(node, Op::Unary(Unary::Clip { min, max }), &[&x])?;
        }
        let (name, alpha, beta) = &self.activations[number];
        activated(node, lowering, name, [*alpha, *beta], &x)
    }
}

/// Activations of direction `number`, as stated or usual.
fn activations(node: &Node, number: usize) -> Result<Vec<Activation>, CompileError> {
    let usual: &[&str] = match &*node.proto.op_type {
        "RNN" => &["Tanh"],
        "GRU" => &["Sigmoid", "Tanh"],
        _ => &["Sigmoid", "Tanh", "Tanh"],
    };
    let stated = node.texts("activations")?.unwrap_or_default();
    let (alphas, betas) = (
        node.floats("activation_alpha")?.unwrap_or_default(),
        node.floats("activation_beta")?.unwrap_or_default(),
    );
    let own = (0..usual.len()).map(|at| {
        let index = number * usual.len() + at;
        let name = stated.get(index).map_or(usual[at], String::as_str);
        let (alpha, beta) = match &*name.to_ascii_lowercase() {
            "leakyrelu" => (0.01, 0.0),
            "hardsigmoid" => (0.2, 0.5),
            _ => (1.0, 0.0),
        };
        let alpha = alphas.get(index).copied().unwrap_or(alpha);
        (
            name.to_owned(),
            alpha,
            betas.get(index).copied().unwrap_or(beta),
        )
    });
    Ok(own.collect())
}

fn activated(
    node: &Node,
    lowering: &mut Lowering,
    name: &str,
    [alpha, beta]: [f32; 2],
    x: &Value,
) -> Result<Value, CompileError> {
    let times = |lowering: &mut Lowering, x: &Value, factor: f32| {
        lowering.push(node, Op::Binary(Binary::Mul), &[x, &scalar(factor)])
    };
    let kind = match &*name.to_ascii_lowercase() {
        "sigmoid" => Unary::Sigmoid,
        "tanh" => Unary::Tanh,
        "relu" => Unary::Relu,
        "leakyrelu" => Unary::LeakyRelu { alpha },
        "hardsigmoid" => Unary::HardSigmoid { alpha, beta },
        "elu" => Unary::Elu { alpha },
        "softsign" => Unary::Softsign,
        "softplus" => Unary::Softplus,
        "affine" => {
            let scaled = times(lowering, x, alpha)?;
            return lowering.push(node, Op::Binary(Binary::Add), &[&scaled, &scalar(beta)]);
        }
        "scaledtanh" => {
            let scaled = times(lowering, x, beta)?;
            let tanh = lowering.push(node, Op::Unary(Unary::Tanh), &[&scaled])?;
            return times(lowering, &tanh, alpha);
        }
        _ => {
            return Err(node.unsupported(format!("activation {name:?} is not known; use Tanh")));
        }
    };
    lowering.push(node, Op::Unary(kind), &[x])
}

/// Direction `number` of an operand `[directions, ..]`.
fn one_of(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    number: usize,
) -> Result<Value, CompileError> {
    let own = piece(node, lowering, x, 0, number, 1)?;
    let shape = lowering.shape(&own)[1..].to_vec();
    lowering.reshape(node, &own, &shape)
}

/// A stretch of `x` along an axis; of a constant's first axis it is taken when compiling.
fn piece(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    axis: usize,
    start: usize,
    length: usize,
) -> Result<Value, CompileError> {
    let mut part = Part::whole(&lowering.shape(x));
    let room = part.shape.get(axis).copied().unwrap_or(0);
    if start.checked_add(length).is_none_or(|end| end > room) {
        return Err(node.bad("its operands don't fit each other"));
    }
    (part.starts[axis], part.shape[axis]) = (start, length);
    let known = x.as_constant().and_then(|known| known.floats());
    if let (Some(values), 0) = (known, axis) {
        let inner: usize = part.shape[1..].iter().product();
        let values = values[start * inner..(start + length) * inner].to_vec();
        return Ok(Value::constant(Constant::f32(part.shape, values)));
    }
    part.take(node, lowering, x)
}

/// A matrix with its axes exchanged.
fn turned(node: &Node, lowering: &mut Lowering, x: &Value) -> Result<Value, CompileError> {
    let known = x.as_constant().and_then(|known| known.transposed(&[1, 0]));
    if let Some(known) = known {
        return Ok(Value::constant(known));
    }
    let perm = vec![1, 0];
    lowering.push(node, Op::Transpose { perm }, &[x])
}
