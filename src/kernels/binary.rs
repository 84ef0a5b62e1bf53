//! Element-wise functions of two operands, broadcast.

use super::{
    Operand, Output,
    strided::{Rows, broadcast_strides},
};
use nearshelf_operators::{Binary, DType};

pub(super) fn run(binary: Binary, a: Operand, b: Operand, y: &mut Output) {
    match a.dtype() {
        DType::F32 => run_f32(binary, a, b, y),
        DType::I32 => run_i32(binary, a, b, y),
        DType::I8 => apply(
            (a.shape, a.i8()),
            (b.shape, b.i8()),
            y.shape,
            y.u8_mut(),
            &|a, b, y| pairs(a, b, y, |a, b| u8::from(a == b)),
        ),
        DType::U8 => {
            let f: fn(u8, u8) -> u8 = match binary {
                Binary::And => |a, b| u8::from(a != 0 && b != 0),
                Binary::Or => |a, b| u8::from(a != 0 || b != 0),
                Binary::Xor => |a, b| u8::from((a != 0) != (b != 0)),
                _ => |a, b| u8::from(a == b),
            };
            let (a, b) = ((a.shape, a.u8()), (b.shape, b.u8()));
            apply(a, b, y.shape, y.u8_mut(), &|a, b, y| pairs(a, b, y, f));
        }
    }
}

fn run_f32(binary: Binary, a: Operand, b: Operand, y: &mut Output) {
    let (a, b) = ((a.shape, a.f32()), (b.shape, b.f32()));
    macro_rules! number {
        ($f:expr) => {
            apply(a, b, y.shape, y.f32_mut(), &|a, b, y| pairs(a, b, y, $f))
        };
    }
    macro_rules! truth {
        ($f:expr) => {
            apply(a, b, y.shape, y.u8_mut(), &|a, b, y| pairs(a, b, y, $f))
        };
    }
    match binary {
        Binary::Add => number!(|a: f32, b: f32| a + b),
        Binary::Sub => number!(|a: f32, b: f32| a - b),
        Binary::Mul => number!(|a: f32, b: f32| a * b),
        Binary::Div => number!(|a: f32, b: f32| a / b),
        // Without a comparison an element.
        Binary::Pow if b.1 == [2.0] => number!(|a: f32, _| a * a),
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
    let (a, b) = ((a.shape, a.i32()), (b.shape, b.i32()));
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
            return apply(a, b, y.shape, y.i32_mut(), &|a, b, y| {
                pairs(a, b, y, number);
            });
        }
    };
    apply(a, b, y.shape, y.u8_mut(), &|a, b, y| pairs(a, b, y, truth));
}

fn pairs<T: Copy, R>(a: &[T], b: &[T], y: &mut [R], f: impl Fn(T, T) -> R) {
    for ((y, &a), &b) in y.iter_mut().zip(a).zip(b) {
        *y = f(a, b);
    }
}

/// How often a value that meets a whole row is laid side by side, so that a function needs one loop.
const REPEATS: usize = 512;

/// A function of two operands of one shape, for all of their elements.
type Elementwise<'a, T, R> = dyn Fn(&[T], &[T], &mut [R]) + 'a;

/// `y = f(a, b)` over the broadcast shape; operands are shape and values.
fn apply<T: Copy + Default, R>(
    (a_shape, a_values): (&[usize], &[T]),
    (b_shape, b_values): (&[usize], &[T]),
    shape: &[usize],
    y_values: &mut [R],
    f: &Elementwise<'_, T, R>,
) {
    let a_strides = broadcast_strides(a_shape, shape);
    let b_strides = broadcast_strides(b_shape, shape);
    let rows = Rows::new(shape, [&a_strides, &b_strides]);
    let (length, [a_step, b_step]) = (rows.length, rows.steps);
    let repeats = if a_step == 0 || b_step == 0 {
        length.min(REPEATS)
    } else {
        0
    };
    let mut repeated = vec![T::default(); repeats];
    for ([a_at, b_at], at) in rows {
        let row = &mut y_values[at..at + length];
        let (a_row, b_row) = (&a_values[a_at as usize..], &b_values[b_at as usize..]);
        if b_step == 0 {
            repeated.fill(b_row[0]);
            let chunks = row.chunks_mut(REPEATS).zip(a_row.chunks(REPEATS));
            chunks.for_each(|(y, a)| f(a, &repeated, y));
        } else if a_step == 0 {
            repeated.fill(a_row[0]);
            let chunks = row.chunks_mut(REPEATS).zip(b_row.chunks(REPEATS));
            chunks.for_each(|(y, b)| f(&repeated, b, y));
        } else {
            f(a_row, b_row, row);
        }
    }
}
