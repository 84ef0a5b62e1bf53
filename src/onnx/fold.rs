//! Evaluation of nodes whose operands are all known, by tract.
//!
//! Quantization nodes are left alone: folding them would turn int8 weights into floats. Nodes that would take too
//! much memory ([`bound`]) or that tract might panic on ([`sound`]) are left to the lowering: in WebAssembly a panic
//! ends the whole module.

mod bound;
pub(crate) mod engine;
mod sound;
#[cfg(test)]
mod tests;

use crate::constant::{Constant, Data};
use crate::node::{Node, Value};
use crate::read::from_tract;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tract_onnx::model::{Onnx, ParsingContext};
use tract_onnx::pb::{ModelProto, NodeProto};
use tract_onnx::tract_hir::internal::{
    InferenceFact, InferenceModel, InferenceModelExt, InletId, OutletId, SimplePlan, SpecialOps,
    Tensor, TractResult, tvec,
};

/// Operators that are folded, by the least number of operands they take. All are pure; [`bound::bytes`] says how
/// much they give at most, and [`sound::is_sound`] knows what each of them takes.
const FOLDABLE: &[(usize, &[&str])] = &[
    (
        1,
        &[
            "Abs",
            "ArgMax",
            "ArgMin",
            "BitwiseNot",
            "Cast",
            "Ceil",
            "Clip",
            "Concat",
            "Cos",
            "Erf",
            "Exp",
            "Flatten",
            "Floor",
            "IsNaN",
            "Log",
            "Max",
            "Mean",
            "Min",
            "Neg",
            "NonZero",
            "Not",
            "Pad",
            "Reciprocal",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceProd",
            "ReduceSum",
            "Relu",
            "Reshape",
            "Round",
            "Sigmoid",
            "Sign",
            "Sin",
            "Slice",
            "Split",
            "Sqrt",
            "Squeeze",
            "Sum",
            "Tanh",
            "Transpose",
            "Trilu",
            "Unsqueeze",
        ],
    ),
    (
        2,
        &[
            "Add",
            "And",
            "CastLike",
            "CumSum",
            "Div",
            "Equal",
            "Expand",
            "Gather",
            "GatherElements",
            "GatherND",
            "Greater",
            "GreaterOrEqual",
            "Less",
            "LessOrEqual",
            "MatMul",
            "Mod",
            "Mul",
            "Or",
            "Pow",
            "Sub",
            "Tile",
            "TopK",
            "Xor",
        ],
    ),
    (
        3,
        &["OneHot", "Range", "ScatterElements", "ScatterND", "Where"],
    ),
];

/// Operands of a node, all of them known.
struct Operands<'a>(Vec<Option<&'a Constant>>);

impl<'a> Operands<'a> {
    /// `None` when one depends on the model's input.
    fn known(node: &'a Node) -> Option<Self> {
        let known = |input: &'a Option<Value>| match input {
            None => Some(None),
            Some(value) => value.as_constant().map(|constant| Some(&**constant)),
        };
        node.inputs
            .iter()
            .map(known)
            .collect::<Option<_>>()
            .map(Self)
    }

    fn are_foldable(&self, node: &Node, room: u64) -> bool {
        let operator = node.proto.op_type.as_str();
        let least = FOLDABLE
            .iter()
            .find(|(_, operators)| operators.contains(&operator));
        let is_standard = matches!(&*node.proto.domain, "" | "ai.onnx");
        is_standard
            && least.is_some_and(|&(least, _)| (0..least).all(|index| self.get(index).is_some()))
            && bound::bytes(self, node).is_some_and(|bytes| bytes <= u128::from(room))
            && sound::is_sound(self, node)
    }

    fn get(&self, index: usize) -> Option<&'a Constant> {
        self.0.get(index).copied().flatten()
    }

    fn present(&self) -> impl Iterator<Item = &'a Constant> {
        self.0.iter().copied().flatten()
    }

    fn shape(&self, index: usize) -> Option<&'a [usize]> {
        self.get(index).map(|operand| &operand.shape[..])
    }

    fn ints(&self, index: usize) -> Option<Vec<i64>> {
        self.get(index).and_then(Constant::ints)
    }

    /// Integers that older operator sets keep in an attribute and newer ones in an operand. `None` when it is both:
    /// tract might look at the other one.
    fn ints_or(&self, node: &Node, attribute: &str, index: usize) -> Option<Option<Vec<i64>>> {
        match (node.ints(attribute).ok()?, self.get(index)) {
            (Some(_), Some(_)) => None,
            (Some(ints), None) => Some(Some(ints.to_vec())),
            (None, Some(operand)) => operand.ints().map(Some),
            (None, None) => Some(None),
        }
    }

    /// The number in an operand of one element.
    fn number(&self, index: usize) -> Option<f64> {
        let operand = self.get(index).filter(|operand| operand.len() == 1)?;
        let value = match operand.floats() {
            Some(floats) => f64::from(*floats.first()?),
            None => *operand.ints()?.first()? as f64,
        };
        value.is_finite().then_some(value)
    }
}

/// Evaluates nodes of one model.
pub(crate) struct Folder {
    onnx: Onnx,
    /// Operator sets, for operators that changed over time.
    header: ModelProto,
}

impl Folder {
    /// For nodes of `model`.
    pub(crate) fn new(model: &ModelProto) -> Self {
        let header = ModelProto {
            opset_import: model.opset_import.clone(),
            ..ModelProto::default()
        };
        Self {
            onnx: tract_onnx::onnx(),
            header,
        }
    }

    /// Outputs of `node` when all of its operands are known, tract can evaluate it, and they take no more than
    /// `room` bytes.
    pub(crate) fn fold(&self, node: &Node, room: u64) -> Option<Vec<Value>> {
        let operands = Operands::known(node)?;
        if !operands.are_foldable(node, room) {
            return None;
        }
        // The last resort where panics unwind, that is not in WebAssembly.
        let results = catch_unwind(AssertUnwindSafe(|| self.evaluate(node.proto, &operands)));
        let results = results.ok()?.ok()?;
        Some(results.into_iter().map(Value::constant).collect())
    }

    fn evaluate(&self, proto: &NodeProto, operands: &Operands) -> TractResult<Vec<Constant>> {
        let opset = crate::read::opset(&self.header, "");
        let context = ParsingContext {
            onnx_operator_set_version: opset,
            framework: &self.onnx,
            model: &self.header,
            parent_graphs: Vec::new(),
            model_dir: None,
            template: InferenceModel::default(),
        };
        let builder = self.onnx.op_register.0.get(&proto.op_type);
        let builder = builder.ok_or_else(|| tract_onnx::tract_hir::internal::anyhow!("unknown"))?;
        let (operator, _) = builder(&context, proto)?;
        let mut model = InferenceModel::default();
        let mut outlets = Vec::new();
        for (index, operand) in operands.present().enumerate() {
            outlets.push(model.add_const(format!("operand {index}"), to_tract(operand)?)?);
        }
        let results = proto.output.iter().filter(|name| !name.is_empty()).count();
        let facts = (0..results).map(|_| InferenceFact::default()).collect();
        let id = model.add_node("node", operator, facts)?;
        for (index, outlet) in outlets.into_iter().enumerate() {
            model.add_edge(outlet, InletId::new(id, index))?;
        }
        let results: Vec<OutletId> = (0..results).map(|index| OutletId::new(id, index)).collect();
        model.select_output_outlets(&results)?;
        let plan = SimplePlan::new(model.into_typed()?)?;
        plan.run(tvec![])?
            .iter()
            .map(|value| from_tract(value))
            .collect()
    }
}

pub(crate) fn to_tract(constant: &Constant) -> TractResult<Tensor> {
    let shape = &constant.shape[..];
    match &constant.data {
        Data::F32(values) => Tensor::from_shape(shape, values),
        Data::I64(values) => Tensor::from_shape(shape, values),
        Data::I32(values) => Tensor::from_shape(shape, values),
        Data::I8(values) => Tensor::from_shape(shape, values),
        Data::U8(values) => Tensor::from_shape(shape, values),
        Data::Bool(values) => Tensor::from_shape(shape, values),
    }
}
