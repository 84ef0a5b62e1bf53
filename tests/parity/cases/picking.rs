//! Reductions, orders, and what picks elements by number.

use crate::graph::{Graph, Sink, agrees};
use crate::seeded::{any, float, floats, tensor, whole};
use nearshelf_engine::{Binary, DType, Op, Reduction, Tensor, Values};

/// Shapes and an axis of each: none, one, about a workgroup, long, and the axis in every place.
const LINES: [(&[usize], usize); 7] = [
    (&[1], 0),
    (&[0, 4], 1),
    (&[2, 63], 1),
    (&[3, 65, 2], 1),
    (&[70, 3], 0),
    (&[3000], 0),
    (&[2, 3, 1, 4], 3),
];

fn indices(shape: &[usize], values: &[i32]) -> Tensor {
    tensor(shape, Values::I32(values.to_vec()))
}

pub fn every_reduction_agrees_along_any_axes(to: &mut Sink) {
    use Reduction::{L1, L2, LogSum, LogSumExp, Max, Mean, Min, Prod, Sum, SumSquare};
    for reduction in [
        Sum, Mean, Max, Min, Prod, L1, L2, SumSquare, LogSum, LogSumExp,
    ] {
        for (shape, axes, keep_dims) in [
            (&[][..], vec![], false),
            (&[7], vec![0], true),
            (&[3, 65], vec![1], false),
            (&[65, 3], vec![0], true),
            (&[2, 3, 4, 5], vec![1, 3], false),
            (&[2000], vec![0], false),
        ] {
            let what = format!("{reduction:?} of {shape:?} along {axes:?}");
            let op = Op::Reduce {
                reduction,
                axes,
                keep_dims,
            };
            agrees(to, op.clone(), &[floats(1, shape)], &what);
            if [Sum, Max, Min, Prod].contains(&reduction) {
                let x = whole(DType::I32, 2, shape, -9, 9);
                agrees(to, op, &[x], &format!("integers, {what}"));
            }
        }
    }
}

pub fn lines_are_ordered_and_added_up_alike(to: &mut Sink) {
    for (shape, axis) in LINES {
        // With ties.
        let ties = whole(DType::I32, 3, shape, -20, 20);
        let float_ties = ties.values();
        let Values::I32(values) = float_ties else {
            continue;
        };
        let float_ties = Values::F32(values.iter().map(|&x| x as f32 / 4.0).collect());
        for x in [ties.clone(), tensor(shape, float_ties), floats(4, shape)] {
            let what = format!("{} along {axis}", x.ty());
            for (smallest, last) in [(false, false), (false, true), (true, false), (true, true)] {
                let op = Op::ArgMax {
                    axis,
                    keep_dims: last,
                    smallest,
                    last,
                };
                agrees(to, op, std::slice::from_ref(&x), &what);
            }
            for largest in [false, true] {
                for k in [0, 1, shape[axis] / 2, shape[axis]] {
                    let what = format!("{k} of {what}");
                    let op = Op::TopK { axis, k, largest };
                    agrees(to, op, std::slice::from_ref(&x), &what);
                }
            }
            for (exclusive, reverse) in [(false, false), (true, false), (true, true)] {
                let op = Op::Cumulate {
                    axis,
                    product: false,
                    exclusive,
                    reverse,
                };
                agrees(to, op, std::slice::from_ref(&x), &what);
            }
        }
        let op = Op::Cumulate {
            axis,
            product: true,
            exclusive: false,
            reverse: true,
        };
        agrees(to, op, &[floats(5, shape)], "products");
    }
    let wild = [f32::NAN, 1.0, f32::INFINITY, -0.0, 0.0, f32::NEG_INFINITY];
    let wild = tensor(&[6], Values::F32(wild.to_vec()));
    let op = Op::TopK {
        axis: 0,
        k: 6,
        largest: true,
    };
    agrees(to, op, &[wild], "what is no number");
}

pub fn positions_and_scattered_rows_agree(to: &mut Sink) {
    for axis in [0, 1] {
        let op = Op::ElementPositions {
            shape: vec![3, 4],
            axis,
        };
        let at = indices(&[2, 3], &[0, -1, 2, -3, 1, 1]);
        agrees(to, op, &[at], &format!("axis {axis}"));
    }
    for (batch, last) in [(0, 2), (1, 1)] {
        let op = Op::TuplePositions {
            shape: vec![2, 4],
            batch,
        };
        let at = [0, 1, -1, 0, -2, 1, 1, -1].map(|n: i32| n.clamp(-2, 1));
        let shape = [2, 4 / last, last];
        agrees(to, op, &[indices(&shape, &at)], &format!("batch {batch}"));
    }
    // Positions that are met more than once.
    let twice = indices(&[5], &[3, 0, 3, 6, 0]);
    let once = indices(&[5], &[3, 0, 1, 6, 2]);
    for dtype in [DType::F32, DType::I32, DType::I8, DType::U8] {
        for row in [1, 3, 67] {
            let (x, updates) = (any(dtype, 1, &[7, row]), any(dtype, 2, &[5, row]));
            let what = format!("{dtype}, rows of {row}");
            for at in [&once, &twice] {
                let operands = [x.clone(), at.clone(), updates.clone()];
                agrees(to, Op::Scatter { combine: None }, &operands, &what);
                if [DType::F32, DType::I32].contains(&dtype) {
                    for combine in [Binary::Add, Binary::Mul, Binary::Min, Binary::Max] {
                        let combine = Some(combine);
                        agrees(to, Op::Scatter { combine }, &operands, &what);
                    }
                }
            }
        }
    }
}

pub fn what_is_found_is_counted_alike(to: &mut Sink) {
    for shape in [&[][..], &[1], &[67], &[3, 4], &[2, 1, 300]] {
        for (least, most) in [(0, 0), (0, 1), (1, 1)] {
            let x = whole(DType::U8, 1, shape, least, most);
            let what = format!("{shape:?} of {least}..={most}");
            agrees(to, Op::NonZero, std::slice::from_ref(&x), &what);
            let mut graph = Graph::new();
            let x = graph.input(x);
            let found = graph.push_all(Op::NonZero, &[x]);
            let y = graph.push(Op::Cut { axis: 1 }, &[found[0], found[1]]);
            graph.agrees_on(to, &[y], "Cut", &what);
        }
    }
    for dtype in [DType::F32, DType::I32, DType::I8, DType::U8] {
        for (shape, axis) in [(&[1][..], 0), (&[67], 0), (&[9, 2], 0), (&[2, 9], 1)] {
            for sorted in [false, true] {
                let x = whole(dtype, 1, shape, 0, 3);
                let what = format!("{} along {axis}, sorted {sorted}", x.ty());
                agrees(to, Op::Unique { axis, sorted }, &[x], &what);
            }
        }
    }
}

pub fn boxes_are_suppressed_alike(to: &mut Sink) {
    for center_point_box in [false, true] {
        for (batches, classes, count) in [(1, 1, 1), (1, 2, 5), (2, 3, 70)] {
            let corners = floats(1, &[batches, count, 4]);
            let corners = corners.as_f32().unwrap().chunks(4);
            // Sizes are no smaller than nothing.
            let boxes = corners.flat_map(|b| [b[0], b[1], b[0] + b[2].abs(), b[1] + b[3].abs()]);
            let boxes = tensor(&[batches, count, 4], Values::F32(boxes.collect()));
            let scores = whole(DType::F32, 2, &[batches, classes, count], 0, 9);
            for (most, iou, score) in [(0, 0.5, 0.0), (3, 0.5, 1.5), (100, 0.1, 0.0)] {
                let operands = [
                    boxes.clone(),
                    scores.clone(),
                    indices(&[], &[most]),
                    float(iou),
                    float(score),
                ];
                let op = Op::NonMaxSuppression {
                    center_point_box,
                    limit: count,
                };
                let what = format!("{batches} {classes} {count}, {most} {iou} {score}");
                agrees(to, op, &operands, &what);
            }
        }
    }
}
