//! Files that are no models, or no longer: a typed error, never a panic.

use nearshelf_onnx::{CompileError, CompileOptions, compile};
use nearshelf_tests::root;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(root().join(format!("tests/conformance/fixtures/{name}.onnx"))).unwrap()
}

fn refused(bytes: &[u8]) -> CompileError {
    compile(bytes, &CompileOptions::default()).unwrap_err()
}

#[test]
fn what_is_no_protobuf_is_said_to_be_no_model() {
    for bytes in [
        &b""[..],
        b"\x00",
        b"\xff\xff\xff\xff",
        b"version https://git-lfs.github.com/spec/v1\n",
    ] {
        assert!(
            matches!(refused(bytes), CompileError::NotOnnx { .. }),
            "{bytes:?}"
        );
    }
}

#[test]
fn an_open_dimension_is_named_with_the_way_to_bind_it() {
    let error = refused(&fixture("transformer"));
    assert!(
        matches!(error, CompileError::UnboundDimension { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("--bind batch=1"), "{error}");
}

#[test]
fn a_binding_that_fits_nothing_is_named() {
    let options = CompileOptions {
        bind: vec![("nothing".to_owned(), 1)],
        ..CompileOptions::default()
    };
    assert!(matches!(
        compile(&fixture("cnn"), &options),
        Err(CompileError::UnknownBinding { .. })
    ));
}

#[test]
fn an_unknown_operator_is_named_with_its_node_and_a_remedy() {
    // The operator's name stands in the file as it is: another of the same length is unknown.
    let mut bytes = fixture("gru");
    let at = bytes.windows(3).position(|w| w == b"GRU").unwrap();
    bytes[at..at + 3].copy_from_slice(b"XYZ");
    let error = refused(&bytes);
    assert!(
        matches!(&error, CompileError::UnsupportedOperator { operator, node, .. } if operator == "XYZ" && !node.is_empty()),
        "{error}"
    );
}

#[test]
fn a_file_cut_anywhere_is_refused_or_compiled_but_never_panics() {
    for name in ["cnn", "cnn_qdq", "gru"] {
        let bytes = fixture(name);
        for length in (0..bytes.len()).step_by(37) {
            let _ = compile(&bytes[..length], &CompileOptions::default());
        }
    }
}

#[test]
fn a_file_with_any_byte_changed_never_panics() {
    for name in ["cnn", "resize", "lstm"] {
        let bytes = fixture(name);
        for at in 0..bytes.len() {
            // Another value at each place; all of them in turn at neighbours.
            for value in [0x00, 0x7f, 0xff, at as u8] {
                if bytes[at] != value {
                    let mut damaged = bytes.clone();
                    damaged[at] = value;
                    let _ = compile(&damaged, &CompileOptions::default());
                }
            }
        }
    }
}
