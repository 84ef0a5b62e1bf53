//! Tiles of packed products: `R` rows with a panel of eight columns (f32), or with half of one (q8).
//!
//! The portable twins say what a tile is. Under wasm the eight accumulators of four rows stay in registers;
//! more of them spill on x86-64, where V8 has fifteen vector registers. There a tile is never inlined: a browser begins
//! with code that it makes quickly and that is many times slower, and optimised code takes over where a function is
//! called next. A tile is called again at once, what loops over tiles only with the next product.

use super::panel::{COLUMNS, HALF};

/// Sums of an f32 tile of `R` rows.
pub(crate) type Sums<const R: usize> = [[f32; COLUMNS]; R];
/// Sums of a q8 tile of `R` rows.
pub(crate) type Sums8<const R: usize> = [[i32; HALF]; R];

#[cfg(target_arch = "x86_64")]
pub(crate) use super::tile_x86_64::tile_q8;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(crate) use portable::tile_f32;
#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
pub(crate) use portable::tile_q8;
#[cfg(target_feature = "relaxed-simd")]
pub(crate) use simd128::tile_narrow;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) use simd128::{tile_f32, tile_q8};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) mod portable {
    use super::super::panel::{COLUMNS, Columns, Columns8, GROUP, HALF, Wide};
    use super::{Sums, Sums8};

    /// `start + rowsᵀ · panel`.
    pub(crate) fn tile_f32<const R: usize>(
        rows: &[[f32; R]],
        panel: &[Columns],
        start: &Columns,
    ) -> Sums<R> {
        let mut sums = [*start; R];
        for (rows, columns) in rows.iter().zip(panel) {
            for (sums, row) in sums.iter_mut().zip(rows) {
                for lane in 0..COLUMNS {
                    sums[lane] += row * columns[lane];
                }
            }
        }
        sums
    }

    /// `rowsᵀ · half a panel`; wraps beyond 2^16 terms of the largest size.
    #[cfg_attr(
        all(target_arch = "x86_64", not(test)),
        expect(dead_code, reason = "there it is what the twin is compared with")
    )]
    pub(crate) fn tile_q8<const R: usize>(rows: &[[Wide; R]], half: &[Columns8]) -> Sums8<R> {
        let mut sums = [[0_i32; HALF]; R];
        for (rows, columns) in rows.iter().zip(half) {
            for (sums, row) in sums.iter_mut().zip(rows) {
                for (sum, column) in sums.iter_mut().zip(columns.as_chunks::<GROUP>().0) {
                    let terms = row.iter().zip(column);
                    let products = terms.map(|(&a, &b)| i32::from(a) * i32::from(b));
                    *sum = products.fold(*sum, i32::wrapping_add);
                }
            }
        }
        sums
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128 {
    #[cfg(target_feature = "relaxed-simd")]
    use super::super::panel::Signed;
    use super::super::panel::{COLUMNS, Columns, Columns8, HALF, Wide};
    use super::{Sums, Sums8};
    use std::arch::wasm32::{
        f32x4_splat, i16x8_extend_high_i8x16, i16x8_extend_low_i8x16, i32x4_add, i32x4_dot_i16x8,
        i32x4_shuffle, i32x4_splat, v128, v128_load, v128_load64_splat, v128_store,
    };

    /// Sixteen bytes of an array, from element `AT` on.
    fn load<const AT: usize, T, const N: usize>(from: &[T; N]) -> v128 {
        const { assert!((N - AT) * size_of::<T>() >= 16) };
        // SAFETY: the assertion above.
        unsafe { v128_load(from.as_ptr().add(AT).cast()) }
    }

    /// `start + rowsᵀ · panel`.
    #[inline(never)]
    pub(crate) fn tile_f32<const R: usize>(
        rows: &[[f32; R]],
        panel: &[Columns],
        start: &Columns,
    ) -> Sums<R> {
        let mut sums = [[load::<0, _, _>(start), load::<4, _, _>(start)]; R];
        for (rows, columns) in rows.iter().zip(panel) {
            let (low, high) = (load::<0, _, _>(columns), load::<4, _, _>(columns));
            for (sums, &row) in sums.iter_mut().zip(rows) {
                let row = f32x4_splat(row);
                sums[0] = multiply_add(row, low, sums[0]);
                sums[1] = multiply_add(row, high, sums[1]);
            }
        }
        let mut out = [[0.0; COLUMNS]; R];
        for (out, [low, high]) in out.iter_mut().zip(sums) {
            for (half, lanes) in out.as_chunks_mut().0.iter_mut().zip([low, high]) {
                store(half, lanes);
            }
        }
        out
    }

    /// `rowsᵀ · half a panel`.
    ///
    /// Each accumulator holds two columns as two partial sums, which are added at the end.
    #[inline(never)]
    pub(crate) fn tile_q8<const R: usize>(rows: &[[Wide; R]], half: &[Columns8]) -> Sums8<R> {
        let mut sums = [[i32x4_splat(0); 2]; R];
        for (rows, columns) in rows.iter().zip(half) {
            let columns = load::<0, _, _>(columns);
            let low = i16x8_extend_low_i8x16(columns);
            let high = i16x8_extend_high_i8x16(columns);
            for (sums, row) in sums.iter_mut().zip(rows) {
                // SAFETY: the four i16 of a row are eight bytes.
                let row = unsafe { v128_load64_splat(row.as_ptr().cast()) };
                sums[0] = i32x4_add(sums[0], i32x4_dot_i16x8(row, low));
                sums[1] = i32x4_add(sums[1], i32x4_dot_i16x8(row, high));
            }
        }
        let mut out = [[0_i32; HALF]; R];
        for (out, [low, high]) in out.iter_mut().zip(sums) {
            let even = i32x4_shuffle::<0, 2, 4, 6>(low, high);
            let odd = i32x4_shuffle::<1, 3, 5, 7>(low, high);
            store(out, i32x4_add(even, odd));
        }
        out
    }

    /// `rowsᵀ · half a panel` of weights in 0..=127: there the relaxed product is defined, and no pair of products
    /// reaches 2^15.
    #[cfg(target_feature = "relaxed-simd")]
    #[inline(never)]
    pub(crate) fn tile_narrow<const R: usize>(rows: &[[Signed; R]], half: &[Columns8]) -> Sums8<R> {
        use std::arch::wasm32::{i16x8_relaxed_dot_i8x16_i7x16, i16x8_splat, v128_load32_splat};
        let ones = i16x8_splat(1);
        let mut sums = [i32x4_splat(0); R];
        for (rows, columns) in rows.iter().zip(half) {
            let columns = load::<0, _, _>(columns);
            for (sum, row) in sums.iter_mut().zip(rows) {
                // SAFETY: the four bytes of a row.
                let row = unsafe { v128_load32_splat(row.as_ptr().cast()) };
                let pairs = i16x8_relaxed_dot_i8x16_i7x16(row, columns);
                *sum = i32x4_add(*sum, i32x4_dot_i16x8(pairs, ones));
            }
        }
        let mut out = [[0_i32; HALF]; R];
        for (out, sum) in out.iter_mut().zip(sums) {
            store(out, sum);
        }
        out
    }

    fn store<T>(to: &mut [T; 4], lanes: v128) {
        const { assert!(size_of::<T>() == 4) };
        // SAFETY: four elements of four bytes.
        unsafe { v128_store(to.as_mut_ptr().cast(), lanes) };
    }

    #[cfg(target_feature = "relaxed-simd")]
    use std::arch::wasm32::f32x4_relaxed_madd as multiply_add;

    #[cfg(not(target_feature = "relaxed-simd"))]
    fn multiply_add(a: v128, b: v128, c: v128) -> v128 {
        use std::arch::wasm32::{f32x4_add, f32x4_mul};
        f32x4_add(f32x4_mul(a, b), c)
    }
}
