//! Sum of two quantized tensors, quantized again: what `DequantizeLinear`, `Add`, `QuantizeLinear` are.

use super::panel::Byte;
use super::quantize::{Rounded, to_i8, to_u8};
use super::{Operand, Output};
use crate::KernelSet;
use nearshelf_operators::DType;

/// Elements that are looked at together.
const BLOCK: usize = 16;

/// `a·a_ratio + (b·b_ratio + offset)`, in steps of the result: zero points are part of the offset.
///
/// This is the formula of ONNX Runtime's kernel on x86 (`MlasQLinearAdd`), whose multiply-adds round once: at a tie
/// another order gives the other neighbour, and a deep network carries that on.
#[derive(Clone, Copy)]
struct Sum {
    a_ratio: f32,
    b_ratio: f32,
    offset: f32,
}

impl Sum {
    /// Each multiply-add rounded once; products of a byte and a float are exact in f64.
    fn exact(self, a: f32, b: f32) -> f32 {
        let once = |x: f32, ratio: f32, sum: f32| {
            (f64::from(x) * f64::from(ratio) + f64::from(sum)) as f32
        };
        once(a, self.a_ratio, once(b, self.b_ratio, self.offset))
    }

    /// How near to a tie a quick sum has to be for its last bits to matter: each of the six roundings, here and in the
    /// exact sum, is half a unit in the last place of the largest partial sum off at most.
    fn tie(self) -> f32 {
        let largest = 255.0 * (self.a_ratio.abs() + self.b_ratio.abs()) + self.offset.abs();
        4.0 * f32::EPSILON * largest
    }

    fn quick(self, a: f32, b: f32) -> f32 {
        a * self.a_ratio + (b * self.b_ratio + self.offset)
    }
}

fn scalar<T: Byte>(sum: Sum, a: &[T], b: &[T], y: &mut [T], round: impl Fn(f32) -> T) {
    for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
        *y = round(sum.exact(f32::from(a.widen()), f32::from(b.widen())));
    }
}

/// Quick sums, and exact ones for blocks where one is near a tie.
fn blocked<T: Byte>(sum: Sum, a: &[T], b: &[T], y: &mut [T], round: impl Fn(f32) -> T + Copy) {
    let tie = sum.tie();
    let blocks = y
        .chunks_mut(BLOCK)
        .zip(a.chunks(BLOCK))
        .zip(b.chunks(BLOCK));
    for ((y, a), b) in blocks {
        let mut is_near = false;
        for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
            let steps = sum.quick(f32::from(a.widen()), f32::from(b.widen()));
            // Not a number, where infinities meet, counts as near.
            let is_clear = (steps - steps.floor() - 0.5).abs() > tie;
            is_near |= !is_clear;
            *y = round(steps);
        }
        if is_near {
            scalar(sum, a, b, y, round);
        }
    }
}

/// `a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero`: one dtype, parameters are scalars.
pub(super) fn run(inputs: &[Operand], y: &mut Output, set: KernelSet) {
    let [a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero] =
        std::array::from_fn(|at| inputs[at]);
    let scale_of = |scale: Operand| scale.f32().first().copied().unwrap_or(1.0);
    let zero_of = |zero: Operand| zero.byte() as f32;
    let a_ratio = scale_of(a_scale) / scale_of(y_scale);
    let b_ratio = scale_of(b_scale) / scale_of(y_scale);
    let sum = Sum {
        a_ratio,
        b_ratio,
        offset: zero_of(y_zero) - (a_ratio * zero_of(a_zero) + b_ratio * zero_of(b_zero)),
    };
    let is_signed = a.dtype() == DType::I8;
    let rounded = Rounded::new(0, is_signed);
    match (is_signed, set) {
        (true, KernelSet::Scalar) => scalar(sum, a.i8(), b.i8(), y.i8_mut(), |x| to_i8(x, 0)),
        (true, KernelSet::Fastest) => {
            blocked(sum, a.i8(), b.i8(), y.i8_mut(), |x| rounded.of(x) as i8);
        }
        (false, KernelSet::Scalar) => scalar(sum, a.u8(), b.u8(), y.u8_mut(), |x| to_u8(x, 0)),
        (false, KernelSet::Fastest) => {
            blocked(sum, a.u8(), b.u8(), y.u8_mut(), |x| rounded.of(x) as u8);
        }
    }
}
