//! Computed indices become positions, and rows are scattered to positions.

use super::{
    Operand, Output,
    strided::{Rows, strides},
};
use nearshelf_operators::{Binary, DType};

/// An index along an axis of `extent`; a negative one counts from the end.
pub(super) fn checked(index: i32, extent: usize) -> Result<usize, String> {
    let from_front = if index < 0 {
        i64::from(index) + extent as i64
    } else {
        i64::from(index)
    };
    let found = usize::try_from(from_front).ok().filter(|&at| at < extent);
    found.ok_or_else(|| format!("index {index} is outside 0..{extent}"))
}

pub(super) fn of_elements(
    indices: Operand,
    y: &mut Output,
    shape: &[usize],
    axis: usize,
) -> Result<(), String> {
    let mut walk = strides(shape);
    let stride = std::mem::take(&mut walk[axis]) as usize;
    let rows = Rows::new(indices.shape, [&walk]);
    let (length, [step]) = (rows.length, rows.steps);
    let (values, y) = (indices.i32(), y.i32_mut());
    for ([offset], at) in rows {
        for n in 0..length {
            let index = checked(values[at + n], shape[axis])?;
            y[at + n] = (offset as usize + n * step as usize + index * stride) as i32;
        }
    }
    Ok(())
}

pub(super) fn of_tuples(
    indices: Operand,
    y: &mut Output,
    shape: &[usize],
    batch: usize,
) -> Result<(), String> {
    let last = indices.shape.last().copied().unwrap_or(0);
    let (values, y) = (indices.i32(), y.i32_mut());
    let batches: usize = shape[..batch].iter().product();
    let per_batch = y.len() / batches.max(1);
    for (at, position) in y.iter_mut().enumerate() {
        let mut sum = at / per_batch;
        for n in 0..last {
            let extent = shape[batch + n];
            sum = sum * extent + checked(values[at * last + n], extent)?;
        }
        *position = sum as i32;
    }
    Ok(())
}

pub(super) fn scatter(
    combine: Option<Binary>,
    inputs: &[Operand],
    y: &mut Output,
) -> Result<(), String> {
    let (x, positions, updates) = (inputs[0], inputs[1].i32(), inputs[2]);
    macro_rules! rows {
        ($read:ident, $write:ident, $f:expr) => {
            rows(
                x.$read(),
                positions,
                updates.$read(),
                y.$write(),
                x.shape,
                $f,
            )
        };
    }
    match x.dtype() {
        DType::F32 => {
            let f: fn(f32, f32) -> f32 = match combine {
                Some(Binary::Add) => |a, b| a + b,
                Some(Binary::Mul) => |a, b| a * b,
                Some(Binary::Min) => |a, b| if b < a || b.is_nan() { b } else { a },
                Some(_) => |a, b| if b > a || b.is_nan() { b } else { a },
                None => |_, b| b,
            };
            rows!(f32, f32_mut, f)
        }
        DType::I32 => {
            let f: fn(i32, i32) -> i32 = match combine {
                Some(Binary::Add) => i32::wrapping_add,
                Some(Binary::Mul) => i32::wrapping_mul,
                Some(Binary::Min) => i32::min,
                Some(_) => i32::max,
                None => |_, b| b,
            };
            rows!(i32, i32_mut, f)
        }
        DType::I8 => rows!(i8, i8_mut, |_, b| b),
        DType::U8 => rows!(u8, u8_mut, |_, b| b),
    }
}

fn rows<T: Copy>(
    x: &[T],
    positions: &[i32],
    updates: &[T],
    y: &mut [T],
    shape: &[usize],
    f: impl Fn(T, T) -> T,
) -> Result<(), String> {
    y.copy_from_slice(x);
    let (count, row) = (shape[0], shape[1]);
    for (n, &position) in positions.iter().enumerate() {
        let at = checked(position, count)?;
        let update = &updates[n * row..][..row];
        for (y, &update) in y[at * row..][..row].iter_mut().zip(update) {
            *y = f(*y, update);
        }
    }
    Ok(())
}
