//! Functions of one element.

use super::agree::{agrees, agrees_exactly, bytes, floats, gpu, integers, signed_bytes};
use nearshelf_engine::{Binary, DType, FloatFormat, Op, Tensor, Unary, Values};

/// Magnitudes of all sizes, both signs, and the values that are none.
fn magnitudes() -> Tensor {
    let mut values = vec![
        0.0,
        -0.0,
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        1e-30,
        -1e30,
    ];
    for n in -40..40 {
        let x = (1.0_f32 + n as f32 / 97.0) * 2.0_f32.powi(n / 6);
        values.extend([x, -x, n as f32 * 0.5, n as f32]);
    }
    Tensor::new([values.len()], Values::F32(values)).unwrap()
}

#[test]
fn functions_of_one_operand_agree_on_all_magnitudes() {
    let Some(gpu) = gpu() else { return };
    for unary in [
        Unary::Abs,
        Unary::Neg,
        Unary::Sign,
        Unary::Floor,
        Unary::Ceil,
        Unary::Round,
        Unary::Sqrt,
        Unary::Reciprocal,
        Unary::Tanh,
        Unary::Sigmoid,
        Unary::Erf,
        Unary::Gelu,
        Unary::Silu,
        Unary::Softplus,
        Unary::Softsign,
        Unary::HardSwish,
        Unary::Relu,
        Unary::LeakyRelu { alpha: 0.1 },
        Unary::Elu { alpha: 0.7 },
        Unary::HardSigmoid {
            alpha: 0.2,
            beta: 0.5,
        },
        Unary::Clip {
            min: -1.0,
            max: 2.0,
        },
        Unary::Atan,
    ] {
        agrees(
            &gpu,
            Op::Unary(unary),
            &[magnitudes()],
            &format!("{unary:?}"),
        );
    }
}

/// Ends of ranges, and the values that are none.
fn edges() -> Tensor {
    let values = vec![
        0.0,
        1.0,
        -1.0,
        1.5,
        -1.5,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::NAN,
    ];
    Tensor::new([values.len()], Values::F32(values)).unwrap()
}

#[test]
fn functions_that_grow_or_have_a_range_agree_where_they_are_used() {
    let Some(gpu) = gpu() else { return };
    let near = |scale: f32, offset: f32| {
        let values = super::agree::noise(3, 999);
        let values = values.into_iter().map(|x| x * scale + offset).collect();
        Tensor::new([999], Values::F32(values)).unwrap()
    };
    for (unary, x) in [
        (Unary::Exp, near(9.0, 0.0)),
        (Unary::Log, near(50.0, 50.1)),
        (Unary::Sin, near(3.1, 0.0)),
        (Unary::Cos, near(3.1, 0.0)),
        (Unary::Sin, near(500.0, 0.0)),
        (Unary::Cos, near(500.0, 0.0)),
        (Unary::Sin, edges()),
        (Unary::Cos, edges()),
        (Unary::Acos, near(1.0, 0.0)),
        (Unary::Asin, near(1.0, 0.0)),
        (Unary::Acos, edges()),
        (Unary::Asin, edges()),
        (Unary::Acosh, near(4.0, 5.1)),
        (Unary::Asinh, near(4.0, 0.0)),
        (Unary::Atanh, near(0.9, 0.0)),
        (Unary::Cosh, near(3.0, 0.0)),
        (Unary::Sinh, near(3.0, 0.0)),
    ] {
        agrees(&gpu, Op::Unary(unary), &[x], &format!("{unary:?}"));
    }
}

#[test]
fn functions_of_integers_and_truth_values_agree() {
    let Some(gpu) = gpu() else { return };
    let x = Tensor::new([5], Values::I32(vec![0, 1, -7, i32::MAX, i32::MIN])).unwrap();
    for unary in [Unary::Abs, Unary::Neg, Unary::Sign] {
        agrees(&gpu, Op::Unary(unary), std::slice::from_ref(&x), "i32");
    }
    let x = Tensor::new([5], Values::U8(vec![0, 1, 2, 0, 255])).unwrap();
    agrees(&gpu, Op::Unary(Unary::Not), &[x], "u8");
}

const OF_NUMBERS: [Binary; 14] = [
    Binary::Add,
    Binary::Sub,
    Binary::Mul,
    Binary::Div,
    Binary::Min,
    Binary::Max,
    Binary::Mod,
    Binary::Fmod,
    Binary::Equal,
    Binary::Less,
    Binary::LessOrEqual,
    Binary::Greater,
    Binary::GreaterOrEqual,
    Binary::Pow,
];

#[test]
fn functions_of_two_operands_broadcast_in_every_way() {
    let Some(gpu) = gpu() else { return };
    for (a, b) in [
        (&[][..], &[][..]),
        (&[7], &[7]),
        (&[7], &[]),
        (&[], &[2, 3]),
        (&[2, 1, 4], &[3, 1]),
        (&[1, 2, 1, 2, 1, 2, 1, 3], &[2, 1, 2, 1, 2, 1, 2, 1]),
        (&[0, 3], &[3]),
    ] {
        for binary in [Binary::Sub, Binary::Less] {
            let operands = [floats(1, a), floats(2, b)];
            agrees(&gpu, Op::Binary(binary), &operands, &format!("{a:?} {b:?}"));
            let operands = [integers(1, a, -9, 9), integers(2, b, -9, 9)];
            agrees(&gpu, Op::Binary(binary), &operands, &format!("{a:?} {b:?}"));
        }
    }
}

#[test]
fn functions_of_two_floats_agree() {
    let Some(gpu) = gpu() else { return };
    let grid = [
        -2.5,
        -2.0,
        -1.0,
        -0.5,
        -0.0,
        0.0,
        0.5,
        1.0,
        2.0,
        3.0,
        f32::NAN,
    ];
    let a = Tensor::new([11, 1], Values::F32(grid.to_vec())).unwrap();
    let b = Tensor::new([11], Values::F32(grid.to_vec())).unwrap();
    for binary in OF_NUMBERS.into_iter().chain([Binary::PRelu]) {
        // What is left of a division by zero is no number, or an infinite one.
        let b = match binary {
            Binary::Mod | Binary::Fmod => {
                Tensor::new([3], Values::F32(vec![-0.75, 2.0, 3.5])).unwrap()
            }
            _ => b.clone(),
        };
        agrees(
            &gpu,
            Op::Binary(binary),
            &[a.clone(), b],
            &format!("{binary:?}"),
        );
    }
}

#[test]
fn powers_of_zeros_and_infinities_agree() {
    let Some(gpu) = gpu() else { return };
    let ends = [0.0, 1.0, 2.0, 0.25, 3.0, 4.5, f32::INFINITY, f32::NAN];
    let both: Vec<f32> = ends.iter().flat_map(|&x| [x, -x]).collect();
    let a = Tensor::new([16, 1], Values::F32(both.clone())).unwrap();
    let b = Tensor::new([16], Values::F32(both)).unwrap();
    agrees(&gpu, Op::Binary(Binary::Pow), &[a, b], "");
}

#[test]
fn functions_of_two_integers_agree_at_the_ends_too() {
    let Some(gpu) = gpu() else { return };
    let grid = vec![i32::MIN, -33, -3, -2, -1, 0, 1, 2, 3, 31, 32, i32::MAX];
    let a = Tensor::new([12, 1], Values::I32(grid.clone())).unwrap();
    let b = Tensor::new([12], Values::I32(grid)).unwrap();
    let bits = [
        Binary::BitAnd,
        Binary::BitOr,
        Binary::BitXor,
        Binary::ShiftLeft,
        Binary::ShiftRight,
    ];
    for binary in OF_NUMBERS.into_iter().chain(bits) {
        agrees(
            &gpu,
            Op::Binary(binary),
            &[a.clone(), b.clone()],
            &format!("{binary:?}"),
        );
    }
}

#[test]
fn truth_values_and_bytes_agree() {
    let Some(gpu) = gpu() else { return };
    let (a, b) = (bytes(1, &[7, 9]), bytes(2, &[9]));
    for binary in [Binary::And, Binary::Or, Binary::Xor, Binary::Equal] {
        agrees(
            &gpu,
            Op::Binary(binary),
            &[a.clone(), b.clone()],
            &format!("{binary:?}"),
        );
    }
    let (a, b) = (signed_bytes(1, &[5, 1]), signed_bytes(2, &[600]));
    agrees(&gpu, Op::Binary(Binary::Equal), &[a, b], "i8");
}

#[test]
fn one_of_two_is_selected_whatever_the_type() {
    let Some(gpu) = gpu() else { return };
    let condition = Tensor::new([3, 1], Values::U8(vec![0, 1, 2])).unwrap();
    for (a, b) in [
        (floats(1, &[5]), floats(2, &[3, 5])),
        (integers(1, &[], 0, 9), integers(2, &[5], 0, 9)),
        (bytes(1, &[3, 5]), bytes(2, &[])),
        (signed_bytes(1, &[1, 5]), signed_bytes(2, &[3, 1])),
    ] {
        agrees(&gpu, Op::Select, &[condition.clone(), a, b], "");
    }
}

#[test]
fn types_change_as_on_the_cpu() {
    let Some(gpu) = gpu() else { return };
    let edges = [
        0.0,
        -0.0,
        0.5,
        -0.9,
        1.5,
        127.4,
        128.0,
        -129.0,
        255.9,
        256.0,
        3e9,
        -3e9,
        f32::NAN,
        f32::INFINITY,
    ];
    let all = [
        Tensor::new([14], Values::F32(edges.to_vec())).unwrap(),
        Tensor::new([6], Values::I32(vec![0, -1, 300, -300, i32::MAX, i32::MIN])).unwrap(),
        bytes(1, &[33]),
        signed_bytes(2, &[33]),
    ];
    for x in all {
        for to in [DType::F32, DType::I32, DType::I8, DType::U8] {
            agrees(
                &gpu,
                Op::Cast { to },
                std::slice::from_ref(&x),
                &format!("{} to {to}", x.dtype()),
            );
        }
        agrees(
            &gpu,
            Op::IsNonZero,
            std::slice::from_ref(&x),
            &format!("{}", x.dtype()),
        );
        if x.dtype().size_bytes() == 4 {
            agrees(&gpu, Op::BitCast, &[x], "");
        }
    }
}

#[test]
fn numbers_are_rounded_to_every_narrower_format() {
    let Some(gpu) = gpu() else { return };
    // Every exponent, both signs, ties and their neighbours.
    let mut bits: Vec<u32> = Vec::new();
    for exponent in 0..256_u32 {
        for fraction in [
            0, 1, 0x1000, 0x3000, 0x2fff, 0x3001, 0x7000, 0x8000, 0x18000, 0x8001, 0x0f_ffff,
            0x10_0000, 0x18_0000, 0x20_0000, 0x30_0000, 0x40_0000, 0x5f_ffff, 0x60_0000, 0x7f_e000,
            0x7f_ffff,
        ] {
            bits.push(exponent << 23 | fraction);
            bits.push(1 << 31 | exponent << 23 | fraction);
        }
    }
    let values = bits.into_iter().map(f32::from_bits).collect::<Vec<_>>();
    let x = Tensor::new([values.len()], Values::F32(values)).unwrap();
    for format in [
        FloatFormat::Float16,
        FloatFormat::BFloat16,
        FloatFormat::Float8E4M3Fn,
        FloatFormat::Float8E4M3FnUz,
        FloatFormat::Float8E5M2,
        FloatFormat::Float8E5M2FnUz,
        FloatFormat::Float8E8M0,
        FloatFormat::Float4E2M1,
    ] {
        for saturate in [false, true] {
            agrees_exactly(
                &gpu,
                Op::RoundFloat { format, saturate },
                &[x.clone()],
                &format!("{format:?} {saturate}"),
            );
        }
    }
}
