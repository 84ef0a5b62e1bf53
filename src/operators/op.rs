//! The operators a plan may contain.
//!
//! An operator is its attributes; its operands are listed in order beside each variant. Absent
//! optional ONNX inputs do not exist here: the compiler writes them out as constants. Names and
//! semantics are those of the ONNX operator specification unless the variant says otherwise.

mod attribute;
mod name;
mod numbers;

pub use attribute::{
    Binary, Direction, FloatFormat, Masking, PadMode, Reduction, ResizeCoordinates, ResizeMode,
    SampleBorder, SampleMode, Unary, Window, ZeroShares,
};
pub use numbers::NumberMut;

use crate::DType;
use serde::{Deserialize, Serialize};

/// One operator with its attributes. Axes are non-negative and already normalised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Op {
    /// `x`.
    Unary(Unary),
    /// `a, b`.
    Binary(Binary),
    /// ONNX `Where`. `condition (u8), a, b`, broadcast.
    Select,
    /// `x`. f32 → integer truncates and saturates; anything → u8 through `Cast` is a number, not a truth value.
    Cast {
        /// Target element type.
        to: DType,
    },
    /// `x`. 1 where `x` is not zero: ONNX `Cast` to bool.
    IsNonZero,
    /// `a [.., m, k], b [.., k, n]` or with `bias [n]` third; f32; batch axes broadcast.
    MatMul,
    /// `a [.., m, k] u8|i8, b [.., k, n] u8|i8, a_zero (scalar), b_zero (scalar or [n])` → i32.
    MatMulInteger,
    /// `x f32` → `y u8, scale f32 (scalar), zero_point u8 (scalar)`.
    DynamicQuantizeLinear,
    /// `x f32, scale, zero_point`. Scale is a scalar, or `[shape[axis]]`. Rounds half to even, saturates.
    QuantizeLinear {
        /// Axis of per-axis parameters; ignored for scalars.
        axis: usize,
    },
    /// `x u8|i8|i32, scale, zero_point` → f32.
    DequantizeLinear {
        /// Axis of per-axis parameters; ignored for scalars.
        axis: usize,
    },
    /// `a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero`; b parameters scalar or per column.
    QLinearMatMul,
    /// `x [n, c, spatial..], w [m, c/group, kernel..]` or with `bias [m]`; f32; 1 or 2 spatial axes.
    Conv {
        /// Window geometry.
        window: Window,
        /// Channel groups.
        group: usize,
    },
    /// `x, w, x_zero (scalar), w_zero (scalar or [m])` → i32.
    ConvInteger {
        /// Window geometry.
        window: Window,
        /// Channel groups.
        group: usize,
    },
    /// `x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero` or with `bias [m] i32` ninth.
    QLinearConv {
        /// Window geometry.
        window: Window,
        /// Channel groups.
        group: usize,
    },
    /// `x [n, c, spatial..], w [c, m/group, kernel..]` or with `bias [m]`.
    ConvTranspose {
        /// Window geometry; padding crops the output.
        window: Window,
        /// Channel groups.
        group: usize,
        /// Extra rows at the end of each output axis.
        output_padding: Vec<usize>,
    },
    /// `x [n, c, spatial..]` f32 (or 8-bit). Padding never wins.
    MaxPool {
        /// Window geometry.
        window: Window,
        /// Keep a last partial window.
        ceil_mode: bool,
    },
    /// `x [n, c, spatial..]`.
    AveragePool {
        /// Window geometry.
        window: Window,
        /// Keep a last partial window.
        ceil_mode: bool,
        /// Divide by the window's size rather than by the elements inside the input.
        count_include_pad: bool,
    },
    /// `x`. Without axes every element is reduced by itself: `Sum` gives `x`, `L1` its absolute value.
    Reduce {
        /// How elements combine.
        reduction: Reduction,
        /// Axes, ascending.
        axes: Vec<usize>,
        /// Keep reduced axes with extent 1.
        keep_dims: bool,
    },
    /// `x` → i32. The first of equal elements unless `last`.
    ArgMax {
        /// Axis searched.
        axis: usize,
        /// Keep the axis with extent 1.
        keep_dims: bool,
        /// Find the smallest element instead.
        smallest: bool,
        /// The last of equal elements.
        last: bool,
    },
    /// `x`.
    Softmax {
        /// Axis that sums to one.
        axis: usize,
        /// Natural logarithm of the softmax.
        log: bool,
    },
    /// `x, scale [shape[axis..]], bias [shape[axis..]]`.
    LayerNormalization {
        /// First normalised axis.
        axis: usize,
        /// Added to the variance.
        epsilon: f32,
    },
    /// `x [n, c, spatial..], scale [c], bias [c]`.
    InstanceNormalization {
        /// Added to the variance.
        epsilon: f32,
    },
    /// ONNX `LRN`. `x [n, c, spatial..]`.
    LocalResponseNormalization {
        /// Channels summed over.
        size: usize,
        /// Scale of the sum.
        alpha: f32,
        /// Exponent.
        beta: f32,
        /// Added before the exponent.
        bias: f32,
    },
    /// `data, indices i32`. Negative indices count from the end; one out of range is a run error.
    Gather {
        /// Axis indexed.
        axis: usize,
    },
    /// `x`. Also `Squeeze`, `Unsqueeze` and `Flatten`: the element count stays.
    Reshape {
        /// Output extents.
        shape: Vec<usize>,
    },
    /// `x`.
    Transpose {
        /// Input axis of each output axis.
        perm: Vec<usize>,
    },
    /// One or more operands of one dtype.
    Concat {
        /// Axis joined.
        axis: usize,
    },
    /// `x`. One entry an axis of `x`; `starts` are resolved, `steps` may be negative.
    Slice {
        /// First index taken.
        starts: Vec<usize>,
        /// Distance between indices taken.
        steps: Vec<i64>,
        /// Output extents.
        shape: Vec<usize>,
    },
    /// `x`. One entry an axis.
    Pad {
        /// What fills the border.
        mode: PadMode,
        /// Elements before.
        before: Vec<usize>,
        /// Elements after.
        after: Vec<usize>,
        /// The border's value under `Constant`.
        value: f32,
    },
    /// `x`, broadcast to `shape` by NumPy's rules (the result may be larger than `shape`).
    Expand {
        /// Target extents.
        shape: Vec<usize>,
    },
    /// `x` of any rank, f32. Every axis whose extent or scale changes is resized, the first one first.
    Resize {
        /// Output extents of every axis.
        shape: Vec<usize>,
        /// Scale of every axis, as the model states it (not output ÷ input).
        scales: Vec<f32>,
        /// Coordinate mapping.
        coordinates: ResizeCoordinates,
        /// Interpolation.
        mode: ResizeMode,
    },
    /// `x [t, n, i], w [d, 3h, i], r [d, 3h, h], bias [d, 6h], initial_h [d, n, h]`
    /// → `y [t, d, n, h], y_h [d, n, h]`. Gate order z r h; activations sigmoid and tanh.
    Gru {
        /// Direction; `d` is 2 when bidirectional.
        direction: Direction,
        /// ONNX attribute of the same name.
        linear_before_reset: bool,
    },
    /// `x [t, n, i], w [d, 4h, i], r [d, 4h, h], bias [d, 8h], initial_h, initial_c [d, n, h]`
    /// → `y [t, d, n, h], y_h, y_c [d, n, h]`. Gate order i o f c; no peepholes.
    Lstm {
        /// Direction; `d` is 2 when bidirectional.
        direction: Direction,
    },
    // From here on: what `optimise` makes of neighbouring operators. Weights are packed as
    // `src/kernels/panel.rs` says. An activation is any function of floats that needs no second operand.
    /// `x [.., k], w (f32 panels), bias [columns]` → `[.., columns]`.
    Linear {
        /// Columns of the weights.
        columns: usize,
        /// Applied to the result.
        activation: Option<Unary>,
    },
    /// `DynamicQuantizeLinear`'s results with a product and both scales:
    /// `x u8|i8 [.., k], x_scale, x_zero (scalars), w (q8 panels), w_scale [columns], bias [columns]` → f32.
    DynamicLinear {
        /// Columns of the weights.
        columns: usize,
        /// Applied to the result.
        activation: Option<Unary>,
    },
    /// `x u8|i8 [.., k], x_zero (scalar), w (q8 panels), multiplier [columns] f32, bias [columns] i32,
    /// y_zero (scalar)` → `saturate(round((sum + bias) · multiplier) + y_zero)`.
    QLinear {
        /// Columns of the weights.
        columns: usize,
    },
    /// `a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero`: bytes of one dtype and shape, scalars.
    QLinearAdd,
    /// `x [n, h, w, c], w (f32 panels of patches), bias [maps]` → `[n, h', w', maps]`.
    ConvNhwc {
        /// Window geometry.
        window: Window,
        /// Channels of the result.
        maps: usize,
        /// Applied to the result.
        activation: Option<Unary>,
    },
    /// `x u8|i8 [n, h, w, c], x_zero, w (q8 panels of patches), multiplier [maps], bias [maps] i32, y_zero`.
    QLinearConvNhwc {
        /// Window geometry.
        window: Window,
        /// Channels of the result.
        maps: usize,
    },
    /// `x [n, h, w, c], w [taps, c], bias [c]`.
    DepthwiseNhwc {
        /// Window geometry.
        window: Window,
        /// Applied to the result.
        activation: Option<Unary>,
    },
    /// `x u8|i8 [n, h, w, c], x_zero, w i8 [⌈taps / 2⌉, c, 2], multiplier [c], bias [c] i32, y_zero`.
    QLinearDepthwiseNhwc {
        /// Window geometry.
        window: Window,
    },
    /// `x` f32, each value replaced by the nearest one of a narrower format, half to even: what ONNX `Cast`
    /// does to such a type.
    RoundFloat {
        /// The format.
        format: FloatFormat,
        /// Give the largest finite value where a value is beyond it, rather than infinity or NaN.
        saturate: bool,
    },
    /// `x` f32 → i32, or i32 → f32, of the same bits.
    BitCast,
    // From here on: what picks elements by computed numbers, and results whose extent only the values tell.
    /// `indices i32` of the rank of `shape` → i32 of their shape: row-major positions in a tensor of `shape`. A
    /// position is that of the index in `indices`, along `axis` replaced by the index, which may count from the end.
    ElementPositions {
        /// Extents of the tensor pointed into.
        shape: Vec<usize>,
        /// Axis indexed.
        axis: usize,
    },
    /// `indices i32 [batch.., more.., n]` → `[batch.., more..]`: row-major positions in a tensor of `shape`, of
    /// `batch + n` axes. The first `batch` coordinates are the tuple's own; indices may count from the end.
    TuplePositions {
        /// Extents of the tensor pointed into.
        shape: Vec<usize>,
        /// Leading axes shared with `indices`.
        batch: usize,
    },
    /// `x [n, row], positions i32 [k], updates [k, row]` → `x` with rows replaced, or combined by `Add`, `Mul`, `Min` or
    /// `Max` of f32 and i32, one after the other. A position outside is a run error.
    Scatter {
        /// How an update joins what is there; replaces it when `None`.
        combine: Option<Binary>,
    },
    /// `x` → `values, indices i32`, the best first; of equal ones the first first. NaN counts as the largest.
    TopK {
        /// Axis searched.
        axis: usize,
        /// How many.
        k: usize,
        /// The largest ones rather than the smallest.
        largest: bool,
    },
    /// `x` f32 or i32: running sums along an axis.
    Cumulate {
        /// Axis summed along.
        axis: usize,
        /// Products instead.
        product: bool,
        /// Leave each element itself out.
        exclusive: bool,
        /// From the end.
        reverse: bool,
    },
    /// `x` f32, `indices i32 [m, taps], weights f32 [m, taps]`: each of the `m` new elements along `axis` is a weighted
    /// sum of old ones.
    Resample {
        /// Axis resampled.
        axis: usize,
    },
    /// `x f32 [m, c, spatial..], at f32 [r, out.., spatial axes], image i32 [r]` → `[r, c, out..]`: pixels looked up where
    /// `at` says, in pixels from the first one's centre, the outermost axis first.
    Sample {
        /// Interpolation.
        mode: SampleMode,
        /// What lies beyond the image.
        border: SampleBorder,
    },
    /// `x [n, c, spatial..]` f32 → i32: the row-major position in `x` of the largest element of each window.
    ArgMaxPool {
        /// Window geometry.
        window: Window,
        /// Keep a last partial window.
        ceil_mode: bool,
    },
    /// `x u8` → `coordinates i32 [rank, elements], count i32`: of the elements that are not zero; 0 behind them.
    NonZero,
    /// `x` → `first, inverse, counts i32 [extent], count i32`: the slices along `axis` that differ. `first` holds where each
    /// is met first, `inverse` which of them each slice is, `counts` how often it is met; 0 behind `count`.
    Unique {
        /// Axis of the slices.
        axis: usize,
        /// In ascending order rather than as they are met.
        sorted: bool,
    },
    /// `boxes f32 [b, n, 4], scores f32 [b, c, n], most i32, iou_threshold f32, score_threshold f32 (scalars)`
    /// → `selected i32 [b · c · limit, 3], count i32`: batch, class and box; 0 behind `count`.
    NonMaxSuppression {
        /// Boxes are centre and extent rather than two corners.
        center_point_box: bool,
        /// Most boxes a class, whatever `most` says.
        limit: usize,
    },
    /// `x, count i32 (scalar)` → `x`, of which only the first `count` along `axis` are meant. A plan's output that it gives
    /// is returned without the others.
    Cut {
        /// Axis cut.
        axis: usize,
    },
    /// `DynamicLinear` whose panels hold weights of 0..=127, their columns' smallest weights taken off. After its
    /// operands: `low [columns] i32`, those smallest weights, and `sums [columns] i32` of the panels' columns.
    DynamicLinearNarrow {
        /// Columns of the weights.
        columns: usize,
        /// Applied to the result.
        activation: Option<Unary>,
    },
    /// `q [n, t, heads · d], k [n, s, heads · d], v [n, s, heads · e]`, each also as `[n, heads, rows, width]`, or with
    /// `mask` fourth, which broadcasts to `[n, heads, t, s]`; f32 → `[n, t, heads · e]`: of each head
    /// `softmax(q·kᵀ · scale + mask)·v`, as `zero` and `masking` change it.
    Attention {
        /// Heads that the columns fall into.
        heads: usize,
        /// Multiplies the scores.
        scale: f32,
        /// Which queries share out zeros.
        zero: ZeroShares,
        /// What the mask does to scores.
        masking: Masking,
    },
}

impl Op {
    /// Whether the result is the first operand in another guise: it lies where that does, and nothing is computed.
    #[must_use]
    pub fn is_view(&self) -> bool {
        matches!(self, Self::Reshape { .. } | Self::Cut { .. })
    }
}
