//! Convolutions, and products of matrices of bytes, which one shader makes.

use super::activation::numbered;
use super::layout::walk;
use super::products::{Rows, two_axes, window_words};
use super::quantize::{Layout, requantize, requantize_by};
use super::{Lowered, Operand, Step, Target, operands};
use crate::dispatch::{Dispatch, Region};
use crate::shader::{CONV, DEPTHWISE, DEPTHWISE_Q8, Shader, WORKGROUP};
use nearshelf_engine::{Unary, Window};

/// Extents of what `conv.wgsl` multiplies: maps with positions.
struct Product {
    rows: Rows,
    is_transposed: bool,
}

/// The operands of `conv.wgsl`; zero points are those of bytes.
#[derive(Clone, Copy)]
struct Factors<'a> {
    x: Operand<'a>,
    w: Operand<'a>,
    zeros: Option<[Operand<'a>; 2]>,
    bias: Option<Operand<'a>>,
}

impl Product {
    /// `x [n, c, spatial..]` with windows of `w`, to `y [n, m, spatial..]`.
    fn of_images(
        x: &Operand,
        y: &Operand,
        window: &Window,
        group: usize,
        is_transposed: bool,
    ) -> Result<Self, String> {
        let plane = |tensor: &Operand| match *tensor.shape() {
            [n, channels, height, width] => Ok((n, channels, [height, width])),
            [n, channels, width] => Ok((n, channels, [1, width])),
            _ => Err("it has neither one spatial axis nor two".to_owned()),
        };
        let ((images, channels, image), (_, maps, result)) = (plane(x)?, plane(y)?);
        let taps = two_axes(window)?;
        let mut rows = Rows::of_matrix(x, result[0] * result[1]);
        rows.rows = maps / group;
        rows.run = channels / group;
        rows.taps = taps[0][0] * taps[0][1];
        rows.window = window_words(channels, image, result, taps);
        rows.batches = images * group;
        rows.batch = walk(&[images, group], &[&[images, group], &[group]]);
        Ok(Self {
            rows,
            is_transposed,
        })
    }

    /// `a [.., m, k] · b [.., k, n]`: rows of `a` are maps, columns of `b` positions.
    fn of_matrices(a: &Operand, b: &Operand, y: &Operand) -> Result<Self, String> {
        let split = |tensor: &Operand| match tensor.shape() {
            [batch @ .., down, across] => Ok((batch.to_vec(), [*down, *across])),
            _ => Err("a product needs two axes".to_owned()),
        };
        let ((a_batch, a_extents), (b_batch, b_extents), (batch, _)) =
            (split(a)?, split(b)?, split(y)?);
        let mut rows = Rows::of_matrix(a, b_extents[1]);
        rows.rows = a_extents[0];
        rows.window = window_words(
            b_extents[0],
            [1, rows.columns],
            [1, rows.columns],
            [[1; 2], [1; 2], [1; 2], [0; 2]],
        );
        rows.batches = batch.iter().product();
        rows.batch = walk(&batch, &[&b_batch, &a_batch]);
        Ok(Self {
            rows,
            is_transposed: false,
        })
    }

    fn dispatch(&self, factors: Factors, y: Region, target: &mut Target) {
        let Factors { x, w, zeros, bias } = factors;
        let [x_zero, w_zero] = zeros.unwrap_or([x, w]);
        let is_each = |zero: Operand| u32::from(zeros.is_some() && zero.len() > 1);
        let rows = &self.rows;
        let tiles = rows.batches * rows.rows.div_ceil(4) * rows.columns.div_ceil(4);
        target.loops(&[rows.taps, rows.run + 1]);
        let reads = [x, w, bias.unwrap_or(w), x_zero, w_zero];
        target.push(Dispatch {
            shader: &CONV,
            constants: vec![
                ("TRANSPOSED", u32::from(self.is_transposed)),
                ("TYPE", x.dtype()),
                ("W_TYPE", w.dtype()),
                ("BIAS", u32::from(bias.is_some())),
                ("ZEROS", is_each(x_zero)),
                ("W_ZEROS", is_each(w_zero)),
            ],
            params: rows.words(),
            reads: reads.map(|operand| operand.region).to_vec(),
            writes: vec![y],
            workgroups: (tiles as u64).div_ceil(u64::from(WORKGROUP)),
        });
    }

    /// How the sums lie that become bytes: maps with positions behind, or columns.
    fn of_maps(&self, y: &Operand) -> Layout {
        [y.shape()[1], self.rows.columns]
    }
}

pub(super) fn conv(
    step: &Step,
    window: &Window,
    group: usize,
    is_transposed: bool,
    target: &mut Target,
) -> Lowered {
    let (x, w) = (step.inputs[0], step.inputs[1]);
    let [y] = operands(&step.outputs)?;
    let factors = Factors {
        x,
        w,
        zeros: None,
        bias: step.inputs.get(2).copied(),
    };
    let product = Product::of_images(&x, &y, window, group, is_transposed)?;
    product.dispatch(factors, y.region, target);
    Ok(())
}

pub(super) fn conv_integer(
    step: &Step,
    window: &Window,
    group: usize,
    target: &mut Target,
) -> Lowered {
    let [x, w, x_zero, w_zero] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let factors = Factors {
        x,
        w,
        zeros: Some([x_zero, w_zero]),
        bias: None,
    };
    Product::of_images(&x, &y, window, group, false)?.dispatch(factors, y.region, target);
    Ok(())
}

pub(super) fn qlinear_conv(
    step: &Step,
    window: &Window,
    group: usize,
    target: &mut Target,
) -> Lowered {
    let [
        x,
        x_scale,
        x_zero,
        w,
        w_scale,
        w_zero,
        y_scale,
        y_zero,
        ref bias @ ..,
    ] = step.inputs[..]
    else {
        return Err("operands are missing".to_owned());
    };
    let [y] = operands(&step.outputs)?;
    let factors = Factors {
        x,
        w,
        zeros: Some([x_zero, w_zero]),
        bias: None,
    };
    let product = Product::of_images(&x, &y, window, group, false)?;
    let sums = target.scratch(y.len());
    product.dispatch(factors, sums, target);
    let scales = [x_scale, w_scale, y_scale, y_zero];
    let bias = bias.first().copied();
    requantize(sums, product.of_maps(&y), scales, bias, &y, target);
    Ok(())
}

pub(super) fn matmul_integer(step: &Step, target: &mut Target) -> Lowered {
    let [a, b, a_zero, b_zero] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let factors = Factors {
        x: b,
        w: a,
        zeros: Some([b_zero, a_zero]),
        bias: None,
    };
    Product::of_matrices(&a, &b, &y)?.dispatch(factors, y.region, target);
    Ok(())
}

pub(super) fn qlinear_matmul(step: &Step, target: &mut Target) -> Lowered {
    let [a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let factors = Factors {
        x: b,
        w: a,
        zeros: Some([b_zero, a_zero]),
        bias: None,
    };
    let product = Product::of_matrices(&a, &b, &y)?;
    let sums = target.scratch(y.len());
    product.dispatch(factors, sums, target);
    let scales = [a_scale, b_scale, y_scale, y_zero];
    let columns = [product.rows.columns, 1];
    requantize(sums, columns, scales, None, &y, target);
    Ok(())
}

/// A dispatch for every four channels of every `positions` positions of a line.
fn each_channel(
    rows: &Rows,
    positions: usize,
    shader: &'static Shader,
    constants: &[(&'static str, u32)],
    reads: Vec<Region>,
    y: Region,
    target: &mut Target,
) {
    target.loops(&[rows.taps, 8]);
    let line = rows.window[5].max(1) as usize;
    let tiles = rows.rows / line * line.div_ceil(positions) * rows.columns.div_ceil(4);
    target.push(Dispatch {
        shader,
        constants: constants.to_vec(),
        params: rows.words(),
        reads,
        writes: vec![y],
        workgroups: (tiles as u64).div_ceil(u64::from(WORKGROUP)),
    });
}

pub(super) fn depthwise(
    step: &Step,
    window: &Window,
    activation: Option<Unary>,
    target: &mut Target,
) -> Lowered {
    let [x, w, bias] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let mut rows = Rows::of_patches(&x, &y, window)?;
    let (function, parameters) = numbered(activation);
    rows.parameters = parameters;
    let constants = [
        ("ALIGNED", u32::from(rows.columns.is_multiple_of(4))),
        ("FUNCTION", function),
    ];
    let reads = [x, w, bias].map(|operand| operand.region).to_vec();
    each_channel(&rows, 4, &DEPTHWISE, &constants, reads, y.region, target);
    Ok(())
}

pub(super) fn qlinear_depthwise(step: &Step, window: &Window, target: &mut Target) -> Lowered {
    let [x, _, _, multiplier, bias, y_zero] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let rows = Rows::of_patches(&x, &y, window)?;
    // An invocation writes whole words: where they lie across positions, another shader does.
    let is_whole = rows.columns.is_multiple_of(4);
    let (positions, sums) = if is_whole {
        (4, y.region)
    } else {
        (1, target.scratch(y.len()))
    };
    let constants = [
        ("WHOLE", u32::from(is_whole)),
        ("TYPE", x.dtype()),
        ("TO", y.dtype()),
    ];
    let reads = step.inputs.iter().map(|operand| operand.region).collect();
    each_channel(
        &rows,
        positions,
        &DEPTHWISE_Q8,
        &constants,
        reads,
        sums,
        target,
    );
    if !is_whole {
        requantize_by(sums, [multiplier, bias, y_zero], &y, target);
    }
    Ok(())
}
