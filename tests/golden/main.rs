//! What the shipped models and the demo shop answer, held against files that are looked at when they change.
//!
//! `item-text.json` and `for-you.json` hold ONNX Runtime's outputs (`models/training/check.py --golden`).
//! `demo-shop.json` holds our own recommendations; `./build.sh bless` rewrites it.

use nearshelf_catalogue::{EventKind, Pack, PackReader};
use nearshelf_engine::{CpuSession, Plan, Session, Tensor, Values};
use nearshelf_onnx::{CompileOptions, compile};
use nearshelf_recommend::{ForYou, HistoryEvent, Kind, Request, recommend};
use nearshelf_tests::root;
use serde_json::{Value, json};
use std::{fs, path::Path, sync::Arc};

fn read_json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn model(name: &str) -> Arc<Plan> {
    let bytes =
        fs::read(root().join(format!("models/{name}/model.q8.onnx"))).expect("the model is there");
    Arc::new(compile(&bytes, &CompileOptions::default()).expect("the model compiles"))
}

fn numbers(tensor: &Value) -> Vec<f64> {
    let values = tensor["values"].as_array().expect("values");
    values
        .iter()
        .map(|v| v.as_f64().expect("a number"))
        .collect()
}

fn tensor(stored: &Value, integers: bool) -> Tensor {
    let shape: Vec<usize> = stored["shape"]
        .as_array()
        .expect("shape")
        .iter()
        .map(|e| e.as_u64().expect("extent") as usize)
        .collect();
    let values = numbers(stored);
    let values = if integers {
        Values::I32(values.iter().map(|&v| v as i32).collect())
    } else {
        Values::F32(values.iter().map(|&v| v as f32).collect())
    };
    Tensor::new(shape, values).expect("shape and values agree")
}

/// Cosine of two vectors; two vectors of zeros agree.
fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let norms = (dot(a, a) * dot(b, b)).sqrt();
    if norms == 0.0 { 1.0 } else { dot(a, b) / norms }
}

fn assert_agrees_with_onnx_runtime(name: &str, integers: &[&str]) {
    let mut session = CpuSession::new(model(name)).expect("memory");
    for case in read_json(&root().join(format!("tests/golden/{name}.json")))
        .as_array()
        .expect("cases")
    {
        let stored = case["inputs"].as_object().expect("inputs");
        let inputs: Vec<(&str, Tensor)> = stored
            .iter()
            .map(|(port, value)| {
                (
                    port.as_str(),
                    tensor(value, integers.contains(&port.as_str())),
                )
            })
            .collect();
        let named: Vec<(&str, &Tensor)> =
            inputs.iter().map(|(port, value)| (*port, value)).collect();
        let outputs = session.run(&named).expect("the model runs");
        for (port, output) in session.outputs().iter().zip(&outputs) {
            let expected = numbers(&case["outputs"][&port.name]);
            let found: Vec<f64> = output
                .as_f32()
                .expect("f32")
                .iter()
                .map(|&v| f64::from(v))
                .collect();
            let agreement = cosine(&found, &expected);
            assert!(
                agreement >= 0.9999,
                "{name}, {}: cosine {agreement}",
                port.name
            );
        }
    }
}

#[test]
fn the_item_text_model_agrees_with_onnx_runtime() {
    assert_agrees_with_onnx_runtime("item-text", &["token_ids"]);
}

#[test]
fn the_for_you_model_agrees_with_onnx_runtime() {
    assert_agrees_with_onnx_runtime("for-you", &["actions"]);
}

#[test]
fn metrics_were_measured_on_the_models_that_ship() {
    use sha2::{Digest, Sha256};
    for name in ["item-text", "for-you"] {
        let folder = root().join("models").join(name);
        let bytes = fs::read(folder.join("model.q8.onnx")).expect("the model is there");
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let metrics = read_json(&folder.join("metrics.json"));
        assert_eq!(
            metrics["sha256"], hash,
            "{name}: run models/training/evaluate.py again"
        );
        let card = fs::read_to_string(folder.join("card.md")).expect("a card");
        assert!(card.contains(&hash), "{name}: the card is of another file");
    }
}

fn demo_pack() -> Pack {
    let site = root().join("build/demo-site");
    let read = |path: &str| {
        fs::read(site.join(path)).expect("build/demo-site is packed: run ./build.sh test")
    };
    let mut reader = PackReader::new(&read("manifest.json")).expect("a manifest");
    let wanted: Vec<String> = reader.wanted().map(|chunk| chunk.path.clone()).collect();
    for path in wanted {
        reader.add(&path, &read(&path)).expect("a chunk");
    }
    reader.pack().expect("a complete pack").clone()
}

/// What a few shoppers are recommended, by id.
fn recommendations(pack: &Pack) -> Value {
    const NOW: i64 = 1_780_272_000_000; // 2026-06-01
    let mut session = CpuSession::new(model("for-you")).expect("memory");
    let dress = (0..pack.items.len() as u32).find(|&at| {
        pack.items
            .get(at)
            .is_some_and(|item| item.id.starts_with("dress"))
    });
    let dress = dress.expect("the demo sells dresses");
    let view = |item: u32, minutes: i64| HistoryEvent {
        item,
        kind: EventKind::View,
        time_millis: NOW - minutes * 60_000,
    };
    let shoppers: [(&str, Vec<HistoryEvent>); 2] = [
        ("new shopper", vec![]),
        (
            "looked at dresses",
            vec![view(dress, 9), view(dress + 1, 5), view(dress + 2, 1)],
        ),
    ];
    let mut answer = serde_json::Map::new();
    for (name, history) in shoppers {
        for kind in Kind::ALL {
            let query =
                ForYou::query(&mut session, pack, &history).expect("the model fits the pack");
            let anchored = matches!(kind, Kind::Related | Kind::BoughtTogether);
            let anchors = if anchored { vec![dress] } else { vec![] };
            let request = Request {
                kind,
                anchors,
                history: history.clone(),
                limit: 6,
                now_millis: NOW,
                ..Request::default()
            };
            let found = recommend(pack, &request, query.as_deref());
            let ids = found
                .iter()
                .filter_map(|r| pack.items.get(r.item))
                .map(|item| item.id.clone());
            answer.insert(
                format!("{name}, {}", kind.as_str()),
                json!(ids.collect::<Vec<_>>()),
            );
        }
    }
    Value::Object(answer)
}

#[test]
fn the_demo_shop_recommends_what_it_did_before() {
    let path = root().join("tests/golden/demo-shop.json");
    let found = recommendations(&demo_pack());
    if std::env::var_os("BLESS").is_some() {
        let text = serde_json::to_string_pretty(&found).expect("JSON") + "\n";
        fs::write(&path, text).expect("tests/golden can be written");
        return;
    }
    assert_eq!(
        found,
        read_json(&path),
        "if this is meant, run ./build.sh bless and review the difference"
    );
}
