//! `nearshelf run` and `nearshelf inspect` as people use them: real binary, real models (`tests/conformance/fixtures`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn nearshelf(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nearshelf"))
        .args(arguments)
        .output()
        .unwrap()
}

/// A file of the conformance suite.
fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/fixtures");
    folder.join(name).to_string_lossy().into_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

/// The exit code, and what was said on standard error.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let output = nearshelf(arguments);
    (output.status.code(), text(&output.stderr))
}

/// A folder for a test's archives.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }
}

#[test]
fn a_model_runs_on_a_reference_file_and_agrees_with_it_on_both_backends() {
    let (onnx, npz) = (fixture("transformer.onnx"), fixture("transformer.npz"));
    for backend in ["cpu", "tract"] {
        let run = [
            "run",
            &onnx,
            "--inputs",
            &npz,
            "--check",
            &npz,
            "--backend",
            backend,
            "--json",
        ];
        let output = nearshelf(&run);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let report = json(&output);
        assert_eq!(report["backend"], backend);
        assert_eq!(report["outputs"][0]["shape"], serde_json::json!([2, 5, 16]));
        assert_eq!(report["check"]["agrees"], true);
        assert_eq!(report["check"]["outputs"][0]["elements"], 160);
    }
}

#[test]
fn a_model_agrees_on_the_gpu_where_there_is_one() {
    let (onnx, npz) = (fixture("transformer.onnx"), fixture("transformer.npz"));
    let run = ["run", &onnx, "--inputs", &npz, "--check", &npz];
    let output = nearshelf(&[&run[..], &["--backend", "gpu", "--json"]].concat());
    let said = text(&output.stderr);
    if said.contains("no GPU can be used") && std::env::var_os("REQUIRE_GPU").is_none() {
        println!("SKIPPED: {said}");
        return;
    }
    assert!(output.status.success(), "{said}");
    let report = json(&output);
    assert_eq!(report["backend"], "gpu");
    assert_eq!(report["check"]["agrees"], true);
    assert!(report["device"]["dispatches"].as_u64().unwrap() > 0);
    assert_ne!(report["device"]["adapter"], "");
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_driver_it_is_said_that_there_is_no_gpu() {
    let (onnx, npz) = (fixture("cnn.onnx"), fixture("cnn.npz"));
    let output = Command::new(env!("CARGO_BIN_EXE_nearshelf"))
        .args(["run", &onnx, "--inputs", &npz, "--backend", "gpu"])
        // The loader takes no other drivers than these.
        .envs(["VK_DRIVER_FILES", "VK_ICD_FILENAMES"].map(|name| (name, "/nowhere.json")))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("no GPU can be used"), "{said}");
    assert!(said.contains("--backend cpu"), "{said}");
}

#[test]
fn outputs_have_the_element_types_that_the_model_declares() {
    let folder = Folder::new();
    let (onnx, npz) = (fixture("element_types.onnx"), fixture("element_types.npz"));
    let out = folder.name("out.npz");
    let exact = ["--check", &npz, "--rtol", "0", "--atol", "0", "--json"];
    let run = ["run", &onnx, "--inputs", &npz, "--outputs", &out];
    let output = nearshelf(&[&run[..], &exact].concat());
    assert!(output.status.success(), "{}", text(&output.stdout));
    let report = json(&output);
    let types: Vec<&str> = report["outputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|output| output["element_type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["int64", "bool", "float16", "float64"]);
    // What was written is a reference for another run.
    let again = nearshelf(&["run", &onnx, "--inputs", &npz, "--check", &out]);
    assert!(again.status.success(), "{}", text(&again.stderr));
}

#[test]
fn a_difference_exits_with_1_and_names_the_worst_element() {
    let (onnx, inputs) = (fixture("cnn.onnx"), fixture("cnn.npz"));
    let other = fixture("cnn_qdq.npz");
    let run = ["run", &onnx, "--inputs", &inputs, "--check", &other];
    let output = nearshelf(&run);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(said.contains("of 5 elements; the worst is [0, "), "{said}");
    assert!(text(&output.stderr).contains("\"y\" differs"));
    let report = json(&nearshelf(&[&run[..], &["--json"]].concat()));
    let compared = &report["check"]["outputs"][0];
    assert_eq!(compared["agrees"], false);
    let worst = &compared["worst"];
    let gap = worst["got"].as_f64().unwrap() - worst["wanted"].as_f64().unwrap();
    assert_eq!(worst["absolute"].as_f64().unwrap(), gap.abs());
    assert!(
        nearshelf(&[&run[..], &["--atol", "0.1"]].concat())
            .status
            .success()
    );
}

#[test]
fn made_up_inputs_are_the_same_for_a_seed_and_can_be_kept() {
    let folder = Folder::new();
    let onnx = fixture("transformer.onnx");
    let (kept, out) = (folder.name("in.npz"), folder.name("out.npz"));
    let bind = ["--bind", "batch=1,length=4"];
    let run = ["run", &onnx, "--random", "7"];
    let keep = ["--save-inputs", &kept, "--outputs", &out];
    let first = nearshelf(&[&run[..], &bind, &keep].concat());
    assert!(first.status.success(), "{}", text(&first.stderr));
    let exact = ["--check", &out, "--rtol", "0", "--atol", "0"];
    assert!(
        nearshelf(&[&run[..], &bind, &exact].concat())
            .status
            .success()
    );
    let fed = nearshelf(&[&["run", &onnx, "--inputs", &kept], &exact[..]].concat());
    assert!(fed.status.success(), "{}", text(&fed.stderr));
    let other = [&["run", &onnx, "--random", "8"], &bind[..], &exact].concat();
    assert_eq!(nearshelf(&other).status.code(), Some(1));
}

#[test]
fn a_compiled_plan_runs_as_its_model_does() {
    let folder = Folder::new();
    let (onnx, npz) = (fixture("cnn_qdq.onnx"), fixture("cnn_qdq.npz"));
    let (plan, out) = (folder.name("cnn.plan"), folder.name("out.npz"));
    assert!(nearshelf(&["compile", &onnx, "-o", &plan]).status.success());
    let run = ["run", &onnx, "--inputs", &npz, "--outputs", &out];
    assert!(nearshelf(&run).status.success());
    let check = ["--check", &out, "--rtol", "0", "--atol", "0"];
    let run = [&["run", &plan, "--inputs", &npz], &check[..]].concat();
    let output = nearshelf(&run);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn a_shape_among_the_inputs_is_fixed_to_what_is_given() {
    let (onnx, npz) = (fixture("shape_input.onnx"), fixture("shape_input.npz"));
    let folder = Folder::new();
    let kept = folder.name("in.npz");
    let run = ["run", &onnx, "--inputs", &npz, "--save-inputs", &kept];
    let output = nearshelf(&[&run[..], &["--check", &npz, "--json"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(
        json(&output)["outputs"][0]["shape"],
        serde_json::json!([3, 2])
    );
    let again = nearshelf(&["run", &onnx, "--inputs", &kept, "--check", &npz]);
    assert!(again.status.success(), "{}", text(&again.stderr));
    let (code, said) = refused(&["run", &onnx, "--random", "1", "--bind", "n=2"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("shape"), "{said}");
}

#[test]
fn repeated_runs_are_timed() {
    let onnx = fixture("cnn.onnx");
    let report = json(&nearshelf(&[
        "run", &onnx, "--random", "1", "--repeat", "5", "--json",
    ]));
    let repeated = &report["timings"]["repeated"];
    assert_eq!(repeated["runs"], 5);
    assert!(repeated["median_ms"].as_f64() <= repeated["p90_ms"].as_f64());
}

#[test]
fn inputs_that_do_not_fit_are_explained_with_what_the_model_wants() {
    let (transformer, lstm) = (fixture("transformer.onnx"), fixture("lstm.onnx"));
    let types = fixture("element_types.onnx");
    let cnn = fixture("cnn.onnx");
    let cases = [
        (&lstm, "gru.npz", "holds no \"h0\""),
        (&cnn, "lstm.npz", "\"in_h0\", which the model doesn't have"),
        (
            &cnn,
            "transformer.npz",
            "the model wants float32[1, 3, 17, 14]",
        ),
        (
            &transformer,
            "cnn.npz",
            "the model wants float32[batch, length, 16]",
        ),
        (
            &types,
            "cnn.npz",
            "it has \"ids\" int64[n, 3], \"keep\" bool[n, 3]",
        ),
    ];
    for (model, npz, message) in cases {
        let (code, said) = refused(&["run", model, "--inputs", &fixture(npz)]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(message), "{said}");
    }
    // A binding goes before what the inputs say.
    let bound = [
        "--inputs",
        &fixture("transformer.npz"),
        "--bind",
        "length=6",
    ];
    let (code, said) = refused(&[&["run", &transformer], &bound[..]].concat());
    assert_eq!(code, Some(1));
    assert!(said.contains("float32[2, 6, 16]"), "{said}");
}

#[test]
fn wrong_usage_exits_with_2() {
    let folder = Folder::new();
    let onnx = fixture("transformer.onnx");
    let plan = folder.name("x.plan");
    let bind = ["--bind", "batch=1,length=2"];
    assert!(
        nearshelf(&[&["compile", &onnx, "-o", &plan], &bind[..]].concat())
            .status
            .success()
    );
    let cases: [(&[&str], &str); 9] = [
        (&["run", &onnx], "--random SEED"),
        (
            &["run", &plan, "--random", "1", "--backend", "tract"],
            "tract takes the ONNX file",
        ),
        (
            &["run", &plan, "--random", "1", "--bind", "batch=1"],
            "every dimension of this plan is fixed",
        ),
        (&["run", &onnx, "--backend", "npu"], "invalid value"),
        (&["run", &onnx, "--random", "1", "--rtol", "1"], "--check"),
        (
            &["run", &onnx, "--random", "1", "--inputs", "x.npz"],
            "cannot be used with",
        ),
        (&["inspect", &plan, "--bind", "length=2"], "every dimension"),
        (&["inspect", &plan, "--sort", "time"], "needs --profile"),
        (&["inspect", &plan, "--repeat", "3"], "--profile"),
    ];
    for (arguments, message) in cases {
        let (code, said) = refused(arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        assert!(said.contains(message), "{arguments:?}: {said}");
    }
}

#[test]
fn a_reference_without_any_output_of_the_model_is_refused() {
    let (onnx, inputs) = (fixture("cnn.onnx"), fixture("cnn.npz"));
    let folder = Folder::new();
    let kept = folder.name("in.npz");
    let run = ["run", &onnx, "--inputs", &inputs];
    assert!(
        nearshelf(&[&run[..], &["--save-inputs", &kept]].concat())
            .status
            .success()
    );
    let (code, said) = refused(&[&run[..], &["--check", &kept]].concat());
    assert_eq!(code, Some(1));
    assert!(said.contains("\"y\" float32[1, 5]"), "{said}");
}

#[test]
fn inspect_shows_what_each_node_costs_and_where_the_time_goes() {
    let onnx = fixture("cnn_qdq.onnx");
    let plain = json(&nearshelf(&["inspect", &onnx, "--json"]));
    assert!(plain["profile"].is_null() && plain["nodes"][0]["share"].is_null());
    let run = [
        "inspect",
        &onnx,
        "--profile",
        "--repeat",
        "3",
        "--sort",
        "time",
    ];
    let report = json(&nearshelf(&[&run[..], &["--json"]].concat()));
    assert_eq!(report["profile"]["runs"], 3);
    assert_eq!(report["multiply_adds"], plain["multiply_adds"]);
    let nodes = report["nodes"].as_array().unwrap();
    let number = |node: &Value, key: &str| node[key].as_f64().unwrap();
    let shares: f64 = nodes.iter().map(|node| number(node, "share")).sum();
    assert!((shares - 1.0).abs() < 1e-9, "{shares}");
    let times = nodes.windows(2).map(|pair| [&pair[0], &pair[1]]);
    for [slower, faster] in times {
        assert!(number(slower, "milliseconds") >= number(faster, "milliseconds"));
    }
    let operators = report["operators"].as_array().unwrap();
    let count: f64 = operators.iter().map(|total| number(total, "nodes")).sum();
    assert_eq!(count as usize, nodes.len());
    let table = text(&nearshelf(&run).stdout);
    assert!(
        table.contains("GMAC/s") && table.contains("by operator"),
        "{table}"
    );
}

#[test]
fn inspect_sends_a_catalogue_to_pack() {
    let folder = Folder::new();
    std::fs::write(folder.path("items.csv"), "id,title\n1,Dress\n").unwrap();
    let (code, said) = refused(&["inspect", &folder.name("items.csv")]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("is no plan") && said.contains("nearshelf pack"),
        "{said}"
    );
}

#[test]
fn a_plan_with_an_open_dimension_runs_at_each_extent_as_its_model_does() {
    let folder = Folder::new();
    let onnx = fixture("transformer.onnx");
    let plan = folder.name("open.plan");
    let open = ["--bind", "batch=2", "--open", "length=1..12", "--json"];
    let compiled = nearshelf(&[&["compile", &onnx, "-o", &plan], &open[..]].concat());
    assert!(compiled.status.success(), "{}", text(&compiled.stderr));
    assert_eq!(json(&compiled)["open"], serde_json::json!(["length=1..12"]));
    let (kept, out) = (folder.name("in.npz"), folder.name("out.npz"));
    for length in [1, 5, 12] {
        let bind = format!("length={length}");
        let keep = ["--save-inputs", &kept, "--outputs", &out, "--json"];
        let made_up =
            nearshelf(&[&["run", &plan, "--random", "3", "--bind", &bind], &keep[..]].concat());
        assert!(made_up.status.success(), "{}", text(&made_up.stderr));
        let report = json(&made_up);
        assert_eq!(
            report["outputs"][0]["shape"],
            serde_json::json!([2, length, 16])
        );
        assert!(report["timings"]["compile_ms"].is_null());
        // The model takes its extents from the archive, and so does the plan.
        for path in [&onnx, &plan] {
            let run = nearshelf(&["run", path, "--inputs", &kept, "--check", &out]);
            assert!(run.status.success(), "{length}: {}", text(&run.stderr));
        }
    }
    let inspected = json(&nearshelf(&["inspect", &plan, "--json"]));
    assert_eq!(inspected["inputs"][0]["type"], "f32[2, length=1..12, 16]");
    // Nothing has to be worked out for a binding of this one, whose attention is one operator.
    assert_eq!(inspected["open"], serde_json::json!([]));
    let stream = folder.name("stream.plan");
    let open = ["--open", "time=1..16,batch=1..3"];
    let onnx = fixture("open_stream.onnx");
    let compiled = nearshelf(&[&["compile", &onnx, "-o", &stream], &open[..]].concat());
    assert!(compiled.status.success(), "{}", text(&compiled.stderr));
    let inspected = json(&nearshelf(&["inspect", &stream, "--json"]));
    assert_eq!(inspected["open"][0]["expression"], "batch");
    let cases = [
        ("length=13", "open here: length=1..12"),
        ("words=1", "open here: length=1..12"),
        ("length=5", "is bound by --bind length=5"),
    ];
    for (bind, message) in cases {
        let (code, said) = refused(&["run", &plan, "--inputs", &kept, "--bind", bind]);
        assert_eq!(code, Some(1));
        assert!(said.contains(message), "{said}");
    }
}

#[test]
fn open_dimensions_that_are_not_given_or_given_twice_are_explained() {
    let folder = Folder::new();
    let (onnx, plan) = (fixture("transformer.onnx"), folder.name("x.plan"));
    let compile = ["compile", &onnx, "-o", &plan];
    let cases: [(&[&str], i32, &str); 6] = [
        (&[], 1, "`--open batch=1..128`"),
        (
            &["--bind", "batch=1,batch=2,length=3"],
            1,
            "bound to 1 and to 2",
        ),
        (
            &["--bind", "batch=1,length=3", "--open", "length=1..4"],
            1,
            "given twice",
        ),
        (
            &["--bind", "batch=1,length=3", "--open", "x:1=1..4"],
            1,
            "bound to 3 and to",
        ),
        (
            &["--bind", "batch=1", "--open", "length=4..1"],
            2,
            "is no range",
        ),
        (
            &["--bind", "batch=1", "--open", "words=1..4"],
            1,
            "open here: batch, length",
        ),
    ];
    for (arguments, code, message) in cases {
        let (found, said) = refused(&[&compile[..], arguments].concat());
        assert_eq!(found, Some(code), "{arguments:?}: {said}");
        assert!(said.contains(message), "{arguments:?}: {said}");
        assert!(!folder.path("x.plan").exists());
    }
    assert!(
        nearshelf(&["compile", &fixture("cnn.onnx"), "-o", &plan])
            .status
            .success()
    );
    let (code, said) = refused(&["compile", &plan]);
    assert_eq!(code, Some(2));
    assert!(said.contains("compiled plan already"), "{said}");
}
