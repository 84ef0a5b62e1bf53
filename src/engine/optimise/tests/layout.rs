//! Convolutions with channels last, and what lies between them.

use super::*;

fn window(kernel: [usize; 2], stride: usize, pads: [usize; 2], dilation: usize) -> Window {
    Window {
        kernel: kernel.to_vec(),
        strides: vec![stride; 2],
        dilations: vec![dilation; 2],
        pads_begin: vec![pads[0]; 2],
        pads_end: vec![pads[1]; 2],
    }
}

/// Windows and channels in and out, and groups.
fn convolutions() -> Vec<(Window, usize, usize, usize)> {
    let mut cases = Vec::new();
    for (kernel, stride, pads, dilation) in [
        ([1, 1], 1, [0, 0], 1),
        ([1, 1], 2, [0, 0], 1),
        ([3, 3], 1, [1, 1], 1),
        ([3, 3], 2, [0, 1], 1),
        ([2, 5], 1, [4, 4], 1),
        ([3, 3], 1, [2, 2], 2),
    ] {
        for (channels, maps, group) in [
            (1, 1, 1),
            (1, 9, 1),
            (3, 9, 1),
            (4, 8, 1),
            (7, 7, 7),
            (8, 8, 8),
            (17, 17, 17),
            (4, 8, 2),
        ] {
            let window = window(kernel, stride, pads, dilation);
            cases.push((window, channels, maps, group));
        }
    }
    cases
}

#[test]
fn float_convolutions_take_channels_last() {
    for (window, channels, maps, group) in convolutions() {
        let operators =
            assert_unchanged(&format!("{window:?} {channels} {maps} {group}"), |graph| {
                let x = graph.input(floats(1, &[2, channels, 9, 11]));
                let shape = [maps, channels / group, window.kernel[0], window.kernel[1]];
                let w = graph.constant(floats(2, &shape));
                let bias = graph.constant(floats(3, &[maps]));
                let window = window.clone();
                let y = graph.push(Op::Conv { window, group }, &[x, w, bias]);
                let y = graph.push(Op::Unary(Unary::Clip { min: 0.0, max: 1.0 }), &[y]);
                graph.output(y);
            });
        assert_eq!(operators.contains(&"Conv"), group == 2);
    }
}

#[test]
fn quantized_convolutions_take_channels_last_and_give_the_same_bytes() {
    for (window, channels, maps, group) in convolutions() {
        for (dtype, x_zero) in [(DType::U8, 0), (DType::I8, 100), (DType::U8, 255)] {
            let operators = assert_unchanged(
                &format!("{window:?} {channels} {maps} {group} {x_zero}"),
                |graph| {
                    let x = graph.input(bytes(dtype, 1, &[2, channels, 9, 11]));
                    let (scale, zero) = (graph.scalar(0.02), graph.zero_of(dtype, x_zero));
                    let shape = [maps, channels / group, window.kernel[0], window.kernel[1]];
                    let w = graph.constant(signed(2, &shape));
                    let w_scale = graph.constant(positive(4, maps));
                    let w_zero =
                        graph.constant(Tensor::new([maps], Values::I8(vec![0; maps])).unwrap());
                    let (y_scale, y_zero) = (graph.scalar(0.3), graph.zero_of(dtype, 120));
                    let bias = noise(5, maps).iter().map(|x| (x * 900.0) as i32).collect();
                    let bias = graph.constant(Tensor::new([maps], Values::I32(bias)).unwrap());
                    let window = window.clone();
                    let y = graph.push(
                        Op::QLinearConv { window, group },
                        &[x, scale, zero, w, w_scale, w_zero, y_scale, y_zero, bias],
                    );
                    graph.output(y);
                },
            );
            assert_eq!(operators.contains(&"QLinearConv"), group == 2);
        }
    }
}

#[test]
fn images_whose_axes_are_of_one_extent_are_turned_all_the_same() {
    for shape in [
        [1, 8, 8, 8],
        [2, 4, 4, 4],
        [1, 3, 3, 1],
        [1, 1, 5, 5],
        [1, 5, 1, 1],
    ] {
        assert_unchanged(&format!("{shape:?}"), |graph| {
            let x = graph.input(floats(1, &shape));
            let w = graph.constant(floats(2, &[shape[1], shape[1], 1, 1]));
            let window = window([1, 1], 1, [0, 0], 1);
            let y = graph.push(Op::Conv { window, group: 1 }, &[x, w]);
            graph.output(y);
        });
    }
}

#[test]
fn activations_written_out_melt_into_convolutions() {
    for group in [1, 6] {
        let operators = assert_unchanged("conv and silu", |graph| {
            let x = graph.input(floats(1, &[1, 6, 5, 7]));
            let w = graph.constant(floats(2, &[6, 6 / group, 3, 3]));
            let window = window([3, 3], 1, [1, 1], 1);
            let y = graph.push(Op::Conv { window, group }, &[x, w]);
            let gate = graph.push(Op::Unary(Unary::Sigmoid), &[y]);
            let y = graph.push(Op::Binary(Binary::Mul), &[y, gate]);
            graph.output(y);
        });
        assert!(!operators.contains(&"Silu"), "{operators:?}");
    }
}

#[test]
fn a_residual_block_stays_with_channels_last_until_its_end() {
    let operators = assert_unchanged("residual", |graph| {
        let x = graph.input(floats(1, &[1, 8, 6, 6]));
        let conv = |graph: &mut Graph, x, seed| {
            let w = graph.constant(floats(seed, &[8, 8, 3, 3]));
            let window = window([3, 3], 1, [1, 1], 1);
            graph.push(Op::Conv { window, group: 1 }, &[x, w])
        };
        let first = conv(graph, x, 2);
        let second = conv(graph, first, 3);
        let sum = graph.push(Op::Binary(Binary::Add), &[first, second]);
        let gain = graph.constant(floats(4, &[8, 1, 1]));
        let scaled = graph.push(Op::Binary(Binary::Mul), &[sum, gain]);
        let joined = graph.push(Op::Concat { axis: 1 }, &[scaled, first]);
        let mean = Op::Reduce {
            reduction: Reduction::Mean,
            axes: vec![2, 3],
            keep_dims: true,
        };
        let mean = graph.push(mean, &[joined]);
        let flat = graph.push(Op::Reshape { shape: vec![1, 16] }, &[mean]);
        graph.output(flat);
    });
    let turns = operators.iter().filter(|&&name| name == "Transpose");
    assert_eq!(turns.count(), 1, "{operators:?}");
}

#[test]
fn resizing_and_broadcast_gates_keep_channels_last() {
    let operators = assert_unchanged("resize", |graph| {
        let x = graph.input(floats(1, &[1, 4, 5, 5]));
        let w = graph.constant(floats(2, &[6, 4, 1, 1]));
        let window = window([1, 1], 1, [0, 0], 1);
        let y = graph.push(Op::Conv { window, group: 1 }, &[x, w]);
        let gate = graph.input(floats(3, &[1, 6, 1, 1]));
        let y = graph.push(Op::Binary(Binary::Mul), &[y, gate]);
        let y = graph.push(
            Op::Resize {
                shape: vec![1, 6, 10, 10],
                scales: vec![1.0, 1.0, 2.0, 2.0],
                coordinates: ResizeCoordinates::HalfPixel,
                mode: ResizeMode::Linear,
            },
            &[y],
        );
        graph.output(y);
    });
    let turns = operators.iter().filter(|&&name| name == "Transpose");
    assert_eq!(turns.count(), 2, "in and out: {operators:?}");
}
