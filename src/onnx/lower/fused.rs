//! ONNX Runtime's `FusedConv` and `FusedGemm`: the operator, then an activation.

use crate::graph::Lowering;
use crate::lower::steps::Steps;
use crate::node::{Lowered, Node, Value};
use crate::{CompileError, lower};
use nearshelf_engine::Unary;

pub(super) fn conv(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut y = lower::conv::conv(node, lowering)?;
    if let (Some(sum), Some(y)) = (node.optional(3), y.first_mut()) {
        *y = Steps::new(node, lowering).add(y, sum)?;
    }
    let stated = node.floats("activation_params")?.unwrap_or_default();
    activated(node, lowering, y, stated)
}

pub(super) fn gemm(node: &Node, lowering: &mut Lowering) -> Lowered {
    let y = lower::matmul::gemm(node, lowering)?;
    let mut stated = Vec::new();
    for name in ["activation_alpha", "activation_beta"] {
        let is_there = node
            .proto
            .attribute
            .iter()
            .any(|attribute| attribute.name == name);
        if is_there {
            stated.push(node.float(name, 0.0)?);
        }
    }
    activated(node, lowering, y, &stated)
}

fn activated(node: &Node, lowering: &mut Lowering, y: Vec<Value>, stated: &[f32]) -> Lowered {
    let name = node.text("activation")?.unwrap_or_default();
    let number = |index: usize, default: f32| stated.get(index).copied().unwrap_or(default);
    let kind = match &*name {
        "" => return Ok(y),
        "Relu" => Unary::Relu,
        "Tanh" => Unary::Tanh,
        "Sigmoid" => Unary::Sigmoid,
        "LeakyRelu" => Unary::LeakyRelu {
            alpha: number(0, 0.01),
        },
        "Clip" => Unary::Clip {
            min: number(0, f32::NEG_INFINITY),
            max: number(1, f32::INFINITY),
        },
        "HardSigmoid" => Unary::HardSigmoid {
            alpha: number(0, 0.2),
            beta: number(1, 0.5),
        },
        other => return Err(node.unsupported(format!("activation {other:?} is not known"))),
    };
    let mut steps = Steps::new(node, lowering);
    let apply = |y: &Value| -> Result<Value, CompileError> { steps.unary(kind, y) };
    y.iter().map(apply).collect()
}
