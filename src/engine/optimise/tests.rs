//! An optimised graph computes what the graph computed: scalar against scalar, and scalar against fastest.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod attention;
mod layout;
mod seven_bits;

use crate::*;
use nearshelf_kernels::tolerance::{REORDERED_SUM, close};
use std::sync::Arc;

/// Small numbers without a pattern, the same for a seed.
fn noise(seed: u32, len: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

fn floats(seed: u32, shape: &[usize]) -> Tensor {
    let len = shape.iter().product();
    Tensor::new(shape, Values::F32(noise(seed, len))).unwrap()
}

fn unsigned(seed: u32, shape: &[usize]) -> Tensor {
    let values = noise(seed, shape.iter().product());
    let values = values.iter().map(|x| ((x + 1.0) * 127.6) as u8);
    Tensor::new(shape, Values::U8(values.collect())).unwrap()
}

fn signed(seed: u32, shape: &[usize]) -> Tensor {
    let values = noise(seed, shape.iter().product());
    let values = values.iter().map(|x| (x * 127.9) as i8);
    Tensor::new(shape, Values::I8(values.collect())).unwrap()
}

/// Bytes of either sign.
fn bytes(dtype: DType, seed: u32, shape: &[usize]) -> Tensor {
    match dtype {
        DType::I8 => signed(seed, shape),
        _ => unsigned(seed, shape),
    }
}

fn positive(seed: u32, len: usize) -> Tensor {
    let values = noise(seed, len)
        .iter()
        .map(|x| 0.01 + x.abs() / 50.0)
        .collect();
    Tensor::new([len], Values::F32(values)).unwrap()
}

/// A graph under construction.
struct Graph {
    builder: PlanBuilder,
    inputs: Vec<(String, Tensor)>,
}

impl Graph {
    fn new() -> Self {
        Self {
            builder: PlanBuilder::new(),
            inputs: Vec::new(),
        }
    }

    fn input(&mut self, tensor: Tensor) -> ValueId {
        let name = format!("x{}", self.inputs.len());
        let id = self.builder.input(&name, tensor.ty()).unwrap();
        self.inputs.push((name, tensor));
        id
    }

    fn constant(&mut self, tensor: Tensor) -> ValueId {
        self.builder.constant(tensor)
    }

    fn scalar(&mut self, value: f32) -> ValueId {
        self.constant(Tensor::new([], Values::F32(vec![value])).unwrap())
    }

    /// A zero point of `dtype`, `value` steps above the lowest byte.
    fn zero_of(&mut self, dtype: DType, value: u8) -> ValueId {
        let values = match dtype {
            DType::I8 => Values::I8(vec![(i16::from(value) - 128) as i8]),
            _ => Values::U8(vec![value]),
        };
        self.constant(Tensor::new([], values).unwrap())
    }

    fn push(&mut self, op: Op, inputs: &[ValueId]) -> ValueId {
        self.builder.push("node", op, inputs).unwrap()[0]
    }

    fn output(&mut self, id: ValueId) {
        self.builder.output("y", id).unwrap();
    }
}

fn outcome(
    builder: PlanBuilder,
    inputs: &[(String, Tensor)],
    set: KernelSet,
) -> (Tensor, Vec<&'static str>) {
    let plan = Arc::new(builder.finish().unwrap());
    let read = Plan::from_bytes(&plan.to_bytes().unwrap()).unwrap();
    let operators = read.nodes().map(|node| node.operator).collect();
    let mut session = CpuSession::with_kernels(Arc::new(read), set).unwrap();
    let named: Vec<(&str, &Tensor)> = inputs.iter().map(|(n, t)| (n.as_str(), t)).collect();
    session.run(&named).unwrap();
    (session.run(&named).unwrap().remove(0), operators)
}

/// Floats may differ by the order of sums, bytes not at all.
fn assert_alike(found: &Tensor, wanted: &Tensor, what: &str) {
    assert_eq!(found.ty(), wanted.ty(), "{what}");
    match (found.values(), wanted.values()) {
        (Values::F32(found), Values::F32(wanted)) => {
            let largest = wanted.iter().fold(1.0_f32, |most, x| most.max(x.abs()));
            let worst = found.iter().zip(wanted);
            let worst = worst.filter(|(a, b)| !close(**a, **b, REORDERED_SUM * largest));
            assert_eq!(worst.count(), 0, "{what}");
        }
        (found, wanted) => assert_eq!(found, wanted, "{what}"),
    }
}

/// Builds the graph thrice and compares; returns the optimised graph's operators.
fn assert_unchanged(what: &str, build: impl Fn(&mut Graph)) -> Vec<&'static str> {
    let made = || {
        let mut graph = Graph::new();
        build(&mut graph);
        graph
    };
    let plain = made();
    let (wanted, _) = outcome(plain.builder, &plain.inputs, KernelSet::Scalar);
    let mut operators = Vec::new();
    for set in [KernelSet::Scalar, KernelSet::Fastest] {
        let graph = made();
        let optimised = optimise(graph.builder, WeightBits::Eight).unwrap();
        let (found, names) = outcome(optimised, &graph.inputs, set);
        assert_alike(&found, &wanted, &format!("{what}, {set:?}"));
        operators = names;
    }
    operators
}

#[test]
fn a_product_with_bias_and_activation_becomes_one_operator_at_all_edges() {
    for (m, k, n) in [
        (1, 1, 1),
        (1, 64, 65),
        (3, 5, 7),
        (4, 8, 8),
        (5, 9, 17),
        (33, 63, 24),
    ] {
        let operators = assert_unchanged(&format!("{m} {k} {n}"), |graph| {
            let x = graph.input(floats(1, &[2, m, k]));
            let w = graph.constant(floats(2, &[k, n]));
            let bias = graph.constant(floats(3, &[1, n]));
            let y = graph.push(Op::MatMul, &[x, w]);
            let y = graph.push(Op::Binary(Binary::Add), &[bias, y]);
            let y = graph.push(Op::Unary(Unary::Tanh), &[y]);
            graph.output(y);
        });
        assert_eq!(operators, ["Linear"]);
    }
}

#[test]
fn a_value_that_something_else_reads_stays() {
    let operators = assert_unchanged("two readers", |graph| {
        let x = graph.input(floats(1, &[3, 4]));
        let w = graph.constant(floats(2, &[4, 4]));
        let y = graph.push(Op::MatMul, &[x, w]);
        let z = graph.push(Op::Unary(Unary::Relu), &[y]);
        let sum = graph.push(Op::Binary(Binary::Add), &[y, z]);
        graph.output(sum);
    });
    assert_eq!(operators, ["Linear", "Relu", "Add"]);
}

/// What ONNX Runtime's dynamic quantization writes.
fn dynamic(graph: &mut Graph, weights: Tensor, zero: Tensor, rows: usize) {
    let [k, n] = weights.shape()[..] else {
        panic!("weights are a matrix")
    };
    let x = graph.input(floats(7, &[rows, k]));
    let quantized = graph
        .builder
        .push("q", Op::DynamicQuantizeLinear, &[x])
        .unwrap();
    let (w, w_zero) = (graph.constant(weights), graph.constant(zero));
    let w_scale = graph.constant(positive(8, n));
    let scale = graph.push(Op::Binary(Binary::Mul), &[quantized[1], w_scale]);
    let sums = graph.push(Op::MatMulInteger, &[quantized[0], w, quantized[2], w_zero]);
    let sums = graph.push(Op::Cast { to: DType::F32 }, &[sums]);
    let y = graph.push(Op::Binary(Binary::Mul), &[sums, scale]);
    let bias = graph.constant(floats(9, &[n]));
    let y = graph.push(Op::Binary(Binary::Add), &[y, bias]);
    graph.output(y);
}

#[test]
fn a_dynamically_quantized_product_becomes_one_operator_at_all_edges() {
    for (m, k, n) in [(1, 1, 1), (1, 65, 8), (2, 4, 9), (5, 7, 3), (33, 64, 17)] {
        let weights = |steps: i8| {
            let mut values = match signed(2, &[k, n]).values() {
                Values::I8(values) => values.clone(),
                _ => panic!("signed bytes"),
            };
            values.iter_mut().for_each(|value| *value /= steps);
            // The first column spans all there is.
            for (at, end) in [(0, 127), ((k - 1) * n, -128)] {
                values[at] = end / steps;
            }
            Tensor::new([k, n], Values::I8(values)).unwrap()
        };
        let zero = || Tensor::new([], Values::I8(vec![0])).unwrap();
        let eight = assert_unchanged(&format!("{m} {k} {n}"), |graph| {
            dynamic(graph, weights(1), zero(), m);
        });
        // A single weight spans nothing.
        let linear = ["DynamicLinear", "DynamicLinearNarrow"][usize::from(k == 1)];
        assert_eq!(eight, ["DynamicQuantizeLinear", linear]);
        let seven = assert_unchanged(&format!("seven bits, {m} {k} {n}"), |graph| {
            dynamic(graph, weights(2), zero(), m);
        });
        assert_eq!(seven, ["DynamicQuantizeLinear", "DynamicLinearNarrow"]);
        assert_unchanged("unsigned weights", |graph| {
            let zero = Tensor::new([n], Values::U8(vec![128; n])).unwrap();
            dynamic(graph, unsigned(2, &[k, n]), zero, m);
        });
    }
}

#[test]
fn weights_that_need_nine_bits_stay_as_they_are() {
    let operators = assert_unchanged("nine bits", |graph| {
        let zero = Tensor::new([], Values::U8(vec![3])).unwrap();
        dynamic(graph, unsigned(2, &[8, 8]), zero, 2);
    });
    assert!(operators.contains(&"MatMulInteger"));
}

#[test]
fn a_quantized_product_gives_the_same_bytes() {
    for dtype in [DType::U8, DType::I8] {
        let operators = assert_unchanged("QLinearMatMul", |graph| {
            let x = graph.input(bytes(dtype, 1, &[3, 5, 18]));
            let (scale, zero) = (graph.scalar(0.02), graph.zero_of(dtype, 7));
            let w = graph.constant(signed(2, &[18, 10]));
            let w_scale = graph.constant(positive(4, 10));
            let w_zero = graph.constant(Tensor::new([10], Values::I8(vec![0; 10])).unwrap());
            let (y_scale, y_zero) = (graph.scalar(0.2), graph.zero_of(dtype, 99));
            let y = graph.push(
                Op::QLinearMatMul,
                &[x, scale, zero, w, w_scale, w_zero, y_scale, y_zero],
            );
            graph.output(y);
        });
        assert_eq!(operators, ["QLinear"]);
    }
}

#[test]
fn weights_that_several_nodes_read_are_packed_once() {
    let mut graph = Graph::new();
    let mut x = graph.input(floats(1, &[2, 16]));
    let w = graph.constant(floats(2, &[16, 16]));
    for _ in 0..5 {
        x = graph.push(Op::MatMul, &[x, w]);
    }
    graph.output(x);
    let plan = optimise(graph.builder, WeightBits::Eight)
        .unwrap()
        .finish()
        .unwrap();
    assert!(plan.weight_bytes() < 2 * 16 * 16 * 4);
}

#[test]
fn a_long_chain_of_products_and_a_huge_sum_are_soon_done() {
    let mut graph = Graph::new();
    let mut x = graph.input(floats(1, &[4]));
    let half = graph.scalar(0.5);
    for _ in 0..20_000 {
        x = graph.push(Op::Binary(Binary::Mul), &[x, half]);
    }
    graph.output(x);
    let huge = TensorType::new(DType::F32, [1 << 40]);
    let huge = graph.builder.input("huge", huge).unwrap();
    let sum = graph.push(Op::Binary(Binary::Add), &[huge, half]);
    graph.builder.output("sum", sum).unwrap();
    let optimised = optimise(graph.builder, WeightBits::Eight).unwrap();
    assert!(matches!(
        optimised.finish(),
        Err(PlanError::TooLarge { .. })
    ));
}

#[test]
fn constants_of_a_higher_rank_keep_the_results_shape() {
    assert_unchanged("gelu by [1, 1, 1]", |graph| {
        let x = graph.input(floats(1, &[3, 8]));
        let (root, one) = (graph.scalar(std::f32::consts::SQRT_2), graph.scalar(1.0));
        let half = graph.constant(Tensor::new([1, 1, 1], Values::F32(vec![0.5])).unwrap());
        let e = graph.push(Op::Binary(Binary::Div), &[x, root]);
        let e = graph.push(Op::Unary(Unary::Erf), &[e]);
        let e = graph.push(Op::Binary(Binary::Add), &[e, one]);
        let y = graph.push(Op::Binary(Binary::Mul), &[x, e]);
        let y = graph.push(Op::Binary(Binary::Mul), &[y, half]);
        graph.output(y);
    });
}

#[test]
fn a_sum_between_quantized_tensors_becomes_one_operator() {
    for dtype in [DType::U8, DType::I8] {
        let operators = assert_unchanged("QLinearAdd", |graph| {
            let (a, b) = (
                graph.input(bytes(dtype, 1, &[2, 33])),
                graph.input(bytes(dtype, 2, &[2, 33])),
            );
            // No ties: there the fused operator rounds as ONNX Runtime does.
            let parameters = [(0.0213, 10), (0.0337, 140), (0.0391, 90)];
            let parameters =
                parameters.map(|(scale, zero)| (graph.scalar(scale), graph.zero_of(dtype, zero)));
            let dequantize = |graph: &mut Graph, x, (scale, zero)| {
                graph.push(Op::DequantizeLinear { axis: 0 }, &[x, scale, zero])
            };
            let a = dequantize(graph, a, parameters[0]);
            let b = dequantize(graph, b, parameters[1]);
            let sum = graph.push(Op::Binary(Binary::Add), &[a, b]);
            let (scale, zero) = parameters[2];
            let y = graph.push(Op::QuantizeLinear { axis: 0 }, &[sum, scale, zero]);
            graph.output(y);
        });
        assert_eq!(operators, ["QLinearAdd"]);
    }
}

#[test]
fn a_rectified_sum_of_quantized_tensors_becomes_one_operator_where_saturation_rectifies() {
    for dtype in [DType::U8, DType::I8] {
        for (above_lowest, read_twice) in [(0, false), (9, false), (0, true)] {
            let operators = assert_unchanged("rectified sum", |graph| {
                let (a, b) = (
                    graph.input(bytes(dtype, 1, &[2, 33])),
                    graph.input(bytes(dtype, 2, &[2, 33])),
                );
                let (a_scale, b_scale) = (graph.scalar(0.0213), graph.scalar(0.0337));
                let (a_zero, b_zero) = (graph.zero_of(dtype, 90), graph.zero_of(dtype, 140));
                let op = Op::DequantizeLinear { axis: 0 };
                let a = graph.push(op.clone(), &[a, a_scale, a_zero]);
                let b = graph.push(op, &[b, b_scale, b_zero]);
                let sum = graph.push(Op::Binary(Binary::Add), &[a, b]);
                let rectified = graph.push(Op::Unary(Unary::Relu), &[sum]);
                let (scale, zero) = (graph.scalar(0.0391), graph.zero_of(dtype, above_lowest));
                let y = graph.push(Op::QuantizeLinear { axis: 0 }, &[rectified, scale, zero]);
                graph.output(y);
                if read_twice {
                    graph.builder.output("rectified", rectified).unwrap();
                }
            });
            if above_lowest == 0 && !read_twice {
                assert_eq!(operators, ["QLinearAdd"]);
            } else {
                assert!(operators.contains(&"Relu") && operators.contains(&"Add"));
            }
        }
    }
}

#[test]
fn gelu_and_silu_written_out_become_activations() {
    for times_half_first in [true, false] {
        let operators = assert_unchanged("gelu", |graph| {
            let x = graph.input(floats(1, &[3, 8]));
            let w = graph.constant(floats(2, &[8, 16]));
            let h = graph.push(Op::MatMul, &[x, w]);
            let (root, one, half) = (
                graph.scalar(std::f32::consts::SQRT_2),
                graph.scalar(1.0),
                graph.scalar(0.5),
            );
            let e = graph.push(Op::Binary(Binary::Div), &[h, root]);
            let e = graph.push(Op::Unary(Unary::Erf), &[e]);
            let e = graph.push(Op::Binary(Binary::Add), &[e, one]);
            let y = if times_half_first {
                let h = graph.push(Op::Binary(Binary::Mul), &[h, half]);
                graph.push(Op::Binary(Binary::Mul), &[h, e])
            } else {
                let y = graph.push(Op::Binary(Binary::Mul), &[h, e]);
                graph.push(Op::Binary(Binary::Mul), &[y, half])
            };
            graph.output(y);
        });
        assert_eq!(operators, ["Linear"]);
    }
    let operators = assert_unchanged("silu", |graph| {
        let x = graph.input(floats(1, &[40]));
        let gate = graph.push(Op::Unary(Unary::Sigmoid), &[x]);
        let y = graph.push(Op::Binary(Binary::Mul), &[gate, x]);
        graph.output(y);
    });
    assert_eq!(operators, ["Silu"]);
}

#[test]
fn layer_normalisation_written_out_becomes_one_operator() {
    let operators = assert_unchanged("layer norm", |graph| {
        let x = graph.input(floats(1, &[2, 5, 12]));
        let mean = |graph: &mut Graph, x| {
            let op = Op::Reduce {
                reduction: Reduction::Mean,
                axes: vec![2],
                keep_dims: true,
            };
            graph.push(op, &[x])
        };
        let middle = mean(graph, x);
        let centred = graph.push(Op::Binary(Binary::Sub), &[x, middle]);
        let two = graph.scalar(2.0);
        let square = graph.push(Op::Binary(Binary::Pow), &[centred, two]);
        let variance = mean(graph, square);
        let epsilon = graph.scalar(1e-5);
        let spread = graph.push(Op::Binary(Binary::Add), &[variance, epsilon]);
        let deviation = graph.push(Op::Unary(Unary::Sqrt), &[spread]);
        let normal = graph.push(Op::Binary(Binary::Div), &[centred, deviation]);
        let gain = graph.constant(floats(2, &[12]));
        let scaled = graph.push(Op::Binary(Binary::Mul), &[normal, gain]);
        let shift = graph.constant(floats(3, &[12]));
        let y = graph.push(Op::Binary(Binary::Add), &[scaled, shift]);
        graph.output(y);
    });
    assert_eq!(operators, ["LayerNormalization"]);
}
