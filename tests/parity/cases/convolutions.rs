//! Convolutions, as they come and with channels last.

use crate::graph::{Graph, Sink, agrees};
use crate::seeded::{byte, bytes, float, floats, integers, positive, tensor};
use nearshelf_engine::{DType, Op, Unary, Values, Window};

fn window(kernel: [usize; 2], stride: usize, pads: [usize; 2], dilation: usize) -> Window {
    Window {
        kernel: kernel.to_vec(),
        strides: vec![stride; 2],
        dilations: vec![dilation; 2],
        pads_begin: vec![pads[0]; 2],
        pads_end: vec![pads[1]; 2],
    }
}

pub fn convolutions_with_weights_given_at_run_time_agree(to: &mut Sink) {
    for (extent, stride, pad, group) in [
        (1, 1, 0, 1),
        (3, 1, 1, 1),
        (3, 2, 1, 1),
        (3, 1, 0, 2),
        (5, 2, 2, 4),
        (3, 1, 1, 4),
    ] {
        let (maps, kernel) = (8, [extent, extent]);
        let what = format!("{extent} {stride} {pad} {group}");
        let window = window(kernel, stride, [pad, pad], 1);
        let image = [2, 4, 17, 13];
        let filters = [maps, 4 / group, extent, extent];
        let op = Op::Conv {
            window: window.clone(),
            group,
        };
        agrees(to, op, &[floats(3, &image), floats(5, &filters)], &what);
        let (scale, zero) = (float(0.02), byte(DType::U8, 128));
        let operands = [
            bytes(DType::U8, 3, &image),
            scale.clone(),
            zero.clone(),
            bytes(DType::U8, 5, &filters),
            scale,
            zero.clone(),
            float(1.5),
            zero,
        ];
        let op = Op::QLinearConv { window, group };
        agrees(to, op, &operands, &what);
    }
    let op = Op::ConvTranspose {
        window: window([3, 3], 2, [1, 1], 1),
        group: 2,
        output_padding: vec![1, 1],
    };
    let operands = [
        floats(1, &[1, 4, 5, 7]),
        floats(2, &[4, 3, 3, 3]),
        floats(3, &[6]),
    ];
    agrees(to, op, &operands, "group 2");
}

/// Calls `check` with windows, channels in and out, and groups: those of one filter a channel are depthwise.
fn with_channels_last(mut check: impl FnMut(&Window, usize, usize, usize)) {
    for window in [
        window([1, 1], 1, [0, 0], 1),
        window([1, 1], 2, [0, 0], 1),
        window([3, 3], 1, [1, 1], 1),
        window([3, 3], 2, [0, 1], 1),
        window([2, 5], 1, [4, 4], 1),
        window([3, 3], 1, [2, 2], 2),
    ] {
        for channels in [2, 7, 8, 9, 15, 16, 17, 24, 33] {
            check(&window, channels, channels, channels);
        }
        for (channels, maps) in [(1, 1), (1, 9), (3, 4), (3, 17), (4, 8), (5, 3)] {
            check(&window, channels, maps, 1);
        }
    }
}

pub fn convolutions_with_channels_last_agree(to: &mut Sink) {
    with_channels_last(|window, channels, maps, group| {
        for activation in [
            None,
            Some(Unary::Silu),
            Some(Unary::Clip { min: 0.0, max: 1.0 }),
        ] {
            let mut graph = Graph::new();
            let x = graph.input(floats(1, &[2, channels, 9, 11]));
            let filters = [maps, channels / group, window.kernel[0], window.kernel[1]];
            let (w, bias) = (
                graph.constant(floats(2, &filters)),
                graph.constant(floats(3, &[maps])),
            );
            let op = Op::Conv {
                window: window.clone(),
                group,
            };
            let mut y = graph.push(op, &[x, w, bias]);
            if let Some(activation) = activation {
                y = graph.push(Op::Unary(activation), &[y]);
            }
            let operator = if group == 1 {
                "ConvNhwc"
            } else {
                "DepthwiseNhwc"
            };
            let what = format!("{channels} → {maps}, {window:?}, {activation:?}");
            graph.agrees_on(to, &[y], operator, &what);
        }
    });
}

pub fn quantized_convolutions_with_channels_last_give_the_same_bytes(to: &mut Sink) {
    with_channels_last(|window, channels, maps, group| {
        for (dtype, zero) in [(DType::U8, 0), (DType::U8, 255), (DType::I8, 100)] {
            let mut graph = Graph::new();
            let x = graph.input(bytes(dtype, 1, &[2, channels, 9, 11]));
            let filters = [maps, channels / group, window.kernel[0], window.kernel[1]];
            let operands = [
                x,
                graph.constant(float(0.02)),
                graph.constant(byte(dtype, zero)),
                graph.constant(bytes(DType::I8, 2, &filters)),
                graph.constant(positive(4, maps)),
                graph.constant(tensor(&[maps], Values::I8(vec![0; maps]))),
                graph.constant(float(0.3)),
                graph.constant(byte(dtype, 120)),
                graph.constant(integers(5, maps)),
            ];
            let op = Op::QLinearConv {
                window: window.clone(),
                group,
            };
            let y = graph.push(op, &operands);
            let operator = if group == 1 {
                "QLinearConvNhwc"
            } else {
                "QLinearDepthwiseNhwc"
            };
            let what = format!("{channels} → {maps}, {window:?}, {dtype} from {zero}");
            graph.agrees_on(to, &[y], operator, &what);
        }
    });
}
