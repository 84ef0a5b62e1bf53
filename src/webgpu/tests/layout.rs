//! Elements moved.

use super::agree::{agrees, bytes, floats, gpu, integers, signed_bytes};
use nearshelf_engine::{Op, PadMode, Tensor, Values};

fn of_each_type(shape: &[usize]) -> [Tensor; 4] {
    [
        floats(1, shape),
        integers(2, shape, -99, 99),
        bytes(3, shape),
        signed_bytes(4, shape),
    ]
}

#[test]
fn axes_are_turned_in_every_order() {
    let Some(gpu) = gpu() else { return };
    for (shape, perm) in [
        (&[3, 5][..], &[1, 0][..]),
        (&[1, 7, 2], &[2, 0, 1]),
        (&[2, 3, 4, 5], &[0, 2, 1, 3]),
        (&[2, 1, 2, 1, 3, 1, 2, 2], &[7, 0, 6, 1, 5, 2, 4, 3]),
    ] {
        for x in of_each_type(shape) {
            let perm = perm.to_vec();
            agrees(&gpu, Op::Transpose { perm }, &[x], &format!("{shape:?}"));
        }
    }
}

#[test]
fn slices_step_forwards_and_backwards() {
    let Some(gpu) = gpu() else { return };
    for x in of_each_type(&[4, 6, 5]) {
        let op = Op::Slice {
            starts: vec![1, 5, 0],
            steps: vec![1, -2, 3],
            shape: vec![3, 3, 2],
        };
        agrees(&gpu, op, &[x.clone()], "");
        let op = Op::Slice {
            starts: vec![3, 0, 0],
            steps: vec![i64::MAX, 1, 1],
            shape: vec![1, 6, 5],
        };
        agrees(&gpu, op, &[x], "one element of a far step");
    }
}

#[test]
fn tensors_are_repeated_along_axes() {
    let Some(gpu) = gpu() else { return };
    for x in of_each_type(&[3, 1]) {
        let shape = vec![2, 3, 7];
        agrees(&gpu, Op::Expand { shape }, &[x], "");
    }
}

#[test]
fn rows_are_picked_by_number_and_a_number_outside_is_an_error() {
    let Some(gpu) = gpu() else { return };
    for axis in 0..3 {
        for x in of_each_type(&[3, 4, 5]) {
            let indices = Tensor::new([2, 2], Values::I32(vec![0, 2, -1, -3])).unwrap();
            agrees(
                &gpu,
                Op::Gather { axis },
                &[x, indices],
                &format!("axis {axis}"),
            );
        }
    }
    for index in [3, -4, i32::MAX, i32::MIN] {
        let indices = Tensor::new([], Values::I32(vec![index])).unwrap();
        agrees(
            &gpu,
            Op::Gather { axis: 0 },
            &[floats(1, &[3, 4]), indices],
            "outside",
        );
    }
}

#[test]
fn tensors_are_joined_along_each_axis_bytes_within_words_too() {
    let Some(gpu) = gpu() else { return };
    for (axis, extents) in [
        (0, &[1][..]),
        (0, &[1, 2, 0, 3]),
        (1, &[4, 8]),
        (1, &[1, 1, 1, 1, 1]),
        (2, &[3, 2, 1]),
        (2, &[4, 64, 8]),
        (2, &[1; 12]),
    ] {
        for dtype in 0..4 {
            let operand = |&extent: &usize| {
                let mut shape = [2, 3, 5];
                shape[axis] = extent;
                of_each_type(&shape)[dtype].clone()
            };
            let operands: Vec<Tensor> = extents.iter().map(operand).collect();
            agrees(
                &gpu,
                Op::Concat { axis },
                &operands,
                &format!("{extents:?} along {axis}"),
            );
        }
    }
}

#[test]
fn borders_are_filled_in_every_mode() {
    let Some(gpu) = gpu() else { return };
    for mode in [PadMode::Constant, PadMode::Edge, PadMode::Reflect] {
        for (shape, before, after) in [
            (&[][..], &[][..], &[][..]),
            (&[5], &[0], &[0]),
            (&[5], &[4], &[3]),
            (&[2, 3, 4], &[1, 0, 3], &[0, 2, 1]),
            (
                &[2, 2, 2, 2, 2, 2, 2, 2],
                &[1, 0, 0, 1, 0, 0, 0, 1],
                &[0, 0, 1, 0, 0, 0, 1, 1],
            ),
        ] {
            for x in of_each_type(shape) {
                let op = Op::Pad {
                    mode,
                    before: before.to_vec(),
                    after: after.to_vec(),
                    value: -3.7,
                };
                agrees(
                    &gpu,
                    op,
                    &[x],
                    &format!("{mode:?} {shape:?} {before:?} {after:?}"),
                );
            }
        }
    }
    for x in of_each_type(&[0, 2]) {
        let op = Op::Pad {
            mode: PadMode::Constant,
            before: vec![2, 0],
            after: vec![1, 1],
            value: f32::INFINITY,
        };
        agrees(&gpu, op, &[x], "around nothing");
    }
}
