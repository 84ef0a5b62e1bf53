//! Which buffer each value lies in, and what a run takes in all. Buffers are shared by values whose lives don't
//! overlap, and a reshaped value lies where the original does.

use super::{Node, Place, SlotType, Value, scratch};
use crate::{DType, PlanError, TensorType};

/// Most bytes that a run may take besides the model's constants and the caller's inputs: buffers, work space and
/// the outputs' copies.
const MAX_RUN_BYTES: u64 = 1 << 30;

/// Gives every computed value a buffer. `outputs` are the values read after the last step.
///
/// # Errors
/// [`PlanError::TooLarge`] when a run would take more than 1 GiB.
pub(super) fn lay_out(
    values: &mut [Value],
    nodes: &[Node],
    outputs: &[usize],
) -> Result<Vec<SlotType>, PlanError> {
    let last_use = last_uses(values.len(), nodes, outputs);
    let mut slots = Slots::new(nodes.len());
    for (step, node) in nodes.iter().enumerate() {
        if let (true, [input, ..], [output]) =
            (node.op.is_view(), &node.inputs[..], &node.outputs[..])
        {
            values[*output].place = values[*input].place;
            if let Place::Slot(slot) = values[*input].place {
                slots.keep(slot, last_use[*output]);
            }
        } else {
            for &output in &node.outputs {
                let slot = slots.take(&values[output].ty);
                slots.keep(slot, last_use[output].max(step));
                values[output].place = Place::Slot(slot);
            }
        }
        slots.release(step);
    }
    let buffers = slots.all.iter().map(|slot| slot.bytes());
    let copies = outputs.iter().map(|&id| bytes(&values[id].ty));
    let scratch = nodes.iter().map(|node| scratch::bytes(node, values)).max();
    let total = buffers
        .chain(copies)
        .chain(scratch)
        .fold(0_u64, u64::saturating_add);
    if total > MAX_RUN_BYTES {
        return Err(PlanError::TooLarge {
            what: "a run of the network",
            bytes: total,
            limit: MAX_RUN_BYTES,
        });
    }
    Ok(slots.all)
}

fn bytes(ty: &TensorType) -> u64 {
    ty.size_bytes().map_or(u64::MAX, |bytes| bytes as u64)
}

/// The step that uses each value last; outputs are used after the last step.
fn last_uses(count: usize, nodes: &[Node], outputs: &[usize]) -> Vec<usize> {
    let mut last = vec![0; count];
    for (step, node) in nodes.iter().enumerate() {
        for &id in node.inputs.iter().chain(&node.outputs) {
            last[id] = step;
        }
    }
    for &output in outputs {
        last[output] = usize::MAX;
    }
    last
}

/// Buffers, while it is decided who lies in them.
struct Slots {
    all: Vec<SlotType>,
    /// The step after which each slot is free: a reshaped value keeps the original's alive.
    expiry: Vec<usize>,
    /// Slots that may become free after each step.
    expiring: Vec<Vec<usize>>,
    /// Length and number of the free slots of each element type, ascending.
    free: [Vec<(usize, usize)>; 4],
}

impl Slots {
    fn new(steps: usize) -> Self {
        Self {
            all: Vec::new(),
            expiry: Vec::new(),
            expiring: vec![Vec::new(); steps],
            free: Default::default(),
        }
    }

    /// The free slot that fits best, grown where it is too small, else a new one.
    fn take(&mut self, ty: &TensorType) -> usize {
        let len = ty.element_count().unwrap_or(usize::MAX);
        let free = &mut self.free[group(ty.dtype)];
        if free.is_empty() {
            let dtype = ty.dtype;
            self.all.push(SlotType { dtype, len });
            self.expiry.push(0);
            return self.all.len() - 1;
        }
        // First the tightest that is large enough, else the largest.
        let fitting = free.partition_point(|&(free, _)| free < len);
        let (_, slot) = free.remove(fitting.min(free.len() - 1));
        self.all[slot].len = self.all[slot].len.max(len);
        slot
    }

    /// Keeps a slot until after `step`, or later if that was said before.
    fn keep(&mut self, slot: usize, step: usize) {
        self.expiry[slot] = self.expiry[slot].max(step);
        if let Some(expiring) = self.expiring.get_mut(self.expiry[slot]) {
            expiring.push(slot);
        }
    }

    /// Frees what nobody uses after `step`.
    fn release(&mut self, step: usize) {
        for slot in std::mem::take(&mut self.expiring[step]) {
            if self.expiry[slot] == step {
                let SlotType { dtype, len } = self.all[slot];
                let free = &mut self.free[group(dtype)];
                // A slot kept twice until one step is freed once, or two values would share it.
                if let Err(at) = free.binary_search(&(len, slot)) {
                    free.insert(at, (len, slot));
                }
            }
        }
    }
}

fn group(dtype: DType) -> usize {
    match dtype {
        DType::F32 => 0,
        DType::I32 => 1,
        DType::I8 => 2,
        DType::U8 => 3,
    }
}
