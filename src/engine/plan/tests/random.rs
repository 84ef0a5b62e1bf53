//! Graphs of any operators with any attributes, written as files and run where they are read.

use super::draw::Draw;
use super::hostile::ty;
use super::*;
use crate::plan::format::{self, Graph, Step};
use crate::plan::symbols::Extras;

impl Draw<'_> {
    /// Operands that suit an operator's attributes, as far as any do.
    fn operands(&mut self, op: &Op) -> Vec<TensorType> {
        if let Some(operands) = self.packed_operands(op) {
            return operands;
        }
        if let Some(operands) = self.picking_operands(op) {
            return operands;
        }
        let float = |shape: &[usize]| ty(DType::F32, shape);
        let byte = |dtype: DType, shape: &[usize]| ty(dtype, shape);
        let (q, p) = (
            self.pick(&[DType::U8, DType::I8]),
            self.pick(&[DType::U8, DType::I8]),
        );
        let mut small = || self.below(4) + usize::from(self.below(8) > 0);
        let (a, b, c, d) = (small(), small(), small(), small());
        match op {
            Op::MatMul => vec![float(&[a, b, c]), float(&[c, d]), float(&[d])],
            Op::MatMulInteger => vec![
                byte(q, &[a, c]),
                byte(p, &[b, c, d]),
                byte(q, &[]),
                byte(p, &[d]),
            ],
            Op::QLinearMatMul => vec![
                byte(q, &[a, c]),
                float(&[]),
                byte(q, &[]),
                byte(p, &[c, d]),
                float(&[d]),
                byte(p, &[d]),
                float(&[]),
                byte(q, &[]),
            ],
            Op::QuantizeLinear { .. } => vec![float(&[2, 2]), float(&[2]), byte(q, &[2])],
            Op::DequantizeLinear { .. } => vec![byte(q, &[2, 2]), float(&[2]), byte(q, &[2])],
            Op::Conv { window, group } => {
                let [x, w] = filters(window, *group, [a, b, c], d);
                vec![float(&x), float(&w), float(&w[..1])]
            }
            Op::ConvInteger { window, group } => {
                let [x, w] = filters(window, *group, [a, b, c], d);
                vec![byte(q, &x), byte(p, &w), byte(q, &[]), byte(p, &w[..1])]
            }
            Op::QLinearConv { window, group } => {
                let [x, w] = filters(window, *group, [a, b, c], d);
                let maps = &w[..1];
                vec![
                    byte(q, &x),
                    float(&[]),
                    byte(q, &[]),
                    byte(p, &w),
                    float(maps),
                    byte(p, maps),
                    float(&[]),
                    byte(q, &[]),
                    ty(DType::I32, maps),
                ]
            }
            Op::ConvTranspose { window, group, .. } => {
                let [x, mut w] = filters(window, *group, [a, b, c], d);
                let maps = w[0];
                (w[0], w[1]) = (x[1], c);
                let bias = float(&[c.wrapping_mul(*group)]);
                vec![
                    float(&x),
                    float(&w),
                    if maps == 0 { float(&[]) } else { bias },
                ]
            }
            Op::MaxPool { window, .. }
            | Op::AveragePool { window, .. }
            | Op::ArgMaxPool { window, .. } => {
                let [x, _] = filters(window, 1, [a, b, c], d);
                vec![float(&x)]
            }
            Op::LayerNormalization { axis, .. } => {
                let shape = [a, b, c, d];
                let inner = shape.get(*axis..).unwrap_or_default();
                vec![float(&shape), float(inner), float(inner)]
            }
            Op::InstanceNormalization { .. } => {
                vec![float(&[a, b, c, d]), float(&[b]), float(&[b])]
            }
            Op::Gather { .. } => vec![byte(q, &[a, b, c]), ty(DType::I32, &[d, 2])],
            Op::Gru { direction, .. } | Op::Lstm { direction } => {
                let gates = if matches!(op, Op::Gru { .. }) { 3 } else { 4 };
                let ways = if *direction == Direction::Bidirectional {
                    2
                } else {
                    1
                };
                let mut operands = vec![
                    float(&[a, b, c]),
                    float(&[ways, gates * d, c]),
                    float(&[ways, gates * d, d]),
                    float(&[ways, 2 * gates * d]),
                ];
                operands.resize(gates + 2, float(&[ways, b, d]));
                operands
            }
            Op::Binary(Binary::And) => vec![byte(DType::U8, &[a, b]), byte(DType::U8, &[b])],
            Op::Binary(_) => {
                let dtype = self.pick(&[DType::F32, DType::I32]);
                vec![ty(dtype, &[a, 1, b]), ty(dtype, &[c, 1])]
            }
            Op::Select => vec![byte(DType::U8, &[a, 1]), byte(q, &[1, b]), byte(q, &[])],
            Op::Concat { .. } => vec![byte(q, &[a, b, c]), byte(q, &[a, b, c])],
            Op::Unary(Unary::Not) => vec![byte(DType::U8, &[a, b])],
            _ => vec![float(&[a, b, c, d])],
        }
    }

    /// Steps of which most suit their operands, which are new inputs or any value before.
    fn graph(&mut self) -> Graph {
        let mut inputs: Vec<TensorType> = Vec::new();
        let mut steps: Vec<(Op, Vec<TensorType>, bool)> = Vec::new();
        for _ in 0..self.below(4) + 1 {
            let rank = self.below(5);
            let x = TensorType::new(self.dtype(), self.extents(rank));
            let op = self.op(&x);
            let chained = self.below(3) == 0;
            let mut operands = if self.below(4) > 0 {
                self.operands(&op)
            } else {
                vec![x]
            };
            if self.below(16) == 0 {
                operands.pop();
            }
            inputs.extend(operands.iter().cloned());
            steps.push((op, operands, chained));
        }
        let mut next = 0;
        let mut nodes = Vec::new();
        for (number, (op, operands, chained)) in steps.into_iter().enumerate() {
            let mut ids: Vec<u32> = (next..next + operands.len() as u32).collect();
            next += operands.len() as u32;
            // The first operand may be a result: of which type, the reader will find out.
            if let (true, true, Some(first)) = (chained, number > 0, ids.first_mut()) {
                *first = (inputs.len() + number - 1) as u32;
            }
            nodes.push(Step {
                name: String::new(),
                op,
                inputs: ids,
            });
        }
        let outputs = (0..nodes.len()).map(|at| (format!("y{at}"), (inputs.len() + at) as u32));
        Graph {
            outputs: outputs.collect(),
            inputs: inputs
                .into_iter()
                .enumerate()
                .map(|(number, ty)| (format!("x{number}"), ty))
                .collect(),
            constants: Vec::new(),
            nodes,
        }
    }
}

/// Image and weights of a convolution: batch, channels and maps a group, and how much larger than the window it is.
fn filters(
    window: &Window,
    group: usize,
    [batch, channels, maps]: [usize; 3],
    larger: usize,
) -> [Vec<usize>; 2] {
    let all = |count: usize| count.wrapping_mul(group);
    let mut x = vec![batch, all(channels)];
    x.extend(
        window
            .kernel
            .iter()
            .map(|&extent| extent.wrapping_add(larger)),
    );
    let mut w = vec![all(maps), channels];
    w.extend(&window.kernel);
    [x, w]
}

/// Whether a run is short: the limits are on memory, not on time.
fn is_quick(plan: &Plan) -> bool {
    let windows = plan.nodes.iter().all(|node| match &node.op {
        Op::MaxPool { window, .. }
        | Op::AveragePool { window, .. }
        | Op::ArgMaxPool { window, .. } => window.kernel.iter().product::<usize>() <= 1 << 10,
        _ => true,
    });
    let inputs = plan.inputs().iter().map(|port| port.ty.element_count());
    let adds = plan.nodes().map(|node| node.multiply_adds).sum::<u64>();
    windows
        && adds < 1 << 22
        && plan.arena_bytes() < 1 << 20
        && inputs.flatten().sum::<usize>() < 1 << 18
}

fn ordinary(ty: &TensorType) -> Tensor {
    let len = ty.element_count().unwrap();
    let values = match ty.dtype {
        DType::F32 => Values::F32((0..len).map(|at| at as f32 - 2.0).collect()),
        DType::I32 => Values::I32((0..len).map(|at| at as i32 % 3 - 1).collect()),
        DType::I8 => Values::I8((0..len).map(|at| (at % 256) as u8 as i8).collect()),
        DType::U8 => Values::U8((0..len).map(|at| (at % 256) as u8).collect()),
    };
    Tensor::new(ty.shape.clone(), values).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn whatever_is_read_of_any_operators_runs_without_panic(
        numbers in prop::collection::vec(any::<u32>(), 64..256),
    ) {
        let graph = Draw(numbers.iter().cycle()).graph();
        let bytes = format::file(&graph, &Extras::default(), &[]).unwrap();
        if let Ok(plan) = Plan::from_bytes(&bytes)
            && is_quick(&plan)
        {
            let tensors: Vec<Tensor> = plan.inputs().iter().map(|port| ordinary(&port.ty)).collect();
            let names: Vec<String> = plan.inputs().iter().map(|port| port.name.clone()).collect();
            let given: Vec<(&str, &Tensor)> = names.iter().map(|name| &**name).zip(&tensors).collect();
            let plan = Arc::new(plan);
            for set in [KernelSet::Scalar, KernelSet::Fastest] {
                let _ = CpuSession::with_kernels(Arc::clone(&plan), set).unwrap().run(&given);
            }
        }
    }
}
