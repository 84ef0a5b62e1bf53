//! Element-wise functions of one operand.

use super::{Operand, Output, math};
use crate::KernelSet;
use nearshelf_operators::{DType, Unary};

pub(super) fn run(unary: Unary, x: Operand, y: &mut Output, set: KernelSet) {
    match x.dtype() {
        DType::F32 => run_f32(unary, x.f32(), y.f32_mut(), set),
        DType::I32 => {
            let f: fn(i32) -> i32 = match unary {
                Unary::Neg => i32::wrapping_neg,
                Unary::Sign => i32::signum,
                _ => i32::wrapping_abs,
            };
            map(x.i32(), y.i32_mut(), f);
        }
        _ => map(x.u8(), y.u8_mut(), |x| u8::from(x == 0)),
    }
}

fn map<T: Copy>(x: &[T], y: &mut [T], f: impl Fn(T) -> T) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y = f(x);
    }
}

/// Values that are worked on while they lie in a first-level cache.
const CHUNK: usize = 2048;

fn run_f32(unary: Unary, x: &[f32], y: &mut [f32], set: KernelSet) {
    for (x, y) in x.chunks(CHUNK).zip(y.chunks_mut(CHUNK)) {
        y.copy_from_slice(x);
        in_place(unary, y, set);
    }
}

/// Replaces each value by its image.
pub(super) fn in_place(unary: Unary, values: &mut [f32], set: KernelSet) {
    macro_rules! map {
        ($f:expr) => {
            values.iter_mut().for_each(|x| *x = $f(*x))
        };
    }
    match (unary, set) {
        (Unary::Exp, KernelSet::Fastest) => map!(math::exp),
        (Unary::Tanh, KernelSet::Fastest) => map!(math::tanh),
        (Unary::Sigmoid, KernelSet::Fastest) => map!(math::sigmoid),
        (Unary::Erf, KernelSet::Fastest) => map!(math::erf),
        (Unary::Gelu, KernelSet::Fastest) => map!(math::gelu),
        (Unary::Silu, KernelSet::Fastest) => map!(|x| x * math::sigmoid(x)),
        (Unary::Abs, _) => map!(f32::abs),
        (Unary::Neg, _) => map!(|x: f32| -x),
        (Unary::Sign, _) => map!(|x: f32| if x == 0.0 { 0.0 } else { x.signum() }),
        (Unary::Not, _) => map!(|x| f32::from(x == 0.0)),
        (Unary::Floor, _) => map!(f32::floor),
        (Unary::Ceil, _) => map!(f32::ceil),
        (Unary::Round, _) => map!(f32::round_ties_even),
        (Unary::Sqrt, _) => map!(f32::sqrt),
        (Unary::Reciprocal, _) => map!(|x| 1.0 / x),
        (Unary::Exp, _) => map!(f32::exp),
        (Unary::Log, _) => map!(f32::ln),
        (Unary::Sin, _) => map!(f32::sin),
        (Unary::Cos, _) => map!(f32::cos),
        (Unary::Tanh, _) => map!(f32::tanh),
        (Unary::Sigmoid, _) => map!(sigmoid),
        (Unary::Erf, _) => map!(erf),
        (Unary::Gelu, _) => {
            map!(|x| 0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2)))
        }
        (Unary::Silu, _) => map!(|x| x * sigmoid(x)),
        (Unary::Softplus, _) => map!(|x: f32| x.max(0.0) + (-x.abs()).exp().ln_1p()),
        (Unary::Softsign, _) => map!(|x: f32| x / (1.0 + x.abs())),
        (Unary::HardSwish, _) => map!(|x: f32| x * (x / 6.0 + 0.5).clamp(0.0, 1.0)),
        (Unary::Relu, _) => map!(|x| if x < 0.0 { 0.0 } else { x }),
        (Unary::LeakyRelu { alpha }, _) => map!(|x| if x < 0.0 { alpha * x } else { x }),
        (Unary::Elu { alpha }, _) => {
            map!(|x: f32| if x < 0.0 { alpha * x.exp_m1() } else { x })
        }
        (Unary::HardSigmoid { alpha, beta }, _) => {
            map!(|x: f32| (alpha * x + beta).clamp(0.0, 1.0))
        }
        (Unary::Acos, _) => map!(f32::acos),
        (Unary::Acosh, _) => map!(acosh),
        (Unary::Asin, _) => map!(f32::asin),
        (Unary::Asinh, _) => map!(asinh),
        (Unary::Atan, _) => map!(f32::atan),
        (Unary::Atanh, _) => map!(f32::atanh),
        (Unary::Cosh, _) => map!(f32::cosh),
        (Unary::Sinh, _) => map!(f32::sinh),
        (Unary::Clip { min, max }, _) => map!(|x| {
            let x = if x < min { min } else { x };
            if x > max { max } else { x }
        }),
    }
}

/// 1 / (1 + e⁻ˣ), without overflow on either side.
pub(super) fn sigmoid(x: f32) -> f32 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

/// The error function; absolute error below 1.5e-7 (Abramowitz and Stegun, Handbook of Mathematical
/// Functions, 7.1.26), evaluated in f64 so that rounding adds nothing.
pub(super) fn erf(x: f32) -> f32 {
    const P: f64 = 0.327_591_1;
    const A: [f64; 5] = [
        0.254_829_592,
        -0.284_496_736,
        1.421_413_741,
        -1.453_152_027,
        1.061_405_429,
    ];
    let magnitude = f64::from(x.abs());
    let t = 1.0 / (1.0 + P * magnitude);
    let series = A.iter().rev().fold(0.0, |sum, a| (sum + a) * t);
    let y = 1.0 - series * (-magnitude * magnitude).exp();
    if x.is_nan() {
        x
    } else {
        (y as f32).copysign(x)
    }
}

/// Beyond this `x + √(x² ± 1)` is 2x in f32, which may be infinite where its logarithm is not.
const LARGE: f32 = 1e15;

fn acosh(x: f32) -> f32 {
    if x > LARGE {
        x.ln() + std::f32::consts::LN_2
    } else {
        x.acosh()
    }
}

fn asinh(x: f32) -> f32 {
    if x.abs() > LARGE {
        (x.abs().ln() + std::f32::consts::LN_2).copysign(x)
    } else {
        x.asinh()
    }
}
