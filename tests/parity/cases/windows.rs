//! Pools, normalisations of channels, and images of another size.

use crate::graph::{Sink, agrees};
use crate::seeded::{any, byte, bytes, float, floats, positive, tensor, whole};
use nearshelf_engine::{
    DType, Op, ResizeCoordinates, ResizeMode, SampleBorder, SampleMode, Values, Window,
};

fn windows() -> [(Vec<usize>, Window); 4] {
    let window = |kernel: &[usize], stride, pads: [usize; 2], dilation| Window {
        kernel: kernel.to_vec(),
        strides: vec![stride; kernel.len()],
        dilations: vec![dilation; kernel.len()],
        pads_begin: vec![pads[0]; kernel.len()],
        pads_end: vec![pads[1]; kernel.len()],
    };
    [
        (vec![1, 2, 11], window(&[3], 2, [0, 1], 1)),
        (vec![2, 3, 9, 8], window(&[3, 2], 1, [1, 1], 1)),
        (vec![1, 2, 9, 8], window(&[3, 3], 2, [1, 0], 2)),
        (vec![1, 65, 4, 4], window(&[4, 4], 4, [0, 0], 1)),
    ]
}

pub fn pools_agree(to: &mut Sink) {
    for (shape, window) in windows() {
        for ceil_mode in [false, true] {
            let what = format!("{shape:?}, {window:?}, ceil {ceil_mode}");
            let x = floats(1, &shape);
            for dtype in [DType::F32, DType::I8, DType::U8] {
                let op = Op::MaxPool {
                    window: window.clone(),
                    ceil_mode,
                };
                agrees(
                    to,
                    op,
                    &[any(dtype, 1, &shape)],
                    &format!("{dtype}, {what}"),
                );
            }
            let op = Op::ArgMaxPool {
                window: window.clone(),
                ceil_mode,
            };
            agrees(to, op, std::slice::from_ref(&x), &what);
            for count_include_pad in [false, true] {
                let op = Op::AveragePool {
                    window: window.clone(),
                    ceil_mode,
                    count_include_pad,
                };
                let what = format!("{what}, pad {count_include_pad}");
                agrees(to, op, std::slice::from_ref(&x), &what);
            }
        }
    }
}

pub fn integer_convolutions_give_the_same_sums(to: &mut Sink) {
    for (shape, window) in windows() {
        let channels = shape[1];
        for group in [1, channels] {
            let mut filters = vec![2 * channels, channels / group];
            filters.extend(&window.kernel);
            for (dtype, zero) in [(DType::U8, 0), (DType::U8, 200), (DType::I8, 131)] {
                let operands = [
                    bytes(dtype, 1, &shape),
                    bytes(DType::I8, 2, &filters),
                    byte(dtype, zero),
                    bytes(DType::I8, 3, &[2 * channels]),
                ];
                let op = Op::ConvInteger {
                    window: window.clone(),
                    group,
                };
                let what = format!("{shape:?}, {window:?}, group {group}, {dtype} from {zero}");
                agrees(to, op, &operands, &what);
            }
        }
    }
}

pub fn channels_are_normalised_alike(to: &mut Sink) {
    for shape in [[2, 1, 1], [2, 3, 65], [1, 7, 300]] {
        let operands = [
            floats(1, &shape),
            floats(2, &shape[1..2]),
            floats(3, &shape[1..2]),
        ];
        let op = Op::InstanceNormalization { epsilon: 1e-5 };
        agrees(to, op, &operands, &format!("{shape:?}"));
        for size in [1, 2, 3, 9] {
            let op = Op::LocalResponseNormalization {
                size,
                alpha: 0.3,
                beta: 0.75,
                bias: 1.5,
            };
            agrees(to, op, &operands[..1], &format!("{shape:?}, {size}"));
        }
    }
}

pub fn images_are_resized_alike(to: &mut Sink) {
    for coordinates in [
        ResizeCoordinates::HalfPixel,
        ResizeCoordinates::Asymmetric,
        ResizeCoordinates::AlignCorners,
        ResizeCoordinates::PytorchHalfPixel,
    ] {
        for mode in [
            ResizeMode::NearestFloor,
            ResizeMode::NearestCeil,
            ResizeMode::NearestRoundPreferFloor,
            ResizeMode::NearestRoundPreferCeil,
            ResizeMode::Linear,
        ] {
            for (from, shape) in [
                ([1, 2, 4, 3], vec![1, 2, 8, 6]),
                ([1, 2, 8, 5], vec![1, 2, 4, 1]),
                ([2, 1, 1, 7], vec![2, 1, 3, 9]),
            ] {
                let ratios = shape.iter().zip(from);
                let scales = ratios.map(|(&to, from)| to as f32 / from as f32).collect();
                let what = format!("{from:?} to {shape:?}, {coordinates:?}, {mode:?}");
                let op = Op::Resize {
                    shape,
                    scales,
                    coordinates,
                    mode,
                };
                agrees(to, op, &[floats(1, &from)], &what);
            }
        }
    }
    for axis in [0, 1, 2] {
        let x = floats(1, &[4, 4, 4]);
        let indices = whole(DType::I32, 2, &[7, 3], 0, 3);
        let operands = [x, indices, floats(3, &[7, 3])];
        agrees(
            to,
            Op::Resample { axis },
            &operands,
            &format!("axis {axis}"),
        );
    }
}

pub fn pixels_are_looked_up_alike(to: &mut Sink) {
    for mode in [
        SampleMode::Nearest,
        SampleMode::Linear,
        SampleMode::Cubic,
        SampleMode::LargestShare,
    ] {
        for border in [
            SampleBorder::Zeros,
            SampleBorder::Edge,
            SampleBorder::ReflectCentres,
            SampleBorder::ReflectEdges,
            SampleBorder::EdgeThenZeros,
        ] {
            for spatial in [&[5][..], &[4, 6], &[3, 2, 4]] {
                let x = floats(1, &[&[2, 3], spatial].concat());
                let at = floats(2, &[3, 9, spatial.len()]);
                // In quarters, some of them far outside.
                let at = at.as_f32().unwrap().iter();
                let at: Vec<f32> = at.map(|at| (at * 40.0).round() / 4.0).collect();
                let at = tensor(&[3, 9, spatial.len()], Values::F32(at));
                let image = tensor(&[3], Values::I32(vec![1, 0, 1]));
                let what = format!("{spatial:?}, {mode:?}, {border:?}");
                agrees(to, Op::Sample { mode, border }, &[x, at, image], &what);
            }
        }
    }
}

pub fn bytes_become_floats_alike(to: &mut Sink) {
    for dtype in [DType::U8, DType::I8] {
        let operands = [bytes(dtype, 1, &[259]), float(0.013), byte(dtype, 77)];
        agrees(to, Op::DequantizeLinear { axis: 0 }, &operands, "a scalar");
        for (axis, shape) in [(0, [5, 3]), (1, [3, 5])] {
            let operands = [
                bytes(dtype, 1, &shape),
                positive(2, 5),
                bytes(dtype, 3, &[5]),
            ];
            let what = format!("{dtype}, axis {axis}");
            agrees(to, Op::DequantizeLinear { axis }, &operands, &what);
        }
    }
    let x = whole(DType::I32, 1, &[67], -100_000, 100_000);
    let zero = tensor(&[], Values::I32(vec![0]));
    let operands = [x, float(0.5), zero];
    agrees(to, Op::DequantizeLinear { axis: 0 }, &operands, "sums");
}
