//! Operators that move elements.

use super::{Inferred, broadcast, ensure, expect_axis, expect_dtype, one, operands};
use crate::{DType, PadMode, TensorType};

pub(super) fn gather(inputs: &[&TensorType], axis: usize) -> Inferred {
    let [data, indices] = operands(inputs)?;
    expect_dtype(indices, &[DType::I32])?;
    expect_axis(data, axis)?;
    let mut shape = data.shape[..axis].to_vec();
    shape.extend(&indices.shape);
    shape.extend(&data.shape[axis + 1..]);
    Ok(vec![TensorType::new(data.dtype, shape)])
}

pub(super) fn reshape(inputs: &[&TensorType], shape: &[usize]) -> Inferred {
    let x = one(inputs)?;
    let output = TensorType::new(x.dtype, shape);
    ensure(output.element_count() == x.element_count(), || {
        format!("{x} does not fit shape {shape:?}")
    })?;
    Ok(vec![output])
}

pub(super) fn transpose(inputs: &[&TensorType], perm: &[usize]) -> Inferred {
    let x = one(inputs)?;
    let rank = x.shape.len();
    let is_permutation = perm.len() == rank && (0..rank).all(|axis| perm.contains(&axis));
    ensure(is_permutation, || {
        format!("{perm:?} is no permutation of the axes of {x}")
    })?;
    let shape: Vec<usize> = perm.iter().map(|&axis| x.shape[axis]).collect();
    Ok(vec![TensorType::new(x.dtype, shape)])
}

pub(super) fn concat(inputs: &[&TensorType], axis: usize) -> Inferred {
    let first = inputs.first().ok_or("takes at least one operand")?;
    expect_axis(first, axis)?;
    let mut shape = first.shape.clone();
    shape[axis] = 0;
    for operand in inputs {
        let fits = operand.dtype == first.dtype
            && operand.shape.len() == shape.len()
            && operand.shape[..axis] == shape[..axis]
            && operand.shape[axis + 1..] == shape[axis + 1..];
        ensure(fits, || {
            format!("{operand} does not continue {first} along axis {axis}")
        })?;
        shape[axis] = shape[axis]
            .checked_add(operand.shape[axis])
            .ok_or("too large")?;
    }
    Ok(vec![TensorType::new(first.dtype, shape)])
}

pub(super) fn slice(
    inputs: &[&TensorType],
    starts: &[usize],
    steps: &[i64],
    shape: &[usize],
) -> Inferred {
    let x = one(inputs)?;
    let rank = x.shape.len();
    ensure(
        starts.len() == rank && steps.len() == rank && shape.len() == rank,
        || format!("starts, steps and shape don't have the {rank} axes of {x}"),
    )?;
    for axis in 0..rank {
        if shape[axis] == 0 {
            continue;
        }
        let last = i64::try_from(shape[axis] - 1)
            .ok()
            .and_then(|n| n.checked_mul(steps[axis]));
        let last = last.and_then(|n| n.checked_add(i64::try_from(starts[axis]).ok()?));
        let inside = |index: i64| usize::try_from(index).is_ok_and(|index| index < x.shape[axis]);
        ensure(
            starts[axis] < x.shape[axis] && last.is_some_and(inside),
            || format!("axis {axis} of {x} is left by the slice"),
        )?;
    }
    Ok(vec![TensorType::new(x.dtype, shape)])
}

pub(super) fn pad(
    inputs: &[&TensorType],
    mode: PadMode,
    before: &[usize],
    after: &[usize],
) -> Inferred {
    let x = one(inputs)?;
    let rank = x.shape.len();
    ensure(before.len() == rank && after.len() == rank, || {
        format!("the border does not have the {rank} axes of {x}")
    })?;
    let mut shape = Vec::with_capacity(rank);
    for axis in 0..rank {
        let (extent, before, after) = (x.shape[axis], before[axis], after[axis]);
        let room = match mode {
            PadMode::Constant => usize::MAX,
            PadMode::Edge if extent > 0 => usize::MAX,
            PadMode::Edge => 0,
            PadMode::Reflect => extent.saturating_sub(1),
        };
        ensure(before <= room && after <= room, || {
            format!("axis {axis} of {x} has too few elements for its border")
        })?;
        let sum = extent
            .checked_add(before)
            .and_then(|sum| sum.checked_add(after));
        shape.push(sum.ok_or("too large")?);
    }
    Ok(vec![TensorType::new(x.dtype, shape)])
}

pub(super) fn expand(inputs: &[&TensorType], shape: &[usize]) -> Inferred {
    let x = one(inputs)?;
    Ok(vec![TensorType::new(x.dtype, broadcast(&x.shape, shape)?)])
}

pub(super) fn resize(inputs: &[&TensorType], shape: &[usize], scales: &[f32]) -> Inferred {
    let x = one(inputs)?;
    expect_dtype(x, &[DType::F32])?;
    let rank = x.shape.len();
    ensure(shape.len() == rank && scales.len() == rank, || {
        format!("shape and scales don't have the {rank} axes of {x}")
    })?;
    for axis in 0..rank {
        let valid = scales[axis].is_finite() && scales[axis] > 0.0;
        ensure(valid && (x.shape[axis] > 0 || shape[axis] == 0), || {
            format!("axis {axis} of {x} can't be resized to {}", shape[axis])
        })?;
    }
    Ok(vec![TensorType::new(DType::F32, shape)])
}
