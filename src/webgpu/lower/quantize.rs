//! Between f32 and bytes.

use super::{Lowered, Operand, Step, Target, operands};
use crate::dispatch::{Dispatch, Region};
use crate::shader::{
    DEQUANTIZE, DYNAMIC_QUANTIZE, QUANTIZE, QUANTIZED_ADD, RANGE, RATIOS, REQUANTIZE, WORKGROUP,
};
use nearshelf_engine::{DType, TensorType};

/// The number in `common.wgsl` of the dtype of a product's sums before they become bytes.
pub(super) const SUMS: u32 = 1;

/// How many parameters there are, and the elements behind the axis that they are of.
fn parameters(scale: &Operand, shape: &[usize], axis: usize) -> [u32; 2] {
    let inner: usize = shape.get(axis + 1..).unwrap_or_default().iter().product();
    [scale.len() as u32, inner.max(1) as u32]
}

pub(super) fn quantize(step: &Step, axis: usize, target: &mut Target) -> Lowered {
    let [x, scale, zero] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let params = parameters(&scale, x.shape(), axis);
    target.each(
        &QUANTIZE,
        &[("TO", y.dtype())],
        &params,
        &[x, scale, zero],
        &y,
    );
    Ok(())
}

pub(super) fn dequantize(step: &Step, axis: usize, target: &mut Target) -> Lowered {
    let [x, scale, zero] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let params = parameters(&scale, x.shape(), axis);
    let constants = [("TYPE", x.dtype()), ("ZERO_TYPE", zero.dtype())];
    target.each(&DEQUANTIZE, &constants, &params, &[x, scale, zero], &y);
    Ok(())
}

pub(super) fn dynamic_quantize(step: &Step, target: &mut Target) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y, scale, zero] = operands(&step.outputs)?;
    let count = x.len();
    let near = target.capabilities.near;
    // Values whose range one workgroup finds before it goes on, those of an invocation, and workgroups: a CPU gains nothing
    // from more of them than it has cores, a graphics card waits for memory in each turn of a loop.
    let (few, each, most) = if target.capabilities.is_software {
        (16_384, 16, 8)
    } else {
        (1024, 4, 256)
    };
    // Four bytes a word, after a look for the range.
    target.loops(&[2, 64 + count.div_ceil(WORKGROUP as usize * most)]);
    let (mut ranges, mut groups) = ((x.region, count), 1);
    if count > few {
        groups = count.div_ceil(each * WORKGROUP as usize).min(most);
        ranges = (target.scratch(2 * groups), 2 * groups);
        target.push(Dispatch {
            shader: &RANGE,
            constants: vec![("NEAR", near)],
            params: vec![count as u32],
            reads: vec![x.region],
            writes: vec![ranges.0],
            workgroups: groups as u64,
        });
    }
    target.push(Dispatch {
        shader: &DYNAMIC_QUANTIZE,
        constants: vec![("NEAR", near)],
        params: vec![count as u32, ranges.1 as u32],
        reads: vec![x.region, ranges.0],
        writes: [y, scale, zero].map(|output| output.region).to_vec(),
        workgroups: groups as u64,
    });
    Ok(())
}

/// Where sums lie for each map or column: how many there are, and elements that follow one another in each.
pub(super) type Layout = [usize; 2];

/// Sums with a multiplier and a bias each of the last axis.
pub(super) fn requantize_by(
    sums: Region,
    [multiplier, bias, zero]: [Operand; 3],
    y: &Operand,
    target: &mut Target,
) {
    let constants = [("TO", y.dtype()), ("BIAS", 1), ("GIVEN", 1)];
    let params = [multiplier.len(), bias.len(), 1].map(|n| n as u32);
    let sums = Operand {
        region: sums,
        ty: y.ty,
    };
    let reads = [sums, multiplier, bias, zero, multiplier, multiplier];
    target.each(&REQUANTIZE, &constants, &params, &reads, y);
}

/// Sums that are scaled by `x_scale · scale / y_scale`, a scale for all or one each map or column.
pub(super) fn requantize(
    sums: Region,
    [columns, inner]: Layout,
    [x_scale, scale, y_scale, y_zero]: [Operand; 4],
    bias: Option<Operand>,
    y: &Operand,
    target: &mut Target,
) {
    let constants = [
        ("TO", y.dtype()),
        ("BIAS", u32::from(bias.is_some())),
        ("GIVEN", 0),
    ];
    let params = [scale.len(), columns, inner].map(|n| n as u32);
    let sums = Operand {
        region: sums,
        ty: y.ty,
    };
    let bias = bias.unwrap_or(sums);
    let reads = [sums, scale, bias, y_zero, x_scale, y_scale];
    target.each(&REQUANTIZE, &constants, &params, &reads, y);
}

pub(super) fn add(step: &Step, target: &mut Target) -> Lowered {
    let [a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let constants = [("TYPE", a.dtype())];
    // With both operands and the result they would be more than a shader may bind.
    let scalars = [a_scale, a_zero, b_scale, b_zero, y_scale, y_zero];
    let ty = TensorType::new(DType::F32, [3]);
    let ratios = Operand {
        region: target.scratch(3),
        ty: &ty,
    };
    target.each(&RATIOS, &constants, &[], &scalars, &ratios);
    target.each(&QUANTIZED_ADD, &constants, &[], &[a, b, ratios], &y);
    Ok(())
}
