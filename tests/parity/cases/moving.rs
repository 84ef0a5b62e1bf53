//! Operators that move elements, of every type.

use crate::graph::{Graph, Sink, agrees};
use crate::seeded::{any, tensor, whole};
use nearshelf_engine::{DType, Op, PadMode, Values};

const TYPES: [DType; 4] = [DType::F32, DType::I32, DType::I8, DType::U8];

fn indices(shape: &[usize], values: &[i32]) -> nearshelf_engine::Tensor {
    tensor(shape, Values::I32(values.to_vec()))
}

pub fn gathering_agrees_on_every_axis_and_from_the_end(to: &mut Sink) {
    for dtype in TYPES {
        for (shape, axis) in [
            (&[5][..], 0),
            (&[5, 3], 0),
            (&[3, 5], 1),
            (&[2, 5, 67], 1),
            (&[5, 0], 0),
        ] {
            let x = any(dtype, 1, shape);
            for at in [indices(&[], &[-1]), indices(&[2, 3], &[4, 0, -5, 2, -1, 2])] {
                let what = format!("{dtype}{shape:?} along {axis} by {:?}", at.shape());
                agrees(to, Op::Gather { axis }, &[x.clone(), at], &what);
            }
        }
    }
}

pub fn axes_move_as_they_do(to: &mut Sink) {
    for dtype in TYPES {
        for (shape, perm) in [
            (&[3, 5][..], &[1, 0][..]),
            (&[1, 1], &[1, 0]),
            (&[2, 3, 5], &[2, 0, 1]),
            (&[65, 66], &[1, 0]),
            (&[2, 3, 4, 5], &[0, 2, 3, 1]),
            (&[2, 1, 2, 3, 2], &[4, 3, 2, 1, 0]),
        ] {
            let (x, perm) = (any(dtype, 1, shape), perm.to_vec());
            let what = format!("{dtype}{shape:?} as {perm:?}");
            agrees(to, Op::Transpose { perm }, &[x], &what);
        }
        let x = any(dtype, 1, &[2, 3, 5]);
        let shape = vec![5, 6];
        agrees(to, Op::Reshape { shape }, &[x], &format!("{dtype}"));
    }
}

pub fn tensors_join_and_part_alike(to: &mut Sink) {
    for dtype in TYPES {
        for (axis, shapes) in [
            (0, [&[3][..], &[0], &[66]]),
            (1, [&[2, 3], &[2, 1], &[2, 4]]),
            (1, [&[2, 5, 3], &[2, 1, 3], &[2, 1, 3]]),
        ] {
            let operands = [0, 1, 2].map(|n| any(dtype, n as u32, shapes[n]));
            let what = format!("{dtype}{shapes:?} along {axis}");
            agrees(to, Op::Concat { axis }, &operands, &what);
        }
        for (shape, starts, steps, taken) in [
            (&[7][..], vec![6], vec![-1], vec![7]),
            (&[7], vec![1], vec![2], vec![3]),
            (&[7], vec![3], vec![1], vec![0]),
            (&[4, 6], vec![0, 5], vec![1, -2], vec![4, 3]),
            (&[2, 70, 3], vec![1, 3, 0], vec![1, 1, 2], vec![1, 67, 2]),
        ] {
            let what = format!("{dtype}{shape:?} from {starts:?} by {steps:?}");
            let op = Op::Slice {
                starts,
                steps,
                shape: taken,
            };
            agrees(to, op, &[any(dtype, 1, shape)], &what);
        }
    }
}

pub fn borders_and_repetitions_agree(to: &mut Sink) {
    for dtype in TYPES {
        for mode in [PadMode::Constant, PadMode::Edge, PadMode::Reflect] {
            for (shape, before, after) in [
                (&[5][..], vec![4], vec![3]),
                (&[3, 4], vec![0, 2], vec![1, 3]),
                (&[2, 3, 65], vec![1, 0, 1], vec![1, 2, 0]),
            ] {
                let what = format!("{dtype}{shape:?}, {mode:?} {before:?} {after:?}");
                let op = Op::Pad {
                    mode,
                    before,
                    after,
                    value: 3.0,
                };
                agrees(to, op, &[any(dtype, 1, shape)], &what);
            }
        }
        for (shape, target) in [
            (&[][..], vec![5]),
            (&[3, 1], vec![3, 4]),
            (&[2, 1, 3], vec![4, 1]),
            (&[1], vec![0]),
            (&[1, 67], vec![4, 67]),
        ] {
            let what = format!("{dtype}{shape:?} to {target:?}");
            let op = Op::Expand { shape: target };
            agrees(to, op, &[any(dtype, 1, shape)], &what);
        }
        for (condition, a, b) in [
            (&[5][..], &[5][..], &[5][..]),
            (&[3, 1], &[4], &[1]),
            (&[], &[2, 65], &[2, 65]),
        ] {
            let operands = [
                whole(DType::U8, 1, condition, 0, 1),
                any(dtype, 2, a),
                any(dtype, 3, b),
            ];
            let what = format!("{dtype}, {condition:?} of {a:?} and {b:?}");
            agrees(to, Op::Select, &operands, &what);
        }
    }
}

pub fn results_are_cut_where_their_count_says(to: &mut Sink) {
    for dtype in TYPES {
        for count in [0, 1, 3, 5] {
            let mut graph = Graph::new();
            let x = graph.input(any(dtype, 1, &[2, 5, 3]));
            let count = graph.input(indices(&[], &[count]));
            let y = graph.push(Op::Cut { axis: 1 }, &[x, count]);
            graph.agrees_on(to, &[y], "Cut", &format!("{dtype}"));
        }
    }
}
