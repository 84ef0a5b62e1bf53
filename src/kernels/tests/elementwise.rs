//! Element by element: edges of functions, broadcasting, casts, quantization.

use super::*;

#[test]
fn functions_of_one_operand_keep_nan_and_know_their_edges() {
    let x = f32s(&[4], &[-1.5, 0.0, 2.5, f32::NAN]);
    assert_close(
        &run(Op::Unary(Unary::Relu), std::slice::from_ref(&x)),
        &[4],
        &[0.0, 0.0, 2.5, f32::NAN],
    );
    assert_close(
        &run(Op::Unary(Unary::Round), std::slice::from_ref(&x)),
        &[4],
        &[-2.0, 0.0, 2.0, f32::NAN],
    );
    assert_close(
        &run(
            Op::Unary(Unary::Clip {
                min: -1.0,
                max: 1.0,
            }),
            std::slice::from_ref(&x),
        ),
        &[4],
        &[-1.0, 0.0, 1.0, f32::NAN],
    );
    assert_close(
        &run(Op::Unary(Unary::Sign), std::slice::from_ref(&x)),
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
        &run(Op::Unary(Unary::Sigmoid), std::slice::from_ref(&far)),
        &[2],
        &[0.0, 1.0],
    );
    assert_close(
        &run(Op::Unary(Unary::Softplus), std::slice::from_ref(&far)),
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
        run(Op::Cast { to: DType::U8 }, std::slice::from_ref(&x)),
        u8s(&[4], &[0, 255, 0, 0])
    );
    assert_eq!(
        run(Op::Cast { to: DType::I32 }, std::slice::from_ref(&x)),
        i32s(&[4], &[-1, 300, 0, 0])
    );
    assert_eq!(run(Op::IsNonZero, &[x]), u8s(&[4], &[1, 1, 1, 1]));
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
fn integers_to_a_negative_power_are_cut_off_like_any_fraction() {
    let base = i32s(&[6], &[1, -1, -1, 2, -2, 0]);
    let exponent = i32s(&[6], &[-1, -1, -2, -1, -3, -1]);
    assert_eq!(
        run(Op::Binary(Binary::Pow), &[base, exponent]),
        i32s(&[6], &[1, -1, 1, 0, 0, 0])
    );
}
