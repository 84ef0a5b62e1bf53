//! Neighbouring nodes that become one operator.
//!
//! Batch normalisation and per-channel scaling melt into a convolution's constants, biases into
//! products, and products of dequantized operands stay in integers. The operator that was lowered
//! first is left without a reader, and the plan drops it.

use crate::CompileError;
use crate::budget::affordable;
use crate::constant::Constant;
use crate::graph::Lowering;
use crate::node::{Node, Value};
use nearshelf_engine::{Binary, Op, ValueId, Window};

/// How a value was made.
#[derive(Debug, Clone)]
pub(crate) enum Made {
    Conv(Convolution),
    /// Product without bias.
    MatMul(Value, Value),
    Dequantized(Dequantized),
    /// Rectified from this value.
    Relu(ValueId),
    /// This scalar everywhere.
    Filled(Value),
}

/// Operands of a float convolution.
#[derive(Debug, Clone)]
pub(crate) struct Convolution {
    pub(crate) x: Value,
    pub(crate) weights: Value,
    pub(crate) bias: Option<Value>,
    pub(crate) window: Window,
    pub(crate) group: usize,
}

/// Operands of `DequantizeLinear`.
#[derive(Debug, Clone)]
pub(crate) struct Dequantized {
    pub(crate) q: Value,
    pub(crate) scale: Value,
    pub(crate) zero: Value,
    pub(crate) axis: usize,
}

impl Lowering<'_> {
    pub(crate) fn made_by(&self, value: &Value) -> Option<&Made> {
        match value {
            Value::Run(id) => self.made.get(id),
            Value::Constant(_) => None,
        }
    }

    pub(crate) fn dequantized(&self, value: &Value) -> Option<Dequantized> {
        match self.made_by(value) {
            Some(Made::Dequantized(operands)) => Some(operands.clone()),
            _ => None,
        }
    }

    pub(crate) fn note(&mut self, value: &Value, made: Made) {
        if let Value::Run(id) = value {
            self.made.insert(*id, made);
        }
    }

    /// Adds a convolution and remembers its operands.
    pub(crate) fn convolution(
        &mut self,
        node: &Node,
        conv: Convolution,
    ) -> Result<Value, CompileError> {
        let op = Op::Conv {
            window: conv.window.clone(),
            group: conv.group,
        };
        let y = match &conv.bias {
            Some(bias) => self.push(node, op, &[&conv.x, &conv.weights, bias])?,
            None => self.push(node, op, &[&conv.x, &conv.weights])?,
        };
        self.note(&y, Made::Conv(conv));
        Ok(y)
    }
}

/// Melts `product ∘ constant` into the product, when only this node reads the product.
pub(super) fn into_product(
    node: &Node,
    lowering: &mut Lowering,
    kind: Binary,
    a: &Value,
    b: &Value,
) -> Result<Option<Value>, CompileError> {
    let commutes = matches!(kind, Binary::Add | Binary::Mul);
    for (product, index, other) in [(a, 0, b), (b, 1, a)] {
        let Some(constant) = other.as_constant().filter(|_| commutes || index == 0) else {
            continue;
        };
        let (Some(values), true) = (constant.floats(), lowering.is_read_once(input(node, index)))
        else {
            continue;
        };
        let shape = lowering.shape(product);
        match lowering.made_by(product).cloned() {
            Some(Made::Conv(conv)) => {
                let Some(values) = per_channel(constant, values, &shape) else {
                    continue;
                };
                let (scale, shift) = match kind {
                    Binary::Add => (None, Some(values)),
                    Binary::Sub => (None, Some(values.iter().map(|v| -v).collect())),
                    Binary::Mul => (Some(values), None),
                    Binary::Div => (Some(values.iter().map(|v| 1.0 / v).collect()), None),
                    _ => return Ok(None),
                };
                if let Some(melted) =
                    into_conv(node, lowering, &conv, scale.as_deref(), shift.as_deref())?
                {
                    return Ok(Some(melted));
                }
            }
            Some(Made::MatMul(left, right)) if kind == Binary::Add => {
                let columns = shape.last().copied().unwrap_or(0);
                let is_row = constant.shape.last() == Some(&columns) && values.len() == columns;
                if is_row && constant.shape.len() <= shape.len() {
                    let bias = Value::constant(constant.reshaped([columns]));
                    return lowering
                        .push(node, Op::MatMul, &[&left, &right, &bias])
                        .map(Some);
                }
            }
            _ => {}
        }
    }
    Ok(None)
}

fn input<'a>(node: &Node<'a>, index: usize) -> &'a str {
    node.proto.input.get(index).map_or("", |name| name)
}

/// One value a channel of a `[n, c, spatial..]` result, when `constant` broadcasts like that.
fn per_channel(constant: &Constant, values: &[f32], shape: &[usize]) -> Option<Vec<f32>> {
    let channels = *shape.get(1)?;
    affordable(&[channels], size_of::<f32>())?;
    if let [value] = values {
        return (constant.shape.len() <= shape.len()).then(|| vec![*value; channels]);
    }
    let before = shape.len().checked_sub(constant.shape.len())?;
    let fits = constant
        .shape
        .iter()
        .enumerate()
        .all(|(axis, &extent)| extent == 1 || axis + before == 1);
    (fits && values.len() == channels).then(|| values.to_vec())
}

/// The convolution whose result is `conv · scale + shift` a channel, when its weights are known.
pub(super) fn into_conv(
    node: &Node,
    lowering: &mut Lowering,
    conv: &Convolution,
    scale: Option<&[f32]>,
    shift: Option<&[f32]>,
) -> Result<Option<Value>, CompileError> {
    let Some(weights) = conv.weights.as_constant() else {
        return Ok(None);
    };
    let Some(mut values) = weights.floats().map(<[f32]>::to_vec) else {
        return Ok(None);
    };
    let channels = weights.shape.first().copied().unwrap_or(0);
    let mut bias = match &conv.bias {
        None => vec![0.0; channels],
        Some(bias) => match bias.as_constant().and_then(|bias| bias.floats()) {
            Some(bias) => bias.to_vec(),
            None => return Ok(None),
        },
    };
    let fits = |values: Option<&[f32]>| values.is_none_or(|values| values.len() == channels);
    if channels == 0 || bias.len() != channels || !fits(scale) || !fits(shift) {
        return Ok(None);
    }
    if let Some(scale) = scale {
        let a_channel = values.len() / channels;
        for (row, (factor, bias)) in values
            .chunks_mut(a_channel.max(1))
            .zip(scale.iter().zip(&mut bias))
        {
            row.iter_mut().for_each(|weight| *weight *= factor);
            *bias *= factor;
        }
    }
    for (bias, shift) in bias.iter_mut().zip(shift.unwrap_or_default()) {
        *bias += shift;
    }
    let melted = Convolution {
        weights: match scale {
            Some(_) => Value::constant(Constant::f32(weights.shape.clone(), values)),
            None => conv.weights.clone(),
        },
        bias: Some(Value::constant(Constant::f32([channels], bias))),
        ..conv.clone()
    };
    lowering.convolution(node, melted).map(Some)
}
