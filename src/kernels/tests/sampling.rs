//! Images looked up where coordinates say.

use super::*;

/// Looks up coordinates of a line of pixels 1, 2, 3.
fn line(mode: SampleMode, border: SampleBorder, at: &[f32]) -> Vec<f32> {
    let x = f32s(&[1, 1, 3], &[1.0, 2.0, 3.0]);
    let at = f32s(&[1, at.len(), 1], at);
    let y = run(Op::Sample { mode, border }, &[x, at, i32s(&[1], &[0])]);
    y.as_f32().unwrap().to_vec()
}

#[test]
fn pixels_are_mixed_by_their_distance() {
    let at = [0.0, 0.25, 2.0];
    let of = |mode| line(mode, SampleBorder::Edge, &at);
    assert_eq!(of(SampleMode::Linear), [1.0, 1.25, 3.0]);
    assert_eq!(of(SampleMode::Nearest), [1.0, 1.0, 3.0]);
    // Half to even.
    let halves = line(SampleMode::Nearest, SampleBorder::Edge, &[0.5, 1.5]);
    assert_eq!(halves, [1.0, 3.0]);
    let cubic = of(SampleMode::Cubic);
    assert_eq!([cubic[0], cubic[2]], [1.0, 3.0]);
}

#[test]
fn each_border_has_its_own_beyond() {
    let at = [-0.5, -2.0, 4.0];
    let of = |border| line(SampleMode::Linear, border, &at);
    assert_eq!(of(SampleBorder::Zeros), [0.5, 0.0, 0.0]);
    assert_eq!(of(SampleBorder::Edge), [1.0, 1.0, 3.0]);
    assert_eq!(of(SampleBorder::ReflectCentres), [1.5, 3.0, 1.0]);
    assert_eq!(of(SampleBorder::ReflectEdges), [1.0, 2.0, 2.0]);
    assert_eq!(of(SampleBorder::EdgeThenZeros), [1.0, 0.0, 0.0]);
}

#[test]
fn what_is_no_coordinate_gives_no_panic() {
    let wild = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30];
    for border in [
        SampleBorder::Zeros,
        SampleBorder::Edge,
        SampleBorder::ReflectCentres,
        SampleBorder::ReflectEdges,
        SampleBorder::EdgeThenZeros,
    ] {
        for mode in [SampleMode::Nearest, SampleMode::Linear, SampleMode::Cubic] {
            assert_eq!(line(mode, border, &wild).len(), wild.len());
        }
    }
}

#[test]
fn an_image_that_is_not_there_is_refused() {
    let op = Op::Sample {
        mode: SampleMode::Linear,
        border: SampleBorder::Zeros,
    };
    let x = f32s(&[2, 1, 1], &[1.0, 2.0]);
    let at = f32s(&[1, 1, 1], &[0.0]);
    let second = run(op.clone(), &[x.clone(), at.clone(), i32s(&[1], &[1])]);
    assert_close(&second, &[1, 1, 1], &[2.0]);
    let error = run_with(KernelSet::Fastest, op, &[x, at, i32s(&[1], &[2])]);
    assert!(error.unwrap_err().contains("image 2 is outside 0..2"));
}

#[test]
fn an_axis_is_resampled_by_a_table() {
    let x = f32s(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let indices = i32s(&[2, 2], &[0, 2, 1, 1]);
    let weights = f32s(&[2, 2], &[0.5, 0.5, 2.0, 0.0]);
    let op = Op::Resample { axis: 1 };
    let y = run(op.clone(), &[x.clone(), indices, weights.clone()]);
    assert_close(&y, &[2, 2], &[2.0, 4.0, 5.0, 10.0]);
    let outside = i32s(&[2, 2], &[0, 3, 0, 0]);
    let error = run_with(KernelSet::Fastest, op, &[x, outside, weights]);
    assert!(error.unwrap_err().contains("index 3 is outside 0..3"));
}

#[test]
fn the_largest_of_a_window_is_found_in_the_whole_tensor() {
    let window = Window {
        kernel: vec![2],
        strides: vec![1],
        dilations: vec![1],
        pads_begin: vec![1],
        pads_end: vec![0],
    };
    let op = Op::ArgMaxPool {
        window,
        ceil_mode: false,
    };
    let x = f32s(&[1, 2, 3], &[1.0, 3.0, 3.0, 9.0, 8.0, 7.0]);
    let y = run(op.clone(), &[x]);
    assert_eq!(y, i32s(&[1, 2, 3], &[0, 1, 1, 3, 3, 4]));
    // NaN is what `MaxPool` gives of a window that has one.
    let x = f32s(&[1, 1, 3], &[1.0, f32::NAN, 3.0]);
    assert_eq!(run(op, &[x]), i32s(&[1, 1, 3], &[0, 1, 1]));
}

#[test]
fn the_last_pixel_of_a_line_longer_than_floats_count_is_found() {
    let extent = (1 << 24) + 3;
    let mut pixels = vec![0.0; extent];
    pixels[extent - 1] = 1.0;
    let x = f32s(&[1, 1, extent], &pixels);
    let op = Op::Sample {
        mode: SampleMode::Nearest,
        border: SampleBorder::Edge,
    };
    let y = run(op, &[x, f32s(&[1, 1, 1], &[1e30]), i32s(&[1], &[0])]);
    assert_eq!(y, f32s(&[1, 1, 1], &[1.0]));
}
