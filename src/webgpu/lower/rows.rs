//! What is computed of the elements of a row, where a row may lie along any axes: `rows.wgsl` says how.

use super::layout::{strides, walk_along};
use super::{Lowered, Operand, Step, Target, operands};
use crate::dispatch::{Dispatch, Region};
use crate::shader::{CUMULATE, NORMALIZE, REDUCE, SOFTMAX, Shader, TAKE, TOP_K, WORKGROUP};
use nearshelf_engine::{Op, Reduction};

/// Rows of this length and more have a workgroup each.
const LONG: usize = 32;
/// The same where a CPU computes, to which waiting for each other is dear.
const LONG_ON_CPU: usize = 2048;

impl Target<'_> {
    /// A dispatch of a shader that goes through rows of `x` along `axes` so many times. `own` are two words that it is told
    /// besides.
    fn rows(
        &mut self,
        shader: &'static Shader,
        constants: &[(&'static str, u32)],
        (x, axes, times): (&Operand, &[usize], usize),
        own: [u32; 2],
        reads: Vec<Region>,
        y: Region,
    ) {
        let own_strides = strides(x.shape());
        // Rows follow their order in `x`, and their elements lie along the last axes.
        let (inner, outer): (Vec<usize>, Vec<usize>) =
            (0..x.shape().len()).partition(|axis| axes.contains(axis));
        let extents =
            |axes: &[usize]| -> Vec<usize> { axes.iter().map(|&axis| x.shape()[axis]).collect() };
        let length: usize = extents(&inner).iter().product();
        let rows: usize = extents(&outer).iter().product();
        let straight = is_straight(&extents(&inner), &inner, &own_strides);
        let all = [outer, inner].concat();
        let steps: Vec<i64> = all.iter().map(|&axis| own_strides[axis]).collect();
        let own = [length as u32, own[0], own[1], 0];
        let mut params = vec![rows as u32];
        params.extend(walk_along(&extents(&all), 0, &[&steps], own));
        let long = if self.capabilities.is_software {
            LONG_ON_CPU
        } else {
            LONG
        };
        let lanes = if length >= long { WORKGROUP } else { 1 };
        // Where elements don't lie at equal distances each is walked to, at most twice.
        let walk = if straight { 0 } else { 2 * all.len() };
        let share = length.div_ceil(lanes as usize) * (1 + walk) + lanes as usize;
        self.loops(&[times, share]);
        let near = if lanes > 1 { self.capabilities.near } else { 1 };
        let mut all = vec![
            ("LANES", lanes),
            ("STRAIGHT", u32::from(straight)),
            ("NEAR", near),
        ];
        all.extend(constants);
        self.push(Dispatch {
            shader,
            constants: all,
            params,
            reads,
            writes: vec![y],
            workgroups: (rows as u64).div_ceil(u64::from(WORKGROUP / lanes)),
        });
    }
}

/// Whether elements along these axes lie at equal distances.
fn is_straight(extents: &[usize], axes: &[usize], strides: &[i64]) -> bool {
    let mut along = extents
        .iter()
        .zip(axes)
        .rev()
        .filter(|(extent, _)| **extent != 1);
    let Some((&extent, &axis)) = along.next() else {
        return true;
    };
    let mut next = strides[axis] * extent as i64;
    along.all(|(&extent, &axis)| {
        let continues = strides[axis] == next;
        next *= extent as i64;
        continues
    })
}

pub(super) fn reduce(
    step: &Step,
    reduction: Reduction,
    axes: &[usize],
    target: &mut Target,
) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let number = match reduction {
        Reduction::Sum => 0,
        Reduction::Mean => 1,
        Reduction::Max => 2,
        Reduction::Min => 3,
        Reduction::Prod => 4,
        Reduction::L1 => 5,
        Reduction::L2 => 6,
        Reduction::SumSquare => 7,
        Reduction::LogSum => 8,
        Reduction::LogSumExp => 9,
    };
    let constants = [("TYPE", x.dtype()), ("REDUCTION", number)];
    target.rows(
        &REDUCE,
        &constants,
        (&x, axes, 2),
        [0; 2],
        vec![x.region],
        y.region,
    );
    Ok(())
}

/// Elements of one index of `axis`.
fn inner(x: &Operand, axis: usize) -> u32 {
    x.shape()[axis + 1..].iter().product::<usize>() as u32
}

pub(super) fn arg_max(
    step: &Step,
    axis: usize,
    smallest: bool,
    last: bool,
    target: &mut Target,
) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let constants = [
        ("TYPE", x.dtype()),
        ("SMALLEST", u32::from(smallest)),
        ("LAST", u32::from(last)),
        ("INFINITE_NAN", 1),
    ];
    let own = [1, inner(&x, axis)];
    target.rows(
        &TOP_K,
        &constants,
        (&x, &[axis], 1),
        own,
        vec![x.region],
        y.region,
    );
    Ok(())
}

pub(super) fn top_k(
    step: &Step,
    axis: usize,
    k: usize,
    largest: bool,
    target: &mut Target,
) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [values, indices] = operands(&step.outputs)?;
    let inner = inner(&x, axis);
    let constants = [
        ("TYPE", x.dtype()),
        ("SMALLEST", u32::from(!largest)),
        ("LAST", 0),
        ("INFINITE_NAN", 0),
    ];
    let own = [k as u32, inner];
    target.rows(
        &TOP_K,
        &constants,
        (&x, &[axis], k),
        own,
        vec![x.region],
        indices.region,
    );
    let params = [x.shape()[axis] as u32, k as u32, inner];
    target.each(
        &TAKE,
        &[("TYPE", x.dtype())],
        &params,
        &[x, indices],
        &values,
    );
    Ok(())
}

pub(super) fn softmax(step: &Step, axis: usize, log: bool, target: &mut Target) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let constants = [("LOG", u32::from(log))];
    target.rows(
        &SOFTMAX,
        &constants,
        (&x, &[axis], 3),
        [0; 2],
        vec![x.region],
        y.region,
    );
    Ok(())
}

pub(super) fn normalize(
    step: &Step,
    axis: usize,
    epsilon: f32,
    is_instance: bool,
    target: &mut Target,
) -> Lowered {
    let [x, scale, bias] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let axes: Vec<usize> = (axis..x.shape().len()).collect();
    let own = [scale.len() as u32, epsilon.to_bits()];
    let reads = vec![x.region, scale.region, bias.region];
    let constants = [("INSTANCE", u32::from(is_instance))];
    target.rows(&NORMALIZE, &constants, (&x, &axes, 3), own, reads, y.region);
    Ok(())
}

pub(super) fn cumulate(step: &Step, axis: usize, target: &mut Target) -> Lowered {
    let Op::Cumulate {
        product,
        exclusive,
        reverse,
        ..
    } = *step.op
    else {
        return Ok(());
    };
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let constants = [
        ("TYPE", x.dtype()),
        ("PRODUCT", u32::from(product)),
        ("EXCLUSIVE", u32::from(exclusive)),
        ("REVERSE", u32::from(reverse)),
    ];
    target.rows(
        &CUMULATE,
        &constants,
        (&x, &[axis], 2),
        [0; 2],
        vec![x.region],
        y.region,
    );
    Ok(())
}
