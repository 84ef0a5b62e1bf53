//! Rows picked by number.

use super::{Operand, Output, positions::checked};
use nearshelf_operators::DType;

pub(super) fn run(
    data: Operand,
    indices: Operand,
    y: &mut Output,
    axis: usize,
) -> Result<(), String> {
    match data.dtype() {
        DType::F32 => rows(data, data.f32(), indices, y.f32_mut(), axis),
        DType::I32 => rows(data, data.i32(), indices, y.i32_mut(), axis),
        DType::I8 => rows(data, data.i8(), indices, y.i8_mut(), axis),
        DType::U8 => rows(data, data.u8(), indices, y.u8_mut(), axis),
    }
}

/// Single elements, by positions that are known to be inside.
pub(super) fn elements(x: Operand, positions: &[i32], y: &mut Output) {
    fn pick<T: Copy>(x: &[T], positions: &[i32], y: &mut [T]) {
        for (y, &at) in y.iter_mut().zip(positions) {
            *y = x[at as usize];
        }
    }
    match x.dtype() {
        DType::F32 => pick(x.f32(), positions, y.f32_mut()),
        DType::I32 => pick(x.i32(), positions, y.i32_mut()),
        DType::I8 => pick(x.i8(), positions, y.i8_mut()),
        DType::U8 => pick(x.u8(), positions, y.u8_mut()),
    }
}

fn rows<T: Copy>(
    data: Operand,
    values: &[T],
    indices: Operand,
    y: &mut [T],
    axis: usize,
) -> Result<(), String> {
    let extent = data.shape[axis];
    let row: usize = data.shape[axis + 1..].iter().product();
    let outer: usize = data.shape[..axis].iter().product();
    let indices = indices.i32();
    let mut at = 0;
    for block in 0..outer {
        for &index in indices {
            let found = checked(index, extent)?;
            let from = (block * extent + found) * row;
            y[at..at + row].copy_from_slice(&values[from..from + row]);
            at += row;
        }
    }
    Ok(())
}
