//! From ONNX operators to the engine's, a file an operator family.

mod arithmetic;
mod attention;
mod cast;
mod classic;
mod control;
mod conv;
mod cumulate;
pub(crate) mod cut;
mod depth;
mod determinant;
mod einsum;
mod embed;
mod fused;
mod image;
mod integers;
mod known;
mod legacy;
mod linear_attention;
mod loss;
mod matmul;
mod nbits;
mod ngrams;
mod norm;
pub(crate) mod peephole;
mod pick;
mod pool;
mod quantize;
mod quantize_wide;
mod quantized;
mod recurrent;
mod reduce;
mod resample;
mod reshape;
mod resize;
mod rotary;
mod sample;
mod scatter;
mod select;
mod signal;
mod slice;
mod steps;
#[cfg(test)]
mod tests;
mod tile;
mod truth;
mod unary;
mod unrolled;
mod volume;
mod window;

use crate::graph::Lowering;
use crate::node::{Lowered, Node};

const MICROSOFT: &str = "com.microsoft";
const CLASSIC: &str = "ai.onnx.ml";
const PREVIEW: &str = "ai.onnx.preview";

/// Lowers one node to its outputs' values.
pub(crate) fn node<'a>(node: &Node<'a>, lowering: &mut Lowering<'a>) -> Lowered {
    match &*node.proto.domain {
        "" | "ai.onnx" => standard(node, lowering),
        CLASSIC => classic::lower(node, lowering),
        PREVIEW if node.proto.op_type == "FlexAttention" => attention::flexible(node, lowering),
        MICROSOFT => microsoft(node, lowering),
        _ => Err(node.unsupported("only ONNX's own operators and ONNX Runtime's are known; export without custom operators")),
    }
}

fn standard<'a>(node: &Node<'a>, lowering: &mut Lowering<'a>) -> Lowered {
    match &*node.proto.op_type {
        "Abs" | "Acos" | "Acosh" | "Asin" | "Asinh" | "Atan" | "Atanh" | "Ceil" | "Celu"
        | "Cos" | "Cosh" | "Elu" | "Erf" | "Exp" | "Floor" | "Gelu" | "HardSigmoid"
        | "HardSwish" | "LeakyRelu" | "Log" | "Mish" | "Neg" | "Not" | "Reciprocal" | "Relu"
        | "Round" | "Selu" | "Sigmoid" | "Sign" | "Sin" | "Sinh" | "Shrink" | "Softplus"
        | "Softsign" | "Sqrt" | "Swish" | "Tan" | "Tanh" | "ThresholdedRelu" => {
            unary::lower(node, lowering)
        }
        "Clip" => unary::clip(node, lowering),
        "Add" | "And" | "Div" | "Equal" | "Greater" | "GreaterOrEqual" | "Less" | "LessOrEqual"
        | "Mod" | "Mul" | "Or" | "PRelu" | "Pow" | "Sub" | "Xor" => {
            arithmetic::binary(node, lowering)
        }
        "Max" | "Mean" | "Min" | "Sum" => arithmetic::variadic(node, lowering),
        "Cast" | "CastLike" => cast::cast(node, lowering),
        "Where" => select::select(node, lowering),
        "Trilu" => select::trilu(node, lowering),
        "OneHot" => select::one_hot(node, lowering),
        "MatMul" => matmul::matmul(node, lowering),
        "Gemm" => matmul::gemm(node, lowering),
        "Conv" => conv::conv(node, lowering),
        "ConvTranspose" => conv::transpose(node, lowering),
        "AveragePool" | "MaxPool" => pool::pool(node, lowering),
        "GlobalAveragePool" | "GlobalMaxPool" => pool::global(node, lowering),
        "BatchNormalization" => norm::batch(node, lowering),
        "GroupNormalization" => norm::group(node, lowering),
        "InstanceNormalization" => norm::instance(node, lowering),
        "LayerNormalization" => norm::layer(node, lowering),
        "LpNormalization" => norm::lp(node, lowering),
        "LRN" => norm::local_response(node, lowering),
        "MeanVarianceNormalization" => norm::mean_variance(node, lowering),
        "RMSNormalization" | "SimplifiedLayerNormalization" => {
            norm::root_mean_square(node, lowering)
        }
        "ReduceL1" | "ReduceL2" | "ReduceLogSum" | "ReduceLogSumExp" | "ReduceMax"
        | "ReduceMean" | "ReduceMin" | "ReduceProd" | "ReduceSum" | "ReduceSumSquare" => {
            reduce::reduce(node, lowering)
        }
        "ArgMax" | "ArgMin" => reduce::arg(node, lowering),
        "LogSoftmax" | "Softmax" => reduce::softmax(node, lowering),
        "NegativeLogLikelihoodLoss" => loss::likelihood(node, lowering),
        "SoftmaxCrossEntropyLoss" => loss::cross_entropy(node, lowering),
        "Constant" => known::constant(node, lowering),
        "ConstantOfShape" => known::constant_of_shape(node, lowering),
        "DepthToSpace" | "SpaceToDepth" => depth::depth(node, lowering),
        "Dropout" => reshape::dropout(node, lowering),
        "Identity" => reshape::identity(node),
        "Expand" => tile::expand(node, lowering),
        "Flatten" => reshape::flatten(node, lowering),
        "Reshape" => reshape::reshape(node, lowering),
        "Shape" => known::shape(node, lowering),
        "Size" => known::size(node, lowering),
        "Squeeze" => reshape::squeeze(node, lowering),
        "Tile" => tile::tile(node, lowering),
        "Transpose" => reshape::transpose(node, lowering),
        "Unsqueeze" => reshape::unsqueeze(node, lowering),
        "Concat" => slice::concat(node, lowering),
        "Gather" => slice::gather(node, lowering),
        "Pad" => slice::pad(node, lowering),
        "Slice" => slice::slice(node, lowering),
        "Split" => slice::split(node, lowering),
        "ConvInteger" => quantize::conv_integer(node, lowering),
        "DequantizeLinear" => quantize::dequantize(node, lowering),
        "DynamicQuantizeLinear" => quantize::dynamic(node, lowering),
        "MatMulInteger" => quantize::matmul_integer(node, lowering),
        "QLinearConv" => quantize::qlinear_conv(node, lowering),
        "QLinearMatMul" => quantize::qlinear_matmul(node, lowering),
        "QuantizeLinear" => quantize::quantize(node, lowering),
        "GRU" => recurrent::gru(node, lowering),
        "LSTM" => recurrent::lstm(node, lowering),
        "Resize" | "Upsample" => resize::resize(node, lowering),
        "Affine" => legacy::affine(node, lowering),
        "Crop" => legacy::crop(node, lowering),
        "ImageScaler" => legacy::image_scaler(node, lowering),
        "If" => control::branch(node, lowering),
        "Loop" => control::repeat(node, lowering),
        "Scan" => control::scan(node, lowering),
        "Attention" => attention::attention(node, lowering),
        "CausalConvWithState" => conv::causal(node, lowering),
        "LinearAttention" => linear_attention::lower(node, lowering),
        "RotaryEmbedding" => rotary::lower(node, lowering),
        "AffineGrid" => image::affine_grid(node, lowering),
        "BitCast" => cast::bits(node, lowering),
        "BlackmanWindow" | "HammingWindow" | "HannWindow" => signal::window(node),
        "CenterCropPad" => image::center_crop_pad(node, lowering),
        "Col2Im" => image::columns_to_image(node, lowering),
        "DFT" => signal::dft(node, lowering),
        "Det" => determinant::lower(node, lowering),
        "Einsum" => einsum::lower(node, lowering),
        "EyeLike" => known::eye_like(node, lowering),
        "Hardmax" => reduce::hardmax(node, lowering),
        "GlobalLpPool" => pool::global_norm(node, lowering),
        "LpPool" => pool::norm(node, lowering),
        "MelWeightMatrix" => signal::mel(node),
        "Range" => known::range(node),
        "STFT" => signal::stft(node, lowering),
        "SwiGLU" => unary::gated(node, lowering),
        "RNN" => recurrent::rnn(node, lowering),
        "BitShift" | "BitwiseAnd" | "BitwiseOr" | "BitwiseXor" => integers::bitwise(node, lowering),
        "BitwiseNot" => integers::bitwise_not(node, lowering),
        "IsInf" => integers::is_inf(node, lowering),
        "IsNaN" => integers::is_nan(node, lowering),
        "CumProd" | "CumSum" => cumulate::lower(node, lowering),
        "GatherElements" => scatter::gather_elements(node, lowering),
        "GatherND" => scatter::gather_nd(node, lowering),
        "Scatter" | "ScatterElements" => scatter::scatter_elements(node, lowering),
        "ScatterND" => scatter::scatter_nd(node, lowering),
        "TensorScatter" => scatter::tensor_scatter(node, lowering),
        "ReverseSequence" => scatter::reverse_sequence(node, lowering),
        "MaxUnpool" => scatter::max_unpool(node, lowering),
        "TopK" => pick::top_k(node, lowering),
        "Unique" => pick::unique(node, lowering),
        "NonZero" => pick::non_zero(node, lowering),
        "Compress" => pick::compress(node, lowering),
        "NonMaxSuppression" => pick::non_max_suppression(node, lowering),
        "GridSample" => sample::grid(node, lowering),
        "RoiAlign" => sample::roi_align(node, lowering),
        "DeformConv" => sample::deformed_conv(node, lowering),
        "TfIdfVectorizer" => ngrams::lower(node, lowering),
        _ => Err(node.unsupported(
            "export with opset 17 and standard layers, or run the model through the tract fallback",
        )),
    }
}

fn microsoft(node: &Node, lowering: &mut Lowering) -> Lowered {
    match &*node.proto.op_type {
        "BiasGelu" | "FastGelu" | "Gelu" | "QuickGelu" => unary::gelu_family(node, lowering),
        "DynamicQuantizeLSTM" => recurrent::lstm(node, lowering),
        "DynamicQuantizeMatMul" => quantized::dynamic_quantize_matmul(node, lowering),
        "MatMulIntegerToFloat" => quantized::matmul_integer_to_float(node, lowering),
        "QGemm" => quantized::gemm(node, lowering),
        "QLinearAdd" | "QLinearMul" => quantized::binary(node, lowering),
        "QLinearAveragePool" | "QLinearGlobalAveragePool" => {
            quantized::average_pool(node, lowering)
        }
        "QLinearConcat" => quantized::concat(node, lowering),
        "QLinearLeakyRelu" | "QLinearSigmoid" => quantized::activation(node, lowering),
        "QLinearSoftmax" => quantized::softmax(node, lowering),
        "QuantizeLinear" => quantize::quantize(node, lowering),
        "DequantizeLinear" => quantize::dequantize(node, lowering),
        "Attention" => attention::fused::attention(node, lowering),
        "EmbedLayerNormalization" => embed::lower(node, lowering),
        "FusedConv" => fused::conv(node, lowering),
        "FusedGemm" => fused::gemm(node, lowering),
        "MatMulNBits" => nbits::matmul(node, lowering),
        "MultiHeadAttention" => attention::fused::multi_head(node, lowering),
        "NhwcMaxPool" => quantized::max_pool(node, lowering),
        "QAttention" => attention::fused::quantized(node, lowering),
        "QLinearConv" => quantized::conv(node, lowering),
        "QLinearReduceMean" => quantized::reduce_mean(node, lowering),
        "QLinearWhere" => quantized::select(node, lowering),
        "RotaryEmbedding" => rotary::microsoft(node, lowering),
        "SkipLayerNormalization" => norm::skip_layer(node, lowering),
        "SkipSimplifiedLayerNormalization" => norm::skip_root_mean_square(node, lowering),
        "FusedMatMul" => matmul::fused(node, lowering),
        _ => Err(node.unsupported(
            "it comes from ONNX Runtime's offline optimizer; save the model before that step",
        )),
    }
}
