//! Looking at pictures, as people run it: real binary, real models, real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use nearshelf_catalogue::Manifest;
use nearshelf_vision::{Looks, people::Settings};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn nearshelf(arguments: &[&str]) -> Output {
    let models = root().join("models");
    Command::new(env!("CARGO_BIN_EXE_nearshelf"))
        .args(arguments)
        .args(["--models", &models.to_string_lossy()])
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A plain top of some colour, seen from the front.
fn top(colour: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100'><rect width='100' height='100' fill='#e8e4da'/>\
         <path fill='{colour}' d='M35 12 L45 18 L55 18 L65 12 L92 30 L84 46 L72 40 L72 90 L28 90 L28 40 L16 46 L8 30 Z'/></svg>"
    )
}

/// Two classes of drawings, and files that are none.
fn pictures() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (class, colours) in [
        ("t-shirt", ["#c81e26", "#2f6fd0", "#1f4d2b"]),
        ("something else", ["#101010", "#f2cf3a", "#d0417f"]),
    ] {
        fs::create_dir(folder.path().join(class)).unwrap();
        for (n, colour) in colours.iter().enumerate() {
            fs::write(folder.path().join(format!("{class}/{n}.svg")), top(colour)).unwrap();
        }
    }
    let at = |name: &str| folder.path().join("t-shirt").join(name);
    fs::write(at("cut.png"), b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR").unwrap();
    fs::write(at("moving.jpg"), b"GIF89a\x01\0\x01\0\0\0\0;").unwrap();
    fs::write(at("notes.txt"), b"washed twice").unwrap();
    folder
}

#[test]
fn a_folder_is_measured_and_bad_files_are_told_with_the_reason() {
    let folder = pictures();
    let page = folder.path().join("report.html");
    let output = nearshelf(&[
        "eval",
        "vision",
        "--json",
        "--images",
        &folder.path().to_string_lossy(),
        "--report",
        &page.to_string_lossy(),
    ]);
    let report = json(&output);
    assert_eq!(
        (
            &report["pictures"],
            &report["classes"],
            &report["passed_over"]
        ),
        (&6.into(), &2.into(), &1.into())
    );
    let refused = report["refused"].as_array().unwrap();
    let reason = |name: &str| {
        refused
            .iter()
            .find(|one| one["file"].as_str().unwrap().ends_with(name))
            .unwrap()["reason"]
            .to_string()
    };
    assert_eq!(refused.len(), 2);
    assert!(reason("cut.png").contains("damaged") && reason("moving.jpg").contains("GIF"));
    assert_eq!(
        report["accuracy"]["pictures"], 3,
        "of folders with a category's name"
    );
    let rows = report["retrieval"].as_array().unwrap();
    assert_eq!(rows.len(), 4);
    for row in rows {
        let value = row["class"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&value), "{row}");
    }
    assert_eq!(report["palettes"]["none"], 0);
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("data:image/jpeg;base64,") && page.contains("class=\"outline\""));
    assert!(
        !page.contains("http:") && !page.contains("https:") && !page.contains("<script"),
        "it asks nobody"
    );
}

#[test]
fn a_folder_without_classes_says_what_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let ask = || {
        let output = nearshelf(&[
            "eval",
            "vision",
            "--images",
            &folder.path().to_string_lossy(),
        ]);
        assert_eq!(output.status.code(), Some(1));
        text(&output.stderr)
    };
    assert!(ask().contains("put the pictures of each class into a folder"));
    fs::create_dir(folder.path().join("train")).unwrap();
    assert!(ask().contains("name one of them"));
}

/// Four items: two share a picture, one has none.
fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("red.svg"), top("#c81e26")).unwrap();
    fs::write(folder.path().join("blue.svg"), top("#2f6fd0")).unwrap();
    let rows = "id,title,image\na,Red top,red.svg\nb,Red top in large,red.svg\nc,Blue top,blue.svg\nd,Something,\n";
    fs::write(folder.path().join("items.csv"), rows).unwrap();
    folder
}

fn pack(shop: &TempDir, more: &[&str]) -> Output {
    let at = |name: &str| shop.path().join(name).to_string_lossy().into_owned();
    let (items, out) = (at("items.csv"), at("out"));
    let mut arguments = vec!["pack", "--json", "--items", &items, "--out", &out];
    arguments.extend(more);
    nearshelf(&arguments)
}

/// Bytes of the pack's vision parts by name.
fn parts(shop: &TempDir) -> Vec<(String, Vec<u8>)> {
    let out = shop.path().join("out");
    let manifest = Manifest::from_json(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let read = |path: &str| fs::read(out.join(path)).unwrap();
    manifest
        .vision
        .iter()
        .map(|part| (part.name.clone(), read(&part.path)))
        .collect()
}

fn names(parts: &[(String, Vec<u8>)]) -> Vec<&str> {
    parts.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn items_have_the_look_of_their_picture_and_a_picture_is_looked_at_once() {
    let shop = shop();
    let first = json(&pack(&shop, &["--vision"]));
    assert_eq!(
        (&first["looks"]["looked_at"], &first["looks"]["kept"]),
        (&2.into(), &0.into())
    );
    let found = parts(&shop);
    assert_eq!(names(&found), ["looks", "garment", "person"]);
    let looks = Looks::from_bytes(&found[0].1).unwrap();
    assert_eq!(looks.items(), [0, 1, 2]);
    let colour = |item| looks.get(item).unwrap().colour().unwrap().name();
    assert_eq!((colour(0), colour(1), colour(2)), ("red", "red", "blue"));
    // One of what was kept is damaged in between.
    let kept: Vec<PathBuf> = fs::read_dir(shop.path().join(".out.looks"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(kept.len(), 2);
    fs::write(&kept[0], b"NSLK").unwrap();
    let second = json(&pack(&shop, &["--vision"]));
    assert_eq!(
        (&second["looks"]["looked_at"], &second["looks"]["kept"]),
        (&1.into(), &1.into())
    );
    assert_eq!(parts(&shop), found, "equal pictures give equal files");
}

#[test]
fn a_pack_that_sees_is_inspected_whole() {
    let shop = shop();
    json(&pack(&shop, &["--vision"]));
    let inspect = || {
        Command::new(env!("CARGO_BIN_EXE_nearshelf"))
            .args([
                "inspect",
                "--json",
                &shop.path().join("out").to_string_lossy(),
            ])
            .output()
            .unwrap()
    };
    let report = json(&inspect());
    let kinds: Vec<&str> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"vision looks") && kinds.contains(&"vision garment"),
        "{kinds:?}"
    );
    let folder = shop.path().join("out/vision");
    let looks = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let looks = looks
        .into_iter()
        .find(|path| path.extension().is_some_and(|e| e == "bin"))
        .unwrap();
    fs::write(looks, b"NSLK").unwrap();
    assert!(!inspect().status.success());
}

#[test]
fn without_being_asked_a_pack_sees_nothing() {
    let shop = shop();
    let summary = json(&pack(&shop, &[]));
    assert_eq!(summary["looks"], Value::Null);
    assert_eq!(parts(&shop), []);
    assert!(!shop.path().join(".out.looks").exists());
}

/// The settings of `third-party.json`, beside its files.
fn people(shop: &TempDir, change: impl FnOnce(&mut Value)) -> String {
    let golden = root().join("tests/golden");
    let mut settings: Value =
        serde_json::from_slice(&fs::read(golden.join("third-party.json")).unwrap()).unwrap();
    let fields = settings.as_object_mut().unwrap();
    fields.remove("picture");
    fields["segmentation"]
        .as_object_mut()
        .unwrap()
        .remove("share");
    fields["pose"].as_object_mut().unwrap().remove("key_points");
    for kind in ["segmentation", "pose"] {
        let file = settings[kind]["file"].as_str().unwrap().to_owned();
        fs::copy(golden.join(&file), shop.path().join(&file)).unwrap();
    }
    change(&mut settings);
    let path = shop.path().join("people.json");
    fs::write(&path, settings.to_string()).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn a_merchant_s_models_of_people_take_the_place_of_ours() {
    let shop = shop();
    let settings = people(&shop, |_| ());
    json(&pack(&shop, &["--vision", "--people", &settings]));
    let found = parts(&shop);
    assert_eq!(
        names(&found),
        ["looks", "garment", "segmentation", "pose", "people"]
    );
    let settings: Settings = serde_json::from_slice(&found[4].1).unwrap();
    assert!(
        settings.segmentation.is_some_and(|one| one.file.is_none()),
        "pages know models by their part"
    );

    let settings = people(&shop, |settings| {
        _ = settings.as_object_mut().unwrap().remove("pose")
    });
    json(&pack(&shop, &["--vision", "--people", &settings]));
    assert_eq!(
        names(&parts(&shop)),
        ["looks", "garment", "segmentation", "people", "person"]
    );
}

#[test]
fn settings_that_do_not_fit_the_model_are_refused_when_packing() {
    let shop = shop();
    let refused = |change: fn(&mut Value)| {
        let settings = people(&shop, change);
        let output = pack(&shop, &["--vision", "--people", &settings]);
        assert_eq!(output.status.code(), Some(1));
        text(&output.stderr)
    };
    assert!(refused(|s| s["segmentation"]["person"] = 21.into()).contains("at least 22"));
    assert!(refused(|s| s["pose"]["layout"] = "NHWC".into()).contains("height, width, 3"));
    assert!(refused(|s| s["pose"]["file"] = "gone.onnx".into()).contains("gone.onnx"));
    assert!(refused(|s| s["segmentation"]["hare"] = 1.into()).contains("hare"));
}
