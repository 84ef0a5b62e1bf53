//! Products take their scales, biases and activations with them.

use super::pack::{centred, multipliers};
use super::{Source, Target, attention, patterns, take_apart};
use crate::plan::Node;
use crate::{Binary, DType, Op, PlanBuilder, PlanError, Tensor, Unary, ValueId, Values};

pub(super) type Melted = Result<Option<ValueId>, PlanError>;

pub(super) fn run(graph: PlanBuilder) -> Result<PlanBuilder, PlanError> {
    let (source, mut target, mut map) = take_apart(graph)?;
    let Source {
        nodes,
        outputs,
        readers,
    } = source;
    for node in &nodes {
        let inputs = node.inputs.iter().map(|&id| map[id]);
        let inputs: Vec<ValueId> = inputs.collect::<Option<_>>().ok_or_else(unordered)?;
        let melted = match node.outputs[..] {
            [_] => melt(&mut target, node, &inputs)?,
            _ => None,
        };
        let melted = melted.filter(|&result| target.is_type_of(result, &node.op, &inputs));
        let results = match melted {
            Some(result) => vec![result],
            None => target.push(&node.name, node.op.clone(), &inputs)?,
        };
        for (&output, result) in node.outputs.iter().zip(results) {
            target.read_by(result, readers[output]);
            map[output] = Some(result);
        }
    }
    for (name, id) in outputs {
        let id = map[id.index()].ok_or_else(unordered)?;
        target.builder.output(&name, id)?;
    }
    Ok(target.builder)
}

fn unordered() -> PlanError {
    PlanError::BadGraph {
        detail: "a value is read before it is made".to_owned(),
    }
}

/// What may replace a node, if anything does.
fn melt(target: &mut Target, node: &Node, inputs: &[ValueId]) -> Melted {
    Ok(match (&node.op, inputs) {
        (Op::MatMul, _) => linear(target, node, inputs)?,
        (Op::QLinearMatMul, _) => qlinear(target, node, inputs)?,
        (Op::Binary(Binary::Mul), &[a, b]) => match dynamic(target, node, a, b)? {
            None => patterns::product(target, node, a, b)?,
            found => found,
        },
        (Op::Binary(Binary::Add), &[a, b]) => match biased(target, node, a, b)? {
            None => patterns::sum(target, node, a, b)?,
            found => found,
        },
        (Op::Binary(Binary::Div), &[a, b]) => patterns::quotient(target, node, a, b)?,
        (Op::Unary(unary), &[x]) => activated(target, node, *unary, x)?,
        (Op::Reshape { .. }, &[x]) => attention::joined(target, node, x)?,
        (Op::QuantizeLinear { .. }, &[x, scale, zero]) => {
            quantized_sum(target, node, x, scale, zero)?
        }
        _ => None,
    })
}

/// `MatMul` with constant weights.
fn linear(target: &mut Target, node: &Node, inputs: &[ValueId]) -> Melted {
    let [x, w, ref bias @ ..] = inputs[..] else {
        return Ok(None);
    };
    let weights = target.constant(w).filter(|w| w.as_f32().is_some());
    // As large as it says, where it isn't empty: it holds its values.
    let Some(&[depth, columns]) = weights.map(|w| w.shape()) else {
        return Ok(None);
    };
    if depth == 0 || columns == 0 {
        return Ok(None);
    }
    let bias = match bias.first() {
        None => Some(vec![0.0; columns]),
        Some(&bias) => target.floats(bias).map(<[f32]>::to_vec),
    };
    let Some(bias) = bias else {
        return Ok(None);
    };
    let panels = target.packed((w, w, "columns"), |target| {
        let weights = target.floats(w).unwrap_or_default().to_vec();
        target.panels_f32(depth, columns, |p, j| weights[p * columns + j])
    })?;
    let bias = target.vector(bias)?;
    let op = Op::Linear {
        columns,
        activation: None,
    };
    target
        .push_one(&node.name, op, &[x, panels, bias])
        .map(Some)
}

/// Panels of a constant matrix of bytes with its zero points taken off, and how many columns it has.
fn matrix(
    target: &mut Target,
    w: ValueId,
    zero: ValueId,
) -> Result<Option<(ValueId, usize)>, PlanError> {
    let known = target.constant(w).zip(target.constant(zero));
    let Some(weights) = known.and_then(|(w, zero)| centred(w, zero, true)) else {
        return Ok(None);
    };
    let &[depth, columns] = &weights.shape[..] else {
        return Ok(None);
    };
    if depth == 0 || columns == 0 {
        return Ok(None);
    }
    let panels = target.packed((w, zero, "columns"), |target| {
        target.panels_q8(depth, columns, |p, j| weights.values[p * columns + j])
    })?;
    Ok(Some((panels, columns)))
}

/// `QLinearMatMul` with constant weights and parameters.
fn qlinear(target: &mut Target, node: &Node, inputs: &[ValueId]) -> Melted {
    let &[a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero] = inputs else {
        return Ok(None);
    };
    let Some((panels, columns)) = matrix(target, b, b_zero)? else {
        return Ok(None);
    };
    let Some(multipliers) = multipliers(target, [a_scale, b_scale, y_scale], columns) else {
        return Ok(None);
    };
    let multiplier = target.vector(multipliers)?;
    let bias = target.place([columns], Values::I32(vec![0; columns]))?;
    let op = Op::QLinear { columns };
    let operands = [a, a_zero, panels, multiplier, bias, y_zero];
    target.push_one(&node.name, op, &operands).map(Some)
}

/// `MatMulInteger`, `Cast` and the product with both scales.
fn dynamic(target: &mut Target, node: &Node, a: ValueId, b: ValueId) -> Melted {
    for (sums, scale) in [(a, b), (b, a)] {
        let Some((Op::Cast { to: DType::F32 }, cast)) = target.only_maker(sums) else {
            continue;
        };
        let Some((Op::MatMulInteger, product)) = target.only_maker(cast[0]) else {
            continue;
        };
        let [x, w, x_zero, w_zero] = product[..] else {
            continue;
        };
        let Some((panels, columns)) = matrix(target, w, w_zero)? else {
            continue;
        };
        let Some((x_scale, w_scale)) = scales(target, scale, columns) else {
            continue;
        };
        let x_scale = match x_scale {
            Some(x_scale) => x_scale,
            None => target.place([], Values::F32(vec![1.0]))?,
        };
        let w_scale = target.vector(w_scale)?;
        let bias = target.vector(vec![0.0; columns])?;
        let op = Op::DynamicLinear {
            columns,
            activation: None,
        };
        let operands = [x, x_scale, x_zero, panels, w_scale, bias];
        return target.push_one(&node.name, op, &operands).map(Some);
    }
    Ok(None)
}

/// The scale of the first operand, where it is computed at run time, and of each column of the second.
fn scales(target: &Target, scale: ValueId, columns: usize) -> Option<(Option<ValueId>, Vec<f32>)> {
    if let Some(known) = by_column(target, scale, columns) {
        return Some((None, known));
    }
    let is_scalar = |id: ValueId| {
        let ty = target.ty(id);
        ty.dtype == DType::F32 && ty.shape.len() <= 1 && ty.element_count() == Some(1)
    };
    if let Some((Op::Binary(Binary::Mul), factors)) = target.maker(scale) {
        for (x_scale, w_scale) in [(factors[0], factors[1]), (factors[1], factors[0])] {
            if let Some(known) = by_column(target, w_scale, columns).filter(|_| is_scalar(x_scale))
            {
                return Some((Some(x_scale), known));
            }
        }
    }
    is_scalar(scale).then(|| (Some(scale), vec![1.0; columns]))
}

/// A constant that broadcasts along rows: one value a column.
fn by_column(target: &Target, id: ValueId, columns: usize) -> Option<Vec<f32>> {
    match target.floats(id)? {
        [value] => Some(vec![*value; columns]),
        values if values.len() == columns && target.ty(id).shape.last() == Some(&columns) => {
            Some(values.to_vec())
        }
        _ => None,
    }
}

/// A linear operator without activation, whose result nothing else reads, in another form.
fn remade(
    target: &mut Target,
    node: &Node,
    id: ValueId,
    change: impl FnOnce(&mut Target, Op, Vec<ValueId>) -> Result<Option<(Op, Vec<ValueId>)>, PlanError>,
) -> Melted {
    let Some((op, operands)) = target.only_maker(id) else {
        return Ok(None);
    };
    let is_open = matches!(
        op,
        Op::Linear {
            activation: None,
            ..
        } | Op::DynamicLinear {
            activation: None,
            ..
        }
    );
    if !is_open {
        return Ok(None);
    }
    let op = op.clone();
    match change(target, op, operands)? {
        Some((op, operands)) => target.push_one(&node.name, op, &operands).map(Some),
        None => Ok(None),
    }
}

/// A sum with a row of constants.
fn biased(target: &mut Target, node: &Node, a: ValueId, b: ValueId) -> Melted {
    for (product, addend) in [(a, b), (b, a)] {
        let Some((Op::Linear { columns, .. } | Op::DynamicLinear { columns, .. }, _)) =
            target.only_maker(product)
        else {
            continue;
        };
        let columns = *columns;
        let Some(addend) = by_column(target, addend, columns) else {
            continue;
        };
        let melted = remade(target, node, product, |target, op, mut operands| {
            let Some(bias) = operands.pop().and_then(|bias| target.floats(bias)) else {
                return Ok(None);
            };
            let sums = bias.iter().zip(&addend).map(|(bias, more)| bias + more);
            let sums = sums.collect();
            operands.push(target.vector(sums)?);
            Ok(Some((op, operands)))
        })?;
        if melted.is_some() {
            return Ok(melted);
        }
    }
    Ok(None)
}

/// An activation of a linear operator's result.
pub(super) fn activated(target: &mut Target, node: &Node, unary: Unary, x: ValueId) -> Melted {
    remade(target, node, x, |_, op, operands| {
        let activation = Some(unary);
        let op = match op {
            Op::Linear { columns, .. } => Op::Linear {
                columns,
                activation,
            },
            Op::DynamicLinear { columns, .. } => Op::DynamicLinear {
                columns,
                activation,
            },
            other => other,
        };
        Ok(Some((op, operands)))
    })
}

/// `QuantizeLinear` of the sum of two `DequantizeLinear`, all with parameters for the whole tensor. ONNX Runtime melts
/// the same ones, and adds in floats elsewhere, so that ties fall where its own do.
fn quantized_sum(
    target: &mut Target,
    node: &Node,
    x: ValueId,
    scale: ValueId,
    zero: ValueId,
) -> Melted {
    let sum = match target.only_maker(x) {
        Some((Op::Unary(Unary::Relu), of)) if is_lowest(target, zero) => of[0],
        _ => x,
    };
    let Some((Op::Binary(Binary::Add), addends)) = target.only_maker(sum) else {
        return Ok(None);
    };
    let mut operands = Vec::with_capacity(8);
    for addend in addends {
        match target.maker(addend) {
            Some((Op::DequantizeLinear { .. }, parameters)) => operands.extend(parameters),
            _ => return Ok(None),
        }
    }
    operands.extend([scale, zero]);
    let [a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero] = operands[..] else {
        return Ok(None);
    };
    let is_scalar = |&id: &ValueId| {
        let shape = &target.ty(id).shape;
        shape.len() <= 1 && shape.iter().all(|&extent| extent == 1)
    };
    let scalars = [a_scale, a_zero, b_scale, b_zero, y_scale, y_zero];
    let dtype = target.ty(a).dtype;
    let is_one_type = target.ty(a) == target.ty(b)
        && [a_zero, b_zero, y_zero]
            .iter()
            .all(|&zero| target.ty(zero).dtype == dtype);
    if !scalars.iter().all(is_scalar) || !is_one_type || dtype == DType::I32 {
        return Ok(None);
    }
    target
        .push_one(&node.name, Op::QLinearAdd, &operands)
        .map(Some)
}

/// Whether a zero point is the smallest byte of its type: saturation then does what a rectifier does.
fn is_lowest(target: &Target, zero: ValueId) -> bool {
    match target.constant(zero).map(Tensor::values) {
        Some(Values::I8(zero)) => zero[..] == [i8::MIN],
        Some(Values::U8(zero)) => zero[..] == [u8::MIN],
        _ => false,
    }
}
