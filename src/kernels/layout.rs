//! Elements moved: transpose, concatenation, slice, border, broadcast.

use super::{
    Operand, Output,
    strided::{self, broadcast_strides, strides},
};
use nearshelf_operators::{DType, PadMode};

/// Calls `$f(values of $x, values of $y to write)` for whatever dtype they have.
macro_rules! for_dtype {
    ($x:expr, $y:expr, $f:expr) => {
        match $x.dtype() {
            DType::F32 => $f($x.f32(), $y.f32_mut()),
            DType::I32 => $f($x.i32(), $y.i32_mut()),
            DType::I8 => $f($x.i8(), $y.i8_mut()),
            DType::U8 => $f($x.u8(), $y.u8_mut()),
        }
    };
}

pub(super) fn copy(x: Operand, y: &mut Output) {
    fn all<T: Copy>(x: &[T], y: &mut [T]) {
        y.copy_from_slice(x);
    }
    for_dtype!(x, y, all);
}

pub(super) fn transpose(x: Operand, y: &mut Output, perm: &[usize]) {
    let own = strides(x.shape);
    let walk: Vec<isize> = perm.iter().map(|&axis| own[axis]).collect();
    let shape = y.shape;
    for_dtype!(x, y, |from, to| strided::copy(from, 0, &walk, shape, to));
}

pub(super) fn expand(x: Operand, y: &mut Output) {
    let shape = y.shape;
    let walk = broadcast_strides(x.shape, shape);
    for_dtype!(x, y, |from, to| strided::copy(from, 0, &walk, shape, to));
}

pub(super) fn slice(x: Operand, y: &mut Output, starts: &[usize], steps: &[i64]) {
    let own = strides(x.shape);
    let start: isize = starts
        .iter()
        .zip(&own)
        .map(|(&start, stride)| start as isize * stride)
        .sum();
    let shape = y.shape;
    // A step along an axis of one element is never taken, and may be any number.
    let step = |axis: usize| {
        if shape[axis] > 1 {
            steps[axis] as isize
        } else {
            0
        }
    };
    let walk: Vec<isize> = (0..shape.len())
        .map(|axis| step(axis) * own[axis])
        .collect();
    for_dtype!(x, y, |from, to| strided::copy(
        from, start, &walk, shape, to
    ));
}

pub(super) fn concat(inputs: &[Operand], y: &mut Output, axis: usize) {
    fn place<T: Copy>(from: &[T], to: &mut [T], row: usize, all: usize, before: usize) {
        if row > 0 {
            for (block, row_values) in from.chunks_exact(row).enumerate() {
                let at = block * all + before;
                to[at..at + row].copy_from_slice(row_values);
            }
        }
    }
    let inner: usize = y.shape[axis + 1..].iter().product();
    let all = y.shape[axis] * inner;
    let mut before = 0;
    for &input in inputs {
        let row = input.shape[axis] * inner;
        for_dtype!(input, y, |from, to| place(from, to, row, all, before));
        before += row;
    }
}

pub(super) fn pad(x: Operand, y: &mut Output, mode: PadMode, before: &[usize], value: f32) {
    let (own, shape) = (x.shape, y.shape);
    match x.dtype() {
        DType::F32 => border(x.f32(), own, y.f32_mut(), shape, mode, before, value),
        DType::I32 => border(x.i32(), own, y.i32_mut(), shape, mode, before, value as i32),
        DType::I8 => border(x.i8(), own, y.i8_mut(), shape, mode, before, value as i8),
        DType::U8 => border(x.u8(), own, y.u8_mut(), shape, mode, before, value as u8),
    }
}

/// Fills `y` row by row: where its elements come from along the outer axes, then along the last.
fn border<T: Copy>(
    x: &[T],
    own: &[usize],
    y: &mut [T],
    shape: &[usize],
    mode: PadMode,
    before: &[usize],
    value: T,
) {
    let (Some((&length, outer)), Some((&extent, _))) = (shape.split_last(), own.split_last())
    else {
        return y.copy_from_slice(x); // a scalar has no border
    };
    if x.is_empty() {
        return y.fill(value); // only a constant border surrounds nothing
    }
    let (last, own_strides) = (outer.len(), strides(own));
    for (number, row) in y.chunks_exact_mut(length.max(1)).enumerate() {
        let mut rest = number;
        let offset = (0..last).rev().try_fold(0, |sum, axis| {
            let at = rest % shape[axis];
            rest /= shape[axis];
            let from = source_index(at, before[axis], own[axis], mode)?;
            Some(sum + from * own_strides[axis] as usize)
        });
        let Some(offset) = offset else {
            row.fill(value);
            continue;
        };
        let inside = before[last]..before[last] + extent;
        row[inside.clone()].copy_from_slice(&x[offset..offset + extent]);
        for at in (0..inside.start).chain(inside.end..length) {
            let from = source_index(at, before[last], extent, mode);
            row[at] = from.map_or(value, |from| x[offset + from]);
        }
    }
}

fn source_index(at: usize, before: usize, extent: usize, mode: PadMode) -> Option<usize> {
    let inside = at.checked_sub(before).filter(|&at| at < extent);
    match mode {
        _ if inside.is_some() => inside,
        PadMode::Constant => None,
        PadMode::Edge => Some(if at < before { 0 } else { extent - 1 }),
        PadMode::Reflect => Some(if at < before {
            before - at
        } else {
            2 * (extent - 1) - (at - before)
        }),
    }
}
