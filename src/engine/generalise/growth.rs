//! Constants that grow with an open dimension: position ids, rows of a table, masks, zeros of a state.
//!
//! Where a smaller one is the leading block of the largest, the largest is stored and cut; so it is where that holds
//! of their elements in a row (`row · length + column`). Along axes where all elements are equal, one of them is
//! stored and expanded. Few elements that differ are numbers to be fitted.

use crate::{Op, Tensor, Values};
use std::sync::Arc;

/// Most elements of a constant that are fitted one by one; as many as a plan allows.
const MAX_ELEMENTS: usize = 64;

/// How a constant is made for each of the samples.
pub(super) struct Growth {
    pub stored: Arc<Tensor>,
    /// Elements and their value in each sample.
    pub elements: Vec<(usize, Vec<f64>)>,
    /// Steps that cut and expand it, each as it is in every sample.
    pub steps: Vec<Vec<Op>>,
}

/// How the constant is made that is `samples[0]` at the largest extents; `None` where all are equal.
pub(super) fn of(samples: &[&Tensor]) -> Result<Option<Growth>, String> {
    let largest = samples[0];
    if samples.iter().all(|sample| is_equal(largest, sample)) {
        return Ok(None);
    }
    let rank = largest.shape().len();
    let alike =
        |sample: &&Tensor| sample.dtype() == largest.dtype() && sample.shape().len() == rank;
    if !samples.iter().all(alike) {
        return Err("a constant has another type or more axes at some extents".to_owned());
    }
    let grows = |axis: usize| {
        samples
            .iter()
            .any(|s| s.shape()[axis] != largest.shape()[axis])
    };
    let any_grows = (0..rank).any(grows);
    let mut cut: Vec<Tensor> = samples.iter().map(|&sample| sample.clone()).collect();
    let mut is_expanded = false;
    for axis in 0..rank {
        let is_uniform = cut.iter().all(|tensor| uniform(tensor, axis));
        if is_uniform && (grows(axis) || !any_grows) {
            is_expanded |= cut.iter().any(|tensor| tensor.shape()[axis] != 1);
            cut = cut.iter().map(|tensor| first(tensor, axis)).collect();
        }
    }
    let (mut steps, mut elements) = (Vec::new(), Vec::new());
    if cut.iter().any(|tensor| tensor.shape() != cut[0].shape()) {
        let reshape = |tensor: &Tensor| Op::Reshape {
            shape: tensor.shape().to_vec(),
        };
        let reshaped: Vec<Op> = cut.iter().map(reshape).collect();
        let is_cut = |tensors: &[Tensor]| tensors.iter().all(|t| is_block(t, &tensors[0]));
        let is_row = !is_cut(&cut);
        if is_row {
            cut = cut.iter().map(in_a_row).collect();
            if !is_cut(&cut) {
                let detail = "a constant worked out from shapes is no block of the one at the largest extents";
                return Err(detail.to_owned());
            }
        }
        let slice = |tensor: &Tensor| Op::Slice {
            starts: vec![0; tensor.shape().len()],
            steps: vec![1; tensor.shape().len()],
            shape: tensor.shape().to_vec(),
        };
        steps.push(cut.iter().map(slice).collect());
        if is_row {
            steps.push(reshaped);
        }
    } else if cut.iter().any(|tensor| !is_equal(tensor, &cut[0])) {
        let is_wide = matches!(cut[0].values(), Values::F32(_) | Values::I32(_));
        if !is_wide || cut[0].values().len() > MAX_ELEMENTS {
            let detail =
                "a constant's values, not its extents alone, depend on the open dimensions";
            return Err(detail.to_owned());
        }
        for at in 0..cut[0].values().len() {
            let values: Vec<f64> = cut.iter().map(|tensor| number(tensor, at)).collect();
            if values.iter().any(|value| value != &values[0]) {
                elements.push((at, values));
            }
        }
    }
    if is_expanded {
        let expand = |sample: &&Tensor| Op::Expand {
            shape: sample.shape().to_vec(),
        };
        steps.push(samples.iter().map(expand).collect());
    }
    Ok(Some(Growth {
        stored: Arc::new(cut.swap_remove(0)),
        elements,
        steps,
    }))
}

/// Bit for bit the same.
pub(super) fn is_equal(a: &Tensor, b: &Tensor) -> bool {
    if a.shape() != b.shape() {
        return false;
    }
    match (a.values(), b.values()) {
        (Values::F32(a), Values::F32(b)) => {
            a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
        }
        (a, b) => a == b,
    }
}

/// Elements before and behind an axis, and its extent.
fn around(tensor: &Tensor, axis: usize) -> (usize, usize, usize) {
    let shape = tensor.shape();
    let outer = shape[..axis].iter().product();
    (outer, shape[axis], shape[axis + 1..].iter().product())
}

/// An element's bits.
fn bits(tensor: &Tensor, at: usize) -> u32 {
    match tensor.values() {
        Values::F32(values) => values[at].to_bits(),
        Values::I32(values) => values[at].cast_unsigned(),
        Values::I8(values) => u32::from(values[at].cast_unsigned()),
        Values::U8(values) => u32::from(values[at]),
    }
}

fn number(tensor: &Tensor, at: usize) -> f64 {
    match tensor.values() {
        Values::F32(values) => f64::from(values[at]),
        Values::I32(values) => f64::from(values[at]),
        Values::I8(values) => f64::from(values[at]),
        Values::U8(values) => f64::from(values[at]),
    }
}

/// Whether nothing changes along an axis that is not empty.
fn uniform(tensor: &Tensor, axis: usize) -> bool {
    let (outer, extent, inner) = around(tensor, axis);
    extent > 0
        && (0..outer).all(|o| {
            let first = o * extent * inner;
            (inner..extent * inner)
                .all(|at| bits(tensor, first + at) == bits(tensor, first + at % inner))
        })
}

/// The first entry of an axis.
fn first(tensor: &Tensor, axis: usize) -> Tensor {
    let (outer, extent, inner) = around(tensor, axis);
    let kept = (0..outer).flat_map(|o| o * extent * inner..o * extent * inner + inner);
    let mut shape = tensor.shape().to_vec();
    shape[axis] = 1;
    picked(tensor, shape, kept)
}

/// All elements along one axis.
fn in_a_row(tensor: &Tensor) -> Tensor {
    let len = tensor.values().len();
    picked(tensor, vec![len], 0..len)
}

/// Elements of a tensor in another shape of as many.
fn picked(tensor: &Tensor, shape: Vec<usize>, kept: impl Iterator<Item = usize>) -> Tensor {
    let values = match tensor.values() {
        Values::F32(values) => Values::F32(kept.map(|at| values[at]).collect()),
        Values::I32(values) => Values::I32(kept.map(|at| values[at]).collect()),
        Values::I8(values) => Values::I8(kept.map(|at| values[at]).collect()),
        Values::U8(values) => Values::U8(kept.map(|at| values[at]).collect()),
    };
    Tensor::new(shape, values).unwrap_or_else(|_| tensor.clone())
}

/// Whether both agree where both have elements. (A sample may lie beyond the largest extents.)
fn is_block(a: &Tensor, b: &Tensor) -> bool {
    let extents = a.shape().iter().zip(b.shape());
    let common: Vec<usize> = extents.map(|(&a, &b)| a.min(b)).collect();
    let offset = |tensor: &Tensor, index: &[usize]| {
        let axes = tensor.shape().iter().zip(index);
        axes.fold(0, |offset, (extent, at)| offset * extent + at)
    };
    let mut index = vec![0; common.len()];
    for _ in 0..common.iter().product() {
        if bits(a, offset(a, &index)) != bits(b, offset(b, &index)) {
            return false;
        }
        for axis in (0..common.len()).rev() {
            index[axis] += 1;
            if index[axis] < common[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
    true
}
