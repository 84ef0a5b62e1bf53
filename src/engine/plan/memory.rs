//! Which buffer each value lies in. Buffers are shared by values whose lives don't overlap, and a reshaped
//! value lies where the original does.

use super::{Node, Place, SlotType, Value};
use crate::{Op, PlanError};

/// Most bytes that all buffers of a session may take.
const MAX_ARENA_BYTES: u64 = 1 << 30;

/// Gives every computed value a buffer.
///
/// # Errors
/// [`PlanError::TooLarge`] when they would take more than 1 GiB.
pub(super) fn lay_out(
    values: &mut [Value],
    nodes: &[Node],
    outputs: &[usize],
) -> Result<Vec<SlotType>, PlanError> {
    let last_use = last_uses(values.len(), nodes, outputs);
    let mut slots: Vec<SlotType> = Vec::new();
    let mut free: Vec<usize> = Vec::new();
    // The step after which each slot is free: a reshaped value keeps the original's alive.
    let mut expires: Vec<usize> = Vec::new();
    for (step, node) in nodes.iter().enumerate() {
        if let (Op::Reshape { .. }, [input], [output]) =
            (&node.op, &node.inputs[..], &node.outputs[..])
        {
            values[*output].place = values[*input].place;
            if let Place::Slot(slot) = values[*input].place {
                expires[slot] = expires[slot].max(last_use[*output]);
            }
        } else {
            for &output in &node.outputs {
                let ty = &values[output].ty;
                let wanted = SlotType {
                    dtype: ty.dtype,
                    len: ty.element_count().unwrap_or(usize::MAX),
                };
                let slot = take(&mut slots, &mut free, wanted);
                expires.resize(slots.len(), 0);
                expires[slot] = last_use[output].max(step);
                values[output].place = Place::Slot(slot);
            }
        }
        for (slot, &expiry) in expires.iter().enumerate() {
            if expiry == step && !free.contains(&slot) {
                free.push(slot);
            }
        }
    }
    let bytes = slots
        .iter()
        .map(|slot| slot.len as u64 * slot.dtype.size_bytes() as u64);
    let total = bytes.fold(0_u64, u64::saturating_add);
    if total > MAX_ARENA_BYTES {
        return Err(PlanError::TooLarge {
            what: "the network's buffers",
            bytes: total,
            limit: MAX_ARENA_BYTES,
        });
    }
    Ok(slots)
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

/// The free slot that fits best, grown where it is too small, else a new one.
fn take(slots: &mut Vec<SlotType>, free: &mut Vec<usize>, wanted: SlotType) -> usize {
    let fit = |&slot: &usize| {
        let len = slots[slot].len;
        // First the tightest that is large enough, else the largest.
        if len >= wanted.len {
            (0, len - wanted.len)
        } else {
            (1, wanted.len - len)
        }
    };
    let same_dtype = free
        .iter()
        .copied()
        .filter(|&slot| slots[slot].dtype == wanted.dtype);
    if let Some(slot) = same_dtype.min_by_key(fit) {
        free.retain(|&other| other != slot);
        slots[slot].len = slots[slot].len.max(wanted.len);
        return slot;
    }
    slots.push(wanted);
    slots.len() - 1
}
