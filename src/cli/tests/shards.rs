//! Packs whose embeddings come in shards, as the command makes and reads them.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

/// Forty items of four kinds.
struct Shop(TempDir);

impl Shop {
    fn new() -> Self {
        let shop = Self(tempfile::tempdir().unwrap());
        let mut items = String::from("id,title,price\n");
        for n in 0..40 {
            let kind = ["Red dress", "Oak table", "Steel pan", "Wool socks"][n % 4];
            items += &format!("sku-{n},{kind} {n},9.50 GBP\n");
        }
        fs::write(shop.path("items.csv"), items).unwrap();
        shop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_nearshelf"))
            .current_dir(self.0.path())
            .args(arguments)
            .output()
            .unwrap()
    }

    fn pack(&self, more: &[&str]) -> Output {
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
        let models = models.to_str().unwrap();
        let mut arguments = vec!["pack", "--items", "items.csv", "--models", models];
        arguments.extend(["--now", "2026-01-31T00:00:00Z", "--out", "site"]);
        arguments.extend(more);
        self.run(&arguments)
    }

    fn manifest(&self) -> serde_json::Value {
        serde_json::from_slice(&fs::read(self.path("site/manifest.json")).unwrap()).unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn small_shops_are_packed_whole_unless_shards_are_asked_for() {
    let shop = Shop::new();
    assert!(shop.pack(&[]).status.success());
    assert_eq!(shop.manifest()["version"], 2);
    assert!(!shop.path("site/shards").exists());
}

#[test]
fn shards_are_packed_reported_inspected_and_replaced() {
    let shop = Shop::new();
    let packed = shop.pack(&["--shards", "4", "--probes", "2", "--decoys", "1"]);
    assert!(packed.status.success(), "{}", text(&packed.stderr));
    let said = text(&packed.stdout);
    assert!(
        said.contains("4 lists in 4 shards") && said.contains("TELLS THE SERVER"),
        "{said}"
    );
    assert_eq!(shop.manifest()["version"], 3);
    assert_eq!(fs::read_dir(shop.path("site/shards")).unwrap().count(), 4);

    let inspected = shop.run(&["inspect", "site"]);
    assert!(inspected.status.success(), "{}", text(&inspected.stderr));
    assert!(text(&inspected.stdout).contains("on-demand"));
    let measured = shop.run(&["inspect", "site", "--shards", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&measured.stdout).unwrap();
    assert_eq!(
        (&report["lists"], &report["probes"], &report["decoys"]),
        (&4.into(), &2.into(), &1.into())
    );
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.last().unwrap()["probes"], 4);
    assert!((rows.last().unwrap()["recall_at_20"].as_f64().unwrap() - 1.0).abs() < 1e-9);

    let again = shop.pack(&["--shards", "none"]);
    assert!(again.status.success(), "{}", text(&again.stderr));
    assert!(!shop.path("site/shards").exists());
    let whole = shop.run(&["inspect", "site", "--shards"]);
    assert!(text(&whole.stderr).contains("loaded whole"));
}

#[test]
fn equal_inputs_give_equal_shards() {
    let (one, two) = (Shop::new(), Shop::new());
    for shop in [&one, &two] {
        assert!(shop.pack(&["--shards", "5"]).status.success());
    }
    assert_eq!(one.manifest(), two.manifest());
}

#[test]
fn a_file_that_is_no_shard_is_not_overwritten_and_a_damaged_shard_is_named() {
    let shop = Shop::new();
    assert!(shop.pack(&["--shards", "4"]).status.success());
    fs::write(shop.path("site/shards/notes.txt"), "mine").unwrap();
    assert!(text(&shop.pack(&[]).stderr).contains("notes.txt"));
    fs::remove_file(shop.path("site/shards/notes.txt")).unwrap();

    let shard = fs::read_dir(shop.path("site/shards"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let mut bytes = fs::read(&shard).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&shard, bytes).unwrap();
    let inspected = shop.run(&["inspect", "site"]);
    assert!(!inspected.status.success());
    assert!(text(&inspected.stderr).contains("does not match its SHA-256"));
}

#[test]
fn what_makes_no_sense_is_wrong_usage() {
    let shop = Shop::new();
    for wrong in [
        &["--shards", "0"][..],
        &["--shards", "5000"],
        &["--shards", "many"],
        &["--shards", "4", "--probes", "0"],
        &["--shards", "4", "--decoys", "65"],
        &["--shards", "4", "--search-by-meaning"],
    ] {
        assert_eq!(shop.pack(wrong).status.code(), Some(2), "{wrong:?}");
    }
    let said = text(&shop.pack(&["--shards", "4", "--search-by-meaning"]).stderr);
    assert!(
        said.contains("compares words with all embeddings"),
        "{said}"
    );
    assert!(said.contains("add --shards none"), "{said}");
    assert!(!said.contains("reading"), "before anything is read: {said}");
}
