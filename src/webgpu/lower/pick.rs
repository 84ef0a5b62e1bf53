//! Elements put where computed numbers say, and results whose extent only the values tell.

use super::layout::{may_fail, strides, walk_along};
use super::{Lowered, Step, Target, axes, operands};
use crate::dispatch::{Dispatch, Region};
use crate::shader::{
    ELEMENT_POSITIONS, NON_ZERO, SCATTER, SCATTER_MARKS, SELECTED, SUPPRESS, TUPLE_POSITIONS,
    UNIQUE, WORKGROUP,
};
use nearshelf_engine::Binary;

pub(super) fn element_positions(
    step: &Step,
    shape: &[usize],
    axis: usize,
    target: &mut Target,
) -> Lowered {
    let [indices] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let mut steps = strides(shape);
    let along = std::mem::take(&mut steps[axis]);
    let own = [along as u32, shape[axis] as u32, step.number, 0];
    let params = walk_along(indices.shape(), 0, &[&steps], own);
    target.each(&ELEMENT_POSITIONS, &[], &params, &[indices], &y);
    may_fail(target);
    Ok(())
}

/// `extents` are those of the axes that are indexed.
pub(super) fn tuple_positions(
    step: &Step,
    extents: &[usize],
    batch: usize,
    target: &mut Target,
) -> Lowered {
    let [indices] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let batches: usize = y.shape()[..batch].iter().product();
    let each = y.len() / batches.max(1);
    let mut params = vec![each as u32, extents.len() as u32, step.number];
    // From the first one.
    params.extend(axes(extents.iter().rev().map(|&extent| extent as i64), 1));
    target.each(&TUPLE_POSITIONS, &[], &params, &[indices], &y);
    may_fail(target);
    Ok(())
}

pub(super) fn scatter(step: &Step, combine: Option<Binary>, target: &mut Target) -> Lowered {
    let [x, positions, updates] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let [rows, row] = [x.shape()[0], x.shape()[1]];
    let marks = target.scratch(rows);
    let words = [rows as u32, step.number];
    for (is_clear, count) in [(1, rows), (0, positions.len())] {
        let constants = [("CLEAR", is_clear)];
        let writes = [marks, Region::Fault];
        target.run(
            &SCATTER_MARKS,
            &constants,
            (count, &words),
            &[positions.region],
            &writes,
        );
    }
    if combine.is_some() {
        target.loops(&[positions.len()]);
    }
    let number = match combine {
        None => 0,
        Some(Binary::Add) => 1,
        Some(Binary::Mul) => 2,
        Some(Binary::Min) => 3,
        Some(_) => 4,
    };
    let constants = [("TYPE", x.dtype()), ("COMBINE", number)];
    let reads = [x, positions, updates, positions.at(marks)];
    target.each(&SCATTER, &constants, &[row as u32, rows as u32], &reads, &y);
    Ok(())
}

pub(super) fn non_zero(step: &Step, target: &mut Target) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [coordinates, total] = operands(&step.outputs)?;
    // Twice through its share, the second time with each axis.
    target.loops(&[
        x.len().div_ceil(WORKGROUP as usize) + 1,
        2 + x.shape().len(),
    ]);
    let mut params = vec![x.len() as u32, x.shape().len() as u32, 0, 0];
    params.extend(axes(x.shape().iter().map(|&extent| extent as i64), 1));
    target.push(Dispatch {
        shader: &NON_ZERO,
        constants: Vec::new(),
        params,
        reads: vec![x.region],
        writes: vec![coordinates.region, total.region],
        workgroups: 1,
    });
    Ok(())
}

pub(super) fn unique(step: &Step, axis: usize, is_sorted: bool, target: &mut Target) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [firsts, inverse, counts, total] = operands(&step.outputs)?;
    let extent = x.shape()[axis];
    let inner: usize = x.shape()[axis + 1..].iter().product();
    let outer: usize = x.shape()[..axis].iter().product();
    // Each slice is compared with each, and may be equal but for the last element.
    target.loops(&[extent, 1 + outer * inner]);
    let params = [extent, inner, outer].map(|n| n as u32);
    let (begins, ranks) = (target.scratch(extent), target.scratch(extent));
    let results = [firsts, inverse, counts, total].map(|result| result.region);
    let writes = [&[begins, ranks], &results[..]].concat();
    for stage in 0..3 {
        let constants = [
            ("TYPE", x.dtype()),
            ("SORTED", u32::from(is_sorted)),
            ("STAGE", stage),
        ];
        target.run(
            &UNIQUE,
            &constants,
            (extent.max(1), &params),
            &[x.region],
            &writes,
        );
    }
    Ok(())
}

pub(super) fn non_max_suppression(
    step: &Step,
    is_center: bool,
    limit: usize,
    target: &mut Target,
) -> Lowered {
    let [boxes, scores, most, shared, least] = operands(&step.inputs)?;
    let [selected, total] = operands(&step.outputs)?;
    let [batches, classes, count] = *scores.shape() else {
        return Err("its scores have not three axes".to_owned());
    };
    let lines = batches * classes;
    let lanes = WORKGROUP as usize;
    target.loops(&[limit, count.div_ceil(lanes) + lanes]);
    target.loops(&[lines]);
    let kept = target.scratch(lines * (limit + 1));
    let is_left = target.scratch(scores.len());
    let own = [count, classes, limit, 0].map(|n| n as u32);
    let mut params = vec![lines as u32];
    params.extend(walk_along(&[scores.len()], 0, &[&[1]], own));
    target.push(Dispatch {
        shader: &SUPPRESS,
        constants: vec![("LANES", WORKGROUP), ("CENTER", u32::from(is_center))],
        params,
        reads: [boxes, scores, most, shared, least]
            .map(|read| read.region)
            .to_vec(),
        writes: vec![kept, is_left],
        workgroups: lines as u64,
    });
    let rows = lines * limit;
    let params = [rows, lines, classes, limit].map(|n| n as u32);
    let writes = [selected.region, total.region];
    target.run(&SELECTED, &[], (rows.max(1), &params), &[kept], &writes);
    Ok(())
}
