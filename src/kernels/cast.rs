//! Changes of dtype.

use super::{Operand, Output};
use nearshelf_operators::{DType, Values};

/// f32 to integers truncates towards zero and saturates; integers wrap, as ONNX Runtime's do.
pub(super) fn run(x: Operand, y: &mut Output) {
    match x.dtype() {
        DType::F32 => convert(x.f32(), y, |x| x, |x| x as i32, |x| x as i8, |x| x as u8),
        DType::I32 => convert(x.i32(), y, |x| x as f32, |x| x, |x| x as i8, |x| x as u8),
        DType::I8 => convert(x.i8(), y, f32::from, i32::from, |x| x, i8::cast_unsigned),
        DType::U8 => convert(x.u8(), y, f32::from, i32::from, u8::cast_signed, |x| x),
    }
}

fn convert<T: Copy>(
    x: &[T],
    y: &mut Output,
    to_f32: impl Fn(T) -> f32,
    to_i32: impl Fn(T) -> i32,
    to_i8: impl Fn(T) -> i8,
    to_u8: impl Fn(T) -> u8,
) {
    match y.values {
        Values::F32(_) => fill(y.f32_mut(), x, to_f32),
        Values::I32(_) => fill(y.i32_mut(), x, to_i32),
        Values::I8(_) => fill(y.i8_mut(), x, to_i8),
        Values::U8(_) => fill(y.u8_mut(), x, to_u8),
    }
}

fn fill<T: Copy, R>(y: &mut [R], x: &[T], f: impl Fn(T) -> R) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y = f(x);
    }
}

pub(super) fn is_non_zero(x: Operand, y: &mut Output) {
    match x.dtype() {
        DType::F32 => fill(y.u8_mut(), x.f32(), |x| u8::from(x != 0.0)),
        DType::I32 => fill(y.u8_mut(), x.i32(), |x| u8::from(x != 0)),
        DType::I8 => fill(y.u8_mut(), x.i8(), |x| u8::from(x != 0)),
        DType::U8 => fill(y.u8_mut(), x.u8(), |x| u8::from(x != 0)),
    }
}

/// The same bits, read as the other type of 32 bits.
pub(super) fn bits(x: Operand, y: &mut Output) {
    if x.dtype() == DType::F32 {
        fill(y.i32_mut(), x.f32(), |x| x.to_bits().cast_signed());
    } else {
        fill(y.f32_mut(), x.i32(), |x| f32::from_bits(x.cast_unsigned()));
    }
}
