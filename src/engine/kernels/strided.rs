//! Walking a tensor in another order than it is stored: broadcasts, transposes, slices.

/// Distance between neighbours along each axis of a row-major tensor.
pub(super) fn strides(shape: &[usize]) -> Vec<isize> {
    let mut strides = vec![1_isize; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis].max(1) as isize;
    }
    strides
}

/// Strides of `shape` seen as the larger `to`: 0 along axes that repeat.
pub(super) fn broadcast_strides(shape: &[usize], to: &[usize]) -> Vec<isize> {
    let own = strides(shape);
    let missing = to.len() - shape.len();
    let stride = |axis: usize| match axis.checked_sub(missing) {
        Some(at) if shape[at] != 1 || to[axis] == 1 => own[at],
        _ => 0,
    };
    (0..to.len()).map(stride).collect()
}

/// Calls `row(offset, from, to)` for each innermost row of `shape`: where the row begins in the source, and its
/// range in row-major order. Rows of one source step are `strides[last]` apart.
pub(super) fn for_each_row<const N: usize>(
    shape: &[usize],
    strides: [&[isize]; N],
    mut row: impl FnMut([isize; N], usize),
) {
    let Some((&length, outer)) = shape.split_last() else {
        return row([0; N], 0);
    };
    if shape.contains(&0) {
        return;
    }
    let mut index = vec![0_usize; outer.len()];
    let mut offsets = [0_isize; N];
    let mut at = 0;
    loop {
        row(offsets, at);
        at += length;
        let mut axis = outer.len();
        loop {
            if axis == 0 {
                return;
            }
            axis -= 1;
            index[axis] += 1;
            for (offset, strides) in offsets.iter_mut().zip(strides) {
                *offset += strides[axis];
            }
            if index[axis] < outer[axis] {
                break;
            }
            for (offset, strides) in offsets.iter_mut().zip(strides) {
                *offset -= strides[axis] * outer[axis] as isize;
            }
            index[axis] = 0;
        }
    }
}

/// Copies `source`, walked from `start` with `strides`, into `target` of `shape`.
pub(super) fn copy<T: Copy>(
    source: &[T],
    start: isize,
    strides: &[isize],
    shape: &[usize],
    target: &mut [T],
) {
    let length = shape.last().copied().unwrap_or(1);
    let step = strides.last().copied().unwrap_or(1);
    for_each_row(shape, [strides], |[offset], at| {
        let row = &mut target[at..at + length];
        let first = start + offset;
        if step == 1 {
            row.copy_from_slice(&source[first as usize..first as usize + length]);
        } else {
            for (n, value) in row.iter_mut().enumerate() {
                *value = source[(first + n as isize * step) as usize];
            }
        }
    });
}
