//! Elements moved: transpose, concatenation, slice, border, broadcast.

use super::{
    Operand, Output,
    strided::{self, broadcast_strides, strides},
};
use crate::{DType, PadMode};

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

/// Fills `y` element by element: for each, where it comes from along each axis.
fn border<T: Copy>(
    x: &[T],
    own: &[usize],
    y: &mut [T],
    shape: &[usize],
    mode: PadMode,
    before: &[usize],
    value: T,
) {
    let own_strides = strides(own);
    let sources: Vec<Vec<Option<isize>>> = (0..shape.len())
        .map(|axis| {
            let source = |at: usize| source_index(at, before[axis], own[axis], mode);
            (0..shape[axis])
                .map(|at| source(at).map(|from| from as isize * own_strides[axis]))
                .collect()
        })
        .collect();
    let mut index = vec![0_usize; shape.len()];
    for target in y {
        let offset = index
            .iter()
            .zip(&sources)
            .try_fold(0_isize, |sum, (&at, axis)| Some(sum + axis[at]?));
        *target = offset.map_or(value, |at| x[at as usize]);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            if index[axis] < shape[axis] {
                break;
            }
            index[axis] = 0;
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
