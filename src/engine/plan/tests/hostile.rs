//! Files that a stranger wrote with care: the checksum is right, the graph is not, or asks for too much.

use super::*;
use crate::plan::format::{self, Graph, Step, Stored};
use crate::plan::symbols::Extras;

pub(super) fn ty(dtype: DType, shape: &[usize]) -> TensorType {
    TensorType::new(dtype, shape)
}

/// A file of constants only, the first of which is the output.
fn constants(stored: &[(TensorType, u32)], data: &[u8]) -> Result<Plan, PlanError> {
    let stored = stored.iter().map(|(ty, offset)| Stored {
        ty: ty.clone(),
        offset: *offset,
    });
    let graph = Graph {
        inputs: Vec::new(),
        constants: stored.collect(),
        nodes: Vec::new(),
        outputs: vec![("y".to_owned(), 0)],
    };
    Plan::from_bytes(&format::file(&graph, &Extras::default(), data).unwrap())
}

#[test]
fn constants_that_share_bytes_or_leave_some_out_are_refused() {
    let bytes = ty(DType::U8, &[10]);
    let two = |first, second| [(bytes.clone(), first), (bytes.clone(), second)];
    assert!(constants(&two(0, 64), &[7; 74]).is_ok());
    for (first, second) in [(0, 0), (0, 10), (0, 63), (0, 128), (64, 0)] {
        let plan = constants(&two(first, second), &[7; 138]);
        assert!(
            matches!(plan, Err(PlanError::BadGraph { .. })),
            "{first} {second}"
        );
    }
    assert!(
        constants(&two(0, 64), &[7; 75]).is_err(),
        "one byte is left"
    );
    assert!(constants(&two(0, 64), &[7; 73]).is_err(), "one byte lacks");
    let empty = ty(DType::F32, &[0, 9]);
    assert!(constants(&[(empty.clone(), 0), (empty, 0)], &[]).is_ok());
}

fn grown(shape: &[usize], outputs: usize) -> Result<Plan, PlanError> {
    let mut builder = PlanBuilder::new();
    let x = builder.input("x", ty(DType::F32, &[1])).unwrap();
    let shape = shape.to_vec();
    let y = builder.push("grow", Op::Expand { shape }, &[x]).unwrap()[0];
    for number in 0..outputs {
        builder.output(&format!("y{number}"), y).unwrap();
    }
    builder.finish()
}

#[test]
fn every_copy_of_an_output_counts_towards_the_memory_limit() {
    assert!(grown(&[1 << 26], 2).is_ok(), "256 MiB, and two copies");
    assert!(matches!(
        grown(&[1 << 26], 4),
        Err(PlanError::TooLarge { .. })
    ));
}

fn single(op: Op, inputs: &[TensorType]) -> Result<Plan, PlanError> {
    let mut builder = PlanBuilder::new();
    let ids = inputs.iter().enumerate();
    let ids: Vec<ValueId> = ids
        .map(|(number, ty)| builder.input(&format!("x{number}"), ty.clone()).unwrap())
        .collect();
    let y = builder.push("node", op, &ids)?[0];
    builder.output("y", y)?;
    builder.finish()
}

#[test]
fn work_space_counts_towards_the_memory_limit() {
    // A megabyte comes in and goes out; between its axes lie 4 GiB.
    let resize = Op::Resize {
        shape: vec![1 << 15, 1],
        scales: vec![1.0; 2],
        coordinates: ResizeCoordinates::HalfPixel,
        mode: ResizeMode::Linear,
    };
    let plan = single(resize, &[ty(DType::F32, &[1, 1 << 15])]);
    assert!(matches!(plan, Err(PlanError::TooLarge { .. })));
    // Gates of 2^16 steps of 2^10 units, from and to a single number each.
    let (steps, hidden) = (1 << 16, 1 << 10);
    let gru = Op::Gru {
        direction: Direction::Forward,
        linear_before_reset: true,
    };
    let shapes: [&[usize]; 5] = [
        &[steps, 2, 0],
        &[1, 3 * hidden, 0],
        &[1, 3 * hidden, hidden],
        &[1, 6 * hidden],
        &[1, 2, hidden],
    ];
    let plan = single(gru, &shapes.map(|shape| ty(DType::F32, shape)));
    assert!(matches!(plan, Err(PlanError::TooLarge { .. })));
}

#[test]
fn as_many_steps_and_ports_as_allowed_are_read_and_one_more_is_refused() {
    let (steps, ports) = (1 << 16, 1 << 10);
    let graph = |steps: u32, ports: u32| {
        let float = ty(DType::F32, &[1]);
        // Every second step keeps its result until the end, where all are free at once.
        let step = |number: u32| Step {
            name: String::new(),
            op: Op::Unary(Unary::Neg),
            inputs: vec![if number.is_multiple_of(2) {
                0
            } else {
                ports + number - 1
            }],
        };
        let graph = Graph {
            inputs: (0..ports)
                .map(|at| (format!("x{at}"), float.clone()))
                .collect(),
            constants: Vec::new(),
            nodes: (0..steps).map(step).collect(),
            outputs: (0..ports)
                .map(|at| (format!("y{at}"), ports + at))
                .collect(),
        };
        Plan::from_bytes(&format::file(&graph, &Extras::default(), &[]).unwrap())
    };
    assert!(graph(steps, ports).is_ok());
    assert!(matches!(
        graph(steps + 1, ports),
        Err(PlanError::BadGraph { .. })
    ));
    assert!(matches!(
        graph(steps, ports + 1),
        Err(PlanError::BadGraph { .. })
    ));
}
