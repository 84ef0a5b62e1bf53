//! Functions of one operand.

use crate::CompileError;
use crate::graph::{Lowering, scalar};
use crate::lower::arithmetic::with_wide_bytes;
use crate::lower::peephole::Made;
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op, Unary};

/// Default slope and scale of SELU, as the operator's specification gives them.
const SELU_ALPHA: f32 = 1.673_263_2;
const SELU_GAMMA: f32 = 1.050_701;
/// √(2/π) and the cubic coefficient of GELU's tanh approximation.
const GELU_SCALE: f32 = 0.797_884_6;
const GELU_CUBIC: f32 = 0.044_715;

pub(super) fn lower(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let kind = match &*node.proto.op_type {
        "Abs" => Unary::Abs,
        "Acos" => Unary::Acos,
        "Acosh" => Unary::Acosh,
        "Asin" => Unary::Asin,
        "Asinh" => Unary::Asinh,
        "Atan" => Unary::Atan,
        "Atanh" => Unary::Atanh,
        "Ceil" => Unary::Ceil,
        "Cos" => Unary::Cos,
        "Cosh" => Unary::Cosh,
        "Elu" => Unary::Elu {
            alpha: node.float("alpha", 1.0)?,
        },
        "Erf" => Unary::Erf,
        "Exp" => Unary::Exp,
        "Floor" => Unary::Floor,
        "HardSigmoid" => Unary::HardSigmoid {
            alpha: node.float("alpha", 0.2)?,
            beta: node.float("beta", 0.5)?,
        },
        "HardSwish" => Unary::HardSwish,
        "LeakyRelu" => Unary::LeakyRelu {
            alpha: node.float("alpha", 0.01)?,
        },
        "Log" => Unary::Log,
        "Neg" => Unary::Neg,
        "Not" => Unary::Not,
        "Reciprocal" => Unary::Reciprocal,
        "Relu" => return relu(node, lowering, &x),
        "Round" => Unary::Round,
        "Sigmoid" => Unary::Sigmoid,
        "Sign" => Unary::Sign,
        "Sin" => Unary::Sin,
        "Sinh" => Unary::Sinh,
        "Softplus" => Unary::Softplus,
        "Softsign" => Unary::Softsign,
        "Sqrt" => Unary::Sqrt,
        "Tanh" => Unary::Tanh,
        _ => return composed(node, lowering, &x),
    };
    let dtype = lowering.ty(&x).dtype;
    if matches!(kind, Unary::Abs | Unary::Neg | Unary::Sign)
        && matches!(dtype, DType::I8 | DType::U8)
    {
        let wide = lowering.cast(node, &x, DType::I32)?;
        let y = lowering.push(node, Op::Unary(kind), &[&wide])?;
        return Ok(vec![lowering.cast(node, &y, dtype)?]);
    }
    Ok(vec![lowering.push(node, Op::Unary(kind), &[&x])?])
}

fn relu(node: &Node, lowering: &mut Lowering, x: &Value) -> Lowered {
    if lowering.ty(x).dtype == DType::I32 {
        let zero = Value::constant(crate::constant::Constant::i64([], vec![0]));
        return Ok(vec![lowering.push(
            node,
            Op::Binary(Binary::Max),
            &[x, &zero],
        )?]);
    }
    let y = lowering.push(node, Op::Unary(Unary::Relu), &[x])?;
    if let (Value::Run(id), Value::Run(of)) = (&y, x) {
        lowering.made.insert(*id, Made::Relu(*of));
    }
    Ok(vec![y])
}

/// Functions the engine has no kernel for.
fn composed(node: &Node, lowering: &mut Lowering, x: &Value) -> Lowered {
    let y = match &*node.proto.op_type {
        "Gelu" => match node.text("approximate")?.as_deref() {
            None | Some("none") => lowering.push(node, Op::Unary(Unary::Gelu), &[x])?,
            Some("tanh") => gelu_tanh(node, lowering, x)?,
            Some(other) => return Err(node.bad(format!("approximation {other:?} is unknown"))),
        },
        "Mish" => {
            let softplus = lowering.push(node, Op::Unary(Unary::Softplus), &[x])?;
            let gate = lowering.push(node, Op::Unary(Unary::Tanh), &[&softplus])?;
            lowering.push(node, Op::Binary(Binary::Mul), &[x, &gate])?
        }
        "Swish" => swish(node, lowering, x, node.float("alpha", 1.0)?)?,
        "Tan" => {
            let sin = lowering.push(node, Op::Unary(Unary::Sin), &[x])?;
            let cos = lowering.push(node, Op::Unary(Unary::Cos), &[x])?;
            lowering.push(node, Op::Binary(Binary::Div), &[&sin, &cos])?
        }
        "Selu" => {
            let (alpha, gamma) = (
                node.float("alpha", SELU_ALPHA)?,
                node.float("gamma", SELU_GAMMA)?,
            );
            let elu = lowering.push(node, Op::Unary(Unary::Elu { alpha }), &[x])?;
            lowering.push(node, Op::Binary(Binary::Mul), &[&elu, &scalar(gamma)])?
        }
        // alpha · elu(x / alpha) has ELU's slope 1 at zero, which is what CELU is.
        "Celu" => {
            let alpha = scalar(node.float("alpha", 1.0)?);
            let scaled = lowering.push(node, Op::Binary(Binary::Div), &[x, &alpha])?;
            let elu = lowering.push(node, Op::Unary(Unary::Elu { alpha: 1.0 }), &[&scaled])?;
            lowering.push(node, Op::Binary(Binary::Mul), &[&elu, &alpha])?
        }
        "Shrink" => shrink(node, lowering, x)?,
        "ThresholdedRelu" => {
            let alpha = scalar(node.float("alpha", 1.0)?);
            let above = lowering.push(node, Op::Binary(Binary::Greater), &[x, &alpha])?;
            lowering.push(node, Op::Select, &[&above, x, &scalar(0.0)])?
        }
        other => return Err(node.bad(format!("{other} takes more than one operand"))),
    };
    Ok(vec![y])
}

/// x + bias below −lambd, x − bias above lambd, 0 between. Integers are computed as floats.
fn shrink(node: &Node, lowering: &mut Lowering, x: &Value) -> Result<Value, CompileError> {
    let (lambd, bias) = (node.float("lambd", 0.5)?, scalar(node.float("bias", 0.0)?));
    let mut steps = Steps::new(node, lowering);
    let own = steps.dtype(x);
    let x = steps.cast(x, DType::F32)?;
    let is_low = steps.binary(Binary::Less, &x, &scalar(-lambd))?;
    let is_high = steps.binary(Binary::Greater, &x, &scalar(lambd))?;
    let (raised, lowered) = (steps.add(&x, &bias)?, steps.sub(&x, &bias)?);
    let outer = steps.select(&is_high, &lowered, &scalar(0.0))?;
    let y = steps.select(&is_low, &raised, &outer)?;
    steps.cast(&y, own)
}

/// `Clip`, with bounds in attributes (before opset 11) or operands.
pub(super) fn clip(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    if lowering.ty(&x).dtype != DType::F32 || !bounds_are_known(node) {
        let mut y = x;
        for (index, bound) in [(1, Binary::Max), (2, Binary::Min)] {
            if let Some(limit) = node.optional(index) {
                y = with_wide_bytes(node, lowering, bound, &y, limit)?;
            }
        }
        return Ok(vec![y]);
    }
    let operand = |index: usize| -> Result<Option<f32>, CompileError> {
        Ok(node
            .known_floats(index)?
            .and_then(|values| values.first().copied()))
    };
    let min = operand(1)?.unwrap_or(node.float("min", f32::NEG_INFINITY)?);
    let max = operand(2)?.unwrap_or(node.float("max", f32::INFINITY)?);
    Ok(vec![lowering.push(
        node,
        Op::Unary(Unary::Clip { min, max }),
        &[&x],
    )?])
}

fn bounds_are_known(node: &Node) -> bool {
    [1, 2].iter().all(|&index| {
        node.optional(index)
            .is_none_or(|bound| bound.as_constant().is_some())
    })
}

/// ONNX Runtime's activations: `Gelu`, `BiasGelu`, `FastGelu`, `QuickGelu`.
pub(super) fn gelu_family(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut x = node.operand(0)?.clone();
    if let Some(bias) = node.optional(1) {
        x = lowering.push(node, Op::Binary(Binary::Add), &[&x, bias])?;
    }
    Ok(vec![match &*node.proto.op_type {
        "FastGelu" => gelu_tanh(node, lowering, &x)?,
        "QuickGelu" => swish(node, lowering, &x, node.float("alpha", 1.702)?)?,
        _ => lowering.push(node, Op::Unary(Unary::Gelu), &[&x])?,
    }])
}

/// 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))
fn gelu_tanh(node: &Node, lowering: &mut Lowering, x: &Value) -> Result<Value, CompileError> {
    let mut step = |op: Binary, a: &Value, b: &Value| lowering.push(node, Op::Binary(op), &[a, b]);
    let square = step(Binary::Mul, x, x)?;
    let cubic = step(Binary::Mul, &square, &scalar(GELU_CUBIC))?;
    let factor = step(Binary::Add, &cubic, &scalar(1.0))?;
    let inner = step(Binary::Mul, x, &factor)?;
    let scaled = step(Binary::Mul, &inner, &scalar(GELU_SCALE))?;
    let tanh = lowering.push(node, Op::Unary(Unary::Tanh), &[&scaled])?;
    let mut step = |op: Binary, a: &Value, b: &Value| lowering.push(node, Op::Binary(op), &[a, b]);
    let gate = step(Binary::Add, &tanh, &scalar(1.0))?;
    let half = step(Binary::Mul, x, &scalar(0.5))?;
    step(Binary::Mul, &half, &gate)
}

/// `SwiGLU`: swish(a)·b.
pub(super) fn gated(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (gate, x) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let gate = swish(node, lowering, &gate, node.float("alpha", 1.0)?)?;
    Ok(vec![lowering.push(
        node,
        Op::Binary(Binary::Mul),
        &[&gate, &x],
    )?])
}

/// x·sigmoid(alpha·x)
fn swish(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    alpha: f32,
) -> Result<Value, CompileError> {
    if alpha == 1.0 {
        return lowering.push(node, Op::Unary(Unary::Silu), &[x]);
    }
    let scaled = lowering.push(node, Op::Binary(Binary::Mul), &[x, &scalar(alpha)])?;
    let gate = lowering.push(node, Op::Unary(Unary::Sigmoid), &[&scaled])?;
    lowering.push(node, Op::Binary(Binary::Mul), &[x, &gate])
}
