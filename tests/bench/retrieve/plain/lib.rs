//! What a page would write for itself: every row's product in bytes, the best of them once more in f32. And the loop that
//! only reads the rows, which no scan can be faster than.

use core::arch::wasm32::*;
use std::cell::RefCell;

#[derive(Default)]
struct Rows {
    dim: usize,
    values: Vec<i8>,
    scales: Vec<f32>,
    wanted: Vec<u32>,
    query: Vec<f32>,
    found: Vec<u32>,
}

thread_local!(static ROWS: RefCell<Rows> = RefCell::default());

/// Makes room for rows of a multiple of 16 values; `address` says where.
#[unsafe(no_mangle)]
pub extern "C" fn open(count: usize, dim: usize) {
    ROWS.with_borrow_mut(|rows| {
        rows.dim = dim;
        rows.values = vec![0; count * dim];
        rows.scales = vec![0.0; count];
        rows.wanted = vec![0; count.div_ceil(32)];
        rows.query = vec![0.0; dim];
    });
}

/// Of the values, the scales, the mask, the query, or what was found.
#[unsafe(no_mangle)]
pub extern "C" fn address(which: u32) -> *const u8 {
    ROWS.with_borrow(|rows| match which {
        0 => rows.values.as_ptr().cast(),
        1 => rows.scales.as_ptr().cast(),
        2 => rows.wanted.as_ptr().cast(),
        3 => rows.query.as_ptr().cast(),
        _ => rows.found.as_ptr().cast(),
    })
}

/// Reads all values.
#[unsafe(no_mangle)]
pub extern "C" fn read() -> i32 {
    ROWS.with_borrow(|rows| {
        let mut bits = [i32x4_splat(0); 4];
        for four in rows.values.as_chunks::<64>().0 {
            for (at, bits) in bits.iter_mut().enumerate() {
                // SAFETY: within the 64 bytes.
                *bits = v128_xor(*bits, unsafe { v128_load(four.as_ptr().add(16 * at).cast()) });
            }
        }
        let all = v128_xor(v128_xor(bits[0], bits[1]), v128_xor(bits[2], bits[3]));
        i32x4_extract_lane::<0>(all)
    })
}

/// Finds the `k` rows with the largest products; only those of the mask, if `filtered`.
#[unsafe(no_mangle)]
pub extern "C" fn scan(k: usize, filtered: bool) -> usize {
    ROWS.with_borrow_mut(|rows| {
        let Rows { dim, values, scales, wanted, query, found } = rows;
        let largest = query.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let rounded: Vec<i8> = query.iter().map(|x| (x / largest * 127.0).round() as i8).collect();
        let mut best: Vec<(f32, u32)> = Vec::new();
        let mut least = f32::NEG_INFINITY;
        for (item, (row, scale)) in values.chunks_exact(*dim).zip(&*scales).enumerate() {
            if filtered && wanted[item / 32] >> (item % 32) & 1 == 0 {
                continue;
            }
            let score = dot(row, &rounded) as f32 * scale;
            if score > least {
                let at = best.partition_point(|(other, _)| *other >= score);
                best.insert(at, (score, item as u32));
                best.truncate(4 * k);
                least = if best.len() == 4 * k { best[4 * k - 1].0 } else { least };
            }
        }
        for (score, item) in &mut best {
            let row = &values[*item as usize * *dim..][..*dim];
            let sum: f32 = row.iter().zip(&*query).map(|(&r, q)| f32::from(r) * q).sum();
            *score = sum * scales[*item as usize];
        }
        best.sort_by(|a, b| b.0.total_cmp(&a.0));
        *found = best.iter().take(k).map(|(_, item)| *item).collect();
        found.len()
    })
}

fn dot(a: &[i8], b: &[i8]) -> i32 {
    let mut sums = i32x4_splat(0);
    for (a, b) in a.as_chunks::<16>().0.iter().zip(b.as_chunks::<16>().0) {
        // SAFETY: sixteen bytes each.
        let (a, b) = unsafe { (v128_load(a.as_ptr().cast()), v128_load(b.as_ptr().cast())) };
        let low = i32x4_extadd_pairwise_i16x8(i16x8_extmul_low_i8x16(a, b));
        let high = i32x4_extadd_pairwise_i16x8(i16x8_extmul_high_i8x16(a, b));
        sums = i32x4_add(sums, i32x4_add(low, high));
    }
    i32x4_extract_lane::<0>(sums) + i32x4_extract_lane::<1>(sums) + i32x4_extract_lane::<2>(sums) + i32x4_extract_lane::<3>(sums)
}
