//! Resampling: along an axis by a table, and of images where coordinates say.

use super::{Operand, Output};
use nearshelf_operators::{SampleBorder, SampleMode};

/// Each new element along `axis` is a weighted sum of old ones.
pub(super) fn resample(inputs: &[Operand], y: &mut Output, axis: usize) -> Result<(), String> {
    let (x, indices, weights) = (inputs[0], inputs[1].i32(), inputs[2].f32());
    let extent = x.shape[axis];
    let inner: usize = x.shape[axis + 1..].iter().product();
    let [count, taps] = [inputs[1].shape[0], inputs[1].shape[1]];
    if let Some(index) = indices
        .iter()
        .find(|&&index| usize::try_from(index).map_or(true, |index| index >= extent))
    {
        return Err(format!("index {index} is outside 0..{extent}"));
    }
    for (line, y) in y.f32_mut().chunks_exact_mut(inner.max(1)).enumerate() {
        let (block, to) = (line / count, line % count);
        y.fill(0.0);
        for tap in to * taps..(to + 1) * taps {
            let from = (block * extent + indices[tap] as usize) * inner;
            for (y, x) in y.iter_mut().zip(&x.f32()[from..from + inner]) {
                *y += x * weights[tap];
            }
        }
    }
    Ok(())
}

/// Position and weight of a neighbour.
type Tap = (usize, f32);

/// Pixels of images looked up at `at`.
pub(super) fn run(
    inputs: &[Operand],
    y: &mut Output,
    mode: SampleMode,
    border: SampleBorder,
) -> Result<(), String> {
    let (x, at, images) = (inputs[0], inputs[1].f32(), inputs[2].i32());
    let (channels, spatial) = (x.shape[1], &x.shape[2..]);
    let pixels: usize = spatial.iter().product();
    let samples: usize = y.shape[2..].iter().product();
    let y = y.f32_mut();
    // Neighbours of a sample, and those of one more axis.
    let (mut taps, mut next): (Vec<Tap>, Vec<Tap>) = (Vec::new(), Vec::new());
    for (number, at) in at.chunks_exact(spatial.len()).enumerate() {
        let (region, sample) = (number / samples, number % samples);
        let image = usize::try_from(images[region]).ok();
        let image = image
            .filter(|&image| image < x.shape[0])
            .ok_or_else(|| format!("image {} is outside 0..{}", images[region], x.shape[0]))?;
        taps.clear();
        taps.push((0, 1.0));
        for (&at, &extent) in at.iter().zip(spatial) {
            next.clear();
            for (index, weight) in neighbours(at, extent, mode, border) {
                next.extend(
                    taps.iter()
                        .map(|&(outer, w)| (outer * extent + index, w * weight)),
                );
            }
            std::mem::swap(&mut taps, &mut next);
        }
        for channel in 0..channels {
            let values = &x.f32()[(image * channels + channel) * pixels..][..pixels];
            let shares = taps.iter().map(|&(at, weight)| values[at] * weight);
            y[(region * channels + channel) * samples + sample] = match mode {
                SampleMode::LargestShare => shares.reduce(f32::max).unwrap_or(0.0),
                _ => shares.sum(),
            };
        }
    }
    Ok(())
}

/// Pixels along one axis that a coordinate is mixed of; none where there is nothing.
fn neighbours(
    at: f32,
    extent: usize,
    mode: SampleMode,
    border: SampleBorder,
) -> impl Iterator<Item = Tap> {
    let mut at = at;
    let mut is_beyond = false;
    if border == SampleBorder::EdgeThenZeros {
        is_beyond = !(at >= -1.0 && at <= extent as f32);
        at = at.max(0.0).min(extent as f32 - 1.0);
    }
    let first = at.floor();
    let t = at - first;
    let taps = match mode {
        SampleMode::Nearest => [
            (at.round_ties_even(), 1.0),
            (0.0, 0.0),
            (0.0, 0.0),
            (0.0, 0.0),
        ],
        SampleMode::Linear | SampleMode::LargestShare => {
            [(first, 1.0 - t), (first + 1.0, t), (0.0, 0.0), (0.0, 0.0)]
        }
        SampleMode::Cubic => [-1.0, 0.0, 1.0, 2.0].map(|n: f32| (first + n, cubic((t - n).abs()))),
    };
    let used = match mode {
        SampleMode::Nearest => 1,
        SampleMode::Cubic => 4,
        _ => 2,
    };
    let taps = taps.into_iter().take(if is_beyond { 0 } else { used });
    taps.filter_map(move |(at, weight)| Some((inside(at, extent, border)?, weight)))
}

/// The pixel that stands for whole number `at`.
fn inside(at: f32, extent: usize, border: SampleBorder) -> Option<usize> {
    let last = extent as f32 - 1.0;
    let at = match border {
        SampleBorder::Zeros if !(at >= 0.0 && at <= last) => return None,
        SampleBorder::ReflectCentres => mirrored(at, 0.0, last),
        SampleBorder::ReflectEdges => mirrored(at, -0.5, last + 0.5),
        _ => at,
    };
    // From 2^24 on the float may be beyond the last pixel.
    Some((at.max(0.0) as usize).min(extent - 1))
}

/// `at`, reflected between `low` and `high` until it lies there.
fn mirrored(at: f32, low: f32, high: f32) -> f32 {
    let period = 2.0 * (high - low);
    if period <= 0.0 {
        return low;
    }
    let within = (at - low).rem_euclid(period);
    low + within.min(period - within)
}

/// Weight of a pixel at distance `x` (R. G. Keys, "Cubic convolution interpolation for digital image processing", 1981).
fn cubic(x: f32) -> f32 {
    const A: f32 = -0.75;
    if x <= 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else {
        (((x - 5.0) * x + 8.0) * x - 4.0) * A
    }
}
