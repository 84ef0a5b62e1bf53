//! The rows of products: of matrices, or patches of images, and how invocations share them.

use super::layout::walk;
use super::{Operand, Target};
use crate::dispatch::{Dispatch, Region};
use crate::shader::{Shader, WORKGROUP};
use nearshelf_engine::Window;

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
    pub is_patches: bool,
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

    pub fn is_aligned(&self) -> bool {
        self.run.is_multiple_of(4)
    }

    /// The dispatch of a shader that works in tiles.
    pub fn dispatch(
        &self,
        shader: &'static Shader,
        constants: &[(&'static str, u32)],
        reads: Vec<Region>,
        y: Region,
        target: &mut Target,
    ) {
        let is_tall = self.rows > 1;
        let height = if is_tall { 4 } else { 1 };
        let tiles = self.batches * self.rows.div_ceil(height) * self.columns.div_ceil(8);
        let split = split(tiles, self.run, target);
        let mut all = vec![
            ("SPLIT", split),
            ("TALL", u32::from(is_tall)),
            ("PATCHES", u32::from(self.is_patches)),
        ];
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
