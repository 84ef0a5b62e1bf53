//! Models that pick by value, and what only their values tell the length of; volumes and rare recurrences.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::tests::{Graph, float_tensor, floats, int, int_tensor, ints, texts};
use nearshelf_engine::{Tensor, Values};
use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{AttributeProto, TensorProto};

fn scalars(name: &str, values: &[f32]) -> TensorProto {
    float_tensor(name, &[values.len() as i64], values)
}

/// Boxes `[1, 3, 4]`, of which the second overlaps the first, and scores of one class.
fn detector() -> Graph {
    Graph::default()
        .input("boxes", DataType::Float, &[1, 3, 4])
        .input("scores", DataType::Float, &[1, 1, 3])
        .constant(int_tensor("most", DataType::Int64, &[1], &[3]))
        .constant(scalars("iou", &[0.5]))
        .constant(scalars("least", &[0.1]))
        .constant(int_tensor("two", DataType::Int64, &[], &[2]))
        .constant(int_tensor("flat", DataType::Int64, &[2], &[3, 4]))
        .node(
            "NonMaxSuppression",
            &["boxes", "scores", "most", "iou", "least"],
            "selected",
            &[],
        )
}

fn boxes() -> Tensor {
    let corners = [0.0, 0.0, 2.0, 2.0, 0.0, 0.1, 2.0, 2.1, 5.0, 5.0, 6.0, 7.0];
    floats(&[1, 3, 4], &corners)
}

#[test]
fn the_boxes_of_a_detector_are_as_many_as_are_found() {
    let model = || {
        detector()
            .node("Gather", &["selected", "two"], "numbers", &[int("axis", 1)])
            .node("Reshape", &["boxes", "flat"], "all", &[])
            .node("Gather", &["all", "numbers"], "kept", &[int("axis", 0)])
            .node("Mul", &["kept", "kept"], "y", &[])
    };
    let found = |scores: [f32; 3]| {
        let scores = floats(&[1, 1, 3], &scores);
        model().run(&[("boxes", boxes()), ("scores", scores)])
    };
    let two = found([0.9, 0.8, 0.3]);
    assert_eq!(
        two,
        floats(&[2, 4], &[0.0, 0.0, 4.0, 4.0, 25.0, 25.0, 36.0, 49.0])
    );
    let one = found([0.0, 0.8, 0.0]);
    assert_eq!(one.shape(), [1, 4]);
    assert_eq!(found([0.0; 3]).shape(), [0, 4]);
    // What the model declares is the most there can be.
    assert_eq!(model().compile().unwrap().outputs()[0].ty.shape, [3, 4]);
}

#[test]
fn what_needs_a_length_that_only_the_values_tell_is_refused() {
    for (operator, inputs) in [
        ("Shape", &["selected"][..]),
        ("Size", &["selected"]),
        ("ReduceMean", &["casted"]),
        ("Concat", &["casted", "casted"]),
    ] {
        let axis = if operator == "Concat" {
            vec![int("axis", 0)]
        } else {
            vec![]
        };
        let model = detector()
            .node("Cast", &["selected"], "casted", &[int("to", 1)])
            .node(operator, inputs, "y", &axis);
        let error = model.compile().unwrap_err();
        assert_eq!(error.code(), "unsupported-operator", "{operator}: {error}");
        assert!(
            error.to_string().contains("how long"),
            "{operator}: {error}"
        );
    }
}

#[test]
fn values_cut_by_different_counts_are_not_mixed() {
    let model = Graph::default()
        .input("a", DataType::Bool, &[4])
        .input("b", DataType::Bool, &[4])
        .node("NonZero", &["a"], "of_a", &[])
        .node("NonZero", &["b"], "of_b", &[]);
    let error = model.node("Add", &["of_a", "of_b"], "y", &[]).compile();
    assert!(error.unwrap_err().to_string().contains("how long"));
}

#[test]
fn a_known_condition_compresses_to_a_known_shape() {
    let model = Graph::default()
        .input("x", DataType::Float, &[3])
        .constant(int_tensor("held", DataType::Bool, &[3], &[1, 0, 1]))
        .node("Compress", &["x", "held"], "y", &[int("axis", 0)]);
    let x = floats(&[3], &[1.0, 2.0, 3.0]);
    assert_eq!(model.run(&[("x", x)]), floats(&[2], &[1.0, 3.0]));
}

#[test]
fn a_volume_is_convolved_layer_by_layer() {
    let ones = |name: &str, dims: &[i64]| {
        let count = dims.iter().product::<i64>() as usize;
        float_tensor(name, dims, &vec![1.0; count])
    };
    let model = Graph::default()
        .input("x", DataType::Float, &[1, 1, 3, 2, 2])
        .constant(ones("w", &[1, 1, 2, 2, 2]))
        .constant(float_tensor("b", &[1], &[0.5]))
        .node(
            "Conv",
            &["x", "w", "b"],
            "y",
            &[ints("pads", &[1, 0, 0, 0, 0, 0])],
        );
    let x = floats(
        &[1, 1, 3, 2, 2],
        &(1..=12).map(|n| n as f32).collect::<Vec<_>>(),
    );
    let y = model.run(&[("x", x)]);
    // Sums of each layer and the one before it, of which the first is padding.
    assert_eq!(y, floats(&[1, 1, 3, 1, 1], &[10.5, 36.5, 68.5]));
}

#[test]
fn too_many_steps_of_a_rare_recurrence_are_refused() {
    let model = Graph::default()
        .input("x", DataType::Float, &[2000, 1, 1])
        .constant(float_tensor("w", &[1, 1, 1], &[1.0]))
        .node("RNN", &["x", "w", "w"], "y", &[int("hidden_size", 1)]);
    let error = model.compile().unwrap_err();
    assert!(error.to_string().contains("2000 steps"), "{error}");
}

#[test]
fn a_plain_recurrence_adds_up_its_steps() {
    let model = Graph::default()
        .input("x", DataType::Float, &[3, 1, 1])
        .constant(float_tensor("w", &[1, 1, 1], &[1.0]))
        .node(
            "RNN",
            &["x", "w", "w"],
            "y",
            &[int("hidden_size", 1), texts("activations", &["Relu"])],
        );
    let y = model.run(&[("x", floats(&[3, 1, 1], &[1.0, 2.0, -9.0]))]);
    assert_eq!(y, floats(&[3, 1, 1, 1], &[1.0, 3.0, 0.0]));
}

#[test]
fn operands_of_too_few_axes_are_refused() {
    let theta = Graph::default()
        .input("theta", DataType::Float, &[2])
        .constant(int_tensor("size", DataType::Int64, &[4], &[1, 1, 2, 2]))
        .node("AffineGrid", &["theta", "size"], "y", &[]);
    assert_eq!(theta.compile().unwrap_err().code(), "bad-model");
    let zeros = Graph::default()
        .input("x", DataType::Float, &[])
        .constant(float_tensor("scale", &[], &[1.0]))
        .constant(scalars("zeros", &[1.0, 2.0, 3.0]))
        .node("DequantizeLinear", &["x", "scale", "zeros"], "y", &[]);
    assert_eq!(zeros.compile().unwrap_err().code(), "bad-model");
}

#[test]
fn what_a_few_bytes_ask_to_write_out_is_bounded() {
    let numbered = Graph::default()
        .input("x", DataType::Float, &[1 << 31, 1])
        .input("lengths", DataType::Int64, &[1])
        .node("ReverseSequence", &["x", "lengths"], "y", &[]);
    let error = numbered.compile().unwrap_err().to_string();
    assert!(error.contains("too long"), "{error}");

    let runs = Graph::default()
        .input("x", DataType::Int32, &[1 << 20])
        .node(
            "TfIdfVectorizer",
            &["x"],
            "y",
            &[
                int("min_gram_length", 2),
                int("max_gram_length", 2),
                int("max_skip_count", 1 << 20),
                ints("ngram_counts", &[0, 0]),
                ints("ngram_indexes", &[0]),
                ints("pool_int64s", &[1, 2]),
            ],
        );
    let error = runs.compile().unwrap_err().to_string();
    assert!(error.contains("max_skip_count"), "{error}");

    for operator in ["Conv", "ConvTranspose"] {
        let layers = Graph::default()
            .input("x", DataType::Float, &[1, 1, 9000, 1, 1])
            .input("w", DataType::Float, &[1, 1, 9000, 1, 1])
            .node(operator, &["x", "w"], "y", &[]);
        let error = layers.compile().unwrap_err().to_string();
        assert!(error.contains("9000 layers"), "{operator}: {error}");
    }
}

#[test]
fn weights_of_other_directions_than_the_layer_has_are_refused() {
    let model = Graph::default()
        .input("x", DataType::Float, &[0, 1, 1])
        .input("w", DataType::Float, &[3, 1, 1])
        .input("bias", DataType::Float, &[3, 2])
        .input("state", DataType::Float, &[3, 1, 1])
        .node(
            "RNN",
            &["x", "w", "w", "bias", "", "state"],
            "y",
            &[int("hidden_size", 1)],
        );
    let error = model.compile().unwrap_err().to_string();
    assert!(error.contains("3 directions"), "{error}");
}

#[test]
fn a_norm_of_no_axes_is_taken_of_each_element() {
    for (operator, expected) in [
        ("ReduceL1", [2.0, 3.0]),
        ("ReduceSumSquare", [4.0, 9.0]),
        ("ReduceMax", [-2.0, 3.0]),
    ] {
        let y = Graph::default()
            .input("x", DataType::Float, &[2])
            .node(operator, &["x"], "y", &[int("noop_with_empty_axes", 1)])
            .run(&[("x", floats(&[2], &[-2.0, 3.0]))]);
        assert_eq!(y, floats(&[2], &expected), "{operator}");
    }
}

#[test]
fn a_slice_backwards_from_before_the_first_element_starts_with_it() {
    let sliced = |extent: usize, start: i64, end: i64| {
        let bound = |name: &str, value: i64| int_tensor(name, DataType::Int64, &[1], &[value]);
        let values: Vec<f32> = (0..extent).map(|at| at as f32).collect();
        Graph::default()
            .input("x", DataType::Float, &[extent as i64])
            .constant(bound("start", start))
            .constant(bound("end", end))
            .constant(bound("axis", 0))
            .constant(bound("step", -1))
            .node("Slice", &["x", "start", "end", "axis", "step"], "y", &[])
            .run(&[("x", floats(&[extent], &values))])
    };
    assert_eq!(sliced(3, -7, -9), floats(&[1], &[0.0]));
    assert_eq!(sliced(3, 7, 0), floats(&[2], &[2.0, 1.0]));
    assert_eq!(sliced(0, -7, -9), floats(&[0], &[]));
}

#[test]
fn a_text_without_segments_is_all_in_the_first_one() {
    let y = Graph::default()
        .input("ids", DataType::Int32, &[1, 1])
        .constant(float_tensor("words", &[2, 2], &[0.0, 0.0, 1.0, 0.0]))
        .constant(float_tensor("places", &[1, 2], &[0.0, 0.0]))
        .constant(float_tensor("segments", &[2, 2], &[0.0, 9.0, 5.0, 0.0]))
        .constant(scalars("scale", &[1.0, 1.0]))
        .constant(scalars("bias", &[0.0, 0.0]))
        .node_of(
            "com.microsoft",
            "EmbedLayerNormalization",
            &["ids", "", "words", "places", "segments", "scale", "bias"],
            "y",
            &[],
        )
        .run(&[("ids", Tensor::new([1, 1], Values::I32(vec![1])).unwrap())]);
    // [1, 9] about its mean, in deviations.
    assert_eq!(y, floats(&[1, 1, 2], &[-1.0, 1.0]));
}

#[test]
fn an_axis_that_grows_beside_one_that_shrinks_is_rounded_down_before_opset_11() {
    let y = Graph::default()
        .input("x", DataType::Float, &[2, 2])
        .constant(scalars("scales", &[0.5, 1.5]))
        .node("Upsample", &["x", "scales"], "y", &[])
        .run(&[("x", floats(&[2, 2], &[1.0, 2.0, 3.0, 4.0]))]);
    assert_eq!(y, floats(&[1, 3], &[1.0, 1.0, 2.0]));
}

#[test]
fn a_loop_that_is_written_out_holds_the_constants_of_its_body_once() {
    let weights = float_tensor("w", &[4096], &[0.5; 4096]);
    let also = AttributeProto {
        name: "value".to_owned(),
        r#type: AttributeType::Tensor as i32,
        t: Some(float_tensor("", &[4096], &[0.25; 4096])),
        ..AttributeProto::default()
    };
    let body = Graph::default()
        .input("turn", DataType::Int64, &[])
        .input("goes_on", DataType::Bool, &[])
        .input("before", DataType::Float, &[4096])
        .constant(weights)
        .node("Constant", &[], "v", &[also])
        .node("Mul", &["before", "w"], "scaled", &[])
        .node("Add", &["scaled", "v"], "after", &[])
        .graph(&["goes_on", "after"]);
    let body = AttributeProto {
        name: "body".to_owned(),
        r#type: AttributeType::Graph as i32,
        g: Some(body),
        ..AttributeProto::default()
    };
    let plan = Graph::default()
        .input("x", DataType::Float, &[4096])
        .constant(int_tensor("turns", DataType::Int64, &[], &[20]))
        .node("Loop", &["turns", "", "x"], "y", &[body])
        .compile()
        .unwrap();
    let bytes = plan.to_bytes().unwrap().len();
    assert!(bytes < 3 * 4096 * 4, "{bytes} bytes");
}

#[test]
fn the_largest_of_bytes_is_found_as_that_of_other_numbers() {
    for (dtype, values) in [
        (DataType::Int8, Values::I8(vec![-128, 3, 127, 0])),
        (DataType::Uint8, Values::U8(vec![0, 3, 255, 128])),
    ] {
        let model =
            Graph::default()
                .input("x", dtype, &[4])
                .node("ArgMax", &["x"], "y", &[int("axis", 0)]);
        let x = Tensor::new([4], values).unwrap();
        let y = model.run(&[("x", x)]);
        assert_eq!(y.as_i32(), Some(&[2][..]));
    }
}
