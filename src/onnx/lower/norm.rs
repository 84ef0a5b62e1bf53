//! Normalisations.

use crate::CompileError;
use crate::constant::Constant;
use crate::graph::{Lowering, scalar, zeros};
use crate::lower::conv::along_channels;
use crate::lower::peephole::{self, Made};
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op, Reduction, Unary};

/// Spread the specification gives when a node states none.
const EPSILON: f32 = 1e-5;
/// What ONNX Runtime gives its own `SkipLayerNormalization`.
pub(super) const SKIP_EPSILON: f32 = 1e-12;

fn binary(
    node: &Node,
    lowering: &mut Lowering,
    op: Binary,
    a: &Value,
    b: &Value,
) -> Result<Value, CompileError> {
    lowering.push(node, Op::Binary(op), &[a, b])
}

/// `BatchNormalization` at inference: x·s + t a channel, inside the convolution before it where there is one.
pub(super) fn batch(node: &Node, lowering: &mut Lowering) -> Lowered {
    if !node.flag("spatial", true)? || node.flag("training_mode", false)? {
        return Err(node.unsupported(
            "only per-channel statistics at inference are known; export in eval mode",
        ));
    }
    let x = node.operand(0)?.clone();
    let epsilon = node.float("epsilon", EPSILON)?;
    let rank = lowering.shape(&x).len();
    let operand = |index: usize| node.operand(index).cloned();
    let (gamma, beta, mean, variance) = (operand(1)?, operand(2)?, operand(3)?, operand(4)?);
    let known = [&gamma, &beta, &mean, &variance].map(floats);
    if let [Some(gamma), Some(beta), Some(mean), Some(variance)] = known {
        let channels = gamma.len();
        if [beta.len(), mean.len(), variance.len()] != [channels; 3] {
            return Err(node.bad("its statistics have different lengths"));
        }
        let scale: Vec<f32> = gamma
            .iter()
            .zip(&variance)
            .map(|(g, v)| g / (v + epsilon).sqrt())
            .collect();
        let shift: Vec<f32> = (0..channels)
            .map(|c| beta[c] - mean[c] * scale[c])
            .collect();
        let once = node
            .proto
            .input
            .first()
            .is_some_and(|name| lowering.is_read_once(name));
        if let (Some(Made::Conv(conv)), true) = (lowering.made_by(&x).cloned(), once)
            && let Some(y) = peephole::into_conv(node, lowering, &conv, Some(&scale), Some(&shift))?
        {
            return Ok(vec![y]);
        }
        let scale = along_channels(
            node,
            lowering,
            &Value::constant(Constant::f32([channels], scale)),
            rank,
        )?;
        let shift = along_channels(
            node,
            lowering,
            &Value::constant(Constant::f32([channels], shift)),
            rank,
        )?;
        let scaled = binary(node, lowering, Binary::Mul, &x, &scale)?;
        return Ok(vec![binary(node, lowering, Binary::Add, &scaled, &shift)?]);
    }
    let mut operands = Vec::new();
    for operand in [&gamma, &beta, &mean, &variance] {
        operands.push(along_channels(node, lowering, operand, rank)?);
    }
    let [gamma, beta, mean, variance] = &operands[..] else {
        return Err(node.bad("takes four statistics"));
    };
    let spread = binary(node, lowering, Binary::Add, variance, &scalar(epsilon))?;
    let deviation = lowering.push(node, Op::Unary(Unary::Sqrt), &[&spread])?;
    let centred = binary(node, lowering, Binary::Sub, &x, mean)?;
    let normal = binary(node, lowering, Binary::Div, &centred, &deviation)?;
    let scaled = binary(node, lowering, Binary::Mul, &normal, gamma)?;
    Ok(vec![binary(node, lowering, Binary::Add, &scaled, beta)?])
}

fn floats(value: &Value) -> Option<Vec<f32>> {
    value
        .as_constant()
        .and_then(|constant| constant.floats().map(<[f32]>::to_vec))
}

pub(super) fn instance(node: &Node, lowering: &mut Lowering) -> Lowered {
    let op = Op::InstanceNormalization {
        epsilon: node.float("epsilon", EPSILON)?,
    };
    let operands = [node.operand(0)?, node.operand(1)?, node.operand(2)?];
    Ok(vec![lowering.push(node, op, &operands)?])
}

/// `GroupNormalization`: instance normalisation over groups of channels, then scale and bias.
pub(super) fn group(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let shape = lowering.shape(&x);
    let groups = node.extent(node.int("num_groups")?.unwrap_or(0))?;
    let [n, channels, ..] = shape[..] else {
        return Err(node.bad("needs a batch and a channel axis"));
    };
    if groups == 0 || channels % groups != 0 || shape.contains(&0) {
        return Err(node.bad(format!(
            "{channels} channels don't split into {groups} groups"
        )));
    }
    let inside = shape[1..]
        .iter()
        .try_fold(1_usize, |product, &extent| product.checked_mul(extent));
    let too_large = || node.bad("is too large");
    let inside = inside.ok_or_else(too_large)? / groups;
    let zeros = zeros(DType::F32, &[groups]).ok_or_else(too_large)?;
    let ones = Value::constant(Constant::f32([groups], vec![1.0; groups]));
    let split = lowering.reshape(node, &x, &[n, groups, inside])?;
    let op = Op::InstanceNormalization {
        epsilon: node.float("epsilon", EPSILON)?,
    };
    let normal = lowering.push(node, op, &[&split, &ones, &zeros])?;
    let mut y = lowering.reshape(node, &normal, &shape)?;
    for (index, op) in [(1, Binary::Mul), (2, Binary::Add)] {
        let mut operand = node.operand(index)?.clone();
        // Until opset 21 scale and bias were one a group.
        if lowering.ty(&operand).element_count() == Some(groups) && groups != channels {
            let column = lowering.reshape(node, &operand, &[groups, 1])?;
            let wide = lowering.push(
                node,
                Op::Expand {
                    shape: vec![groups, channels / groups],
                },
                &[&column],
            )?;
            operand = lowering.reshape(node, &wide, &[channels])?;
        }
        let operand = along_channels(node, lowering, &operand, shape.len())?;
        y = binary(node, lowering, op, &y, &operand)?;
    }
    Ok(vec![y])
}

pub(super) fn layer(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let scale = node.operand(1)?.clone();
    let axis = node.int("axis")?.unwrap_or(-1);
    let epsilon = node.float("epsilon", EPSILON)?;
    let bias = node.optional(2).cloned();
    let y = normalised(node, lowering, &x, (axis, epsilon), &scale, bias.as_ref())?;
    if node.proto.output.len() == 1 {
        return Ok(vec![y]);
    }
    let mut steps = Steps::new(node, lowering);
    let rank = steps.shape(&x).len();
    let axes: Vec<usize> = (node.axis(axis, rank)?..rank).collect();
    let mean = steps.reduce(Reduction::Mean, &x, &axes, true)?;
    let centred = steps.sub(&x, &mean)?;
    let square = steps.mul(&centred, &centred)?;
    let variance = steps.reduce(Reduction::Mean, &square, &axes, true)?;
    let spread = steps.add(&variance, &scalar(epsilon))?;
    let deviation = steps.unary(Unary::Sqrt, &spread)?;
    let inverse = steps.unary(Unary::Reciprocal, &deviation)?;
    Ok(vec![y, mean, inverse])
}

pub(super) fn normalised(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    (axis, epsilon): (i64, f32),
    scale: &Value,
    bias: Option<&Value>,
) -> Result<Value, CompileError> {
    let shape = lowering.shape(x);
    let axis = node.axis(axis, shape.len())?;
    let inner = &shape[axis..];
    let bias = match bias {
        Some(bias) => bias.clone(),
        None => zeros(DType::F32, inner).ok_or_else(|| node.bad("is too large"))?,
    };
    let mut operands = Vec::new();
    for operand in [scale, &bias] {
        operands.push(if lowering.shape(operand) == inner {
            operand.clone()
        } else {
            lowering.push(
                node,
                Op::Expand {
                    shape: inner.to_vec(),
                },
                &[operand],
            )?
        });
    }
    let op = Op::LayerNormalization { axis, epsilon };
    let mut all = vec![x];
    all.extend(&operands);
    lowering.push(node, op, &all)
}

/// ONNX Runtime's `SkipLayerNormalization`: layer normalisation of x + skip (+ bias). The fourth output is that sum.
pub(super) fn skip_layer(node: &Node, lowering: &mut Lowering) -> Lowered {
    let sum = skipped(node, lowering, 4)?;
    let scale = node.operand(2)?.clone();
    let bias = node.optional(3).cloned();
    let epsilon = node.float("epsilon", SKIP_EPSILON)?;
    let y = normalised(node, lowering, &sum, (-1, epsilon), &scale, bias.as_ref())?;
    with_sum(node, y, sum)
}

/// `SkipSimplifiedLayerNormalization`: the same without mean and shift.
pub(super) fn skip_root_mean_square(node: &Node, lowering: &mut Lowering) -> Lowered {
    let sum = skipped(node, lowering, 3)?;
    let epsilon = node.float("epsilon", SKIP_EPSILON)?;
    let y = by_root_mean_square(node, lowering, &sum, (-1, epsilon), node.operand(2)?)?;
    with_sum(node, y, sum)
}

/// x + skip, and + bias where operand `bias` is there.
fn skipped(node: &Node, lowering: &mut Lowering, bias: usize) -> Result<Value, CompileError> {
    let (x, skip) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let sum = binary(node, lowering, Binary::Add, &x, &skip)?;
    match node.optional(bias) {
        Some(bias) => binary(node, lowering, Binary::Add, &sum, bias),
        None => Ok(sum),
    }
}

/// The result, and the sum as fourth output; those between are for training.
fn with_sum(node: &Node, y: Value, sum: Value) -> Lowered {
    let outputs = &node.proto.output;
    let trains = outputs.iter().take(3).skip(1).any(|name| !name.is_empty());
    if trains {
        return Err(node.unsupported("mean and deviation are for training; export in eval mode"));
    }
    Ok(if outputs.len() > 3 {
        vec![y, sum.clone(), sum.clone(), sum]
    } else {
        vec![y]
    })
}

/// `RMSNormalization`: x / √(mean(x²) + ε) · scale.
pub(super) fn root_mean_square(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let (axis, epsilon) = (
        node.int("axis")?.unwrap_or(-1),
        node.float("epsilon", EPSILON)?,
    );
    let y = by_root_mean_square(node, lowering, &x, (axis, epsilon), node.operand(1)?)?;
    Ok(vec![y])
}

fn by_root_mean_square(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    (axis, epsilon): (i64, f32),
    scale: &Value,
) -> Result<Value, CompileError> {
    let mut steps = Steps::new(node, lowering);
    let rank = steps.shape(x).len();
    let axes: Vec<usize> = (node.axis(axis, rank)?..rank).collect();
    let square = steps.mul(x, x)?;
    let mean = steps.reduce(Reduction::Mean, &square, &axes, true)?;
    let spread = steps.add(&mean, &scalar(epsilon))?;
    let root = steps.unary(Unary::Sqrt, &spread)?;
    let normal = steps.div(x, &root)?;
    steps.mul(&normal, scale)
}

/// `LpNormalization`: x over its L1 or L2 norm along an axis; 0 where that is 0, as ONNX Runtime has it.
pub(super) fn lp(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let axis = node.axis(node.int("axis")?.unwrap_or(-1), lowering.shape(&x).len())?;
    let reduction = match node.int("p")?.unwrap_or(2) {
        1 => Reduction::L1,
        2 => Reduction::L2,
        p => return Err(node.bad(format!("norm of order {p} is unknown"))),
    };
    let norm = lowering.push(
        node,
        Op::Reduce {
            reduction,
            axes: vec![axis],
            keep_dims: true,
        },
        &[&x],
    )?;
    let zero = scalar(0.0);
    let vanishes = binary(node, lowering, Binary::Equal, &norm, &zero)?;
    let normal = binary(node, lowering, Binary::Div, &x, &norm)?;
    let y = lowering.push(node, Op::Select, &[&vanishes, &zero, &normal])?;
    Ok(vec![y])
}

/// `MeanVarianceNormalization`: (x − mean) / √variance over the given axes.
pub(super) fn mean_variance(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let axes = node.axes(
        node.ints("axes")?.unwrap_or(&[0, 2, 3]),
        lowering.shape(&x).len(),
    )?;
    let mean_of = Op::Reduce {
        reduction: Reduction::Mean,
        axes,
        keep_dims: true,
    };
    let mean = lowering.push(node, mean_of.clone(), &[&x])?;
    let centred = binary(node, lowering, Binary::Sub, &x, &mean)?;
    let square = binary(node, lowering, Binary::Mul, &centred, &centred)?;
    let variance = lowering.push(node, mean_of, &[&square])?;
    let deviation = lowering.push(node, Op::Unary(Unary::Sqrt), &[&variance])?;
    // The specification's guard against a deviation of zero.
    let guarded = binary(node, lowering, Binary::Add, &deviation, &scalar(1e-9))?;
    Ok(vec![binary(
        node,
        lowering,
        Binary::Div,
        &centred,
        &guarded,
    )?])
}

pub(super) fn local_response(node: &Node, lowering: &mut Lowering) -> Lowered {
    let size = node
        .int("size")?
        .ok_or_else(|| node.bad("size is missing"))?;
    let op = Op::LocalResponseNormalization {
        size: node.extent(size)?,
        alpha: node.float("alpha", 1e-4)?,
        beta: node.float("beta", 0.75)?,
        bias: node.float("bias", 1.0)?,
    };
    Ok(vec![lowering.push(node, op, &[node.operand(0)?])?])
}
