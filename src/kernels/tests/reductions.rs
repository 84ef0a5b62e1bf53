//! Reductions, softmax and normalisations, by hand.

use super::*;

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
            std::slice::from_ref(x),
        )
    };
    assert_close(&reduce(Reduction::Sum, &[0], &x), &[3], &[5.0, 7.0, 9.0]);
    assert_close(&reduce(Reduction::Mean, &[1], &x), &[2], &[2.0, 5.0]);
    assert_close(&reduce(Reduction::Max, &[0, 1], &x), &[], &[6.0]);
    assert_close(
        &reduce(Reduction::LogSumExp, &[0], &f32s(&[2], &[1000.0, 1000.0])),
        &[],
        &[1_000.693_1],
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
            std::slice::from_ref(&x),
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
            std::slice::from_ref(&x),
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
