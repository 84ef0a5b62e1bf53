//! Attention at the edges of the blocks of queries (8), of keys and of columns (4) that kernels work on.

use crate::graph::{Sink, agrees};
use crate::seeded::{floats, noise, tensor};
use nearshelf_engine::{Masking, Op, Tensor, Values, ZeroShares};

const QUERIES: [usize; 6] = [1, 2, 7, 8, 9, 33];
const KEYS: [usize; 6] = [0, 1, 3, 4, 5, 33];
/// Columns of a head's queries and keys, and of its values.
const WIDTHS: [[usize; 2]; 5] = [[0, 1], [1, 3], [4, 4], [5, 9], [64, 64]];

fn attention(heads: usize, scale: f32) -> Op {
    Op::Attention {
        heads,
        scale,
        zero: match heads {
            1 => ZeroShares::Never,
            2 => ZeroShares::Hidden,
            _ => ZeroShares::NoNumber,
        },
        masking: match heads {
            1 => Masking::Added,
            _ => Masking::Replaces,
        },
    }
}

/// A mask that hides some keys, and all of some queries.
fn mask(seed: u32, shape: &[usize]) -> Tensor {
    let keys = shape.last().copied().unwrap_or(1).max(1);
    let values = noise(seed, shape.iter().product());
    let values = values.iter().enumerate().map(|(at, &x)| {
        let is_hidden = x > 0.4 || (at / keys) % 5 == 3;
        if is_hidden { f32::NEG_INFINITY } else { x }
    });
    tensor(shape, Values::F32(values.collect()))
}

pub fn attention_agrees_at_all_edges(to: &mut Sink) {
    let mut seed = 0;
    for t in QUERIES {
        for s in KEYS {
            for [d, e] in WIDTHS {
                for heads in [1, 2, 3] {
                    seed += 10;
                    let what = format!("{heads} heads, {t} × {s}, {d} and {e} columns");
                    let operands = [
                        floats(seed, &[2, t, heads * d]),
                        floats(seed + 1, &[2, s, heads * d]),
                        floats(seed + 2, &[2, s, heads * e]),
                    ];
                    let op = attention(heads, 0.7);
                    agrees(to, op.clone(), &operands, &what);
                    for shape in [&[2, 1, 1, s][..], &[1, heads, t, s], &[t, 1]] {
                        let masked = [&operands[..], &[mask(seed + 3, shape)]].concat();
                        agrees(to, op.clone(), &masked, &format!("{what}, mask {shape:?}"));
                    }
                }
            }
        }
    }
}

pub fn attention_agrees_where_heads_have_an_axis(to: &mut Sink) {
    for (t, s) in [(1, 5), (9, 4)] {
        let operands = [
            floats(1, &[2, 3, t, 5]),
            floats(2, &[2, s, 15]),
            floats(3, &[2, 3, s, 6]),
        ];
        agrees(to, attention(3, 1.0), &operands, &format!("{t} × {s}"));
    }
}

pub fn attention_over_long_texts_and_large_scores_agrees(to: &mut Sink) {
    let operands = [1, 2, 3].map(|seed| floats(seed, &[1, 512, 32]));
    agrees(to, attention(2, 0.25), &operands, "512 tokens");
    // One key takes all.
    let shares = [&operands[..], &[mask(4, &[512, 512])]].concat();
    agrees(to, attention(2, 8.0), &shares, "512 tokens, large scores");
}
