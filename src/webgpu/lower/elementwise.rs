//! One element of the result for one of each operand.

use super::activation::numbered;
use super::{Lowered, Step, Target, layout::walk, operands};
use crate::shader::{BINARY, CAST, ROUND_FLOAT, SELECT, UNARY};
use nearshelf_engine::{Binary, FloatFormat, Op, Unary};

pub(super) fn unary(step: &Step, unary: Unary, target: &mut Target) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let (function, parameters) = numbered(Some(unary));
    let constants = [("TYPE", x.dtype()), ("FUNCTION", function)];
    target.each(&UNARY, &constants, &parameters, &[x], &y);
    Ok(())
}

pub(super) fn binary(step: &Step, binary: Binary, target: &mut Target) -> Lowered {
    let [a, b] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let constants = [("TYPE", a.dtype()), ("FUNCTION", number_of(binary))];
    let params = walk(y.shape(), &[a.shape(), b.shape()]);
    target.each(&BINARY, &constants, &params, &[a, b], &y);
    Ok(())
}

/// As `binary.wgsl` numbers them.
fn number_of(binary: Binary) -> u32 {
    match binary {
        Binary::Add => 0,
        Binary::Sub => 1,
        Binary::Mul => 2,
        Binary::Div => 3,
        Binary::Pow => 4,
        Binary::Min => 5,
        Binary::Max => 6,
        Binary::Mod => 7,
        Binary::Fmod => 8,
        Binary::PRelu => 9,
        Binary::Equal => 10,
        Binary::Less => 11,
        Binary::LessOrEqual => 12,
        Binary::Greater => 13,
        Binary::GreaterOrEqual => 14,
        Binary::And => 15,
        Binary::Or => 16,
        Binary::Xor => 17,
        Binary::BitAnd => 18,
        Binary::BitOr => 19,
        Binary::BitXor => 20,
        Binary::ShiftLeft => 21,
        Binary::ShiftRight => 22,
    }
}

pub(super) fn select(step: &Step, target: &mut Target) -> Lowered {
    let [condition, a, b] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let params = walk(y.shape(), &[condition.shape(), a.shape(), b.shape()]);
    target.each(
        &SELECT,
        &[("TYPE", y.dtype())],
        &params,
        &[condition, a, b],
        &y,
    );
    Ok(())
}

pub(super) fn cast(step: &Step, target: &mut Target) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let wanted = match step.op {
        Op::IsNonZero => 1,
        Op::BitCast => 2,
        _ => 0,
    };
    let constants = [("TYPE", x.dtype()), ("TO", y.dtype()), ("WANTED", wanted)];
    target.each(&CAST, &constants, &[], &[x], &y);
    Ok(())
}

pub(super) fn round_float(
    step: &Step,
    format: FloatFormat,
    saturate: bool,
    target: &mut Target,
) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    const INFINITY: u32 = 0x7f80_0000;
    const NAN: u32 = 0x7fc0_0000;
    // Bits of the fraction, the least normal exponent, the largest number and what lies beyond it.
    let (fraction, least, most, beyond) = match format {
        FloatFormat::Float16 => (10, -14, 65_504.0_f32.to_bits(), INFINITY),
        FloatFormat::BFloat16 => (7, -126, 0x7f7f_0000, INFINITY),
        FloatFormat::Float8E4M3Fn => (3, -6, 448.0_f32.to_bits(), NAN),
        FloatFormat::Float8E4M3FnUz => (3, -7, 240.0_f32.to_bits(), NAN),
        FloatFormat::Float8E5M2 => (2, -14, 57_344.0_f32.to_bits(), INFINITY),
        FloatFormat::Float8E5M2FnUz => (2, -15, 57_344.0_f32.to_bits(), NAN),
        FloatFormat::Float8E8M0 => (0, -126, 0x7f00_0000, NAN),
        FloatFormat::Float4E2M1 => (1, 0, 6.0_f32.to_bits(), 6.0_f32.to_bits()),
    };
    let has_unsigned_zero = matches!(
        format,
        FloatFormat::Float8E4M3FnUz | FloatFormat::Float8E5M2FnUz
    );
    let constants = [
        ("POWERS", u32::from(format == FloatFormat::Float8E8M0)),
        ("SATURATE", u32::from(saturate)),
        ("UNSIGNED_ZERO", u32::from(has_unsigned_zero)),
        ("NO_NAN", u32::from(format == FloatFormat::Float4E2M1)),
    ];
    let params = [fraction, (least + 127) as u32, most, beyond];
    target.each(&ROUND_FLOAT, &constants, &params, &[x], &y);
    Ok(())
}
