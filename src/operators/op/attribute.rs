//! Kinds that operators choose between: functions, reductions, modes, windows. Plan files number the variants, so
//! new ones come last.

use serde::{Deserialize, Serialize};

/// Element-wise function of one f32 operand (`Abs`, `Neg` and `Sign` also of i32, `Not` of u8).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // the field's own names
pub enum Unary {
    Abs,
    Neg,
    Sign,
    Not,
    Floor,
    Ceil,
    /// Half to even.
    Round,
    Sqrt,
    Reciprocal,
    Exp,
    Log,
    Sin,
    Cos,
    Tanh,
    Sigmoid,
    Erf,
    /// x·Φ(x), the exact form.
    Gelu,
    /// x·sigmoid(x).
    Silu,
    Softplus,
    Softsign,
    HardSwish,
    Relu,
    LeakyRelu {
        alpha: f32,
    },
    Elu {
        alpha: f32,
    },
    HardSigmoid {
        alpha: f32,
        beta: f32,
    },
    /// Bounds are inclusive; NaN passes through.
    Clip {
        min: f32,
        max: f32,
    },
    Acos,
    Acosh,
    Asin,
    Asinh,
    Atan,
    Atanh,
    Cosh,
    Sinh,
}

/// Element-wise function of two operands of one dtype, broadcast by NumPy's rules.
/// Comparisons and logic give u8 (0 or 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
    /// Sign of the divisor (ONNX `Mod` with `fmod = 0`, Python's `%`).
    Mod,
    /// Sign of the dividend (C's `fmod`).
    Fmod,
    /// x for x ≥ 0, slope·x below.
    PRelu,
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Xor,
    /// Bit by bit, of i32.
    BitAnd,
    /// Bit by bit, of i32.
    BitOr,
    /// Bit by bit, of i32.
    BitXor,
    /// Bits of an i32 moved up; 0 when by 32 or more.
    ShiftLeft,
    /// Bits of an i32 moved down, the sign kept; only the sign is left when by 32 or more.
    ShiftRight,
}

/// How a reduction combines elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Reduction {
    Sum,
    Mean,
    Max,
    Min,
    Prod,
    L1,
    L2,
    SumSquare,
    LogSum,
    LogSumExp,
}

/// Window geometry of convolution and pooling, resolved: no `auto_pad` is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Extent of the window, one a spatial axis.
    pub kernel: Vec<usize>,
    /// Step between windows.
    pub strides: Vec<usize>,
    /// Distance between taps.
    pub dilations: Vec<usize>,
    /// Padding before the first element of each spatial axis.
    pub pads_begin: Vec<usize>,
    /// Padding after the last element of each spatial axis. Negative cropping is not represented.
    pub pads_end: Vec<usize>,
}

/// What fills the border of `Pad`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum PadMode {
    Constant,
    Reflect,
    Edge,
}

/// How `Resize` maps an output coordinate to an input coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum ResizeCoordinates {
    HalfPixel,
    Asymmetric,
    AlignCorners,
    PytorchHalfPixel,
}

/// How `Resize` interpolates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum ResizeMode {
    NearestFloor,
    NearestCeil,
    NearestRoundPreferFloor,
    NearestRoundPreferCeil,
    Linear,
}

/// A floating-point format narrower than f32, whose values a plan holds as f32. Names are those of
/// ONNX's element types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum FloatFormat {
    Float16,
    BFloat16,
    Float8E4M3Fn,
    Float8E4M3FnUz,
    Float8E5M2,
    Float8E5M2FnUz,
    /// Powers of two without sign.
    Float8E8M0,
    Float4E2M1,
}

/// How `Sample` interpolates between pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum SampleMode {
    /// Half to even.
    Nearest,
    Linear,
    /// Keys' cubic convolution with a = -0.75.
    Cubic,
    /// The largest of the neighbours' shares, as ONNX `RoiAlign` with `mode = max` has it.
    LargestShare,
}

/// What `Sample` sees beyond an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum SampleBorder {
    Zeros,
    /// The nearest pixel.
    Edge,
    /// The image mirrored about the centres of its outermost pixels.
    ReflectCentres,
    /// The image mirrored about the outer edges of its outermost pixels.
    ReflectEdges,
    /// The nearest pixel up to one pixel away, then zero: the rule of `RoiAlign`.
    EdgeThenZeros,
}

/// What a mask does to the scores of [`Op::Attention`](crate::Op::Attention).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Masking {
    /// It is added to them, whatever it holds.
    Added,
    /// An element at or below [`Self::HIDDEN`] takes a score's place, be that infinite or no number; others are added.
    Replaces,
}

impl Masking {
    /// The largest that replaces a score.
    pub const HIDDEN: f32 = -1e30;
}

/// Which queries of [`Op::Attention`](crate::Op::Attention) share out zeros rather than what their softmax gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ZeroShares {
    /// None: where all scores are −∞, their softmax is no number.
    Never,
    /// Those all of whose scores are −∞.
    Hidden,
    /// Those whose softmax is no number: all scores are −∞, one is +∞ or one is no number.
    NoNumber,
}

/// Direction of a recurrent layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Direction {
    Forward,
    Reverse,
    Bidirectional,
}
