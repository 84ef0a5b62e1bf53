//! Tiles of q8 products on x86-64: by AVX2 where the machine has it, which is asked once, else by SSE2, which all have.
//!
//! Both add pairs of products of i16 in i32, as wasm's `i32x4.dot_i16x8_s` does, and so are exact.

use super::panel::{Columns8, HALF, Wide};
use super::tile::Sums8;
use std::arch::x86_64::*;

/// `rowsᵀ · half a panel`; wraps beyond 2^16 terms of the largest size.
pub(crate) fn tile_q8<const R: usize>(rows: &[[Wide; R]], half: &[Columns8]) -> Sums8<R> {
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the machine has AVX2.
        unsafe { avx2(rows, half) }
    } else {
        // SAFETY: every x86-64 has SSE2.
        unsafe { sse2(rows, half) }
    }
}

/// Each accumulator holds the four columns as two partial sums each.
#[target_feature(enable = "avx2")]
fn avx2<const R: usize>(rows: &[[Wide; R]], half: &[Columns8]) -> Sums8<R> {
    let mut sums = [_mm256_setzero_si256(); R];
    for (rows, columns) in rows.iter().zip(half) {
        let columns = _mm256_cvtepi8_epi16(load(columns));
        for (sum, row) in sums.iter_mut().zip(rows) {
            let row = _mm256_set1_epi64x(bits(row));
            *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(row, columns));
        }
    }
    sums.map(|sum| {
        paired(
            _mm256_castsi256_si128(sum),
            _mm256_extracti128_si256::<1>(sum),
        )
    })
}

/// Each pair of accumulators holds two columns as two partial sums each.
#[target_feature(enable = "sse2")]
fn sse2<const R: usize>(rows: &[[Wide; R]], half: &[Columns8]) -> Sums8<R> {
    let mut sums = [[_mm_setzero_si128(); 2]; R];
    for (rows, columns) in rows.iter().zip(half) {
        let columns = load(columns);
        // A byte in the upper half of sixteen bits, shifted down, keeps its sign.
        let low = _mm_srai_epi16::<8>(_mm_unpacklo_epi8(columns, columns));
        let high = _mm_srai_epi16::<8>(_mm_unpackhi_epi8(columns, columns));
        for (sums, row) in sums.iter_mut().zip(rows) {
            let row = _mm_set1_epi64x(bits(row));
            sums[0] = _mm_add_epi32(sums[0], _mm_madd_epi16(row, low));
            sums[1] = _mm_add_epi32(sums[1], _mm_madd_epi16(row, high));
        }
    }
    sums.map(|[low, high]| paired(low, high))
}

/// The sums of neighbouring lanes.
#[target_feature(enable = "sse2")]
fn paired(low: __m128i, high: __m128i) -> [i32; HALF] {
    let (low, high) = (_mm_castsi128_ps(low), _mm_castsi128_ps(high));
    let even = _mm_castps_si128(_mm_shuffle_ps::<0b10_00_10_00>(low, high));
    let odd = _mm_castps_si128(_mm_shuffle_ps::<0b11_01_11_01>(low, high));
    let mut sums = [0; HALF];
    // SAFETY: four i32 are sixteen bytes.
    unsafe { _mm_storeu_si128(sums.as_mut_ptr().cast(), _mm_add_epi32(even, odd)) };
    sums
}

#[target_feature(enable = "sse2")]
fn load(columns: &Columns8) -> __m128i {
    // SAFETY: sixteen bytes.
    unsafe { _mm_loadu_si128(columns.as_ptr().cast()) }
}

/// The four i16 of a row as they lie in memory.
fn bits(row: &Wide) -> i64 {
    // SAFETY: eight bytes.
    unsafe { row.as_ptr().cast::<i64>().read_unaligned() }
}

#[cfg(test)]
mod tests {
    use super::super::tile::portable;
    use super::*;

    fn with_sse2<const R: usize>(rows: &[[Wide; R]], half: &[Columns8]) -> Sums8<R> {
        // SAFETY: every x86-64 has SSE2.
        unsafe { sse2(rows, half) }
    }

    /// Values that go through the whole of their range.
    fn values(count: usize) -> (Vec<[Wide; 4]>, Vec<Columns8>) {
        let rows = (0..count).map(|at| {
            std::array::from_fn(|row| {
                std::array::from_fn(|p| ((at * 37 + row * 91 + p * 53) % 511) as i16 - 255)
            })
        });
        let columns = (0..count)
            .map(|at| std::array::from_fn(|lane| ((at * 29 + lane * 71) % 256) as u8 as i8));
        (rows.collect(), columns.collect())
    }

    #[test]
    fn tiles_are_those_of_the_portable_twin_at_every_depth() {
        for count in [0, 1, 2, 3, 17, 300] {
            let (rows, half) = values(count);
            let wanted = portable::tile_q8(&rows, &half);
            assert_eq!(with_sse2(&rows, &half), wanted, "SSE2, {count} groups");
            assert_eq!(tile_q8(&rows, &half), wanted, "{count} groups");
        }
    }

    #[test]
    fn sums_wrap_as_the_portable_twin_s_do() {
        let (rows, half) = (vec![[[255; 4]; 1]; 70_000], vec![[-128; 16]; 70_000]);
        let wanted = portable::tile_q8(&rows, &half);
        assert_eq!(with_sse2(&rows, &half), wanted);
        assert_eq!(tile_q8(&rows, &half), wanted);
    }
}
