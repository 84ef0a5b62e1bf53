//! f32 matrix product: `c += a · b`.

use crate::KernelSet;

/// Rows of `a` that the blocked kernel works on together.
const ROWS: usize = 4;
/// Columns of `b` in a packed panel.
const COLUMNS: usize = 8;

/// Extents of a product and how its operands lie in memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gemm {
    /// Rows of `a` and `c`.
    pub m: usize,
    /// Columns of `a`, rows of `b`.
    pub k: usize,
    /// Columns of `b` and `c`.
    pub n: usize,
    /// Distance between rows of `a`; its columns are neighbours.
    pub a_row: usize,
    /// Distances between rows and between columns of `b`.
    pub b_row: usize,
    /// See `b_row`.
    pub b_column: usize,
    /// Distance between rows of `c`; its columns are neighbours.
    pub c_row: usize,
}

impl Gemm {
    /// Row-major operands without gaps.
    pub fn dense(m: usize, k: usize, n: usize) -> Self {
        Self {
            m,
            k,
            n,
            a_row: k,
            b_row: n,
            b_column: 1,
            c_row: n,
        }
    }

    /// `b` is stored as its transpose `[n, k]`.
    pub fn transposed(m: usize, k: usize, n: usize) -> Self {
        Self {
            b_row: 1,
            b_column: k,
            ..Self::dense(m, k, n)
        }
    }

    /// `c += a · b`. `panel` is work space.
    pub fn run(self, a: &[f32], b: &[f32], c: &mut [f32], panel: &mut Vec<f32>, set: KernelSet) {
        if self.m == 0 || self.n == 0 || self.k == 0 {
            return;
        }
        match set {
            KernelSet::Scalar => self.scalar(a, b, c),
            KernelSet::Fastest if self.m < ROWS => self.few_rows(a, b, c),
            KernelSet::Fastest => self.blocked(a, b, c, panel),
        }
    }

    /// What a product is.
    fn scalar(self, a: &[f32], b: &[f32], c: &mut [f32]) {
        for i in 0..self.m {
            for j in 0..self.n {
                let terms = (0..self.k)
                    .map(|p| a[i * self.a_row + p] * b[p * self.b_row + j * self.b_column]);
                c[i * self.c_row + j] += terms.sum::<f32>();
            }
        }
    }

    /// Too few rows to be worth packing `b`.
    fn few_rows(self, a: &[f32], b: &[f32], c: &mut [f32]) {
        for i in 0..self.m {
            let a = &a[i * self.a_row..][..self.k];
            let c = &mut c[i * self.c_row..][..self.n];
            if self.b_column == 1 {
                for (p, &a) in a.iter().enumerate() {
                    for (c, &b) in c.iter_mut().zip(&b[p * self.b_row..]) {
                        *c += a * b;
                    }
                }
            } else {
                for (j, c) in c.iter_mut().enumerate() {
                    let column = b[j * self.b_column..].iter().step_by(self.b_row);
                    *c += if self.b_row == 1 {
                        dot(a, &b[j * self.b_column..])
                    } else {
                        a.iter().zip(column).map(|(a, b)| a * b).sum()
                    };
                }
            }
        }
    }

    fn blocked(self, a: &[f32], b: &[f32], c: &mut [f32], panel: &mut Vec<f32>) {
        panel.resize(self.k * COLUMNS, 0.0);
        for j in (0..self.n).step_by(COLUMNS) {
            let width = COLUMNS.min(self.n - j);
            self.pack(b, j, width, panel);
            for i in (0..self.m).step_by(ROWS) {
                let height = ROWS.min(self.m - i);
                // A row beyond the last repeats it; its sums are thrown away.
                let rows =
                    std::array::from_fn(|r| &a[(i + r.min(height - 1)) * self.a_row..][..self.k]);
                let sums = tile(rows, panel);
                for (r, sums) in sums.iter().enumerate().take(height) {
                    let row = &mut c[(i + r) * self.c_row + j..][..width];
                    for (c, sum) in row.iter_mut().zip(sums) {
                        *c += sum;
                    }
                }
            }
        }
    }

    /// Columns `j..j + width` of `b` as `[k, COLUMNS]`.
    fn pack(self, b: &[f32], j: usize, width: usize, panel: &mut [f32]) {
        for (p, row) in panel.chunks_exact_mut(COLUMNS).enumerate() {
            let from = &b[p * self.b_row + j * self.b_column..];
            for (n, value) in row.iter_mut().enumerate() {
                *value = if n < width {
                    from[n * self.b_column]
                } else {
                    0.0
                };
            }
        }
    }
}

/// Dot product of `a` with the beginning of `b`, summed in lanes so that it vectorises.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; COLUMNS];
    let chunks = a.len() / COLUMNS * COLUMNS;
    for (a, b) in a.chunks_exact(COLUMNS).zip(b.chunks_exact(COLUMNS)) {
        for lane in 0..COLUMNS {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a[chunks..]
        .iter()
        .zip(&b[chunks..])
        .map(|(a, b)| a * b)
        .sum();
    sums.iter().sum::<f32>() + rest
}

/// Products of four rows with a panel of eight columns.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
fn tile(rows: [&[f32]; ROWS], panel: &[f32]) -> [[f32; COLUMNS]; ROWS] {
    let mut sums = [[0.0_f32; COLUMNS]; ROWS];
    for (p, b) in panel.as_chunks::<COLUMNS>().0.iter().enumerate() {
        for (sums, row) in sums.iter_mut().zip(rows) {
            let a = row[p];
            for lane in 0..COLUMNS {
                sums[lane] += a * b[lane];
            }
        }
    }
    sums
}

/// Products of four rows with a panel of eight columns: eight accumulators stay in registers.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
fn tile(rows: [&[f32]; ROWS], panel: &[f32]) -> [[f32; COLUMNS]; ROWS] {
    use std::arch::wasm32::{f32x4, f32x4_extract_lane, f32x4_splat, v128};
    let mut sums: [[v128; 2]; ROWS] = [[f32x4_splat(0.0); 2]; ROWS];
    for (p, b) in panel.as_chunks::<COLUMNS>().0.iter().enumerate() {
        let low = f32x4(b[0], b[1], b[2], b[3]);
        let high = f32x4(b[4], b[5], b[6], b[7]);
        for (sums, row) in sums.iter_mut().zip(rows) {
            let a = f32x4_splat(row[p]);
            sums[0] = multiply_add(a, low, sums[0]);
            sums[1] = multiply_add(a, high, sums[1]);
        }
    }
    sums.map(|[low, high]| {
        [
            f32x4_extract_lane::<0>(low),
            f32x4_extract_lane::<1>(low),
            f32x4_extract_lane::<2>(low),
            f32x4_extract_lane::<3>(low),
            f32x4_extract_lane::<0>(high),
            f32x4_extract_lane::<1>(high),
            f32x4_extract_lane::<2>(high),
            f32x4_extract_lane::<3>(high),
        ]
    })
}

#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
use std::arch::wasm32::f32x4_relaxed_madd as multiply_add;

#[cfg(all(
    target_arch = "wasm32",
    target_feature = "simd128",
    not(target_feature = "relaxed-simd")
))]
fn multiply_add(
    a: std::arch::wasm32::v128,
    b: std::arch::wasm32::v128,
    c: std::arch::wasm32::v128,
) -> std::arch::wasm32::v128 {
    use std::arch::wasm32::{f32x4_add, f32x4_mul};
    f32x4_add(f32x4_mul(a, b), c)
}
