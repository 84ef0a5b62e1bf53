//! Integer matrix product: `c = a · b` in i32.
//!
//! Operands are 8-bit values with their zero points already taken off, so that they need 9 bits: they are held
//! as i16, and pairs of products are added in i32, which is what `i32x4.dot_i16x8_s` does. Sums wrap, as ONNX
//! Runtime's do; below 2^14 terms they can't reach that far.

use crate::KernelSet;

/// Rows of `a` that the blocked kernel works on together.
const ROWS: usize = 4;
/// Columns of `b` in a packed panel.
const COLUMNS: usize = 8;

/// Product of `a [m, k]` and `b [k, n]`, both row-major, into `c` whose rows are `c_row` apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct IntegerGemm {
    pub m: usize,
    pub k: usize,
    pub n: usize,
    pub c_row: usize,
}

/// Two values of a column of `b`, neighbours along `k`, of each of a panel's columns.
type PairRow = [i16; 2 * COLUMNS];

impl IntegerGemm {
    /// `c = a · b`. `panel` is work space.
    pub fn run(self, a: &[i16], b: &[i16], c: &mut [i32], panel: &mut Vec<i16>, set: KernelSet) {
        if self.m == 0 || self.n == 0 {
            return;
        }
        match set {
            KernelSet::Scalar => self.scalar(a, b, c),
            KernelSet::Fastest => self.blocked(a, b, c, panel),
        }
    }

    /// What a product is.
    fn scalar(self, a: &[i16], b: &[i16], c: &mut [i32]) {
        for i in 0..self.m {
            for j in 0..self.n {
                let terms = (0..self.k)
                    .map(|p| i32::from(a[i * self.k + p]) * i32::from(b[p * self.n + j]));
                c[i * self.c_row + j] = terms.fold(0, i32::wrapping_add);
            }
        }
    }

    fn blocked(self, a: &[i16], b: &[i16], c: &mut [i32], panel: &mut Vec<i16>) {
        panel.clear();
        panel.resize(self.k.div_ceil(2) * 2 * COLUMNS, 0);
        for j in (0..self.n).step_by(COLUMNS) {
            let width = COLUMNS.min(self.n - j);
            self.pack(b, j, width, panel);
            for i in (0..self.m).step_by(ROWS) {
                let height = ROWS.min(self.m - i);
                // A row beyond the last repeats it; its sums are thrown away.
                let rows =
                    std::array::from_fn(|r| &a[(i + r.min(height - 1)) * self.k..][..self.k]);
                let sums = tile(rows, panel.as_chunks().0);
                for (r, sums) in sums.iter().enumerate().take(height) {
                    c[(i + r) * self.c_row + j..][..width].copy_from_slice(&sums[..width]);
                }
            }
        }
    }

    /// Columns `j..j + width` of `b` in pairs of rows; beyond the edges there is zero.
    fn pack(self, b: &[i16], j: usize, width: usize, panel: &mut [i16]) {
        let (pairs, _) = panel.as_chunks_mut::<{ 2 * COLUMNS }>();
        for (pair, packed) in pairs.iter_mut().enumerate() {
            for (half, p) in [2 * pair, 2 * pair + 1].into_iter().enumerate() {
                let row = if p < self.k {
                    &b[p * self.n + j..][..width]
                } else {
                    &[]
                };
                for column in 0..COLUMNS {
                    packed[2 * column + half] = row.get(column).copied().unwrap_or(0);
                }
            }
        }
    }
}

/// The values of a row at `2 * pair` and behind it.
#[inline]
fn pair_of(row: &[i16], pair: usize) -> [i16; 2] {
    [row[2 * pair], row.get(2 * pair + 1).copied().unwrap_or(0)]
}

/// Products of four rows with a panel of eight columns.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
fn tile(rows: [&[i16]; ROWS], panel: &[PairRow]) -> [[i32; COLUMNS]; ROWS] {
    let mut sums = [[0_i32; COLUMNS]; ROWS];
    for (pair, b) in panel.iter().enumerate() {
        for (sums, row) in sums.iter_mut().zip(rows) {
            let [first, second] = pair_of(row, pair).map(i32::from);
            for column in 0..COLUMNS {
                let products =
                    first * i32::from(b[2 * column]) + second * i32::from(b[2 * column + 1]);
                sums[column] = sums[column].wrapping_add(products);
            }
        }
    }
    sums
}

/// Products of four rows with a panel of eight columns: eight accumulators stay in registers.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
fn tile(rows: [&[i16]; ROWS], panel: &[PairRow]) -> [[i32; COLUMNS]; ROWS] {
    use std::arch::wasm32::{
        i16x8, i32x4_add, i32x4_dot_i16x8, i32x4_extract_lane, i32x4_splat, v128,
    };
    let mut sums: [[v128; 2]; ROWS] = [[i32x4_splat(0); 2]; ROWS];
    for (pair, b) in panel.iter().enumerate() {
        let low = i16x8(b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]);
        let high = i16x8(b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
        for (sums, row) in sums.iter_mut().zip(rows) {
            let [first, second] = pair_of(row, pair).map(i16::cast_unsigned).map(u32::from);
            let a = i32x4_splat((first | second << 16).cast_signed());
            sums[0] = i32x4_add(sums[0], i32x4_dot_i16x8(a, low));
            sums[1] = i32x4_add(sums[1], i32x4_dot_i16x8(a, high));
        }
    }
    sums.map(|[low, high]| {
        [
            i32x4_extract_lane::<0>(low),
            i32x4_extract_lane::<1>(low),
            i32x4_extract_lane::<2>(low),
            i32x4_extract_lane::<3>(low),
            i32x4_extract_lane::<0>(high),
            i32x4_extract_lane::<1>(high),
            i32x4_extract_lane::<2>(high),
            i32x4_extract_lane::<3>(high),
        ]
    })
}
