//! Products, whose weights come with each run or are known and packed.

use crate::graph::{Graph, Sink, agrees};
use crate::seeded::{as_bytes, byte, bytes, float, floats, noise, positive, tensor};
use nearshelf_engine::{Binary, DType, Op, Tensor, Unary, ValueId, Values};

/// Around the blocks of rows (4, 64), of depth (4) and of columns (4, 8) that kernels work on.
const ROWS: [usize; 7] = [1, 2, 3, 4, 5, 33, 65];
const DEPTHS: [usize; 9] = [1, 2, 3, 4, 5, 7, 63, 64, 65];
const COLUMNS: [usize; 10] = [1, 3, 4, 5, 7, 8, 9, 12, 17, 64];

/// Calls `check(rows, depth, columns, seed)` for all of them.
fn at_all_edges(mut check: impl FnMut(usize, usize, usize, u32)) {
    let mut seed = 0;
    for rows in ROWS {
        for depth in DEPTHS {
            for columns in COLUMNS {
                seed += 10;
                check(rows, depth, columns, seed);
            }
        }
    }
}

pub fn products_agree_at_all_edges(to: &mut Sink) {
    at_all_edges(|m, k, n, seed| {
        let what = format!("{m} × {k} × {n}");
        let (a, b) = (floats(seed, &[m, k]), floats(seed + 1, &[k, n]));
        agrees(to, Op::MatMul, &[a.clone(), b.clone()], &what);
        let mut graph = Graph::new();
        let (a, b) = (graph.input(a), graph.constant(b));
        let y = graph.push(Op::MatMul, &[a, b]);
        graph.agrees_on(to, &[y], "Linear", &what);
        let zeros = bytes(DType::I8, seed + 4, &[n]);
        for dtype in [DType::U8, DType::I8] {
            let a = bytes(dtype, seed + 2, &[m, k]);
            let b = bytes(DType::I8, seed + 3, &[k, n]);
            let operands = [a, b, byte(dtype, 100), zeros.clone()];
            agrees(to, Op::MatMulInteger, &operands, &what);
        }
    });
}

pub fn every_activation_agrees_behind_a_product(to: &mut Sink) {
    for activation in [
        Unary::Abs,
        Unary::Neg,
        Unary::Exp,
        Unary::Sin,
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
            max: 0.5,
        },
    ] {
        let what = format!("{activation:?}");
        for rows in [1, 5] {
            let mut graph = Graph::new();
            let x = graph.input(floats(1, &[rows, 18]));
            let (w, bias) = (
                graph.constant(floats(2, &[18, 11])),
                graph.constant(floats(3, &[11])),
            );
            let y = graph.push(Op::MatMul, &[x, w]);
            let y = graph.push(Op::Binary(Binary::Add), &[y, bias]);
            let y = graph.push(Op::Unary(activation), &[y]);
            graph.agrees_on(to, &[y], "Linear", &what);
            for (spread, operator) in [(255, "DynamicLinear"), (127, "DynamicLinearNarrow")] {
                let mut graph = Graph::new();
                let x = bytes(DType::U8, 1, &[rows, 18]);
                let weights = weights(2, 18, 11, spread);
                let y = dynamic(&mut graph, x, byte(DType::U8, 90), weights);
                let y = graph.push(Op::Unary(activation), &[y]);
                graph.agrees_on(to, &[y], operator, &what);
            }
        }
    }
}

/// Weights whose columns span `spread` above a least one of their own, which the first column shows.
fn weights(seed: u32, depth: usize, columns: usize, spread: u8) -> Tensor {
    let mut values: Vec<u8> = noise(seed, depth * columns)
        .iter()
        .map(|x| ((x + 1.0) / 2.0 * (f32::from(spread) + 1.0)) as u8)
        .collect();
    values[0] = 0;
    values[(depth - 1) * columns] = spread;
    let lows: Vec<u8> = noise(seed + 1, columns)
        .iter()
        .map(|x| (x.abs() * f32::from(255 - spread)) as u8)
        .collect();
    for row in values.chunks_exact_mut(columns) {
        row.iter_mut()
            .zip(&lows)
            .for_each(|(value, low)| *value += low);
    }
    tensor(&[depth, columns], as_bytes(DType::I8, values))
}

/// What ONNX Runtime's dynamic quantization writes behind bytes and their zero point.
fn dynamic(graph: &mut Graph, x: Tensor, x_zero: Tensor, weights: Tensor) -> ValueId {
    let columns = weights.shape()[1];
    let (x, x_scale, x_zero) = (
        graph.input(x),
        graph.input(float(0.013)),
        graph.input(x_zero),
    );
    let (w, w_zero) = (
        graph.constant(weights),
        graph.constant(byte(DType::I8, 128)),
    );
    let w_scale = graph.constant(positive(8, columns));
    let scale = graph.push(Op::Binary(Binary::Mul), &[x_scale, w_scale]);
    let sums = graph.push(Op::MatMulInteger, &[x, w, x_zero, w_zero]);
    let sums = graph.push(Op::Cast { to: DType::F32 }, &[sums]);
    let y = graph.push(Op::Binary(Binary::Mul), &[sums, scale]);
    let bias = graph.constant(floats(9, &[columns]));
    graph.push(Op::Binary(Binary::Add), &[y, bias])
}

fn dynamic_products_agree_at_all_edges(to: &mut Sink, spread: u8, operator: &str) {
    at_all_edges(|m, k, n, seed| {
        // A single weight spans nothing.
        let operator = if k == 1 {
            "DynamicLinearNarrow"
        } else {
            operator
        };
        for (dtype, zero) in [(DType::U8, 0), (DType::U8, 131), (DType::I8, 255)] {
            let mut graph = Graph::new();
            let x = bytes(dtype, seed, &[m, k]);
            let weights = weights(seed + 1, k, n, spread);
            let y = dynamic(&mut graph, x, byte(dtype, zero), weights);
            graph.agrees_on(
                to,
                &[y],
                operator,
                &format!("{m} × {k} × {n}, {dtype} from {zero}"),
            );
        }
    });
}

pub fn dynamically_quantized_products_agree_at_all_edges(to: &mut Sink) {
    dynamic_products_agree_at_all_edges(to, 255, "DynamicLinear");
}

pub fn products_of_seven_bit_weights_agree_at_all_edges(to: &mut Sink) {
    dynamic_products_agree_at_all_edges(to, 127, "DynamicLinearNarrow");
}

/// Where sums of products of bytes are largest, and would be the first to saturate.
pub fn products_of_the_largest_bytes_agree(to: &mut Sink) {
    let (depth, columns) = (65, 9);
    for (least, most, operator) in [
        (0, 127, "DynamicLinearNarrow"),
        (64, 191, "DynamicLinearNarrow"),
        (128, 255, "DynamicLinearNarrow"),
        (0, 255, "DynamicLinear"),
    ] {
        for (few, many) in [(least, most), (most, least)] {
            for (rows, x, zero) in [
                (1, 0, 255),
                (5, 0, 255),
                (5, 255, 0),
                (5, 255, 255),
                (5, 0, 0),
            ] {
                for dtype in [DType::U8, DType::I8] {
                    let mut values = vec![many; depth * columns];
                    values[..columns].fill(few);
                    let weights = tensor(&[depth, columns], as_bytes(DType::I8, values));
                    let x = tensor(&[rows, depth], as_bytes(dtype, vec![x; rows * depth]));
                    let mut graph = Graph::new();
                    let y = dynamic(&mut graph, x, byte(dtype, zero), weights);
                    graph.agrees_on(to, &[y], operator, &format!("{many}, {dtype} from {zero}"));
                }
            }
        }
    }
}

pub fn statically_quantized_products_give_the_same_bytes(to: &mut Sink) {
    at_all_edges(|m, k, n, seed| {
        for (dtype, zero) in [(DType::U8, 0), (DType::I8, 131)] {
            let mut graph = Graph::new();
            let x = graph.input(bytes(dtype, seed, &[m, k]));
            let operands = [
                x,
                graph.constant(float(0.02)),
                graph.constant(byte(dtype, zero)),
                graph.constant(bytes(DType::I8, seed + 1, &[k, n])),
                graph.constant(positive(seed + 2, n)),
                graph.constant(tensor(&[n], Values::I8(vec![0; n]))),
                graph.constant(float(0.2)),
                graph.constant(byte(dtype, 99)),
            ];
            let y = graph.push(Op::QLinearMatMul, &operands);
            graph.agrees_on(to, &[y], "QLinear", &format!("{m} × {k} × {n}, {dtype}"));
        }
    });
}

pub fn quantized_products_of_weights_given_at_run_time_give_the_same_bytes(to: &mut Sink) {
    for (m, k, n) in [(1, 1, 1), (3, 5, 7), (4, 64, 17), (33, 65, 4)] {
        for (dtype, zero) in [(DType::U8, 0), (DType::I8, 131)] {
            let operands = [
                bytes(dtype, 1, &[2, m, k]),
                float(0.02),
                byte(dtype, zero),
                bytes(DType::I8, 2, &[k, n]),
                positive(3, n),
                bytes(DType::I8, 4, &[n]),
                float(0.2),
                byte(dtype, 99),
            ];
            agrees(
                to,
                Op::QLinearMatMul,
                &operands,
                &format!("{m} × {k} × {n}, {dtype}"),
            );
        }
    }
}
