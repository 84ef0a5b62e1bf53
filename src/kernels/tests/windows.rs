//! Convolutions and pools, by hand.

use super::*;

#[test]
fn a_convolution_pads_strides_and_groups() {
    let x = f32s(
        &[1, 1, 3, 3],
        &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0],
    );
    let ones = f32s(&[1, 1, 3, 3], &[1.0; 9]);
    let same = Op::Conv {
        window: window(&[3, 3], 1, 1),
        group: 1,
    };
    assert_close(
        &run(same, &[x.clone(), ones.clone()]),
        &[1, 1, 3, 3],
        &[12.0, 21.0, 16.0, 27.0, 45.0, 33.0, 24.0, 39.0, 28.0],
    );
    let strided = Op::Conv {
        window: window(&[3, 3], 2, 1),
        group: 1,
    };
    assert_close(
        &run(strided, &[x, ones, f32s(&[1], &[1.0])]),
        &[1, 1, 2, 2],
        &[13.0, 17.0, 25.0, 29.0],
    );
    let two = f32s(&[1, 2, 3], &[1.0, 2.0, 3.0, 10.0, 20.0, 30.0]);
    let grouped = Op::Conv {
        window: window(&[2], 1, 0),
        group: 2,
    };
    assert_close(
        &run(grouped, &[two, f32s(&[2, 1, 2], &[1.0, 1.0, 1.0, -1.0])]),
        &[1, 2, 2],
        &[3.0, 5.0, -10.0, -10.0],
    );
}

#[test]
fn a_depthwise_convolution_is_the_same_done_directly() {
    let steps = |len: usize| -> Vec<f32> { (0..len).map(|n| (n * 37 % 101) as f32).collect() };
    let x = f32s(&[1, 3, 9, 8], &steps(216));
    let w = f32s(&[3, 1, 3, 3], &steps(27));
    let mut around = window(&[3, 3], 2, 1);
    around.dilations = vec![2, 1];
    let direct = run(
        Op::Conv {
            window: around.clone(),
            group: 3,
        },
        &[x.clone(), w.clone()],
    );
    for channel in 0..3 {
        let part = |t: &Tensor, size: usize, shape: &[usize]| {
            f32s(shape, &t.as_f32().unwrap()[channel * size..][..size])
        };
        let one = run(
            Op::Conv {
                window: around.clone(),
                group: 1,
            },
            &[part(&x, 72, &[1, 1, 9, 8]), part(&w, 9, &[1, 1, 3, 3])],
        );
        let size = one.as_f32().unwrap().len();
        assert_eq!(
            one.as_f32().unwrap(),
            &direct.as_f32().unwrap()[channel * size..][..size]
        );
    }
}

#[test]
fn integer_convolution_counts_padding_as_the_zero_point() {
    let x = u8s(&[1, 1, 1, 2], &[130, 126]);
    let op = Op::ConvInteger {
        window: window(&[1, 3], 1, 0),
        group: 1,
    };
    let Op::ConvInteger {
        window: mut w,
        group,
    } = op
    else {
        unreachable!()
    };
    (w.pads_begin, w.pads_end) = (vec![0, 1], vec![0, 1]);
    let y = run(
        Op::ConvInteger { window: w, group },
        &[
            x,
            i8s(&[1, 1, 1, 3], &[1, 2, 3]),
            u8s(&[], &[128]),
            i8s(&[1], &[0]),
        ],
    );
    assert_eq!(y, i32s(&[1, 1, 1, 2], &[2 * 2 - 2 * 3, 2 - 2 * 2]));
}

#[test]
fn a_transposed_convolution_spreads_and_crops() {
    let x = f32s(&[1, 1, 2], &[1.0, 2.0]);
    let w = f32s(&[1, 1, 3], &[1.0, 10.0, 100.0]);
    let op = |pad: usize| Op::ConvTranspose {
        window: window(&[3], 2, pad),
        group: 1,
        output_padding: vec![0],
    };
    assert_close(
        &run(op(0), &[x.clone(), w.clone()]),
        &[1, 1, 5],
        &[1.0, 10.0, 102.0, 20.0, 200.0],
    );
    assert_close(&run(op(1), &[x, w]), &[1, 1, 3], &[10.0, 102.0, 20.0]);
}

#[test]
fn pools_ignore_padding_and_may_end_in_part_of_a_window() {
    let x = f32s(&[1, 1, 5], &[-1.0, -2.0, -3.0, -4.0, -5.0]);
    let ceil = Op::MaxPool {
        window: window(&[2], 2, 0),
        ceil_mode: true,
    };
    assert_close(
        &run(ceil, std::slice::from_ref(&x)),
        &[1, 1, 3],
        &[-1.0, -3.0, -5.0],
    );
    let average = |count_include_pad| Op::AveragePool {
        window: window(&[3], 2, 1),
        ceil_mode: false,
        count_include_pad,
    };
    assert_close(
        &run(average(false), std::slice::from_ref(&x)),
        &[1, 1, 3],
        &[-1.5, -3.0, -4.5],
    );
    assert_close(&run(average(true), &[x]), &[1, 1, 3], &[-1.0, -3.0, -3.0]);
}

#[test]
fn resizing_interpolates_between_pixel_centres() {
    let x = f32s(&[1, 1, 1, 2], &[0.0, 10.0]);
    let resize = |mode, coordinates| Op::Resize {
        shape: vec![1, 1, 1, 4],
        scales: vec![1.0, 1.0, 1.0, 2.0],
        coordinates,
        mode,
    };
    let linear = run(
        resize(ResizeMode::Linear, ResizeCoordinates::HalfPixel),
        std::slice::from_ref(&x),
    );
    assert_close(&linear, &[1, 1, 1, 4], &[0.0, 2.5, 7.5, 10.0]);
    let aligned = run(
        resize(ResizeMode::Linear, ResizeCoordinates::AlignCorners),
        std::slice::from_ref(&x),
    );
    assert_close(
        &aligned,
        &[1, 1, 1, 4],
        &[0.0, 10.0 / 3.0, 20.0 / 3.0, 10.0],
    );
    let nearest = run(
        resize(ResizeMode::NearestFloor, ResizeCoordinates::Asymmetric),
        &[x],
    );
    assert_close(&nearest, &[1, 1, 1, 4], &[0.0, 0.0, 10.0, 10.0]);
}

#[test]
fn resizing_an_axis_whose_last_index_is_no_float_stays_inside() {
    // 2^24 + 3 is between two floats and rounds up, beyond the last element.
    let extent = (1 << 24) + 4;
    let op = Op::Resize {
        shape: vec![2],
        scales: vec![2.0 / extent as f32],
        coordinates: ResizeCoordinates::AlignCorners,
        mode: ResizeMode::Linear,
    };
    let mut x = vec![0.0; extent];
    x[extent - 1] = 5.0;
    assert_close(&run(op, &[f32s(&[extent], &x)]), &[2], &[0.0, 5.0]);
}
