//! ONNX element types of a graph's values: a plan holds several of them in one dtype, and casts tell them apart.

use crate::element::Element;
use crate::node::Node;

/// Element type of output `index` of `node`; `None` where nothing needs to know it.
pub(crate) fn of_output(node: &Node, index: usize) -> Option<Element> {
    let stated = |name: &str| node.int(name).ok().flatten().and_then(Element::numbered);
    match node.proto.op_type.as_str() {
        "Cast" | "BitCast" => stated("to"),
        "CastLike" => node.kind(1),
        "QuantizeLinear" => node
            .kind(2)
            .or_else(|| stated("output_dtype"))
            .or(Some(Element::Uint8)),
        "DequantizeLinear" => stated("output_dtype").or_else(|| node.kind(1)),
        "Where" => node.kind(1),
        "Equal" | "Less" | "LessOrEqual" | "Greater" | "GreaterOrEqual" | "And" | "Or" | "Xor"
        | "Not" | "IsNaN" | "IsInf" => Some(Element::Bool),
        "Shape" | "Size" | "ArgMax" | "ArgMin" | "NonZero" | "NonMaxSuppression" => {
            Some(Element::Int64)
        }
        "TopK" | "MaxPool" | "Unique" if index > 0 => Some(Element::Int64),
        "Constant" => constant(node),
        "ConstantOfShape" => match node.tensor("value").ok().flatten() {
            Some(tensor) => Element::numbered(tensor.data_type.into()),
            None => Some(Element::Float),
        },
        "ConvInteger" | "MatMulInteger" => Some(Element::Int32),
        "DynamicQuantizeLinear" if index != 1 => Some(Element::Uint8),
        "DynamicQuantizeLinear" => Some(Element::Float),
        "QLinearConv" | "QLinearMatMul" => node.kind(7),
        "OneHot" => node.kind(2),
        "Dropout" if index == 1 => Some(Element::Bool),
        "EyeLike" | "RandomUniformLike" | "RandomNormalLike" | "Bernoulli" => {
            stated("dtype").or_else(|| node.kind(0))
        }
        "BlackmanWindow" | "HammingWindow" | "HannWindow" | "MelWeightMatrix" => {
            stated("output_datatype").or(Some(Element::Float))
        }
        // What their bodies give is noted there.
        "If" | "Loop" | "Scan" => None,
        _ => node.kind(0),
    }
}

fn constant(node: &Node) -> Option<Element> {
    let named = |name: &str| {
        node.proto
            .attribute
            .iter()
            .any(|attribute| attribute.name == name)
    };
    match node.tensor("value").ok().flatten() {
        Some(tensor) => Element::numbered(tensor.data_type.into()),
        None if named("value_int") || named("value_ints") => Some(Element::Int64),
        None => Some(Element::Float),
    }
}
