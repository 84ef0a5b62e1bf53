//! How each operator becomes dispatches.

mod activation;
mod attention;
mod convolution;
mod elementwise;
mod layout;
mod pick;
mod pool;
mod products;
mod quantize;
mod recurrent;
mod rows;
mod sample;

use crate::Capabilities;
use crate::dispatch::{Dispatch, Region};
use crate::shader::{Shader, WORKGROUP};
use nearshelf_engine::{DType, Op, TensorType};

/// Nothing, or what the adapter or this crate lacks.
pub(crate) type Lowered = Result<(), String>;

/// A tensor of a step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operand<'a> {
    pub region: Region,
    pub ty: &'a TensorType,
}

impl Operand<'_> {
    /// Elements.
    pub fn len(&self) -> usize {
        self.ty.element_count().unwrap_or(0)
    }

    pub fn shape(&self) -> &[usize] {
        &self.ty.shape
    }

    /// The number of its dtype in `common.wgsl`.
    pub fn dtype(&self) -> u32 {
        match self.ty.dtype {
            DType::F32 => 0,
            DType::I32 => 1,
            DType::I8 => 2,
            DType::U8 => 3,
        }
    }

    /// An operand of the same type elsewhere.
    pub fn at(self, region: Region) -> Self {
        Self { region, ..self }
    }

    pub fn is_bytes(&self) -> bool {
        self.ty.dtype.size_bytes() == 1
    }
}

/// A step of the plan. Its types have passed inference.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub op: &'a Op,
    pub inputs: Vec<Operand<'a>>,
    pub outputs: Vec<Operand<'a>>,
    /// What a shader writes to [`Region::Fault`].
    pub number: u32,
}

/// Where dispatches are collected.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    pub capabilities: &'a Capabilities,
    pub dispatches: Vec<Dispatch>,
    /// Bytes of each piece of work space.
    pub scratch: Vec<u64>,
    /// What dispatches look up.
    pub tables: Vec<Vec<u32>>,
    /// Pieces that the step at hand has taken: the next step takes them again.
    taken: usize,
    /// At most so many rounds do the loops of an invocation take in the step at hand.
    pub rounds: u64,
}

impl<'a> Target<'a> {
    pub fn new(capabilities: &'a Capabilities) -> Self {
        Self {
            capabilities,
            dispatches: Vec::new(),
            scratch: Vec::new(),
            tables: Vec::new(),
            taken: 0,
            rounds: 0,
        }
    }

    /// Work space of so many words until the end of the step.
    pub fn scratch(&mut self, words: usize) -> Region {
        let bytes = (words as u64 * 4).max(16).next_multiple_of(16);
        let at = self.taken;
        self.taken += 1;
        match self.scratch.get_mut(at) {
            Some(piece) => *piece = (*piece).max(bytes),
            None => self.scratch.push(bytes),
        }
        Region::Scratch(at)
    }

    /// Words that dispatches look up.
    pub fn table(&mut self, words: Vec<u32>) -> Region {
        self.tables.push(words);
        Region::Table(self.tables.len() - 1)
    }

    /// Notes how many rounds all loops of an invocation may take in a dispatch: the product of the factors. Those that
    /// no operand makes many are not noted.
    pub fn loops(&mut self, factors: &[usize]) {
        let rounds = factors.iter().fold(1_u64, |rounds, &factor| {
            rounds.saturating_mul(factor as u64)
        });
        self.rounds = self.rounds.max(rounds);
    }

    /// A dispatch of a shader whose `element` is called for each of the elements of `y`.
    ///
    /// `params` are the words behind `count`.
    pub fn each(
        &mut self,
        shader: &'static Shader,
        constants: &[(&'static str, u32)],
        params: &[u32],
        reads: &[Operand],
        y: &Operand,
    ) {
        let threads = if y.is_bytes() {
            y.len().div_ceil(4)
        } else {
            y.len()
        };
        let mut all = vec![("BYTES", u32::from(y.is_bytes()))];
        all.extend(constants);
        let count = y.len() as u32;
        self.push(Dispatch {
            shader,
            constants: all,
            params: [&[count], params].concat(),
            reads: reads.iter().map(|read| read.region).collect(),
            writes: vec![y.region],
            workgroups: (threads as u64).div_ceil(u64::from(WORKGROUP)),
        });
    }

    /// A dispatch of a shader whose `run` is called for each number below `count`. `params` are the words behind it.
    pub fn run(
        &mut self,
        shader: &'static Shader,
        constants: &[(&'static str, u32)],
        (count, params): (usize, &[u32]),
        reads: &[Region],
        writes: &[Region],
    ) {
        self.push(Dispatch {
            shader,
            constants: constants.to_vec(),
            params: [&[count as u32], params].concat(),
            reads: reads.to_vec(),
            writes: writes.to_vec(),
            workgroups: (count as u64).div_ceil(u64::from(WORKGROUP)),
        });
    }

    pub fn push(&mut self, mut dispatch: Dispatch) {
        if dispatch.workgroups > 0 {
            // The second word of a walk is its rank: without axes to tell apart no index is divided.
            if dispatch.shader.walks() && dispatch.params.get(1).is_some_and(|&rank| rank < 2) {
                dispatch.constants.push(("FLAT", 1));
            }
            self.dispatches.push(dispatch);
        }
    }
}

/// The operands, when there are `N` of them: inference has counted them.
pub(crate) fn operands<'a, const N: usize>(
    operands: &[Operand<'a>],
) -> Result<[Operand<'a>; N], String> {
    operands
        .try_into()
        .map_err(|_| format!("it has {} operands instead of {N}", operands.len()))
}

/// Eight words, from the last axis to the first: how shaders are told extents and strides.
pub(crate) fn axes(values: impl DoubleEndedIterator<Item = i64>, missing: u32) -> [u32; 8] {
    let mut words = [missing; 8];
    for (word, value) in words.iter_mut().zip(values.rev()) {
        *word = value as i32 as u32;
    }
    words
}

/// Appends the dispatches of a step.
pub(crate) fn lower(step: &Step, target: &mut Target) -> Lowered {
    target.taken = 0;
    target.rounds = 0;
    match step.op {
        Op::Unary(unary) => elementwise::unary(step, *unary, target),
        Op::Binary(binary) => elementwise::binary(step, *binary, target),
        Op::Select => elementwise::select(step, target),
        Op::Cast { .. } | Op::IsNonZero | Op::BitCast => elementwise::cast(step, target),
        Op::QuantizeLinear { axis } => quantize::quantize(step, *axis, target),
        Op::DequantizeLinear { axis } => quantize::dequantize(step, *axis, target),
        Op::Gather { axis } => layout::gather(step, *axis, target),
        Op::Transpose { perm } => layout::transpose(step, perm, target),
        Op::Slice { starts, steps, .. } => layout::slice(step, starts, steps, target),
        Op::Expand { .. } => layout::expand(step, target),
        Op::Reduce {
            reduction, axes, ..
        } => rows::reduce(step, *reduction, axes, target),
        Op::ArgMax {
            axis,
            smallest,
            last,
            ..
        } => rows::arg_max(step, *axis, *smallest, *last, target),
        Op::TopK { axis, k, largest } => rows::top_k(step, *axis, *k, *largest, target),
        Op::Softmax { axis, log } => rows::softmax(step, *axis, *log, target),
        Op::LayerNormalization { axis, epsilon } => {
            rows::normalize(step, *axis, *epsilon, false, target)
        }
        Op::InstanceNormalization { epsilon } => rows::normalize(step, 2, *epsilon, true, target),
        Op::Cumulate { axis, .. } => rows::cumulate(step, *axis, target),
        Op::MaxPool { window, .. } => pool::largest(step, window, false, target),
        Op::ArgMaxPool { window, .. } => pool::largest(step, window, true, target),
        Op::AveragePool {
            window,
            count_include_pad,
            ..
        } => pool::average(step, window, *count_include_pad, target),
        Op::LocalResponseNormalization {
            size,
            alpha,
            beta,
            bias,
        } => pool::local_response(step, *size, [*alpha, *beta, *bias], target),
        Op::Concat { axis } => layout::concat(step, *axis, target),
        Op::Pad {
            mode,
            before,
            value,
            ..
        } => layout::pad(step, *mode, before, *value, target),
        Op::RoundFloat { format, saturate } => {
            elementwise::round_float(step, *format, *saturate, target)
        }
        Op::Resize {
            scales,
            coordinates,
            mode,
            ..
        } => sample::resize(step, scales, *coordinates, *mode, target),
        Op::Resample { axis } => sample::resample(step, *axis, target),
        Op::Sample { mode, border } => sample::sample(step, *mode, *border, target),
        Op::MatMul => products::matmul(step, target),
        Op::Linear { activation, .. } => products::linear(step, *activation, target),
        Op::DynamicLinear { activation, .. } | Op::DynamicLinearNarrow { activation, .. } => {
            products::dynamic_linear(step, *activation, target)
        }
        Op::QLinear { .. } => products::qlinear(step, target),
        Op::ConvNhwc {
            window, activation, ..
        } => products::conv_nhwc(step, window, *activation, target),
        Op::QLinearConvNhwc { window, .. } => products::qlinear_conv_nhwc(step, window, target),
        Op::MatMulInteger => convolution::matmul_integer(step, target),
        Op::QLinearMatMul => convolution::qlinear_matmul(step, target),
        Op::Conv { window, group } => convolution::conv(step, window, *group, false, target),
        Op::ConvTranspose { window, group, .. } => {
            convolution::conv(step, window, *group, true, target)
        }
        Op::ConvInteger { window, group } => {
            convolution::conv_integer(step, window, *group, target)
        }
        Op::QLinearConv { window, group } => {
            convolution::qlinear_conv(step, window, *group, target)
        }
        Op::DepthwiseNhwc { window, activation } => {
            convolution::depthwise(step, window, *activation, target)
        }
        Op::QLinearDepthwiseNhwc { window } => convolution::qlinear_depthwise(step, window, target),
        Op::Attention {
            heads,
            scale,
            zero,
            masking,
        } => attention::lower(step, *heads, *scale, (*zero, *masking), target),
        Op::DynamicQuantizeLinear => quantize::dynamic_quantize(step, target),
        Op::QLinearAdd => quantize::add(step, target),
        Op::Gru {
            direction,
            linear_before_reset,
        } => recurrent::lower(step, *direction, 3, *linear_before_reset, target),
        Op::Lstm { direction } => recurrent::lower(step, *direction, 4, false, target),
        Op::ElementPositions { shape, axis } => pick::element_positions(step, shape, *axis, target),
        Op::TuplePositions { shape, batch } => {
            pick::tuple_positions(step, &shape[*batch..], *batch, target)
        }
        Op::Scatter { combine } => pick::scatter(step, *combine, target),
        Op::NonZero => pick::non_zero(step, target),
        Op::Unique { axis, sorted } => pick::unique(step, *axis, *sorted, target),
        Op::NonMaxSuppression {
            center_point_box,
            limit,
        } => pick::non_max_suppression(step, *center_point_box, *limit, target),
        // Views of their operand, which a plan does not execute.
        Op::Reshape { .. } | Op::Cut { .. } => Ok(()),
    }
}
