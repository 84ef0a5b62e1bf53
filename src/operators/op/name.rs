//! What operators are called in messages and tables.

use super::{Binary, Op, Unary};

impl Op {
    /// Name as ONNX has it, where it does.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unary(kind) => kind.name(),
            Self::Binary(kind) => kind.name(),
            Self::Select => "Where",
            Self::Cast { .. } => "Cast",
            Self::IsNonZero => "IsNonZero",
            Self::MatMul => "MatMul",
            Self::MatMulInteger => "MatMulInteger",
            Self::DynamicQuantizeLinear => "DynamicQuantizeLinear",
            Self::QuantizeLinear { .. } => "QuantizeLinear",
            Self::DequantizeLinear { .. } => "DequantizeLinear",
            Self::QLinearMatMul => "QLinearMatMul",
            Self::Conv { .. } => "Conv",
            Self::ConvInteger { .. } => "ConvInteger",
            Self::QLinearConv { .. } => "QLinearConv",
            Self::ConvTranspose { .. } => "ConvTranspose",
            Self::MaxPool { .. } => "MaxPool",
            Self::AveragePool { .. } => "AveragePool",
            Self::Reduce { .. } => "Reduce",
            Self::ArgMax { .. } => "ArgMax",
            Self::Softmax { .. } => "Softmax",
            Self::LayerNormalization { .. } => "LayerNormalization",
            Self::InstanceNormalization { .. } => "InstanceNormalization",
            Self::LocalResponseNormalization { .. } => "LocalResponseNormalization",
            Self::Gather { .. } => "Gather",
            Self::Reshape { .. } => "Reshape",
            Self::Transpose { .. } => "Transpose",
            Self::Concat { .. } => "Concat",
            Self::Slice { .. } => "Slice",
            Self::Pad { .. } => "Pad",
            Self::Expand { .. } => "Expand",
            Self::Resize { .. } => "Resize",
            Self::Gru { .. } => "Gru",
            Self::Lstm { .. } => "Lstm",
            Self::Linear { .. } => "Linear",
            Self::DynamicLinear { .. } => "DynamicLinear",
            Self::DynamicLinearNarrow { .. } => "DynamicLinearNarrow",
            Self::QLinear { .. } => "QLinear",
            Self::QLinearAdd => "QLinearAdd",
            Self::ConvNhwc { .. } => "ConvNhwc",
            Self::QLinearConvNhwc { .. } => "QLinearConvNhwc",
            Self::DepthwiseNhwc { .. } => "DepthwiseNhwc",
            Self::QLinearDepthwiseNhwc { .. } => "QLinearDepthwiseNhwc",
            Self::RoundFloat { .. } => "RoundFloat",
            Self::BitCast => "BitCast",
            Self::ElementPositions { .. } => "ElementPositions",
            Self::TuplePositions { .. } => "TuplePositions",
            Self::Scatter { .. } => "Scatter",
            Self::TopK { .. } => "TopK",
            Self::Cumulate { .. } => "Cumulate",
            Self::Resample { .. } => "Resample",
            Self::Sample { .. } => "Sample",
            Self::ArgMaxPool { .. } => "ArgMaxPool",
            Self::NonZero => "NonZero",
            Self::Unique { .. } => "Unique",
            Self::NonMaxSuppression { .. } => "NonMaxSuppression",
            Self::Cut { .. } => "Cut",
            Self::Attention { .. } => "Attention",
        }
    }
}

impl Unary {
    /// Name as ONNX has it, where it does.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Abs => "Abs",
            Self::Acos => "Acos",
            Self::Acosh => "Acosh",
            Self::Asin => "Asin",
            Self::Asinh => "Asinh",
            Self::Atan => "Atan",
            Self::Atanh => "Atanh",
            Self::Cosh => "Cosh",
            Self::Sinh => "Sinh",
            Self::Neg => "Neg",
            Self::Sign => "Sign",
            Self::Not => "Not",
            Self::Floor => "Floor",
            Self::Ceil => "Ceil",
            Self::Round => "Round",
            Self::Sqrt => "Sqrt",
            Self::Reciprocal => "Reciprocal",
            Self::Exp => "Exp",
            Self::Log => "Log",
            Self::Sin => "Sin",
            Self::Cos => "Cos",
            Self::Tanh => "Tanh",
            Self::Sigmoid => "Sigmoid",
            Self::Erf => "Erf",
            Self::Gelu => "Gelu",
            Self::Silu => "Silu",
            Self::Softplus => "Softplus",
            Self::Softsign => "Softsign",
            Self::HardSwish => "HardSwish",
            Self::Relu => "Relu",
            Self::LeakyRelu { .. } => "LeakyRelu",
            Self::Elu { .. } => "Elu",
            Self::HardSigmoid { .. } => "HardSigmoid",
            Self::Clip { .. } => "Clip",
        }
    }
}

impl Binary {
    /// Name as ONNX has it, where it does.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::Sub => "Sub",
            Self::Mul => "Mul",
            Self::Div => "Div",
            Self::Pow => "Pow",
            Self::Min => "Min",
            Self::Max => "Max",
            Self::Mod => "Mod",
            Self::Fmod => "Fmod",
            Self::PRelu => "PRelu",
            Self::Equal => "Equal",
            Self::Less => "Less",
            Self::LessOrEqual => "LessOrEqual",
            Self::Greater => "Greater",
            Self::GreaterOrEqual => "GreaterOrEqual",
            Self::And => "And",
            Self::Or => "Or",
            Self::Xor => "Xor",
            Self::BitAnd => "BitwiseAnd",
            Self::BitOr => "BitwiseOr",
            Self::BitXor => "BitwiseXor",
            Self::ShiftLeft | Self::ShiftRight => "BitShift",
        }
    }
}
