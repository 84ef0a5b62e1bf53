//! What is computed of rows along any axes.

use super::agree::{agrees, bytes, either_way, floats, integers, noise, signed_bytes};
use crate::Gpu;
use nearshelf_engine::{Op, Reduction, Tensor, Values};
use std::rc::Rc;

const REDUCTIONS: [Reduction; 10] = [
    Reduction::Sum,
    Reduction::Mean,
    Reduction::Max,
    Reduction::Min,
    Reduction::Prod,
    Reduction::L1,
    Reduction::L2,
    Reduction::SumSquare,
    Reduction::LogSum,
    Reduction::LogSumExp,
];

/// Shapes and an axis of each: none or one element, about a workgroup, long, and the axis in every place.
const LINES: [(&[usize], usize); 10] = [
    (&[1], 0),
    (&[3, 1], 1),
    (&[0, 4], 1),
    (&[2, 63], 1),
    (&[64, 2], 0),
    (&[3, 65, 2], 1),
    (&[70, 3], 1),
    (&[5000], 0),
    (&[2, 2049, 3], 1),
    (&[2, 3, 1, 4, 2], 3),
];

/// Whether rows have an invocation or a workgroup, they agree.
fn agree(gpus: &[Rc<Gpu>], op: Op, operands: &[Tensor], what: &str) {
    for gpu in gpus {
        agrees(gpu, op.clone(), operands, what);
    }
}

fn values(shape: &[usize], values: &[f32]) -> Tensor {
    Tensor::new(shape, Values::F32(values.to_vec())).unwrap()
}

/// Rows of four with everything that is no number in them.
fn wild() -> Tensor {
    let (nan, inf) = (f32::NAN, f32::INFINITY);
    #[rustfmt::skip]
    let rows = [
        nan, 1.0, 2.0, 3.0,
        1.0, nan, -nan, 0.0,
        nan, nan, nan, nan,
        inf, 1.0, -1.0, 2.0,
        -inf, 1.0, -1.0, 2.0,
        inf, -inf, 1.0, 0.0,
        -inf, -inf, -inf, -inf,
        inf, inf, inf, inf,
        inf, nan, 1.0, inf,
        -inf, nan, 1.0, -inf,
        0.0, -0.0, 0.0, -0.0,
        0.0, 0.0, 0.0, 0.0,
        2.5, 2.5, 2.5, 2.5,
        -1.0, -2.0, -2.0, -1.0,
        3e38, 3e38, 1.0, 0.0,
        -80.0, 80.0, 0.0, 1.0,
    ];
    values(&[16, 4], &rows)
}

#[test]
fn every_reduction_agrees_along_any_axes() {
    let gpus = either_way();
    for (shape, axes) in [
        (&[][..], &[][..]),
        (&[7], &[]),
        (&[7], &[0]),
        (&[3, 65], &[1]),
        (&[65, 3], &[0]),
        (&[2, 3, 4, 5], &[1, 3]),
        (&[2, 3, 4, 5], &[0, 2]),
        (&[2, 3, 4, 5], &[2, 3]),
        (&[2, 3, 4, 5], &[0, 1, 2, 3]),
        (&[5000], &[0]),
        (&[3, 2, 2500], &[1, 2]),
        (&[0, 3], &[0]),
        (&[3, 0], &[0]),
    ] {
        for reduction in REDUCTIONS {
            let op = Op::Reduce {
                reduction,
                axes: axes.to_vec(),
                keep_dims: shape.len() % 2 == 0,
            };
            let what = format!("{reduction:?} of {shape:?} along {axes:?}");
            agree(&gpus, op.clone(), &[floats(1, shape)], &what);
            agree(&gpus, op, &[integers(2, shape, -9, 30)], &what);
        }
    }
}

#[test]
fn reductions_of_what_is_no_number_agree() {
    let gpus = either_way();
    for reduction in REDUCTIONS {
        for axis in 0..2 {
            let op = Op::Reduce {
                reduction,
                axes: vec![axis],
                keep_dims: false,
            };
            agree(&gpus, op, &[wild()], &format!("{reduction:?}"));
        }
    }
}

#[test]
fn reductions_of_large_integers_wrap_and_round_as_on_the_cpu() {
    let gpus = either_way();
    let mut ends = vec![i32::MAX, i32::MIN, -1, 0, 1, 2, 3, 7, 8, 46_340, 46_341, 20];
    // Where logarithms become whole, and squares.
    ends.extend((1..22).flat_map(|n| {
        let power = f64::from(n).exp() as i32;
        [power, power + 1]
    }));
    let x = Tensor::new([ends.len(), 1], Values::I32(ends)).unwrap();
    for reduction in REDUCTIONS {
        let op = |axis| Op::Reduce {
            reduction,
            axes: vec![axis],
            keep_dims: false,
        };
        agree(&gpus, op(1), &[x.clone()], &format!("{reduction:?}"));
        agree(&gpus, op(0), &[x.clone()], &format!("{reduction:?}"));
    }
    // Sums that are squares, and those one above and one below.
    let sums = (1..153).flat_map(|n| [2 * n * n, 2 * n, 2 * n * n, 0, 2 * n * n, 1]);
    let x = Tensor::new([152 * 3, 2], Values::I32(sums.collect())).unwrap();
    let op = Op::Reduce {
        reduction: Reduction::L2,
        axes: vec![1],
        keep_dims: false,
    };
    agree(&gpus, op, &[x], "");
}

#[test]
fn the_largest_and_the_smallest_are_found_first_or_last_along_each_axis() {
    let gpus = either_way();
    for (shape, axis) in LINES {
        for (smallest, last) in [(false, false), (false, true), (true, false), (true, true)] {
            let op = Op::ArgMax {
                axis,
                keep_dims: smallest,
                smallest,
                last,
            };
            let what = format!("{shape:?} {axis} {smallest} {last}");
            agree(&gpus, op.clone(), &[floats(1, shape)], &what);
            // Few values, so many ties.
            agree(&gpus, op, &[integers(2, shape, -2, 2)], &what);
        }
    }
    for (smallest, last) in [(false, false), (false, true), (true, false), (true, true)] {
        let op = Op::ArgMax {
            axis: 1,
            keep_dims: false,
            smallest,
            last,
        };
        let what = format!("{smallest} {last}");
        agree(&gpus, op.clone(), &[wild()], &what);
        let ends = vec![i32::MIN, i32::MAX, -1, 0, i32::MIN, i32::MAX];
        let ends = Tensor::new([2, 3], Values::I32(ends)).unwrap();
        agree(&gpus, op, &[ends], &what);
    }
}

#[test]
fn the_best_few_come_in_order_whatever_the_type() {
    let gpus = either_way();
    for (shape, axis) in LINES {
        let extent = shape[axis];
        for k in [0, 1, 3, extent] {
            for largest in [false, true] {
                if k > extent || k * extent > 100_000 {
                    continue;
                }
                let op = Op::TopK { axis, k, largest };
                for x in [
                    floats(1, shape),
                    integers(2, shape, -3, 3),
                    bytes(3, shape),
                    signed_bytes(4, shape),
                ] {
                    agree(
                        &gpus,
                        op.clone(),
                        &[x],
                        &format!("{k} of {shape:?} along {axis}"),
                    );
                }
            }
        }
    }
    for largest in [false, true] {
        for k in [1, 4] {
            let op = Op::TopK {
                axis: 1,
                k,
                largest,
            };
            agree(&gpus, op, &[wild()], &format!("{k} {largest}"));
        }
    }
}

#[test]
fn softmax_and_its_logarithm_agree_along_each_axis() {
    let gpus = either_way();
    for log in [false, true] {
        for (shape, axis) in LINES {
            let op = Op::Softmax { axis, log };
            agree(
                &gpus,
                op,
                &[floats(1, shape)],
                &format!("{shape:?} {axis} {log}"),
            );
        }
        agree(
            &gpus,
            Op::Softmax { axis: 1, log },
            &[wild()],
            &format!("{log}"),
        );
    }
}

#[test]
fn rows_and_channels_are_normalised() {
    let gpus = either_way();
    let epsilon = 1e-5;
    for (shape, axis) in [
        (&[1][..], 0),
        (&[3, 1], 1),
        (&[2, 63], 1),
        (&[3, 65], 0),
        (&[2, 3, 4, 5], 2),
        (&[2, 5000], 1),
        (&[0, 3], 1),
    ] {
        let op = Op::LayerNormalization { axis, epsilon };
        let operands = [
            floats(1, shape),
            floats(2, &shape[axis..]),
            floats(3, &shape[axis..]),
        ];
        agree(&gpus, op, &operands, &format!("{shape:?} from {axis}"));
    }
    for shape in [
        &[1, 1, 1][..],
        &[2, 3, 5],
        &[2, 3, 9, 7],
        &[1, 2, 64, 64],
        &[2, 3, 2, 2, 2],
    ] {
        let operands = [
            floats(1, shape),
            floats(2, &shape[1..2]),
            floats(3, &shape[1..2]),
        ];
        let op = Op::InstanceNormalization { epsilon };
        agree(&gpus, op, &operands, &format!("{shape:?}"));
    }
    // The CPU sums what overflows in f32.
    let wild = wild();
    let tamer = wild.as_f32().unwrap().iter();
    let tamer: Vec<f32> = tamer.map(|&x| if x == 3e38 { 1e38 } else { x }).collect();
    let tamer = values(&[16, 4], &tamer);
    for epsilon in [0.0, 1e-5] {
        let op = Op::LayerNormalization { axis: 1, epsilon };
        let operands = [tamer.clone(), floats(2, &[4]), floats(3, &[4])];
        agree(&gpus, op, &operands, &format!("epsilon {epsilon}"));
    }
    let off: Vec<f32> = noise(1, 3 * 64).iter().map(|x| x + 10.0).collect();
    let operands = [values(&[3, 64], &off), floats(2, &[64]), floats(3, &[64])];
    let op = Op::LayerNormalization { axis: 1, epsilon };
    agree(&gpus, op, &operands, "off zero");
}

#[test]
fn sums_run_along_each_axis_both_ways() {
    let gpus = either_way();
    for (shape, axis) in LINES {
        for n in 0..8 {
            let op = Op::Cumulate {
                axis,
                product: n & 1 == 1,
                exclusive: n & 2 == 2,
                reverse: n & 4 == 4,
            };
            let what = format!("{op:?} of {shape:?}");
            agree(&gpus, op.clone(), &[floats(1, shape)], &what);
            agree(&gpus, op, &[integers(2, shape, -9, 30)], &what);
        }
    }
    for product in [false, true] {
        let op = Op::Cumulate {
            axis: 1,
            product,
            exclusive: false,
            reverse: false,
        };
        agree(&gpus, op, &[wild()], &format!("{product}"));
    }
}
