//! Between f32 and bytes.

use super::agree::{agrees, bytes, floats, gpu, integers, signed_bytes};
use nearshelf_engine::{Op, Tensor, Values};

#[test]
fn floats_become_the_same_bytes_ties_and_ends_among_them() {
    let Some(gpu) = gpu() else { return };
    let mut values: Vec<f32> = (-1200..1200).map(|n| n as f32 / 4.0).collect();
    values.extend([f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30]);
    let x = Tensor::new([values.len()], Values::F32(values)).unwrap();
    for scale in [1.0, 0.5, 0.3, 7.7] {
        let scale = Tensor::new([], Values::F32(vec![scale])).unwrap();
        for zero in [
            Values::U8(vec![0]),
            Values::U8(vec![128]),
            Values::I8(vec![-128]),
            Values::I8(vec![3]),
        ] {
            let zero = Tensor::new([], zero).unwrap();
            agrees(
                &gpu,
                Op::QuantizeLinear { axis: 0 },
                &[x.clone(), scale.clone(), zero],
                "",
            );
        }
    }
}

#[test]
fn parameters_are_taken_along_their_axis() {
    let Some(gpu) = gpu() else { return };
    let scale = Tensor::new([3], Values::F32(vec![0.01, 0.02, 0.05])).unwrap();
    let zero = Tensor::new([3], Values::I8(vec![0, -7, 90])).unwrap();
    let operands = [floats(1, &[2, 3, 5]), scale.clone(), zero.clone()];
    agrees(&gpu, Op::QuantizeLinear { axis: 1 }, &operands, "");
    let operands = [signed_bytes(1, &[2, 3, 5]), scale.clone(), zero];
    agrees(&gpu, Op::DequantizeLinear { axis: 1 }, &operands, "i8");
    let zero = Tensor::new([3], Values::U8(vec![0, 128, 255])).unwrap();
    let operands = [bytes(1, &[2, 3, 5]), scale.clone(), zero];
    agrees(&gpu, Op::DequantizeLinear { axis: 1 }, &operands, "u8");
    let zero = Tensor::new([3], Values::I32(vec![0, -100, 100])).unwrap();
    let operands = [integers(1, &[2, 3, 5], -9999, 9999), scale, zero];
    agrees(&gpu, Op::DequantizeLinear { axis: 1 }, &operands, "i32");
}
