//! A model run by tract itself: slower than a plan, for operators that a plan lacks.

use crate::constant::{Constant, Data};
use crate::{CompileError, CompileOptions, dims, fix, fold, graph, node, read};
use nearshelf_engine::{DType, Port, RunError, Session, Tensor, TensorType, Values};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use tract_onnx::data_resolver::ModelDataResolver;
use tract_onnx::model::Onnx;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto};
use tract_onnx::prelude::{DatumType, Framework, TValue, TractResult, TypedRunnableModel};
use tract_onnx::tract_hir::internal::{
    Factoid, InferenceFact, InferenceModelExt, IntoRunnable, IntoTValue, TVec, anyhow,
};

/// An ONNX model that tract runs, with the element types of a plan: `int64` is I32, `bool` U8,
/// `float16` and `double` F32.
pub struct TractSession {
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    /// Element types of the inputs in the file.
    kinds: Vec<DatumType>,
    model: Arc<TypedRunnableModel>,
}

impl TractSession {
    /// Prepares an ONNX file, its open dimensions bound as in [`compile`](crate::compile()).
    ///
    /// # Errors
    /// [`CompileError`] when the bytes are no ONNX model, a dimension is open, tract knows an operator
    /// as little as a plan does, or the shape of an output depends on the input's values.
    pub fn open(onnx: &[u8], options: &CompileOptions) -> Result<Self, CompileError> {
        let mut model = read::model(onnx)?;
        fix::fix(&mut model, options)?;
        Self::of(&model, options)
    }

    fn of(model: &ModelProto, options: &CompileOptions) -> Result<Self, CompileError> {
        let graph = model.graph.as_ref().ok_or_else(|| CompileError::NotOnnx {
            detail: "it holds no graph".to_owned(),
        })?;
        let framework = Onnx {
            provider: Arc::new(OneFile),
            ignore_value_info: true,
            ..tract_onnx::onnx()
        };
        check(graph, &framework)?;
        let inputs = graph::inputs(model);
        let types = dims::bind(&inputs, options)?;
        // tract may panic on attributes no exporter writes. In WebAssembly that ends the module, which the page
        // then starts anew.
        let prepared = catch_unwind(AssertUnwindSafe(|| prepare(&framework, model, &types)));
        let (kinds, model) = prepared
            .unwrap_or_else(|_| Err(anyhow!("it contradicts itself")))
            .map_err(|error| bad(&graph.name, format!("tract can't prepare it: {error:#}")))?;
        let ports = inputs
            .iter()
            .zip(types)
            .map(|(input, ty)| Port::new(&input.name, ty));
        Ok(Self {
            inputs: ports.collect(),
            outputs: outputs(graph, &model)?,
            kinds,
            model,
        })
    }

    /// The caller's tensors in the model's order and the file's element types.
    fn bind(&self, inputs: &[(&str, &Tensor)]) -> Result<TVec<TValue>, RunError> {
        let is_known = |name: &str| self.inputs.iter().any(|port| port.name == name);
        if let Some((name, _)) = inputs.iter().find(|(name, _)| !is_known(name)) {
            let known: Vec<&str> = self.inputs.iter().map(|port| &*port.name).collect();
            return Err(RunError::UnknownInput {
                name: (*name).to_owned(),
                known: known.join(", "),
            });
        }
        let ports = self.inputs.iter().zip(&self.kinds);
        let bound = ports.map(|(port, &kind)| {
            let given = inputs.iter().find(|(name, _)| *name == port.name);
            let Some((_, tensor)) = given else {
                return Err(RunError::MissingInput {
                    name: port.name.clone(),
                });
            };
            if tensor.ty() != port.ty {
                return Err(RunError::WrongType {
                    name: port.name.clone(),
                    expected: port.to_string(),
                    found: tensor.ty(),
                });
            }
            to_tract(tensor, kind).map_err(|error| failed(&port.name, format!("{error:#}")))
        });
        bound.collect()
    }
}

impl Session for TractSession {
    fn inputs(&self) -> &[Port] {
        &self.inputs
    }

    fn outputs(&self) -> &[Port] {
        &self.outputs
    }

    fn run(&mut self, inputs: &[(&str, &Tensor)]) -> Result<Vec<Tensor>, RunError> {
        let inputs = self.bind(inputs)?;
        let results = catch_unwind(AssertUnwindSafe(|| self.model.run(inputs)));
        let results = results
            .unwrap_or_else(|_| Err(anyhow!("the values are beyond what its operators take")))
            .map_err(|error| failed("model", format!("{error:#}")))?;
        let named = self.outputs.iter().zip(&results);
        let tensors = named.map(|(port, value)| {
            let constant = read::from_tract(value)
                .map_err(|error| failed(&port.name, format!("{error:#}")))?;
            let tensor = constant
                .to_tensor(&port.name)
                .map_err(|error| failed(&port.name, error.to_string()))?;
            if tensor.ty() == port.ty {
                Ok(tensor)
            } else {
                let detail = format!("gives {}, expected {}", tensor.ty(), port.ty);
                Err(failed(&port.name, detail))
            }
        });
        tensors.collect()
    }
}

/// A model is one file: what it names beside itself is never opened.
struct OneFile;

impl ModelDataResolver for OneFile {
    fn read_bytes_from_path(
        &self,
        _: &mut Vec<u8>,
        path: &Path,
        _: usize,
        _: Option<usize>,
    ) -> TractResult<()> {
        Err(anyhow!(
            "values are in another file, {path:?}: save the model as one file"
        ))
    }
}

/// The one operator that tract is known to take and to compute otherwise than the specification, and
/// than a plan does: with a batch of several sequences its states differ.
const MISCOMPUTED: &str = "LSTM";

/// Operators of ONNX Runtime's domain that tract has by their own rules. It looks operators up by name alone: any
/// other one would be computed as ONNX's own of that name.
const CONTRIBUTED: &[&str] = &[
    "BiasGelu",
    "FastGelu",
    "GatherBlockQuantized",
    "Gelu",
    "GroupQueryAttention",
    "MatMulNBits",
    "MultiHeadAttention",
    "QuickGelu",
    "RotaryEmbedding",
];

/// Refuses what tract takes for granted, or can say less of than this.
fn check(graph: &GraphProto, framework: &Onnx) -> Result<(), CompileError> {
    check_nodes(graph, framework)?;
    let initializers = graph.initializer.iter().map(|tensor| &tensor.name);
    let results = graph.node.iter().flat_map(|proto| &proto.output);
    let inputs = graph.input.iter().map(|input| &input.name);
    let defined: HashSet<&String> = initializers.chain(inputs).chain(results).collect();
    match graph
        .output
        .iter()
        .find(|output| !defined.contains(&output.name))
    {
        Some(output) => Err(bad(&output.name, "no node gives this output".to_owned())),
        None => Ok(()),
    }
}

/// Checks the nodes and constants of a graph, and of the branches and bodies in it.
fn check_nodes(graph: &GraphProto, framework: &Onnx) -> Result<(), CompileError> {
    let mut graphs = vec![graph];
    while let Some(graph) = graphs.pop() {
        for tensor in &graph.initializer {
            read::constant(&tensor.name, tensor)?;
        }
        if let Some(proto) = graph.node.iter().find(|proto| !is_known(proto, framework)) {
            return Err(CompileError::UnsupportedOperator {
                operator: proto.op_type.clone(),
                domain: proto.domain.clone(),
                node: node::name(proto).to_owned(),
                remedy: "the tract fallback lacks it too; export the model without it".to_owned(),
            });
        }
        let attributes = graph.node.iter().flat_map(|proto| &proto.attribute);
        graphs.extend(attributes.flat_map(|attribute| attribute.g.iter().chain(&attribute.graphs)));
    }
    Ok(())
}

fn is_known(proto: &NodeProto, framework: &Onnx) -> bool {
    let operator = proto.op_type.as_str();
    let is_of_domain = match proto.domain.as_str() {
        "" | "ai.onnx" => operator != MISCOMPUTED,
        "com.microsoft" => CONTRIBUTED.contains(&operator),
        _ => false,
    };
    is_of_domain && framework.op_register.0.contains_key(operator)
}

/// The optimized model, and the element types of its inputs.
fn prepare(
    framework: &Onnx,
    proto: &ModelProto,
    types: &[TensorType],
) -> TractResult<(Vec<DatumType>, Arc<TypedRunnableModel>)> {
    let mut model = framework.model_for_proto_model(proto)?;
    let mut kinds = Vec::with_capacity(types.len());
    for (index, ty) in types.iter().enumerate() {
        let kind = model.input_fact(index)?.datum_type.concretize();
        let kind = kind.ok_or_else(|| anyhow!("input {index} has no element type"))?;
        model.set_input_fact(index, InferenceFact::dt_shape(kind, &ty.shape[..]))?;
        kinds.push(kind);
    }
    Ok((kinds, model.into_optimized()?.into_runnable()?))
}

fn outputs(graph: &GraphProto, model: &TypedRunnableModel) -> Result<Vec<Port>, CompileError> {
    let ports = graph.output.iter().enumerate().map(|(index, output)| {
        let fact = model.model().output_fact(index);
        let fact = fact.map_err(|error| bad(&output.name, format!("{error:#}")))?;
        let shape = fact.shape.as_concrete().ok_or_else(|| {
            let detail =
                "the output's shape depends on the input's values; cut the model before it";
            bad(&output.name, detail.to_owned())
        })?;
        let ty = TensorType::new(dtype(&output.name, fact.datum_type)?, shape);
        Ok(Port::new(&output.name, ty))
    });
    ports.collect()
}

/// Element type that [`read::from_tract`] gives values of `kind`.
fn dtype(name: &str, kind: DatumType) -> Result<DType, CompileError> {
    match kind.unquantized() {
        DatumType::F32 | DatumType::F16 | DatumType::F64 => Ok(DType::F32),
        DatumType::I8 => Ok(DType::I8),
        DatumType::U8 | DatumType::Bool => Ok(DType::U8),
        kind if kind.is_integer() || kind.is_tdim() => Ok(DType::I32),
        other => Err(CompileError::UnsupportedType {
            name: name.to_owned(),
            found: format!("{other:?}"),
        }),
    }
}

fn to_tract(tensor: &Tensor, kind: DatumType) -> TractResult<TValue> {
    let data = match (tensor.values().clone(), kind) {
        (Values::F32(values), _) => Data::F32(values),
        (Values::I32(values), _) => Data::I32(values),
        (Values::I8(values), _) => Data::I8(values),
        (Values::U8(values), DatumType::Bool) => {
            Data::Bool(values.iter().map(|&v| v != 0).collect())
        }
        (Values::U8(values), _) => Data::U8(values),
    };
    let constant = Constant {
        shape: tensor.shape().to_vec(),
        data,
    };
    let value = fold::to_tract(&constant)?.cast_to_dt(kind)?.into_owned();
    Ok(value.into_tvalue())
}

fn bad(node: &str, detail: String) -> CompileError {
    CompileError::BadModel {
        node: node.to_owned(),
        detail,
    }
}

fn failed(node: &str, detail: String) -> RunError {
    RunError::Node {
        node: node.to_owned(),
        operator: "tract",
        detail,
    }
}

#[cfg(test)]
mod tests;
