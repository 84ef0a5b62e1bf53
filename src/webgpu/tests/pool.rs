//! Windows over images, and over channels.

use super::agree::{agrees, bytes, floats, gpu, signed_bytes};
use nearshelf_engine::{Op, Tensor, Values, Window};

/// Images and windows: one axis and two, odd extents, padding, steps beyond the window, gaps.
fn windows() -> Vec<(Vec<usize>, Window)> {
    let window =
        |kernel: &[usize], strides: &[usize], dilations: &[usize], pads: [&[usize]; 2]| Window {
            kernel: kernel.to_vec(),
            strides: strides.to_vec(),
            dilations: dilations.to_vec(),
            pads_begin: pads[0].to_vec(),
            pads_end: pads[1].to_vec(),
        };
    vec![
        (vec![1, 1, 1], window(&[1], &[1], &[1], [&[0], &[0]])),
        (vec![2, 3, 65], window(&[3], &[2], &[1], [&[1], &[2]])),
        (vec![1, 2, 9], window(&[2], &[3], &[3], [&[3], &[0]])),
        (
            vec![2, 3, 7, 9],
            window(&[3, 2], &[2, 1], &[1, 1], [&[1, 0], &[0, 1]]),
        ),
        (
            vec![1, 5, 8, 5],
            window(&[3, 3], &[2, 2], &[1, 2], [&[2, 1], &[1, 2]]),
        ),
        (
            vec![1, 2, 4, 4],
            window(&[4, 4], &[1, 1], &[1, 1], [&[3, 3], &[3, 3]]),
        ),
        (
            vec![0, 2, 4, 4],
            window(&[2, 2], &[1, 1], &[1, 1], [&[0, 0], &[0, 0]]),
        ),
    ]
}

/// The same images with what is no number, and ties.
fn wild(shape: &[usize]) -> Tensor {
    let some = [
        1.0,
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        0.0,
        -0.0,
        1.0,
        -2.0,
        -2.0,
        1.0,
        0.5,
    ];
    let len = shape.iter().product();
    Tensor::new(
        shape,
        Values::F32(some.iter().copied().cycle().take(len).collect()),
    )
    .unwrap()
}

#[test]
fn the_largest_of_each_window_and_its_place_agree() {
    let Some(gpu) = gpu() else { return };
    for (shape, window) in windows() {
        for ceil_mode in [false, true] {
            let what = format!("{shape:?} {window:?} {ceil_mode}");
            let max = Op::MaxPool {
                window: window.clone(),
                ceil_mode,
            };
            let place = Op::ArgMaxPool {
                window: window.clone(),
                ceil_mode,
            };
            for x in [floats(1, &shape), wild(&shape)] {
                agrees(&gpu, place.clone(), &[x.clone()], &what);
                agrees(&gpu, max.clone(), &[x], &what);
            }
            agrees(&gpu, max.clone(), &[bytes(2, &shape)], &what);
            agrees(&gpu, max, &[signed_bytes(3, &shape)], &what);
        }
    }
}

#[test]
fn averages_count_padding_or_not() {
    let Some(gpu) = gpu() else { return };
    for (shape, window) in windows() {
        for n in 0..4 {
            let op = Op::AveragePool {
                window: window.clone(),
                ceil_mode: n & 1 == 1,
                count_include_pad: n & 2 == 2,
            };
            let what = format!("{shape:?} {op:?}");
            agrees(&gpu, op.clone(), &[floats(1, &shape)], &what);
            agrees(&gpu, op, &[wild(&shape)], &what);
        }
    }
}

#[test]
fn channels_are_divided_by_their_neighbours() {
    let Some(gpu) = gpu() else { return };
    for (shape, size) in [
        (&[1, 1][..], 1),
        (&[2, 5, 3], 3),
        (&[1, 65, 2, 3], 4),
        (&[1, 4, 2], 99),
        (&[1, 4], usize::MAX),
    ] {
        for (alpha, beta, bias) in [
            (0.5, 0.75, 1.0),
            (1.0, 1.0, 0.0),
            (-4.0, 0.5, 1.0),
            (-4.0, 0.3, 1.0),
        ] {
            let op = Op::LocalResponseNormalization {
                size,
                alpha,
                beta,
                bias,
            };
            agrees(
                &gpu,
                op,
                &[floats(1, shape)],
                &format!("{shape:?} {size} {alpha}"),
            );
        }
    }
}
