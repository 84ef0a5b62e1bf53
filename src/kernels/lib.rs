//! Operators computed on the CPU, one file an operator. The scalar code is the specification; blocked and SIMD twins
//! stand beside it.
//!
//! Shapes and dtypes have been checked by the engine's inference: kernels rely on that and check only values.
//!
//! In what a shopper downloads this crate alone is compiled for speed, and generic or inlined code is compiled as the
//! crate that calls it: [`run`] is neither, and nothing hot may be left to the caller.

mod attention;
mod binary;
mod cast;
mod conv;
mod conv_nhwc;
mod conv_transpose;
mod cumulate;
mod depthwise;
mod gather;
mod gemm;
mod igemm;
mod layout;
mod linear;
mod linear_narrow;
mod linear_q8;
mod little_endian;
mod math;
mod matmul;
mod norm;
mod order;
pub mod panel;
mod pick;
mod pool;
mod positions;
mod quantize;
mod quantized_add;
mod recurrent;
mod reduce;
mod resize;
mod round_float;
mod sample;
mod select;
mod softmax;
mod strided;
mod suppress;
mod tile;
#[cfg(target_arch = "x86_64")]
mod tile_x86_64;
pub mod tolerance;
mod unary;

pub use depthwise::pack_pairs;
pub use little_endian::append_le;
pub use resize::{ResizeTap, resize_taps};
pub use strided::{broadcast_strides, strides};

use nearshelf_operators::{DType, Op, RunError, Tensor, TensorType, Values};

/// Which kernels are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KernelSet {
    /// The readable ones, which say what is right.
    Scalar,
    /// The fastest that this build has: blocked, and SIMD under wasm.
    #[default]
    Fastest,
}

/// A tensor that a kernel reads.
#[derive(Clone, Copy)]
pub struct Operand<'a> {
    /// Extents of the axes.
    pub shape: &'a [usize],
    values: &'a Values,
    len: usize,
}

/// A tensor that a kernel writes.
pub struct Output<'a> {
    shape: &'a [usize],
    values: &'a mut Values,
    len: usize,
}

/// Work space that sessions keep from run to run.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Unfolded images, gate sums, packed rows.
    f32_a: Vec<f32>,
    /// Packed panels, scales.
    f32_b: Vec<f32>,
    /// Packed rows of bytes.
    wide: Vec<panel::Wide>,
    /// The same, not widened.
    #[cfg(target_feature = "relaxed-simd")]
    signed: Vec<panel::Signed>,
    /// Widened first operands.
    i16_a: Vec<i16>,
    /// Widened, packed second operands.
    i16_b: Vec<i16>,
    /// Products before requantization.
    i32_a: Vec<i32>,
    /// What zero points add to sums.
    #[cfg(target_feature = "relaxed-simd")]
    i32_b: Vec<i32>,
    /// Where the taps of a window lie.
    offsets: Vec<usize>,
}

macro_rules! typed_access {
    ($read:ident, $write:ident, $variant:ident, $element:ty) => {
        impl<'a> Operand<'a> {
            /// The values, of the dtype that inference has made sure of; empty for another.
            pub fn $read(&self) -> &'a [$element] {
                match self.values {
                    Values::$variant(values) => values.get(..self.len).unwrap_or(values),
                    _ => &[],
                }
            }
        }
        impl Output<'_> {
            /// The values to write, of the dtype that inference has made sure of; empty for another.
            pub fn $write(&mut self) -> &mut [$element] {
                match self.values {
                    Values::$variant(values) => {
                        let len = self.len.min(values.len());
                        &mut values[..len]
                    }
                    _ => &mut [],
                }
            }
        }
    };
}
typed_access!(f32, f32_mut, F32, f32);
typed_access!(i32, i32_mut, I32, i32);
typed_access!(i8, i8_mut, I8, i8);
typed_access!(u8, u8_mut, U8, u8);

impl<'a> Operand<'a> {
    /// `values` may be longer than the type says: buffers are shared.
    pub fn new(ty: &'a TensorType, values: &'a Values) -> Self {
        let len = ty.element_count().unwrap_or(0);
        Self {
            shape: &ty.shape,
            values,
            len,
        }
    }

    /// Element type.
    pub fn dtype(&self) -> DType {
        self.values.dtype()
    }

    /// The value of a byte scalar; 0 where there is none.
    pub fn byte(&self) -> i32 {
        match self.values {
            Values::I8(values) => values.first().map_or(0, |&v| i32::from(v)),
            Values::U8(values) => values.first().map_or(0, |&v| i32::from(v)),
            _ => 0,
        }
    }

    /// The first `count` along `axis`, or all where there are fewer.
    ///
    /// # Errors
    /// As [`Tensor::cut`].
    pub fn cut(self, axis: usize, count: usize) -> Result<Tensor, RunError> {
        Tensor::cut_of(self.shape, self.values, axis, count)
    }

    /// A copy of the values.
    pub fn to_values(self) -> Values {
        match self.values {
            Values::F32(_) => Values::F32(self.f32().to_vec()),
            Values::I32(_) => Values::I32(self.i32().to_vec()),
            Values::I8(_) => Values::I8(self.i8().to_vec()),
            Values::U8(_) => Values::U8(self.u8().to_vec()),
        }
    }
}

impl<'a> Output<'a> {
    /// `values` may be longer than the type says: buffers are shared.
    pub fn new(ty: &'a TensorType, values: &'a mut Values) -> Self {
        let len = ty.element_count().unwrap_or(0);
        Self {
            shape: &ty.shape,
            values,
            len,
        }
    }
}

/// Runs one operator. The error says which value it can't work with.
pub fn run(
    op: &Op,
    inputs: &[Operand],
    outputs: &mut [Output],
    scratch: &mut Scratch,
    set: KernelSet,
) -> Result<(), String> {
    // Without elements there is nothing to compute, however large the other extents are.
    if outputs.iter().all(|output| output.len == 0) {
        return Ok(());
    }
    let output = &mut outputs[0];
    match op {
        Op::Unary(unary) => unary::run(*unary, inputs[0], output, set),
        Op::Binary(binary) => binary::run(*binary, inputs[0], inputs[1], output),
        Op::Select => select::run(inputs, output),
        Op::Cast { .. } => cast::run(inputs[0], output),
        Op::IsNonZero => cast::is_non_zero(inputs[0], output),
        Op::MatMul => matmul::run(inputs, output, scratch, set),
        Op::MatMulInteger => matmul::run_integer(inputs, output, scratch, set),
        Op::QLinearMatMul => matmul::run_qlinear(inputs, output, scratch, set),
        Op::DynamicQuantizeLinear => quantize::dynamic(inputs[0], outputs, set),
        Op::QuantizeLinear { axis } => quantize::quantize(inputs, output, *axis, set),
        Op::DequantizeLinear { axis } => quantize::dequantize(inputs, output, *axis),
        Op::Conv { window, group } => conv::run(inputs, output, window, *group, scratch, set),
        Op::ConvInteger { window, group } => {
            conv::run_integer(inputs, output, window, *group, scratch, set)
        }
        Op::QLinearConv { window, group } => {
            conv::run_qlinear(inputs, output, window, *group, scratch, set)
        }
        Op::ConvTranspose { window, group, .. } => {
            conv_transpose::run(inputs, output, window, *group, scratch, set)
        }
        Op::MaxPool { window, .. } => pool::max(inputs[0], output, window),
        Op::AveragePool {
            window,
            count_include_pad,
            ..
        } => pool::average(inputs[0], output, window, *count_include_pad),
        Op::Reduce {
            reduction, axes, ..
        } => reduce::run(*reduction, axes, inputs[0], output),
        Op::ArgMax {
            axis,
            smallest,
            last,
            ..
        } => reduce::arg_max(inputs[0], output, *axis, *smallest, *last),
        Op::Softmax { axis, log } => softmax::run(inputs[0], output, *axis, *log, set),
        Op::LayerNormalization { axis, epsilon } => norm::layer(inputs, output, *axis, *epsilon),
        Op::InstanceNormalization { epsilon } => norm::instance(inputs, output, *epsilon),
        Op::LocalResponseNormalization {
            size,
            alpha,
            beta,
            bias,
        } => {
            norm::local_response(inputs[0], output, *size, *alpha, *beta, *bias);
        }
        Op::Gather { axis } => return gather::run(inputs[0], inputs[1], output, *axis),
        Op::Reshape { .. } => layout::copy(inputs[0], output),
        Op::Transpose { perm } => layout::transpose(inputs[0], output, perm),
        Op::Concat { axis } => layout::concat(inputs, output, *axis),
        Op::Slice { starts, steps, .. } => layout::slice(inputs[0], output, starts, steps),
        Op::Pad {
            mode,
            before,
            value,
            ..
        } => layout::pad(inputs[0], output, *mode, before, *value),
        Op::Expand { .. } => layout::expand(inputs[0], output),
        Op::Resize {
            scales,
            coordinates,
            mode,
            ..
        } => resize::run(inputs[0], output, scales, *coordinates, *mode, scratch),
        Op::Gru {
            direction,
            linear_before_reset,
        } => {
            recurrent::gru(
                inputs,
                outputs,
                *direction,
                *linear_before_reset,
                scratch,
                set,
            );
        }
        Op::Lstm { direction } => recurrent::lstm(inputs, outputs, *direction, scratch, set),
        Op::Linear { activation, .. } => linear::run(inputs, output, *activation, scratch, set),
        Op::DynamicLinear { activation, .. } => {
            linear_q8::run_dynamic(inputs, output, *activation, scratch, set);
        }
        Op::DynamicLinearNarrow { activation, .. } => {
            linear_narrow::run(inputs, output, *activation, scratch, set);
        }
        Op::QLinear { .. } => linear_q8::run_static(inputs, output, scratch, set),
        Op::QLinearAdd => quantized_add::run(inputs, output, set),
        Op::ConvNhwc {
            window, activation, ..
        } => conv_nhwc::run(inputs, output, window, *activation, scratch, set),
        Op::QLinearConvNhwc { window, .. } => {
            conv_nhwc::run_q8(inputs, output, window, scratch, set);
        }
        Op::DepthwiseNhwc { window, activation } => {
            depthwise::run(inputs, output, window, *activation, scratch, set);
        }
        Op::QLinearDepthwiseNhwc { window } => {
            depthwise::run_q8(inputs, output, window, scratch, set);
        }
        Op::BitCast => cast::bits(inputs[0], output),
        Op::RoundFloat { format, saturate } => {
            round_float::run(inputs[0], output, *format, *saturate);
        }
        Op::ElementPositions { shape, axis } => {
            return positions::of_elements(inputs[0], output, shape, *axis);
        }
        Op::TuplePositions { shape, batch } => {
            return positions::of_tuples(inputs[0], output, shape, *batch);
        }
        Op::Scatter { combine } => return positions::scatter(*combine, inputs, output),
        Op::TopK { axis, k, largest } => pick::top_k(inputs[0], outputs, *axis, *k, *largest),
        Op::Cumulate {
            axis,
            product,
            exclusive,
            reverse,
        } => cumulate::run(inputs[0], output, *axis, *product, *exclusive, *reverse),
        Op::Resample { axis } => return sample::resample(inputs, output, *axis),
        Op::Sample { mode, border } => return sample::run(inputs, output, *mode, *border),
        Op::ArgMaxPool { window, .. } => pool::arg_max(inputs[0], output, window),
        Op::NonZero => pick::non_zero(inputs[0], outputs),
        Op::Unique { axis, sorted } => pick::unique(inputs[0], outputs, *axis, *sorted),
        Op::NonMaxSuppression {
            center_point_box,
            limit,
        } => suppress::run(inputs, outputs, *center_point_box, *limit),
        Op::Cut { .. } => layout::copy(inputs[0], output),
        Op::Attention {
            heads,
            scale,
            zero,
            masking,
        } => {
            let rule = attention::Rule {
                scale: *scale,
                zero: *zero,
                masking: *masking,
            };
            attention::run(inputs, output, *heads, rule, scratch, set);
        }
    }
    Ok(())
}
