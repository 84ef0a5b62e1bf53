//! Normalisation layers. Mean and variance are those of the population, as ONNX defines them.

use super::{Operand, Output};

/// Values that are summed in f32 before the sum goes into an f64: a row may be a whole image.
const CHUNK: usize = 256;
const LANES: usize = 8;

/// Sum of `f` of all values, in lanes, so that it vectorises.
fn sum(row: &[f32], f: impl Fn(f32) -> f32) -> f64 {
    let chunks = row.chunks(CHUNK).map(|chunk| {
        let (lanes, rest) = chunk.as_chunks::<LANES>();
        let mut sums = [0.0_f32; LANES];
        for values in lanes {
            for (sum, &x) in sums.iter_mut().zip(values) {
                *sum += f(x);
            }
        }
        let rest = rest.iter().map(|&x| f64::from(f(x)));
        sums.into_iter().map(f64::from).chain(rest).sum::<f64>()
    });
    chunks.sum()
}

/// Subtracts the mean and divides by the deviation, in place.
fn standardise(row: &mut [f32], epsilon: f32) {
    let count = row.len().max(1) as f64;
    let mean = (sum(row, |x| x) / count) as f32;
    row.iter_mut().for_each(|x| *x -= mean);
    let squares = sum(row, |x| x * x);
    let inverse = (1.0 / (squares / count + f64::from(epsilon)).sqrt()) as f32;
    row.iter_mut().for_each(|x| *x *= inverse);
}

pub(super) fn layer(inputs: &[Operand], y: &mut Output, axis: usize, epsilon: f32) {
    let (x, scale, bias) = (inputs[0], inputs[1].f32(), inputs[2].f32());
    let length: usize = x.shape[axis..].iter().product();
    let y = y.f32_mut();
    y.copy_from_slice(x.f32());
    for row in y.chunks_exact_mut(length.max(1)) {
        standardise(row, epsilon);
        for ((y, scale), bias) in row.iter_mut().zip(scale).zip(bias) {
            *y = *y * scale + bias;
        }
    }
}

pub(super) fn instance(inputs: &[Operand], y: &mut Output, epsilon: f32) {
    let (x, scale, bias) = (inputs[0], inputs[1].f32(), inputs[2].f32());
    let length: usize = x.shape[2..].iter().product();
    let y = y.f32_mut();
    y.copy_from_slice(x.f32());
    for (at, channel) in y.chunks_exact_mut(length.max(1)).enumerate() {
        standardise(channel, epsilon);
        let (scale, bias) = (scale[at % scale.len()], bias[at % bias.len()]);
        channel.iter_mut().for_each(|x| *x = *x * scale + bias);
    }
}

/// ONNX `LRN`: x ÷ (bias + alpha ÷ size · Σ x²)^beta over neighbouring channels.
pub(super) fn local_response(
    x: Operand,
    y: &mut Output,
    size: usize,
    alpha: f32,
    beta: f32,
    bias: f32,
) {
    let channels = x.shape[1];
    let inner: usize = x.shape[2..].iter().product();
    let (x, y) = (x.f32(), y.f32_mut());
    let (before, after) = ((size - 1) / 2, size / 2);
    for (image, y) in x
        .chunks_exact((channels * inner).max(1))
        .zip(y.chunks_exact_mut((channels * inner).max(1)))
    {
        for channel in 0..channels {
            let neighbours = channel.saturating_sub(before)..(channel + after + 1).min(channels);
            for at in 0..inner {
                let sum: f32 = neighbours
                    .clone()
                    .map(|n| image[n * inner + at])
                    .map(|x| x * x)
                    .sum();
                let divisor = (bias + alpha / size as f32 * sum).powf(beta);
                y[channel * inner + at] = image[channel * inner + at] / divisor;
            }
        }
    }
}
