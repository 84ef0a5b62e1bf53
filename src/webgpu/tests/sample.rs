//! Resampling.

use super::agree::{agrees, floats, gpu, noise};
use nearshelf_engine::{
    Op, ResizeCoordinates, ResizeMode, SampleBorder, SampleMode, Tensor, Values,
};

#[test]
fn images_are_resized_in_every_mode() {
    let Some(gpu) = gpu() else { return };
    let modes = [
        ResizeMode::NearestFloor,
        ResizeMode::NearestCeil,
        ResizeMode::NearestRoundPreferFloor,
        ResizeMode::NearestRoundPreferCeil,
        ResizeMode::Linear,
    ];
    let ways = [
        ResizeCoordinates::HalfPixel,
        ResizeCoordinates::Asymmetric,
        ResizeCoordinates::AlignCorners,
        ResizeCoordinates::PytorchHalfPixel,
    ];
    for (x, shape) in [
        (&[][..], &[][..]),
        (&[1], &[1]),
        (&[5], &[1]),
        (&[1], &[7]),
        (&[2, 3, 4, 5], &[2, 3, 8, 10]),
        (&[2, 3, 4, 5], &[2, 3, 3, 13]),
        (&[2, 3, 65], &[4, 1, 21]),
        (&[2, 3], &[2, 0]),
    ] {
        for mode in modes {
            for coordinates in ways {
                let scales = x
                    .iter()
                    .zip(shape)
                    .map(|(&x, &y): (&usize, &usize)| y.max(1) as f32 / x as f32);
                let op = Op::Resize {
                    shape: shape.to_vec(),
                    scales: scales.collect(),
                    coordinates,
                    mode,
                };
                agrees(&gpu, op.clone(), &[floats(1, x)], &format!("{x:?} {op:?}"));
            }
        }
    }
    let op = Op::Resize {
        shape: vec![4],
        scales: vec![0.7],
        coordinates: ResizeCoordinates::Asymmetric,
        mode: ResizeMode::Linear,
    };
    agrees(
        &gpu,
        op,
        &[floats(1, &[4])],
        "a scale without another extent",
    );
}

#[test]
fn elements_are_mixed_by_a_table_and_an_index_outside_is_an_error() {
    let Some(gpu) = gpu() else { return };
    let table = |indices: &[i32], shape: [usize; 2]| {
        Tensor::new(shape, Values::I32(indices.to_vec())).unwrap()
    };
    for axis in 0..3 {
        let indices = table(&[0, 1, 2, 2, 1, 0, 0, 2], [4, 2]);
        let operands = [floats(1, &[3, 3, 3]), indices, floats(2, &[4, 2])];
        agrees(
            &gpu,
            Op::Resample { axis },
            &operands,
            &format!("along {axis}"),
        );
    }
    let operands = [floats(1, &[3, 2]), table(&[], [4, 0]), floats(2, &[4, 0])];
    agrees(&gpu, Op::Resample { axis: 0 }, &operands, "of nothing");
    for outside in [3, -1, i32::MAX, i32::MIN] {
        let operands = [
            floats(1, &[3, 2]),
            table(&[0, outside], [2, 1]),
            floats(2, &[2, 1]),
        ];
        agrees(&gpu, Op::Resample { axis: 0 }, &operands, "outside");
    }
}

#[test]
fn pixels_are_looked_up_in_every_mode_beyond_every_border() {
    let Some(gpu) = gpu() else { return };
    let modes = [
        SampleMode::Nearest,
        SampleMode::Linear,
        SampleMode::Cubic,
        SampleMode::LargestShare,
    ];
    let borders = [
        SampleBorder::Zeros,
        SampleBorder::Edge,
        SampleBorder::ReflectCentres,
        SampleBorder::ReflectEdges,
        SampleBorder::EdgeThenZeros,
    ];
    for (image, out) in [
        (&[2, 3, 1][..], &[2, 5][..]),
        (&[2, 3, 7], &[3, 40]),
        (&[2, 3, 5, 4], &[3, 9, 7]),
        (&[1, 2, 1, 6], &[1, 33]),
        (&[2, 1, 3, 4, 5], &[2, 3, 4, 5]),
    ] {
        let axes = image.len() - 2;
        let shape = [out, &[axes]].concat();
        let mut places = noise(3, shape.iter().product());
        // Well beyond the image, and where halves and whole numbers lie.
        for (n, place) in places.iter_mut().enumerate() {
            *place = *place * 8.0 + 2.0;
            if n % 3 == 0 {
                *place = (*place * 2.0).round() / 2.0;
            }
        }
        let last = places.len() - 1;
        places[last] = f32::NAN;
        let places = Tensor::new(shape, Values::F32(places)).unwrap();
        let images = (0..out[0]).map(|n| (n % image[0]) as i32).collect();
        let images = Tensor::new([out[0]], Values::I32(images)).unwrap();
        for mode in modes {
            for border in borders {
                let operands = [floats(1, image), places.clone(), images.clone()];
                agrees(
                    &gpu,
                    Op::Sample { mode, border },
                    &operands,
                    &format!("{mode:?} {border:?} {image:?}"),
                );
            }
        }
    }
    for outside in [2, -1, i32::MAX] {
        let images = Tensor::new([1], Values::I32(vec![outside])).unwrap();
        let op = Op::Sample {
            mode: SampleMode::Linear,
            border: SampleBorder::Zeros,
        };
        agrees(
            &gpu,
            op,
            &[floats(1, &[2, 1, 3]), floats(2, &[1, 4, 1]), images],
            "outside",
        );
    }
}
