//! What takes more rounds of loops than the driver runs is refused rather than answered wrongly.

use super::agree::{floats, integers};
use crate::program::Program;
use crate::{Capabilities, GpuError};
use nearshelf_engine::{Binary, Direction, Op, Plan, PlanBuilder, Reduction, Tensor};

fn plan(op: Op, operands: &[Tensor]) -> Plan {
    let mut builder = PlanBuilder::new();
    let ids: Vec<_> = operands
        .iter()
        .enumerate()
        .map(|(n, x)| builder.input(&format!("x{n}"), x.ty()).unwrap())
        .collect();
    let found = builder.push("node", op, &ids).unwrap();
    for (n, id) in found.into_iter().enumerate() {
        builder.output(&format!("y{n}"), id).unwrap();
    }
    builder.finish().unwrap()
}

fn program(plan: &Plan, capabilities: &Capabilities) -> Result<Program, GpuError> {
    let types: Vec<_> = plan.value_types().collect();
    let steps: Vec<_> = plan.steps().collect();
    Program::new(&types, &steps, capabilities)
}

fn lstm(steps: usize, input: usize, hidden: usize) -> (Op, Vec<Tensor>) {
    let state = [1, 1, hidden];
    let shapes = [
        [steps, 1, input],
        [1, 4 * hidden, input],
        [1, 4 * hidden, hidden],
    ];
    let mut operands: Vec<Tensor> = shapes.iter().map(|shape| floats(1, shape)).collect();
    operands.push(floats(1, &[1, 8 * hidden]));
    operands.extend([floats(1, &state), floats(1, &state)]);
    let direction = Direction::Forward;
    (Op::Lstm { direction }, operands)
}

fn top_k(k: usize, of: usize) -> (Op, Vec<Tensor>) {
    let op = Op::TopK {
        axis: 0,
        k,
        largest: true,
    };
    (op, vec![floats(1, &[of])])
}

fn unique(extent: usize) -> (Op, Vec<Tensor>) {
    let op = Op::Unique {
        axis: 0,
        sorted: true,
    };
    (op, vec![floats(1, &[extent])])
}

fn scatter(updates: usize, combine: Option<Binary>) -> (Op, Vec<Tensor>) {
    let operands = vec![
        floats(1, &[3, 1]),
        integers(1, &[updates], 0, 3),
        floats(1, &[updates, 1]),
    ];
    (Op::Scatter { combine }, operands)
}

fn sum(shape: &[usize]) -> (Op, Vec<Tensor>) {
    let op = Op::Reduce {
        reduction: Reduction::Sum,
        axes: vec![0],
        keep_dims: false,
    };
    (op, vec![floats(1, shape)])
}

fn product(terms: usize) -> (Op, Vec<Tensor>) {
    (
        Op::MatMul,
        vec![floats(1, &[1, terms]), floats(1, &[terms, 1])],
    )
}

#[test]
fn long_loops_are_refused_only_where_the_driver_leaves_them() {
    let free = Capabilities {
        is_software: true,
        ..Capabilities::default()
    };
    let limited = Capabilities {
        max_loop_rounds: Some(65_535),
        ..free.clone()
    };
    let cases = [
        (lstm(100, 64, 256), false),
        (lstm(50, 64, 64), true),
        (top_k(1500, 3000), false),
        (top_k(20, 3000), true),
        (unique(40_000), false),
        (unique(1000), true),
        (scatter(70_000, Some(Binary::Add)), false),
        (scatter(70_000, None), true),
        (scatter(7, Some(Binary::Add)), true),
        (sum(&[3_000_000]), false),
        (sum(&[30_000]), true),
        (product(300_000), false),
        (product(25_088), true),
    ];
    for ((op, operands), is_fit) in cases {
        let what = format!("{op:?} of {:?}", operands[0].ty());
        let plan = plan(op, &operands);
        assert!(program(&plan, &free).is_ok(), "{what}");
        let found = program(&plan, &limited);
        match found {
            Ok(_) => assert!(is_fit, "{what} is not refused"),
            Err(GpuError::Unsupported { node, reason, .. }) => {
                assert!(!is_fit, "{what}: {reason}");
                assert_eq!(node, "node");
                assert!(reason.contains("65535"), "{reason}");
            }
            Err(error) => panic!("{what}: {error}"),
        }
    }
}
