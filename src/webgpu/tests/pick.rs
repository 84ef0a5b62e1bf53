//! Elements put where computed numbers say, and results whose extent only the values tell.

use super::agree::{agrees, bytes, floats, gpu, integers, signed_bytes};
use nearshelf_engine::{Binary, Op, Tensor, Values};

fn whole(shape: &[usize], values: &[i32]) -> Tensor {
    Tensor::new(shape, Values::I32(values.to_vec())).unwrap()
}

fn real(shape: &[usize], values: &[f32]) -> Tensor {
    Tensor::new(shape, Values::F32(values.to_vec())).unwrap()
}

const OUTSIDE: [i32; 4] = [4, -5, i32::MAX, i32::MIN];

#[test]
fn indices_along_each_axis_become_positions() {
    let Some(gpu) = gpu() else { return };
    for (shape, own) in [
        (&[4][..], &[6][..]),
        (&[4, 4, 4], &[4, 4, 4]),
        (&[4, 4, 4], &[2, 3, 4]),
        (&[4, 4, 4], &[4, 1, 2]),
    ] {
        for axis in 0..shape.len() {
            let op = Op::ElementPositions {
                shape: shape.to_vec(),
                axis,
            };
            let what = format!("{own:?} in {shape:?} along {axis}");
            agrees(&gpu, op.clone(), &[integers(1, own, -4, 4)], &what);
            for outside in OUTSIDE {
                let mut values = vec![0; own.iter().product()];
                values[1] = outside;
                agrees(
                    &gpu,
                    op.clone(),
                    &[whole(own, &values)],
                    &format!("{outside}"),
                );
            }
        }
    }
    let op = Op::ElementPositions {
        shape: vec![0, 4],
        axis: 1,
    };
    agrees(&gpu, op, &[whole(&[0, 2], &[])], "none");
}

#[test]
fn tuples_of_indices_become_positions() {
    let Some(gpu) = gpu() else { return };
    for (shape, batch, own) in [
        (&[4, 4, 4][..], 0, &[5, 3][..]),
        (&[4, 4, 4], 0, &[3]),
        (&[4, 4, 4], 1, &[4, 3, 2]),
        (&[4, 4, 4], 2, &[4, 4, 1]),
        (&[4, 4], 2, &[4, 4, 0]),
        (&[4; 8], 0, &[2, 8]),
    ] {
        let op = Op::TuplePositions {
            shape: shape.to_vec(),
            batch,
        };
        let what = format!("{own:?} in {shape:?}");
        agrees(&gpu, op.clone(), &[integers(1, own, -4, 4)], &what);
        let len: usize = own.iter().product();
        for outside in OUTSIDE.into_iter().filter(|_| len > 0) {
            let mut values = vec![0; len];
            values[len - 1] = outside;
            agrees(
                &gpu,
                op.clone(),
                &[whole(own, &values)],
                &format!("{outside}"),
            );
        }
    }
}

#[test]
fn rows_are_replaced_by_their_last_update_whatever_the_type() {
    let Some(gpu) = gpu() else { return };
    for (rows, row, positions) in [
        (4, 1, &[][..]),
        (1, 1, &[0, -1, 0]),
        (4, 3, &[1, 3, 1, -1, 0]),
        (4, 1, &[2, 2, -4, 2]),
        (70, 65, &[69, 3, 3, -1]),
        (4, 0, &[9]),
    ] {
        let shape = [rows, row];
        let more = [positions.len(), row];
        let at = whole(&[positions.len()], positions);
        for (x, updates) in [
            (floats(1, &shape), floats(2, &more)),
            (integers(1, &shape, -9, 9), integers(2, &more, -9, 9)),
            (bytes(1, &shape), bytes(2, &more)),
            (signed_bytes(1, &shape), signed_bytes(2, &more)),
        ] {
            let op = Op::Scatter { combine: None };
            agrees(
                &gpu,
                op,
                &[x, at.clone(), updates],
                &format!("{rows} {row}"),
            );
        }
    }
    for outside in OUTSIDE {
        let operands = [
            floats(1, &[4, 2]),
            whole(&[2], &[0, outside]),
            floats(2, &[2, 2]),
        ];
        agrees(
            &gpu,
            Op::Scatter { combine: None },
            &operands,
            &format!("{outside}"),
        );
    }
}

#[test]
fn rows_are_combined_with_their_updates_in_order() {
    let Some(gpu) = gpu() else { return };
    let positions: Vec<i32> = (0..200).map(|n| n * 7 % 5 - 2).collect();
    let at = whole(&[200], &positions);
    for combine in [Binary::Add, Binary::Mul, Binary::Min, Binary::Max] {
        let op = Op::Scatter {
            combine: Some(combine),
        };
        let what = format!("{combine:?}");
        let operands = [floats(1, &[6, 3]), at.clone(), floats(2, &[200, 3])];
        agrees(&gpu, op.clone(), &operands, &what);
        let operands = [
            integers(1, &[6, 3], -9, 9),
            at.clone(),
            integers(2, &[200, 3], -9, 9),
        ];
        agrees(&gpu, op.clone(), &operands, &what);
        let x = real(&[3, 1], &[1.0, f32::NAN, f32::INFINITY]);
        let updates = real(&[5, 1], &[f32::NAN, 2.0, f32::NEG_INFINITY, 3.0, -1.0]);
        agrees(
            &gpu,
            op,
            &[x, whole(&[5], &[0, 0, 2, 1, 2]), updates],
            &what,
        );
    }
}

#[test]
fn elements_that_are_not_zero_are_listed_in_order() {
    let Some(gpu) = gpu() else { return };
    for shape in [
        &[][..],
        &[1],
        &[0],
        &[63],
        &[64],
        &[65],
        &[5000],
        &[3, 4, 5],
        &[2, 0, 3],
        &[2, 1, 2, 1, 2, 1, 2, 3],
    ] {
        let len = shape.iter().product();
        for modulus in [1, 2, 7] {
            let values = (0..len)
                .map(|n| u8::from(n * n % modulus == modulus / 2) * 5)
                .collect();
            let x = Tensor::new(shape, Values::U8(values)).unwrap();
            agrees(&gpu, Op::NonZero, &[x], &format!("{shape:?} {modulus}"));
        }
        let none = Tensor::new(shape, Values::U8(vec![0; len])).unwrap();
        agrees(&gpu, Op::NonZero, &[none], &format!("{shape:?}"));
    }
}

#[test]
fn different_slices_are_found_sorted_or_as_met() {
    let Some(gpu) = gpu() else { return };
    for (shape, axis) in [
        (&[1][..], 0),
        (&[0], 0),
        (&[65], 0),
        (&[300], 0),
        (&[3, 0], 0),
        (&[0, 3], 1),
        (&[20, 2], 0),
        (&[2, 30, 1, 2], 1),
        (&[2, 2, 40], 2),
    ] {
        for sorted in [false, true] {
            let op = Op::Unique { axis, sorted };
            let what = format!("{shape:?} {axis} {sorted}");
            agrees(&gpu, op.clone(), &[integers(1, shape, -2, 3)], &what);
            let Values::I32(few) = integers(2, shape, -2, 3).values().clone() else {
                return;
            };
            let of = |values| Tensor::new(shape, values).unwrap();
            let x = of(Values::F32(
                few.iter()
                    .map(|&n| if n == 1 { f32::NAN } else { n as f32 * 0.5 })
                    .collect(),
            ));
            agrees(&gpu, op.clone(), &[x], &what);
            agrees(
                &gpu,
                op.clone(),
                &[of(Values::I8(few.iter().map(|&n| n as i8).collect()))],
                &what,
            );
            agrees(
                &gpu,
                op,
                &[of(Values::U8(few.iter().map(|&n| n as u8).collect()))],
                &what,
            );
        }
    }
    let zeros = real(
        &[6],
        &[
            0.0,
            -0.0,
            f32::NAN,
            -f32::NAN,
            f32::INFINITY,
            f32::NEG_INFINITY,
        ],
    );
    for sorted in [false, true] {
        agrees(
            &gpu,
            Op::Unique { axis: 0, sorted },
            &[zeros.clone()],
            "edges",
        );
    }
}

#[test]
fn of_boxes_that_overlap_the_best_stays() {
    let Some(gpu) = gpu() else { return };
    for (batches, classes, count, limit) in [
        (1, 1, 1, 1),
        (1, 1, 70, 70),
        (2, 3, 65, 4),
        (1, 2, 300, 300),
        (2, 2, 5, 0),
        (0, 2, 5, 3),
        (2, 0, 5, 3),
        (1, 2, 0, 0),
    ] {
        for center_point_box in [false, true] {
            for (most, shared, least) in [
                (5, 0.5, 0.0),
                (i32::MAX, 0.2, -2.0),
                (0, 0.5, 0.0),
                (-3, 0.5, 0.0),
                (3, 0.0, 0.9),
                (3, f32::NAN, 0.0),
                (3, 0.5, f32::NAN),
                (9, -1.0, 0.1),
            ] {
                let mut scores = super::agree::noise(1, batches * classes * count);
                for (n, score) in scores.iter_mut().enumerate() {
                    match n % 11 {
                        3 => *score = 0.25,
                        7 => *score = f32::NAN,
                        9 => *score = f32::INFINITY,
                        _ => {}
                    }
                }
                let operands = [
                    floats(2, &[batches, count, 4]),
                    real(&[batches, classes, count], &scores),
                    whole(&[], &[most]),
                    real(&[1], &[shared]),
                    real(&[], &[least]),
                ];
                let op = Op::NonMaxSuppression {
                    center_point_box,
                    limit,
                };
                let what = format!(
                    "{batches} {classes} {count} {limit} {center_point_box} {most} {shared} {least}"
                );
                agrees(&gpu, op, &operands, &what);
            }
        }
    }
    // Boxes without extent, one in another, and with what is no number.
    let boxes = [
        0.0,
        0.0,
        1.0,
        1.0,
        0.0,
        0.0,
        1.0,
        0.5,
        0.0,
        0.5,
        1.0,
        1.0,
        2.0,
        2.0,
        2.0,
        2.0,
        2.0,
        2.0,
        2.0,
        2.0,
        f32::NAN,
        0.0,
        1.0,
        1.0,
        f32::INFINITY,
        0.0,
        1.0,
        1.0,
        1.0,
        1.0,
        0.0,
        0.0,
    ];
    for shared in [0.0, 0.5, 0.49, 1.0] {
        let operands = [
            real(&[1, 8, 4], &boxes),
            real(&[1, 1, 8], &[1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 1.0]),
            whole(&[], &[8]),
            real(&[], &[shared]),
            real(&[], &[0.0]),
        ];
        let op = Op::NonMaxSuppression {
            center_point_box: false,
            limit: 8,
        };
        agrees(&gpu, op, &operands, &format!("{shared}"));
    }
}
