//! Attention, with queries and keys at the edges of blocks, and masks of every kind.

use super::agree::{agrees, floats, gpu};
use nearshelf_engine::{Masking, Op, Tensor, Values, ZeroShares};

fn attention(heads: usize) -> Op {
    Op::Attention {
        heads,
        scale: 0.3,
        zero: ZeroShares::Never,
        masking: Masking::Added,
    }
}

#[test]
fn heads_attend_side_by_side_or_behind_one_another() {
    let Some(gpu) = gpu() else { return };
    for [n, heads, queries, keys, depth, width] in [
        [1, 1, 1, 1, 1, 1],
        [2, 3, 5, 7, 4, 8],
        [1, 2, 8, 32, 5, 3],
        [1, 2, 9, 33, 16, 65],
        [2, 4, 65, 64, 64, 64],
        [1, 1, 3, 200, 3, 130],
        [1, 2, 3, 0, 4, 4],
        [1, 2, 3, 5, 0, 4],
    ] {
        let what = format!("{n} samples, {heads} heads, {queries}×{keys}, {depth}, {width}");
        let beside = |seed, rows, width| floats(seed, &[n, rows, heads * width]);
        let behind = |seed, rows, width| floats(seed, &[n, heads, rows, width]);
        let operands = [
            beside(1, queries, depth),
            beside(2, keys, depth),
            beside(3, keys, width),
        ];
        agrees(&gpu, attention(heads), &operands, &what);
        let operands = [
            beside(1, queries, depth),
            behind(2, keys, depth),
            behind(3, keys, width),
        ];
        agrees(&gpu, attention(heads), &operands, &what);
    }
}

#[test]
fn masks_broadcast_and_hide_keys() {
    let Some(gpu) = gpu() else { return };
    let (n, heads, queries, keys) = (2, 3, 5, 37);
    let operands = [
        floats(1, &[n, queries, heads * 8]),
        floats(2, &[n, keys, heads * 8]),
        floats(3, &[n, keys, heads * 8]),
    ];
    for shape in [
        &[n, heads, queries, keys][..],
        &[n, 1, 1, keys],
        &[1, heads, queries, 1],
        &[queries, keys],
        &[],
    ] {
        let len: usize = shape.iter().product();
        for hidden in [-10_000.0, f32::MIN, f32::NEG_INFINITY] {
            // Every third is hidden, and all keys of the first query.
            let hides = |at: usize| at % 3 == 1 || len > 1 && at < keys;
            let values = (0..len).map(|at| if hides(at) { hidden } else { at as f32 / 50.0 });
            let mask = Tensor::new(shape, Values::F32(values.collect())).unwrap();
            for (zero, masking) in [
                (ZeroShares::Never, Masking::Added),
                (ZeroShares::Hidden, Masking::Added),
                (ZeroShares::NoNumber, Masking::Replaces),
                (ZeroShares::Never, Masking::Replaces),
            ] {
                let op = Op::Attention {
                    heads,
                    scale: 0.25,
                    zero,
                    masking,
                };
                let operands = [&operands[..], &[mask.clone()]].concat();
                let what = format!("{shape:?} {hidden} {zero:?} {masking:?}");
                agrees(&gpu, op, &operands, &what);
            }
        }
    }
}

#[test]
fn a_mask_that_replaces_hides_scores_beyond_all_numbers() {
    let Some(gpu) = gpu() else { return };
    let (queries, keys) = (3, 37);
    let mut k = floats(2, &[1, keys, 4]).as_f32().unwrap().to_vec();
    // Finite operands, whose products are not.
    k[4..8].fill(f32::MAX);
    let q = Tensor::new([1, queries, 4], Values::F32(vec![9.0; queries * 4])).unwrap();
    let k = Tensor::new([1, keys, 4], Values::F32(k)).unwrap();
    for hidden in [f32::MIN, f32::NEG_INFINITY] {
        let mask = (0..keys).map(|at| if at == 1 { hidden } else { 0.0 });
        let mask = Tensor::new([keys], Values::F32(mask.collect())).unwrap();
        let op = Op::Attention {
            heads: 1,
            scale: 0.25,
            zero: ZeroShares::Never,
            masking: Masking::Replaces,
        };
        let operands = [q.clone(), k.clone(), floats(3, &[1, keys, 8]), mask];
        agrees(&gpu, op, &operands, &hidden.to_string());
    }
}
