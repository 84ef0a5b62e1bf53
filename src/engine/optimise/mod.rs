//! What a compiler does to a graph before it becomes a plan: neighbouring operators melt into one, weights are
//! packed in the order in which kernels read them, convolutions take channels last, and weights that span seven
//! bits get a quicker product.
//!
//! Each pass walks a graph in order and writes a new one. What it leaves without a reader is dropped by
//! [`PlanBuilder::finish`].

mod attention;
mod channels_last;
mod fuse;
mod narrow;
mod pack;
mod patterns;
#[cfg(test)]
mod tests;
mod weight_bits;

pub use weight_bits::{UnknownWeightBits, WeightBits};

use crate::plan::{Node, Origin};
use crate::{Op, PlanBuilder, PlanError, Tensor, TensorType, ValueId};
use std::collections::HashMap;

/// Melts, packs, lays out, narrows. The result computes the same, up to the rounding of reordered sums, where weights
/// keep their bits.
///
/// # Errors
/// [`PlanError`] when the graph breaks a rule of the engine's, which no graph from a [`PlanBuilder`] does.
pub fn optimise(graph: PlanBuilder, weight_bits: WeightBits) -> Result<PlanBuilder, PlanError> {
    // What nothing reads must not count as a reader.
    let fused = fuse::run(graph.without_dead_nodes())?;
    let turned = channels_last::run(fused.without_dead_nodes())?;
    narrow::run(turned, weight_bits)
}

/// A graph taken apart.
struct Source {
    nodes: Vec<Node>,
    outputs: Vec<(String, ValueId)>,
    /// How often nodes and outputs read each value.
    readers: Vec<usize>,
}

/// The graph that a pass writes.
#[derive(Default)]
struct Target {
    builder: PlanBuilder,
    /// Node that makes each value, and how often the value is read.
    known: HashMap<ValueId, Known>,
    /// Packed weights by what they were made of and how, so that shared ones stay shared.
    packed: HashMap<(ValueId, ValueId, &'static str), ValueId>,
}

#[derive(Default, Clone, Copy)]
struct Known {
    node: Option<usize>,
    readers: usize,
}

/// Takes a graph apart; its inputs and constants are the first values of the target, in their order.
fn take_apart(graph: PlanBuilder) -> Result<(Source, Target, Vec<Option<ValueId>>), PlanError> {
    let (values, nodes, outputs) = graph.into_parts();
    let mut readers = vec![0; values.len()];
    for id in nodes.iter().flat_map(|node| &node.inputs) {
        readers[*id] += 1;
    }
    for (_, id) in &outputs {
        readers[id.index()] += 1;
    }
    let mut target = Target::default();
    let mut map = Vec::with_capacity(values.len());
    for (index, (ty, origin)) in values.into_iter().enumerate() {
        let id = match origin {
            Origin::Input(name) => Some(target.builder.input(&name, ty)?),
            Origin::Constant(tensor) => Some(target.builder.constant(tensor)),
            Origin::Node => None,
        };
        if let Some(id) = id {
            let readers = readers[index];
            target.known.insert(
                id,
                Known {
                    node: None,
                    readers,
                },
            );
        }
        map.push(id);
    }
    let source = Source {
        nodes,
        outputs,
        readers,
    };
    Ok((source, target, map))
}

impl Target {
    fn push(&mut self, name: &str, op: Op, inputs: &[ValueId]) -> Result<Vec<ValueId>, PlanError> {
        let outputs = self.builder.push(name, op, inputs)?;
        let node = self.builder.nodes().len() - 1;
        for &output in &outputs {
            let known = Known {
                node: Some(node),
                readers: 0,
            };
            self.known.insert(output, known);
        }
        Ok(outputs)
    }

    /// [`Self::push`] of an operator with one result.
    fn push_one(&mut self, name: &str, op: Op, inputs: &[ValueId]) -> Result<ValueId, PlanError> {
        let outputs = self.push(name, op, inputs)?;
        outputs.first().copied().ok_or_else(|| PlanError::BadGraph {
            detail: format!("{name} has no result"),
        })
    }

    /// What `pack` makes of constants, made once for each `key`: weights, zero point, order.
    fn packed(
        &mut self,
        key: (ValueId, ValueId, &'static str),
        pack: impl FnOnce(&mut Self) -> Result<ValueId, PlanError>,
    ) -> Result<ValueId, PlanError> {
        if let Some(&id) = self.packed.get(&key) {
            return Ok(id);
        }
        let id = pack(self)?;
        self.packed.insert(key, id);
        Ok(id)
    }

    /// Whether a value has the type of `op`'s result over `inputs`.
    fn is_type_of(&self, value: ValueId, op: &Op, inputs: &[ValueId]) -> bool {
        let types: Vec<&TensorType> = inputs.iter().map(|&id| self.ty(id)).collect();
        let inferred = crate::infer::infer(op, &types);
        inferred.is_ok_and(|types| types.first() == Some(self.ty(value)))
    }

    /// Whether `op` takes `inputs`: what melts only because it looks right must not end a compilation.
    fn takes(&self, op: &Op, inputs: &[ValueId]) -> bool {
        let types: Vec<&TensorType> = inputs.iter().map(|&id| self.ty(id)).collect();
        crate::infer::infer(op, &types).is_ok()
    }

    fn read_by(&mut self, id: ValueId, readers: usize) {
        self.known.entry(id).or_default().readers = readers;
    }

    /// The node that makes a value, as its operator and operands.
    fn maker(&self, id: ValueId) -> Option<(&Op, Vec<ValueId>)> {
        let node = &self.builder.nodes()[self.known.get(&id)?.node?];
        let inputs = node.inputs.iter().map(|&input| ValueId::at(input));
        Some((&node.op, inputs.collect()))
    }

    /// The maker of a value that nothing else reads.
    fn only_maker(&self, id: ValueId) -> Option<(&Op, Vec<ValueId>)> {
        let is_read_once = self.known.get(&id)?.readers == 1;
        self.maker(id).filter(|_| is_read_once)
    }

    fn ty(&self, id: ValueId) -> &TensorType {
        self.builder.value_type(id)
    }

    fn constant(&self, id: ValueId) -> Option<&Tensor> {
        self.builder.constant_value(id)
    }

    fn floats(&self, id: ValueId) -> Option<&[f32]> {
        self.constant(id)?.as_f32()
    }

    /// The value of a constant of one float.
    fn float(&self, id: ValueId) -> Option<f32> {
        match self.floats(id)? {
            [value] => Some(*value),
            _ => None,
        }
    }

    /// A constant vector of floats.
    fn vector(&mut self, values: Vec<f32>) -> Result<ValueId, PlanError> {
        self.place([values.len()], crate::Values::F32(values))
    }

    /// A new constant.
    fn place(
        &mut self,
        shape: impl Into<Vec<usize>>,
        values: crate::Values,
    ) -> Result<ValueId, PlanError> {
        let tensor = Tensor::new(shape, values).map_err(|error| PlanError::BadGraph {
            detail: error.to_string(),
        })?;
        Ok(self.builder.constant(tensor))
    }
}
