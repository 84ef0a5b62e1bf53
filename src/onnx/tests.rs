//! Models of a few nodes, compiled and run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::{CompileError, CompileOptions, graph};
use nearshelf_engine::{CpuSession, PlanError, Session, Tensor, Values};
use std::sync::Arc;
use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::Dimension;
use tract_onnx::pb::tensor_shape_proto::dimension::Value as Extent;
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto,
    TensorShapeProto, TypeProto, ValueInfoProto, type_proto,
};

pub(crate) fn int(name: &str, value: i64) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        r#type: AttributeType::Int as i32,
        i: value,
        ..AttributeProto::default()
    }
}

pub(crate) fn ints(name: &str, values: &[i64]) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        r#type: AttributeType::Ints as i32,
        ints: values.to_vec(),
        ..AttributeProto::default()
    }
}

pub(crate) fn texts(name: &str, values: &[&str]) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        r#type: AttributeType::Strings as i32,
        strings: values.iter().map(|text| text.as_bytes().to_vec()).collect(),
        ..AttributeProto::default()
    }
}

pub(crate) fn float_tensor(name: &str, dims: &[i64], values: &[f32]) -> TensorProto {
    TensorProto {
        name: name.to_owned(),
        dims: dims.to_vec(),
        data_type: DataType::Float as i32,
        float_data: values.to_vec(),
        ..TensorProto::default()
    }
}

pub(crate) fn int_tensor(name: &str, kind: DataType, dims: &[i64], values: &[i64]) -> TensorProto {
    let mut tensor = TensorProto {
        name: name.to_owned(),
        dims: dims.to_vec(),
        data_type: kind as i32,
        ..TensorProto::default()
    };
    if kind == DataType::Int64 {
        tensor.int64_data = values.to_vec();
    } else {
        tensor.int32_data = values.iter().map(|&value| value as i32).collect();
    }
    tensor
}

/// A model of opset 17 whose graph is put together by the test.
#[derive(Default)]
pub(crate) struct Graph(GraphProto);

impl Graph {
    pub(crate) fn input(mut self, name: &str, kind: DataType, shape: &[i64]) -> Self {
        let dim = shape.iter().map(|&extent| Dimension {
            value: Some(Extent::DimValue(extent)),
            ..Dimension::default()
        });
        let tensor = type_proto::Tensor {
            elem_type: kind as i32,
            shape: Some(TensorShapeProto { dim: dim.collect() }),
        };
        self.0.input.push(ValueInfoProto {
            name: name.to_owned(),
            r#type: Some(TypeProto {
                value: Some(type_proto::Value::TensorType(tensor)),
                ..TypeProto::default()
            }),
            ..ValueInfoProto::default()
        });
        self
    }

    pub(crate) fn constant(mut self, tensor: TensorProto) -> Self {
        self.0.initializer.push(tensor);
        self
    }

    pub(crate) fn node(
        self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[AttributeProto],
    ) -> Self {
        self.node_of("", operator, inputs, output, attributes)
    }

    pub(crate) fn node_of(
        mut self,
        domain: &str,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[AttributeProto],
    ) -> Self {
        self.0.node.push(NodeProto {
            name: format!("make {output}"),
            op_type: operator.to_owned(),
            domain: domain.to_owned(),
            input: inputs.iter().map(|&name| name.to_owned()).collect(),
            output: vec![output.to_owned()],
            attribute: attributes.to_vec(),
            ..NodeProto::default()
        });
        self
    }

    /// The graph alone, with these outputs.
    pub(crate) fn graph(mut self, outputs: &[&str]) -> GraphProto {
        self.0
            .output
            .extend(outputs.iter().map(|&name| ValueInfoProto {
                name: name.to_owned(),
                ..ValueInfoProto::default()
            }));
        self.0
    }

    /// The model whose one output is `y`.
    pub(crate) fn model(self) -> ModelProto {
        ModelProto {
            opset_import: vec![OperatorSetIdProto {
                domain: String::new(),
                version: 17,
            }],
            graph: Some(self.graph(&["y"])),
            ..ModelProto::default()
        }
    }

    pub(crate) fn compile(self) -> Result<nearshelf_engine::Plan, CompileError> {
        graph::lower(&self.model(), &CompileOptions::default())
    }

    pub(crate) fn run(self, inputs: &[(&str, Tensor)]) -> Tensor {
        let mut session = CpuSession::new(Arc::new(self.compile().unwrap())).unwrap();
        let given: Vec<(&str, &Tensor)> = inputs.iter().map(|(name, x)| (*name, x)).collect();
        session.run(&given).unwrap().remove(0)
    }
}

pub(crate) fn floats(shape: &[usize], values: &[f32]) -> Tensor {
    Tensor::new(shape, Values::F32(values.to_vec())).unwrap()
}

fn integers(values: &[i32]) -> Tensor {
    Tensor::new([values.len()], Values::I32(values.to_vec())).unwrap()
}

fn bytes(shape: &[usize], values: &[u8]) -> Tensor {
    Tensor::new(shape, Values::U8(values.to_vec())).unwrap()
}

#[test]
fn an_integer_is_raised_to_a_broken_power_as_a_float() {
    let power = |exponent: f32| {
        Graph::default()
            .input("x", DataType::Int64, &[3])
            .constant(float_tensor("e", &[], &[exponent]))
            .node("Pow", &["x", "e"], "y", &[])
            .run(&[("x", integers(&[4, 9, 10]))])
    };
    assert_eq!(power(0.5), integers(&[2, 3, 3]));
    assert_eq!(power(1.5), integers(&[8, 27, 31]));
    assert_eq!(power(3.0), integers(&[64, 729, 1000]));
    let big = Graph::default()
        .input("x", DataType::Int32, &[1])
        .constant(float_tensor("e", &[], &[2.0]))
        .node("Pow", &["x", "e"], "y", &[]);
    // 5001² is beyond what f32 counts by ones.
    assert_eq!(
        big.run(&[("x", integers(&[5001]))]),
        integers(&[25_010_001])
    );
    let at_run_time = Graph::default()
        .input("x", DataType::Int32, &[2])
        .input("e", DataType::Float, &[2])
        .node("Pow", &["x", "e"], "y", &[]);
    let y = at_run_time.run(&[("x", integers(&[16, 7])), ("e", floats(&[2], &[0.5, -1.0]))]);
    assert_eq!(y, integers(&[4, 0]));
}

#[test]
fn a_cast_to_the_type_of_a_truth_value_tells_truth() {
    let x = floats(&[3], &[0.5, 0.0, -2.0]);
    let like = |kind: DataType| {
        Graph::default()
            .input("x", DataType::Float, &[3])
            .input("t", kind, &[1])
            .node("Identity", &["t"], "t1", &[])
            .node("CastLike", &["x", "t1"], "y", &[])
            .run(&[("x", x.clone()), ("t", bytes(&[1], &[1]))])
    };
    assert_eq!(like(DataType::Bool), bytes(&[3], &[1, 0, 1]));
    assert_eq!(like(DataType::Uint8), bytes(&[3], &[0, 0, 0]));
    let computed = Graph::default()
        .input("x", DataType::Float, &[3])
        .constant(float_tensor("zero", &[], &[0.0]))
        .constant(int_tensor("flip", DataType::Int64, &[2], &[1, 3]))
        .node("Greater", &["x", "zero"], "t", &[])
        .node("Reshape", &["t", "flip"], "t1", &[])
        .node("CastLike", &["x", "t1"], "y", &[]);
    assert_eq!(computed.run(&[("x", x)]), bytes(&[3], &[1, 0, 1]));
}

#[test]
fn one_hot_keeps_the_type_of_its_values() {
    for kind in [DataType::Uint8, DataType::Bool] {
        let y = Graph::default()
            .input("x", DataType::Int64, &[2])
            .constant(int_tensor("depth", DataType::Int64, &[], &[3]))
            .constant(int_tensor("values", kind, &[2], &[0, 1]))
            .node("OneHot", &["x", "depth", "values"], "y", &[])
            .run(&[("x", integers(&[2, -3]))]);
        assert_eq!(y, bytes(&[2, 3], &[0, 0, 1, 1, 0, 0]), "{kind:?}");
    }
}

#[test]
fn an_integer_border_is_exact_or_refused() {
    let padded = |value: i64| {
        Graph::default()
            .input("x", DataType::Int64, &[1])
            .constant(int_tensor("pads", DataType::Int64, &[2], &[0, 1]))
            .constant(int_tensor("value", DataType::Int64, &[], &[value]))
            .node("Pad", &["x", "pads", "value"], "y", &[])
    };
    for value in [0, -100, 1 << 24, i32::MIN as i64] {
        let y = padded(value).run(&[("x", integers(&[5]))]);
        assert_eq!(y, integers(&[5, value as i32]));
    }
    for value in [(1 << 24) + 1, i64::from(i32::MAX), i64::MIN] {
        let refused = padded(value).compile();
        assert!(
            matches!(refused, Err(CompileError::UnsupportedOperator { .. })),
            "{value}"
        );
    }
}

#[test]
fn a_row_of_zeros_has_no_direction_and_stays_zero() {
    let y = Graph::default()
        .input("x", DataType::Float, &[2, 2])
        .node("LpNormalization", &["x"], "y", &[int("axis", 1)])
        .run(&[("x", floats(&[2, 2], &[3.0, 4.0, 0.0, 0.0]))]);
    assert_eq!(y, floats(&[2, 2], &[0.6, 0.8, 0.0, 0.0]));
}

#[test]
fn skip_layer_normalization_adds_what_onnx_runtime_adds_to_the_variance() {
    // A variance of 1e-6: with 1e-5 added the result would be a third of this.
    let y = Graph::default()
        .input("x", DataType::Float, &[1, 2])
        .constant(float_tensor("skip", &[1, 2], &[0.0, 0.0]))
        .constant(float_tensor("gamma", &[2], &[1.0, 1.0]))
        .node_of(
            "com.microsoft",
            "SkipLayerNormalization",
            &["x", "skip", "gamma"],
            "y",
            &[],
        )
        .run(&[("x", floats(&[1, 2], &[1e-3, -1e-3]))]);
    let y = y.as_f32().unwrap();
    assert!(
        (y[0] - 1.0).abs() < 1e-4 && (y[1] + 1.0).abs() < 1e-4,
        "{y:?}"
    );
}

#[test]
fn what_only_the_engine_can_not_take_is_an_unsupported_operator() {
    let refused = Graph::default()
        .input("x", DataType::Int32, &[2])
        .node("Exp", &["x"], "y", &[])
        .compile();
    let error = refused.unwrap_err();
    assert_eq!(error.code(), "unsupported-operator");
    let message = error.to_string();
    assert!(
        message.contains("Exp") && message.contains("make y"),
        "{message}"
    );
}

#[test]
fn an_integer_division_by_a_constant_zero_is_left_to_the_run() {
    let y = Graph::default()
        .input("x", DataType::Int64, &[1])
        .constant(int_tensor("one", DataType::Int64, &[1], &[1]))
        .constant(int_tensor("zero", DataType::Int64, &[1], &[0]))
        .node("Div", &["one", "zero"], "d", &[])
        .node("Add", &["x", "d"], "y", &[])
        .run(&[("x", integers(&[5]))]);
    assert_eq!(y, integers(&[5]));
}

/// `ConstantOfShape`s of the stated shapes, which `y` depends on.
fn filled(value: TensorProto, shapes: &[i64]) -> Result<nearshelf_engine::Plan, CompileError> {
    let mut graph = Graph::default().input("x", DataType::Float, &[1]);
    let attribute = AttributeProto {
        name: "value".to_owned(),
        r#type: AttributeType::Tensor as i32,
        t: Some(value),
        ..AttributeProto::default()
    };
    let names: Vec<String> = (0..shapes.len()).map(|at| format!("c{at}")).collect();
    for (name, &extent) in names.iter().zip(shapes) {
        let shape = format!("shape of {name}");
        graph = graph
            .constant(int_tensor(&shape, DataType::Int64, &[1], &[extent]))
            .node(
                "ConstantOfShape",
                &[&shape],
                name,
                std::slice::from_ref(&attribute),
            );
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    graph
        .node("Concat", &names, "y", &[int("axis", 0)])
        .compile()
}

#[test]
fn a_fill_beyond_the_budget_is_made_by_each_run() {
    let zero = || float_tensor("", &[1], &[0.0]);
    let small = filled(zero(), &[1 << 10]).unwrap();
    assert_eq!(small.weight_bytes(), 4 << 10);
    let one = int_tensor("", DataType::Int64, &[1], &[1]);
    let long = filled(one, &[(1 << 25) + 1]).unwrap();
    assert_eq!(long.weight_bytes(), 4);
    // Two fit into what is written out for all, the third doesn't.
    let many = filled(zero(), &[1 << 25, 1 << 26, 1 << 26]).map(|plan| plan.weight_bytes());
    assert!(
        matches!(many, Err(CompileError::Plan(PlanError::TooLarge { what, .. })) if what.contains("run")),
        "{many:?}"
    );
}

#[test]
fn a_transposed_fill_is_filled_in_the_other_shape() {
    let shape = int_tensor("shape", DataType::Int64, &[2], &[3, 1 << 25]);
    let plan = Graph::default()
        .input("x", DataType::Float, &[1, 1 << 25])
        .constant(shape)
        .node("ConstantOfShape", &["shape"], "w", &[])
        .node("Transpose", &["w"], "moved", &[ints("perm", &[1, 0])])
        .node("MatMul", &["x", "moved"], "y", &[])
        .compile()
        .unwrap();
    let operators: Vec<_> = plan.nodes().map(|node| node.operator).collect();
    assert_eq!(operators, ["Expand", "MatMul"]);
    assert_eq!(plan.outputs()[0].ty.shape, [1, 3]);
}

#[test]
fn a_large_product_of_constants_is_left_to_the_run() {
    let product = |rows: i64| {
        Graph::default()
            .input("x", DataType::Float, &[1])
            .constant(int_tensor("shape", DataType::Int64, &[2], &[rows, rows]))
            .node("ConstantOfShape", &["shape"], "a", &[])
            .node("MatMul", &["a", "a"], "b", &[])
            .node("Add", &["x", "b"], "y", &[])
            .compile()
            .unwrap()
    };
    let is_run = |plan: &nearshelf_engine::Plan| plan.nodes().any(|node| node.multiply_adds > 0);
    assert!(!is_run(&product(8)));
    // 2^33 products for a few bytes.
    assert!(is_run(&product(2048)));
}
