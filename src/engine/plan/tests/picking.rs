//! Operators that pick, sample, attend and cut, and operands that suit them.

use super::draw::Draw;
use super::hostile::ty;
use super::*;

impl Draw<'_> {
    pub(super) fn picking_op(&mut self, axis: usize) -> Op {
        let rank = self.below(4);
        let (is_first, is_second) = (self.truth(), self.truth());
        match self.below(14) {
            0 => Op::BitCast,
            1 => Op::ElementPositions {
                shape: self.extents(rank),
                axis,
            },
            2 => Op::TuplePositions {
                shape: self.extents(rank),
                batch: self.below(3),
            },
            3 => Op::Scatter {
                combine: self.pick(&[
                    None,
                    Some(Binary::Add),
                    Some(Binary::Max),
                    Some(Binary::Div),
                ]),
            },
            4 => Op::TopK {
                axis,
                k: self.extent(),
                largest: is_first,
            },
            5 => Op::Cumulate {
                axis,
                product: self.truth(),
                exclusive: is_first,
                reverse: is_second,
            },
            6 => Op::Resample { axis },
            7 => Op::Sample {
                mode: self.pick(&[
                    SampleMode::Nearest,
                    SampleMode::Linear,
                    SampleMode::Cubic,
                    SampleMode::LargestShare,
                ]),
                border: self.pick(&[
                    SampleBorder::Zeros,
                    SampleBorder::Edge,
                    SampleBorder::ReflectCentres,
                    SampleBorder::ReflectEdges,
                    SampleBorder::EdgeThenZeros,
                ]),
            },
            8 => Op::ArgMaxPool {
                window: self.window(),
                ceil_mode: is_first,
            },
            9 => Op::NonZero,
            10 => Op::Unique {
                axis,
                sorted: is_first,
            },
            11 => Op::NonMaxSuppression {
                center_point_box: is_first,
                limit: self.extent(),
            },
            12 => Op::Attention {
                heads: self.pick(&[1, 2, 3, 0, usize::MAX]),
                scale: self.float(),
                zero: [ZeroShares::NoNumber, ZeroShares::Hidden][usize::from(is_first)],
                masking: [Masking::Added, Masking::Replaces][usize::from(is_first)],
            },
            _ => Op::Cut { axis },
        }
    }

    /// Operands of an operator that picks; none for other operators.
    pub(super) fn picking_operands(&mut self, op: &Op) -> Option<Vec<TensorType>> {
        let dtype = self.dtype();
        let mut small = || self.below(4) + usize::from(self.below(8) > 0);
        let (a, b, c, d) = (small(), small(), small(), small());
        let is_split = self.truth();
        let float = |shape: &[usize]| ty(DType::F32, shape);
        let whole = |shape: &[usize]| ty(DType::I32, shape);
        Some(match op {
            Op::ElementPositions { shape, axis } => {
                let mut own = shape.clone();
                if let Some(extent) = own.get_mut(*axis) {
                    *extent = a;
                }
                vec![whole(&own)]
            }
            Op::TuplePositions { shape, batch } => {
                let mut own = shape.get(..*batch).unwrap_or_default().to_vec();
                own.extend([a, shape.len().saturating_sub(*batch)]);
                vec![whole(&own)]
            }
            Op::Scatter { .. } => vec![ty(dtype, &[a, b]), whole(&[c]), ty(dtype, &[c, b])],
            Op::Resample { .. } => vec![float(&[a, b, c]), whole(&[d, 2]), float(&[d, 2])],
            Op::Sample { .. } => vec![float(&[a, b, c, d]), float(&[b, a, c, 2]), whole(&[b])],
            Op::NonZero => vec![ty(DType::U8, &[a, b, c])],
            Op::NonMaxSuppression { .. } => vec![
                float(&[a, c, 4]),
                float(&[a, b, c]),
                whole(&[]),
                float(&[1]),
                float(&[]),
            ],
            Op::Cut { .. } => vec![ty(dtype, &[a, b]), whole(&[])],
            Op::Attention { heads, .. } => {
                let rows = |count: usize, width: usize| match is_split {
                    true => float(&[a, *heads, count, width]),
                    false => float(&[a, count, heads.wrapping_mul(width)]),
                };
                vec![rows(b, c), rows(d, c), rows(d, 2), float(&[b, 1])]
            }
            Op::TopK { .. } | Op::Unique { .. } => vec![ty(dtype, &[a, b, c])],
            _ => return None,
        })
    }
}
