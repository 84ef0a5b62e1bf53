//! Between f32 and 8-bit integers. Rounding is half to even, results saturate (ONNX operator specification).

use super::{Operand, Output};
use crate::{DType, Values};

/// Ties go to the even neighbour; NaN becomes 0.
pub(super) fn to_u8(x: f32, zero: i32) -> u8 {
    (x.round_ties_even() as i32)
        .saturating_add(zero)
        .clamp(0, 255) as u8
}

/// Ties go to the even neighbour; NaN becomes 0.
pub(super) fn to_i8(x: f32, zero: i32) -> i8 {
    (x.round_ties_even() as i32)
        .saturating_add(zero)
        .clamp(-128, 127) as i8
}

/// A byte operand as i32.
pub(super) fn bytes_as_i32(x: Operand) -> Vec<i32> {
    match x.dtype() {
        DType::I8 => x.i8().iter().map(|&v| i32::from(v)).collect(),
        DType::U8 => x.u8().iter().map(|&v| i32::from(v)).collect(),
        _ => x.i32().to_vec(),
    }
}

/// The parameter of column or map `at`: the only one, or its own.
pub(super) fn parameter<T: Copy + Default>(values: &[T], at: usize) -> T {
    let own = if values.len() == 1 {
        values.first()
    } else {
        values.get(at)
    };
    own.copied().unwrap_or_default()
}

/// `y u8`, `scale`, `zero_point` such that the range of `x` and 0 is covered.
pub(super) fn dynamic(x: Operand, outputs: &mut [Output]) {
    let [y, scale_out, zero_out] = outputs else {
        return;
    };
    let x = x.f32();
    let least = x.iter().fold(0.0_f32, |least, &x| least.min(x));
    let most = x.iter().fold(0.0_f32, |most, &x| most.max(x));
    let scale = if most > least {
        (most - least) / 255.0
    } else {
        1.0
    };
    let zero = (-least / scale).clamp(0.0, 255.0).round_ties_even() as i32;
    for (y, &x) in y.u8_mut().iter_mut().zip(x) {
        *y = to_u8(x / scale, zero);
    }
    scale_out.f32_mut().fill(scale);
    zero_out.u8_mut().fill(zero as u8);
}

/// Calls `f(element, parameter)` for each element with the number of its scale and zero point.
fn for_each_parameter(
    shape: &[usize],
    axis: usize,
    parameters: usize,
    mut f: impl FnMut(usize, usize),
) {
    let inner: usize = shape.get(axis + 1..).unwrap_or_default().iter().product();
    let count: usize = shape.iter().product();
    for at in 0..count {
        f(
            at,
            if parameters == 1 {
                0
            } else {
                at / inner % parameters
            },
        );
    }
}

pub(super) fn quantize(inputs: &[Operand], y: &mut Output, axis: usize) {
    let (x, scales, zeros) = (inputs[0].f32(), inputs[1].f32(), bytes_as_i32(inputs[2]));
    let shape = y.shape;
    match y.values {
        Values::I8(_) => {
            let y = y.i8_mut();
            for_each_parameter(shape, axis, scales.len(), |at, p| {
                y[at] = to_i8(x[at] / scales[p], zeros[p])
            });
        }
        _ => {
            let y = y.u8_mut();
            for_each_parameter(shape, axis, scales.len(), |at, p| {
                y[at] = to_u8(x[at] / scales[p], zeros[p])
            });
        }
    }
}

pub(super) fn dequantize(inputs: &[Operand], y: &mut Output, axis: usize) {
    let (x, scales, zeros) = (inputs[0], inputs[1].f32(), bytes_as_i32(inputs[2]));
    let shape = y.shape;
    let y = y.f32_mut();
    let mut all = |value: &dyn Fn(usize) -> i32| {
        for_each_parameter(shape, axis, scales.len(), |at, p| {
            y[at] = value(at).wrapping_sub(zeros[p]) as f32 * scales[p];
        });
    };
    match x.dtype() {
        DType::I8 => all(&|at| i32::from(x.i8()[at])),
        DType::U8 => all(&|at| i32::from(x.u8()[at])),
        _ => all(&|at| x.i32()[at]),
    }
}

/// Widens bytes to i16 with their zero points taken off: `zeros` has one entry, or one for each of `columns`.
pub(super) fn widen(x: Operand, zeros: &[i32], columns: usize, wide: &mut Vec<i16>) {
    wide.clear();
    let zero = |at: usize| parameter(zeros, if columns == 0 { 0 } else { at % columns }) as i16;
    match x.dtype() {
        DType::I8 => wide.extend(
            x.i8()
                .iter()
                .enumerate()
                .map(|(at, &v)| i16::from(v) - zero(at)),
        ),
        _ => wide.extend(
            x.u8()
                .iter()
                .enumerate()
                .map(|(at, &v)| i16::from(v) - zero(at)),
        ),
    }
}

/// Requantizes i32 sums: `y = saturate(round(sum × multiplier) + zero)`.
pub(super) fn requantize(
    sums: &[i32],
    multiplier: impl Fn(usize) -> f32,
    zero: i32,
    y: &mut Output,
) {
    match y.values {
        Values::I8(_) => {
            for (at, (y, &sum)) in y.i8_mut().iter_mut().zip(sums).enumerate() {
                *y = to_i8(sum as f32 * multiplier(at), zero);
            }
        }
        _ => {
            for (at, (y, &sum)) in y.u8_mut().iter_mut().zip(sums).enumerate() {
                *y = to_u8(sum as f32 * multiplier(at), zero);
            }
        }
    }
}
