//! Functions, normalisations, recurrences, and what lies between floats and bytes.

use crate::graph::{Sink, agrees, gives};
use crate::seeded::{as_bytes, byte, bytes, float, floats, noise, positive, tensor};
use nearshelf_engine::{DType, Direction, Op, Tensor, Unary, Values};

/// Lengths around the lanes that kernels work in.
const LENGTHS: [usize; 11] = [1, 2, 3, 4, 5, 7, 8, 9, 16, 33, 300];

/// All functions of one float.
const FUNCTIONS: [Unary; 33] = [
    Unary::Abs,
    Unary::Neg,
    Unary::Sign,
    Unary::Floor,
    Unary::Ceil,
    Unary::Round,
    Unary::Sqrt,
    Unary::Reciprocal,
    Unary::Exp,
    Unary::Log,
    Unary::Sin,
    Unary::Cos,
    Unary::Tanh,
    Unary::Sigmoid,
    Unary::Erf,
    Unary::Gelu,
    Unary::Silu,
    Unary::Softplus,
    Unary::Softsign,
    Unary::HardSwish,
    Unary::Relu,
    Unary::LeakyRelu { alpha: 0.1 },
    Unary::Elu { alpha: 0.7 },
    Unary::HardSigmoid {
        alpha: 0.2,
        beta: 0.5,
    },
    Unary::Clip {
        min: -0.5,
        max: 3.0,
    },
    Unary::Acos,
    Unary::Acosh,
    Unary::Asin,
    Unary::Asinh,
    Unary::Atan,
    Unary::Atanh,
    Unary::Cosh,
    Unary::Sinh,
];

/// Floats of all magnitudes and both signs, and those that are apart.
fn magnitudes() -> Vec<f32> {
    let grid = (-12_800..=12_800).map(|n| n as f32 / 128.0);
    let edges = [0.0, -0.0, 1e-30, -1e-30, f32::MIN_POSITIVE];
    let beyond = [f32::INFINITY, f32::NEG_INFINITY, f32::NAN];
    grid.chain(edges).chain(beyond).collect()
}

pub fn functions_agree_on_all_magnitudes(to: &mut Sink) {
    for unary in FUNCTIONS {
        let mut all = magnitudes();
        if unary == Unary::Exp {
            // There the fast one is infinite, as `kernels/math.rs` says, and the exact one not yet.
            all.retain(|x| !(88.3..88.73).contains(x));
        }
        let x = tensor(&[all.len()], Values::F32(all));
        agrees(to, Op::Unary(unary), &[x], "all magnitudes");
        let largest = tensor(&[2], Values::F32(vec![f32::MAX, f32::MIN]));
        agrees(to, Op::Unary(unary), &[largest], "the largest");
        for len in LENGTHS {
            agrees(
                to,
                Op::Unary(unary),
                &[floats(1, &[len])],
                &format!("{len} values"),
            );
        }
    }
}

pub fn softmax_agrees_along_every_axis(to: &mut Sink) {
    for len in LENGTHS {
        for (axis, shape) in [(1, [3, len]), (0, [len, 3])] {
            for spread in [1.0, 80.0, 1e6] {
                let x = noise(len as u32, 3 * len)
                    .iter()
                    .map(|x| x * spread)
                    .collect();
                let x = tensor(&shape, Values::F32(x));
                for log in [false, true] {
                    let what = format!("{shape:?}, spread {spread}, log {log}");
                    agrees(
                        to,
                        Op::Softmax { axis, log },
                        std::slice::from_ref(&x),
                        &what,
                    );
                }
            }
        }
    }
}

/// There is one kernel, which adds up in lanes: it is compared with the definition.
pub fn layer_normalization_is_what_it_is_defined_as_for_rows_of_every_length(to: &mut Sink) {
    for len in LENGTHS {
        let operands = [1, 2, 3].map(|seed| floats(seed, &[len]));
        let [x, scale, bias] = operands.each_ref().map(|x| x.as_f32().unwrap());
        let mean = x.iter().map(|&x| f64::from(x)).sum::<f64>() / len as f64;
        let squares = x.iter().map(|&x| (f64::from(x) - mean).powi(2));
        let deviation = (squares.sum::<f64>() / len as f64 + 1e-5).sqrt();
        let rows = x.iter().zip(scale).zip(bias);
        let wanted = rows
            .map(|((&x, scale), bias)| ((f64::from(x) - mean) / deviation) as f32 * scale + bias);
        let wanted = tensor(&[len], Values::F32(wanted.collect()));
        let op = Op::LayerNormalization {
            axis: 0,
            epsilon: 1e-5,
        };
        gives(to, op, &operands, wanted, &format!("{len} values"));
    }
}

pub fn recurrent_layers_agree(to: &mut Sink) {
    let (steps, batch, inputs, hidden) = (5, 3, 7, 9);
    let x = floats(1, &[steps, batch, inputs]);
    let weights = |gates: usize| {
        [
            floats(2, &[1, gates * hidden, inputs]),
            floats(3, &[1, gates * hidden, hidden]),
            floats(4, &[1, 2 * gates * hidden]),
        ]
    };
    let initial = [
        floats(5, &[1, batch, hidden]),
        floats(6, &[1, batch, hidden]),
    ];
    let direction = Direction::Forward;
    for linear_before_reset in [false, true] {
        let [w, r, bias] = weights(3);
        let operands = [x.clone(), w, r, bias, initial[0].clone()];
        let op = Op::Gru {
            direction,
            linear_before_reset,
        };
        agrees(to, op, &operands, "forward");
    }
    let [w, r, bias] = weights(4);
    let [hidden, cell] = initial;
    agrees(
        to,
        Op::Lstm { direction },
        &[x, w, r, bias, hidden, cell],
        "forward",
    );
}

pub fn quantization_gives_the_same_bytes(to: &mut Sink) {
    // Ties everywhere, and what a byte does not hold.
    let mut all: Vec<f32> = (-600..=600).map(|n| n as f32 / 4.0).collect();
    all.extend([f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 1e30, -1e30]);
    for dtype in [DType::U8, DType::I8] {
        for (scale, zero) in [(0.5, 128), (0.013, 3), (1e-8, 255), (0.0, 7)] {
            let x = tensor(&[all.len()], Values::F32(all.clone()));
            let what = format!("{dtype}, scale {scale}");
            let operands = [x, float(scale), byte(dtype, zero)];
            agrees(to, Op::QuantizeLinear { axis: 0 }, &operands, &what);
        }
        let operands = [floats(1, &[5, 9]), positive(2, 9), bytes(dtype, 3, &[9])];
        agrees(to, Op::QuantizeLinear { axis: 1 }, &operands, "an axis");
    }
    for len in LENGTHS {
        for (spread, shift) in [
            (1.0, 0.0),
            (1e-6, 0.0),
            (30.0, 40.0),
            (30.0, -40.0),
            (0.0, 0.0),
        ] {
            let x = noise(len as u32, len)
                .iter()
                .map(|x| x * spread + shift)
                .collect();
            let x = tensor(&[len], Values::F32(x));
            let what = format!("{len} values, {spread} around {shift}");
            agrees(to, Op::DynamicQuantizeLinear, &[x], &what);
        }
    }
}

pub fn sums_of_bytes_agree_for_all_pairs_ties_among_them(to: &mut Sink) {
    let all: Vec<u8> = (0..=255).collect();
    let left: Vec<u8> = all.iter().flat_map(|&a| [a; 256]).collect();
    let right = all.repeat(256);
    for (a_scale, b_scale, y_scale) in [
        (0.02, 0.03, 0.04),
        (0.05, 0.05, 0.1), // ties everywhere
        (1e-8, 0.7, 0.013),
        (97606.46, 97619.75, 1.0), // large sums that cancel
        (f32::MAX, 1.0, 1e-3),
        (0.01, 0.02, 0.0),
    ] {
        for dtype in [DType::U8, DType::I8] {
            let scale = |scale: f32| tensor(&[1], Values::F32(vec![scale]));
            let zero = |zero: u8| tensor(&[1], as_bytes(dtype, vec![zero]));
            let pairs = |bytes: &[u8]| -> Tensor {
                tensor(&[bytes.len()], as_bytes(dtype, bytes.to_vec()))
            };
            let operands = [
                pairs(&left),
                scale(a_scale),
                zero(3),
                pairs(&right),
                scale(b_scale),
                zero(121),
                scale(y_scale),
                zero(64),
            ];
            agrees(
                to,
                Op::QLinearAdd,
                &operands,
                &format!("{dtype}, {a_scale}"),
            );
        }
    }
}
