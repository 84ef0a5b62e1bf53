//! Casts between ONNX's element types, several of which are one in a plan.

use crate::element::Element;
use crate::graph::Lowering;
use crate::lower::steps::{Steps, whole};
use crate::node::{Lowered, Node, Value};
use crate::{CompileError, read};
use nearshelf_engine::{Binary, DType, FloatFormat, Op};

/// `Cast`, `CastLike`. Casts between types that are one in a plan vanish.
pub(super) fn cast(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let stated = node
        .proto
        .attribute
        .iter()
        .find(|attribute| attribute.name == "to");
    let to = match stated {
        // Before opset 6 the type was written out.
        Some(to) if !to.s.is_empty() => Element::named(&String::from_utf8_lossy(&to.s))
            .ok_or_else(|| node.bad("its type is unknown"))?,
        Some(to) => read::element(node.name(), to.i)?,
        None => {
            let like = node.operand(1)?;
            node.kind(1).unwrap_or(match lowering.ty(like).dtype {
                DType::F32 => Element::Float,
                DType::I32 => Element::Int32,
                DType::I8 => Element::Int8,
                DType::U8 if lowering.is_truth(like) => Element::Bool,
                DType::U8 => Element::Uint8,
            })
        }
    };
    Ok(vec![to_element(node, lowering, &x, to)?])
}

/// `x` as a value of type `to`. Integers that a plan holds wider than ONNX lose the higher bits here.
pub(super) fn to_element(
    node: &Node,
    lowering: &mut Lowering,
    x: &Value,
    to: Element,
) -> Result<Value, CompileError> {
    let mut steps = Steps::new(node, lowering);
    if to == Element::Bool {
        return steps.op(Op::IsNonZero, &[x]);
    }
    let own = node.kind(0);
    if let Some(format) = to.format() {
        let x = steps.cast(x, DType::F32)?;
        if own == Some(to) {
            return Ok(x);
        }
        if format == FloatFormat::Float8E8M0
            && node.text("round_mode")?.is_some_and(|mode| mode != "up")
        {
            return Err(node.unsupported("scales are only rounded up"));
        }
        // Wider formats have infinities, and keep them.
        let is_wide = matches!(format, FloatFormat::Float16 | FloatFormat::BFloat16);
        let saturate = !is_wide && node.flag("saturate", true)?;
        return steps.op(Op::RoundFloat { format, saturate }, &[&x]);
    }
    match to.narrow_integer() {
        Some((bits, is_signed)) if own != Some(to) => {
            let x = steps.cast(x, DType::I32)?;
            let wrapped = if is_signed {
                let half = whole(1 << (bits - 1));
                let shifted = steps.add(&x, &half)?;
                let low = steps.binary(Binary::Mod, &shifted, &whole(1 << bits))?;
                steps.sub(&low, &half)?
            } else {
                steps.binary(Binary::Mod, &x, &whole(1 << bits))?
            };
            steps.cast(&wrapped, to.dtype())
        }
        _ => steps.cast(x, to.dtype()),
    }
}

/// `BitCast` between types of one width.
pub(super) fn bits(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let to = node
        .int("to")?
        .ok_or_else(|| node.bad("the type to cast to is missing"))?;
    let to = read::element(node.name(), to)?;
    let own = node.kind(0);
    let own =
        own.ok_or_else(|| node.unsupported("the type of its operand is not known; state it"))?;
    let (from, into) = (own.dtype(), to.dtype());
    if own.bits() != to.bits() {
        return Err(node.bad(format!("{own:?} and {to:?} differ in width")));
    }
    match (own.bits(), from == into) {
        (32, true) => Ok(vec![x]),
        (32, false) => Ok(vec![lowering.push(node, Op::BitCast, &[&x])?]),
        // Integers wrap.
        (8 | 16, _) if from != DType::F32 && into != DType::F32 && to != Element::Bool => {
            Ok(vec![to_element(node, lowering, &x, to)?])
        }
        _ => Err(node.unsupported(
            "a plan doesn't keep the bits of this type; cast 32-bit values, or bytes",
        )),
    }
}
