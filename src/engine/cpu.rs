//! Runs plans on the CPU.

use crate::plan::{Node, Place};
use crate::{KernelSet, Plan, PlanError, Port, RunError, Session, Tensor, Values};
use nearshelf_kernels::{Operand, Output, Scratch};
use std::sync::Arc;

/// A plan with its buffers: values are computed into them, run after run. Work space is made by the first run.
///
/// Where dimensions are open, inputs of other extents than those of the run before bind the plan anew; buffers are
/// kept, and grow where they have to.
#[derive(Debug)]
pub struct CpuSession {
    /// As it was given: what the ports show.
    given: Arc<Plan>,
    /// As the last run bound it.
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
        let mut session = Self {
            given: Arc::clone(&plan),
            plan: Arc::clone(&plan),
            slots: Vec::new(),
            scratch: Scratch::default(),
            kernels,
        };
        // Open dimensions may never be as large as they can: the first run tells.
        if plan.symbols().is_empty() {
            session.bind(plan)?;
        }
        Ok(session)
    }

    /// The plan that is run, as the last run bound it.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Runs the model once as [`Session::run`] does, and tells `after` the number of each step of [`Plan::nodes`] when it
    /// is done: for a profile. Without one, nothing of this is left in the code.
    ///
    /// # Errors
    /// As [`Session::run`].
    pub fn run_observed(
        &mut self,
        inputs: &[(&str, &Tensor)],
        mut after: impl FnMut(usize),
    ) -> Result<Vec<Tensor>, RunError> {
        let inputs = self.plan.in_order(inputs)?;
        self.bind_to(&inputs)?;
        let plan = Arc::clone(&self.plan);
        for (number, node) in plan.nodes.iter().enumerate() {
            if !node.op.is_view() {
                self.step(node, &inputs)?;
            }
            after(number);
        }
        let operand = |id| operand(&plan, &self.slots, &inputs, id);
        let outputs = plan.outputs.iter().zip(&plan.cuts).map(|(&id, cut)| {
            let whole = operand(id);
            match cut {
                None => Tensor::new(whole.shape, whole.to_values()),
                Some(cut) => {
                    let count = operand(cut.count).i32().first().copied().unwrap_or(0);
                    whole.cut(cut.axis, usize::try_from(count).unwrap_or(0))
                }
            }
        });
        outputs.collect()
    }

    /// Makes the buffers suit `plan`. Without memory for them the session has none, until it is bound again.
    pub(crate) fn bind(&mut self, plan: Arc<Plan>) -> Result<(), PlanError> {
        let bytes = plan.arena_bytes() as u64;
        let mut old = std::mem::take(&mut self.slots);
        for slot in &plan.slots {
            let kept = old.iter().position(|values| values.dtype() == slot.dtype);
            let values = match kept.map(|at| old.remove(at)) {
                Some(values) if values.len() >= slot.len => Some(values),
                _ => Values::try_zeros(slot.dtype, slot.len),
            };
            let Some(values) = values else {
                self.slots.clear();
                return Err(PlanError::OutOfMemory { bytes });
            };
            self.slots.push(values);
        }
        self.plan = plan;
        Ok(())
    }

    /// Binds the plan to the extents of `inputs`, unless it is so already.
    fn bind_to(&mut self, inputs: &[&Tensor]) -> Result<(), RunError> {
        if let Some(plan) = self.plan.suiting(inputs)? {
            return self.rebind(plan);
        }
        // Buffers that could not be had before are tried again.
        if self.slots.len() == self.plan.slots.len() {
            return Ok(());
        }
        self.rebind(Arc::clone(&self.plan))
    }

    fn rebind(&mut self, plan: Arc<Plan>) -> Result<(), RunError> {
        let bound = Arc::clone(&plan);
        self.bind(plan).map_err(|error| bound.unbindable(error))
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
            .map(|&id| operand(plan, &self.slots, inputs, id))
            .collect();
        let mut results: Vec<Output> = node
            .outputs
            .iter()
            .zip(&mut taken)
            .map(|(&id, (_, values))| Output::new(&plan.values[id].ty, values))
            .collect();
        let done = nearshelf_kernels::run(
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

/// A value, wherever it lies during a run.
fn operand<'a>(
    plan: &'a Plan,
    slots: &'a [Values],
    inputs: &[&'a Tensor],
    id: usize,
) -> Operand<'a> {
    let value = &plan.values[id];
    let values = match value.place {
        Place::Input(at) => inputs[at].values(),
        Place::Constant(at) => plan.constants[at].values(),
        Place::Slot(at) => &slots[at],
    };
    Operand::new(&value.ty, values)
}

impl Session for CpuSession {
    fn inputs(&self) -> &[Port] {
        self.given.inputs()
    }

    fn outputs(&self) -> &[Port] {
        self.given.outputs()
    }

    fn run(&mut self, inputs: &[(&str, &Tensor)]) -> Result<Vec<Tensor>, RunError> {
        self.run_observed(inputs, |_| ())
    }
}
