//! Matrix products, by hand.

use super::*;

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
fn sums_of_rows_too_deep_for_an_integer_wrap_rather_than_panic() {
    let depth = (i32::MAX as usize).div_ceil(255);
    let panels = nearshelf_kernels::panel::shape_q8(depth, 1);
    let weights = vec![0; panels.iter().product()];
    let operands = [
        Tensor::new([1, depth], Values::U8(vec![255; depth])).unwrap(),
        f32s(&[], &[1.0]),
        Tensor::new([], Values::U8(vec![0])).unwrap(),
        Tensor::new(panels, Values::I8(weights)).unwrap(),
        f32s(&[1], &[1.0]),
        f32s(&[1], &[7.0]),
        i32s(&[1], &[0]),
        i32s(&[1], &[0]),
    ];
    let op = Op::DynamicLinearNarrow {
        columns: 1,
        activation: None,
    };
    assert_eq!(run(op, &operands), f32s(&[1, 1], &[7.0]));
}
