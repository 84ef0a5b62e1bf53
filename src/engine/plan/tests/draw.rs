//! Operators and their attributes, drawn from random numbers.

use super::*;

/// Draws small and extreme numbers from a list of random ones.
pub(super) struct Draw<'a>(pub std::iter::Cycle<std::slice::Iter<'a, u32>>);

impl Draw<'_> {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0
            .next()
            .map_or(0, |&number| number as usize % limit.max(1))
    }

    pub(super) fn pick<T: Clone>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())].clone()
    }

    pub(super) fn truth(&mut self) -> bool {
        self.below(2) == 1
    }

    pub(super) fn extent(&mut self) -> usize {
        let ordinary = self.below(10) > 0;
        if ordinary {
            self.pick(&[0, 1, 1, 2, 2, 3, 4, 5])
        } else {
            self.pick(&[
                7,
                64,
                1 << 14,
                1 << 28,
                1 << 32,
                usize::MAX >> 1,
                usize::MAX,
            ])
        }
    }

    pub(super) fn extents(&mut self, rank: usize) -> Vec<usize> {
        (0..rank).map(|_| self.extent()).collect()
    }

    pub(super) fn axes(&mut self) -> Vec<usize> {
        let rank = self.below(5);
        (0..rank).map(|_| self.below(4)).collect()
    }

    pub(super) fn float(&mut self) -> f32 {
        self.pick(&[
            0.0,
            1.0,
            0.5,
            2.0,
            -1.0,
            1e-38,
            1e38,
            f32::INFINITY,
            f32::NAN,
        ])
    }

    pub(super) fn dtype(&mut self) -> DType {
        self.pick(&[DType::F32, DType::F32, DType::I32, DType::I8, DType::U8])
    }

    pub(super) fn window(&mut self) -> Window {
        let rank = self.below(3);
        let mut field = |least: usize| -> Vec<usize> {
            let wild = self.below(8) == 0;
            (0..rank)
                .map(|_| {
                    if wild {
                        self.extent()
                    } else {
                        least + self.below(3)
                    }
                })
                .collect()
        };
        Window {
            kernel: field(1),
            strides: field(1),
            dilations: field(1),
            pads_begin: field(0),
            pads_end: field(0),
        }
    }

    /// Any operator, with attributes that may or may not suit `x`.
    pub(super) fn op(&mut self, x: &TensorType) -> Op {
        let rank = x.shape.len();
        let axis = self.below(rank + 1);
        let group = self.pick(&[1, 1, 2, 3, 0, usize::MAX]);
        let keep_dims = self.truth();
        match self.below(49) {
            0 => Op::Unary(self.pick(&[
                Unary::Abs,
                Unary::Not,
                Unary::Erf,
                Unary::Gelu,
                Unary::Softplus,
                Unary::Clip {
                    min: 1.0,
                    max: -1.0,
                },
            ])),
            1 => Op::Binary(self.pick(&[
                Binary::Add,
                Binary::Div,
                Binary::Pow,
                Binary::Mod,
                Binary::Fmod,
                Binary::Equal,
                Binary::Less,
                Binary::And,
                Binary::PRelu,
                Binary::ShiftLeft,
                Binary::ShiftRight,
                Binary::BitXor,
            ])),
            2 => Op::Select,
            3 if keep_dims => Op::RoundFloat {
                format: self.pick(&[FloatFormat::Float16, FloatFormat::Float8E8M0]),
                saturate: self.truth(),
            },
            3 => Op::Cast { to: self.dtype() },
            4 if keep_dims => Op::BitCast,
            4 => Op::IsNonZero,
            5 => Op::MatMul,
            6 => Op::MatMulInteger,
            7 => Op::DynamicQuantizeLinear,
            8 => Op::QuantizeLinear { axis },
            9 => Op::DequantizeLinear { axis },
            10 => Op::QLinearMatMul,
            11 => Op::Conv {
                window: self.window(),
                group,
            },
            12 => Op::ConvInteger {
                window: self.window(),
                group,
            },
            13 => Op::QLinearConv {
                window: self.window(),
                group,
            },
            14 => Op::ConvTranspose {
                window: self.window(),
                group,
                output_padding: self.axes(),
            },
            15 => Op::MaxPool {
                window: self.window(),
                ceil_mode: keep_dims,
            },
            16 => Op::AveragePool {
                window: self.window(),
                ceil_mode: keep_dims,
                count_include_pad: self.truth(),
            },
            17 => Op::Reduce {
                reduction: self.pick(&[
                    Reduction::Sum,
                    Reduction::Mean,
                    Reduction::L2,
                    Reduction::Prod,
                    Reduction::LogSumExp,
                ]),
                axes: self.axes(),
                keep_dims,
            },
            18 => Op::ArgMax {
                axis,
                keep_dims,
                smallest: self.truth(),
                last: self.truth(),
            },
            19 => Op::Softmax {
                axis,
                log: keep_dims,
            },
            20 => Op::LayerNormalization {
                axis,
                epsilon: self.float(),
            },
            21 => Op::InstanceNormalization {
                epsilon: self.float(),
            },
            22 => Op::LocalResponseNormalization {
                size: self.extent(),
                alpha: self.float(),
                beta: self.float(),
                bias: self.float(),
            },
            23 => Op::Gather { axis },
            24 => Op::Transpose { perm: self.axes() },
            25 => Op::Concat { axis },
            26 => Op::Slice {
                starts: (0..rank).map(|_| self.below(4)).collect(),
                steps: (0..rank)
                    .map(|_| self.pick(&[1, 1, -1, 2, 0, i64::MIN, i64::MAX]))
                    .collect(),
                shape: self.extents(rank),
            },
            27 => Op::Pad {
                mode: self.pick(&[PadMode::Constant, PadMode::Reflect, PadMode::Edge]),
                before: self.extents(rank),
                after: self.extents(rank),
                value: self.float(),
            },
            28 => {
                let rank = self.below(5);
                Op::Expand {
                    shape: self.extents(rank),
                }
            }
            29 => Op::Resize {
                shape: self.extents(rank),
                scales: (0..rank).map(|_| self.float()).collect(),
                coordinates: self.pick(&[
                    ResizeCoordinates::HalfPixel,
                    ResizeCoordinates::AlignCorners,
                    ResizeCoordinates::PytorchHalfPixel,
                ]),
                mode: self.pick(&[ResizeMode::Linear, ResizeMode::NearestCeil]),
            },
            30..34 => self.packed_op(),
            34..48 => self.picking_op(axis),
            _ if self.truth() => Op::Lstm {
                direction: self.pick(&[Direction::Reverse, Direction::Bidirectional]),
            },
            _ => Op::Gru {
                direction: self.pick(&[Direction::Forward, Direction::Bidirectional]),
                linear_before_reset: keep_dims,
            },
        }
    }
}
