//! The rarer ways of `Resize`, as a table of neighbours and weights for each axis: cubic, anti-aliased, cropped.
//!
//! Kernels: R. G. Keys, "Cubic convolution interpolation for digital image processing", 1981, and the triangle; widened
//! by the scale where an image shrinks and `antialias` asks for it.

use crate::CompileError;
use crate::constant::{Constant, Data};
use crate::graph::Lowering;
use crate::node::{Node, Value};
use nearshelf_engine::{Binary, Op};

/// What one axis is resampled by.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    /// Extent before and after.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) scale: f64,
    /// Part of the axis that is looked at, for `tf_crop_and_resize`.
    pub(super) region: [f64; 2],
}

/// How all axes are resampled.
#[derive(Debug, Clone)]
pub(super) struct Method {
    pub(super) coordinates: String,
    pub(super) kernel: Kernel,
    pub(super) antialias: bool,
    pub(super) exclude_outside: bool,
    /// The value beyond a cropped image.
    pub(super) beyond: f32,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kernel {
    /// The rounding of `nearest_mode`.
    Nearest(String),
    Linear,
    /// With coefficient a.
    Cubic(f64),
}

/// Most neighbours in all of one axis' table.
const MAX_TABLE: usize = 1 << 22;

impl Method {
    /// Resamples `axis` of `x`.
    pub(super) fn apply(
        &self,
        node: &Node,
        lowering: &mut Lowering,
        x: &Value,
        axis: usize,
        by: &Axis,
    ) -> Result<Value, CompileError> {
        let width = self.width(by);
        if by.from == 0 || width.saturating_mul(by.to) > MAX_TABLE {
            return Err(node.bad(format!("axis {axis} is empty, or shrinks too much")));
        }
        let (mut indices, mut weights) = (Vec::new(), Vec::new());
        let mut beyond = vec![0.0; by.to];
        for (out, beyond) in beyond.iter_mut().enumerate() {
            let at = self.source(by, out);
            let mut row = self.row(by, at);
            let last = by.from as f64 - 1.0;
            if self.coordinates == "tf_crop_and_resize" && !(at >= 0.0 && at <= last) {
                *beyond = self.beyond;
                row.iter_mut().for_each(|(_, weight)| *weight = 0.0);
            }
            row.resize(width, (0.0, 0.0));
            indices.extend(row.iter().map(|(index, _)| index.clamp(0.0, last) as i32));
            weights.extend(row.iter().map(|&(_, weight)| weight as f32));
        }
        let indices = Value::constant(Constant {
            shape: vec![by.to, width],
            data: Data::I32(indices),
        });
        let weights = Value::constant(Constant::f32([by.to, width], weights));
        let y = lowering.push(node, Op::Resample { axis }, &[x, &indices, &weights])?;
        if beyond.iter().all(|&value| value == 0.0) {
            return Ok(y);
        }
        let mut shape = vec![1; lowering.shape(&y).len() - axis];
        shape[0] = by.to;
        let beyond = Value::constant(Constant::f32(shape, beyond));
        lowering.push(node, Op::Binary(Binary::Add), &[&y, &beyond])
    }

    /// By how much the kernel is compressed: 1, or the scale of an image that shrinks.
    fn pace(&self, by: &Axis) -> f64 {
        if self.antialias {
            by.scale.min(1.0)
        } else {
            1.0
        }
    }

    /// How far the kernel reaches, in elements.
    fn reach(&self, by: &Axis) -> f64 {
        let reach = match self.kernel {
            Kernel::Nearest(_) => 0.0,
            Kernel::Linear => 1.0,
            Kernel::Cubic(_) => 2.0,
        };
        (reach / self.pace(by)).ceil()
    }

    fn width(&self, by: &Axis) -> usize {
        (2.0 * self.reach(by)).max(1.0) as usize
    }

    /// Where an output element lies in the input (ONNX `Resize`, `coordinate_transformation_mode`).
    fn source(&self, by: &Axis, out: usize) -> f64 {
        let (out, from) = (out as f64, by.from as f64);
        let target = by.scale * from;
        let half = (out + 0.5) / by.scale - 0.5;
        match &*self.coordinates {
            "asymmetric" => out / by.scale,
            // Of the extent that there is, as ONNX Runtime and PyTorch have it; ONNX's reference takes the product
            // with the scale before it is rounded.
            "align_corners" if by.to > 1 => out * (from - 1.0) / (by.to as f64 - 1.0),
            "align_corners" => 0.0,
            "pytorch_half_pixel" if by.to <= 1 => -0.5,
            "half_pixel_symmetric" => from / 2.0 * (1.0 - by.to as f64 / target) + half,
            "tf_crop_and_resize" => {
                let [begin, end] = by.region;
                let last = from - 1.0;
                if by.to > 1 {
                    begin * last + out * (end - begin) * last / (by.to as f64 - 1.0)
                } else {
                    (begin + end) / 2.0 * last
                }
            }
            _ => half,
        }
    }

    /// Neighbours, which may lie outside, and their weights.
    fn row(&self, by: &Axis, at: f64) -> Vec<(f64, f64)> {
        if let Kernel::Nearest(rounding) = &self.kernel {
            let index = match &**rounding {
                "floor" => at.floor(),
                "ceil" => at.ceil(),
                "round_prefer_ceil" => (at + 0.5).floor(),
                _ => (at - 0.5).ceil(),
            };
            return vec![(index, 1.0)];
        }
        let (reach, pace) = (self.reach(by), self.pace(by));
        let first = at.floor() - reach + 1.0;
        let mut row: Vec<(f64, f64)> = (0..self.width(by))
            .map(|n| {
                let index = first + n as f64;
                (index, self.weight((index - at).abs() * pace))
            })
            .collect();
        if self.exclude_outside {
            for (_, weight) in row
                .iter_mut()
                .filter(|(i, _)| *i < 0.0 || *i >= by.from as f64)
            {
                *weight = 0.0;
            }
        }
        if self.exclude_outside || self.antialias {
            let sum: f64 = row.iter().map(|(_, weight)| weight).sum();
            row.iter_mut().for_each(|(_, weight)| *weight /= sum);
        }
        row
    }

    fn weight(&self, x: f64) -> f64 {
        match self.kernel {
            Kernel::Cubic(a) if x < 1.0 => ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0,
            Kernel::Cubic(a) if x < 2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * a,
            Kernel::Cubic(_) => 0.0,
            _ => (1.0 - x).max(0.0),
        }
    }
}
