//! A plan as dispatches: decided without a GPU, from the plan and what an adapter can do.

use crate::dispatch::{Dispatch, Region};
use crate::lower::{Operand, Step, Target, lower};
use crate::{Capabilities, GpuError};
use nearshelf_engine::{StepView, TensorType};

/// All dispatches of a plan, in order.
#[derive(Debug)]
pub(crate) struct Program {
    pub dispatches: Vec<Dispatch>,
    /// Bytes of each piece of work space.
    pub scratch: Vec<u64>,
    /// What dispatches look up, in words.
    pub tables: Vec<Vec<u32>>,
}

/// Bytes that a buffer for `ty` takes: whole vectors, and never nothing.
pub(crate) fn buffer_bytes(ty: &TensorType) -> u64 {
    let bytes = ty.size_bytes().map_or(u64::MAX - 15, |bytes| bytes as u64);
    bytes.max(1).next_multiple_of(16)
}

impl Program {
    /// Lowers each step of a plan whose values have these types.
    ///
    /// # Errors
    /// [`GpuError::Unsupported`] for the first step that the adapter can't execute.
    pub fn new(
        types: &[&TensorType],
        steps: &[StepView],
        capabilities: &Capabilities,
    ) -> Result<Self, GpuError> {
        let mut target = Target::new(capabilities);
        // The step that each dispatch is of.
        let mut step_of = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            let unsupported = |reason: String| GpuError::Unsupported {
                node: step.name.to_owned(),
                operator: step.op.name(),
                adapter: capabilities.adapter.clone(),
                reason,
            };
            let operands = |ids: &[usize]| -> Vec<Operand> {
                let operand = |&id: &usize| Operand {
                    region: Region::Value(id),
                    ty: types[id],
                };
                ids.iter().map(operand).collect()
            };
            let step = Step {
                op: step.op,
                inputs: operands(step.inputs),
                outputs: operands(step.outputs),
                number: number as u32,
            };
            let mut all = step.inputs.iter().chain(&step.outputs);
            if let Some(large) =
                all.find(|operand| buffer_bytes(operand.ty) > capabilities.max_binding_bytes)
            {
                let limit = capabilities.max_binding_bytes;
                let reason = format!("{} is larger than a shader sees ({limit} bytes)", large.ty);
                return Err(unsupported(reason));
            }
            // Without elements there is nothing to compute.
            let has_elements = |operand: &Operand| operand.ty.element_count() != Some(0);
            if step.outputs.iter().any(has_elements) {
                lower(&step, &mut target).map_err(unsupported)?;
            }
            let most = capabilities.max_loop_rounds.unwrap_or(u64::MAX);
            if target.rounds > most && step.outputs.iter().any(has_elements) {
                let rounds = target.rounds;
                let reason = format!(
                    "loops may take {rounds} rounds, and the driver silently leaves them after {most}"
                );
                return Err(unsupported(reason));
            }
            let limit = capabilities.max_binding_bytes;
            if let Some(bytes) = target.scratch.iter().find(|bytes| **bytes > limit) {
                let reason = format!("it needs {bytes} bytes of work space, {limit} can be had");
                return Err(unsupported(reason));
            }
            step_of.resize(target.dispatches.len(), number);
        }
        let Target {
            dispatches,
            scratch,
            tables,
            ..
        } = target;
        if let Some(at) = dispatches
            .iter()
            .position(|dispatch| dispatch.grid(capabilities.max_workgroups).is_none())
        {
            let step = step_of.get(at).and_then(|&number| steps.get(number));
            return Err(GpuError::Unsupported {
                node: step.map_or_else(String::new, |step| step.name.to_owned()),
                operator: step.map_or("", |step| step.op.name()),
                adapter: capabilities.adapter.clone(),
                reason: "it takes more workgroups than a dispatch may have".to_owned(),
            });
        }
        Ok(Self {
            dispatches,
            scratch,
            tables,
        })
    }
}
