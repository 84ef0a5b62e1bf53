//! Weights that are quantized anew in seven bits.

use super::*;

/// `columns` of weights as a graph that gives them back, times their scales: one row of `x` reads one row of weights.
fn read_back(graph: &mut Graph, columns: &[Vec<i8>], scales: &[f32]) {
    let (depth, count) = (columns[0].len(), columns.len());
    let mut unit = vec![3_u8; depth * depth];
    (0..depth).for_each(|at| unit[at * depth + at] = 4);
    let x = graph.input(Tensor::new([depth, depth], Values::U8(unit)).unwrap());
    let x_zero = graph.zero_of(DType::U8, 3);
    let rows = (0..depth).flat_map(|p| columns.iter().map(move |column| column[p]));
    let w = Tensor::new([depth, count], Values::I8(rows.collect())).unwrap();
    let w = graph.constant(w);
    let w_zero = graph.zero_of(DType::I8, 128);
    let sums = graph.push(Op::MatMulInteger, &[x, w, x_zero, w_zero]);
    let sums = graph.push(Op::Cast { to: DType::F32 }, &[sums]);
    let scale = graph.constant(Tensor::new([count], Values::F32(scales.to_vec())).unwrap());
    let y = graph.push(Op::Binary(Binary::Mul), &[sums, scale]);
    graph.output(y);
}

/// The graph's result and operators with that many bits.
fn with_bits(
    build: impl Fn(&mut Graph),
    bits: WeightBits,
    set: KernelSet,
) -> (Tensor, Vec<&'static str>) {
    let mut graph = Graph::new();
    build(&mut graph);
    let optimised = optimise(graph.builder, bits).unwrap();
    outcome(optimised, &graph.inputs, set)
}

fn f32s(tensor: &Tensor) -> &[f32] {
    tensor.as_f32().unwrap()
}

/// Checks every column against its bound; returns the operators.
fn assert_near(columns: &[Vec<i8>], scales: &[f32]) -> Vec<&'static str> {
    let mut operators = Vec::new();
    for set in [KernelSet::Scalar, KernelSet::Fastest] {
        let build = |graph: &mut Graph| read_back(graph, columns, scales);
        let (eight, _) = with_bits(build, WeightBits::Eight, set);
        let (seven, names) = with_bits(build, WeightBits::Seven, set);
        operators = names;
        for (j, column) in columns.iter().enumerate() {
            let ends = (column.iter().min().unwrap(), column.iter().max().unwrap());
            let span = i32::from(*ends.1) - i32::from(*ends.0);
            for (p, &weight) in column.iter().enumerate() {
                let at = p * columns.len() + j;
                let (found, wanted) = (f32s(&seven)[at], f32s(&eight)[at]);
                if span <= 127 {
                    assert_eq!(found.to_bits(), wanted.to_bits(), "column {j}, row {p}");
                }
                let step = f64::from(span.max(127)) / 127.0 * f64::from(scales[j]);
                let error = (f64::from(found) - f64::from(wanted)).abs();
                let rounding = 1e-6 * f64::from(wanted.abs());
                let bound = 0.5 * step + rounding;
                assert!(error <= bound, "column {j}, row {p}: {error}");
                if weight == 0 {
                    assert_eq!(found, 0.0, "0 stays 0: column {j}, row {p}");
                }
            }
        }
    }
    operators
}

/// Every weight from `low` to `high`.
fn all(low: i8, high: i8) -> Vec<i8> {
    let mut column: Vec<i8> = (low..=high).collect();
    column.resize(256, low);
    column
}

#[test]
fn no_weight_is_moved_by_more_than_half_a_step_of_its_column() {
    let columns = [
        all(-128, 127),
        all(-127, 127),
        all(-64, 64),
        all(-128, 0),
        all(-1, 127),
        all(-100, 101),
    ];
    let operators = assert_near(&columns, &[0.5, 0.01, 1.0, 3e-5, 2.0, 7.0]);
    assert_eq!(operators, ["DynamicLinearNarrow"]);
}

#[test]
fn ends_of_every_span_are_held() {
    for span in 1..=255_i16 {
        let columns: Vec<Vec<i8>> = (-128..=127 - span)
            .step_by(1 + (255 - span as usize) / 5)
            .map(|low| vec![low as i8, (low + span) as i8])
            .collect();
        let operators = assert_near(&columns, &vec![0.25; columns.len()]);
        assert_eq!(operators, ["DynamicLinearNarrow"], "{span}");
    }
}

#[test]
fn columns_of_seven_bits_and_constant_ones_stay_bit_for_bit() {
    let columns = [
        all(-128, -1),
        all(0, 127),
        all(-64, 63),
        vec![77; 256],
        vec![0; 256],
        vec![-128; 256],
        all(-128, 127),
    ];
    let scales = [0.1, 1e-20, 1e36, 0.7, 0.0, f32::NAN, 0.3];
    for bits in [WeightBits::Eight, WeightBits::Seven] {
        let build = |graph: &mut Graph| read_back(graph, &columns[..6], &scales[..6]);
        let (_, operators) = with_bits(build, bits, KernelSet::Fastest);
        assert_eq!(operators, ["DynamicLinearNarrow"]);
    }
    // Beside one that is quantized anew, too.
    let finite = [0.1, 1e-20, 1e36, 0.7, 0.0, 0.2, 0.3];
    assert_eq!(assert_near(&columns, &finite), ["DynamicLinearNarrow"]);
}

#[test]
fn a_scale_without_room_for_a_larger_step_keeps_eight_bits() {
    let columns = [all(-128, 127), all(0, 3)];
    let build = |graph: &mut Graph| read_back(graph, &columns, &[3e38, 1.0]);
    let (wanted, _) = with_bits(build, WeightBits::Eight, KernelSet::Scalar);
    let (found, operators) = with_bits(build, WeightBits::Seven, KernelSet::Scalar);
    assert_eq!(operators, ["DynamicLinear"]);
    assert_eq!(found, wanted);
}

#[test]
fn products_without_weights_and_those_that_do_not_melt_are_left_alone() {
    for (depth, columns) in [(0, 3), (3, 0)] {
        let empty = |graph: &mut Graph| {
            let weights = Tensor::new([depth, columns], Values::I8(Vec::new())).unwrap();
            let zero = Tensor::new([], Values::I8(vec![0])).unwrap();
            dynamic(graph, weights, zero, 2);
        };
        let (found, operators) = with_bits(empty, WeightBits::Seven, KernelSet::Fastest);
        assert!(operators.contains(&"MatMulInteger"));
        assert_eq!(found.shape(), [2, columns]);
    }
    let lone = |graph: &mut Graph| {
        let x = graph.input(unsigned(1, &[2, 9]));
        let w = graph.constant(signed(2, &[9, 4]));
        let zeros = (graph.zero_of(DType::U8, 5), graph.zero_of(DType::I8, 128));
        let y = graph.push(Op::MatMulInteger, &[x, w, zeros.0, zeros.1]);
        graph.output(y);
    };
    let (wanted, _) = with_bits(lone, WeightBits::Eight, KernelSet::Scalar);
    let (found, operators) = with_bits(lone, WeightBits::Seven, KernelSet::Scalar);
    assert_eq!(operators, ["MatMulInteger"]);
    assert_eq!(found, wanted);
}

#[test]
fn results_stay_near_those_of_eight_bits_at_all_edges() {
    for (m, k, n) in [(1, 2, 1), (1, 65, 8), (2, 4, 9), (5, 7, 3), (33, 256, 17)] {
        let build = |graph: &mut Graph| {
            let zero = Tensor::new([n], Values::U8(vec![128; n])).unwrap();
            dynamic(graph, unsigned(2, &[k, n]), zero, m);
        };
        let (eight, _) = with_bits(build, WeightBits::Eight, KernelSet::Scalar);
        let (scalar, _) = with_bits(build, WeightBits::Seven, KernelSet::Scalar);
        let (fastest, operators) = with_bits(build, WeightBits::Seven, KernelSet::Fastest);
        assert_eq!(operators, ["DynamicQuantizeLinear", "DynamicLinearNarrow"]);
        assert_alike(&fastest, &scalar, "fastest against scalar");
        // Each of k terms is wrong by half a step of two, scaled by at most 0.03: x is within 1, and errors have no side.
        let bound = 2.0 * 0.03 * (k as f32).sqrt().max(2.0);
        let pairs = f32s(&scalar).iter().zip(f32s(&eight));
        let worst = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst <= bound, "{m} {k} {n}: {worst} beyond {bound}");
    }
}

#[test]
fn weights_that_several_products_read_are_narrowed_once_with_each_ones_scales() {
    let build = |graph: &mut Graph| {
        let weights = graph.constant(signed(2, &[64, 64]));
        let zero = graph.zero_of(DType::I8, 128);
        let x = graph.input(unsigned(1, &[2, 64]));
        let x_zero = graph.zero_of(DType::U8, 128);
        let sums = [0.25, 0.5].map(|scale| {
            let sums = graph.push(Op::MatMulInteger, &[x, weights, x_zero, zero]);
            let sums = graph.push(Op::Cast { to: DType::F32 }, &[sums]);
            let scale = graph.scalar(scale);
            graph.push(Op::Binary(Binary::Mul), &[sums, scale])
        });
        let y = graph.push(Op::Binary(Binary::Div), &sums);
        graph.output(y);
    };
    let mut graph = Graph::new();
    build(&mut graph);
    let plan = optimise(graph.builder, WeightBits::Seven).unwrap();
    let plan = plan.finish().unwrap();
    assert!(plan.weight_bytes() < 2 * 64 * 64);
    let (ratios, _) = with_bits(build, WeightBits::Seven, KernelSet::Fastest);
    assert!(f32s(&ratios).iter().all(|ratio| *ratio == 0.5));
}

#[test]
fn other_numbers_of_bits_are_refused() {
    assert_eq!("7".parse(), Ok(WeightBits::Seven));
    assert_eq!("8".parse(), Ok(WeightBits::Eight));
    for text in ["", "6", "9", "-7", "07", "seven", "4294967303"] {
        let error = text.parse::<WeightBits>().unwrap_err();
        assert!(error.to_string().contains(&format!("{text:?}")), "{error}");
    }
}
