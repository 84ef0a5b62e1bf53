//! Output types from operator and operand types: what the compiler relies on, and what an untrusted plan
//! has to pass before anything of it runs.
//!
//! A kernel may take for granted whatever is checked here.

mod attention;
mod layout;
mod numeric;
mod packed;
mod pick;
mod sample;
mod window;

use crate::{DType, Op, TensorType};

/// Types of an operator's outputs, or what is wrong with its operands.
pub(crate) type Inferred = Result<Vec<TensorType>, String>;

/// Most axes a tensor may have.
pub(crate) const MAX_RANK: usize = 8;

/// Checks the operands and tells the outputs' types.
pub(crate) fn infer(op: &Op, inputs: &[&TensorType]) -> Inferred {
    let outputs = match op {
        Op::Unary(unary) => numeric::unary(*unary, inputs),
        Op::Binary(binary) => numeric::binary(*binary, inputs),
        Op::Select => numeric::select(inputs),
        Op::Cast { to } => one(inputs).map(|x| vec![TensorType::new(*to, x.shape.clone())]),
        Op::IsNonZero => one(inputs).map(|x| vec![TensorType::new(DType::U8, x.shape.clone())]),
        Op::MatMul => numeric::matmul(inputs),
        Op::MatMulInteger => numeric::matmul_integer(inputs),
        Op::DynamicQuantizeLinear => numeric::dynamic_quantize(inputs),
        Op::QuantizeLinear { axis } => numeric::quantize(inputs, *axis),
        Op::DequantizeLinear { axis } => numeric::dequantize(inputs, *axis),
        Op::QLinearMatMul => numeric::qlinear_matmul(inputs),
        Op::Conv { window, group } => window::conv(inputs, window, *group),
        Op::ConvInteger { window, group } => window::conv_integer(inputs, window, *group),
        Op::QLinearConv { window, group } => window::qlinear_conv(inputs, window, *group),
        Op::ConvTranspose {
            window,
            group,
            output_padding,
        } => window::conv_transpose(inputs, window, *group, output_padding),
        Op::MaxPool { window, ceil_mode } => window::pool(inputs, window, *ceil_mode, true),
        Op::AveragePool {
            window, ceil_mode, ..
        } => window::pool(inputs, window, *ceil_mode, false),
        Op::Reduce {
            axes, keep_dims, ..
        } => numeric::reduce(inputs, axes, *keep_dims),
        Op::ArgMax {
            axis, keep_dims, ..
        } => numeric::arg_max(inputs, *axis, *keep_dims),
        Op::Softmax { axis, .. } => numeric::softmax(inputs, *axis),
        Op::LayerNormalization { axis, .. } => numeric::layer_norm(inputs, *axis),
        Op::InstanceNormalization { .. } => numeric::instance_norm(inputs),
        Op::LocalResponseNormalization { size, .. } => numeric::local_response(inputs, *size),
        Op::Gather { axis } => layout::gather(inputs, *axis),
        Op::Reshape { shape } => layout::reshape(inputs, shape),
        Op::Transpose { perm } => layout::transpose(inputs, perm),
        Op::Concat { axis } => layout::concat(inputs, *axis),
        Op::Slice {
            starts,
            steps,
            shape,
        } => layout::slice(inputs, starts, steps, shape),
        Op::Pad {
            mode,
            before,
            after,
            ..
        } => layout::pad(inputs, *mode, before, after),
        Op::Expand { shape } => layout::expand(inputs, shape),
        Op::Resize { shape, scales, .. } => layout::resize(inputs, shape, scales),
        Op::Gru { direction, .. } => numeric::recurrent(inputs, *direction, 3),
        Op::Lstm { direction } => numeric::recurrent(inputs, *direction, 4),
        Op::Linear {
            columns,
            activation,
        } => packed::linear(inputs, *columns, *activation),
        Op::DynamicLinear {
            columns,
            activation,
        } => packed::dynamic_linear(inputs, *columns, *activation),
        Op::DynamicLinearNarrow {
            columns,
            activation,
        } => packed::dynamic_linear_narrow(inputs, *columns, *activation),
        Op::QLinear { columns } => packed::qlinear(inputs, *columns),
        Op::QLinearAdd => packed::qlinear_add(inputs),
        Op::ConvNhwc {
            window,
            maps,
            activation,
        } => packed::conv_nhwc(inputs, window, *maps, *activation),
        Op::QLinearConvNhwc { window, maps } => packed::qlinear_conv_nhwc(inputs, window, *maps),
        Op::DepthwiseNhwc { window, activation } => {
            packed::depthwise_nhwc(inputs, window, *activation)
        }
        Op::QLinearDepthwiseNhwc { window } => packed::qlinear_depthwise_nhwc(inputs, window),
        Op::BitCast => numeric::bit_cast(inputs),
        Op::RoundFloat { .. } => numeric::round_float(inputs),
        Op::ElementPositions { shape, axis } => pick::element_positions(inputs, shape, *axis),
        Op::TuplePositions { shape, batch } => pick::tuple_positions(inputs, shape, *batch),
        Op::Scatter { combine } => pick::scatter(inputs, *combine),
        Op::TopK { axis, k, .. } => pick::top_k(inputs, *axis, *k),
        Op::Cumulate { axis, .. } => numeric::cumulate(inputs, *axis),
        Op::Resample { axis } => sample::resample(inputs, *axis),
        Op::Sample { .. } => sample::sample(inputs),
        Op::ArgMaxPool { window, ceil_mode } => sample::arg_max_pool(inputs, window, *ceil_mode),
        Op::NonZero => pick::non_zero(inputs),
        Op::Unique { axis, .. } => pick::unique(inputs, *axis),
        Op::NonMaxSuppression { limit, .. } => pick::non_max_suppression(inputs, *limit),
        Op::Cut { axis } => pick::cut(inputs, *axis),
        Op::Attention { heads, .. } => attention::attention(inputs, *heads),
    }?;
    for output in &outputs {
        ensure(output.shape.len() <= MAX_RANK, || {
            format!("{output} has more than {MAX_RANK} axes")
        })?;
        ensure(output.size_bytes().is_some(), || {
            format!("{output} is too large to address")
        })?;
    }
    Ok(outputs)
}

/// `Ok` when `truth` holds, else what `message` says.
fn ensure(truth: bool, message: impl FnOnce() -> String) -> Result<(), String> {
    if truth { Ok(()) } else { Err(message()) }
}

/// The operands, when there are `N` of them.
fn operands<'a, const N: usize>(inputs: &[&'a TensorType]) -> Result<[&'a TensorType; N], String> {
    inputs
        .try_into()
        .map_err(|_| format!("takes {N} operands, got {}", inputs.len()))
}

fn one<'a>(inputs: &[&'a TensorType]) -> Result<&'a TensorType, String> {
    let [x] = operands(inputs)?;
    Ok(x)
}

fn expect_dtype(ty: &TensorType, allowed: &[DType]) -> Result<(), String> {
    ensure(allowed.contains(&ty.dtype), || {
        let names: Vec<String> = allowed.iter().map(DType::to_string).collect();
        format!("operand is {ty}, must be {}", names.join(" or "))
    })
}

fn expect_shape(ty: &TensorType, shape: &[usize]) -> Result<(), String> {
    ensure(ty.shape == shape, || {
        format!("operand is {ty}, must have shape {shape:?}")
    })
}

/// Element types of quantized operands.
const BYTES: &[DType] = &[DType::I8, DType::U8];

/// `Ok` when `ty` is a scalar of one of `dtypes`.
fn expect_scalar(ty: &TensorType, dtypes: &[DType]) -> Result<(), String> {
    expect_dtype(ty, dtypes)?;
    ensure(is_scalar(ty), || {
        format!("operand is {ty}, must be a scalar")
    })
}

/// A scalar: one element, at most one axis.
fn is_scalar(ty: &TensorType) -> bool {
    ty.shape.iter().all(|&extent| extent == 1) && ty.shape.len() <= 1
}

fn expect_axis(ty: &TensorType, axis: usize) -> Result<usize, String> {
    let extent = ty.shape.get(axis).copied();
    extent.ok_or_else(|| format!("axis {axis} is not one of {ty}"))
}

/// NumPy's broadcast of two shapes.
fn broadcast(a: &[usize], b: &[usize]) -> Result<Vec<usize>, String> {
    let rank = a.len().max(b.len());
    let extent = |shape: &[usize], axis: usize| {
        let at = (axis + shape.len()).checked_sub(rank);
        at.and_then(|at| shape.get(at)).copied().unwrap_or(1)
    };
    let mut shape = Vec::with_capacity(rank);
    for axis in 0..rank {
        shape.push(match (extent(a, axis), extent(b, axis)) {
            (a, b) if a == b => a,
            (1, b) => b,
            (a, 1) => a,
            _ => return Err(format!("shapes {a:?} and {b:?} don't broadcast")),
        });
    }
    Ok(shape)
}
