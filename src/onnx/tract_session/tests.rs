#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use nearshelf_engine::CpuSession;
use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::{DataLocation, DataType};
use tract_onnx::pb::tensor_shape_proto::Dimension;
use tract_onnx::pb::tensor_shape_proto::dimension::Value as Extent;
use tract_onnx::pb::{
    AttributeProto, OperatorSetIdProto, TensorProto, TensorShapeProto, TypeProto, ValueInfoProto,
    type_proto,
};

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/fixtures");
    std::fs::read(folder.join(format!("{name}.onnx"))).unwrap()
}

/// A graph of one node that reads all `inputs` and gives outputs `y0`, `y1`, ….
fn single(operator: &str, inputs: &[(&str, DataType, &[i64])], outputs: usize) -> ModelProto {
    let names: Vec<String> = (0..outputs).map(|index| format!("y{index}")).collect();
    let node = NodeProto {
        name: "node".to_owned(),
        op_type: operator.to_owned(),
        input: inputs.iter().map(|(name, ..)| (*name).to_owned()).collect(),
        output: names.clone(),
        ..NodeProto::default()
    };
    let input = inputs.iter().map(|&(name, kind, shape)| {
        let extent = |&extent: &i64| Dimension {
            value: Some(Extent::DimValue(extent)),
            ..Dimension::default()
        };
        let tensor = type_proto::Tensor {
            elem_type: kind as i32,
            shape: Some(TensorShapeProto {
                dim: shape.iter().map(extent).collect(),
            }),
        };
        ValueInfoProto {
            name: name.to_owned(),
            r#type: Some(TypeProto {
                value: Some(type_proto::Value::TensorType(tensor)),
                ..TypeProto::default()
            }),
            ..ValueInfoProto::default()
        }
    });
    let output = names.iter().map(|name| ValueInfoProto {
        name: name.clone(),
        ..ValueInfoProto::default()
    });
    let graph = GraphProto {
        name: "graph".to_owned(),
        node: vec![node],
        input: input.collect(),
        output: output.collect(),
        ..GraphProto::default()
    };
    ModelProto {
        ir_version: 8,
        opset_import: vec![OperatorSetIdProto {
            domain: String::new(),
            version: 17,
        }],
        graph: Some(graph),
        ..ModelProto::default()
    }
}

/// Makes input `name` an initializer of these values.
fn fix(model: &mut ModelProto, name: &str, values: &[i64]) {
    let graph = model.graph.as_mut().unwrap();
    graph.input.retain(|input| input.name != name);
    graph.initializer.push(TensorProto {
        name: name.to_owned(),
        dims: vec![values.len() as i64],
        data_type: DataType::Int64 as i32,
        int64_data: values.to_vec(),
        ..TensorProto::default()
    });
}

fn open(model: &ModelProto) -> Result<TractSession, CompileError> {
    TractSession::of(model, &CompileOptions::default())
}

fn refused(model: &ModelProto) -> CompileError {
    open(model).err().expect("the model is refused")
}

fn floats(shape: &[usize], values: &[f32]) -> Tensor {
    Tensor::new(shape, Values::F32(values.to_vec())).unwrap()
}

/// Values of `ty` that look random.
fn noise(ty: &TensorType) -> Tensor {
    let values = (0..ty.element_count().unwrap()).map(|index| (index as f32 * 12.9898).sin());
    floats(&ty.shape, &values.collect::<Vec<_>>())
}

fn run_both(name: &str, bind: &[(&str, usize)]) -> Vec<(Tensor, Tensor)> {
    let bytes = fixture(name);
    let bind = bind.iter().map(|&(symbol, n)| (symbol.to_owned(), n));
    let options = CompileOptions {
        bind: bind.collect(),
        ..CompileOptions::default()
    };
    let mut tract = TractSession::open(&bytes, &options).unwrap();
    let mut plan = CpuSession::new(Arc::new(crate::compile(&bytes, &options).unwrap())).unwrap();
    assert_eq!(tract.inputs(), plan.inputs(), "{name}");
    assert_eq!(tract.outputs(), plan.outputs(), "{name}");
    let tensors: Vec<Tensor> = plan.inputs().iter().map(|port| noise(&port.ty)).collect();
    let names: Vec<String> = plan.inputs().iter().map(|port| port.name.clone()).collect();
    let named: Vec<(&str, &Tensor)> = names.iter().map(|name| &**name).zip(&tensors).collect();
    let pairs = tract.run(&named).unwrap();
    pairs.into_iter().zip(plan.run(&named).unwrap()).collect()
}

#[test]
fn tract_and_a_plan_agree_on_float_models() {
    let symbols = [("batch", 2), ("length", 5)];
    let models = ["cnn", "resize", "gru", "gru_linear_before_reset"];
    let fixed = models.map(|name| (name, &[][..]));
    for (name, bind) in fixed.into_iter().chain([("transformer", &symbols[..])]) {
        for (tract, plan) in run_both(name, bind) {
            let pairs = tract.as_f32().unwrap().iter().zip(plan.as_f32().unwrap());
            let gap = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(gap < 1e-4, "{name}: {gap}");
        }
    }
}

#[test]
fn an_operator_that_plans_lack_runs() {
    let bytes = fixture("scan");
    let plan = crate::compile(&bytes, &CompileOptions::default());
    assert!(matches!(
        plan,
        Err(CompileError::UnsupportedOperator { .. })
    ));
    let mut session = TractSession::open(&bytes, &CompileOptions::default()).unwrap();
    let x = floats(&[2, 3], &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    let sums = floats(&[2, 3], &[0.0, 1.0, 3.0, 3.0, 7.0, 12.0]);
    assert_eq!(session.run(&[("x", &x)]).unwrap(), [sums]);
}

#[test]
fn several_outputs_keep_their_order_and_types() {
    let mut model = single(
        "TopK",
        &[
            ("x", DataType::Float, &[1, 4]),
            ("k", DataType::Int64, &[1]),
        ],
        2,
    );
    fix(&mut model, "k", &[2]);
    let mut session = open(&model).unwrap();
    let x = floats(&[1, 4], &[0.5, 3.0, -1.0, 2.0]);
    let outputs = session.run(&[("x", &x)]).unwrap();
    assert_eq!(outputs[0], floats(&[1, 2], &[3.0, 2.0]));
    assert_eq!(outputs[1].as_i32(), Some(&[1, 3][..]));
    let kinds = session.outputs().iter().map(|port| port.ty.dtype);
    assert_eq!(kinds.collect::<Vec<_>>(), [DType::F32, DType::I32]);
}

#[test]
fn bool_int64_and_half_inputs_take_the_types_of_a_plan() {
    let choice = [
        ("c", DataType::Bool, &[2][..]),
        ("a", DataType::Int64, &[2]),
        ("b", DataType::Int64, &[2]),
    ];
    let mut session = open(&single("Where", &choice, 1)).unwrap();
    let c = Tensor::new([2], Values::U8(vec![1, 0])).unwrap();
    let a = Tensor::new([2], Values::I32(vec![7, 7])).unwrap();
    let b = Tensor::new([2], Values::I32(vec![-9, -9])).unwrap();
    let outputs = session.run(&[("b", &b), ("a", &a), ("c", &c)]).unwrap();
    assert_eq!(outputs[0].as_i32(), Some(&[7, -9][..]));

    let half = single("Neg", &[("x", DataType::Float16, &[2])], 1);
    let x = floats(&[2], &[1.5, -2.0]);
    let outputs = open(&half).unwrap().run(&[("x", &x)]).unwrap();
    assert_eq!(outputs, [floats(&[2], &[-1.5, 2.0])]);
}

#[test]
fn an_operator_nobody_knows_is_named_with_its_node() {
    let error = refused(&single("Sommelier", &[("x", DataType::Float, &[2])], 1));
    assert!(
        matches!(&error, CompileError::UnsupportedOperator { operator, node, .. }
            if operator == "Sommelier" && node == "node"),
        "{error}"
    );
}

#[test]
fn an_operator_that_tract_computes_otherwise_is_refused() {
    let error = TractSession::open(&fixture("lstm"), &CompileOptions::default()).err();
    assert!(
        matches!(&error, Some(CompileError::UnsupportedOperator { operator, .. }) if operator == "LSTM"),
        "{error:?}"
    );
}

#[test]
fn an_operator_of_another_domain_is_not_taken_for_its_namesake() {
    for (operator, domain) in [
        ("Relu", "com.example"),
        ("QuantizeLinear", "com.microsoft"),
        ("Normalizer", "ai.onnx.ml"),
    ] {
        let mut model = single(operator, &[("x", DataType::Float, &[2])], 1);
        model.graph.as_mut().unwrap().node[0].domain = domain.to_owned();
        assert!(
            matches!(refused(&model), CompileError::UnsupportedOperator { domain: found, .. } if found == domain),
            "{domain} {operator}"
        );
    }
    let mut model = single("FastGelu", &[("x", DataType::Float, &[2])], 1);
    model.graph.as_mut().unwrap().node[0].domain = "com.microsoft".to_owned();
    assert!(open(&model).is_ok());
}

#[test]
fn an_unknown_operator_inside_a_branch_is_found() {
    let mut model = single("If", &[("c", DataType::Bool, &[])], 1);
    let inner = |operator: &str, domain: &str| GraphProto {
        node: vec![NodeProto {
            op_type: operator.to_owned(),
            domain: domain.to_owned(),
            output: vec!["inner".to_owned()],
            ..NodeProto::default()
        }],
        ..GraphProto::default()
    };
    for (operator, domain) in [("LSTM", ""), ("Relu", "com.example")] {
        let node = &mut model.graph.as_mut().unwrap().node[0];
        node.attribute = vec![AttributeProto {
            name: "then_branch".to_owned(),
            r#type: AttributeType::Graph as i32,
            g: Some(inner(operator, domain)),
            ..AttributeProto::default()
        }];
        assert!(
            matches!(refused(&model), CompileError::UnsupportedOperator { operator: found, .. } if found == operator),
            "{operator}"
        );
    }
}

#[test]
fn an_output_whose_shape_depends_on_values_is_refused() {
    let error = refused(&single("NonZero", &[("x", DataType::Float, &[4])], 1));
    assert!(
        matches!(&error, CompileError::BadModel { node, .. } if node == "y0"),
        "{error}"
    );
}

#[test]
fn an_open_dimension_must_be_bound() {
    let bind = |bind: &[(&str, usize)]| CompileOptions {
        bind: bind.iter().map(|&(name, n)| (name.to_owned(), n)).collect(),
        ..CompileOptions::default()
    };
    let bytes = fixture("transformer");
    assert!(matches!(
        TractSession::open(&bytes, &bind(&[("batch", 1)])),
        Err(CompileError::UnboundDimension { symbol, .. }) if symbol == "length"
    ));
    let session = TractSession::open(&bytes, &bind(&[("batch", 1), ("length", 3)])).unwrap();
    assert_eq!(session.outputs()[0].ty.shape, [1, 3, 16]);
}

#[test]
fn no_other_file_is_opened() {
    let mut model = single(
        "Add",
        &[("x", DataType::Float, &[2]), ("w", DataType::Int64, &[2])],
        1,
    );
    fix(&mut model, "w", &[1, 2]);
    let tensor = &mut model.graph.as_mut().unwrap().initializer[0];
    tensor.data_location = Some(DataLocation::External as i32);
    assert!(matches!(
        refused(&model),
        CompileError::ExternalData { tensor } if tensor == "w"
    ));
}

#[test]
fn an_output_that_no_node_gives_is_refused() {
    let mut model = single("Neg", &[("x", DataType::Float, &[2])], 1);
    model.graph.as_mut().unwrap().output[0].name = "elsewhere".to_owned();
    assert!(matches!(
        refused(&model),
        CompileError::BadModel { node, .. } if node == "elsewhere"
    ));
}

#[test]
fn inputs_that_do_not_fit_are_refused_and_the_session_stays_usable() {
    let mut session = open(&single("Atan", &[("x", DataType::Float, &[2])], 1)).unwrap();
    let (fits, long) = (floats(&[2], &[0.0, 1.0]), floats(&[3], &[0.0; 3]));
    assert!(matches!(
        session.run(&[]),
        Err(RunError::MissingInput { name }) if name == "x"
    ));
    assert!(matches!(
        session.run(&[("x", &fits), ("z", &fits)]),
        Err(RunError::UnknownInput { name, .. }) if name == "z"
    ));
    assert!(matches!(
        session.run(&[("x", &long)]),
        Err(RunError::WrongType { .. })
    ));
    let outputs = session.run(&[("x", &fits)]).unwrap();
    assert!((outputs[0].as_f32().unwrap()[1] - std::f32::consts::FRAC_PI_4).abs() < 1e-6);
}

#[test]
fn an_index_beyond_its_table_is_an_error_and_the_session_stays_usable() {
    let ports = [
        ("table", DataType::Float, &[3][..]),
        ("at", DataType::Int64, &[1]),
    ];
    let mut session = open(&single("Gather", &ports, 1)).unwrap();
    let table = floats(&[3], &[1.0, 2.0, 3.0]);
    let mut gather = |at: i32| {
        let at = Tensor::new([1], Values::I32(vec![at])).unwrap();
        session.run(&[("table", &table), ("at", &at)])
    };
    assert!(matches!(gather(99), Err(RunError::Node { .. })));
    assert_eq!(gather(2).unwrap(), [floats(&[1], &[3.0])]);
}

#[test]
fn damaged_files_are_refused_or_opened_but_never_panic() {
    let bytes = fixture("cnn");
    for at in (0..bytes.len()).step_by(53) {
        let _ = TractSession::open(&bytes[..at], &CompileOptions::default());
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        let _ = TractSession::open(&damaged, &CompileOptions::default());
    }
}
