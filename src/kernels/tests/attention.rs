//! Attention, by hand and beside the steps that it stands for.

use super::*;

fn attention(heads: usize, scale: f32, zero_hidden: bool) -> Op {
    Op::Attention {
        heads,
        scale,
        zero: match zero_hidden {
            true => ZeroShares::Hidden,
            false => ZeroShares::Never,
        },
        masking: Masking::Added,
    }
}

fn both(op: &Op, operands: &[Tensor]) -> [Tensor; 2] {
    [KernelSet::Scalar, KernelSet::Fastest]
        .map(|set| run_with(set, op.clone(), operands).unwrap().remove(0))
}

#[test]
fn a_query_takes_most_of_the_value_whose_key_it_resembles() {
    let q = f32s(&[1, 1, 2], &[1.0, 2.0]);
    let k = f32s(&[1, 2, 2], &[3.0, 0.0, 0.0, 3.0]);
    let v = f32s(&[1, 2, 2], &[10.0, 100.0, 20.0, 200.0]);
    // Scores 3 and 6, halved: shares of 1 / (1 + e^±1.5).
    let (less, more) = (0.182_425_52, 0.817_574_5);
    let wanted = [10.0 * less + 20.0 * more, 100.0 * less + 200.0 * more];
    for y in both(
        &attention(1, 0.5, false),
        &[q.clone(), k.clone(), v.clone()],
    ) {
        assert_close(&y, &[1, 1, 2], &wanted);
    }
    // One column a head: scores 3·1 and 0 in the first, 0 and 2·3 in the second.
    let share = |score: f32| 1.0 / (1.0 + (-score).exp());
    let wanted = [
        10.0 * share(3.0) + 20.0 * share(-3.0),
        100.0 * share(-6.0) + 200.0 * share(6.0),
    ];
    for y in both(&attention(2, 1.0, false), &[q, k, v]) {
        assert_close(&y, &[1, 1, 2], &wanted);
    }
}

#[test]
fn operands_with_an_axis_of_heads_give_the_same() {
    let joined = |rows: usize| -> Vec<f32> {
        let values = 0..rows * 6;
        values.map(|at| (at * 7 % 11) as f32 / 4.0).collect()
    };
    let split = |rows: usize| -> Vec<f32> {
        let joined = joined(rows);
        let places = (0..2).flat_map(|head| {
            (0..rows).flat_map(move |row| (0..3).map(move |at| row * 6 + head * 3 + at))
        });
        places.map(|at| joined[at]).collect()
    };
    let [q, k] = [5, 3].map(|rows| f32s(&[1, rows, 6], &joined(rows)));
    let [q_split, k_split] = [5, 3].map(|rows| f32s(&[1, 2, rows, 3], &split(rows)));
    let op = attention(2, 0.3, false);
    let wanted = both(&op, &[q.clone(), k.clone(), k.clone()]);
    let found = both(&op, &[q_split, k_split.clone(), k]);
    assert_eq!(found, wanted);
    let found = both(&op, &[q, k_split.clone(), k_split]);
    assert_eq!(found, wanted);
}

#[test]
fn a_query_that_sees_nothing_gives_no_numbers_or_zeros() {
    let x = f32s(&[1, 2, 1], &[1.0, 2.0]);
    let hidden = f32::NEG_INFINITY;
    let mask = f32s(&[2, 2], &[hidden, hidden, hidden, 0.0]);
    let operands = [x.clone(), x.clone(), x.clone(), mask];
    for y in both(&attention(1, 1.0, false), &operands) {
        assert!(y.as_f32().unwrap()[0].is_nan());
        assert_eq!(y.as_f32().unwrap()[1], 2.0);
    }
    for y in both(&attention(1, 1.0, true), &operands) {
        assert_eq!(y, f32s(&[1, 2, 1], &[0.0, 2.0]));
    }
    // A score that is no number is not hidden.
    let mask = f32s(&[1, 2], &[hidden, f32::NAN]);
    for y in both(&attention(1, 1.0, true), &[x.clone(), x.clone(), x, mask]) {
        assert!(y.as_f32().unwrap().iter().all(|y| y.is_nan()));
    }
}

#[test]
fn a_mask_that_replaces_hides_what_is_infinite_or_no_number() {
    let q = f32s(&[1, 1, 1], &[1.0]);
    let v = f32s(&[1, 3, 1], &[1.0, 2.0, 4.0]);
    for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let k = f32s(&[1, 3, 1], &[5.0, odd, 5.0]);
        for hidden in [f32::NEG_INFINITY, f32::MIN, -1e30] {
            let mask = f32s(&[3], &[0.0, hidden, 0.0]);
            let operands = [q.clone(), k.clone(), v.clone(), mask];
            for zero in [ZeroShares::Never, ZeroShares::Hidden, ZeroShares::NoNumber] {
                let op = |masking| Op::Attention {
                    heads: 1,
                    scale: 1.0,
                    zero,
                    masking,
                };
                for y in both(&op(Masking::Replaces), &operands) {
                    assert_eq!(y, f32s(&[1, 1, 1], &[2.5]), "{odd} {hidden} {zero:?}");
                }
                for y in both(&op(Masking::Added), &operands) {
                    let wanted = match zero {
                        _ if odd == f32::NEG_INFINITY => Some(2.5),
                        ZeroShares::NoNumber => Some(0.0),
                        _ => None,
                    };
                    let y = y.as_f32().unwrap()[0];
                    assert_eq!(
                        (!y.is_nan()).then_some(y),
                        wanted,
                        "{odd} {hidden} {zero:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn queries_without_a_number_give_zeros_where_that_is_asked_for() {
    let x = f32s(&[1, 2, 1], &[1.0, 2.0]);
    let op = Op::Attention {
        heads: 1,
        scale: 1.0,
        zero: ZeroShares::NoNumber,
        masking: Masking::Added,
    };
    for odd in [f32::NAN, f32::INFINITY] {
        let mask = f32s(&[2, 2], &[0.0, odd, f32::NEG_INFINITY, 0.0]);
        for y in both(&op, &[x.clone(), x.clone(), x.clone(), mask]) {
            assert_eq!(y, f32s(&[1, 2, 1], &[0.0, 2.0]));
        }
    }
    let mask = f32s(&[1], &[f32::NEG_INFINITY]);
    for y in both(&op, &[x.clone(), x.clone(), x, mask]) {
        assert_eq!(y, f32s(&[1, 2, 1], &[0.0, 0.0]));
    }
}

#[test]
fn large_finite_masks_hide_and_share_evenly_where_they_hide_all() {
    let x = f32s(&[1, 2, 1], &[1.0, 2.0]);
    let mask = f32s(&[2, 2], &[0.0, f32::MIN, f32::MIN, f32::MIN]);
    for y in both(&attention(1, 1.0, false), &[x.clone(), x.clone(), x, mask]) {
        assert_eq!(y, f32s(&[1, 2, 1], &[1.0, 1.5]));
    }
}

#[test]
fn without_keys_or_without_width_there_is_nothing_to_tell_values_apart() {
    let q = f32s(&[1, 2, 2], &[1.0, 2.0, 3.0, 4.0]);
    let none = f32s(&[1, 0, 2], &[]);
    for y in both(&attention(1, 1.0, false), &[q, none.clone(), none]) {
        assert_eq!(y, f32s(&[1, 2, 2], &[0.0; 4]));
    }
    let q = f32s(&[1, 1, 0], &[]);
    let k = f32s(&[1, 2, 0], &[]);
    let v = f32s(&[1, 2, 1], &[1.0, 3.0]);
    for y in both(&attention(1, 1.0, false), &[q, k, v]) {
        assert_eq!(y, f32s(&[1, 1, 1], &[2.0]));
    }
}

#[test]
fn operands_that_do_not_go_together_are_refused() {
    let op = attention(2, 1.0, false);
    let x = |shape: &[usize]| f32s(shape, &vec![0.0; shape.iter().product()]);
    let refused = |op: &Op, operands: &[Tensor]| {
        run_with(KernelSet::Fastest, op.clone(), operands).unwrap_err()
    };
    let fits = [x(&[1, 2, 4]), x(&[1, 3, 4]), x(&[1, 3, 2])];
    assert!(run_with(KernelSet::Fastest, op.clone(), &fits).is_ok());
    for (at, shape) in [
        (0, &[1, 2, 6][..]),
        (1, &[1, 4, 4]),
        (2, &[2, 3, 2]),
        (2, &[1, 3, 3]),
        (0, &[2, 4]),
        (1, &[1, 3, 3, 2]),
    ] {
        let mut operands = fits.clone();
        operands[at] = x(shape);
        let message = refused(&op, &operands);
        assert!(
            message.contains("go together") || message.contains("heads"),
            "{message}"
        );
    }
    let with_mask = |shape: &[usize]| [&fits[..], &[x(shape)]].concat();
    for shape in [&[1, 2, 2, 3][..], &[3], &[2, 1], &[]] {
        assert!(run_with(KernelSet::Fastest, op.clone(), &with_mask(shape)).is_ok());
    }
    for shape in [&[2][..], &[2, 1, 2, 3], &[1, 1, 1, 2, 3]] {
        assert!(refused(&op, &with_mask(shape)).contains("mask"));
    }
    assert!(refused(&attention(0, 1.0, false), &fits).contains("heads"));
    assert!(refused(&op, &fits[..2]).contains("operands"));
}
