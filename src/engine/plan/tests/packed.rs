//! Operators with packed weights, and operands that suit them.

use super::draw::Draw;
use super::hostile::ty;
use super::*;
use nearshelf_kernels::panel::{shape_f32, shape_q8};

impl Draw<'_> {
    pub(super) fn packed_op(&mut self) -> Op {
        let columns = self.extent();
        let activation = self.pick(&[None, Some(Unary::Gelu), Some(Unary::Relu)]);
        match self.below(9) {
            0 => Op::Linear {
                columns,
                activation,
            },
            1 => Op::DynamicLinear {
                columns,
                activation,
            },
            2 => Op::QLinear { columns },
            3 => Op::QLinearAdd,
            4 => Op::ConvNhwc {
                window: self.window(),
                maps: columns,
                activation,
            },
            5 => Op::QLinearConvNhwc {
                window: self.window(),
                maps: columns,
            },
            6 => Op::DynamicLinearNarrow {
                columns,
                activation,
            },
            7 => Op::DepthwiseNhwc {
                window: self.window(),
                activation,
            },
            _ => Op::QLinearDepthwiseNhwc {
                window: self.window(),
            },
        }
    }

    /// Operands of an operator with packed weights; none for other operators.
    pub(super) fn packed_operands(&mut self, op: &Op) -> Option<Vec<TensorType>> {
        let float = |shape: &[usize]| ty(DType::F32, shape);
        let small = |shape: &[usize]| {
            let is_small = shape.iter().all(|&extent| extent < 1 << 30);
            if is_small { shape.to_vec() } else { vec![1] }
        };
        let q = self.pick(&[DType::U8, DType::I8]);
        let (rows, depth) = (self.below(9), self.below(9));
        let zero = ty(q, &[]);
        let static_product = |x: TensorType, w: Vec<usize>, columns: usize| {
            vec![
                x,
                zero.clone(),
                ty(DType::I8, &small(&w)),
                float(&small(&[columns])),
                ty(DType::I32, &small(&[columns])),
                ty(DType::U8, &[]),
            ]
        };
        let taps = |window: &Window| {
            let extents = window.kernel.iter();
            extents.fold(1_usize, |product, &extent| product.saturating_mul(extent))
        };
        // Images that the window fits into.
        let image = |window: &Window| {
            let spatial = window.kernel.iter().map(|extent| extent.wrapping_add(rows));
            let mut shape = vec![2];
            shape.extend(spatial);
            shape.push(depth);
            small(&shape)
        };
        let patch = |window: &Window| taps(window).saturating_mul(depth);
        Some(match op {
            Op::Linear { columns, .. } => vec![
                float(&[2, rows, depth]),
                float(&small(&shape_f32(depth, *columns))),
                float(&small(&[*columns])),
            ],
            Op::DynamicLinear { columns, .. } => vec![
                ty(q, &[rows, depth]),
                float(&[]),
                zero.clone(),
                ty(DType::I8, &small(&shape_q8(depth, *columns))),
                float(&small(&[*columns])),
                float(&small(&[*columns])),
            ],
            Op::DynamicLinearNarrow { columns, .. } => vec![
                ty(q, &[rows, depth]),
                float(&[]),
                zero.clone(),
                ty(DType::I8, &small(&shape_q8(depth, *columns))),
                float(&small(&[*columns])),
                float(&small(&[*columns])),
                ty(DType::I32, &small(&[*columns])),
                ty(DType::I32, &small(&[*columns])),
            ],
            Op::QLinear { columns } => {
                let x = ty(q, &[rows, depth]);
                static_product(x, shape_q8(depth, *columns).to_vec(), *columns)
            }
            Op::QLinearAdd => {
                let x = ty(q, &[rows, depth]);
                let parameters = [float(&[]), zero.clone()];
                let mut operands = vec![x.clone()];
                operands.extend(parameters.clone());
                operands.push(x);
                operands.extend(parameters.clone());
                operands.extend(parameters);
                operands
            }
            Op::ConvNhwc { window, maps, .. } => vec![
                float(&image(window)),
                float(&small(&shape_f32(patch(window), *maps))),
                float(&small(&[*maps])),
            ],
            Op::QLinearConvNhwc { window, maps } => {
                let w = shape_q8(patch(window), *maps).to_vec();
                static_product(ty(q, &image(window)), w, *maps)
            }
            Op::DepthwiseNhwc { window, .. } => vec![
                float(&image(window)),
                float(&small(&[taps(window), depth])),
                float(&[depth]),
            ],
            Op::QLinearDepthwiseNhwc { window } => {
                let pairs = taps(window).div_ceil(2);
                static_product(ty(q, &image(window)), vec![pairs, depth, 2], depth)
            }
            _ => return None,
        })
    }
}
