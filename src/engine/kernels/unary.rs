//! Element-wise functions of one operand.

use super::{Operand, Output};
use crate::{DType, Unary};

pub(super) fn run(unary: Unary, x: Operand, y: &mut Output) {
    match x.dtype() {
        DType::F32 => run_f32(unary, x.f32(), y.f32_mut()),
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

fn run_f32(unary: Unary, x: &[f32], y: &mut [f32]) {
    match unary {
        Unary::Abs => map(x, y, f32::abs),
        Unary::Neg => map(x, y, |x| -x),
        Unary::Sign => map(x, y, |x| if x == 0.0 { 0.0 } else { x.signum() }),
        Unary::Not => map(x, y, |x| f32::from(x == 0.0)),
        Unary::Floor => map(x, y, f32::floor),
        Unary::Ceil => map(x, y, f32::ceil),
        Unary::Round => map(x, y, f32::round_ties_even),
        Unary::Sqrt => map(x, y, f32::sqrt),
        Unary::Reciprocal => map(x, y, |x| 1.0 / x),
        Unary::Exp => map(x, y, f32::exp),
        Unary::Log => map(x, y, f32::ln),
        Unary::Sin => map(x, y, f32::sin),
        Unary::Cos => map(x, y, f32::cos),
        Unary::Tanh => map(x, y, f32::tanh),
        Unary::Sigmoid => map(x, y, sigmoid),
        Unary::Erf => map(x, y, erf),
        Unary::Gelu => map(x, y, |x| {
            0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
        }),
        Unary::Silu => map(x, y, |x| x * sigmoid(x)),
        Unary::Softplus => map(x, y, |x| x.max(0.0) + (-x.abs()).exp().ln_1p()),
        Unary::Softsign => map(x, y, |x| x / (1.0 + x.abs())),
        Unary::HardSwish => map(x, y, |x| x * (x / 6.0 + 0.5).clamp(0.0, 1.0)),
        Unary::Relu => map(x, y, |x| if x < 0.0 { 0.0 } else { x }),
        Unary::LeakyRelu { alpha } => map(x, y, |x| if x < 0.0 { alpha * x } else { x }),
        Unary::Elu { alpha } => map(x, y, |x| if x < 0.0 { alpha * x.exp_m1() } else { x }),
        Unary::HardSigmoid { alpha, beta } => map(x, y, |x| (alpha * x + beta).clamp(0.0, 1.0)),
        Unary::Clip { min, max } => map(x, y, |x| {
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
