//! Element-wise functions of two operands, broadcast.

use super::{
    Operand, Output,
    strided::{broadcast_strides, for_each_row},
};
use crate::{Binary, DType};

pub(super) fn run(binary: Binary, a: Operand, b: Operand, y: &mut Output) {
    match a.dtype() {
        DType::F32 => run_f32(binary, a, b, y),
        DType::I32 => run_i32(binary, a, b, y),
        DType::I8 => apply(
            (a.shape, a.i8()),
            (b.shape, b.i8()),
            y.shape,
            y.u8_mut(),
            |a, b| u8::from(a == b),
        ),
        DType::U8 => {
            let f: fn(u8, u8) -> u8 = match binary {
                Binary::And => |a, b| u8::from(a != 0 && b != 0),
                Binary::Or => |a, b| u8::from(a != 0 || b != 0),
                Binary::Xor => |a, b| u8::from((a != 0) != (b != 0)),
                _ => |a, b| u8::from(a == b),
            };
            apply((a.shape, a.u8()), (b.shape, b.u8()), y.shape, y.u8_mut(), f);
        }
    }
}

fn run_f32(binary: Binary, a: Operand, b: Operand, y: &mut Output) {
    macro_rules! number {
        ($f:expr) => {
            apply(
                (a.shape, a.f32()),
                (b.shape, b.f32()),
                y.shape,
                y.f32_mut(),
                $f,
            )
        };
    }
    macro_rules! truth {
        ($f:expr) => {
            apply(
                (a.shape, a.f32()),
                (b.shape, b.f32()),
                y.shape,
                y.u8_mut(),
                $f,
            )
        };
    }
    match binary {
        Binary::Add => number!(|a: f32, b: f32| a + b),
        Binary::Sub => number!(|a: f32, b: f32| a - b),
        Binary::Mul => number!(|a: f32, b: f32| a * b),
        Binary::Div => number!(|a: f32, b: f32| a / b),
        Binary::Pow => number!(power),
        Binary::Min => number!(|a: f32, b: f32| if a < b || a.is_nan() { a } else { b }),
        Binary::Max => number!(|a: f32, b: f32| if a > b || a.is_nan() { a } else { b }),
        Binary::Mod => number!(modulo),
        Binary::Fmod => number!(|a: f32, b: f32| a % b),
        Binary::PRelu => number!(|x: f32, slope: f32| if x < 0.0 { slope * x } else { x }),
        Binary::Equal => truth!(|a, b| u8::from(a == b)),
        Binary::Less => truth!(|a, b| u8::from(a < b)),
        Binary::LessOrEqual => truth!(|a, b| u8::from(a <= b)),
        Binary::Greater => truth!(|a, b| u8::from(a > b)),
        _ => truth!(|a, b| u8::from(a >= b)),
    }
}

/// What is left of `a`, with the sign of `b`.
fn modulo(a: f32, b: f32) -> f32 {
    let rest = a % b;
    if rest == 0.0 {
        rest.copysign(b)
    } else if (rest < 0.0) != (b < 0.0) {
        rest + b
    } else {
        rest
    }
}

/// `powf` is slow and models mostly square.
fn power(a: f32, b: f32) -> f32 {
    if b == 2.0 {
        a * a
    } else if b == 0.5 {
        a.sqrt()
    } else {
        a.powf(b)
    }
}

/// Of negative powers only those of 1 and -1 are whole; the others are truncated to 0.
fn power_i32(a: i32, b: i32) -> i32 {
    match u32::try_from(b) {
        Ok(b) => a.wrapping_pow(b),
        Err(_) if a == 1 || (a == -1 && b % 2 == 0) => 1,
        Err(_) if a == -1 => -1,
        Err(_) => 0,
    }
}

fn run_i32(binary: Binary, a: Operand, b: Operand, y: &mut Output) {
    let truth: fn(i32, i32) -> u8 = match binary {
        Binary::Equal => |a, b| u8::from(a == b),
        Binary::Less => |a, b| u8::from(a < b),
        Binary::LessOrEqual => |a, b| u8::from(a <= b),
        Binary::Greater => |a, b| u8::from(a > b),
        Binary::GreaterOrEqual => |a, b| u8::from(a >= b),
        _ => {
            let number: fn(i32, i32) -> i32 = match binary {
                Binary::Sub => i32::wrapping_sub,
                Binary::Mul => i32::wrapping_mul,
                // Division by zero has no answer in ONNX; 0 keeps the page alive.
                Binary::Div => |a, b| a.checked_div(b).unwrap_or(0),
                Binary::Pow => power_i32,
                Binary::Min => i32::min,
                Binary::Max => i32::max,
                Binary::Mod => |a, b| {
                    if b == 0 {
                        0
                    } else {
                        let r = a.wrapping_rem(b);
                        if r != 0 && (r < 0) != (b < 0) {
                            r + b
                        } else {
                            r
                        }
                    }
                },
                Binary::Fmod => |a, b| if b == 0 { 0 } else { a.wrapping_rem(b) },
                Binary::BitAnd => |a, b| a & b,
                Binary::BitOr => |a, b| a | b,
                Binary::BitXor => |a, b| a ^ b,
                // A negative distance is beyond any.
                Binary::ShiftLeft => |a, b| a.checked_shl(b.cast_unsigned()).unwrap_or(0),
                Binary::ShiftRight => |a, b| a >> b.cast_unsigned().min(31),
                _ => i32::wrapping_add,
            };
            return apply(
                (a.shape, a.i32()),
                (b.shape, b.i32()),
                y.shape,
                y.i32_mut(),
                number,
            );
        }
    };
    apply(
        (a.shape, a.i32()),
        (b.shape, b.i32()),
        y.shape,
        y.u8_mut(),
        truth,
    );
}

/// `y = f(a, b)` over the broadcast shape; operands are shape and values.
fn apply<T: Copy, R>(
    (a_shape, a_values): (&[usize], &[T]),
    (b_shape, b_values): (&[usize], &[T]),
    shape: &[usize],
    y_values: &mut [R],
    f: impl Fn(T, T) -> R,
) {
    if a_shape == b_shape {
        for ((y, &a), &b) in y_values.iter_mut().zip(a_values).zip(b_values) {
            *y = f(a, b);
        }
        return;
    }
    if let ([b], true) = (b_values, a_values.len() == y_values.len()) {
        for (y, &a) in y_values.iter_mut().zip(a_values) {
            *y = f(a, *b);
        }
        return;
    }
    let (a_strides, b_strides) = (
        broadcast_strides(a_shape, shape),
        broadcast_strides(b_shape, shape),
    );
    let length = shape.last().copied().unwrap_or(1);
    let step = |strides: &[isize]| strides.last().copied().unwrap_or(1) as usize;
    let (a_step, b_step) = (step(&a_strides), step(&b_strides));
    for_each_row(shape, [&a_strides, &b_strides], |[a_at, b_at], at| {
        let row = &mut y_values[at..at + length];
        let (a_row, b_row) = (&a_values[a_at as usize..], &b_values[b_at as usize..]);
        match (a_step, b_step) {
            (1, 1) => {
                for ((y, &a), &b) in row.iter_mut().zip(a_row).zip(b_row) {
                    *y = f(a, b);
                }
            }
            (1, 0) => {
                for (y, &a) in row.iter_mut().zip(a_row) {
                    *y = f(a, b_row[0]);
                }
            }
            (0, 1) => {
                for (y, &b) in row.iter_mut().zip(b_row) {
                    *y = f(a_row[0], b);
                }
            }
            _ => {
                for y in row {
                    *y = f(a_row[0], b_row[0]);
                }
            }
        }
    });
}
