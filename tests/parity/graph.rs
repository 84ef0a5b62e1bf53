//! Small graphs, compiled as models are and run by both kernel sets.

use crate::tolerance::{REORDERED_SUM, close};
use nearshelf_engine::{
    CpuSession, KernelSet, Op, Plan, PlanBuilder, Session, Tensor, ValueId, Values, WeightBits,
    optimise,
};
use std::sync::Arc;

/// A graph with what it is run on.
pub struct Graph {
    builder: PlanBuilder,
    inputs: Vec<(String, Tensor)>,
    /// The magnitude that floats of a result may differ relative to, besides their own.
    scale: fn(&[f32]) -> f32,
}

/// Sums are as large as their terms, which may cancel out.
fn largest(values: &[f32]) -> f32 {
    let finite = values.iter().filter(|x| x.is_finite());
    finite.fold(1.0, |most, x| most.max(x.abs()))
}

impl Graph {
    pub fn new() -> Self {
        Self {
            builder: PlanBuilder::new(),
            inputs: Vec::new(),
            scale: largest,
        }
    }

    pub fn input(&mut self, tensor: Tensor) -> ValueId {
        let name = format!("x{}", self.inputs.len());
        let id = self.builder.input(&name, tensor.ty()).unwrap();
        self.inputs.push((name, tensor));
        id
    }

    pub fn constant(&mut self, tensor: Tensor) -> ValueId {
        self.builder.constant(tensor)
    }

    /// All results of a step.
    pub fn push_all(&mut self, op: Op, operands: &[ValueId]) -> Vec<ValueId> {
        self.builder.push("node", op, operands).unwrap()
    }

    /// The first result of a step.
    pub fn push(&mut self, op: Op, operands: &[ValueId]) -> ValueId {
        self.push_all(op, operands)[0]
    }

    /// Optimises the graph, makes sure that `operator` is what runs, and compares both kernel sets: floats may differ
    /// by the order of sums, integers not at all.
    pub fn agrees_on(mut self, outputs: &[ValueId], operator: &str, what: &str) {
        for (number, &id) in outputs.iter().enumerate() {
            self.builder.output(&format!("y{number}"), id).unwrap();
        }
        let plan = Arc::new(
            optimise(self.builder, WeightBits::Eight)
                .unwrap()
                .finish()
                .unwrap(),
        );
        let operators: Vec<&str> = plan.nodes().map(|node| node.operator).collect();
        assert!(
            operators.contains(&operator),
            "{what}: {operators:?} instead of {operator}"
        );
        let scalar = run(&plan, KernelSet::Scalar, &self.inputs);
        let fastest = run(&plan, KernelSet::Fastest, &self.inputs);
        for (found, wanted) in fastest.iter().zip(&scalar) {
            assert_alike(found, wanted, self.scale, &format!("{operator}, {what}"));
        }
    }
}

/// One operator on operands that are given at run time.
pub fn agrees(op: Op, operands: &[Tensor], what: &str) {
    let operator = op.name();
    let mut graph = Graph::new();
    if let Op::Unary(_) = op {
        graph.scale = |_| 1.0;
    }
    let ids: Vec<ValueId> = operands.iter().map(|x| graph.input(x.clone())).collect();
    let outputs = graph.push_all(op, &ids);
    graph.agrees_on(&outputs, operator, what);
}

/// One operator on operands that are given at run time, run by the fastest kernels.
pub fn gives(op: Op, operands: &[Tensor], wanted: &Tensor, what: &str) {
    let what = format!("{}, {what}", op.name());
    let mut graph = Graph::new();
    let ids: Vec<ValueId> = operands.iter().map(|x| graph.input(x.clone())).collect();
    let y = graph.push(op, &ids);
    graph.builder.output("y", y).unwrap();
    let plan = Arc::new(graph.builder.finish().unwrap());
    let found = run(&plan, KernelSet::Fastest, &graph.inputs);
    assert_alike(&found[0], wanted, graph.scale, &what);
}

/// Runs twice: work space that a run leaves must not show.
fn run(plan: &Arc<Plan>, set: KernelSet, inputs: &[(String, Tensor)]) -> Vec<Tensor> {
    let mut session = CpuSession::with_kernels(Arc::clone(plan), set).unwrap();
    let named: Vec<(&str, &Tensor)> = inputs.iter().map(|(n, x)| (n.as_str(), x)).collect();
    let first = session.run(&named).unwrap();
    // Printed, because NaN is not equal to itself.
    let second = session.run(&named).unwrap();
    assert!(
        format!("{first:?}") == format!("{second:?}"),
        "a second run differs"
    );
    first
}

fn assert_alike(found: &Tensor, wanted: &Tensor, scale: fn(&[f32]) -> f32, what: &str) {
    assert_eq!(found.ty(), wanted.ty(), "{what}");
    match (found.values(), wanted.values()) {
        (Values::F32(found), Values::F32(wanted)) => {
            let tolerance = REORDERED_SUM * scale(wanted);
            assert_each(found, wanted, |a, b| close(*a, *b, tolerance), what);
        }
        (Values::I32(found), Values::I32(wanted)) => assert_each(found, wanted, i32::eq, what),
        (Values::I8(found), Values::I8(wanted)) => assert_each(found, wanted, i8::eq, what),
        (Values::U8(found), Values::U8(wanted)) => assert_each(found, wanted, u8::eq, what),
        _ => unreachable!("the types are one"),
    }
}

fn assert_each<T: std::fmt::Debug>(
    found: &[T],
    wanted: &[T],
    is_alike: impl Fn(&T, &T) -> bool,
    what: &str,
) {
    let mut pairs = found.iter().zip(wanted).enumerate();
    if let Some((at, (a, b))) = pairs.find(|(_, (a, b))| !is_alike(a, b)) {
        panic!("{what}: element {at} is {a:?}, not {b:?}");
    }
}
