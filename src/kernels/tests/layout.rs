//! What moves elements about.

use super::*;

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
        &run(Op::Transpose { perm: vec![1, 0] }, std::slice::from_ref(&x)),
        &[3, 2],
        &[1.0, 4.0, 2.0, 5.0, 3.0, 6.0],
    );
    let reversed = Op::Slice {
        starts: vec![1, 2],
        steps: vec![-1, -2],
        shape: vec![2, 2],
    };
    assert_close(
        &run(reversed, std::slice::from_ref(&x)),
        &[2, 2],
        &[6.0, 4.0, 3.0, 1.0],
    );
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
        &run(pad(PadMode::Constant), std::slice::from_ref(&x)),
        &[6],
        &[9.0, 9.0, 1.0, 2.0, 3.0, 9.0],
    );
    assert_close(
        &run(pad(PadMode::Reflect), std::slice::from_ref(&x)),
        &[6],
        &[3.0, 2.0, 1.0, 2.0, 3.0, 2.0],
    );
    assert_close(
        &run(pad(PadMode::Edge), std::slice::from_ref(&x)),
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
fn borders_of_several_axes_follow_the_definition_in_every_mode() {
    let (shape, before, after, padded) = ([2, 3, 4], [1, 0, 3], [1, 2, 2], [4, 5, 9]);
    let x = i32s(&shape, &(0..24).collect::<Vec<_>>());
    // Where an index lies along an axis: inside, mirrored or at the edge.
    let source = |mode, at: usize, axis: usize| {
        let (at, extent) = (at as i32 - before[axis] as i32, shape[axis] as i32);
        match mode {
            PadMode::Constant => (0..extent).contains(&at).then_some(at),
            PadMode::Edge => Some(at.clamp(0, extent - 1)),
            PadMode::Reflect if at < 0 => Some(-at),
            PadMode::Reflect if at >= extent => Some(2 * (extent - 1) - at),
            PadMode::Reflect => Some(at),
        }
    };
    for mode in [PadMode::Constant, PadMode::Edge, PadMode::Reflect] {
        let op = Op::Pad {
            mode,
            before: before.to_vec(),
            after: after.to_vec(),
            value: -7.0,
        };
        let mut expected = Vec::new();
        for a in 0..padded[0] {
            for b in 0..padded[1] {
                for c in 0..padded[2] {
                    let mut from = [a, b, c].into_iter().enumerate();
                    let offset = from.try_fold(0, |sum, (axis, at)| {
                        Some(sum * shape[axis] as i32 + source(mode, at, axis)?)
                    });
                    expected.push(offset.unwrap_or(-7));
                }
            }
        }
        let y = run(op, std::slice::from_ref(&x));
        assert_eq!(y, i32s(&padded, &expected), "{mode:?}");
    }
}
