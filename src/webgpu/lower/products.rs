//! Products of rows with packed columns, and of matrices.

use super::activation::numbered;
use super::layout::walk;
use super::patches::Rows;
use super::quantize::{SUMS, requantize_by};
use super::{Lowered, Operand, Step, Target, operands};
use crate::dispatch::Region;
use crate::shader::{PRODUCT, PRODUCT_Q8};
use nearshelf_engine::{Unary, Window};

/// `x, w (panels), bias`: the product of `rows`.
pub(super) fn panels(
    step: &Step,
    mut rows: Rows,
    activation: Option<Unary>,
    target: &mut Target,
) -> Lowered {
    let [x, w, bias] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let (function, parameters) = numbered(activation);
    rows.parameters = parameters;
    let constants = [
        ("PANELS", 1),
        ("ALIGNED", u32::from(rows.is_aligned())),
        ("W_ALIGNED", 1),
        ("BIAS", 1),
        ("FUNCTION", function),
    ];
    let reads = [x, w, bias].map(|operand| operand.region).to_vec();
    rows.dispatch(&PRODUCT, &constants, reads, y.region, target);
    Ok(())
}

pub(super) fn linear(step: &Step, activation: Option<Unary>, target: &mut Target) -> Lowered {
    let rows = Rows::of_matrix(&step.inputs[0], columns(step));
    panels(step, rows, activation, target)
}

pub(super) fn conv_nhwc(
    step: &Step,
    window: &Window,
    activation: Option<Unary>,
    target: &mut Target,
) -> Lowered {
    let rows = Rows::of_patches(&step.inputs[0], &step.outputs[0], window)?;
    panels(step, rows, activation, target)
}

/// Extent of the result's last axis.
fn columns(step: &Step) -> usize {
    step.outputs[0].shape().last().copied().unwrap_or(0)
}

pub(super) fn matmul(step: &Step, target: &mut Target) -> Lowered {
    let (a, b) = (step.inputs[0], step.inputs[1]);
    let [y] = operands(&step.outputs)?;
    let batch = |shape: &'_ [usize]| shape[..shape.len() - 2].to_vec();
    let (a_batch, b_batch, y_batch) = (batch(a.shape()), batch(b.shape()), batch(y.shape()));
    let count = |batch: &[usize]| batch.iter().product::<usize>();
    let mut rows = Rows::of_matrix(&a, columns(step));
    // One matrix for a whole batch is a single product with more rows.
    if count(&b_batch) != 1 || count(&a_batch) != count(&y_batch) {
        rows.rows = a.shape()[a.shape().len() - 2];
        rows.batches = count(&y_batch);
        rows.batch = walk(&y_batch, &[&a_batch, &b_batch]);
    }
    let constants = [
        ("PANELS", 0),
        ("ALIGNED", u32::from(rows.is_aligned())),
        ("W_ALIGNED", u32::from(rows.columns.is_multiple_of(4))),
        ("BIAS", u32::from(step.inputs.len() == 3)),
        ("FUNCTION", 0),
    ];
    let bias = step.inputs.get(2).unwrap_or(&b);
    let reads = [a, b, *bias].map(|operand| operand.region).to_vec();
    rows.dispatch(&PRODUCT, &constants, reads, y.region, target);
    Ok(())
}

/// The operands of `product_q8.wgsl` in its order.
struct Bytes<'a> {
    x: Operand<'a>,
    zero: Operand<'a>,
    panels: Operand<'a>,
    scales: Operand<'a>,
    bias: Operand<'a>,
    /// Scale of x, or zero point of y.
    extra: Operand<'a>,
    lows: Option<Operand<'a>>,
}

fn product_of_bytes(
    rows: &Rows,
    operands: &Bytes,
    to: u32,
    activation: Option<Unary>,
    y: Region,
    target: &mut Target,
) {
    let Bytes {
        x,
        zero,
        panels,
        scales,
        bias,
        extra,
        lows,
    } = operands;
    let mut rows = rows.clone();
    let (function, parameters) = numbered(activation);
    rows.parameters = parameters;
    let is_aligned = rows.is_aligned();
    if rows.is_patches && !is_aligned {
        (rows.run, rows.taps) = (rows.run * rows.taps, 1);
    }
    let constants = [
        ("ALIGNED", u32::from(is_aligned)),
        ("TYPE", x.dtype()),
        ("TO", to),
        ("NARROW", u32::from(lows.is_some())),
        ("FUNCTION", function),
    ];
    let reads = [
        *x,
        *zero,
        *panels,
        *scales,
        *bias,
        *extra,
        lows.unwrap_or(*scales),
    ];
    let reads = reads.map(|operand| operand.region).to_vec();
    rows.dispatch(&PRODUCT_Q8, &constants, reads, y, target);
}

/// With `low` and `sums` behind the operands, weights are those of `DynamicLinearNarrow`.
pub(super) fn dynamic_linear(
    step: &Step,
    activation: Option<Unary>,
    target: &mut Target,
) -> Lowered {
    let [x, extra, zero, panels, scales, bias, ref narrow @ ..] = step.inputs[..] else {
        return Err("operands are missing".to_owned());
    };
    let [y] = operands(&step.outputs)?;
    let bytes = Bytes {
        x,
        zero,
        panels,
        scales,
        bias,
        extra,
        lows: narrow.first().copied(),
    };
    let rows = Rows::of_matrix(&x, columns(step));
    product_of_bytes(&rows, &bytes, y.dtype(), activation, y.region, target);
    Ok(())
}

/// Products of `rows` that are bytes again.
fn requantized(step: &Step, rows: &Rows, target: &mut Target) -> Lowered {
    let [x, zero, panels, scales, bias, extra] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let bytes = Bytes {
        x,
        zero,
        panels,
        scales,
        bias,
        extra,
        lows: None,
    };
    // An invocation writes whole words: where they lie across rows, another shader does.
    if rows.columns.is_multiple_of(4) {
        product_of_bytes(rows, &bytes, y.dtype(), None, y.region, target);
        return Ok(());
    }
    let sums = target.scratch(y.len());
    product_of_bytes(rows, &bytes, SUMS, None, sums, target);
    requantize_by(sums, [scales, bias, extra], &y, target);
    Ok(())
}

pub(super) fn qlinear(step: &Step, target: &mut Target) -> Lowered {
    let rows = Rows::of_matrix(&step.inputs[0], columns(step));
    requantized(step, &rows, target)
}

pub(super) fn qlinear_conv_nhwc(step: &Step, window: &Window, target: &mut Target) -> Lowered {
    let rows = Rows::of_patches(&step.inputs[0], &step.outputs[0], window)?;
    requantized(step, &rows, target)
}
