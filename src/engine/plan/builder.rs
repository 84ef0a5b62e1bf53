//! Builds a plan node by node; every step is checked as it is added.

use super::{Node, OutputCut, Place, Plan, Value, memory};
use crate::{
    Op, PlanError, Port, Tensor, TensorType,
    infer::{MAX_RANK, infer},
};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Most steps of a plan, and most inputs or outputs: far beyond any network, near enough to stay quick to read.
const MAX_NODES: usize = 1 << 16;
const MAX_PORTS: usize = 1 << 10;

/// A value of the graph under construction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueId(usize);

impl ValueId {
    pub(crate) fn index(self) -> usize {
        self.0
    }

    pub(crate) fn at(index: usize) -> Self {
        Self(index)
    }
}

/// Where a value comes from.
#[derive(Debug)]
pub(crate) enum Origin {
    Input(String),
    Constant(Arc<Tensor>),
    Node,
}

/// What a graph consists of: values, nodes, outputs.
pub(crate) type Parts = (Vec<(TensorType, Origin)>, Vec<Node>, Vec<(String, ValueId)>);

/// Collects a graph in execution order.
#[derive(Debug, Default)]
pub struct PlanBuilder {
    values: Vec<(TensorType, Origin)>,
    nodes: Vec<Node>,
    outputs: Vec<(String, ValueId)>,
    input_names: HashSet<String>,
    output_names: HashSet<String>,
}

impl PlanBuilder {
    /// An empty graph.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an input.
    ///
    /// # Errors
    /// [`PlanError::BadGraph`] when the name is taken, the type can't be addressed, or there are too many.
    pub fn input(&mut self, name: &str, ty: TensorType) -> Result<ValueId, PlanError> {
        claim(&mut self.input_names, "input", name)?;
        if ty.size_bytes().is_none() || ty.shape.len() > MAX_RANK {
            return Err(bad_graph(format!(
                "input {name:?} of type {ty} can't be addressed"
            )));
        }
        Ok(self.value(ty, Origin::Input(name.to_owned())))
    }

    /// Adds a constant, which other graphs may share.
    pub fn constant(&mut self, tensor: impl Into<Arc<Tensor>>) -> ValueId {
        let tensor = tensor.into();
        self.constant_of(tensor.ty(), tensor)
    }

    /// Adds a constant, whose values need not be there yet: only an [`Outline`](super::Outline) is made from such.
    pub(super) fn constant_of(&mut self, ty: TensorType, tensor: Arc<Tensor>) -> ValueId {
        self.value(ty, Origin::Constant(tensor))
    }

    /// Adds a step and returns its results. `name` is the ONNX node's, for messages and `inspect`.
    ///
    /// # Errors
    /// [`PlanError::BadNode`] when the operands don't suit the operator, [`PlanError::BadGraph`] when there are
    /// too many steps.
    pub fn push(
        &mut self,
        name: &str,
        op: Op,
        inputs: &[ValueId],
    ) -> Result<Vec<ValueId>, PlanError> {
        let bad = |detail: String| PlanError::BadNode {
            node: name.to_owned(),
            operator: op.name(),
            detail,
        };
        if self.nodes.len() == MAX_NODES {
            return Err(bad_graph(format!("it has more than {MAX_NODES} steps")));
        }
        let types: Option<Vec<&TensorType>> = inputs
            .iter()
            .map(|id| self.values.get(id.0).map(|(ty, _)| ty))
            .collect();
        let types = types.ok_or_else(|| bad("an operand is not of this graph".to_owned()))?;
        let results = infer(&op, &types).map_err(bad)?;
        let outputs: Vec<ValueId> = results
            .into_iter()
            .map(|ty| self.value(ty, Origin::Node))
            .collect();
        self.nodes.push(Node {
            name: name.to_owned(),
            op,
            inputs: inputs.iter().map(|id| id.0).collect(),
            outputs: outputs.iter().map(|id| id.0).collect(),
        });
        Ok(outputs)
    }

    /// Element type and extents of a value of this graph.
    ///
    /// # Panics
    /// When `id` comes from another builder.
    #[must_use]
    pub fn value_type(&self, id: ValueId) -> &TensorType {
        &self.values[id.0].0
    }

    /// The tensor of a value that is a constant.
    pub(crate) fn constant_value(&self, id: ValueId) -> Option<&Tensor> {
        match self.values.get(id.0) {
            Some((_, Origin::Constant(tensor))) => Some(tensor),
            _ => None,
        }
    }

    /// Nodes so far.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The graph without nodes that no output needs.
    pub(crate) fn without_dead_nodes(mut self) -> Self {
        let needed = self.needed();
        self.nodes
            .retain(|node| node.outputs.iter().any(|&output| needed[output]));
        self
    }

    /// Values, nodes and outputs, for a pass that writes the graph anew.
    pub(crate) fn into_parts(self) -> Parts {
        (self.values, self.nodes, self.outputs)
    }

    /// Names a value as an output. One value may be several outputs.
    ///
    /// # Errors
    /// [`PlanError::BadGraph`] when the name is taken, the value is not of this graph, or there are too many.
    pub fn output(&mut self, name: &str, id: ValueId) -> Result<(), PlanError> {
        claim(&mut self.output_names, "output", name)?;
        if id.0 >= self.values.len() {
            return Err(bad_graph(format!("output {name:?} is no value")));
        }
        self.outputs.push((name.to_owned(), id));
        Ok(())
    }

    /// Drops what no output needs and lays out the memory. Inputs are kept, needed or not.
    ///
    /// # Errors
    /// [`PlanError::BadGraph`] without outputs, [`PlanError::TooLarge`] when a run would take too much memory.
    pub fn finish(self) -> Result<Plan, PlanError> {
        if self.outputs.is_empty() {
            return Err(bad_graph("no output".to_owned()));
        }
        let needed = self.needed();
        let mut numbers = vec![usize::MAX; self.values.len()];
        let (mut values, mut constants, mut input_ports) = (Vec::new(), Vec::new(), Vec::new());
        for (index, (ty, origin)) in self.values.into_iter().enumerate() {
            let place = match origin {
                Origin::Input(name) => {
                    input_ports.push(Port::new(name, ty.clone()));
                    Place::Input(input_ports.len() - 1)
                }
                _ if !needed[index] => continue,
                Origin::Constant(tensor) => {
                    constants.push(tensor);
                    Place::Constant(constants.len() - 1)
                }
                Origin::Node => Place::Slot(usize::MAX), // laid out below
            };
            numbers[index] = values.len();
            values.push(Value { ty, place });
        }
        let mut nodes = Vec::new();
        for mut node in self.nodes {
            if node.outputs.iter().any(|&output| needed[output]) {
                // A result that nobody reads still has to be written somewhere: `needed` kept it.
                for id in node.inputs.iter_mut().chain(&mut node.outputs) {
                    *id = numbers[*id];
                }
                nodes.push(node);
            }
        }
        let outputs: Vec<usize> = self.outputs.iter().map(|(_, id)| numbers[id.0]).collect();
        let ports = self.outputs.into_iter().zip(&outputs);
        let output_ports = ports
            .map(|((name, _), &v)| Port::new(name, values[v].ty.clone()))
            .collect();
        let cuts = cuts(&nodes, &outputs);
        let counts = cuts.iter().flatten().map(|cut| cut.count);
        let kept: Vec<usize> = outputs.iter().copied().chain(counts).collect();
        let slots = memory::lay_out(&mut values, &nodes, &kept)?;
        Ok(Plan {
            values,
            constants,
            nodes,
            slots,
            outputs,
            cuts,
            input_ports,
            output_ports,
            template: None,
            extents: Vec::new(),
        })
    }

    /// Which values an output depends on, with all results of the nodes that make them.
    fn needed(&self) -> Vec<bool> {
        let mut needed = vec![false; self.values.len()];
        for (_, id) in &self.outputs {
            needed[id.0] = true;
        }
        for node in self.nodes.iter().rev() {
            if node.outputs.iter().any(|&output| needed[output]) {
                for &id in node.inputs.iter().chain(&node.outputs) {
                    needed[id] = true;
                }
            }
        }
        needed
    }

    fn value(&mut self, ty: TensorType, origin: Origin) -> ValueId {
        self.values.push((ty, origin));
        ValueId(self.values.len() - 1)
    }
}

/// How each output is cut: by the node that gives it.
fn cuts(nodes: &[Node], outputs: &[usize]) -> Vec<Option<OutputCut>> {
    let cuts =
        nodes.iter().filter_map(
            |node| match (&node.op, &node.inputs[..], &node.outputs[..]) {
                (Op::Cut { axis }, &[_, count], &[output]) => {
                    Some((output, OutputCut { axis: *axis, count }))
                }
                _ => None,
            },
        );
    let cuts: HashMap<usize, OutputCut> = cuts.collect();
    outputs.iter().map(|id| cuts.get(id).copied()).collect()
}

/// Notes the name of another input or output.
fn claim(names: &mut HashSet<String>, what: &str, name: &str) -> Result<(), PlanError> {
    if names.len() == MAX_PORTS {
        return Err(bad_graph(format!("it has more than {MAX_PORTS} {what}s")));
    }
    if names.insert(name.to_owned()) {
        Ok(())
    } else {
        Err(bad_graph(format!("two {what}s are named {name:?}")))
    }
}

fn bad_graph(detail: String) -> PlanError {
    PlanError::BadGraph { detail }
}
