//! Products of rows with packed columns, and of matrices.

use super::activation::numbered;
use super::layout::walk;
use super::quantize::{SUMS, requantize_by};
use super::{Lowered, Operand, Step, Target, operands};
use crate::dispatch::{Dispatch, Region};
use crate::shader::{PRODUCT, PRODUCT_Q8, Shader, WORKGROUP};
use nearshelf_engine::{Unary, Window};

/// Invocations that keep a GPU busy.
const BUSY: usize = 16_384;
/// Fewest terms of an invocation's part of a sum.
const LEAST_TERMS: usize = 16;

/// The rows of a product and what they are multiplied with: what `patches.wgsl` is told.
#[derive(Clone)]
pub(super) struct Rows {
    pub rows: usize,
    pub columns: usize,
    /// Elements that lie together.
    pub run: usize,
    pub taps: usize,
    pub parameters: [u32; 2],
    /// Rows are patches rather than what lies one behind the other.
    is_patches: bool,
    /// Channels, width of the kernel, and the window.
    pub window: [u32; 12],
    /// Products, and the words of the axes that they are counted along.
    pub batches: usize,
    pub batch: Vec<u32>,
}

impl Rows {
    /// A matrix whose rows are all axes of `x` but the last.
    pub fn of_matrix(x: &Operand, columns: usize) -> Self {
        let run = x.shape().last().copied().unwrap_or(0);
        Self {
            rows: x.shape().iter().rev().skip(1).product(),
            columns,
            run,
            taps: 1,
            parameters: [0; 2],
            is_patches: false,
            window: [1; 12],
            batches: 1,
            batch: walk(&[], &[]),
        }
    }

    /// The patches of `x [n, h, w, c]` under the windows of `y [n, h', w', columns]`.
    pub fn of_patches(x: &Operand, y: &Operand, window: &Window) -> Result<Self, String> {
        let [(_, image, channels), (images, result, columns)] =
            [x, y].map(|tensor| match *tensor.shape() {
                [n, height, width, channels] => (n, [height, width], channels),
                _ => (0, [0; 2], 0),
            });
        let mut rows = Self::of_matrix(x, columns);
        rows.rows = images * result[0] * result[1];
        let taps @ [kernel, strides, _, pads] = two_axes(window)?;
        rows.window = window_words(channels, image, result, taps);
        // Where each window is a pixel the patches are the image.
        if kernel != [1, 1] || strides != [1, 1] || image != result || pads != [0, 0] {
            rows.taps = kernel[0] * kernel[1];
            rows.is_patches = true;
        }
        Ok(rows)
    }

    pub fn words(&self) -> Vec<u32> {
        let first = [self.rows, self.columns, self.run, self.taps].map(|n| n as u32);
        let [rank, _, _, axes @ ..] = &self.batch[..] else {
            return Vec::new();
        };
        let batch = [self.batches as u32, *rank];
        // A vec2 and an array follow a vec2 and a vec4.
        [
            &first[..],
            &self.parameters,
            &self.window,
            &batch,
            &axes[..24],
        ]
        .concat()
    }

    fn is_aligned(&self) -> bool {
        self.run.is_multiple_of(4)
    }

    /// The dispatch of a shader that works in tiles.
    fn dispatch(
        &self,
        shader: &'static Shader,
        can_be_high: bool,
        constants: &[(&'static str, u32)],
        reads: Vec<Region>,
        y: Region,
        target: &mut Target,
    ) {
        let is_tall = self.rows > 1;
        // Loading and taking bytes apart is dear on a CPU, and its own registers are in memory anyhow.
        let is_high = can_be_high
            && target.capabilities.is_software
            && !self.is_patches
            && self.rows >= 8
            && self.rows.div_ceil(8) * self.columns.div_ceil(8) >= 2 * WORKGROUP as usize;
        let height = match (is_high, is_tall) {
            (true, _) => 8,
            (false, true) => 4,
            (false, false) => 1,
        };
        let tiles = self.batches * self.rows.div_ceil(height) * self.columns.div_ceil(8);
        // The bytes of a word of patches may be looked for one by one.
        let word = if self.is_patches { 5 } else { 1 };
        target.loops(&[self.taps, self.run / 4 * word + self.run / 128 + 9]);
        let split = split(tiles, self.run, target);
        let mut all = vec![
            ("SPLIT", split),
            ("TALL", u32::from(is_tall)),
            ("PATCHES", u32::from(self.is_patches)),
        ];
        if is_high {
            all.push(("HIGH", 1));
        }
        all.extend(constants);
        target.push(Dispatch {
            shader,
            constants: all,
            params: self.words(),
            reads,
            writes: vec![y],
            workgroups: (tiles as u64 * u64::from(split)).div_ceil(u64::from(WORKGROUP)),
        });
    }
}

/// What `patches.wgsl` is told of a window.
pub(super) fn window_words(
    channels: usize,
    image: [usize; 2],
    result: [usize; 2],
    [kernel, strides, dilations, pads]: [[usize; 2]; 4],
) -> [u32; 12] {
    let [[height, width], [down, across]] = [image, result];
    let first = [channels, kernel[1], height, width, down, across];
    let rest = [strides, dilations, pads];
    let mut words = [0; 12];
    for (word, value) in words
        .iter_mut()
        .zip(first.iter().chain(rest.as_flattened()))
    {
        *word = *value as u32;
    }
    words
}

/// How many invocations share a tile: on a CPU none does.
fn split(tiles: usize, run: usize, target: &Target) -> u32 {
    let mut split = 1;
    while !target.capabilities.is_software
        && split < 32
        && tiles * split < BUSY
        && run / (2 * split) >= LEAST_TERMS
    {
        split *= 2;
    }
    split as u32
}

/// Kernel, strides, dilations and padding of a window of one or two axes; one axis is columns.
pub(super) fn two_axes(window: &Window) -> Result<[[usize; 2]; 4], String> {
    let pair = |list: &[usize], filler: usize| match *list {
        [rows, columns] => Ok([rows, columns]),
        [columns] => Ok([filler, columns]),
        _ => Err("the window has neither one axis nor two".to_owned()),
    };
    Ok([
        pair(&window.kernel, 1)?,
        pair(&window.strides, 1)?,
        pair(&window.dilations, 1)?,
        pair(&window.pads_begin, 0)?,
    ])
}

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
    rows.dispatch(&PRODUCT, false, &constants, reads, y.region, target);
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
    rows.dispatch(&PRODUCT, false, &constants, reads, y.region, target);
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
    rows.dispatch(&PRODUCT_Q8, lows.is_none(), &constants, reads, y, target);
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
