#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
mod draw;
mod hostile;
mod open;
mod packed;
mod picking;
mod pieces;
mod random;

use super::*;
use crate::*;
use proptest::prelude::*;
use std::{fs, path::PathBuf, sync::Arc};

fn f32s(shape: &[usize], values: &[f32]) -> Tensor {
    Tensor::new(shape, Values::F32(values.to_vec())).unwrap()
}

/// `y = relu(x · w + b)` reshaped, and a second output that shares the product.
fn sample() -> Plan {
    let mut builder = PlanBuilder::new();
    let x = builder
        .input("x", TensorType::new(DType::F32, [2, 3]))
        .unwrap();
    let w = builder.constant(f32s(&[3, 2], &[1.0, -1.0, 2.0, -2.0, 3.0, -3.0]));
    let unused = builder.constant(f32s(&[100], &[0.0; 100]));
    let b = builder.constant(f32s(&[2], &[0.5, 0.5]));
    let product = builder.push("product", Op::MatMul, &[x, w, b]).unwrap()[0];
    let positive = builder
        .push("relu", Op::Unary(Unary::Relu), &[product])
        .unwrap()[0];
    let flat = builder
        .push("flat", Op::Reshape { shape: vec![4] }, &[positive])
        .unwrap()[0];
    builder
        .push("dead", Op::Unary(Unary::Exp), &[unused])
        .unwrap();
    builder.output("y", flat).unwrap();
    builder.output("product", product).unwrap();
    builder.finish().unwrap()
}

fn run(plan: Plan, inputs: &[(&str, &Tensor)]) -> Result<Vec<Tensor>, RunError> {
    CpuSession::new(Arc::new(plan)).unwrap().run(inputs)
}

#[test]
fn a_plan_runs_and_keeps_only_what_its_outputs_need() {
    let plan = sample();
    assert_eq!(plan.nodes().len(), 3);
    assert_eq!(plan.weight_bytes(), 32);
    assert_eq!(plan.nodes().next().unwrap().multiply_adds, 12);
    let x = f32s(&[2, 3], &[1.0, 1.0, 1.0, -1.0, 0.0, 0.0]);
    let outputs = run(plan, &[("x", &x)]).unwrap();
    assert_eq!(outputs[0], f32s(&[4], &[6.5, 0.0, 0.0, 1.5]));
    assert_eq!(outputs[1], f32s(&[2, 2], &[6.5, -5.5, -0.5, 1.5]));
}

#[test]
fn a_step_reads_its_weights_and_a_reshape_moves_nothing() {
    let plan = sample();
    let moved: Vec<_> = plan
        .nodes()
        .map(|node| (node.weight_bytes, node.activation_bytes))
        .collect();
    assert_eq!(moved, [(32, 24 + 16), (0, 16 + 16), (0, 0)]);
    let mut builder = PlanBuilder::new();
    let x = builder
        .input("x", TensorType::new(DType::F32, [4]))
        .unwrap();
    let count = builder.constant(Tensor::new([], Values::I32(vec![2])).unwrap());
    let cut = builder.push("cut", Op::Cut { axis: 0 }, &[x, count]);
    builder.output("y", cut.unwrap()[0]).unwrap();
    let plan = builder.finish().unwrap();
    assert_eq!(plan.nodes().next().unwrap().activation_bytes, 0);
}

#[test]
fn a_buffer_of_a_value_and_its_reshaped_self_is_free_once() {
    let mut builder = PlanBuilder::new();
    let x = builder.input("x", TensorType::new(DType::F32, [2]));
    let x = x.unwrap();
    let mut push = |op, operands: &[_]| builder.push("node", op, operands).unwrap()[0];
    let a = push(Op::Unary(Unary::Abs), &[x]);
    let again = push(Op::Reshape { shape: vec![2] }, &[a]);
    let twice = push(Op::Binary(Binary::Add), &[a, again]);
    let less = push(Op::Unary(Unary::Neg), &[twice]);
    let once = push(Op::Unary(Unary::Abs), &[x]);
    let y = push(Op::Binary(Binary::Sub), &[less, once]);
    builder.output("y", y).unwrap();
    let outputs = run(
        builder.finish().unwrap(),
        &[("x", &f32s(&[2], &[1.0, -2.0]))],
    );
    assert_eq!(outputs.unwrap()[0], f32s(&[2], &[-3.0, -6.0]));
}

#[test]
fn an_observed_run_tells_of_each_step_in_order_and_gives_the_same() {
    let x = f32s(&[2, 3], &[1.0, 2.0, 3.0, -1.0, 0.0, 0.5]);
    let mut session = CpuSession::new(Arc::new(sample())).unwrap();
    let mut told = Vec::new();
    let observed = session.run_observed(&[("x", &x)], |step| told.push(step));
    assert_eq!(told, [0, 1, 2]);
    assert_eq!(observed.unwrap(), session.run(&[("x", &x)]).unwrap());
    assert!(session.run_observed(&[], |_| told.push(9)).is_err());
    assert_eq!(told.len(), 3);
}

#[test]
fn wrong_inputs_are_named_and_the_session_stays_usable() {
    let mut session = CpuSession::new(Arc::new(sample())).unwrap();
    let x = f32s(&[2, 3], &[0.0; 6]);
    assert!(matches!(
        session.run(&[]),
        Err(RunError::MissingInput { .. })
    ));
    assert!(matches!(
        session.run(&[("x", &x), ("z", &x)]),
        Err(RunError::UnknownInput { .. })
    ));
    assert!(matches!(
        session.run(&[("x", &f32s(&[3, 2], &[0.0; 6]))]),
        Err(RunError::WrongType { .. })
    ));
    let integers = Tensor::new([2, 3], Values::I32(vec![0; 6])).unwrap();
    assert!(matches!(
        session.run(&[("x", &integers)]),
        Err(RunError::WrongType { .. })
    ));
    assert!(session.run(&[("x", &x)]).is_ok());
}

#[test]
fn an_input_may_itself_be_an_output_even_reshaped() {
    let mut builder = PlanBuilder::new();
    let x = builder.input("x", TensorType::new(DType::U8, [4])).unwrap();
    let square = builder
        .push("square", Op::Reshape { shape: vec![2, 2] }, &[x])
        .unwrap()[0];
    builder.output("same", x).unwrap();
    builder.output("square", square).unwrap();
    let x = Tensor::new([4], Values::U8(vec![1, 2, 3, 4])).unwrap();
    let plan = Plan::from_bytes(&builder.finish().unwrap().to_bytes().unwrap()).unwrap();
    let outputs = run(plan, &[("x", &x)]).unwrap();
    assert_eq!(outputs[0], x);
    assert_eq!(outputs[1].shape(), [2, 2]);
}

#[test]
fn a_graph_that_makes_no_sense_is_refused_while_it_is_built() {
    let mut builder = PlanBuilder::new();
    let x = builder
        .input("x", TensorType::new(DType::F32, [2, 3]))
        .unwrap();
    assert!(
        builder
            .input("x", TensorType::new(DType::F32, [1]))
            .is_err()
    );
    assert!(
        builder
            .input("huge", TensorType::new(DType::F32, [usize::MAX, 2]))
            .is_err()
    );
    let error = builder.push("bad", Op::MatMul, &[x, x]).unwrap_err();
    assert!(error.to_string().contains("\"bad\" (MatMul)"), "{error}");
    assert!(
        matches!(builder.finish(), Err(PlanError::BadGraph { .. })),
        "no output"
    );
}

#[test]
fn a_network_beyond_the_memory_limit_is_refused() {
    let mut builder = PlanBuilder::new();
    let x = builder
        .input("x", TensorType::new(DType::F32, [1]))
        .unwrap();
    let y = builder
        .push(
            "grow",
            Op::Expand {
                shape: vec![1 << 15, 1 << 15],
            },
            &[x],
        )
        .unwrap()[0];
    builder.output("y", y).unwrap();
    assert!(matches!(builder.finish(), Err(PlanError::TooLarge { .. })));
}

#[test]
fn a_file_gives_the_same_plan_and_equal_plans_equal_files() {
    let bytes = sample().to_bytes().unwrap();
    let again = Plan::from_bytes(&bytes).unwrap();
    assert_eq!(again.to_bytes().unwrap(), bytes);
    assert_eq!(again.inputs(), sample().inputs());
    let x = f32s(&[2, 3], &[0.3, -0.7, 2.0, 1.0, 5.0, -9.0]);
    assert_eq!(
        run(again, &[("x", &x)]).unwrap(),
        run(sample(), &[("x", &x)]).unwrap()
    );
}

#[test]
fn each_kind_of_damage_is_told_apart() {
    let bytes = sample().to_bytes().unwrap();
    assert!(matches!(Plan::from_bytes(&[]), Err(PlanError::NotAPlan)));
    assert!(matches!(
        Plan::from_bytes(b"PK\x03\x04 something else that is long enough"),
        Err(PlanError::NotAPlan)
    ));
    let mut newer = bytes.clone();
    newer[4] = 3;
    assert!(matches!(
        Plan::from_bytes(&newer),
        Err(PlanError::UnsupportedVersion {
            found: 3,
            supported: 2
        })
    ));
    assert!(matches!(
        Plan::from_bytes(&bytes[..bytes.len() - 1]),
        Err(PlanError::WrongSize { .. })
    ));
    let mut flipped = bytes.clone();
    *flipped.last_mut().unwrap() ^= 1;
    assert!(matches!(
        Plan::from_bytes(&flipped),
        Err(PlanError::ChecksumMismatch)
    ));
}

#[test]
fn a_plan_of_format_1_from_its_first_day_is_still_read() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/compat/plan-v1.plan");
    if std::env::var_os("WRITE_COMPAT_FIXTURE").is_some() && !path.exists() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, sample().to_bytes().unwrap()).unwrap();
    }
    let plan = Plan::from_bytes(&fs::read(path).unwrap()).unwrap();
    let x = f32s(&[2, 3], &[1.0, 1.0, 1.0, -1.0, 0.0, 0.0]);
    assert_eq!(
        run(plan, &[("x", &x)]).unwrap()[0],
        f32s(&[4], &[6.5, 0.0, 0.0, 1.5])
    );
}

/// A graph of element-wise steps, joins and reshapes chosen by `choices`, with every value also an output when
/// `keep_all`: then no buffer can be shared.
fn random_graph(choices: &[(u8, u8, u8)], keep_all: bool) -> Plan {
    let mut builder = PlanBuilder::new();
    let x = builder
        .input("x", TensorType::new(DType::F32, [2, 3]))
        .unwrap();
    let mut values = vec![
        x,
        builder.constant(f32s(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])),
    ];
    for &(kind, a, b) in choices {
        let (a, b) = (
            values[a as usize % values.len()],
            values[b as usize % values.len()],
        );
        let shape = builder.value_type(a).shape.clone();
        let flipped = vec![shape[1], shape[0]];
        let made = match kind % 4 {
            0 => builder.push("n", Op::Unary(Unary::Tanh), &[a]),
            1 => builder.push("r", Op::Reshape { shape: flipped }, &[a]),
            2 => builder.push("t", Op::Transpose { perm: vec![1, 0] }, &[a]),
            _ if builder.value_type(b).shape == shape => {
                builder.push("s", Op::Binary(Binary::Sub), &[a, b])
            }
            _ => builder.push("n", Op::Unary(Unary::Neg), &[a]),
        };
        values.push(made.unwrap()[0]);
    }
    let last = *values.last().unwrap();
    builder.output("y", last).unwrap();
    if keep_all {
        for (n, value) in values.iter().enumerate() {
            builder.output(&format!("v{n}"), *value).unwrap();
        }
    }
    builder.finish().unwrap()
}

proptest! {
    #[test]
    fn shared_buffers_never_change_an_answer(choices in prop::collection::vec(any::<(u8, u8, u8)>(), 1..24)) {
        let x = f32s(&[2, 3], &[0.1, -0.2, 0.3, -0.4, 0.5, -0.6]);
        let shared = run(random_graph(&choices, false), &[("x", &x)]).unwrap();
        let kept = run(random_graph(&choices, true), &[("x", &x)]).unwrap();
        prop_assert_eq!(&shared[0], &kept[0]);
        let stored = random_graph(&choices, true).to_bytes().unwrap();
        prop_assert_eq!(run(Plan::from_bytes(&stored).unwrap(), &[("x", &x)]).unwrap(), kept);
    }

    #[test]
    fn damage_is_always_noticed(at in 4_usize..400, flip in 1_u8..=255) {
        let mut bytes = sample().to_bytes().unwrap();
        let place = at % bytes.len();
        // Bytes 6 and 7 are reserved: a reader of this version does not look at them.
        if place >= 8 {
            bytes[place] ^= flip;
            prop_assert!(Plan::from_bytes(&bytes).is_err());
        }
    }

    #[test]
    fn damage_with_a_mended_checksum_never_panics_neither_read_nor_run(at in 0_usize..400, value: u8) {
        let mut bytes = sample().to_bytes().unwrap();
        let body = 32 + at % (bytes.len() - 32);
        bytes[body] = value;
        let sum = format::checksum(&[&bytes[32..]]);
        bytes[16..32].copy_from_slice(&sum);
        if let Ok(plan) = Plan::from_bytes(&bytes) {
            let x = f32s(&[2, 3], &[1.0; 6]);
            let _ = run(plan, &[("x", &x)]);
        }
    }

    #[test]
    fn any_bytes_are_refused_without_panic(bytes: Vec<u8>) {
        prop_assert!(Plan::from_bytes(&bytes).is_err());
    }
}
