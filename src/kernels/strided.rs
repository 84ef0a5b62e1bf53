//! Walking a tensor in another order than it is stored: broadcasts, transposes, slices.

/// Distance between neighbours along each axis of a row-major tensor.
#[must_use]
pub fn strides(shape: &[usize]) -> Vec<isize> {
    let mut strides = vec![1_isize; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis].max(1) as isize;
    }
    strides
}

/// Strides of `shape` seen as `to`, to which it broadcasts: 0 along axes that repeat.
///
/// # Panics
/// When `to` has fewer axes.
#[must_use]
pub fn broadcast_strides(shape: &[usize], to: &[usize]) -> Vec<isize> {
    let own = strides(shape);
    let missing = to.len() - shape.len();
    let stride = |axis: usize| match axis.checked_sub(missing) {
        Some(at) if shape[at] != 1 || to[axis] == 1 => own[at],
        _ => 0,
    };
    (0..to.len()).map(stride).collect()
}

/// The rows of a tensor, and where each begins in `N` sources: gives the offsets there, and where the row begins in
/// row-major order. Neighbouring axes are one where every source goes on evenly, so that rows are long and few.
pub(super) struct Rows<const N: usize> {
    /// Elements of a row.
    pub length: usize,
    /// Distance between a row's elements in each source.
    pub steps: [isize; N],
    outer: Vec<Axis<N>>,
    left: usize,
    offsets: [isize; N],
    at: usize,
}

/// An axis that rows lie along.
struct Axis<const N: usize> {
    extent: usize,
    strides: [isize; N],
    index: usize,
}

impl<const N: usize> Rows<N> {
    /// Rows of `shape`, sources of which have these strides.
    pub fn new(shape: &[usize], strides: [&[isize]; N]) -> Self {
        let is_empty = shape.contains(&0);
        let shape = if is_empty { &[] } else { shape };
        let mut axes: Vec<Axis<N>> = Vec::with_capacity(shape.len());
        for (axis, &extent) in shape.iter().enumerate().filter(|(_, extent)| **extent != 1) {
            let strides = strides.map(|strides| strides[axis]);
            match axes.last_mut() {
                Some(last) if last.strides == strides.map(|stride| stride * extent as isize) => {
                    last.extent *= extent;
                    last.strides = strides;
                }
                _ => axes.push(Axis {
                    extent,
                    strides,
                    index: 0,
                }),
            }
        }
        let (length, steps) = axes.pop().map_or((1, [1; N]), |a| (a.extent, a.strides));
        let outer: usize = axes.iter().map(|axis| axis.extent).product();
        Self {
            length,
            steps,
            left: if is_empty { 0 } else { outer },
            outer: axes,
            offsets: [0; N],
            at: 0,
        }
    }
}

impl<const N: usize> Iterator for Rows<N> {
    type Item = ([isize; N], usize);

    // Once for all that walk: what is done with a row takes longer than a call.
    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let found = (self.offsets, self.at);
        self.at += self.length;
        for axis in self.outer.iter_mut().rev() {
            axis.index += 1;
            for (offset, stride) in self.offsets.iter_mut().zip(axis.strides) {
                *offset += stride;
            }
            if axis.index < axis.extent {
                break;
            }
            axis.index = 0;
            for (offset, stride) in self.offsets.iter_mut().zip(axis.strides) {
                *offset -= stride * axis.extent as isize;
            }
        }
        Some(found)
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
    let rows = Rows::new(shape, [strides]);
    let (length, [step]) = (rows.length, rows.steps);
    for ([offset], at) in rows {
        let row = &mut target[at..at + length];
        let first = start + offset;
        if step == 1 {
            row.copy_from_slice(&source[first as usize..first as usize + length]);
        } else {
            for (n, value) in row.iter_mut().enumerate() {
                *value = source[(first + n as isize * step) as usize];
            }
        }
    }
}
