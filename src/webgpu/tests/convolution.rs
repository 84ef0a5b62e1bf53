//! Convolutions: windows at the edges of images, groups, channels that are no whole words.

use super::agree::{agrees, bytes, either_way, floats, gpu, integers, noise, signed_bytes};
use super::products::{f32_panels, q8_panels, scalar, steps};
use nearshelf_engine::{Op, Tensor, Unary, Values, Window};

fn window(
    kernel: [usize; 2],
    strides: [usize; 2],
    dilations: [usize; 2],
    pads: [usize; 4],
) -> Window {
    Window {
        kernel: kernel.to_vec(),
        strides: strides.to_vec(),
        dilations: dilations.to_vec(),
        pads_begin: pads[..2].to_vec(),
        pads_end: pads[2..].to_vec(),
    }
}

/// Windows of a pixel, of several, with steps, gaps, and padding on one side or on both.
fn windows() -> [Window; 6] {
    [
        window([1, 1], [1, 1], [1, 1], [0; 4]),
        window([1, 1], [2, 2], [1, 1], [0; 4]),
        window([3, 3], [1, 1], [1, 1], [1; 4]),
        window([3, 3], [2, 2], [1, 1], [0, 0, 1, 1]),
        window([2, 3], [1, 2], [2, 1], [1, 2, 3, 0]),
        window([5, 1], [3, 1], [1, 1], [4, 0, 2, 0]),
    ]
}

/// Height, width, channels and maps.
const IMAGES: [[usize; 4]; 4] = [[5, 7, 3, 5], [6, 5, 4, 8], [9, 9, 8, 12], [5, 6, 33, 4]];

#[test]
fn patches_are_multiplied_with_panels() {
    for gpu in either_way() {
        for window in windows() {
            for [height, width, channels, maps] in IMAGES {
                let depth = window.kernel.iter().product::<usize>() * channels;
                let what = format!("{height}×{width}×{channels}, {window:?}");
                let operands = [
                    floats(1, &[2, height, width, channels]),
                    f32_panels(depth, maps),
                    floats(2, &[maps]),
                ];
                let op = Op::ConvNhwc {
                    window: window.clone(),
                    maps,
                    activation: Some(Unary::Clip { min: 0.0, max: 6.0 }),
                };
                agrees(&gpu, op, &operands, &what);
                let operands = [
                    bytes(1, &[2, height, width, channels]),
                    scalar(Values::U8(vec![113])),
                    q8_panels(depth, maps),
                    steps(maps, 0.5 / depth as f32),
                    integers(2, &[maps], -99, 99),
                    scalar(Values::U8(vec![100])),
                ];
                let op = Op::QLinearConvNhwc {
                    window: window.clone(),
                    maps,
                };
                agrees(&gpu, op, &operands, &what);
            }
        }
    }
}

#[test]
fn each_channel_has_a_window_of_its_own() {
    let Some(gpu) = gpu() else { return };
    for window in windows() {
        for [height, width, channels, _] in IMAGES {
            let taps: usize = window.kernel.iter().product();
            let what = format!("{height}×{width}×{channels}, {window:?}");
            let operands = [
                floats(1, &[2, height, width, channels]),
                floats(2, &[taps, channels]),
                floats(3, &[channels]),
            ];
            let op = Op::DepthwiseNhwc {
                window: window.clone(),
                activation: Some(Unary::HardSwish),
            };
            agrees(&gpu, op, &operands, &what);
            let x = if taps.is_multiple_of(2) {
                (
                    bytes(1, &[2, height, width, channels]),
                    Values::U8(vec![200]),
                )
            } else {
                (
                    signed_bytes(1, &[2, height, width, channels]),
                    Values::I8(vec![-128]),
                )
            };
            let operands = [
                x.0,
                scalar(x.1),
                signed_bytes(2, &[taps.div_ceil(2), channels, 2]),
                steps(channels, 0.5 / taps as f32),
                integers(2, &[channels], -99, 99),
                scalar(Values::I8(vec![7])),
            ];
            let window = window.clone();
            let op = Op::QLinearDepthwiseNhwc { window };
            agrees(&gpu, op, &operands, &what);
        }
    }
}

#[test]
fn channels_second_convolve_in_groups_with_and_without_a_bias() {
    let Some(gpu) = gpu() else { return };
    for window in windows() {
        for (group, channels, maps) in [(1, 3, 5), (2, 4, 6), (6, 6, 6), (3, 3, 12)] {
            let what = format!("{group} groups of {channels}, {window:?}");
            let w = [&[maps, channels / group][..], &window.kernel].concat();
            let operands = [
                floats(1, &[2, channels, 7, 6]),
                floats(2, &w),
                floats(3, &[maps]),
            ];
            let op = Op::Conv {
                window: window.clone(),
                group,
            };
            agrees(&gpu, op.clone(), &operands[..2], &what);
            agrees(&gpu, op, &operands, &what);
        }
    }
}

#[test]
fn a_single_axis_is_convolved_both_ways() {
    let Some(gpu) = gpu() else { return };
    let window = Window {
        kernel: vec![3],
        strides: vec![2],
        dilations: vec![2],
        pads_begin: vec![1],
        pads_end: vec![3],
    };
    let x = floats(1, &[2, 4, 11]);
    let op = Op::Conv {
        window: window.clone(),
        group: 2,
    };
    agrees(&gpu, op, &[x.clone(), floats(2, &[6, 2, 3])], "");
    let op = Op::ConvTranspose {
        window,
        group: 2,
        output_padding: vec![1],
    };
    let operands = [x, floats(2, &[4, 3, 3]), floats(3, &[6])];
    agrees(&gpu, op, &operands, "");
}

#[test]
fn transposed_convolutions_spread_and_crop() {
    let Some(gpu) = gpu() else { return };
    for window in windows() {
        for (group, channels, maps) in [(1, 3, 5), (2, 4, 6), (4, 4, 4)] {
            let what = format!("{group} groups of {channels}, {window:?}");
            let w = [&[channels, maps / group][..], &window.kernel].concat();
            let operands = [floats(1, &[2, channels, 5, 6]), floats(2, &w)];
            let op = Op::ConvTranspose {
                window: window.clone(),
                group,
                output_padding: vec![1, 0],
            };
            agrees(&gpu, op, &operands, &what);
        }
    }
}

/// Bytes, and a zero point of the same type: the largest and the smallest.
fn with_zero(is_signed: bool, seed: u32, shape: &[usize], zeros: usize) -> [Tensor; 2] {
    let shape_of_zeros: &[usize] = if zeros == 1 { &[] } else { &[zeros] };
    let values = noise(seed + 1, zeros).into_iter();
    let (x, zero) = if is_signed {
        let zeros = values.map(|x| if x < 0.0 { -128 } else { 127 });
        (signed_bytes(seed, shape), Values::I8(zeros.collect()))
    } else {
        let zeros = values.map(|x| if x < 0.0 { 255 } else { 0 });
        (bytes(seed, shape), Values::U8(zeros.collect()))
    };
    [x, Tensor::new(shape_of_zeros, zero).unwrap()]
}

#[test]
fn convolutions_of_bytes_are_exact_whatever_their_signs() {
    let Some(gpu) = gpu() else { return };
    for (at, window) in windows().into_iter().enumerate() {
        for (group, channels, maps) in [(1, 3, 5), (2, 300, 2), (4, 4, 8)] {
            let what = format!("{group} groups of {channels}, {window:?}");
            let shape = [&[maps, channels / group][..], &window.kernel].concat();
            let is_each = at % 3 == 1;
            let [x, x_zero] = with_zero(at % 2 == 0, 3, &[2, channels, 5, 6], 1);
            let [w, w_zero] = with_zero(at % 3 == 0, 4, &shape, if is_each { maps } else { 1 });
            let operands = [x.clone(), w.clone(), x_zero.clone(), w_zero.clone()];
            let op = Op::ConvInteger {
                window: window.clone(),
                group,
            };
            agrees(&gpu, op, &operands, &what);
            let w_scale = if is_each {
                steps(maps, 0.01)
            } else {
                scalar(Values::F32(vec![0.013]))
            };
            let operands = [
                x,
                scalar(Values::F32(vec![0.07])),
                x_zero,
                w,
                w_scale,
                w_zero,
                scalar(Values::F32(vec![0.9])),
                scalar(Values::I8(vec![-7])),
                integers(5, &[maps], -9999, 9999),
            ];
            let op = Op::QLinearConv {
                window: window.clone(),
                group,
            };
            agrees(&gpu, op.clone(), &operands[..8], &what);
            agrees(&gpu, op, &operands, &what);
        }
    }
}

#[test]
fn matrices_of_bytes_are_multiplied_exactly_and_their_batches_broadcast() {
    let Some(gpu) = gpu() else { return };
    for (at, (a, b)) in [
        (&[1, 1][..], &[1, 1][..]),
        (&[3, 5], &[5, 9]),
        (&[64, 63], &[63, 65]),
        (&[2, 3, 300], &[300, 4]),
        (&[5, 4], &[3, 4, 8]),
        (&[2, 1, 3, 5], &[1, 4, 5, 7]),
        (&[2, 0], &[0, 3]),
    ]
    .into_iter()
    .enumerate()
    {
        let columns = b[b.len() - 1];
        let what = format!("{a:?}×{b:?}");
        let is_each = at % 2 == 1;
        let [a, a_zero] = with_zero(at % 2 == 0, 1, a, 1);
        let [b, b_zero] = with_zero(at % 3 == 0, 2, b, if is_each { columns } else { 1 });
        let operands = [a.clone(), b.clone(), a_zero.clone(), b_zero.clone()];
        agrees(&gpu, Op::MatMulInteger, &operands, &what);
        let b_scale = if is_each {
            steps(columns, 0.01)
        } else {
            scalar(Values::F32(vec![0.013]))
        };
        let operands = [
            a,
            scalar(Values::F32(vec![0.07])),
            a_zero,
            b,
            b_scale,
            b_zero,
            scalar(Values::F32(vec![0.6])),
            scalar(Values::U8(vec![131])),
        ];
        agrees(&gpu, Op::QLinearMatMul, &operands, &what);
    }
}
