//! Between f32 and bytes.

use super::agree::{agrees, bytes, either_way, floats, gpu, integers, noise, signed_bytes};
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

fn random_floats(seed: u32, len: usize, scale: f32) -> Tensor {
    let values = noise(seed, len).into_iter().map(|x| x * scale);
    Tensor::new([len], Values::F32(values.collect())).unwrap()
}

#[test]
fn a_tensor_chooses_the_same_scale_and_becomes_the_same_bytes() {
    for gpu in either_way() {
        for len in [0, 1, 3, 63, 64, 65, 1000, 16_384, 16_385, 70_001] {
            for scale in [1e-3, 1.0, 777.7] {
                let x = random_floats(len as u32, len, scale);
                agrees(&gpu, Op::DynamicQuantizeLinear, &[x], &format!("{len}"));
            }
        }
        for values in [
            vec![0.0; 5],
            vec![1.0, 2.0, 3.0],
            vec![-1.0, -2.0],
            vec![f32::NAN, 1.0, -3.0, f32::NAN],
            // Ties: the scale is 1.
            (0..=510).map(|n| n as f32 / 2.0).collect(),
        ] {
            let x = Tensor::new([values.len()], Values::F32(values)).unwrap();
            agrees(&gpu, Op::DynamicQuantizeLinear, &[x], "");
        }
    }
}

#[test]
fn quantized_tensors_are_added_with_one_rounding_each() {
    let Some(gpu) = gpu() else { return };
    let scalar = |values: Values| Tensor::new([], values).unwrap();
    let scales = [
        [0.1, 0.1, 0.1],
        // Ratios are powers of two, so that many sums are ties.
        [0.25, 0.125, 0.5],
        [0.033_333, 0.017, 0.041],
        [1.0, 1e-6, 1.0],
        [3.0, 1.5, 1.0],
    ];
    let all = |shift: i32| (0..65_536).map(move |n| (n >> shift & 255) as u8);
    for [a_scale, b_scale, y_scale] in scales {
        for is_signed in [false, true] {
            let tensor = |bytes: Vec<u8>, shape: &[usize]| {
                let values = if is_signed {
                    Values::I8(bytes.into_iter().map(u8::cast_signed).collect())
                } else {
                    Values::U8(bytes)
                };
                Tensor::new(shape, values).unwrap()
            };
            let float = |x: f32| scalar(Values::F32(vec![x]));
            let operands = [
                tensor(all(8).collect(), &[65_536]),
                float(a_scale),
                tensor(vec![3], &[]),
                tensor(all(0).collect(), &[65_536]),
                float(b_scale),
                tensor(vec![250], &[]),
                float(y_scale),
                tensor(vec![129], &[]),
            ];
            agrees(
                &gpu,
                Op::QLinearAdd,
                &operands,
                &format!("{a_scale} {b_scale}"),
            );
        }
    }
}
