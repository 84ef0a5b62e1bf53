//! Resampling: along axes by tables, and of images where coordinates say.

use super::layout::{may_fail, strided, strides};
use super::{Lowered, Operand, Step, Target, operands};
use crate::shader::{RESAMPLE, SAMPLE};
use nearshelf_engine::{ResizeCoordinates, ResizeMode, SampleBorder, SampleMode, resize_taps};

/// Elements of one index of `axis`.
fn inner(shape: &[usize], axis: usize) -> u32 {
    shape[axis + 1..].iter().product::<usize>() as u32
}

pub(super) fn resize(
    step: &Step,
    scales: &[f32],
    coordinates: ResizeCoordinates,
    mode: ResizeMode,
    target: &mut Target,
) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let changes = |&axis: &usize| x.shape()[axis] != y.shape()[axis] || scales[axis] != 1.0;
    let axes: Vec<usize> = (0..scales.len()).filter(changes).collect();
    if axes.is_empty() {
        return strided(step, 0, &strides(x.shape()), target);
    }
    let mut ty = x.ty.clone();
    let mut region = x.region;
    for (number, &axis) in axes.iter().enumerate() {
        let (extent, new) = (ty.shape[axis], y.shape()[axis]);
        let taps = resize_taps(extent, new, scales[axis], coordinates, mode);
        let neighbours = taps
            .iter()
            .flat_map(|tap| [tap.first as u32, tap.second as u32]);
        let neighbours = target.table(neighbours.collect());
        let weights = taps.iter().flat_map(|tap| [tap.weight.to_bits(), 0]);
        let weights = target.table(weights.collect());
        let mut next = ty.clone();
        next.shape[axis] = new;
        let is_last = number + 1 == axes.len();
        let to = if is_last {
            y.region
        } else {
            target.scratch(next.element_count().unwrap_or(0))
        };
        let params = [
            inner(&ty.shape, axis),
            extent as u32,
            new as u32,
            2,
            step.number,
        ];
        let operand = |region| Operand { region, ty: &ty };
        target.each(
            &RESAMPLE,
            &[("INTERPOLATE", 1)],
            &params,
            &[region, neighbours, weights].map(operand),
            &Operand {
                region: to,
                ty: &next,
            },
        );
        may_fail(target);
        (ty, region) = (next, to);
    }
    Ok(())
}

pub(super) fn resample(step: &Step, axis: usize, target: &mut Target) -> Lowered {
    let [x, indices, weights] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let sizes = [x.shape()[axis], indices.shape()[0], indices.shape()[1]].map(|n| n as u32);
    target.loops(&[indices.shape()[1]]);
    let params = [&[inner(x.shape(), axis)], &sizes[..], &[step.number]].concat();
    target.each(
        &RESAMPLE,
        &[("INTERPOLATE", 0)],
        &params,
        &[x, indices, weights],
        &y,
    );
    may_fail(target);
    Ok(())
}

pub(super) fn sample(
    step: &Step,
    mode: SampleMode,
    border: SampleBorder,
    target: &mut Target,
) -> Lowered {
    let [x, places, images] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let mode = match mode {
        SampleMode::Nearest => 0,
        SampleMode::Linear => 1,
        SampleMode::Cubic => 2,
        SampleMode::LargestShare => 3,
    };
    let border = match border {
        SampleBorder::Zeros => 0,
        SampleBorder::Edge => 1,
        SampleBorder::ReflectCentres => 2,
        SampleBorder::ReflectEdges => 3,
        SampleBorder::EdgeThenZeros => 4,
    };
    let samples: usize = y.shape()[2..].iter().product();
    let spatial = &x.shape()[2..];
    let mut extents = [1; 3];
    for (to, &extent) in extents.iter_mut().zip(spatial) {
        *to = extent as u32;
    }
    let sizes = [samples, x.shape()[1], x.shape()[0]].map(|n| n as u32);
    let params = [&sizes[..], &extents, &[spatial.len() as u32, step.number]].concat();
    let constants = [("MODE", mode), ("BORDER", border)];
    target.each(&SAMPLE, &constants, &params, &[x, places, images], &y);
    may_fail(target);
    Ok(())
}
