//! Small graphs, compiled as models are.

use nearshelf_engine::{
    CpuSession, KernelSet, Op, Plan, PlanBuilder, Session, Tensor, ValueId, Values, WeightBits,
    optimise,
};
use nearshelf_kernels::tolerance::{REORDERED_SUM, close};
use std::sync::Arc;

/// A compiled graph with what it is run on.
pub struct Example {
    /// The operator that it is for.
    pub operator: &'static str,
    /// What is special about it.
    pub what: String,
    /// The graph.
    pub plan: Arc<Plan>,
    /// Its inputs.
    pub inputs: Vec<(String, Tensor)>,
    /// Its result, where the scalar kernels don't say it.
    wanted: Option<Tensor>,
    /// The magnitude that floats of a result may differ relative to, besides their own.
    scale: fn(&[f32]) -> f32,
}

/// Takes examples one by one.
pub type Sink<'a> = dyn FnMut(Example) + 'a;

/// A graph in the making.
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

    /// Optimises the graph, makes sure that `operator` is what runs, and hands it over: floats may differ by the order of
    /// sums, integers not at all.
    pub fn agrees_on(mut self, to: &mut Sink, outputs: &[ValueId], operator: &str, what: &str) {
        for (number, &id) in outputs.iter().enumerate() {
            self.builder.output(&format!("y{number}"), id).unwrap();
        }
        let builder = optimise(self.builder, WeightBits::Eight).unwrap();
        let plan = Arc::new(builder.finish().unwrap());
        let mut nodes = plan.nodes();
        let Some(node) = nodes.find(|node| node.operator == operator) else {
            let operators: Vec<&str> = plan.nodes().map(|node| node.operator).collect();
            panic!("{what}: {operators:?} instead of {operator}");
        };
        to(Example {
            operator: node.operator,
            what: what.to_owned(),
            plan: Arc::clone(&plan),
            inputs: self.inputs,
            wanted: None,
            scale: self.scale,
        });
    }
}

/// One operator on operands that are given at run time.
pub fn agrees(to: &mut Sink, op: Op, operands: &[Tensor], what: &str) {
    let operator = op.name();
    let mut graph = Graph::new();
    if let Op::Unary(_) = op {
        graph.scale = |_| 1.0;
    }
    let ids: Vec<ValueId> = operands.iter().map(|x| graph.input(x.clone())).collect();
    let outputs = graph.push_all(op, &ids);
    graph.agrees_on(to, &outputs, operator, what);
}

/// One operator on operands that are given at run time, whose result is known.
pub fn gives(to: &mut Sink, op: Op, operands: &[Tensor], wanted: Tensor, what: &str) {
    let mut known = |example: Example| {
        to(Example {
            wanted: Some(wanted.clone()),
            ..example
        });
    };
    agrees(&mut known, op, operands, what);
}

impl Example {
    /// What the scalar kernels, or its definition, make of it.
    #[must_use]
    pub fn wanted(&self) -> Vec<Tensor> {
        match &self.wanted {
            Some(wanted) => vec![wanted.clone()],
            None => run(&self.plan, KernelSet::Scalar, &self.inputs),
        }
    }

    /// How far floats of a result may lie from `wanted`, beside a part of themselves as large.
    #[must_use]
    pub fn tolerance(&self, wanted: &Tensor) -> f32 {
        wanted
            .as_f32()
            .map_or(0.0, |values| REORDERED_SUM * (self.scale)(values))
    }

    /// # Panics
    /// Where the fastest kernels give something else.
    pub fn check(&self) {
        let what = format!("{}, {}", self.operator, self.what);
        let found = run(&self.plan, KernelSet::Fastest, &self.inputs);
        for (found, wanted) in found.iter().zip(&self.wanted()) {
            assert_alike(found, wanted, self.tolerance(wanted), &what);
        }
    }
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

fn assert_alike(found: &Tensor, wanted: &Tensor, tolerance: f32, what: &str) {
    assert_eq!(found.ty(), wanted.ty(), "{what}");
    match (found.values(), wanted.values()) {
        (Values::F32(found), Values::F32(wanted)) => {
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
