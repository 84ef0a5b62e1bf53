#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
use super::*;
use crate::{
    Binary, CpuSession, DType, Masking, PlanBuilder, Session, Unary, ValueId, Values, ZeroShares,
};

/// Makes one plan of those that `graph` gives for each number of rows; its input is `x [rows, 2]`.
fn generalised(
    range: &str,
    samples: &[usize],
    graph: impl Fn(usize, ValueId, &mut PlanBuilder) -> ValueId,
) -> Result<Plan, GeneraliseError> {
    let symbol: Symbol = range.parse().unwrap();
    let plan = |rows: usize| {
        let mut builder = PlanBuilder::new();
        let x = TensorType::new(DType::F32, [rows, 2]);
        let x = builder.input("x", x).unwrap();
        let y = graph(rows, x, &mut builder);
        builder.output("y", y).unwrap();
        builder.finish().unwrap()
    };
    let largest = plan(symbol.max as usize);
    let mut generaliser = Generaliser::new(vec![symbol], &[(0, 0, 0)], &largest);
    for &rows in samples {
        generaliser.add(&[rows], &plan(rows))?;
    }
    generaliser.finish()
}

/// What the plan gives for rows of ones.
fn run(plan: Plan, rows: usize) -> Vec<f32> {
    let x = Tensor::new([rows, 2], Values::F32(vec![1.0; 2 * rows])).unwrap();
    let mut session = CpuSession::new(Arc::new(plan)).unwrap();
    let y = session.run(&[("x", &x)]).unwrap().remove(0);
    y.as_f32().unwrap().to_vec()
}

fn constant(builder: &mut PlanBuilder, shape: &[usize], values: Vec<f32>) -> ValueId {
    builder.constant(Tensor::new(shape, Values::F32(values)).unwrap())
}

fn added(builder: &mut PlanBuilder, x: ValueId, y: ValueId) -> ValueId {
    builder
        .push("sum", Op::Binary(Binary::Add), &[x, y])
        .unwrap()[0]
}

#[test]
fn rows_of_a_table_are_cut_from_the_largest() {
    let plan = generalised("rows=1..8", &[7, 5, 3, 2], |rows, x, builder| {
        let table = (0..2 * rows).map(|at| at as f32).collect();
        let table = constant(builder, &[rows, 2], table);
        added(builder, x, table)
    });
    let plan = plan.unwrap();
    assert_eq!(plan.weight_bytes(), 64);
    assert_eq!(plan.open_numbers()[0].expression, "rows");
    assert_eq!(run(plan, 2), [1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn places_in_a_table_of_growing_rows_are_cut_where_they_lie_in_a_row() {
    let plan = generalised("rows=1..8", &[7, 5, 3, 2], |rows, x, builder| {
        let places = (0..2 * rows).map(|at| at as f32).collect();
        let places = constant(builder, &[2, rows], places);
        let turned = Op::Transpose { perm: vec![1, 0] };
        let turned = builder.push("turned", turned, &[x]).unwrap()[0];
        added(builder, turned, places)
    });
    let plan = plan.unwrap();
    assert_eq!(plan.weight_bytes(), 64);
    assert_eq!(run(plan, 3), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}

#[test]
fn equal_elements_are_stored_once_and_expanded() {
    let plan = generalised("rows=1..8", &[7, 5, 3, 2], |rows, x, builder| {
        let fives = constant(builder, &[rows, 2], vec![5.0; 2 * rows]);
        added(builder, x, fives)
    });
    let plan = plan.unwrap();
    assert_eq!(plan.weight_bytes(), 8, "one row");
    assert_eq!(run(plan, 3), [6.0; 6]);
}

#[test]
fn elements_are_worked_out_from_the_extents() {
    let plan = generalised("rows=1..8", &[7, 5, 3, 2], |rows, x, builder| {
        let pair = constant(builder, &[2], vec![rows as f32, 1.0 / rows as f32]);
        added(builder, x, pair)
    });
    let plan = plan.unwrap();
    let expressions = plan.open_numbers();
    assert_eq!(expressions[0].expression, "rows");
    assert_eq!(expressions[1].expression, "1 / rows");
    assert_eq!(run(plan, 4), [5.0, 1.25].repeat(4));
}

#[test]
fn half_of_an_odd_extent_is_rounded_as_the_samples_say() {
    for (up, expression) in [(0, "floor((rows) / 2)"), (1, "floor((rows + 1) / 2)")] {
        let plan = generalised("rows=2..40", &[39, 30, 21, 12, 5], |rows, x, builder| {
            let half = Op::Slice {
                starts: vec![0, 0],
                steps: vec![1, 1],
                shape: vec![(rows + up) / 2, 2],
            };
            builder.push("half", half, &[x]).unwrap()[0]
        });
        let plan = plan.unwrap();
        assert_eq!(plan.open_numbers()[0].expression, expression);
        assert_eq!(run(plan, 4), [1.0; 4]);
    }
}

#[test]
fn a_quotient_that_the_samples_leave_in_doubt_is_refused() {
    // Of 8 rests only three are seen.
    let plan = generalised("rows=8..64", &[48, 40, 33], |rows, x, builder| {
        let part = Op::Slice {
            starts: vec![0, 0],
            steps: vec![1, 1],
            shape: vec![rows / 8, 2],
        };
        builder.push("eighth", part, &[x]).unwrap()[0]
    });
    let error = plan.unwrap_err();
    assert!(
        matches!(&error, GeneraliseError::NotOpen { node, .. } if node == "eighth"),
        "{error}"
    );
    let exact = generalised("rows=8..64:8", &[48, 40, 32], |rows, x, builder| {
        let part = Op::Slice {
            starts: vec![0, 0],
            steps: vec![1, 1],
            shape: vec![rows / 8, 2],
        };
        builder.push("eighth", part, &[x]).unwrap()[0]
    });
    assert_eq!(run(exact.unwrap(), 16), [1.0; 4]);
}

#[test]
fn constants_and_steps_that_follow_no_rule_are_refused_by_name() {
    let scrambled = generalised("rows=1..8", &[7, 5, 3], |rows, x, builder| {
        let table = (0..2 * rows).map(|at| (at * rows) as f32).collect();
        let table = constant(builder, &[rows, 2], table);
        added(builder, x, table)
    });
    assert!(matches!(scrambled, Err(GeneraliseError::NotOpen { node, .. }) if node == "sum"));
    let other_steps = generalised("rows=1..8", &[7, 5, 3], |rows, x, builder| {
        let unary = if rows < 4 { Unary::Abs } else { Unary::Relu };
        builder.push("act", Op::Unary(unary), &[x]).unwrap()[0]
    });
    let error = other_steps.unwrap_err().to_string();
    assert!(
        error.contains("\"act\"") && error.contains("rows = 3"),
        "{error}"
    );
}

#[test]
fn a_constant_that_is_an_output_is_cut_too() {
    let plan = generalised("rows=1..8", &[7, 5, 3], |rows, _, builder| {
        let numbers = (0..rows).map(|at| at as f32).collect();
        constant(builder, &[rows], numbers)
    });
    assert_eq!(run(plan.unwrap(), 3), [0.0, 1.0, 2.0]);
}

#[test]
fn the_scale_of_attention_may_follow_from_the_extents() {
    let plan = generalised("rows=1..8", &[7, 5, 3, 2], |rows, x, builder| {
        let shape = vec![1, rows, 2];
        let x = builder.push("split", Op::Reshape { shape }, &[x]).unwrap()[0];
        let attention = Op::Attention {
            heads: 2,
            scale: 1.0 / rows as f32,
            zero: ZeroShares::Never,
            masking: Masking::Added,
        };
        builder.push("attention", attention, &[x, x, x]).unwrap()[0]
    });
    let numbers = plan.as_ref().unwrap().open_numbers();
    let scale = numbers.iter().find(|number| number.node == "attention");
    assert_eq!(scale.unwrap().expression, "1 / split[1]");
    assert_eq!(run(plan.unwrap(), 3), [1.0; 6]);
}
