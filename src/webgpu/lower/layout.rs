//! Elements moved.

use super::{Lowered, Step, Target, axes, operands};
use crate::dispatch::Region;
use crate::shader::{GATHER, PAD, PLACE, PLACE_BYTES, STRIDED};
use nearshelf_engine::{DType, PadMode};

/// The kernels' [`nearshelf_engine::strides`], as wide as what shaders are told is reckoned.
pub(super) fn strides(shape: &[usize]) -> Vec<i64> {
    let strides = nearshelf_engine::strides(shape).into_iter();
    strides.map(|stride| stride as i64).collect()
}

/// The kernels' [`nearshelf_engine::broadcast_strides`], likewise.
pub(super) fn broadcast(shape: &[usize], to: &[usize]) -> Vec<i64> {
    let strides = nearshelf_engine::broadcast_strides(shape, to).into_iter();
    strides.map(|stride| stride as i64).collect()
}

/// The words behind `count` of `walk.wgsl`'s parameters, for operands that are broadcast to `shape`.
pub(super) fn walk(shape: &[usize], operands: &[&[usize]]) -> Vec<u32> {
    let strides: Vec<Vec<i64>> = operands.iter().map(|from| broadcast(from, shape)).collect();
    let strides: Vec<&[i64]> = strides.iter().map(Vec::as_slice).collect();
    walk_along(shape, 0, &strides, [0; 4])
}

/// The same for any strides, and what else the shader is told. Axes along which all operands go on as they do along the next are joined with it.
pub(super) fn walk_along(
    shape: &[usize],
    start: i64,
    strides: &[&[i64]],
    own: [u32; 4],
) -> Vec<u32> {
    let mut extents: Vec<i64> = Vec::new();
    let mut joined: Vec<Vec<i64>> = vec![Vec::new(); strides.len()];
    for (axis, &extent) in shape
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, extent)| **extent != 1)
    {
        let continues = extents.last().is_some_and(|inner| {
            let mut pairs = joined.iter().zip(strides);
            pairs.all(|(joined, own)| joined.last().is_some_and(|step| step * inner == own[axis]))
        });
        match extents.last_mut().filter(|_| continues) {
            Some(inner) => *inner *= extent as i64,
            None => {
                extents.push(extent as i64);
                for (joined, own) in joined.iter_mut().zip(strides) {
                    joined.push(own[axis]);
                }
            }
        }
    }
    let mut words = vec![extents.len() as u32, start as i32 as u32, 0];
    words.extend(axes(extents.into_iter().rev(), 1));
    for operand in 0..3 {
        let steps = joined.get(operand).map_or(&[][..], Vec::as_slice);
        words.extend(axes(steps.iter().rev().copied(), 0));
    }
    words.extend(own);
    words
}

pub(super) fn strided(step: &Step, start: i64, strides: &[i64], target: &mut Target) -> Lowered {
    let [y] = operands(&step.outputs)?;
    let x = step.inputs[0];
    let params = walk_along(y.shape(), start, &[strides], [0; 4]);
    target.each(&STRIDED, &[("TYPE", x.dtype())], &params, &[x], &y);
    Ok(())
}

pub(super) fn transpose(step: &Step, perm: &[usize], target: &mut Target) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let own = strides(x.shape());
    let strides: Vec<i64> = perm.iter().map(|&axis| own[axis]).collect();
    strided(step, 0, &strides, target)
}

pub(super) fn expand(step: &Step, target: &mut Target) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    strided(step, 0, &broadcast(x.shape(), y.shape()), target)
}

pub(super) fn slice(step: &Step, starts: &[usize], steps: &[i64], target: &mut Target) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let own = strides(x.shape());
    let start = starts
        .iter()
        .zip(&own)
        .map(|(&start, stride)| start as i64 * stride)
        .sum();
    // A step along an axis of one element is never taken, and may be any number.
    let strides = (0..own.len()).map(|axis| {
        if y.shape()[axis] > 1 {
            steps[axis] * own[axis]
        } else {
            0
        }
    });
    strided(step, start, &strides.collect::<Vec<i64>>(), target)
}

pub(super) fn concat(step: &Step, axis: usize, target: &mut Target) -> Lowered {
    let [y] = operands(&step.outputs)?;
    let inner: usize = y.shape()[axis + 1..].iter().product();
    let all = y.shape()[axis] * inner;
    let mut before = 0;
    for x in &step.inputs {
        let row = x.shape()[axis] * inner;
        let sizes = [row, all, before];
        // Bytes that fill whole words move as words.
        let is_whole = y.is_bytes() && sizes.iter().all(|size| size.is_multiple_of(4));
        let a_word = if is_whole { 4 } else { 1 };
        let shader = if y.is_bytes() && !is_whole {
            &PLACE_BYTES
        } else {
            &PLACE
        };
        let params = sizes.map(|size| (size / a_word) as u32);
        let count = x.len() / a_word;
        target.run(shader, &[], (count, &params), &[x.region], &[y.region]);
        before += row;
    }
    Ok(())
}

pub(super) fn pad(
    step: &Step,
    mode: PadMode,
    before: &[usize],
    value: f32,
    target: &mut Target,
) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    // As bits of the dtype.
    let value = match y.ty.dtype {
        DType::F32 => value.to_bits(),
        DType::I32 => value as i32 as u32,
        DType::I8 => value as i8 as u32,
        DType::U8 => u32::from(value as u8),
    };
    let number = match mode {
        PadMode::Constant => 0,
        PadMode::Edge => 1,
        PadMode::Reflect => 2,
    };
    let extents = |list: &[usize]| axes(list.iter().map(|&extent| extent as i64), 1);
    let mut params = vec![y.shape().len() as u32, value, 0];
    params.extend([extents(y.shape()), extents(before), extents(x.shape())].concat());
    let constants = [("TYPE", x.dtype()), ("MODE", number)];
    target.each(&PAD, &constants, &params, &[x], &y);
    Ok(())
}

pub(super) fn gather(step: &Step, axis: usize, target: &mut Target) -> Lowered {
    let [x, indices] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let inner: usize = x.shape()[axis + 1..].iter().product();
    let params = [inner, indices.len(), x.shape()[axis]].map(|n| n as u32);
    let params = [&params[..], &[step.number]].concat();
    target.each(&GATHER, &[("TYPE", x.dtype())], &params, &[x, indices], &y);
    may_fail(target);
    Ok(())
}

/// Lets the last dispatch write which step failed.
pub(super) fn may_fail(target: &mut Target) {
    if let Some(dispatch) = target.dispatches.last_mut() {
        dispatch.writes.push(Region::Fault);
    }
}
