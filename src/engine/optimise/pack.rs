//! Constant weights in the order in which kernels read them.

use super::Target;
use crate::{PlanError, Tensor, ValueId, Values};
use nearshelf_kernels::pack_pairs;
use nearshelf_kernels::panel::{pack_f32, pack_q8, shape_f32, shape_q8};

/// A constant matrix, or a stack of filters, of bytes with their zero points taken off.
pub(super) struct Bytes {
    pub shape: Vec<usize>,
    pub values: Vec<i8>,
}

/// `tensor − zero`, when all of it fits 8 bits. Zero points go with the last axis, or with the first.
pub(super) fn centred(tensor: &Tensor, zero: &Tensor, along_last: bool) -> Option<Bytes> {
    let widen = |tensor: &Tensor| -> Option<Vec<i16>> {
        match tensor.values() {
            Values::I8(values) => Some(values.iter().map(|&v| i16::from(v)).collect()),
            Values::U8(values) => Some(values.iter().map(|&v| i16::from(v)).collect()),
            _ => None,
        }
    };
    let (values, zeros) = (widen(tensor)?, widen(zero)?);
    let shape = tensor.shape().to_vec();
    let inner: usize = shape.iter().skip(1).product();
    let columns = shape.last().copied().unwrap_or(1).max(1);
    let zero = |at: usize| match zeros.len() {
        1 => zeros.first(),
        _ if along_last => zeros.get(at % columns),
        _ => zeros.get(at / inner.max(1)),
    };
    let centred = values.iter().enumerate();
    let centred = centred.map(|(at, value)| i8::try_from(value - zero(at)?).ok());
    Some(Bytes {
        shape,
        values: centred.collect::<Option<_>>()?,
    })
}

impl Target {
    /// Panels of a `[depth, columns]` matrix.
    pub(super) fn panels_f32(
        &mut self,
        depth: usize,
        columns: usize,
        at: impl Fn(usize, usize) -> f32,
    ) -> Result<ValueId, PlanError> {
        let mut panels = Vec::new();
        pack_f32(depth, columns, at, &mut panels);
        self.place(shape_f32(depth, columns), Values::F32(panels))
    }

    /// Panels of a `[depth, columns]` matrix of bytes.
    pub(super) fn panels_q8(
        &mut self,
        depth: usize,
        columns: usize,
        at: impl Fn(usize, usize) -> i8,
    ) -> Result<ValueId, PlanError> {
        let mut panels = Vec::new();
        pack_q8(depth, columns, at, &mut panels);
        self.place(shape_q8(depth, columns), Values::I8(panels))
    }

    /// Depthwise filters of bytes.
    pub(super) fn pairs(
        &mut self,
        taps: usize,
        channels: usize,
        at: impl Fn(usize, usize) -> i8,
    ) -> Result<ValueId, PlanError> {
        let packed = pack_pairs(taps, channels, at);
        self.place([taps.div_ceil(2), channels, 2], Values::I8(packed))
    }
}

/// Scales of the sums of a static product: `x_scale · w_scale / y_scale`, one a column. `None` where one is
/// unknown or not finite.
pub(super) fn multipliers(
    target: &Target,
    [x_scale, w_scale, y_scale]: [ValueId; 3],
    columns: usize,
) -> Option<Vec<f32>> {
    let (x_scale, y_scale) = (target.float(x_scale)?, target.float(y_scale)?);
    let w_scales = target.floats(w_scale)?;
    let scale = |column: usize| match w_scales {
        [scale] => Some(*scale),
        scales => scales.get(column).copied(),
    };
    let multipliers = (0..columns).map(|column| Some(x_scale * scale(column)? / y_scale));
    let multipliers: Vec<f32> = multipliers.collect::<Option<_>>()?;
    multipliers
        .iter()
        .all(|m| m.is_finite())
        .then_some(multipliers)
}

/// A constant of four axes with its axes in another order.
pub(super) fn transposed(tensor: &Tensor, perm: [usize; 4]) -> Tensor {
    fn turn<T: Copy>(values: &[T], shape: &[usize], perm: [usize; 4]) -> Vec<T> {
        let extent = |axis: usize| shape[perm[axis]];
        let strides: Vec<usize> = (0..4)
            .map(|axis| shape[axis + 1..].iter().product())
            .collect();
        let stride = |axis: usize| strides[perm[axis]];
        let mut turned = Vec::with_capacity(values.len());
        for a in 0..extent(0) {
            for b in 0..extent(1) {
                for c in 0..extent(2) {
                    for d in 0..extent(3) {
                        let at = a * stride(0) + b * stride(1) + c * stride(2) + d * stride(3);
                        turned.push(values[at]);
                    }
                }
            }
        }
        turned
    }
    let shape = tensor.shape();
    let values = match tensor.values() {
        Values::F32(values) => Values::F32(turn(values, shape, perm)),
        Values::I32(values) => Values::I32(turn(values, shape, perm)),
        Values::I8(values) => Values::I8(turn(values, shape, perm)),
        Values::U8(values) => Values::U8(turn(values, shape, perm)),
    };
    let turned = perm.map(|axis| shape[axis]);
    // As many values as before.
    Tensor::new(turned, values).unwrap_or_else(|_| tensor.clone())
}
