//! Evaluation of nodes whose operands are all known, by tract.
//!
//! Quantization nodes are left alone: folding them would turn int8 weights into floats.

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

/// No folded tensor has more elements than this: a few bytes of a file can ask for any size.
const MAX_ELEMENTS: u128 = 1 << 28;

/// Operators that are folded, by the least number of operands they take. All are pure, and the
/// size of their results follows from their operands as [`elements`] says.
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

    /// Outputs of `node` when all of its operands are known and tract can evaluate it.
    pub(crate) fn fold(&self, node: &Node) -> Option<Vec<Value>> {
        if !node.proto.domain.is_empty() && node.proto.domain != "ai.onnx" {
            return None;
        }
        let operands: Vec<Option<&Constant>> = node
            .inputs
            .iter()
            .map(|input| match input {
                None => Some(None),
                Some(value) => value.as_constant().map(|constant| Some(&**constant)),
            })
            .collect::<Option<_>>()?;
        let operator = node.proto.op_type.as_str();
        let (least, _) = FOLDABLE
            .iter()
            .find(|(_, operators)| operators.contains(&operator))?;
        let present = operands
            .iter()
            .take(*least)
            .filter(|operand| operand.is_some())
            .count();
        if present < *least || elements(operator, &operands, node)? > MAX_ELEMENTS {
            return None;
        }
        // tract may panic on attributes no exporter writes; the node is then lowered, or refused, by us.
        let results = catch_unwind(AssertUnwindSafe(|| self.evaluate(node.proto, &operands)));
        let results = results.ok()?.ok()?;
        Some(results.into_iter().map(Value::constant).collect())
    }

    fn evaluate(
        &self,
        proto: &NodeProto,
        operands: &[Option<&Constant>],
    ) -> TractResult<Vec<Constant>> {
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
        for (index, operand) in operands.iter().flatten().enumerate() {
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

/// An upper bound of the elements a folded node gives; `None` when it can't be told.
fn elements(operator: &str, operands: &[Option<&Constant>], node: &Node) -> Option<u128> {
    let length = |index: usize| {
        operands
            .get(index)
            .copied()
            .flatten()
            .map_or(1, |operand| operand.len().max(1) as u128)
    };
    let ints = |index: usize| {
        operands
            .get(index)
            .copied()
            .flatten()
            .and_then(Constant::ints)
    };
    let product = |extents: &[i64]| {
        extents.iter().try_fold(1_u128, |product, &extent| {
            product.checked_mul(u128::from(extent.unsigned_abs().max(1)))
        })
    };
    match operator {
        "Expand" => product(&ints(1)?)?.checked_mul(length(0)),
        "Tile" => product(&ints(1)?)?.checked_mul(length(0)),
        "OneHot" => product(&ints(1)?)?.checked_mul(length(0)),
        "Range" => {
            let [start, limit, delta] =
                [0, 1, 2].map(|index| scalar(operands.get(index).copied().flatten()));
            let count = ((limit? - start?) / delta?).ceil();
            (count.is_finite() && count < MAX_ELEMENTS as f64).then_some(count.max(0.0) as u128)
        }
        "Pad" => {
            let pads = match node.ints("pads").ok()?.or(node.ints("paddings").ok()?) {
                Some(pads) => pads.to_vec(),
                None => ints(1)?,
            };
            let shape = &operands.first().copied().flatten()?.shape;
            let border = pads
                .iter()
                .try_fold(0_u64, |sum, pad| sum.checked_add(pad.unsigned_abs()))?;
            shape.iter().try_fold(1_u128, |product, &extent| {
                product.checked_mul(extent as u128 + u128::from(border))
            })
        }
        "Gather" | "GatherND" | "MatMul" => length(0).checked_mul(length(1)),
        // Every other one moves, reduces, joins or broadcasts.
        _ => {
            let rank = operands
                .iter()
                .flatten()
                .map(|operand| operand.shape.len())
                .max()
                .unwrap_or(0);
            let broadcast = (0..rank).try_fold(1_u128, |product, from_end| {
                let extents = operands
                    .iter()
                    .flatten()
                    .filter_map(|operand| operand.shape.iter().rev().nth(from_end));
                product.checked_mul(extents.copied().max().unwrap_or(1).max(1) as u128)
            })?;
            let joined = (0..operands.len())
                .try_fold(0_u128, |sum, index| sum.checked_add(length(index)))?;
            Some(broadcast.max(joined))
        }
    }
}

fn scalar(operand: Option<&Constant>) -> Option<f64> {
    let operand = operand?;
    let value = match operand.floats() {
        Some(floats) => f64::from(*floats.first()?),
        None => *operand.ints()?.first()? as f64,
    };
    value.is_finite().then_some(value)
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
