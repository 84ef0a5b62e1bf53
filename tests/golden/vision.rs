//! What the models that see are given and what is read of them, held to the reference in Python.
//!
//! `vision-*.json` are written by `models/training/vision_export.py`, `third-party.json` by `models/training/third_party.py`.

use super::{cosine, model, numbers, read_json};
use nearshelf_engine::{CpuSession, Plan, Session, Tensor, Values};
use nearshelf_onnx::{CompileOptions, compile};
use nearshelf_tests::root;
use nearshelf_vision::{
    ColourName, Garment, GarmentOutputs, KeyPoint, OkLab, Person, PersonOutputs, Picture, SIDE,
    Squashed, palette, people::Settings,
};
use serde_json::Value;
use std::{collections::BTreeMap, fs, sync::Arc};

fn golden(name: &str) -> Value {
    read_json(&root().join("tests/golden").join(name))
}

fn extent(value: &Value) -> usize {
    value.as_u64().expect("an extent") as usize
}

/// Opaque pixels.
fn rgba(rgb: impl IntoIterator<Item = [u8; 3]>) -> Vec<u8> {
    rgb.into_iter()
        .flat_map(|[r, g, b]| [r, g, b, 255])
        .collect()
}

/// The picture that the golden files describe by a formula.
fn by_formula(width: usize, height: usize) -> Vec<u8> {
    let colour = |at: usize| {
        let (x, y) = (at % width, at / width);
        [7 * x + 13 * y, x * y, 31 * x + 3].map(|value| (value % 256) as u8)
    };
    rgba((0..width * height).map(colour))
}

fn from_base64(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let text = text.trim_end_matches('=').as_bytes();
    let bytes = text.chunks(4).flat_map(|four| {
        let bits = four
            .iter()
            .fold(0_u32, |bits, c| bits << 6 | u32::from(digit(*c)));
        let bits = bits << (6 * (4 - four.len()));
        [16, 8, 0]
            .map(|shift| (bits >> shift) as u8)
            .into_iter()
            .take(four.len() - 1)
    });
    bytes.collect()
}

fn assert_pixels(squashed: &Squashed, samples: &Value, of: &str) {
    for sample in samples.as_array().expect("pixels") {
        let (row, column) = (extent(&sample["at"][0]), extent(&sample["at"][1]));
        for channel in 0..3 {
            let found = squashed.rgb[3 * (row * squashed.width + column) + channel];
            let expected = sample["rgb"][channel].as_f64().expect("a value") as f32;
            assert!(
                (found - expected).abs() < 0.01,
                "{of}, {row}, {column}: {found}, not {expected}"
            );
        }
    }
}

#[test]
fn colours_are_called_what_the_reference_calls_them() {
    let golden = golden("vision-colours.json");
    let names: Vec<&str> = ColourName::all().map(ColourName::name).collect();
    assert_eq!(golden["names"], serde_json::json!(names));
    let of = golden["of"].as_array().expect("a name a colour");
    assert_eq!(of.len(), 16 * 16 * 16);
    for (at, number) in of.iter().enumerate() {
        let rgb = [at / 256, at / 16 % 16, at % 16].map(|level| level as u8 * 17);
        let name = ColourName::of(OkLab::from_srgb(rgb));
        assert_eq!(name as usize, extent(number), "{rgb:?} is called {name:?}");
    }
}

#[test]
fn pictures_are_squashed_as_in_training() {
    for case in golden("vision-squash.json").as_array().expect("cases") {
        let (width, height) = (extent(&case["width"]), extent(&case["height"]));
        let pixels = by_formula(width, height);
        let picture = Picture::new(width, height, &pixels).expect("a picture");
        assert_pixels(
            &picture.squash(SIDE, SIDE),
            &case["image"],
            &format!("{width} × {height}"),
        );
    }
}

/// The squashed picture of a case and what the model gives for it, by output.
fn run(name: &str, case: &Value) -> (Squashed, BTreeMap<String, Vec<f32>>) {
    let shown = &case["picture"];
    let rgb = from_base64(shown["rgb"].as_str().expect("base64"));
    let pixels = rgba(rgb.as_chunks::<3>().0.iter().copied());
    let picture = Picture::new(extent(&shown["width"]), extent(&shown["height"]), &pixels);
    let squashed = picture.expect("a picture").squash(SIDE, SIDE);
    assert_pixels(&squashed, &case["image"], name);
    let image = Tensor::new(vec![1, 3, SIDE, SIDE], Values::F32(squashed.tensor()));
    let mut session = CpuSession::new(model(name)).expect("memory");
    let outputs = session
        .run(&[("image", &image.expect("a tensor"))])
        .expect("the model runs");
    let named = session
        .outputs()
        .iter()
        .zip(&outputs)
        .map(|(port, output)| {
            let found = output.as_f32().expect("f32").to_vec();
            let expected = numbers(&case["outputs"][&port.name]);
            let wide: Vec<f64> = found.iter().map(|value| f64::from(*value)).collect();
            let agreement = cosine(&wide, &expected);
            assert!(
                agreement >= 0.999,
                "{name}, {}: cosine {agreement}",
                port.name
            );
            (port.name.clone(), found)
        });
    let named = named.collect();
    (squashed, named)
}

#[test]
fn garments_are_seen_as_the_reference_sees_them() {
    for case in golden("vision-garment.json").as_array().expect("cases") {
        let (squashed, outputs) = run("garment", case);
        let garment = Garment::read(&GarmentOutputs {
            category: &outputs["category"],
            attributes: &outputs["attributes"],
            embedding: &outputs["embedding"],
            mask: &outputs["mask"],
            landmarks: &outputs["landmarks"],
        });
        let garment = garment.expect("a garment");
        let logits = numbers(&case["outputs"]["category"]);
        let likeliest = (0..logits.len()).max_by(|a, b| logits[*a].total_cmp(&logits[*b]));
        assert_eq!(Some(garment.category as usize), likeliest);
        let expected = case["palette"].as_array().expect("a palette");
        let found = palette(&squashed, &garment.mask);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert_eq!(found.name().name(), expected["name"]);
            assert!(
                (f64::from(found.share) - expected["share"].as_f64().expect("a share")).abs()
                    < 0.02
            );
            let lab = [found.lab.l, found.lab.a, found.lab.b];
            for (found, expected) in lab.iter().zip(expected["lab"].as_array().expect("OKLab")) {
                assert!((f64::from(*found) - expected.as_f64().expect("a value")).abs() < 0.01);
            }
        }
    }
}

#[test]
fn people_are_seen_as_the_reference_sees_them() {
    for case in golden("vision-person.json").as_array().expect("cases") {
        let (_, outputs) = run("person", case);
        let person = Person::read(&PersonOutputs {
            regions: &outputs["regions"],
            key_points: &outputs["key_points"],
        });
        let person = person.expect("a person");
        assert!(person.regions.person.area() > 0.05);
        let expected = numbers(&case["outputs"]["key_points"]);
        for (point, expected) in person.key_points.iter().zip(expected.chunks(3)) {
            assert_eq!(point.visible, expected[2] > 0.0, "{point:?}");
            let apart = (f64::from(point.x) - expected[0]).hypot(f64::from(point.y) - expected[1]);
            assert!(
                !point.visible || apart < 0.02,
                "{point:?}, not {expected:?}"
            );
        }
    }
}

/// A foreign model's settings as a merchant writes them, without what the test expects.
fn settings(golden: &Value, kind: &str, expectation: &str) -> Settings {
    let mut own = golden[kind].clone();
    own.as_object_mut().expect("settings").remove(expectation);
    let settings: Settings =
        serde_json::from_value(serde_json::json!({ kind: own })).expect("settings");
    settings.check().expect("settings that can be used");
    settings
}

fn foreign(file: &str) -> Arc<Plan> {
    let bytes = fs::read(root().join("tests/golden").join(file)).expect("the file is there");
    Arc::new(compile(&bytes, &CompileOptions::default()).expect("it compiles"))
}

/// The only output of a foreign model, its shape, and the shape of its input.
fn ask(
    plan: Arc<Plan>,
    tensor: impl Fn(&[usize]) -> Vec<f32>,
) -> (Vec<f32>, Vec<usize>, Vec<usize>) {
    let mut session = CpuSession::new(plan).expect("memory");
    let port = session.inputs()[0].clone();
    let image = Tensor::new(port.ty.shape.clone(), Values::F32(tensor(&port.ty.shape)));
    let outputs = session
        .run(&[(port.name.as_str(), &image.expect("a tensor"))])
        .expect("it runs");
    let values = outputs[0].as_f32().expect("f32").to_vec();
    (values, outputs[0].shape().to_vec(), port.ty.shape)
}

#[test]
fn a_third_party_s_segmentation_is_read_by_its_settings() {
    let golden = golden("third-party.json");
    let segmentation = settings(&golden, "segmentation", "share")
        .segmentation
        .expect("settings");
    let (width, height) = (
        extent(&golden["picture"]["width"]),
        extent(&golden["picture"]["height"]),
    );
    let pixels = by_formula(width, height);
    let picture = Picture::new(width, height, &pixels).expect("a picture");
    let (output, shape, _) = ask(foreign("third-party-segmentation.onnx"), |shape| {
        segmentation.tensor(&picture, shape).expect("a tensor")
    });
    let regions = segmentation.read(&output, &shape).expect("regions");
    for share in golden["segmentation"]["share"].as_array().expect("shares") {
        let (row, column) = (extent(&share["at"][0]), extent(&share["at"][1]));
        let logit = regions.person.logits()[row * regions.person.width() + column];
        let found = 1.0 / (1.0 + f64::from(-logit).exp());
        let expected = share["value"].as_f64().expect("a value");
        assert!(
            (found - expected).abs() < 1e-4,
            "{row}, {column}: {found}, not {expected}"
        );
    }
    assert_eq!(regions.hair.area(), 0.0);
}

#[test]
fn a_third_party_s_pose_is_read_by_its_settings() {
    let golden = golden("third-party.json");
    let pose = settings(&golden, "pose", "key_points")
        .pose
        .expect("settings");
    let (width, height) = (
        extent(&golden["picture"]["width"]),
        extent(&golden["picture"]["height"]),
    );
    let pixels = by_formula(width, height);
    let picture = Picture::new(width, height, &pixels).expect("a picture");
    let (output, shape, input) = ask(foreign("third-party-pose.onnx"), |shape| {
        pose.tensor(&picture, shape).expect("a tensor")
    });
    let points = pose.read(&output, &shape, &input).expect("points");
    for (name, point) in KeyPoint::ALL.iter().zip(points) {
        let expected = &golden["pose"]["key_points"][name.name()];
        for (found, expected) in [point.x, point.y, point.score]
            .iter()
            .zip(expected.as_array().expect("three"))
        {
            let expected = expected.as_f64().expect("a value");
            assert!(
                (f64::from(*found) - expected).abs() < 1e-3,
                "{name:?}: {found}, not {expected}"
            );
        }
    }
}
