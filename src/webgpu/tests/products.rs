//! Products: tiles at their edges, rows that start anywhere, the largest bytes.

use super::agree::{agrees, bytes, either_way, floats, gpu, integers, noise, signed_bytes};
use nearshelf_engine::{Op, Tensor, Unary, Values};

/// Rows, depth and columns about the edges of tiles, words and blocks.
const EXTENTS: [[usize; 3]; 15] = [
    [1, 1, 1],
    [1, 3, 4],
    [1, 64, 64],
    [2, 4, 3],
    [3, 5, 9],
    [4, 8, 8],
    [5, 7, 5],
    [63, 65, 12],
    [64, 63, 20],
    [65, 64, 65],
    [1, 1030, 24],
    [4, 2048, 16],
    [19, 1030, 440],
    [0, 4, 8],
    [3, 0, 8],
];

pub fn scalar(values: Values) -> Tensor {
    Tensor::new([], values).unwrap()
}

/// Weights of bytes in panels, with zero beyond the edges, and a scale and a bias each column.
pub fn q8_panels(depth: usize, columns: usize) -> Tensor {
    let groups = depth.div_ceil(4);
    let halves = 2 * columns.div_ceil(8);
    let mut panels = vec![0; halves * groups * 16];
    let values = noise(7, depth * columns);
    for p in 0..depth {
        for j in 0..columns {
            let at = ((j / 4 * groups + p / 4) * 4 + j % 4) * 4 + p % 4;
            panels[at] = (values[p * columns + j] * 127.9) as i8;
        }
    }
    Tensor::new([halves, groups, 16], Values::I8(panels)).unwrap()
}

pub fn f32_panels(depth: usize, columns: usize) -> Tensor {
    let mut panels = vec![0.0; columns.div_ceil(8) * depth * 8];
    let values = noise(8, depth * columns);
    for p in 0..depth {
        for j in 0..columns {
            panels[(j / 8 * depth + p) * 8 + j % 8] = values[p * columns + j];
        }
    }
    Tensor::new([columns.div_ceil(8), depth, 8], Values::F32(panels)).unwrap()
}

pub fn steps(columns: usize, scale: f32) -> Tensor {
    let values = noise(9, columns).into_iter();
    let values = values.map(|x| (x.abs() + 0.1) * scale);
    Tensor::new([columns], Values::F32(values.collect())).unwrap()
}

#[test]
fn rows_are_multiplied_with_panels_of_floats() {
    for gpu in either_way() {
        for [rows, depth, columns] in EXTENTS {
            let op = Op::Linear {
                columns,
                activation: Some(Unary::Relu),
            };
            let operands = [
                floats(1, &[rows, depth]),
                f32_panels(depth, columns),
                floats(2, &[columns]),
            ];
            agrees(&gpu, op, &operands, &format!("{rows}×{depth}×{columns}"));
        }
    }
}

#[test]
fn every_activation_follows_a_product() {
    let Some(gpu) = gpu() else { return };
    for activation in [
        None,
        Some(Unary::Gelu),
        Some(Unary::LeakyRelu { alpha: 0.1 }),
        Some(Unary::HardSigmoid {
            alpha: 0.2,
            beta: 0.5,
        }),
        Some(Unary::Clip { min: 0.0, max: 0.5 }),
        Some(Unary::Tanh),
        Some(Unary::Silu),
    ] {
        let op = Op::Linear {
            columns: 9,
            activation,
        };
        let operands = [floats(1, &[2, 3, 6]), f32_panels(6, 9), floats(2, &[9])];
        agrees(&gpu, op, &operands, &format!("{activation:?}"));
        let op = Op::DynamicLinear {
            columns: 9,
            activation,
        };
        let operands = [
            bytes(1, &[2, 3, 6]),
            scalar(Values::F32(vec![0.01])),
            scalar(Values::U8(vec![99])),
            q8_panels(6, 9),
            steps(9, 0.01),
            floats(2, &[9]),
        ];
        agrees(&gpu, op, &operands, &format!("{activation:?}"));
    }
}

#[test]
fn matrices_are_multiplied_and_their_batches_broadcast() {
    for gpu in either_way() {
        for [rows, depth, columns] in EXTENTS {
            let what = format!("{rows}×{depth}×{columns}");
            let operands = [floats(1, &[rows, depth]), floats(2, &[depth, columns])];
            agrees(&gpu, Op::MatMul, &operands, &what);
        }
        for (a, b) in [
            (&[2, 3, 5][..], &[5, 7][..]),
            (&[2, 3, 5], &[2, 5, 8]),
            (&[3, 5], &[2, 5, 8]),
            (&[2, 1, 3, 5], &[1, 4, 5, 7]),
            (&[2, 1, 2, 3, 8], &[2, 3, 1, 8, 4]),
            (&[2, 3, 0], &[0, 7]),
        ] {
            let columns = b[b.len() - 1];
            let operands = [floats(1, a), floats(2, b), floats(3, &[columns])];
            agrees(&gpu, Op::MatMul, &operands, &format!("{a:?}×{b:?}"));
        }
    }
}

/// Bytes of both signs with the largest zero points and the smallest.
fn rows_of_bytes(rows: usize, depth: usize) -> [(Tensor, Values, Values); 4] {
    [
        (
            bytes(1, &[rows, depth]),
            Values::U8(vec![0]),
            Values::U8(vec![128]),
        ),
        (
            signed_bytes(3, &[rows, depth]),
            Values::I8(vec![-128]),
            Values::I8(vec![-3]),
        ),
        (
            bytes(2, &[rows, depth]),
            Values::U8(vec![255]),
            Values::I8(vec![-128]),
        ),
        (
            signed_bytes(4, &[rows, depth]),
            Values::I8(vec![127]),
            Values::U8(vec![0]),
        ),
    ]
}

#[test]
fn products_of_bytes_are_the_same_bytes() {
    for gpu in either_way() {
        for (at, [rows, depth, columns]) in EXTENTS.into_iter().enumerate() {
            let (x, zero, y_zero) = rows_of_bytes(rows, depth)[at % 4].clone();
            let operands = [
                x,
                scalar(zero),
                q8_panels(depth, columns),
                steps(columns, 0.9 / (depth.max(1) as f32)),
                integers(3, &[columns], -900, 900),
                scalar(y_zero),
            ];
            let what = format!("{rows}×{depth}×{columns}");
            agrees(&gpu, Op::QLinear { columns }, &operands, &what);
        }
    }
}

#[test]
fn products_of_bytes_become_floats_with_weights_of_eight_bits_and_of_seven() {
    for gpu in either_way() {
        for (at, [rows, depth, columns]) in EXTENTS.into_iter().enumerate() {
            let (x, zero, _) = rows_of_bytes(rows, depth)[at % 2].clone();
            let operands = [
                x,
                scalar(Values::F32(vec![0.02])),
                scalar(zero),
                q8_panels(depth, columns),
                steps(columns, 0.01),
                floats(5, &[columns]),
            ];
            let what = format!("{rows}×{depth}×{columns}");
            let activation = None;
            let op = Op::DynamicLinear {
                columns,
                activation,
            };
            agrees(&gpu, op, &operands, &what);
            let narrow = [
                integers(6, &[columns], -128, 1),
                integers(7, &[columns], 0, 99),
            ];
            let operands = [&operands[..], &narrow].concat();
            let op = Op::DynamicLinearNarrow {
                columns,
                activation,
            };
            agrees(&gpu, op, &operands, &what);
        }
    }
}

#[test]
fn sums_of_the_largest_bytes_are_exact() {
    for gpu in either_way() {
        for depth in [511_usize, 512, 513, 4096] {
            let groups = depth.div_ceil(4);
            let is_inside = |at: usize| at / 16 % groups * 4 + at % 4 < depth;
            let panels = (0..groups * 32).map(|at| if is_inside(at) { -128 } else { 0 });
            let panels = Tensor::new([2, groups, 16], Values::I8(panels.collect()));
            let operands = [
                Tensor::new([5, depth], Values::U8(vec![255; 5 * depth])).unwrap(),
                scalar(Values::U8(vec![0])),
                panels.unwrap(),
                Tensor::new([8], Values::F32(vec![1.0 / 1024.0; 8])).unwrap(),
                // So that what is left of the sums is small enough for a byte.
                Tensor::new([8], {
                    let sum = 255 * 128 * depth as i32;
                    Values::I32((0..8).map(|n| sum + n * 8192 - 7).collect())
                })
                .unwrap(),
                scalar(Values::U8(vec![3])),
            ];
            let op = Op::QLinear { columns: 8 };
            agrees(&gpu, op, &operands, &format!("{depth}"));
        }
    }
}
