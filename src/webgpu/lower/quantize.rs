//! Between f32 and bytes.

use super::{Lowered, Operand, Step, Target, operands};
use crate::shader::{DEQUANTIZE, QUANTIZE};

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
