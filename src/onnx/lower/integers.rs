//! Bits of integers, and tests for what is no finite number.

use crate::constant::{Constant, Data};
use crate::element::Element;
use crate::graph::{Lowering, scalar};
use crate::lower::arithmetic::with_wide_bytes;
use crate::node::{Lowered, Node, Value};
use nearshelf_engine::{Binary, DType, Op, Unary};

fn whole(dtype: DType, value: i32) -> Value {
    let data = match dtype {
        DType::I8 => Data::I8(vec![value as i8]),
        DType::U8 => Data::U8(vec![value as u8]),
        _ => Data::I32(vec![value]),
    };
    Value::constant(Constant {
        shape: Vec::new(),
        data,
    })
}

/// `BitwiseAnd`, `BitwiseOr`, `BitwiseXor`, `BitShift`.
pub(super) fn bitwise(node: &Node, lowering: &mut Lowering) -> Lowered {
    let (a, b) = (node.operand(0)?.clone(), node.operand(1)?.clone());
    let kind = match (&*node.proto.op_type, node.text("direction")?.as_deref()) {
        ("BitwiseAnd", _) => Binary::BitAnd,
        ("BitwiseOr", _) => Binary::BitOr,
        ("BitwiseXor", _) => Binary::BitXor,
        (_, Some("LEFT")) => Binary::ShiftLeft,
        (_, Some("RIGHT")) => Binary::ShiftRight,
        _ => return Err(node.bad("its direction must be LEFT or RIGHT")),
    };
    Ok(vec![with_wide_bytes(node, lowering, kind, &a, &b)?])
}

/// `BitwiseNot`: every bit against a one.
pub(super) fn bitwise_not(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let ones = match node.kind(0) {
        Some(Element::Uint16) => 0xffff,
        Some(Element::Uint32 | Element::Uint64) => {
            return Err(node.unsupported("its result is beyond 32 bits with a sign; use int32"));
        }
        _ => -1,
    };
    let ones = whole(lowering.ty(&x).dtype, ones);
    Ok(vec![with_wide_bytes(
        node,
        lowering,
        Binary::BitXor,
        &x,
        &ones,
    )?])
}

/// `IsNaN`: what does not equal itself.
pub(super) fn is_nan(node: &Node, lowering: &mut Lowering) -> Lowered {
    let x = node.operand(0)?.clone();
    let same = lowering.push(node, Op::Binary(Binary::Equal), &[&x, &x])?;
    Ok(vec![lowering.push(
        node,
        Op::Unary(Unary::Not),
        &[&same],
    )?])
}

/// `IsInf`, of either sign or of both.
pub(super) fn is_inf(node: &Node, lowering: &mut Lowering) -> Lowered {
    let mut x = node.operand(0)?.clone();
    let positive = node.flag("detect_positive", true)?;
    let sought = match (positive, node.flag("detect_negative", true)?) {
        (true, true) => {
            x = lowering.push(node, Op::Unary(Unary::Abs), &[&x])?;
            f32::INFINITY
        }
        (true, false) => f32::INFINITY,
        (false, true) => f32::NEG_INFINITY,
        // Nothing is sought, and nothing equals NaN.
        (false, false) => f32::NAN,
    };
    Ok(vec![lowering.push(
        node,
        Op::Binary(Binary::Equal),
        &[&x, &scalar(sought)],
    )?])
}
