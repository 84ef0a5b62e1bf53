//! One plan with open dimensions from the plans that a model gives at several bindings.
//!
//! The plans must be the same but for numbers: extents, offsets and scales of operators, and constants that were
//! worked out from shapes. Each number is fitted with an expression (`fit.rs`), each constant that grows is cut from
//! the largest one (`growth.rs`). What can't be fitted is refused with the node's name: a wrong guess would be a
//! wrong answer. Why plans are compared: `docs/adr/0005-open-dimensions-by-comparing-plans.md`.

mod fit;
mod growth;
#[cfg(test)]
mod tests;
mod write;

use crate::plan::Graph;
use crate::plan::symbols::{InputAxis, Number};
use crate::{Op, Plan, PlanError, Symbol, Tensor, TensorType};
use fit::{Fitter, Reader};
use nearshelf_operators::NumberMut;
use std::sync::Arc;
use write::Writer;

/// Plans at some bindings can't be made one plan.
#[derive(Debug, thiserror::Error)]
pub enum GeneraliseError {
    /// A number, a constant or a step depends on the open dimensions in a way that a plan can't hold.
    #[error("node {node:?}: {detail}")]
    NotOpen {
        /// The node where it shows.
        node: String,
        /// What does not follow.
        detail: String,
    },
    /// What was made of them is no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

fn not_open(node: &str, detail: impl Into<String>) -> GeneraliseError {
    GeneraliseError::NotOpen {
        node: node.to_owned(),
        detail: detail.into(),
    }
}

/// Collects plans of one model, the one of largest extents first.
#[derive(Debug)]
pub struct Generaliser {
    symbols: Vec<Symbol>,
    axes: Vec<InputAxis>,
    constants: Vec<Arc<Tensor>>,
    graph: Graph,
    /// How many results each step has.
    results: Vec<usize>,
    samples: Vec<Sample>,
}

/// What is kept of a plan; the weights, which all have alike, are not.
#[derive(Debug)]
struct Sample {
    extents: Vec<usize>,
    /// Types of all values, numbered as in a file.
    types: Vec<TensorType>,
    ops: Vec<Op>,
    /// Constants that are not those of the largest plan.
    differing: Vec<Option<Arc<Tensor>>>,
}

impl Sample {
    fn new(extents: Vec<usize>, plan: &Plan, graph: &Graph) -> Self {
        Self {
            extents,
            types: plan.stored_types(),
            ops: graph.nodes.iter().map(|step| step.op.clone()).collect(),
            differing: vec![None; plan.constants.len()],
        }
    }
}

impl Generaliser {
    /// Begins with the plan at the largest extents. `axes` are the number of an input, its axis and a symbol's number.
    #[must_use]
    pub fn new(symbols: Vec<Symbol>, axes: &[(usize, usize, usize)], largest: &Plan) -> Self {
        let graph = largest.graph(Vec::new());
        let extents = symbols.iter().map(|symbol| symbol.max as usize).collect();
        let axes = axes.iter().map(|&(input, axis, symbol)| InputAxis {
            input: input as u32,
            axis: axis as u32,
            symbol: symbol as u32,
        });
        Self {
            symbols,
            axes: axes.collect(),
            constants: largest.constants.clone(),
            samples: vec![Sample::new(extents, largest, &graph)],
            graph,
            results: largest
                .nodes
                .iter()
                .map(|node| node.outputs.len())
                .collect(),
        }
    }

    /// Adds the plan at other extents, within the symbols' ranges or beyond them.
    ///
    /// # Errors
    /// [`GeneraliseError::NotOpen`] where it takes other steps than the largest.
    pub fn add(&mut self, extents: &[usize], plan: &Plan) -> Result<(), GeneraliseError> {
        let graph = plan.graph(Vec::new());
        let mut steps = self.graph.nodes.iter().zip(&graph.nodes);
        let other = steps.find(|(a, b)| a.inputs != b.inputs || blank(&a.op) != blank(&b.op));
        let is_same = self.graph.nodes.len() == graph.nodes.len()
            && self.constants.len() == plan.constants.len()
            && self.graph.outputs == graph.outputs;
        if !is_same || other.is_some() {
            let last = self.graph.nodes.last();
            let node = other.map(|(a, _)| a).or(last);
            let largest = at(&self.symbols, &self.samples[0].extents);
            let detail = format!(
                "the model takes other steps at {} than at {largest}",
                at(&self.symbols, extents)
            );
            return Err(not_open(node.map_or("", |step| &step.name), detail));
        }
        let mut sample = Sample::new(extents.to_vec(), plan, &graph);
        let constants = self.constants.iter().zip(&plan.constants);
        for ((mine, theirs), differing) in constants.zip(&mut sample.differing) {
            if !growth::is_equal(mine, theirs) {
                *differing = Some(Arc::clone(theirs));
            }
        }
        self.samples.push(sample);
        Ok(())
    }

    /// The plan that gives each of the samples when it is bound so.
    ///
    /// # Errors
    /// [`GeneraliseError`] when a number or a constant follows no rule known here.
    pub fn finish(self) -> Result<Plan, GeneraliseError> {
        let ports = self.graph.inputs.len();
        let constants = ports..ports + self.constants.len();
        let fitter = Fitter::new(&self.symbols, &self.samples, constants);
        let mut writer = Writer::new(ports, &self.constants);
        for (number, step) in self.graph.nodes.iter().enumerate() {
            self.cut_constants(&fitter, &mut writer, &step.name, &step.inputs)?;
            let ops: Vec<Op> = self.samples.iter().map(|s| s.ops[number].clone()).collect();
            let reader = writer.reader(&step.inputs);
            let values = fit_numbers(&fitter, &reader, &step.name, &ops)?;
            let results = self.results[number];
            writer.push(&step.name, step.op.clone(), &step.inputs, values, results);
        }
        let outputs: Vec<u32> = self.graph.outputs.iter().map(|&(_, id)| id).collect();
        self.cut_constants(&fitter, &mut writer, "output", &outputs)?;
        let (inputs, outputs) = (self.graph.inputs, self.graph.outputs);
        let template = writer.finish(inputs, outputs, self.symbols, self.axes);
        let plan = template.plan()?;
        check(&plan, &self.samples)?;
        Ok(plan)
    }

    /// Writes the steps that cut constants which `reads` has first.
    fn cut_constants(
        &self,
        fitter: &Fitter,
        writer: &mut Writer,
        name: &str,
        reads: &[u32],
    ) -> Result<(), GeneraliseError> {
        let ports = self.graph.inputs.len();
        for &id in reads {
            let Some(at) = (id as usize).checked_sub(ports).filter(|&at| {
                let is_constant = at < self.constants.len();
                is_constant && !writer.is_cut(at)
            }) else {
                continue;
            };
            let bindings = self.samples.iter().map(|sample| {
                let differing = sample.differing[at].as_ref();
                &**differing.unwrap_or(&self.constants[at])
            });
            let bindings: Vec<&Tensor> = bindings.collect();
            let Some(growth) = growth::of(&bindings).map_err(|detail| not_open(name, detail))?
            else {
                continue;
            };
            writer.store(at, growth.stored);
            for (element, values) in growth.elements {
                let value = fitter
                    .element(&values)
                    .ok_or_else(|| unfitted(name, &values))?;
                writer.fill(at, element, value);
            }
            for ops in growth.steps {
                let values = fit_numbers(fitter, &writer.reader(reads), name, &ops)?;
                writer.cut(name, ops[0].clone(), id, values);
            }
        }
        Ok(())
    }
}

/// Expressions for the numbers of a step that differ.
fn fit_numbers(
    fitter: &Fitter,
    reader: &Reader,
    name: &str,
    ops: &[Op],
) -> Result<Vec<(u32, Number)>, GeneraliseError> {
    let mut ops = ops.to_vec();
    let lists: Vec<Vec<f64>> = ops.iter_mut().map(numbers).collect();
    let is_float = ops[0].numbers();
    let is_float: Vec<bool> = is_float
        .iter()
        .map(|number| matches!(number, NumberMut::Float(_)))
        .collect();
    let mut fitted = Vec::new();
    for (number, is_float) in is_float.into_iter().enumerate() {
        let values = lists.iter().map(|list| list.get(number).copied());
        let Some(values) = values.collect::<Option<Vec<f64>>>() else {
            return Err(not_open(name, "it has more axes at some extents"));
        };
        if values.iter().any(|value| value != &values[0]) {
            let value = if is_float {
                fitter.float(reader, &values)
            } else {
                fitter.whole(reader, &values)
            };
            let value = value.ok_or_else(|| unfitted(name, &values))?;
            fitted.push((number as u32, value));
        }
    }
    Ok(fitted)
}

fn unfitted(name: &str, values: &[f64]) -> GeneraliseError {
    let values: Vec<String> = values.iter().map(f64::to_string).collect();
    let detail = format!(
        "a number that is {} at the extents tried follows from them by no rule known here",
        values.join(", ")
    );
    not_open(name, detail)
}

/// The numbers of an operator; extents beyond 2^53 are no real ones.
fn numbers(op: &mut Op) -> Vec<f64> {
    let numbers = op.numbers().into_iter();
    let numbers = numbers.map(|number| match number {
        NumberMut::Extent(extent) => *extent as f64,
        NumberMut::Float(float) => f64::from(*float),
    });
    numbers.collect()
}

/// The operator without its numbers.
fn blank(op: &Op) -> Op {
    let mut op = op.clone();
    for number in op.numbers() {
        match number {
            NumberMut::Extent(extent) => *extent = 0,
            NumberMut::Float(float) => *float = 0.0,
        }
    }
    op
}

/// `batch = 2, time = 17`.
fn at(symbols: &[Symbol], extents: &[usize]) -> String {
    let pairs = symbols.iter().zip(extents);
    let pairs: Vec<String> = pairs
        .map(|(symbol, extent)| format!("{} = {extent}", symbol.name))
        .collect();
    pairs.join(", ")
}

/// Every sample within range is met again: the steps' numbers and the outputs' types.
fn check(plan: &Plan, samples: &[Sample]) -> Result<(), GeneraliseError> {
    for sample in samples {
        let symbols = plan.symbols().iter();
        if symbols
            .zip(&sample.extents)
            .any(|(symbol, &extent)| !symbol.takes(extent))
        {
            continue;
        }
        let bound = plan.bind_all(sample.extents.clone())?;
        let mut made = bound.nodes.iter();
        for op in &sample.ops {
            // Between them are steps that cut constants.
            let found = made.find(|node| node.op == *op);
            let Some(_) = found else {
                let detail = "what was fitted gives another step".to_owned();
                return Err(not_open(op.name(), detail));
            };
        }
    }
    Ok(())
}
