//! Resampling by computed coordinates and weights, and positions of pooled elements.

use super::{Inferred, ensure, expect_axis, expect_dtype, expect_shape, operands, window};
use crate::{DType, TensorType, Window};

pub(super) fn resample(inputs: &[&TensorType], axis: usize) -> Inferred {
    let [x, indices, weights] = operands(inputs)?;
    expect_dtype(x, &[DType::F32])?;
    expect_axis(x, axis)?;
    expect_dtype(indices, &[DType::I32])?;
    expect_dtype(weights, &[DType::F32])?;
    expect_shape(weights, &indices.shape)?;
    let [count, _] = indices.shape[..] else {
        return Err(format!("operand is {indices}, must have two axes"));
    };
    let mut shape = x.shape.clone();
    shape[axis] = count;
    Ok(vec![TensorType::new(DType::F32, shape)])
}

pub(super) fn sample(inputs: &[&TensorType]) -> Inferred {
    let [x, at, image] = operands(inputs)?;
    expect_dtype(x, &[DType::F32])?;
    expect_dtype(at, &[DType::F32])?;
    expect_dtype(image, &[DType::I32])?;
    let axes = x.shape.len().saturating_sub(2);
    let ([first, out @ .., last], 1..=3) = (&at.shape[..], axes) else {
        return Err(format!(
            "operands are {x} and {at}, must be [m, c, one to three axes] and [r, .., axes]"
        ));
    };
    ensure(*last == axes, || {
        format!("operand is {at}, its last axis must be {axes}")
    })?;
    expect_shape(image, &[*first])?;
    ensure(x.shape[2..].iter().all(|&extent| extent > 0), || {
        format!("{x} has no pixels")
    })?;
    let mut shape = vec![*first, x.shape[1]];
    shape.extend(out);
    Ok(vec![TensorType::new(DType::F32, shape)])
}

pub(super) fn arg_max_pool(inputs: &[&TensorType], pool: &Window, ceil_mode: bool) -> Inferred {
    let mut outputs = window::pool(inputs, pool, ceil_mode, false)?;
    let positions = inputs[0].element_count().unwrap_or(usize::MAX);
    ensure(i32::try_from(positions).is_ok(), || {
        "too large to number".to_owned()
    })?;
    outputs[0].dtype = DType::I32;
    Ok(outputs)
}
