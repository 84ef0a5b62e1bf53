//! Graphs of many operators: what steps leave to each other in shared buffers and work space.
//!
//! Only operators that give exactly what the CPU does, of numbers that sums don't round: nothing that differs may grow.

use super::agree::{compare_plans, either_way, integers};
use nearshelf_engine::{
    Binary, DType, Op, PadMode, PlanBuilder, Reduction, Tensor, TensorType, Unary, ValueId, Values,
    Window,
};

/// Numbers without a pattern, the same for a seed.
struct Draw(u32);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % limit.max(1)
    }

    fn pick<T: Clone>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())].clone()
    }

    fn truth(&mut self) -> bool {
        self.below(2) == 1
    }

    fn shape(&mut self) -> Vec<usize> {
        let rank = 1 + self.below(4);
        (0..rank)
            .map(|_| self.pick(&[1, 1, 2, 3, 4, 5, 7]))
            .collect()
    }

    /// Halves and whole numbers.
    fn tensor(&mut self, dtype: DType, shape: &[usize]) -> Tensor {
        let Values::I32(whole) = integers(self.0, shape, -8, 8).values().clone() else {
            panic!("other values than integers");
        };
        let values = match dtype {
            DType::F32 => Values::F32(whole.iter().map(|&n| n as f32 * 0.5).collect()),
            DType::I32 => Values::I32(whole),
            DType::I8 => Values::I8(whole.iter().map(|&n| n as i8).collect()),
            DType::U8 => Values::U8(whole.iter().map(|&n| (n & 3) as u8).collect()),
        };
        Tensor::new(shape, values).unwrap()
    }

    fn permutation(&mut self, rank: usize) -> Vec<usize> {
        let mut rest: Vec<usize> = (0..rank).collect();
        (0..rank)
            .map(|_| rest.remove(self.below(rest.len())))
            .collect()
    }

    /// Any operator that may suit `x`.
    fn op(&mut self, x: &TensorType) -> Op {
        let rank = x.shape.len();
        let axis = self.below(rank);
        let extent = x.shape.get(axis).copied().unwrap_or(1);
        match self.below(19) {
            0 => Op::Unary(self.pick(&[
                Unary::Neg,
                Unary::Abs,
                Unary::Sign,
                Unary::Relu,
                Unary::Not,
            ])),
            1 | 2 => Op::Binary(self.pick(&[
                Binary::Add,
                Binary::Sub,
                Binary::Max,
                Binary::Less,
                Binary::Equal,
                Binary::BitXor,
                Binary::Or,
            ])),
            3 => Op::Select,
            4 => Op::Cast {
                to: self.pick(&[DType::F32, DType::I32, DType::I8, DType::U8]),
            },
            5 => Op::Transpose {
                perm: self.permutation(rank),
            },
            6 => {
                let starts: Vec<usize> = x.shape.iter().map(|&extent| self.below(extent)).collect();
                let ends = x.shape.iter().zip(&starts);
                let shape = ends
                    .map(|(&extent, &start)| 1 + self.below(extent - start))
                    .collect();
                Op::Slice {
                    starts,
                    steps: vec![1; rank],
                    shape,
                }
            }
            7 => Op::Pad {
                mode: self.pick(&[PadMode::Constant, PadMode::Edge]),
                before: (0..rank).map(|_| self.below(2)).collect(),
                after: (0..rank).map(|_| self.below(3)).collect(),
                value: 3.0,
            },
            8 | 9 => Op::Concat { axis },
            10 => Op::Reduce {
                reduction: self.pick(&[Reduction::Sum, Reduction::Max, Reduction::L1]),
                axes: (0..rank).filter(|_| self.truth()).collect(),
                keep_dims: self.truth(),
            },
            11 => Op::ArgMax {
                axis,
                keep_dims: self.truth(),
                smallest: self.truth(),
                last: self.truth(),
            },
            12 => Op::TopK {
                axis,
                k: 1 + self.below(extent),
                largest: self.truth(),
            },
            13 => Op::Cumulate {
                axis,
                product: false,
                exclusive: self.truth(),
                reverse: self.truth(),
            },
            14 => Op::Expand {
                shape: [&[2], &x.shape[..]].concat(),
            },
            15 => Op::Reshape {
                shape: vec![
                    x.shape[..axis].iter().product(),
                    x.shape[axis..].iter().product(),
                ],
            },
            16 => Op::MaxPool {
                window: Window {
                    kernel: vec![2; rank.saturating_sub(2)],
                    strides: vec![1; rank.saturating_sub(2)],
                    dilations: vec![1; rank.saturating_sub(2)],
                    pads_begin: vec![1; rank.saturating_sub(2)],
                    pads_end: vec![0; rank.saturating_sub(2)],
                },
                ceil_mode: false,
            },
            17 => self.pick(&[Op::NonZero, Op::Unique { axis, sorted: true }]),
            _ => self.pick(&[
                Op::Gather { axis },
                Op::Scatter { combine: None },
                Op::Scatter {
                    combine: Some(Binary::Add),
                },
            ]),
        }
    }

    /// Operands of it, `x` first, the others any that there are or new ones.
    fn operands(
        &mut self,
        op: &Op,
        x: ValueId,
        all: &[ValueId],
        builder: &mut PlanBuilder,
    ) -> Vec<ValueId> {
        let ty = builder.value_type(x).clone();
        let list = |values: Vec<i32>| Tensor::new([values.len()], Values::I32(values)).unwrap();
        match op {
            Op::Binary(_) => vec![x, self.pick(all)],
            Op::Select => vec![self.pick(all), x, self.pick(all)],
            Op::Concat { axis } => {
                let mut shape = ty.shape.clone();
                shape[*axis] = 1 + self.below(3);
                let other = self.tensor(ty.dtype, &shape);
                vec![x, builder.constant(other), x]
            }
            Op::Gather { axis } => {
                let extent = ty.shape[*axis] as i32;
                vec![x, builder.constant(list(vec![extent - 1, 0, -extent]))]
            }
            Op::Scatter { .. } => match ty.shape[..] {
                [rows, row] => {
                    let updates = self.tensor(ty.dtype, &[3, row]);
                    vec![
                        x,
                        builder.constant(list(vec![0, rows as i32 - 1, 0])),
                        builder.constant(updates),
                    ]
                }
                _ => vec![x],
            },
            _ => vec![x],
        }
    }
}

/// A graph of some operators, and its inputs.
fn graph(draw: &mut Draw) -> (PlanBuilder, Vec<(String, Tensor)>) {
    let mut builder = PlanBuilder::new();
    let mut inputs = Vec::new();
    let mut values = Vec::new();
    let shape = draw.shape();
    for dtype in [DType::F32, DType::F32, DType::I32, DType::I8, DType::U8] {
        let shape = if draw.truth() {
            shape.clone()
        } else {
            draw.shape()
        };
        let tensor = draw.tensor(dtype, &shape);
        let name = format!("x{}", inputs.len());
        values.push(builder.input(&name, tensor.ty()).unwrap());
        inputs.push((name, tensor));
    }
    let mut results = Vec::new();
    while results.len() < 12 {
        // Rather what is new, so that much is in between.
        let from = values
            .len()
            .saturating_sub(if draw.truth() { 4 } else { values.len() });
        let x = draw.pick(&values[from..]);
        let ty = builder.value_type(x).clone();
        if ty.shape.is_empty() || ty.element_count() > Some(3000) {
            continue;
        }
        let op = draw.op(&ty);
        let operands = draw.operands(&op, x, &values, &mut builder);
        let name = format!("node{}", results.len());
        let Ok(found) = builder.push(&name, op, &operands) else {
            continue;
        };
        for id in found {
            let is_float = builder.value_type(id).dtype == DType::F32;
            // Sums stay far from where floats round.
            let clip = Op::Unary(Unary::Clip {
                min: -64.0,
                max: 64.0,
            });
            let id = if is_float {
                builder.push("clip", clip, &[id]).unwrap()[0]
            } else {
                id
            };
            values.push(id);
            results.push(id);
        }
    }
    for (number, &id) in results
        .iter()
        .enumerate()
        .filter(|(number, _)| number % 5 == 4)
    {
        builder.output(&format!("y{number}"), id).unwrap();
    }
    builder.output("last", *results.last().unwrap()).unwrap();
    (builder, inputs)
}

#[test]
fn graphs_of_many_operators_give_exactly_what_they_give_on_the_cpu() {
    for (way, gpu) in either_way().iter().enumerate() {
        for seed in 0..60 {
            let (builder, inputs) = graph(&mut Draw(seed * 2 + way as u32));
            let inputs: Vec<(&str, &Tensor)> =
                inputs.iter().map(|(name, x)| (&**name, x)).collect();
            compare_plans(
                gpu,
                builder.finish().unwrap(),
                &inputs,
                &format!("graph {seed}"),
                0.0,
            );
        }
    }
}
