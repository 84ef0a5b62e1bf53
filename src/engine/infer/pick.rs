//! Operators that pick elements by number, or tell which they pick.

use super::{
    Inferred, ensure, expect_axis, expect_dtype, expect_scalar, expect_shape, one, operands,
};
use crate::{Binary, DType, TensorType};

/// `Ok` when positions among `count` elements fit an i32.
fn numbered(count: Option<usize>) -> Result<(), String> {
    let fits = count.is_some_and(|count| i32::try_from(count).is_ok());
    ensure(fits, || "too many elements to number".to_owned())
}

/// An empty `shape` is numbered as if it were not, so that no step along its axes overflows.
fn positions_in(shape: &[usize], indices: &TensorType) -> Result<(), String> {
    expect_dtype(indices, &[DType::I32])?;
    let mut extents = shape.iter().map(|&extent| extent.max(1));
    numbered(extents.try_fold(1_usize, usize::checked_mul))
}

pub(super) fn element_positions(inputs: &[&TensorType], shape: &[usize], axis: usize) -> Inferred {
    let indices = one(inputs)?;
    positions_in(shape, indices)?;
    let inside = |(at, (&own, &other)): (usize, (&usize, &usize))| at == axis || own <= other;
    let extents = indices.shape.iter().zip(shape);
    ensure(
        indices.shape.len() == shape.len() && axis < shape.len() && extents.enumerate().all(inside),
        || format!("{indices} reaches beyond {shape:?}, or axis {axis} is none"),
    )?;
    Ok(vec![indices.clone()])
}

pub(super) fn tuple_positions(inputs: &[&TensorType], shape: &[usize], batch: usize) -> Inferred {
    let indices = one(inputs)?;
    positions_in(shape, indices)?;
    let Some((&last, own)) = indices.shape.split_last() else {
        return Err(format!("operand is {indices}, must have axes"));
    };
    let fits = batch <= own.len()
        && batch.checked_add(last) == Some(shape.len())
        && own[..batch] == shape[..batch];
    ensure(fits, || {
        format!("{indices} does not point into {shape:?} with {batch} axes in common")
    })?;
    Ok(vec![TensorType::new(DType::I32, own)])
}

pub(super) fn scatter(inputs: &[&TensorType], combine: Option<Binary>) -> Inferred {
    let [x, positions, updates] = operands(inputs)?;
    expect_dtype(positions, &[DType::I32])?;
    expect_dtype(updates, &[x.dtype])?;
    let ([_, row], [count]) = (&x.shape[..], &positions.shape[..]) else {
        return Err(format!(
            "operands are {x} and {positions}, must have two axes and one"
        ));
    };
    expect_shape(updates, &[*count, *row])?;
    match combine {
        None => {}
        Some(Binary::Add | Binary::Mul | Binary::Min | Binary::Max) => {
            expect_dtype(x, &[DType::F32, DType::I32])?;
        }
        Some(other) => return Err(format!("rows are not combined by {}", other.name())),
    }
    Ok(vec![x.clone()])
}

pub(super) fn top_k(inputs: &[&TensorType], axis: usize, k: usize) -> Inferred {
    let x = one(inputs)?;
    let extent = expect_axis(x, axis)?;
    numbered(Some(extent))?;
    numbered(x.element_count())?;
    ensure(k <= extent, || {
        format!("axis {axis} of {x} has no {k} elements")
    })?;
    let mut shape = x.shape.clone();
    shape[axis] = k;
    let indices = TensorType::new(DType::I32, shape.clone());
    Ok(vec![TensorType::new(x.dtype, shape), indices])
}

pub(super) fn non_zero(inputs: &[&TensorType]) -> Inferred {
    let x = one(inputs)?;
    expect_dtype(x, &[DType::U8])?;
    let count = x.element_count();
    numbered(count)?;
    Ok(vec![
        TensorType::new(DType::I32, [x.shape.len(), count.unwrap_or(0)]),
        TensorType::new(DType::I32, []),
    ])
}

pub(super) fn unique(inputs: &[&TensorType], axis: usize) -> Inferred {
    let x = one(inputs)?;
    let extent = expect_axis(x, axis)?;
    numbered(Some(extent))?;
    let list = TensorType::new(DType::I32, [extent]);
    let count = TensorType::new(DType::I32, []);
    Ok(vec![list.clone(), list.clone(), list, count])
}

pub(super) fn non_max_suppression(inputs: &[&TensorType], limit: usize) -> Inferred {
    let [boxes, scores, most, iou, score] = operands(inputs)?;
    expect_dtype(boxes, &[DType::F32])?;
    expect_dtype(scores, &[DType::F32])?;
    expect_scalar(most, &[DType::I32])?;
    expect_scalar(iou, &[DType::F32])?;
    expect_scalar(score, &[DType::F32])?;
    let [batches, classes, count] = scores.shape[..] else {
        return Err(format!(
            "scores are {scores}, must be [batches, classes, boxes]"
        ));
    };
    expect_shape(boxes, &[batches, count, 4])?;
    ensure(limit <= count, || format!("there are no {limit} boxes"))?;
    let rows = batches.checked_mul(classes);
    let rows = rows.and_then(|rows| rows.checked_mul(limit));
    numbered(rows)?;
    numbered(Some(count))?;
    Ok(vec![
        TensorType::new(DType::I32, [rows.unwrap_or(0), 3]),
        TensorType::new(DType::I32, []),
    ])
}

pub(super) fn cut(inputs: &[&TensorType], axis: usize) -> Inferred {
    let [x, count] = operands(inputs)?;
    expect_axis(x, axis)?;
    expect_scalar(count, &[DType::I32])?;
    Ok(vec![x.clone()])
}
