//! Batched matrix products: f32, and 8-bit into i32 or requantized.

use super::{
    Operand, Output, Scratch,
    gemm::Gemm,
    igemm::IntegerGemm,
    quantize::{bytes_as_i32, parameter, requantize, widen},
    strided::{Rows, broadcast_strides},
};
use crate::KernelSet;

/// Extents of a batched product, and where each matrix of a batch begins.
struct Batches {
    m: usize,
    k: usize,
    n: usize,
    /// Matrix numbers of `a` and `b` for each matrix of the output.
    pairs: Vec<(usize, usize)>,
}

fn batches(a: &[usize], b: &[usize], y: &[usize]) -> Batches {
    let (m, k, n) = (a[a.len() - 2], a[a.len() - 1], b[b.len() - 1]);
    let batch = &y[..y.len() - 2];
    let a_strides = broadcast_strides(&a[..a.len() - 2], batch);
    let b_strides = broadcast_strides(&b[..b.len() - 2], batch);
    let rows = Rows::new(batch, [&a_strides, &b_strides]);
    let (length, steps) = (rows.length as isize, rows.steps);
    let mut pairs = Vec::new();
    for ([a, b], _) in rows {
        for n in 0..length {
            pairs.push(((a + n * steps[0]) as usize, (b + n * steps[1]) as usize));
        }
    }
    Batches { m, k, n, pairs }
}

pub(super) fn run(inputs: &[Operand], y: &mut Output, scratch: &mut Scratch, set: KernelSet) {
    let (a, b, bias) = (inputs[0], inputs[1], inputs.get(2).map(Operand::f32));
    let Batches { m, k, n, pairs } = batches(a.shape, b.shape, y.shape);
    let y = y.f32_mut();
    match bias {
        Some(bias) if n > 0 => y
            .chunks_exact_mut(n)
            .for_each(|row| row.copy_from_slice(bias)),
        _ => y.fill(0.0),
    }
    // One matrix for a whole batch: a single product with more rows.
    if pairs.len() > 1 && pairs.iter().enumerate().all(|(at, &pair)| pair == (at, 0)) {
        return Gemm::dense(m * pairs.len(), k, n).run(
            a.f32(),
            b.f32(),
            y,
            &mut scratch.f32_b,
            set,
        );
    }
    for (at, (a_at, b_at)) in pairs.into_iter().enumerate() {
        let (a, b) = (&a.f32()[a_at * m * k..], &b.f32()[b_at * k * n..]);
        Gemm::dense(m, k, n).run(a, b, &mut y[at * m * n..], &mut scratch.f32_b, set);
    }
}

/// `(a - a_zero) · (b - b_zero)` of all batches into `scratch.i32_a`.
fn products(operands: [Operand; 4], y_shape: &[usize], scratch: &mut Scratch, set: KernelSet) {
    let [a, b, a_zero, b_zero] = operands;
    let Batches { m, k, n, pairs } = batches(a.shape, b.shape, y_shape);
    let Scratch {
        i16_a,
        i16_b,
        i32_a,
        ..
    } = scratch;
    widen(a, &bytes_as_i32(a_zero), 0, i16_a);
    let mut wide_b = Vec::new();
    widen(b, &bytes_as_i32(b_zero), n, &mut wide_b);
    i32_a.clear();
    i32_a.resize(pairs.len() * m * n, 0);
    for (at, (a_at, b_at)) in pairs.into_iter().enumerate() {
        let (a, b) = (&i16_a[a_at * m * k..], &wide_b[b_at * k * n..]);
        IntegerGemm { m, k, n, c_row: n }.run(a, b, &mut i32_a[at * m * n..], i16_b, set);
    }
}

pub(super) fn run_integer(
    inputs: &[Operand],
    y: &mut Output,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    products(
        [inputs[0], inputs[1], inputs[2], inputs[3]],
        y.shape,
        scratch,
        set,
    );
    y.i32_mut().copy_from_slice(&scratch.i32_a);
}

pub(super) fn run_qlinear(
    inputs: &[Operand],
    y: &mut Output,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let [a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero] =
        std::array::from_fn(|at| inputs[at]);
    products([a, b, a_zero, b_zero], y.shape, scratch, set);
    let n = y.shape[y.shape.len() - 1];
    let (a_scale, y_scale) = (parameter(a_scale.f32(), 0), parameter(y_scale.f32(), 0));
    let b_scales = b_scale.f32();
    let zero = parameter(&bytes_as_i32(y_zero), 0);
    requantize(
        &scratch.i32_a,
        |at| a_scale * parameter(b_scales, at % n) / y_scale,
        zero,
        y,
    );
}
