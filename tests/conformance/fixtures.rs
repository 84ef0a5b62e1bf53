//! Small models with random weights (`make_fixtures.py`), beside ONNX Runtime's outputs.

use crate::case;
use nearshelf_tests::root;

/// Two steps of an 8-bit output, of its largest value.
const ROUNDINGS: f64 = 2.0 / 127.0;

/// Asserts that every output of a float model agrees.
fn assert_agrees(name: &str) {
    for output in compared(name) {
        let allowed = 1e-5 * output.magnitude().max(1.0);
        assert!(
            output.difference() <= allowed,
            "{name}, {}: {}",
            output.name,
            output.difference()
        );
    }
}

/// Asserts that every output of a quantized model points the same way, and that no value differs by more than a
/// few roundings that fell to the other side.
fn assert_agrees_quantized(name: &str) {
    for output in compared(name) {
        assert_eq!(output.found.shape, output.expected.shape, "{name}");
        let (difference, allowed) = (output.difference(), ROUNDINGS * output.magnitude());
        println!("{name}, {}: {difference:.2e} of {allowed:.2e}", output.name);
        assert!(
            difference <= allowed,
            "{name}, {}: {difference}",
            output.name
        );
        assert!(
            output.cosine() >= 0.9999,
            "{name}, {}: cosine {}",
            output.name,
            output.cosine()
        );
    }
}

fn compared(name: &str) -> Vec<case::Compared> {
    let folder = root().join("tests/conformance/fixtures");
    let [onnx, reference] = ["onnx", "npz"].map(|ending| folder.join(format!("{name}.{ending}")));
    case::run(&onnx, &reference).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn a_transformer_with_symbolic_extents_agrees() {
    assert_agrees("transformer");
}

#[test]
fn a_dynamically_quantized_transformer_agrees() {
    assert_agrees_quantized("transformer_dynamic");
}

#[test]
fn a_network_of_convolutions_agrees() {
    assert_agrees("cnn");
}

#[test]
fn a_statically_quantized_network_agrees_in_both_forms() {
    assert_agrees_quantized("cnn_qdq");
    assert_agrees_quantized("cnn_qoperator");
}

#[test]
fn quantized_sums_agree_to_the_bit_at_every_tie() {
    for name in ["quantized_sums_u8", "quantized_sums_i8"] {
        for output in compared(name) {
            assert_eq!(output.difference(), 0.0, "{name}, {}", output.name);
        }
    }
}

#[test]
fn a_residual_network_of_int8_activations_agrees_to_the_bit() {
    for output in compared("residual_qdq") {
        assert_eq!(output.difference(), 0.0);
    }
}

#[test]
fn recurrent_layers_agree_in_all_directions() {
    for name in ["gru", "gru_linear_before_reset", "lstm"] {
        assert_agrees(name);
    }
    assert_agrees_quantized("lstm_dynamic");
}

#[test]
fn resizing_and_transposed_convolution_agree() {
    assert_agrees("resize");
}

#[test]
fn operators_of_onnx_runtime_agree() {
    for name in ["bert_fused", "fused", "decoder"] {
        assert_agrees(name);
    }
    assert_agrees_quantized("attention_quantized");
}

#[test]
fn a_segmenter_agrees_in_floats_and_quantized() {
    assert_agrees("segmenter");
    assert_agrees_quantized("segmenter_qoperator");
}
