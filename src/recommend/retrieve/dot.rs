//! Inner products of q8 rows.

/// Values handled side by side.
const LANES: usize = 16;

/// Inner product of two q8 rows; of different lengths, the shorter one counts. Exact for rows of up
/// to 2^17 values.
pub(super) fn dot_q8(a: &[i8], b: &[i8]) -> i32 {
    let length = a.len().min(b.len());
    let (a, b) = (&a[..length], &b[..length]);
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    dot_chunks(a, b) + dot_plain(a_rest, b_rest)
}

fn dot_plain(a: &[i8], b: &[i8]) -> i32 {
    let products = a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b));
    products.sum()
}

/// Shaped so that compilers turn it into SIMD.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
fn dot_chunks(a: &[[i8; LANES]], b: &[[i8; LANES]]) -> i32 {
    let mut sums = [0_i32; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += i32::from(i16::from(a[lane]) * i16::from(b[lane]));
        }
    }
    sums.iter().sum()
}

/// By hand: what a shopper downloads is compiled for size, where loops aren't turned into SIMD.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
fn dot_chunks(a: &[[i8; LANES]], b: &[[i8; LANES]]) -> i32 {
    use core::arch::wasm32::{
        i16x8_extmul_high_i8x16, i16x8_extmul_low_i8x16, i32x4_add, i32x4_extadd_pairwise_i16x8,
        i32x4_extract_lane, i32x4_splat, v128, v128_load,
    };
    // SAFETY: reads the chunk's 16 bytes; unaligned addresses are allowed.
    let load = |chunk: &[i8; LANES]| unsafe { v128_load(chunk.as_ptr().cast::<v128>()) };
    let mut sums = i32x4_splat(0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (load(a), load(b));
        // Products of two i8 fit i16: 128 · 128 = 2^14.
        let low = i32x4_extadd_pairwise_i16x8(i16x8_extmul_low_i8x16(a, b));
        let high = i32x4_extadd_pairwise_i16x8(i16x8_extmul_high_i8x16(a, b));
        sums = i32x4_add(sums, i32x4_add(low, high));
    }
    i32x4_extract_lane::<0>(sums)
        + i32x4_extract_lane::<1>(sums)
        + i32x4_extract_lane::<2>(sums)
        + i32x4_extract_lane::<3>(sums)
}

/// Inner product of an f32 query and a q8 row, before the row's scale.
pub(super) fn dot_f32(query: &[f32], row: &[i8]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (queries, rows) = (query.chunks_exact(LANES), row.chunks_exact(LANES));
    let rest = queries.remainder().iter().zip(rows.remainder());
    let rest: f32 = rest.map(|(&q, &r)| q * f32::from(r)).sum();
    for (query, row) in queries.zip(rows) {
        for lane in 0..LANES {
            sums[lane] += query[lane] * f32::from(row[lane]);
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(length: usize, seed: i32) -> Vec<i8> {
        let value = |n: usize| ((n as i32 * 37 + seed * 91) % 255 - 127) as i8;
        (0..length).map(value).collect()
    }

    #[test]
    fn products_agree_with_the_plain_sum_at_all_lengths_around_a_chunk() {
        for length in [0, 1, 15, 16, 17, 63, 64, 65] {
            let (a, b) = (row(length, 1), row(length, 2));
            let plain: i32 = a
                .iter()
                .zip(&b)
                .map(|(&a, &b)| i32::from(a) * i32::from(b))
                .sum();
            assert_eq!(dot_q8(&a, &b), plain);
            let query: Vec<f32> = a.iter().map(|&a| f32::from(a)).collect();
            assert_eq!(dot_f32(&query, &b), plain as f32);
        }
    }

    #[test]
    fn extreme_rows_do_not_overflow() {
        assert_eq!(dot_q8(&[-128; 64], &[-128; 64]), 64 * 128 * 128);
    }

    #[test]
    fn rows_of_different_length_use_the_shorter_one() {
        assert_eq!(
            dot_q8(&row(20, 1), &row(17, 2)),
            dot_q8(&row(17, 1), &row(17, 2))
        );
    }
}
