//! Runs plans on the CPU.

use crate::{
    Plan, PlanError, Port, RunError, Session, Tensor, Values,
    kernels::{self, Operand, Output, Scratch},
    plan::{Node, Place},
};
use std::sync::Arc;

/// Which kernels a session uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KernelSet {
    /// The readable ones, which say what is right.
    Scalar,
    /// The fastest that this build has: blocked, and SIMD under wasm.
    #[default]
    Fastest,
}

/// A plan with its buffers: values are computed into them, run after run. Work space is made by the first run.
#[derive(Debug)]
pub struct CpuSession {
    plan: Arc<Plan>,
    slots: Vec<Values>,
    scratch: Scratch,
    kernels: KernelSet,
}

impl CpuSession {
    /// A session with the fastest kernels. Sessions of one plan share its constants.
    ///
    /// # Errors
    /// [`PlanError::OutOfMemory`] when there is no memory for the buffers.
    pub fn new(plan: Arc<Plan>) -> Result<Self, PlanError> {
        Self::with_kernels(plan, KernelSet::Fastest)
    }

    /// A session with the given kernels.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_kernels(plan: Arc<Plan>, kernels: KernelSet) -> Result<Self, PlanError> {
        let mut slots = Vec::with_capacity(plan.slots.len());
        for slot in &plan.slots {
            let values = Values::try_zeros(slot.dtype, slot.len);
            let bytes = plan.arena_bytes() as u64;
            slots.push(values.ok_or(PlanError::OutOfMemory { bytes })?);
        }
        Ok(Self {
            plan,
            slots,
            scratch: Scratch::default(),
            kernels,
        })
    }

    /// The plan that is run.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The caller's tensors in the plan's order.
    fn bind<'a>(&self, inputs: &[(&str, &'a Tensor)]) -> Result<Vec<&'a Tensor>, RunError> {
        let ports = self.plan.inputs();
        if let Some((name, _)) = inputs
            .iter()
            .find(|(name, _)| !ports.iter().any(|port| port.name == *name))
        {
            let known: Vec<&str> = ports.iter().map(|port| port.name.as_str()).collect();
            return Err(RunError::UnknownInput {
                name: (*name).to_owned(),
                known: known.join(", "),
            });
        }
        let bound = ports.iter().map(|port| {
            let given = inputs.iter().find(|(name, _)| *name == port.name);
            let Some((_, tensor)) = given else {
                return Err(RunError::MissingInput {
                    name: port.name.clone(),
                });
            };
            if tensor.dtype() != port.ty.dtype || tensor.shape() != port.ty.shape {
                return Err(RunError::WrongType {
                    name: port.name.clone(),
                    expected: port.ty.clone(),
                    found: tensor.ty(),
                });
            }
            Ok(*tensor)
        });
        bound.collect()
    }

    /// Runs one node. Its results' buffers are taken out meanwhile, so that operands can be read.
    fn step(&mut self, node: &Node, inputs: &[&Tensor]) -> Result<(), RunError> {
        let plan = &self.plan;
        let slot_of = |id: usize| match plan.values[id].place {
            Place::Slot(slot) => Some(slot),
            _ => None,
        };
        let mut taken: Vec<(usize, Values)> = Vec::with_capacity(node.outputs.len());
        for slot in node.outputs.iter().filter_map(|&id| slot_of(id)) {
            taken.push((
                slot,
                std::mem::replace(&mut self.slots[slot], Values::U8(Vec::new())),
            ));
        }
        let operands: Vec<Operand> = node
            .inputs
            .iter()
            .map(|&id| {
                let value = &plan.values[id];
                let values = match value.place {
                    Place::Input(at) => inputs[at].values(),
                    Place::Constant(at) => plan.constants[at].values(),
                    Place::Slot(at) => &self.slots[at],
                };
                Operand::new(&value.ty, values)
            })
            .collect();
        let mut results: Vec<Output> = node
            .outputs
            .iter()
            .zip(&mut taken)
            .map(|(&id, (_, values))| Output::new(&plan.values[id].ty, values))
            .collect();
        let done = kernels::run(
            &node.op,
            &operands,
            &mut results,
            &mut self.scratch,
            self.kernels,
        );
        for (slot, values) in taken {
            self.slots[slot] = values;
        }
        done.map_err(|detail| RunError::Node {
            node: node.name.clone(),
            operator: node.op.name(),
            detail,
        })
    }
}

impl Session for CpuSession {
    fn inputs(&self) -> &[Port] {
        self.plan.inputs()
    }

    fn outputs(&self) -> &[Port] {
        self.plan.outputs()
    }

    fn run(&mut self, inputs: &[(&str, &Tensor)]) -> Result<Vec<Tensor>, RunError> {
        let inputs = self.bind(inputs)?;
        let plan = Arc::clone(&self.plan);
        for node in &plan.nodes {
            if !matches!(node.op, crate::Op::Reshape { .. }) {
                self.step(node, &inputs)?;
            }
        }
        let outputs = plan.outputs.iter().map(|&id| {
            let value = &plan.values[id];
            let values = match value.place {
                Place::Input(at) => inputs[at].values(),
                Place::Constant(at) => plan.constants[at].values(),
                Place::Slot(at) => &self.slots[at],
            };
            Tensor::new(
                value.ty.shape.clone(),
                Operand::new(&value.ty, values).to_values(),
            )
        });
        outputs.collect()
    }
}
