//! Resampling, one axis after the other.

use super::{Operand, Output, Scratch};
use nearshelf_operators::{ResizeCoordinates, ResizeMode};

pub(super) fn run(
    x: Operand,
    y: &mut Output,
    scales: &[f32],
    coordinates: ResizeCoordinates,
    mode: ResizeMode,
    scratch: &mut Scratch,
) {
    let target = y.shape;
    let mut shape = x.shape.to_vec();
    let Scratch {
        f32_a: current,
        f32_b: next,
        ..
    } = scratch;
    current.clear();
    current.extend_from_slice(x.f32());
    for axis in 0..shape.len() {
        if shape[axis] == target[axis] && scales[axis] == 1.0 {
            continue;
        }
        let taps = resize_taps(shape[axis], target[axis], scales[axis], coordinates, mode);
        resample(current, next, &shape, axis, &taps);
        shape[axis] = target[axis];
        std::mem::swap(current, next);
    }
    y.f32_mut().copy_from_slice(current);
}

/// Two neighbours along an axis and how much the second counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResizeTap {
    /// Index of the first one.
    pub first: usize,
    /// Index of the second one.
    pub second: usize,
    /// 0..=1.
    pub weight: f32,
}

/// What [`Op::Resize`](nearshelf_operators::Op::Resize) mixes each of `target` new elements of, along an axis of `extent`.
#[must_use]
pub fn resize_taps(
    extent: usize,
    target: usize,
    scale: f32,
    coordinates: ResizeCoordinates,
    mode: ResizeMode,
) -> Vec<ResizeTap> {
    let at = |out: usize| source(out, extent, target, scale, coordinates);
    (0..target).map(|out| tap(at(out), extent, mode)).collect()
}

/// Where an output element lies in the input (ONNX `Resize`, `coordinate_transformation_mode`).
fn source(
    out: usize,
    extent: usize,
    target: usize,
    scale: f32,
    coordinates: ResizeCoordinates,
) -> f32 {
    let out = out as f32;
    match coordinates {
        ResizeCoordinates::HalfPixel => (out + 0.5) / scale - 0.5,
        ResizeCoordinates::PytorchHalfPixel if target > 1 => (out + 0.5) / scale - 0.5,
        ResizeCoordinates::PytorchHalfPixel => 0.0,
        ResizeCoordinates::Asymmetric => out / scale,
        ResizeCoordinates::AlignCorners if target > 1 => {
            out * (extent - 1) as f32 / (target - 1) as f32
        }
        ResizeCoordinates::AlignCorners => 0.0,
    }
}

fn tap(at: f32, extent: usize, mode: ResizeMode) -> ResizeTap {
    let last = extent.saturating_sub(1);
    let nearest = |at: f32| {
        let only = (at.max(0.0) as usize).min(last);
        ResizeTap {
            first: only,
            second: only,
            weight: 0.0,
        }
    };
    match mode {
        ResizeMode::NearestFloor => nearest(at.floor()),
        ResizeMode::NearestCeil => nearest(at.ceil()),
        ResizeMode::NearestRoundPreferFloor => nearest((at - 0.5).ceil()),
        ResizeMode::NearestRoundPreferCeil => nearest((at + 0.5).floor()),
        ResizeMode::Linear => {
            let at = at.clamp(0.0, last as f32);
            // As a float the last index may have been rounded up.
            let first = (at as usize).min(last);
            ResizeTap {
                first,
                second: (first + 1).min(last),
                weight: at - first as f32,
            }
        }
    }
}

fn resample(x: &[f32], y: &mut Vec<f32>, shape: &[usize], axis: usize, taps: &[ResizeTap]) {
    let inner: usize = shape[axis + 1..].iter().product();
    y.clear();
    for block in x.chunks_exact((shape[axis] * inner).max(1)) {
        for tap in taps {
            let (first, second) = (
                &block[tap.first * inner..][..inner],
                &block[tap.second * inner..][..inner],
            );
            y.extend(
                first
                    .iter()
                    .zip(second)
                    .map(|(a, b)| a + (b - a) * tap.weight),
            );
        }
    }
}
