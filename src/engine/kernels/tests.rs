//! Every operator by hand-checked cases, then scalar against fastest kernels on seeded ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use super::tolerance::{REORDERED_SUM, close};
use crate::*;
use std::sync::Arc;

fn f32s(shape: &[usize], values: &[f32]) -> Tensor {
    Tensor::new(shape, Values::F32(values.to_vec())).unwrap()
}
fn i32s(shape: &[usize], values: &[i32]) -> Tensor {
    Tensor::new(shape, Values::I32(values.to_vec())).unwrap()
}
fn u8s(shape: &[usize], values: &[u8]) -> Tensor {
    Tensor::new(shape, Values::U8(values.to_vec())).unwrap()
}
fn i8s(shape: &[usize], values: &[i8]) -> Tensor {
    Tensor::new(shape, Values::I8(values.to_vec())).unwrap()
}

/// Runs one operator on inputs given at run time.
fn run_with(set: KernelSet, op: Op, inputs: &[Tensor]) -> Result<Vec<Tensor>, String> {
    let mut builder = PlanBuilder::new();
    let names: Vec<String> = (0..inputs.len()).map(|n| format!("x{n}")).collect();
    let ids: Vec<ValueId> = names
        .iter()
        .zip(inputs)
        .map(|(n, t)| builder.input(n, t.ty()).unwrap())
        .collect();
    let outputs = builder.push("node", op, &ids).map_err(|e| e.to_string())?;
    for (n, id) in outputs.iter().enumerate() {
        builder.output(&format!("y{n}"), *id).unwrap();
    }
    let plan = Arc::new(builder.finish().map_err(|e| e.to_string())?);
    let mut session = CpuSession::with_kernels(plan, set).unwrap();
    let named: Vec<(&str, &Tensor)> = names.iter().map(String::as_str).zip(inputs).collect();
    let first = session.run(&named).map_err(|e| e.to_string())?;
    // NaN is not equal to itself: compare what is printed.
    assert_eq!(
        format!("{first:?}"),
        format!("{:?}", session.run(&named).unwrap()),
        "a second run differs"
    );
    Ok(first)
}

fn run(op: Op, inputs: &[Tensor]) -> Tensor {
    run_with(KernelSet::Fastest, op, inputs).unwrap().remove(0)
}

fn assert_close(found: &Tensor, shape: &[usize], values: &[f32]) {
    assert_eq!(found.shape(), shape);
    let pairs = found.as_f32().unwrap().iter().zip(values);
    assert!(
        pairs.clone().all(|(a, b)| close(*a, *b, 1e-5)),
        "{:?} is not {values:?}",
        found.as_f32().unwrap()
    );
}

fn window(kernel: &[usize], stride: usize, pad: usize) -> Window {
    let all = |value: usize| vec![value; kernel.len()];
    Window {
        kernel: kernel.to_vec(),
        strides: all(stride),
        dilations: all(1),
        pads_begin: all(pad),
        pads_end: all(pad),
    }
}

#[test]
fn functions_of_one_operand_keep_nan_and_know_their_edges() {
    let x = f32s(&[4], &[-1.5, 0.0, 2.5, f32::NAN]);
    assert_close(
        &run(Op::Unary(Unary::Relu), &[x.clone()]),
        &[4],
        &[0.0, 0.0, 2.5, f32::NAN],
    );
    assert_close(
        &run(Op::Unary(Unary::Round), &[x.clone()]),
        &[4],
        &[-2.0, 0.0, 2.0, f32::NAN],
    );
    assert_close(
        &run(
            Op::Unary(Unary::Clip {
                min: -1.0,
                max: 1.0,
            }),
            &[x.clone()],
        ),
        &[4],
        &[-1.0, 0.0, 1.0, f32::NAN],
    );
    assert_close(
        &run(Op::Unary(Unary::Sign), &[x.clone()]),
        &[4],
        &[-1.0, 0.0, 1.0, f32::NAN],
    );
    assert_close(
        &run(Op::Unary(Unary::Gelu), &[x]),
        &[4],
        &[-0.100_211, 0.0, 2.484_475, f32::NAN],
    );
    let far = f32s(&[2], &[-1000.0, 1000.0]);
    assert_close(
        &run(Op::Unary(Unary::Sigmoid), &[far.clone()]),
        &[2],
        &[0.0, 1.0],
    );
    assert_close(
        &run(Op::Unary(Unary::Softplus), &[far.clone()]),
        &[2],
        &[0.0, 1000.0],
    );
    assert_close(&run(Op::Unary(Unary::Erf), &[far]), &[2], &[-1.0, 1.0]);
    assert_close(
        &run(Op::Unary(Unary::Erf), &[f32s(&[2], &[0.5, -1.0])]),
        &[2],
        &[0.520_500, -0.842_701],
    );
    assert_eq!(
        run(Op::Unary(Unary::Not), &[u8s(&[2], &[0, 1])]),
        u8s(&[2], &[1, 0])
    );
    assert_eq!(
        run(Op::Unary(Unary::Neg), &[i32s(&[2], &[i32::MIN, 5])]),
        i32s(&[2], &[i32::MIN, -5])
    );
}

#[test]
fn two_operands_are_broadcast_along_any_axes() {
    let column = f32s(&[2, 1], &[10.0, 20.0]);
    let row = f32s(&[3], &[1.0, 2.0, 3.0]);
    let add = |a: &Tensor, b: &Tensor| run(Op::Binary(Binary::Add), &[a.clone(), b.clone()]);
    assert_close(
        &add(&column, &row),
        &[2, 3],
        &[11.0, 12.0, 13.0, 21.0, 22.0, 23.0],
    );
    assert_close(&add(&row, &f32s(&[], &[1.0])), &[3], &[2.0, 3.0, 4.0]);
    assert_eq!(add(&f32s(&[0, 3], &[]), &row).shape(), [0, 3]);
    assert!(
        run_with(
            KernelSet::Fastest,
            Op::Binary(Binary::Add),
            &[row, f32s(&[2], &[0.0; 2])]
        )
        .is_err()
    );
}

#[test]
fn remainders_take_the_sign_that_onnx_says() {
    let (a, b) = (i32s(&[4], &[-7, 7, -7, 7]), i32s(&[4], &[3, -3, -3, 0]));
    assert_eq!(
        run(Op::Binary(Binary::Mod), &[a.clone(), b.clone()]),
        i32s(&[4], &[2, -2, -1, 0])
    );
    assert_eq!(
        run(Op::Binary(Binary::Fmod), &[a.clone(), b.clone()]),
        i32s(&[4], &[-1, 1, -1, 0])
    );
    assert_eq!(
        run(Op::Binary(Binary::Div), &[a, b]),
        i32s(&[4], &[-2, -2, 2, 0])
    );
}

#[test]
fn comparisons_and_choices_work_on_broadcast_operands() {
    let truth = run(
        Op::Binary(Binary::Less),
        &[f32s(&[3], &[1.0, 2.0, f32::NAN]), f32s(&[1], &[2.0])],
    );
    assert_eq!(truth, u8s(&[3], &[1, 0, 0]));
    let chosen = run(
        Op::Select,
        &[truth, f32s(&[2, 1], &[5.0, 6.0]), f32s(&[], &[0.0])],
    );
    assert_close(&chosen, &[2, 3], &[5.0, 0.0, 0.0, 6.0, 0.0, 0.0]);
}

#[test]
fn casts_truncate_saturate_and_tell_truth_from_number() {
    let x = f32s(&[4], &[-1.9, 300.7, f32::NAN, 0.5]);
    assert_eq!(
        run(Op::Cast { to: DType::U8 }, &[x.clone()]),
        u8s(&[4], &[0, 255, 0, 0])
    );
    assert_eq!(
        run(Op::Cast { to: DType::I32 }, &[x.clone()]),
        i32s(&[4], &[-1, 300, 0, 0])
    );
    assert_eq!(run(Op::IsNonZero, &[x]), u8s(&[4], &[1, 1, 1, 1]));
}

#[test]
fn products_broadcast_batches_and_add_a_bias() {
    let a = f32s(&[2, 1, 2], &[1.0, 2.0, 3.0, 4.0]);
    let b = f32s(&[2, 2], &[1.0, 0.0, 0.0, 10.0]);
    assert_close(
        &run(
            Op::MatMul,
            &[a.clone(), b.clone(), f32s(&[2], &[100.0, 200.0])],
        ),
        &[2, 1, 2],
        &[101.0, 220.0, 103.0, 240.0],
    );
    let b2 = f32s(&[3, 2, 1, 2, 2], &[1.0; 24]);
    assert_eq!(
        run(Op::MatMul, &[f32s(&[2, 1, 1, 2], &[1.0; 4]), b2]).shape(),
        [3, 2, 1, 1, 2]
    );
    let empty = run(Op::MatMul, &[f32s(&[2, 0], &[]), f32s(&[0, 2], &[])]);
    assert_close(&empty, &[2, 2], &[0.0; 4]);
}

#[test]
fn integer_products_take_zero_points_off_exactly() {
    let a = u8s(&[1, 3], &[0, 128, 255]);
    let b = i8s(&[3, 2], &[-128, 127, 1, -1, 127, -128]);
    let y = run(
        Op::MatMulInteger,
        &[a, b, u8s(&[], &[128]), i8s(&[2], &[0, 1])],
    );
    // (-128)(-128) + 0 + 127·127;  (-128)(126) + 0 + 127(-129)
    assert_eq!(y, i32s(&[1, 2], &[16384 + 16129, -16128 - 16383]));
}

#[test]
fn dynamic_quantization_covers_the_range_and_zero() {
    let quantize = |values: &[f32]| {
        run_with(
            KernelSet::Fastest,
            Op::DynamicQuantizeLinear,
            &[f32s(&[values.len()], values)],
        )
        .unwrap()
    };
    let outputs = quantize(&[0.0, 2.0, -3.0, -2.5, 1.34, 0.5]);
    assert_eq!(outputs[0], u8s(&[6], &[153, 255, 0, 26, 221, 179]));
    assert_close(&outputs[1], &[], &[5.0 / 255.0]);
    assert_eq!(outputs[2], u8s(&[], &[153]));
    assert_close(&quantize(&[0.0, 0.0])[1], &[], &[1.0]);
    assert_close(&quantize(&[])[1], &[], &[1.0]);
}

#[test]
fn quantization_rounds_half_to_even_and_saturates() {
    let parameters = [f32s(&[], &[2.0]), u8s(&[], &[10])];
    let y = run(
        Op::QuantizeLinear { axis: 0 },
        &[
            f32s(&[6], &[1.0, 3.0, 5.0, -1000.0, 1000.0, f32::NAN]),
            parameters[0].clone(),
            parameters[1].clone(),
        ],
    );
    assert_eq!(y, u8s(&[6], &[10, 12, 12, 0, 255, 10]));
    let back = run(
        Op::DequantizeLinear { axis: 1 },
        &[
            i8s(&[1, 2], &[-5, 5]),
            f32s(&[2], &[1.0, 0.5]),
            i8s(&[2], &[0, 1]),
        ],
    );
    assert_close(&back, &[1, 2], &[-5.0, 2.0]);
}

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
    assert_close(&run(ceil, &[x.clone()]), &[1, 1, 3], &[-1.0, -3.0, -5.0]);
    let average = |count_include_pad| Op::AveragePool {
        window: window(&[3], 2, 1),
        ceil_mode: false,
        count_include_pad,
    };
    assert_close(
        &run(average(false), &[x.clone()]),
        &[1, 1, 3],
        &[-1.5, -3.0, -4.5],
    );
    assert_close(&run(average(true), &[x]), &[1, 1, 3], &[-1.0, -3.0, -3.0]);
}

#[test]
fn reductions_reach_any_axes_and_empty_ones() {
    let x = f32s(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let reduce = |reduction, axes: &[usize], x: &Tensor| {
        run(
            Op::Reduce {
                reduction,
                axes: axes.to_vec(),
                keep_dims: false,
            },
            &[x.clone()],
        )
    };
    assert_close(&reduce(Reduction::Sum, &[0], &x), &[3], &[5.0, 7.0, 9.0]);
    assert_close(&reduce(Reduction::Mean, &[1], &x), &[2], &[2.0, 5.0]);
    assert_close(&reduce(Reduction::Max, &[0, 1], &x), &[], &[6.0]);
    assert_close(
        &reduce(Reduction::LogSumExp, &[0], &f32s(&[2], &[1000.0, 1000.0])),
        &[],
        &[1000.693_1],
    );
    assert_close(
        &reduce(Reduction::Sum, &[0], &f32s(&[0, 2], &[])),
        &[2],
        &[0.0, 0.0],
    );
    assert_eq!(
        run(
            Op::ArgMax {
                axis: 1,
                keep_dims: false,
                smallest: false,
                last: true
            },
            &[f32s(&[1, 3], &[2.0, 5.0, 5.0])]
        ),
        i32s(&[1], &[2])
    );
}

#[test]
fn softmax_does_not_overflow_along_any_axis() {
    let x = f32s(&[2, 2], &[1000.0, 0.0, 1000.0, 0.0]);
    assert_close(
        &run(
            Op::Softmax {
                axis: 1,
                log: false,
            },
            &[x.clone()],
        ),
        &[2, 2],
        &[1.0, 0.0, 1.0, 0.0],
    );
    assert_close(
        &run(
            Op::Softmax {
                axis: 0,
                log: false,
            },
            &[x.clone()],
        ),
        &[2, 2],
        &[0.5; 4],
    );
    assert_close(
        &run(Op::Softmax { axis: 1, log: true }, &[x]),
        &[2, 2],
        &[0.0, -1000.0, 0.0, -1000.0],
    );
}

#[test]
fn normalisations_scale_and_shift() {
    let x = f32s(&[1, 4], &[1.0, 2.0, 3.0, 4.0]);
    let (scale, bias) = (
        f32s(&[4], &[1.0, 1.0, 2.0, 1.0]),
        f32s(&[4], &[0.0, 0.0, 0.0, 1.0]),
    );
    let layer = run(
        Op::LayerNormalization {
            axis: 1,
            epsilon: 0.0,
        },
        &[x, scale, bias],
    );
    assert_close(
        &layer,
        &[1, 4],
        &[-1.341_641, -0.447_214, 0.894_427, 2.341_641],
    );
    let instance = run(
        Op::InstanceNormalization { epsilon: 0.0 },
        &[
            f32s(&[1, 1, 2], &[3.0, 5.0]),
            f32s(&[1], &[2.0]),
            f32s(&[1], &[1.0]),
        ],
    );
    assert_close(&instance, &[1, 1, 2], &[-1.0, 3.0]);
    let lrn = Op::LocalResponseNormalization {
        size: 3,
        alpha: 3.0,
        beta: 1.0,
        bias: 1.0,
    };
    assert_close(
        &run(lrn, &[f32s(&[1, 3, 1], &[1.0, 2.0, 3.0])]),
        &[1, 3, 1],
        &[1.0 / 6.0, 2.0 / 15.0, 3.0 / 14.0],
    );
}

#[test]
fn gather_counts_from_the_end_and_refuses_what_is_outside() {
    let data = i8s(&[3, 2], &[1, 2, 3, 4, 5, 6]);
    assert_eq!(
        run(
            Op::Gather { axis: 0 },
            &[data.clone(), i32s(&[2], &[-1, 0])]
        ),
        i8s(&[2, 2], &[5, 6, 1, 2])
    );
    assert_eq!(
        run(Op::Gather { axis: 1 }, &[data.clone(), i32s(&[], &[1])]),
        i8s(&[3], &[2, 4, 6])
    );
    for outside in [3, -4, i32::MAX, i32::MIN] {
        let error = run_with(
            KernelSet::Fastest,
            Op::Gather { axis: 0 },
            &[data.clone(), i32s(&[1], &[outside])],
        )
        .unwrap_err();
        assert!(error.contains("outside 0..3"), "{error}");
    }
}

#[test]
fn elements_are_moved_where_they_belong() {
    let x = f32s(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_close(
        &run(Op::Transpose { perm: vec![1, 0] }, &[x.clone()]),
        &[3, 2],
        &[1.0, 4.0, 2.0, 5.0, 3.0, 6.0],
    );
    let reversed = Op::Slice {
        starts: vec![1, 2],
        steps: vec![-1, -2],
        shape: vec![2, 2],
    };
    assert_close(&run(reversed, &[x.clone()]), &[2, 2], &[6.0, 4.0, 3.0, 1.0]);
    let joined = run(
        Op::Concat { axis: 1 },
        &[x.clone(), f32s(&[2, 0], &[]), f32s(&[2, 1], &[7.0, 8.0])],
    );
    assert_close(&joined, &[2, 4], &[1.0, 2.0, 3.0, 7.0, 4.0, 5.0, 6.0, 8.0]);
    assert_close(
        &run(
            Op::Expand {
                shape: vec![2, 1, 1],
            },
            &[f32s(&[2], &[1.0, 2.0])],
        ),
        &[2, 1, 2],
        &[1.0, 2.0, 1.0, 2.0],
    );
    assert_close(
        &run(Op::Reshape { shape: vec![3, 2] }, &[x]),
        &[3, 2],
        &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    );
}

#[test]
fn borders_are_constant_mirrored_or_repeated() {
    let x = f32s(&[3], &[1.0, 2.0, 3.0]);
    let pad = |mode| Op::Pad {
        mode,
        before: vec![2],
        after: vec![1],
        value: 9.0,
    };
    assert_close(
        &run(pad(PadMode::Constant), &[x.clone()]),
        &[6],
        &[9.0, 9.0, 1.0, 2.0, 3.0, 9.0],
    );
    assert_close(
        &run(pad(PadMode::Reflect), &[x.clone()]),
        &[6],
        &[3.0, 2.0, 1.0, 2.0, 3.0, 2.0],
    );
    assert_close(
        &run(pad(PadMode::Edge), &[x.clone()]),
        &[6],
        &[1.0, 1.0, 1.0, 2.0, 3.0, 3.0],
    );
    let too_wide = Op::Pad {
        mode: PadMode::Reflect,
        before: vec![3],
        after: vec![0],
        value: 0.0,
    };
    assert!(run_with(KernelSet::Fastest, too_wide, &[x]).is_err());
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
        &[x.clone()],
    );
    assert_close(&linear, &[1, 1, 1, 4], &[0.0, 2.5, 7.5, 10.0]);
    let aligned = run(
        resize(ResizeMode::Linear, ResizeCoordinates::AlignCorners),
        &[x.clone()],
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
fn a_recurrent_layer_runs_both_ways() {
    // One unit, no recurrence: the state is a function of the input alone.
    let x = f32s(&[2, 1, 1], &[1.0, -1.0]);
    let w = f32s(&[2, 3, 1], &[0.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
    let (r, bias, h) = (
        f32s(&[2, 3, 1], &[0.0; 6]),
        f32s(&[2, 6], &[0.0; 12]),
        f32s(&[2, 1, 1], &[0.0; 2]),
    );
    let op = Op::Gru {
        direction: Direction::Bidirectional,
        linear_before_reset: false,
    };
    let y = run_with(KernelSet::Fastest, op, &[x, w, r, bias, h]).unwrap();
    // Half of the candidate, half of the state before; the second direction begins at the end.
    let (up, down) = (0.5 * 1.0_f32.tanh(), 0.5 * (-1.0_f32).tanh());
    let expected = [up, up + 0.5 * down, down + 0.5 * up, down];
    assert_close(&y[0], &[2, 2, 1, 1], &expected);
    assert_eq!(y[1].shape(), [2, 1, 1]);
}

/// Small numbers without a pattern, the same for a seed.
fn noise(seed: u32, len: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

fn bytes(seed: u32, len: usize) -> Vec<u8> {
    noise(seed, len)
        .iter()
        .map(|x| ((x + 1.0) * 127.5) as u8)
        .collect()
}

/// Runs both kernel sets; floats may differ by the order of sums, integers not at all.
fn assert_kernels_agree(op: &Op, inputs: &[Tensor]) {
    let scalar = run_with(KernelSet::Scalar, op.clone(), inputs).unwrap();
    let fastest = run_with(KernelSet::Fastest, op.clone(), inputs).unwrap();
    for (a, b) in scalar.iter().zip(&fastest) {
        match (a.as_f32(), b.as_f32()) {
            (Some(a), Some(b)) => {
                let largest = a.iter().fold(1.0_f32, |most, x| most.max(x.abs()));
                assert!(
                    a.iter()
                        .zip(b)
                        .all(|(a, b)| close(*a, *b, REORDERED_SUM * largest)),
                    "{op:?}"
                );
            }
            _ => assert_eq!(a, b, "{op:?}"),
        }
    }
}

#[test]
fn the_fastest_products_agree_with_the_scalar_ones_at_all_edges() {
    for (seed, m) in [1, 2, 3, 4, 5, 33].into_iter().enumerate() {
        for k in [1, 2, 7, 63, 64, 65] {
            for n in [1, 7, 8, 9, 63, 64, 65] {
                let seed = (seed * 100 + k + n) as u32;
                let (a, b) = (
                    f32s(&[m, k], &noise(seed, m * k)),
                    f32s(&[k, n], &noise(seed + 1, k * n)),
                );
                assert_kernels_agree(&Op::MatMul, &[a, b]);
                let (a, b) = (
                    u8s(&[m, k], &bytes(seed, m * k)),
                    u8s(&[k, n], &bytes(seed + 1, k * n)),
                );
                let b = Tensor::new(
                    b.shape(),
                    Values::I8(match b.values() {
                        Values::U8(v) => v.iter().map(|x| x.cast_signed()).collect(),
                        _ => vec![],
                    }),
                )
                .unwrap();
                let zeros = i8s(&[n], &vec![3; n]);
                assert_kernels_agree(&Op::MatMulInteger, &[a, b, u8s(&[], &[100]), zeros]);
            }
        }
    }
}

#[test]
fn the_fastest_convolutions_agree_with_the_scalar_ones() {
    for (kernel, stride, pad, group) in [
        (1, 1, 0, 1),
        (3, 1, 1, 1),
        (3, 2, 1, 1),
        (3, 1, 0, 2),
        (5, 2, 2, 4),
        (3, 1, 1, 4),
    ] {
        let maps = 8;
        let x = f32s(&[2, 4, 17, 13], &noise(3, 2 * 4 * 17 * 13));
        let w = f32s(
            &[maps, 4 / group, kernel, kernel],
            &noise(5, maps * 4 / group * kernel * kernel),
        );
        let window = window(&[kernel, kernel], stride, pad);
        assert_kernels_agree(
            &Op::Conv {
                window: window.clone(),
                group,
            },
            &[x, w],
        );
        let x = u8s(&[2, 4, 17, 13], &bytes(3, 2 * 4 * 17 * 13));
        let w = u8s(
            &[maps, 4 / group, kernel, kernel],
            &bytes(5, maps * 4 / group * kernel * kernel),
        );
        let (scale, zero) = (f32s(&[], &[0.02]), u8s(&[], &[128]));
        let y_scale = f32s(&[], &[1.5]);
        let inputs = [
            x,
            scale.clone(),
            zero.clone(),
            w,
            scale,
            zero.clone(),
            y_scale,
            zero,
        ];
        assert_kernels_agree(&Op::QLinearConv { window, group }, &inputs);
    }
    let window = window(&[3, 3], 2, 1);
    let op = Op::ConvTranspose {
        window,
        group: 2,
        output_padding: vec![1, 1],
    };
    assert_kernels_agree(
        &op,
        &[
            f32s(&[1, 4, 5, 7], &noise(1, 140)),
            f32s(&[4, 3, 3, 3], &noise(2, 108)),
            f32s(&[6], &noise(3, 6)),
        ],
    );
}

#[test]
fn a_depthwise_convolution_is_the_same_done_directly() {
    let x = f32s(&[1, 3, 9, 8], &noise(1, 216));
    let w = f32s(&[3, 1, 3, 3], &noise(2, 27));
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
