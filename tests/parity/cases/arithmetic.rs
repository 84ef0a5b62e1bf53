//! Functions of integers, arithmetic, comparisons, logic and casts.

use crate::graph::{Sink, agrees};
use crate::seeded::{floats, tensor, whole};
use nearshelf_engine::{Binary, DType, FloatFormat, Op, Tensor, Unary, Values};

/// Floats at which operators of two operands are apart.
const FLOATS: [f32; 12] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -2.5,
    3.0,
    1e-30,
    -7e9,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
];
const INTEGERS: [i32; 7] = [0, 1, -1, 7, -12, i32::MAX, i32::MIN];

/// All pairs, by broadcasting a column with a row.
fn pairs(values: fn(usize) -> Values, count: usize) -> [Tensor; 2] {
    [
        tensor(&[count, 1], values(count)),
        tensor(&[count], values(count)),
    ]
}

fn of_floats(_: usize) -> Values {
    Values::F32(FLOATS.to_vec())
}

fn of_integers(_: usize) -> Values {
    Values::I32(INTEGERS.to_vec())
}

pub fn functions_of_integers_and_truths_agree(to: &mut Sink) {
    for unary in [Unary::Abs, Unary::Neg, Unary::Sign] {
        let x = tensor(&[INTEGERS.len()], Values::I32(INTEGERS.to_vec()));
        agrees(to, Op::Unary(unary), &[x], "integers");
    }
    for len in [0, 1, 3, 4, 5, 257] {
        let x = whole(DType::U8, 1, &[len], 0, 1);
        agrees(to, Op::Unary(Unary::Not), &[x], &format!("{len} truths"));
    }
}

pub fn arithmetic_agrees_on_all_pairs_of_edges(to: &mut Sink) {
    use Binary::{
        Add, BitAnd, BitOr, BitXor, Div, Equal, Fmod, Greater, GreaterOrEqual, Less, LessOrEqual,
        Max, Min, Mod, Mul, PRelu, Pow, ShiftLeft, ShiftRight, Sub,
    };
    for binary in [
        Add,
        Sub,
        Mul,
        Div,
        Pow,
        Min,
        Max,
        Mod,
        Fmod,
        PRelu,
        Equal,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
    ] {
        let operands = pairs(of_floats, FLOATS.len());
        agrees(to, Op::Binary(binary), &operands, "pairs of floats");
        for (a, b) in [
            (&[2, 1, 3][..], &[4, 1][..]),
            (&[], &[5]),
            (&[0, 3], &[1, 3]),
            (&[259], &[259]),
        ] {
            let operands = [floats(1, a), floats(2, b)];
            let what = format!("{a:?} and {b:?}");
            agrees(to, Op::Binary(binary), &operands, &what);
        }
    }
    for binary in [
        Add,
        Sub,
        Mul,
        Min,
        Max,
        Equal,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        BitAnd,
        BitOr,
        BitXor,
    ] {
        let operands = pairs(of_integers, INTEGERS.len());
        agrees(to, Op::Binary(binary), &operands, "pairs of integers");
    }
    for binary in [Div, Mod, Fmod] {
        let divisors = tensor(&[6, 1], Values::I32(vec![1, -1, 2, -3, 7, i32::MAX]));
        let dividends = tensor(&[5], Values::I32(vec![0, 1, -1, 100, -101]));
        agrees(to, Op::Binary(binary), &[dividends, divisors], "integers");
    }
    let bases = tensor(&[5, 1], Values::I32(vec![0, 1, -1, 3, -2]));
    let exponents = tensor(&[4], Values::I32(vec![0, 1, 2, 5]));
    agrees(to, Op::Binary(Pow), &[bases, exponents], "integers");
    for binary in [ShiftLeft, ShiftRight] {
        let numbers = tensor(&[7, 1], of_integers(0));
        let by = tensor(&[5], Values::I32(vec![0, 1, 31, 32, 100]));
        agrees(to, Op::Binary(binary), &[numbers, by], "integers");
    }
}

pub fn logic_and_equality_agree_on_bytes(to: &mut Sink) {
    for binary in [Binary::And, Binary::Or, Binary::Xor] {
        for (a, b) in [(&[5, 3][..], &[3][..]), (&[1], &[1]), (&[258], &[258])] {
            let operands = [whole(DType::U8, 1, a, 0, 1), whole(DType::U8, 2, b, 0, 1)];
            agrees(to, Op::Binary(binary), &operands, &format!("{a:?}"));
        }
    }
    for dtype in [DType::U8, DType::I8] {
        let operands = [1, 2].map(|seed| whole(dtype, seed, &[67], 0, 3));
        agrees(to, Op::Binary(Binary::Equal), &operands, "bytes");
    }
}

pub fn casts_agree_between_all_types(to: &mut Sink) {
    let wild = [
        0.5, -0.5, 1.5, 2.5, 127.4, 128.0, -129.0, 255.9, 256.0, 3e9, -3e9,
    ];
    let wild: Vec<f32> = FLOATS.into_iter().chain(wild).collect();
    let from = [
        tensor(&[wild.len()], Values::F32(wild)),
        tensor(&[INTEGERS.len()], of_integers(0)),
        whole(DType::I8, 1, &[259], -128, 127),
        whole(DType::U8, 2, &[259], 0, 255),
    ];
    for x in &from {
        for dtype in [DType::F32, DType::I32, DType::I8, DType::U8] {
            if x.dtype() != dtype {
                let what = format!("{} to {dtype}", x.dtype());
                agrees(to, Op::Cast { to: dtype }, std::slice::from_ref(x), &what);
            }
        }
        agrees(to, Op::IsNonZero, std::slice::from_ref(x), "all types");
    }
    for x in &from[..2] {
        agrees(to, Op::BitCast, std::slice::from_ref(x), "bits");
    }
}

pub fn roundings_to_narrow_floats_agree(to: &mut Sink) {
    let ties = (-40..40).map(|n| n as f32 / 16.0);
    let powers = (-150..128).map(|n| (n as f32).exp2() * 1.4);
    let x: Vec<f32> = FLOATS.into_iter().chain(ties).chain(powers).collect();
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
            let x = tensor(&[x.len()], Values::F32(x.clone()));
            let what = format!("{format:?}, saturate {saturate}");
            agrees(to, Op::RoundFloat { format, saturate }, &[x], &what);
        }
    }
}
