//! Softmax along one axis, the largest element taken out first so that nothing overflows.

use super::{Operand, Output, math};
use crate::KernelSet;

pub(super) fn run(x: Operand, y: &mut Output, axis: usize, log: bool, set: KernelSet) {
    let inner: usize = x.shape[axis + 1..].iter().product();
    let extent = x.shape[axis];
    let y = y.f32_mut();
    y.copy_from_slice(x.f32());
    if inner == 1 {
        if extent > 0 {
            y.chunks_exact_mut(extent)
                .for_each(|row| normalise(row, log, set));
        }
        return;
    }
    let mut row = vec![0.0; extent];
    for block in y.chunks_exact_mut((extent * inner).max(1)) {
        for column in 0..inner {
            for (n, value) in row.iter_mut().enumerate() {
                *value = block[n * inner + column];
            }
            normalise(&mut row, log, set);
            for (n, value) in row.iter().enumerate() {
                block[n * inner + column] = *value;
            }
        }
    }
}

pub(super) fn normalise(row: &mut [f32], log: bool, set: KernelSet) {
    let most = largest(row);
    if log {
        let sum: f32 = row.iter().map(|x| (x - most).exp()).sum();
        let shift = most + sum.ln();
        row.iter_mut().for_each(|x| *x -= shift);
        return;
    }
    match set {
        KernelSet::Scalar => row.iter_mut().for_each(|x| *x = (*x - most).exp()),
        KernelSet::Fastest => row.iter_mut().for_each(|x| *x = math::exp(*x - most)),
    }
    let inverse = 1.0 / row.iter().sum::<f32>();
    row.iter_mut().for_each(|x| *x *= inverse);
}

/// NaN is passed over. In lanes, so that it vectorises.
fn largest(row: &[f32]) -> f32 {
    const LANES: usize = 8;
    let larger = |most: f32, x: f32| if x > most { x } else { most };
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut most = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for (most, &x) in most.iter_mut().zip(chunk) {
            *most = larger(*most, x);
        }
    }
    most.iter()
        .chain(rest)
        .copied()
        .fold(f32::NEG_INFINITY, larger)
}
