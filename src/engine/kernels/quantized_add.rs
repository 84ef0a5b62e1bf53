//! Sum of two quantized tensors, quantized again: what `DequantizeLinear`, `Add`, `QuantizeLinear` are.

use super::panel::Byte;
use super::quantize::{Rounded, to_i8, to_u8};
use super::{Operand, Output};
use crate::{DType, KernelSet};

/// `(value − zero) · scale`.
#[derive(Clone, Copy)]
struct Scaled<'a, T> {
    values: &'a [T],
    scale: f32,
    zero: i16,
}

impl<T: Byte> Scaled<'_, T> {
    #[inline]
    fn float(self, value: T) -> f32 {
        f32::from(value.widen() - self.zero) * self.scale
    }
}

fn add<T: Byte>(
    a: Scaled<'_, T>,
    b: Scaled<'_, T>,
    scale: f32,
    y: &mut [T],
    round: impl Fn(f32) -> T,
) {
    for ((y, &left), &right) in y.iter_mut().zip(a.values).zip(b.values) {
        *y = round((a.float(left) + b.float(right)) / scale);
    }
}

/// `a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero`: one dtype, parameters are scalars.
pub(super) fn run(inputs: &[Operand], y: &mut Output, set: KernelSet) {
    let [a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero] =
        std::array::from_fn(|at| inputs[at]);
    let scale_of = |scale: Operand| scale.f32().first().copied().unwrap_or(1.0);
    let scale = scale_of(y_scale);
    let zero = y_zero.byte();
    macro_rules! scaled {
        ($values:expr, $scale:ident, $zero:ident) => {
            Scaled {
                values: $values,
                scale: scale_of($scale),
                zero: $zero.byte() as i16,
            }
        };
    }
    let rounded = Rounded::new(zero, a.dtype() == DType::I8);
    if a.dtype() == DType::I8 {
        let a = scaled!(a.i8(), a_scale, a_zero);
        let b = scaled!(b.i8(), b_scale, b_zero);
        match set {
            KernelSet::Scalar => add(a, b, scale, y.i8_mut(), |x| to_i8(x, zero)),
            KernelSet::Fastest => add(a, b, scale, y.i8_mut(), |x| rounded.of(x) as i8),
        }
    } else {
        let a = scaled!(a.u8(), a_scale, a_zero);
        let b = scaled!(b.u8(), b_scale, b_zero);
        match set {
            KernelSet::Scalar => add(a, b, scale, y.u8_mut(), |x| to_u8(x, zero)),
            KernelSet::Fastest => add(a, b, scale, y.u8_mut(), |x| rounded.of(x) as u8),
        }
    }
}
