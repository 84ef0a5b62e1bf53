//! The compiled graph.

mod bind;
mod builder;
mod format;
mod memory;
mod outline;
mod reader;
mod scratch;
mod steps;
pub(crate) mod symbols;
#[cfg(test)]
mod tests;
mod view;
mod view_open;

pub(crate) use bind::Template;
pub(crate) use builder::Origin;
pub use builder::{PlanBuilder, ValueId};
pub use format::FORMAT_VERSION;
pub(crate) use format::{Graph, Step};
pub use outline::Outline;
pub use reader::PlanReader;
pub use steps::{CutView, StepView};
pub use symbols::Symbol;
pub use view::NodeView;
pub use view_open::OpenNumber;

use crate::{DType, Op, Port, Tensor, TensorType};
use std::sync::Arc;

/// A network after compilation. Every value's type is known, and where it lies while the network runs.
///
/// A plan with open dimensions is bound to one extent of each [`Symbol`], at first to the largest;
/// [`Plan::bind`] gives the same network for others.
#[derive(Debug)]
pub struct Plan {
    pub(crate) values: Vec<Value>,
    /// Shared by all bindings of a plan.
    pub(crate) constants: Vec<Arc<Tensor>>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) slots: Vec<SlotType>,
    /// Values of the outputs, in the order of `output_ports`.
    pub(crate) outputs: Vec<usize>,
    /// How each output is cut when it is returned.
    pub(crate) cuts: Vec<Option<OutputCut>>,
    input_ports: Vec<Port>,
    output_ports: Vec<Port>,
    /// What other bindings are made from, when dimensions are open.
    template: Option<Arc<Template>>,
    /// Extent of each of the template's symbols.
    extents: Vec<usize>,
}

/// One value of the graph.
#[derive(Debug)]
pub(crate) struct Value {
    pub ty: TensorType,
    pub place: Place,
}

/// An output whose extent along `axis` the values tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OutputCut {
    pub axis: usize,
    /// The value that counts.
    pub count: usize,
}

/// Where a value lies during a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The caller's tensor of that number.
    Input(usize),
    /// The plan's constant of that number.
    Constant(usize),
    /// The session's buffer of that number; values whose lives don't overlap share one.
    Slot(usize),
}

/// Element type and length of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotType {
    /// Element type.
    pub dtype: DType,
    /// Elements.
    pub len: usize,
}

impl SlotType {
    /// Bytes of all elements.
    #[must_use]
    pub fn bytes(self) -> u64 {
        (self.len as u64).saturating_mul(self.dtype.size_bytes() as u64)
    }
}

/// One step. Operands and results are numbers of values.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub name: String,
    pub op: Op,
    pub inputs: Vec<usize>,
    pub outputs: Vec<usize>,
}

impl Plan {
    /// Inputs in the model's order.
    #[must_use]
    pub fn inputs(&self) -> &[Port] {
        &self.input_ports
    }

    /// Outputs in the model's order.
    #[must_use]
    pub fn outputs(&self) -> &[Port] {
        &self.output_ports
    }

    /// Bytes of all constants.
    #[must_use]
    pub fn weight_bytes(&self) -> usize {
        let sizes = self
            .constants
            .iter()
            .map(|c| c.values().len() * c.dtype().size_bytes());
        sizes.sum()
    }

    /// Bytes of a session's buffers.
    #[must_use]
    pub fn arena_bytes(&self) -> usize {
        let sizes = self
            .slots
            .iter()
            .map(|slot| slot.len * slot.dtype.size_bytes());
        sizes.sum()
    }
}
