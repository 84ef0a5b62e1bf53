//! Plans with open dimensions: at every extent what a plan for that extent alone gives, to the bit, and what ONNX
//! Runtime gives at some (`make_open_fixtures.py`).

use crate::case;
use nearshelf_engine::{
    CpuSession, DType, Plan, RunError, Session, Tensor, TensorType, Values, WeightBits,
};
use nearshelf_onnx::{CompileError, CompileOptions, compile};
use nearshelf_tests::root;
use std::path::PathBuf;
use std::sync::Arc;

fn fixture(file: &str) -> PathBuf {
    root().join("tests/conformance/fixtures").join(file)
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(fixture(&format!("{name}.onnx"))).unwrap()
}

/// As the browser gets it: through its file format.
fn open(onnx: &[u8], ranges: &[&str]) -> Result<Plan, CompileError> {
    let options = CompileOptions {
        open: ranges.iter().map(|text| text.parse().unwrap()).collect(),
        ..CompileOptions::default()
    };
    let plan = compile(onnx, &options)?;
    Ok(Plan::from_bytes(&plan.to_bytes()?)?)
}

fn fixed(onnx: &[u8], extents: &[(&str, usize)]) -> Plan {
    let bind = extents
        .iter()
        .map(|&(name, extent)| (name.to_owned(), extent));
    let options = CompileOptions {
        bind: bind.collect(),
        ..CompileOptions::default()
    };
    compile(onnx, &options).unwrap()
}

/// Values that differ from place to place; integers below 2, which every table has.
fn values(ty: &TensorType) -> Tensor {
    let places = 0..ty.element_count().unwrap();
    let values = match ty.dtype {
        DType::I32 => Values::I32(places.map(|at| (at as i32 * 7 % 5) & 1).collect()),
        _ => Values::F32(places.map(|at| (at as f32 * 12.9898).sin()).collect()),
    };
    Tensor::new(ty.shape.clone(), values).unwrap()
}

/// Largest difference of two tensors of floats.
fn difference(a: &Tensor, b: &Tensor) -> f32 {
    let (a, b) = (a.as_f32().unwrap(), b.as_f32().unwrap());
    let gaps = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    gaps.fold(0.0, f32::max)
}

fn run(session: &mut CpuSession, inputs: &[(String, Tensor)]) -> Result<Vec<Tensor>, RunError> {
    let inputs: Vec<(&str, &Tensor)> = inputs.iter().map(|(name, x)| (&**name, x)).collect();
    session.run(&inputs)
}

/// One session of the open plan against a plan for each of `bindings`, whose values are compared to the bit.
fn assert_same_at(onnx: &[u8], ranges: &[&str], bindings: &[Vec<(&str, usize)>]) {
    let plan = open(onnx, ranges).unwrap_or_else(|error| panic!("{error}"));
    let mut session = CpuSession::new(Arc::new(plan)).unwrap();
    for binding in bindings {
        let fixed = fixed(onnx, binding);
        let inputs = fixed.inputs().iter();
        let inputs: Vec<(String, Tensor)> = inputs
            .map(|port| (port.name.clone(), values(&port.ty)))
            .collect();
        let expected = run(&mut CpuSession::new(Arc::new(fixed)).unwrap(), &inputs).unwrap();
        let found = run(&mut session, &inputs).unwrap_or_else(|e| panic!("{binding:?}: {e}"));
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found.shape(), expected.shape(), "{binding:?}");
            assert!(
                found == expected,
                "{binding:?}: off by {}",
                difference(found, expected)
            );
        }
    }
}

/// One session of the open plan against ONNX Runtime's outputs.
fn assert_agrees(name: &str, ranges: &[&str]) {
    let plan = open(&read(name), ranges).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut session = CpuSession::new(Arc::new(plan)).unwrap();
    for number in 0..3 {
        let reference = fixture(&format!("{name}.{number}.npz"));
        for output in case::run_session(&mut session, &reference).unwrap() {
            let allowed = 1e-5 * output.magnitude().max(1.0);
            let difference = output.difference();
            assert!(
                difference <= allowed,
                "{name}.{number}, {}: {difference}",
                output.name
            );
        }
    }
}

/// All pairs of the extents of two dimensions.
fn pairs<'a>(
    a: &'a str,
    of_a: impl IntoIterator<Item = usize>,
    b: &'a str,
    of_b: impl IntoIterator<Item = usize> + Clone,
) -> Vec<Vec<(&'a str, usize)>> {
    let both = of_a
        .into_iter()
        .flat_map(|x| of_b.clone().into_iter().map(move |y| (x, y)));
    both.map(|(x, y)| vec![(a, x), (b, y)]).collect()
}

const TEXT: [&str; 2] = ["batch=1..4", "length=1..24"];
const IMAGE: [&str; 2] = ["height=16..48", "width=16..48"];
const STREAM: [&str; 2] = ["time=1..16", "batch=1..3"];

#[test]
fn an_encoder_with_places_and_masks_serves_every_batch_and_length() {
    let bindings = pairs("batch", 1..=4, "length", 1..=24);
    assert_same_at(&read("open_encoder"), &TEXT, &bindings);
    assert_agrees("open_encoder", &TEXT);
}

#[test]
fn a_segmenter_that_resizes_to_other_maps_serves_images_of_any_extents() {
    let odd = [16, 17, 18, 19, 23, 31, 40, 48];
    let bindings = pairs("height", odd, "width", [48, 33, 22, 16]);
    assert_same_at(&read("open_segmenter"), &IMAGE, &bindings);
    assert_agrees("open_segmenter", &IMAGE);
}

#[test]
fn recurrent_layers_serve_streams_of_any_length() {
    let bindings = pairs("time", 1..=16, "batch", 1..=3);
    assert_same_at(&read("open_stream"), &STREAM, &bindings);
    assert_agrees("open_stream", &STREAM);
}

#[test]
fn quantized_transformers_serve_every_batch_and_length() {
    let bindings = pairs("batch", 1..=3, "length", [1, 2, 5, 16]);
    for name in ["transformer", "transformer_dynamic"] {
        assert_same_at(&read(name), &["batch=1..3", "length=1..16"], &bindings);
    }
}

#[test]
fn one_dimension_may_be_open_and_another_bound() {
    let options = CompileOptions {
        bind: vec![("batch".to_owned(), 2)],
        open: vec!["length=2..24:2".parse().unwrap()],
        ..CompileOptions::default()
    };
    let plan = compile(&read("open_encoder"), &options).unwrap();
    assert_eq!(plan.inputs()[0].to_string(), "i32[2, length=2..24:2]");
    let mut session = CpuSession::new(Arc::new(plan)).unwrap();
    let mut run_at = |length: usize| {
        let x = values(&TensorType::new(DType::I32, [2, length]));
        run(
            &mut session,
            &[("ids".to_owned(), x.clone()), ("mask".to_owned(), x)],
        )
    };
    assert_eq!(run_at(6).unwrap()[0].shape(), [2, 6, 16]);
    assert!(matches!(
        run_at(7),
        Err(RunError::WrongExtent {
            axis: 1,
            extent: 7,
            ..
        })
    ));
}

#[test]
fn weights_are_stored_once_whatever_is_open() {
    let onnx = read("open_encoder");
    let largest = fixed(&onnx, &[("batch", 4), ("length", 24)]);
    let plan = open(&onnx, &TEXT).unwrap();
    assert!(plan.weight_bytes() <= largest.weight_bytes());
    let small = plan.bind(&[("batch", 1), ("length", 1)]).unwrap();
    assert_eq!(small.weight_bytes(), plan.weight_bytes());
    assert!(small.arena_bytes() * 8 < plan.arena_bytes());
}

#[test]
fn ranges_that_are_none_and_models_that_can_not_stay_open_are_refused() {
    let onnx = read("open_encoder");
    let refused = |ranges: &[&str]| open(&onnx, ranges).unwrap_err();
    assert!(matches!(
        refused(&["batch=1..4", "words=1..24"]),
        CompileError::UnknownBinding { symbol, .. } if symbol == "words"
    ));
    assert!(matches!(
        refused(&["batch=1..4", "length=1..24", "length=1..8"]),
        CompileError::BadRange { .. }
    ));
    let error = refused(&["batch=1..4"]);
    assert!(matches!(error, CompileError::UnboundDimension { .. }));
    assert!(
        error.to_string().contains("--open length=1..128"),
        "{error}"
    );
    // The table of places has 24 rows.
    assert!(open(&onnx, &["batch=1..4", "length=1..25"]).is_err());
}

#[test]
fn published_models_serve_every_extent() {
    let Some(data) = nearshelf_tests::data().map(|data| data.join("onnx-public")) else {
        return;
    };
    let read = |name: &str| std::fs::read(data.join(name)).ok();
    if let Some(onnx) = read("vespa_dummy_transformer.onnx") {
        let bindings = pairs("batch", [1, 2, 8], "tokens", [1, 2, 17, 128]);
        assert_same_at(&onnx, &["batch=1..8", "tokens=1..128"], &bindings);
    }
    if let Some(onnx) = read("magika_v3_3.onnx") {
        let bindings: Vec<Vec<(&str, usize)>> = (1..=4).map(|n| vec![("unk__214", n)]).collect();
        assert_same_at(&onnx, &["unk__214=1..4"], &bindings);
    }
}

#[test]
fn an_open_plan_of_seven_bits_gives_what_fixed_ones_of_seven_bits_give() {
    let onnx = read("transformer_dynamic");
    let options = |bind: &[(&str, usize)], open: &[&str]| CompileOptions {
        bind: bind.iter().map(|&(name, n)| (name.to_owned(), n)).collect(),
        open: open.iter().map(|text| text.parse().unwrap()).collect(),
        weight_bits: WeightBits::Seven,
        ..CompileOptions::default()
    };
    let plan = compile(&onnx, &options(&[], &TEXT)).unwrap();
    let operators: Vec<&str> = plan.nodes().map(|node| node.operator).collect();
    assert!(operators.contains(&"DynamicLinearNarrow") && !operators.contains(&"DynamicLinear"));
    let mut session = CpuSession::new(Arc::new(plan)).unwrap();
    for (batch, length) in [(1, 1), (2, 5), (4, 24)] {
        let binding = [("batch", batch), ("length", length)];
        let fixed = compile(&onnx, &options(&binding, &[])).unwrap();
        let x = values(&fixed.inputs()[0].ty);
        let inputs = [(fixed.inputs()[0].name.clone(), x)];
        let mut fixed = CpuSession::new(Arc::new(fixed)).unwrap();
        let wanted = run(&mut fixed, &inputs).unwrap();
        assert_eq!(run(&mut session, &inputs).unwrap(), wanted, "{binding:?}");
    }
}
