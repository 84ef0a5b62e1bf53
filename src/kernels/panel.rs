//! How the weights of packed products lie in memory, and how rows are brought into the same order.
//!
//! A panel is [`COLUMNS`] columns of a `[depth, columns]` matrix, so that a tile of the product reads both of
//! its operands from front to back:
//!
//! - f32: `[panels, depth, 8]`
//! - q8: `[2 · panels, ⌈depth / 4⌉, 16]`: half a panel, of which sixteen bytes hold four columns, each with
//!   four neighbours along the depth (the order that packed dot products read on CPUs and GPUs alike)
//!
//! Beyond the edges of the matrix there is zero. Rows are packed `R` at a time: f32 as `[depth, R]`, q8 as
//! `[⌈depth / 4⌉, R, 4]` in i16, their zero point taken off.

/// Columns of a panel.
pub const COLUMNS: usize = 8;
/// Columns of half a panel of q8.
pub const HALF: usize = COLUMNS / 2;
/// Rows of a tile, where there are more than one.
pub const ROWS: usize = 4;
/// Neighbours along the depth that lie together in q8 operands.
pub const GROUP: usize = 4;

/// A panel's columns at one depth.
pub(crate) type Columns = [f32; COLUMNS];
/// Four columns of q8 at four neighbouring depths.
pub(crate) type Columns8 = [i8; HALF * GROUP];
/// Four neighbours along the depth of one row, widened.
pub(crate) type Wide = [i16; GROUP];
/// Four neighbours along the depth of one row, as signed bytes.
#[cfg(target_feature = "relaxed-simd")]
pub(crate) type Signed = [i8; GROUP];

/// Shape of f32 panels.
pub fn shape_f32(depth: usize, columns: usize) -> [usize; 3] {
    [columns.div_ceil(COLUMNS), depth, COLUMNS]
}

/// Shape of q8 panels.
pub fn shape_q8(depth: usize, columns: usize) -> [usize; 3] {
    let halves = 2 * columns.div_ceil(COLUMNS);
    [halves, depth.div_ceil(GROUP), HALF * GROUP]
}

/// Panels of the matrix whose element in row `p` and column `j` is `at(p, j)`.
pub fn pack_f32(
    depth: usize,
    columns: usize,
    at: impl Fn(usize, usize) -> f32,
    panels: &mut Vec<f32>,
) {
    panels.clear();
    for first in (0..columns).step_by(COLUMNS) {
        for p in 0..depth {
            let column = |j: usize| if j < columns { at(p, j) } else { 0.0 };
            panels.extend((first..first + COLUMNS).map(column));
        }
    }
}

/// Panels of the matrix whose element in row `p` and column `j` is `at(p, j)`.
pub fn pack_q8(
    depth: usize,
    columns: usize,
    at: impl Fn(usize, usize) -> i8,
    panels: &mut Vec<i8>,
) {
    panels.clear();
    for first in (0..columns.next_multiple_of(COLUMNS)).step_by(HALF) {
        for group in (0..depth).step_by(GROUP) {
            for j in first..first + HALF {
                let row = |p: usize| {
                    if p < depth && j < columns {
                        at(p, j)
                    } else {
                        0
                    }
                };
                panels.extend((group..group + GROUP).map(row));
            }
        }
    }
}

/// The element in row `p` and column `j` of q8 panels.
pub(crate) fn element_q8(panels: &[i8], depth: usize, p: usize, j: usize) -> i8 {
    let groups = depth.div_ceil(GROUP);
    let columns = (j / HALF * groups + p / GROUP) * HALF * GROUP;
    panels[columns + j % HALF * GROUP + p % GROUP]
}

/// The element in row `p` and column `j` of f32 panels.
pub(crate) fn element_f32(panels: &[f32], depth: usize, p: usize, j: usize) -> f32 {
    panels[(j / COLUMNS * depth + p) * COLUMNS + j % COLUMNS]
}

/// Writes `values` at depths `from..` of a row of a block.
pub(crate) fn put_f32<const R: usize>(
    block: &mut [[f32; R]],
    row: usize,
    from: usize,
    values: &[f32],
) {
    for (rows, &value) in block[from..].iter_mut().zip(values) {
        rows[row] = value;
    }
}

/// Byte values that widen to i16.
pub(crate) trait Byte: Copy {
    /// What [`Self::signed`] takes off.
    #[cfg(target_feature = "relaxed-simd")]
    const OFFSET: i16;
    /// As i16.
    fn widen(self) -> i16;
    /// `self − OFFSET`.
    #[cfg(target_feature = "relaxed-simd")]
    fn signed(self) -> i8;
}

impl Byte for u8 {
    #[cfg(target_feature = "relaxed-simd")]
    const OFFSET: i16 = 128;
    fn widen(self) -> i16 {
        i16::from(self)
    }
    #[cfg(target_feature = "relaxed-simd")]
    fn signed(self) -> i8 {
        (self ^ 0x80).cast_signed()
    }
}

impl Byte for i8 {
    #[cfg(target_feature = "relaxed-simd")]
    const OFFSET: i16 = 0;
    fn widen(self) -> i16 {
        i16::from(self)
    }
    #[cfg(target_feature = "relaxed-simd")]
    fn signed(self) -> i8 {
        self
    }
}

/// Writes `values − zero` at depths `from..` of a row of a block.
pub(crate) fn put_q8<const R: usize, T: Byte>(
    block: &mut [[Wide; R]],
    row: usize,
    from: usize,
    values: &[T],
    zero: i16,
) {
    if !from.is_multiple_of(GROUP) {
        for (p, &value) in (from..).zip(values) {
            block[p / GROUP][row][p % GROUP] = value.widen() - zero;
        }
        return;
    }
    let blocks = &mut block[from / GROUP..];
    // Sixteen at once, which are widened as one.
    let (vectors, rest) = values.as_chunks::<{ 4 * GROUP }>();
    let (fours, blocks) = blocks.split_at_mut(4 * vectors.len());
    for (rows, vector) in fours.chunks_exact_mut(4).zip(vectors) {
        let mut wide = [0; 4 * GROUP];
        for (wide, value) in wide.iter_mut().zip(vector) {
            *wide = value.widen() - zero;
        }
        for (rows, wide) in rows.iter_mut().zip(wide.as_chunks().0) {
            rows[row] = *wide;
        }
    }
    let (groups, rest) = rest.as_chunks::<GROUP>();
    for (rows, group) in blocks.iter_mut().zip(groups) {
        rows[row] = group.map(|value| value.widen() - zero);
    }
    if let Some(rows) = blocks.get_mut(groups.len()) {
        for (wide, value) in rows[row].iter_mut().zip(rest) {
            *wide = value.widen() - zero;
        }
    }
}

/// Writes `values`, signed, as a row of a block.
#[cfg(target_feature = "relaxed-simd")]
pub(crate) fn put_signed<const R: usize, T: Byte>(
    block: &mut [[Signed; R]],
    row: usize,
    values: &[T],
) {
    let (groups, rest) = values.as_chunks::<GROUP>();
    for (rows, group) in block.iter_mut().zip(groups) {
        rows[row] = group.map(T::signed);
    }
    if let Some(rows) = block.get_mut(groups.len()) {
        for (signed, value) in rows[row].iter_mut().zip(rest) {
            *signed = value.signed();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_elements_are_found_again_and_the_edges_hold_zero() {
        for (depth, columns) in [(1, 1), (3, 7), (4, 8), (5, 9), (65, 17)] {
            let at = |p: usize, j: usize| (p * 31 + j * 7) as i8;
            let mut panels = Vec::new();
            pack_q8(depth, columns, at, &mut panels);
            assert_eq!(
                panels.len(),
                shape_q8(depth, columns).iter().product::<usize>()
            );
            let mut floats = Vec::new();
            pack_f32(depth, columns, |p, j| f32::from(at(p, j)), &mut floats);
            assert_eq!(
                floats.len(),
                shape_f32(depth, columns).iter().product::<usize>()
            );
            let mut sum = 0_i64;
            for p in 0..depth {
                for j in 0..columns {
                    assert_eq!(element_q8(&panels, depth, p, j), at(p, j));
                    assert_eq!(element_f32(&floats, depth, p, j), f32::from(at(p, j)));
                    sum += i64::from(at(p, j));
                }
            }
            assert_eq!(panels.iter().map(|&w| i64::from(w)).sum::<i64>(), sum);
        }
    }
}
