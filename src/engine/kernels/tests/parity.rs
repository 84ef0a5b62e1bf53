//! The fastest kernels against the scalar ones on seeded cases.

use super::super::tolerance::REORDERED_SUM;
use super::*;

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

#[test]
fn sums_of_bytes_agree_for_all_pairs_ties_among_them() {
    let all: Vec<u8> = (0..=255).collect();
    let left: Vec<u8> = all.iter().flat_map(|&a| [a; 256]).collect();
    let right = all.repeat(256);
    let scales = [
        (0.02, 0.03, 0.04),
        (0.05, 0.05, 0.1), // ties everywhere
        (1e-8, 0.7, 0.013),
        (f32::MAX, 1.0, 1e-3),
        (0.01, 0.02, 0.0),
    ];
    for (a_scale, b_scale, y_scale) in scales {
        for signed in [false, true] {
            let bytes = |values: &[u8]| {
                let values = values.to_vec();
                let shape = [values.len()];
                let values = if signed {
                    Values::I8(values.into_iter().map(u8::cast_signed).collect())
                } else {
                    Values::U8(values)
                };
                Tensor::new(shape, values).unwrap()
            };
            let scalar = |scale: f32| f32s(&[1], &[scale]);
            let (a_zero, b_zero, y_zero) = (bytes(&[3]), bytes(&[121]), bytes(&[64]));
            let operands = [
                bytes(&left),
                scalar(a_scale),
                a_zero,
                bytes(&right),
                scalar(b_scale),
                b_zero,
                scalar(y_scale),
                y_zero,
            ];
            assert_kernels_agree(&Op::QLinearAdd, &operands);
        }
    }
}
