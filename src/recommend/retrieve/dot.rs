//! Inner products of q8 rows, shaped so that compilers turn them into SIMD.

/// Values handled side by side.
const LANES: usize = 16;

/// Inner product of two q8 rows; of different lengths, the shorter one counts. Exact for rows of up
/// to 2^17 values.
pub(super) fn dot_q8(a: &[i8], b: &[i8]) -> i32 {
    let mut sums = [0_i32; LANES];
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let (a_rest, b_rest) = (a_chunks.remainder(), b_chunks.remainder());
    if a.len() == b.len() {
        for (a, b) in a_chunks.zip(b_chunks) {
            for lane in 0..LANES {
                sums[lane] += i32::from(i16::from(a[lane]) * i16::from(b[lane]));
            }
        }
        let rest = a_rest.iter().zip(b_rest);
        return sums.iter().sum::<i32>() + rest.map(|(&a, &b)| product(a, b)).sum::<i32>();
    }
    a.iter().zip(b).map(|(&a, &b)| product(a, b)).sum()
}

fn product(a: i8, b: i8) -> i32 {
    i32::from(a) * i32::from(b)
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
