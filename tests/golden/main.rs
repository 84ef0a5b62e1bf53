//! What the shipped models and the demo shop answer, held against files that are looked at when they change.
//!
//! `item-text.json` and `for-you.json` hold ONNX Runtime's outputs (`models/training/check.py --golden`).
//! `demo-shop.json` holds our own recommendations; `./build.sh bless` rewrites it.

mod chat;
mod vision;

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
    compiled(name, &CompileOptions::default())
}

fn compiled(name: &str, options: &CompileOptions) -> Arc<Plan> {
    let bytes =
        fs::read(root().join(format!("models/{name}/model.q8.onnx"))).expect("the model is there");
    Arc::new(compile(&bytes, options).expect("the model compiles"))
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

fn assert_agrees_with_onnx_runtime(name: &str, plan: Arc<Plan>, integers: &[&str]) {
    let mut session = CpuSession::new(plan).expect("memory");
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
    assert_agrees_with_onnx_runtime("item-text", model("item-text"), &["token_ids"]);
}

#[test]
fn the_for_you_model_agrees_with_onnx_runtime() {
    assert_agrees_with_onnx_runtime("for-you", model("for-you"), &["actions", "visits"]);
}

#[test]
fn the_chat_encoder_agrees_with_onnx_runtime_at_every_length() {
    let plan = compiled("chat-encoder", &chat::every_length());
    assert_agrees_with_onnx_runtime("chat-encoder", plan, &["ids"]);
}

fn sha256(path: &Path) -> String {
    use sha2::{Digest, Sha256};
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let digest = Sha256::digest(&bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn metrics_were_measured_on_the_models_that_ship() {
    let models = root().join("models");
    for name in ["item-text", "for-you"] {
        let folder = models.join(name);
        let hash = sha256(&folder.join("model.q8.onnx"));
        let metrics = read_json(&folder.join("metrics.json"));
        let again = "run models/training/evaluate.py again";
        assert_eq!(metrics["sha256"], hash, "{name}: {again}");
        if name == "for-you" {
            let items = sha256(&models.join("item-text/model.q8.onnx"));
            assert_eq!(metrics["item_text_sha256"], items, "{name}: {again}");
            assert_eq!(
                metrics["trained"]["item_text_sha256"], items,
                "train {name}"
            );
        }
        let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
        assert!(text(&metrics["command"]) && text(&metrics["f32_sha256"]));
        for key in ["seed", "steps", "training", "torch"] {
            assert!(text(&metrics["trained"][key]), "{name}: trained, {key}");
        }
        for key in ["python", "numpy", "onnx", "onnxruntime"] {
            assert!(text(&metrics["measured_with"][key]), "{name}: {key}");
        }
        for data in ["uci-online-retail", "amazon-beauty"] {
            let measured = &metrics["datasets"][data];
            assert_eq!(measured["split"], "test", "{name}, {data}");
            let rows = measured["rows"].as_object().expect("rows");
            let of_model = |ending: &str| {
                let rows = rows.keys().filter(|row| row.starts_with(name));
                rows.filter(|row| row.contains(ending)).count()
            };
            assert!(of_model(", int8") > 0 && of_model(", f32") > 0, "{data}");
            for row in ["popularity", "item-kNN"] {
                assert!(rows.contains_key(row), "{name}, {data}: {row}");
            }
            for (row, values) in rows {
                for key in ["hr@5", "ndcg@5", "hr@10", "ndcg@10"] {
                    let value = values[key].as_f64().unwrap_or(-1.0);
                    assert!((0.0..=1.0).contains(&value), "{name}, {row}: {key}");
                }
            }
        }
    }
}

#[test]
fn the_metrics_of_the_models_that_see_were_measured_on_what_ships() {
    let models = root().join("models");
    for (name, data) in [("garment", "photos"), ("person", "figures")] {
        let folder = models.join(name);
        let hash = sha256(&folder.join("model.q8.onnx"));
        let metrics = read_json(&folder.join("metrics.json"));
        let again = "run models/training/vision_evaluate.py again";
        assert_eq!(metrics["sha256"], hash, "{name}: {again}");
        for key in ["seed", "steps", "checkpoint", "torch"] {
            let value = metrics["trained"][key].as_str();
            assert!(value.is_some_and(|v| !v.is_empty()), "{name}: {key}");
        }
        let rows = &metrics["datasets"][data]["rows"];
        assert!(
            rows["int8"].is_object() && rows["f32"].is_object(),
            "{name}: {again}, with --checkpoints"
        );
    }
}

/// Figures of a card's tables: data set, recommender, column, as written.
fn figures(card: &str) -> Vec<(String, String, String, String)> {
    let mut columns = Vec::new();
    let mut found = Vec::new();
    for line in card.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        match cells.as_slice() {
            [
                "data",
                "recommender" | "model" | "vectors" | "class, int8" | "landmark, int8"
                | "key point, int8",
                rest @ ..,
            ] => {
                columns = rest.iter().map(|c| c.to_lowercase()).collect();
            }
            [data, row, rest @ ..] if rest.len() == columns.len() && !data.starts_with('-') => {
                let row = row.trim_matches('*');
                for (column, &figure) in columns.iter().zip(rest) {
                    let [data, row] = [*data, row].map(str::to_owned);
                    found.push((data, row, column.clone(), figure.to_owned()));
                }
            }
            [rule, ..] if rule.starts_with('-') => {}
            _ => columns.clear(),
        }
    }
    found
}

#[test]
fn every_figure_of_a_card_is_the_measured_one_and_none_is_left_out() {
    for name in ["item-text", "for-you", "garment", "person"] {
        let folder = root().join("models").join(name);
        let metrics = read_json(&folder.join("metrics.json"));
        let card = fs::read_to_string(folder.join("card.md")).expect("a card");
        let hash = metrics["sha256"].as_str().expect("a hash");
        assert!(card.contains(hash), "{name}: the card is of another file");
        let figures = figures(&card);
        for (data, row, column, figure) in &figures {
            let (data, kept) = match data.strip_suffix(", seen kept") {
                Some(data) => (data, true),
                None => (data.as_str(), false),
            };
            let values = &metrics["datasets"][data]["rows"][row];
            let values = if kept { &values["seen_kept"] } else { values };
            let value = values[column].as_f64();
            let value = value.unwrap_or_else(|| panic!("{name}: {data}, {row}, {column}"));
            assert_eq!(*figure, format!("{value:.4}"), "{data}, {row}, {column}");
        }
        for (data, measured) in metrics["datasets"].as_object().expect("data sets") {
            for row in measured["rows"].as_object().expect("rows").keys() {
                let shown = figures.iter().any(|(d, r, ..)| d == data && r == row);
                assert!(shown, "{name}: the card lacks {data}, {row}");
            }
        }
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

/// What a few shoppers are recommended: id and score, best first.
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
            let anchored = matches!(
                kind,
                Kind::Related | Kind::BoughtTogether | Kind::GoesWith | Kind::Outfit
            );
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
            let shown = found.iter().map(|found| {
                let item = pack.items.get(found.item).expect("an item of the pack");
                json!([item.id, round(found.score)])
            });
            answer.insert(
                format!("{name}, {}", kind.as_str()),
                json!(shown.collect::<Vec<_>>()),
            );
        }
    }
    Value::Object(answer)
}

/// Scores may differ by this much between machines: the model's sums are rounded in another order.
const SCORE_TOLERANCE: f64 = 1e-3;

/// As many digits as the tolerance can tell apart, so that a blessing shows changes only.
fn round(score: f32) -> f64 {
    (f64::from(score) * 1e4).round() / 1e4
}

/// Ids and scores of a stored list.
fn list(stored: &Value) -> Vec<(&str, f64)> {
    let rows = stored.as_array().expect("a list: run ./build.sh bless");
    rows.iter()
        .map(|row| {
            let id = row[0].as_str().expect("an id: run ./build.sh bless");
            (id, row[1].as_f64().expect("a score"))
        })
        .collect()
}

/// How two lists differ in more than items of all but equal score having changed places.
fn difference(found: &Value, expected: &Value) -> Option<String> {
    let (found, expected) = (list(found), list(expected));
    if found.len() != expected.len() {
        return Some(format!("{} items, not {}", found.len(), expected.len()));
    }
    let near = |a: f64, b: f64| (a - b).abs() < SCORE_TOLERANCE;
    for (place, (&(id, score), &(before, its_score))) in found.iter().zip(&expected).enumerate() {
        let own = expected.iter().find(|(other, _)| *other == id);
        let same_score = own.is_none_or(|&(_, known)| near(score, known));
        if !same_score || (id != before && !near(score, its_score)) {
            return Some(format!(
                "place {place}: {id} with {score}, not {before} with {its_score}"
            ));
        }
    }
    None
}

#[test]
fn only_items_of_all_but_equal_score_may_change_places() {
    let before = json!([["a", 0.9], ["b", 0.5], ["c", 0.4996]]);
    for same in [
        json!([["a", 0.9004], ["b", 0.5], ["c", 0.4996]]),
        json!([["a", 0.9], ["c", 0.4996], ["b", 0.5]]),
        json!([["a", 0.9], ["b", 0.5], ["d", 0.4999]]),
    ] {
        assert_eq!(difference(&same, &before), None);
    }
    for other in [
        json!([["b", 0.5], ["a", 0.9], ["c", 0.4996]]),
        json!([["a", 0.9], ["b", 0.6], ["c", 0.4996]]),
        json!([["a", 0.9], ["b", 0.5], ["d", 0.6]]),
        json!([["a", 0.9], ["b", 0.5]]),
    ] {
        assert!(difference(&other, &before).is_some(), "{other}");
    }
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
    let expected = read_json(&path);
    let keys = |value: &Value| {
        value
            .as_object()
            .map(|lists| lists.keys().cloned().collect::<Vec<_>>())
    };
    assert_eq!(keys(&found), keys(&expected), "run ./build.sh bless");
    for (name, found) in found.as_object().expect("lists") {
        let difference = difference(found, &expected[name]);
        assert_eq!(
            difference, None,
            "{name}: if this is meant, run ./build.sh bless and review the difference"
        );
    }
}
