//! What picks elements by computed numbers, and what only the values tell the length of.

use super::*;

fn all(op: Op, inputs: &[Tensor]) -> Vec<Tensor> {
    run_with(KernelSet::Fastest, op, inputs).unwrap()
}

fn refused(op: Op, inputs: &[Tensor]) -> String {
    run_with(KernelSet::Fastest, op, inputs).unwrap_err()
}

#[test]
fn element_positions_replace_one_coordinate() {
    let op = Op::ElementPositions {
        shape: vec![3, 2],
        axis: 0,
    };
    let indices = i32s(&[2, 2], &[0, 2, -1, 1]);
    assert_eq!(run(op.clone(), &[indices]), i32s(&[2, 2], &[0, 5, 4, 3]));
    for outside in [3, -4, i32::MIN] {
        let error = refused(op.clone(), &[i32s(&[1, 2], &[0, outside])]);
        assert!(error.contains("outside 0..3"), "{error}");
    }
}

#[test]
fn tuple_positions_begin_with_the_batch_they_are_of() {
    let op = Op::TuplePositions {
        shape: vec![2, 3, 4],
        batch: 1,
    };
    let indices = i32s(&[2, 1, 2], &[0, 1, -1, -1]);
    assert_eq!(run(op, &[indices]), i32s(&[2, 1], &[1, 23]));
    // A tuple of nothing points to the whole.
    let whole = Op::TuplePositions {
        shape: vec![],
        batch: 0,
    };
    assert_eq!(run(whole, &[i32s(&[2, 0], &[])]), i32s(&[2], &[0, 0]));
}

#[test]
fn scattered_rows_replace_or_join_what_is_there() {
    let x = f32s(&[3, 1], &[1.0, 2.0, 3.0]);
    let positions = i32s(&[3], &[2, 0, 2]);
    let updates = f32s(&[3, 1], &[10.0, 20.0, 30.0]);
    let operands = [x, positions, updates];
    for (combine, expected) in [
        (None, [20.0, 2.0, 30.0]),
        (Some(Binary::Add), [21.0, 2.0, 43.0]),
        (Some(Binary::Mul), [20.0, 2.0, 900.0]),
        (Some(Binary::Min), [1.0, 2.0, 3.0]),
        (Some(Binary::Max), [20.0, 2.0, 30.0]),
    ] {
        let y = run(Op::Scatter { combine }, &operands);
        assert_close(&y, &[3, 1], &expected);
    }
    let combine = Some(Binary::Div);
    assert!(refused(Op::Scatter { combine }, &operands).contains("not combined by Div"));
}

#[test]
fn the_best_come_first_and_of_equal_ones_the_first() {
    let x = f32s(&[2, 4], &[1.0, 3.0, 3.0, 2.0, -0.0, f32::NAN, 0.0, -1.0]);
    let op = |largest| Op::TopK {
        axis: 1,
        k: 3,
        largest,
    };
    let best = all(op(true), std::slice::from_ref(&x));
    assert_eq!(best[1], i32s(&[2, 3], &[1, 2, 3, 1, 0, 2]));
    let least = all(op(false), std::slice::from_ref(&x));
    assert_close(&least[0], &[2, 3], &[1.0, 2.0, 3.0, -1.0, -0.0, 0.0]);
    let columns = Op::TopK {
        axis: 0,
        k: 1,
        largest: true,
    };
    let bytes = all(columns, &[u8s(&[2, 2], &[7, 200, 9, 3])]);
    assert_eq!(bytes[0], u8s(&[1, 2], &[9, 200]));
    assert!(refused(op(true), &[f32s(&[1, 2], &[0.0, 0.0])]).contains("no 3 elements"));
}

#[test]
fn running_sums_go_either_way_with_or_without_the_element_itself() {
    let op = |exclusive, reverse| Op::Cumulate {
        axis: 0,
        product: false,
        exclusive,
        reverse,
    };
    let x = i32s(&[3], &[1, 2, 3]);
    let of = |op: Op| run(op, std::slice::from_ref(&x));
    assert_eq!(of(op(false, false)), i32s(&[3], &[1, 3, 6]));
    assert_eq!(of(op(true, false)), i32s(&[3], &[0, 1, 3]));
    assert_eq!(of(op(false, true)), i32s(&[3], &[6, 5, 3]));
    assert_eq!(of(op(true, true)), i32s(&[3], &[5, 3, 0]));
}

#[test]
fn what_is_not_zero_is_listed_an_axis_a_row() {
    let found = all(Op::NonZero, &[u8s(&[2, 2], &[1, 0, 0, 9])]);
    assert_eq!(found[0], i32s(&[2, 4], &[0, 1, 0, 0, 0, 1, 0, 0]));
    assert_eq!(found[1], i32s(&[], &[2]));
    assert_eq!(all(Op::NonZero, &[u8s(&[0], &[])])[1], i32s(&[], &[0]));
}

#[test]
fn slices_that_differ_are_counted() {
    let x = f32s(&[5], &[2.0, 1.0, 2.0, f32::NAN, f32::NAN]);
    let op = |sorted| Op::Unique { axis: 0, sorted };
    let sorted = all(op(true), std::slice::from_ref(&x));
    assert_eq!(sorted[0], i32s(&[5], &[1, 0, 3, 0, 0]));
    assert_eq!(sorted[1], i32s(&[5], &[1, 0, 1, 2, 2]));
    assert_eq!(sorted[2], i32s(&[5], &[1, 2, 2, 0, 0]));
    assert_eq!(sorted[3], i32s(&[], &[3]));
    let as_met = all(op(false), &[x]);
    assert_eq!(as_met[0], i32s(&[5], &[0, 1, 3, 0, 0]));
    let columns = i8s(&[2, 3], &[1, 0, 1, -1, 5, -1]);
    let columns = all(
        Op::Unique {
            axis: 1,
            sorted: true,
        },
        &[columns],
    );
    assert_eq!(columns[1], i32s(&[3], &[1, 0, 1]));
}

#[test]
fn of_boxes_that_overlap_the_best_stays() {
    let boxes = f32s(
        &[1, 3, 4],
        &[0.0, 0.0, 2.0, 2.0, 2.0, 2.1, 0.0, 0.1, 5.0, 5.0, 6.0, 6.0],
    );
    let scores = f32s(&[1, 2, 3], &[0.5, 0.9, 0.7, 0.1, 0.0, f32::NAN]);
    let scalar = |value: f32| f32s(&[], &[value]);
    let operands = |most: i32| {
        let most = i32s(&[], &[most]);
        [
            boxes.clone(),
            scores.clone(),
            most,
            scalar(0.5),
            scalar(0.2),
        ]
    };
    let op = Op::NonMaxSuppression {
        center_point_box: false,
        limit: 2,
    };
    let found = all(op.clone(), &operands(2));
    // The second class has no score above the threshold: what is no number is not.
    let expected = [0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0];
    assert_eq!(found[0], i32s(&[4, 3], &expected));
    assert_eq!(found[1], i32s(&[], &[2]));
    assert_eq!(all(op.clone(), &operands(-1))[1], i32s(&[], &[0]));
    assert_eq!(all(op, &operands(i32::MAX))[1], i32s(&[], &[2]));
}

#[test]
fn an_output_is_returned_as_long_as_its_count_says() {
    let x = f32s(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let cut = |count: i32| run(Op::Cut { axis: 1 }, &[x.clone(), i32s(&[], &[count])]);
    assert_close(&cut(2), &[2, 2], &[1.0, 2.0, 4.0, 5.0]);
    assert_close(&cut(0), &[2, 0], &[]);
    assert_close(&cut(-5), &[2, 0], &[]);
    assert_eq!(cut(i32::MAX), x);
}

#[test]
fn a_count_outlives_the_steps_between_it_and_the_output() {
    let mut builder = PlanBuilder::new();
    let x = builder.input("x", TensorType::new(DType::U8, [4])).unwrap();
    let found = builder.push("found", Op::NonZero, &[x]).unwrap();
    let double = |builder: &mut PlanBuilder, x: ValueId| {
        let sum = builder.push("double", Op::Binary(Binary::Add), &[x, x]);
        sum.unwrap()[0]
    };
    // As many scalars as would take the count's place, if it were free.
    let other = builder.constant(i32s(&[], &[1]));
    let cut = builder.push("cut", Op::Cut { axis: 1 }, &[found[0], found[1]]);
    let mut last = double(&mut builder, other);
    for _ in 0..4 {
        last = double(&mut builder, last);
    }
    builder.output("y", cut.unwrap()[0]).unwrap();
    builder.output("z", last).unwrap();
    let plan = Arc::new(builder.finish().unwrap());
    let read = Plan::from_bytes(&plan.to_bytes().unwrap()).unwrap();
    for plan in [plan, Arc::new(read)] {
        let mut session = CpuSession::new(plan).unwrap();
        let outputs = session.run(&[("x", &u8s(&[4], &[0, 1, 1, 0]))]).unwrap();
        assert_eq!(outputs[0], i32s(&[1, 2], &[1, 2]));
        assert_eq!(outputs[1], i32s(&[], &[32]));
    }
}

#[test]
fn bits_are_shifted_and_joined_without_overflow() {
    let op = |kind, a: i32, b: i32| {
        let y = run(Op::Binary(kind), &[i32s(&[], &[a]), i32s(&[], &[b])]);
        y.as_i32().unwrap()[0]
    };
    assert_eq!(op(Binary::ShiftLeft, 3, 2), 12);
    assert_eq!(op(Binary::ShiftLeft, 1, 32), 0);
    assert_eq!(op(Binary::ShiftLeft, 1, -1), 0);
    assert_eq!(op(Binary::ShiftRight, -8, 1), -4);
    assert_eq!(op(Binary::ShiftRight, -8, 99), -1);
    assert_eq!(op(Binary::BitXor, 6, 3), 5);
    let bits = run(Op::BitCast, &[f32s(&[1], &[1.0])]);
    assert_eq!(bits, i32s(&[1], &[0x3f80_0000]));
    assert_eq!(run(Op::BitCast, &[bits]), f32s(&[1], &[1.0]));
}

#[test]
fn of_many_indices_outside_the_first_is_told() {
    let op = Op::ElementPositions {
        shape: vec![3],
        axis: 0,
    };
    let error = refused(op, &[i32s(&[3], &[1, 7, 9])]);
    assert!(error.contains("index 7"), "{error}");
}

#[test]
fn positions_in_a_tensor_that_can_not_be_numbered_are_refused() {
    let huge = usize::MAX / 4;
    let op = Op::ElementPositions {
        shape: vec![0, huge, huge],
        axis: 0,
    };
    let error = refused(op, &[i32s(&[1, 0, 1], &[])]);
    assert!(error.contains("too many elements"), "{error}");
    let many = TensorType::new(DType::U8, [1 << 16, 1 << 16]);
    let best = Op::TopK {
        axis: 1,
        k: 1,
        largest: true,
    };
    let mut builder = PlanBuilder::new();
    let x = builder.input("x", many).unwrap();
    let error = builder.push("best", best, &[x]).unwrap_err().to_string();
    assert!(error.contains("too many elements"), "{error}");
}
