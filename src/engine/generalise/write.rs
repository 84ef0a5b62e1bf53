//! Writes the graph with the steps that cut constants between its own, values numbered anew.

use super::fit::Reader;
use crate::plan::symbols::{Attribute, Element, Expression, Extras, Factor, InputAxis, Number};
use crate::plan::{Graph, Step, Template};
use crate::{Op, Symbol, Tensor, TensorType};
use std::sync::Arc;

pub(super) struct Writer {
    constants: Vec<Arc<Tensor>>,
    cut: Vec<bool>,
    nodes: Vec<Step>,
    extras: Extras,
    /// New numbers of the values so far.
    numbers: Vec<u32>,
    next: u32,
}

impl Writer {
    pub(super) fn new(ports: usize, constants: &[Arc<Tensor>]) -> Self {
        let next = (ports + constants.len()) as u32;
        Self {
            constants: constants.to_vec(),
            cut: vec![false; constants.len()],
            nodes: Vec::new(),
            extras: Extras::default(),
            numbers: (0..next).collect(),
            next,
        }
    }

    /// What a step of these operands may refer to.
    pub(super) fn reader(&self, operands: &[u32]) -> Reader {
        Reader {
            operands: operands.to_vec(),
            made: self.numbers.len() as u32,
        }
    }

    pub(super) fn is_cut(&self, constant: usize) -> bool {
        self.cut[constant]
    }

    /// Stores another tensor for a constant.
    pub(super) fn store(&mut self, constant: usize, tensor: Arc<Tensor>) {
        self.constants[constant] = tensor;
        self.cut[constant] = true;
    }

    pub(super) fn fill(&mut self, constant: usize, at: usize, value: Number) {
        self.extras.elements.push(Element {
            constant: constant as u32,
            at: at as u32,
            value,
        });
    }

    /// A step of one result that takes the place of the constant `id`.
    pub(super) fn cut(&mut self, name: &str, op: Op, id: u32, values: Vec<(u32, Number)>) {
        self.write(name, op, &[id], values);
        self.numbers[id as usize] = self.next;
        self.next += 1;
    }

    /// A step of the graph.
    pub(super) fn push(
        &mut self,
        name: &str,
        op: Op,
        inputs: &[u32],
        values: Vec<(u32, Number)>,
        results: usize,
    ) {
        self.write(name, op, inputs, values);
        for _ in 0..results {
            self.numbers.push(self.next);
            self.next += 1;
        }
    }

    fn write(&mut self, name: &str, op: Op, inputs: &[u32], values: Vec<(u32, Number)>) {
        let node = self.nodes.len() as u32;
        for (number, mut value) in values {
            renumber(&mut value, &self.numbers);
            self.extras.attributes.push(Attribute {
                node,
                number,
                value,
            });
        }
        self.nodes.push(Step {
            name: name.to_owned(),
            op,
            inputs: inputs.iter().map(|&id| self.numbers[id as usize]).collect(),
        });
    }

    pub(super) fn finish(
        mut self,
        inputs: Vec<(String, TensorType)>,
        outputs: Vec<(String, u32)>,
        symbols: Vec<Symbol>,
        axes: Vec<InputAxis>,
    ) -> Template {
        self.extras.symbols = symbols;
        self.extras.axes = axes;
        let numbers = &self.numbers;
        let outputs = outputs
            .into_iter()
            .map(|(name, id)| (name, numbers[id as usize]));
        Template {
            graph: Graph {
                inputs,
                constants: Vec::new(),
                outputs: outputs.collect(),
                nodes: self.nodes,
            },
            constants: self.constants,
            extras: self.extras,
        }
    }
}

fn renumber(value: &mut Number, numbers: &[u32]) {
    let both: Vec<&mut Expression> = match value {
        Number::Whole(whole) => vec![whole],
        Number::Quotient(a, b) => vec![a, b],
    };
    let terms = both
        .into_iter()
        .flat_map(|expression| &mut expression.terms);
    for factor in terms.flat_map(|term| &mut term.factors) {
        if let Factor::Extent { value, .. } = factor {
            *value = numbers[*value as usize];
        }
    }
}
