//! The command as people run it: real binary, real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

const NOW: &str = "2026-01-31T00:00:00Z";

fn nearshelf(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nearshelf"))
        .args(arguments)
        .output()
        .unwrap()
}

fn models() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    path.to_string_lossy().into_owned()
}

/// A for-you model with attention and sixteen products in int8.
fn attentive() -> String {
    format!("{}/for-you/model.q8.onnx", models())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A small shop: twelve items with a drawing each, forty sessions.
struct Shop {
    folder: TempDir,
}

impl Shop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut items = String::from("id,title,title:zh-CN,category,price,image\n");
        for n in 0..12 {
            items += &format!(
                "sku-{n},Red dress {n},红色连衣裙 {n},Women > Dresses,{n}.50 GBP,images/{n}.svg\n"
            );
            let drawing =
                format!("<svg xmlns='http://www.w3.org/2000/svg'><circle r='{n}'/></svg>");
            fs::create_dir_all(folder.path().join("images")).unwrap();
            fs::write(folder.path().join(format!("images/{n}.svg")), drawing).unwrap();
        }
        let mut events = String::from("session,event,item_id,time\n");
        for n in 0..40 {
            for (minute, offset) in [0, 1, 5].into_iter().enumerate() {
                events += &format!(
                    "s{n},view,sku-{},2026-01-{:02}T10:{minute:02}:00Z\n",
                    (n + offset) % 12,
                    1 + n % 28
                );
                events += &format!(
                    "s{n},purchase,sku-{},2026-01-{:02}T1{minute}:30:00Z\n",
                    (n + offset) % 12,
                    1 + n % 28
                );
            }
        }
        let shop = Self { folder };
        fs::write(shop.path("items.csv"), items).unwrap();
        fs::write(shop.path("events.csv"), events).unwrap();
        shop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn pack(&self, more: &[&str]) -> Output {
        self.pack_with(&models(), more)
    }

    fn pack_with(&self, models: &str, more: &[&str]) -> Output {
        let (items, events, out) = (
            self.path("items.csv"),
            self.path("events.csv"),
            self.path("site"),
        );
        let mut arguments = vec![
            "pack",
            "--items",
            items.to_str().unwrap(),
            "--events",
            events.to_str().unwrap(),
        ];
        arguments.extend([
            "--models",
            models,
            "--now",
            NOW,
            "--out",
            out.to_str().unwrap(),
        ]);
        arguments.extend(more);
        nearshelf(&arguments)
    }
}

#[test]
fn a_shop_is_packed_inspected_and_found_unharmed() {
    let shop = Shop::new();
    let packed = shop.pack(&["--json"]);
    assert!(packed.status.success(), "{}", text(&packed.stderr));
    let summary: serde_json::Value = serde_json::from_slice(&packed.stdout).unwrap();
    assert_eq!(summary["items"], 12);
    assert_eq!(summary["pictures"]["embedded"], 12);
    assert!(summary["files"]["models/for-you"]["raw"].as_u64().unwrap() > 0);
    let site = shop.path("site");
    let inspected = nearshelf(&["inspect", site.to_str().unwrap(), "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&inspected.stdout).unwrap();
    assert_eq!(report["items"], 12);
    assert_eq!(report["locales"], serde_json::json!(["en", "zh-CN"]));
}

#[test]
fn equal_inputs_give_equal_folders() {
    let (one, two) = (Shop::new(), Shop::new());
    for shop in [&one, &two] {
        assert!(shop.pack(&[]).status.success());
    }
    let manifest = |shop: &Shop| fs::read(shop.path("site/manifest.json")).unwrap();
    assert_eq!(manifest(&one), manifest(&two));
}

#[test]
fn packing_again_replaces_the_pack_and_nothing_else_is_overwritten() {
    let shop = Shop::new();
    assert!(shop.pack(&[]).status.success());
    assert!(shop.pack(&[]).status.success());
    fs::remove_file(shop.path("site/manifest.json")).unwrap();
    let refused = shop.pack(&[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        text(&refused.stderr).contains("not a pack"),
        "{}",
        text(&refused.stderr)
    );
}

#[test]
fn bad_rows_are_named_and_strict_exits_with_3() {
    let shop = Shop::new();
    let mut items = fs::read(shop.path("items.csv")).unwrap();
    items.extend(b",No id,,,1 GBP,\nsku-99,\xff,,,1 GBP,\n");
    fs::write(shop.path("items.csv"), items).unwrap();
    let lenient = shop.pack(&[]);
    assert_eq!(lenient.status.code(), Some(0));
    assert!(
        text(&lenient.stderr).contains("line 14, id: required"),
        "{}",
        text(&lenient.stderr)
    );
    assert!(
        text(&lenient.stderr).contains("line 15, title: not UTF-8"),
        "{}",
        text(&lenient.stderr)
    );
    assert_eq!(shop.pack(&["--strict"]).status.code(), Some(3));
    assert!(shop.path("site/manifest.json").is_file());
}

#[test]
fn files_that_are_missing_empty_or_no_catalogue_are_explained() {
    let shop = Shop::new();
    fs::write(shop.path("empty.csv"), "").unwrap();
    fs::write(shop.path("other.csv"), "name,colour\nx,y\n").unwrap();
    fs::write(shop.path("header.csv"), "id,title\n").unwrap();
    for (file, message) in [
        ("none.csv", "none.csv"),
        ("empty.csv", "empty"),
        ("other.csv", "\"id\""),
        ("header.csv", "has no items"),
    ] {
        let (items, out) = (shop.path(file), shop.path("site"));
        let failed = nearshelf(&[
            "pack",
            "--items",
            items.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ]);
        assert_eq!(failed.status.code(), Some(1), "{file}");
        assert!(
            text(&failed.stderr).contains(message),
            "{file}: {}",
            text(&failed.stderr)
        );
    }
}

#[test]
fn pictures_outside_the_catalogue_or_with_script_stay_out() {
    let shop = Shop::new();
    fs::write(shop.path("images/0.svg"), "<svg onload='x()'/>").unwrap();
    let items = fs::read_to_string(shop.path("items.csv"))
        .unwrap()
        .replace("images/1.svg", "../../etc/passwd");
    fs::write(shop.path("items.csv"), items).unwrap();
    let packed = shop.pack(&["--json"]);
    let summary: serde_json::Value = serde_json::from_slice(&packed.stdout).unwrap();
    assert_eq!(summary["pictures"]["embedded"], 10);
    assert_eq!(summary["pictures"]["refused"].as_array().unwrap().len(), 2);
}

#[test]
fn mistyped_folders_and_locales_are_refused() {
    let shop = Shop::new();
    let (items, out) = (shop.path("items.csv"), shop.path("site"));
    let pack = |flag: &str, value: &str| {
        let (items, out) = (items.to_str().unwrap(), out.to_str().unwrap());
        nearshelf(&["pack", "--items", items, "--out", out, flag, value])
    };
    for (flag, value, code) in [
        ("--models", "nomodels", 1),
        ("--widget", "nowidget", 1),
        ("--locale", "zz_!!", 2),
    ] {
        let refused = pack(flag, value);
        assert_eq!(refused.status.code(), Some(code), "{flag}");
        assert!(text(&refused.stderr).contains(value), "{flag}");
        assert!(!out.exists(), "{flag}");
    }
    let empty = shop.path("images");
    let refused = nearshelf(&["serve", empty.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("manifest.json"));
}

#[test]
fn a_changed_pack_and_a_damaged_plan_are_refused_by_inspect() {
    let shop = Shop::new();
    assert!(shop.pack(&[]).status.success());
    let chunk = fs::read_dir(shop.path("site"))
        .unwrap()
        .map(|e| e.unwrap().path());
    let chunk = chunk
        .into_iter()
        .find(|p| p.to_string_lossy().contains("items-"))
        .unwrap();
    let mut bytes = fs::read(&chunk).unwrap();
    bytes[20] ^= 1;
    fs::write(&chunk, &bytes).unwrap();
    let site = shop.path("site");
    let refused = nearshelf(&["inspect", site.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        text(&refused.stderr).contains("SHA-256"),
        "{}",
        text(&refused.stderr)
    );
    fs::write(shop.path("bad.plan"), b"NSPL but no more").unwrap();
    fs::write(shop.path("bad.onnx"), b"\x00\x01\x02").unwrap();
    for file in ["bad.plan", "bad.onnx"] {
        let path = shop.path(file);
        assert_eq!(
            nearshelf(&["inspect", path.to_str().unwrap()])
                .status
                .code(),
            Some(1),
            "{file}"
        );
    }
}

#[test]
fn a_model_is_compiled_and_shown() {
    let shop = Shop::new();
    let (model, plan) = (attentive(), shop.path("x.plan"));
    let compiled = nearshelf(&[
        "compile",
        &model,
        "--output",
        plan.to_str().unwrap(),
        "--json",
    ]);
    assert!(compiled.status.success(), "{}", text(&compiled.stderr));
    let shown = nearshelf(&["inspect", plan.to_str().unwrap()]);
    assert!(
        text(&shown.stdout).contains("DynamicLinear"),
        "{}",
        text(&shown.stdout)
    );
}

#[test]
fn weights_are_given_seven_bits_on_demand_and_the_report_counts_the_products() {
    let shop = Shop::new();
    let model = attentive();
    let plan = shop.path("x.plan");
    let compile = |bits: &[&str]| {
        let usual = ["compile", &model, "--output", plan.to_str().unwrap()];
        nearshelf(&[&usual[..], bits].concat())
    };
    for (bits, seven, eight) in [(&[][..], 0, 16), (&["8"], 0, 16), (&["7"], 16, 0)] {
        let option: Vec<&str> = bits.iter().flat_map(|n| ["--weight-bits", n]).collect();
        let compiled = compile(&[&option[..], &["--json"]].concat());
        assert!(compiled.status.success(), "{}", text(&compiled.stderr));
        let report: serde_json::Value = serde_json::from_slice(&compiled.stdout).unwrap();
        let counts = serde_json::json!({"seven_bits": seven, "eight_bits": eight, "not_melted": 0});
        assert_eq!(report["dynamic_products"], counts);
    }
    let said = text(&compile(&["--weight-bits", "7"]).stdout);
    assert!(said.contains("16 of 16 dynamic products"), "{said}");
    let without = format!("{}/item-text/model.q8.onnx", models());
    let said = nearshelf(&["compile", &without, "--output", plan.to_str().unwrap()]);
    assert!(!text(&said.stdout).contains("dynamic"), "none to tell of");
    for bits in ["6", "16", "x"] {
        let refused = compile(&["--weight-bits", bits]);
        assert_eq!(refused.status.code(), Some(2));
        let said = text(&refused.stderr);
        assert!(said.contains("write 8"), "{said}");
    }
}

#[test]
fn a_pack_takes_its_model_with_seven_bits() {
    let (eight, seven) = (Shop::new(), Shop::new());
    for (shop, bits) in [(&eight, "8"), (&seven, "7")] {
        let folder = shop.path("models");
        let shipped = Path::new(&models()).join("item-text/model.q8.onnx");
        for (name, from) in [("item-text", shipped), ("for-you", attentive().into())] {
            fs::create_dir_all(folder.join(name)).unwrap();
            fs::copy(from, folder.join(name).join("model.q8.onnx")).unwrap();
        }
        let packed = shop.pack_with(folder.to_str().unwrap(), &["--weight-bits", bits]);
        assert!(packed.status.success(), "{}", text(&packed.stderr));
    }
    let plan = |shop: &Shop| {
        let files = fs::read_dir(shop.path("site/models")).unwrap();
        let path = files.map(|file| file.unwrap().path()).next().unwrap();
        nearshelf_engine::Plan::from_bytes(&fs::read(path).unwrap())
    };
    let operators = |shop: &Shop| {
        let plan = plan(shop).unwrap();
        let names: Vec<&str> = plan.nodes().map(|node| node.operator).collect();
        names
    };
    assert!(operators(&eight).contains(&"DynamicLinear"));
    let narrow = operators(&seven);
    assert!(!narrow.contains(&"DynamicLinear"));
    assert!(narrow.contains(&"DynamicLinearNarrow"));
}

/// A log with a known answer: of four groups of three items thirty shoppers bought one whole in one
/// basket; ten bought two of the three in January and the third on 10 February.
fn log_of_threes() -> String {
    let mut events = String::from("session,event,item_id,time\n");
    let mut buy = |shopper: u32, item: u32, day: &str| {
        events += &format!("s{shopper},purchase,sku-{item},2026-{day}T10:00:00Z\n");
    };
    for shopper in 0..40 {
        let group = shopper % 4 * 3;
        buy(shopper, group, "01-05");
        buy(shopper, group + 1, "01-05");
        let day = if shopper < 30 { "01-05" } else { "02-10" };
        buy(shopper, group + 2, day);
    }
    events
}

#[test]
fn the_evaluation_compares_with_the_baselines() {
    let shop = Shop::new();
    fs::write(shop.path("events.csv"), log_of_threes()).unwrap();
    let (items, events) = (shop.path("items.csv"), shop.path("events.csv"));
    let (items, events) = (items.to_str().unwrap(), events.to_str().unwrap());
    let models = models();
    let eval = |more: &[&str]| {
        let usual = [
            "eval", "--items", items, "--events", events, "--models", &models, "--k", "1",
        ];
        nearshelf(&[&usual[..], more].concat())
    };
    let measured = eval(&["--json"]);
    assert!(measured.status.success(), "{}", text(&measured.stderr));
    let report: serde_json::Value = serde_json::from_slice(&measured.stdout).unwrap();
    let row = |name: &str| {
        let rows = report["rows"].as_array().unwrap().iter();
        let mut rows = rows.filter(|row| row["repeat_purchases"] == false);
        rows.find(|row| row["recommender"] == name)
            .unwrap_or_else(|| panic!("no row {name}: {report}"))
    };
    for name in [
        "item-kNN",
        "nearshelf, log only",
        "nearshelf, pack",
        "nearshelf, pack and model",
        "nearshelf, as shipped",
    ] {
        for metric in ["recall@1", "ndcg@1", "hr@1", "mrr@1"] {
            assert_eq!(
                row(name)["metrics"][metric]["value"],
                1.0,
                "{name}, {metric}"
            );
        }
        assert_eq!(row(name)["cases"], 10);
    }
    assert_eq!(row("for-you alone")["cases"], 10);
    let popular = &row("popularity")["metrics"]["recall@1"];
    assert!(
        popular["value"].as_f64().unwrap() < 0.5,
        "one list for all four groups: {popular}"
    );
    assert!(popular["low"].as_f64() <= popular["value"].as_f64());

    let (february, march) = ("2026-02-01", "2026-03-01");
    assert!(eval(&["--from", february, "--to", march]).status.success());
    for nothing in [
        &["--from", march][..],
        &["--to", february],
        &["--set-aside"],
    ] {
        let refused = text(&eval(nothing).stderr);
        assert!(refused.contains("longer log or period"), "{refused}");
    }
    let mixed = eval(&["--protocol", "leave-one-out", "--set-aside"]);
    assert_eq!(mixed.status.code(), Some(2));
    assert!(text(&mixed.stderr).contains("last-basket"));
    assert_eq!(eval(&["--from", "soon"]).status.code(), Some(2));
    let without_log = nearshelf(&["eval", "--items", items]);
    assert_eq!(without_log.status.code(), Some(2));
    assert!(text(&without_log.stderr).contains("--events"));
}

#[test]
fn a_model_that_cannot_run_ends_the_evaluation_with_its_reason() {
    let shop = Shop::new();
    let folder = |name: &str| shop.path("models").join(name);
    for (name, from) in [("item-text", "item-text"), ("for-you", "item-text")] {
        fs::create_dir_all(folder(name)).unwrap();
        let model = format!("{}/{from}/model.q8.onnx", models());
        fs::copy(model, folder(name).join("model.q8.onnx")).unwrap();
    }
    let measured = nearshelf(&[
        "eval",
        "--items",
        shop.path("items.csv").to_str().unwrap(),
        "--events",
        shop.path("events.csv").to_str().unwrap(),
        "--models",
        shop.path("models").to_str().unwrap(),
    ]);
    assert_eq!(measured.status.code(), Some(1));
    let said = text(&measured.stderr);
    assert!(
        said.contains("for-you") && said.contains("`items`"),
        "{said}"
    );
}

#[test]
fn completions_exist_for_every_shell_and_wrong_usage_exits_with_2() {
    for shell in ["bash", "zsh", "fish"] {
        let script = nearshelf(&["completions", shell]);
        assert!(
            script.status.success() && text(&script.stdout).contains("nearshelf"),
            "{shell}"
        );
    }
    assert_eq!(nearshelf(&["pack"]).status.code(), Some(2));
    assert_eq!(nearshelf(&["no-such-verb"]).status.code(), Some(2));
}

#[test]
fn rules_are_checked_packed_and_explained() {
    let shop = Shop::new();
    let rules = shop.path("rules.json").display().to_string();
    fs::write(
        &rules,
        r#"{"rules": [{"name": "two first", "pin": ["sku-2"], "in": ["trending"]},
            {"boost": 3, "where": {"price_below": "2.00 GBP"}}], "synonyms": [["dress", "frock"]]}"#,
    )
    .unwrap();
    let items = shop.path("items.csv").display().to_string();
    let checked = nearshelf(&["rules", "check", &rules, "--items", &items]);
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    let told = text(&checked.stdout);
    assert!(
        told.contains("rule 1 \"two first\": puts 1 item first"),
        "{told}"
    );
    assert!(
        told.contains("rule 2: multiplies the scores of 2 items by 3"),
        "{told}"
    );

    let site = shop.path("ruled").display().to_string();
    let packed = nearshelf(&[
        "pack", "--items", &items, "--rules", &rules, "--out", &site, "--now", NOW,
    ]);
    assert!(packed.status.success(), "{}", text(&packed.stderr));
    let explained = nearshelf(&["inspect", &site, "--item", "sku-1", "--list", "trending"]);
    let told = text(&explained.stdout);
    assert!(
        told.contains("times 3.0000") && told.contains("rule 2 \"\": boost"),
        "{told}"
    );
}

#[test]
fn a_rule_with_a_slip_stops_packing_and_says_which_and_how_to_mend_it() {
    let shop = Shop::new();
    let rules = shop.path("rules.json").display().to_string();
    fs::write(
        &rules,
        r#"{"rules": [{"exclude": true, "where": {"category": "Women > Dress"}}]}"#,
    )
    .unwrap();
    let site = shop.path("ruled").display().to_string();
    let packed = nearshelf(&[
        "pack",
        "--items",
        &shop.path("items.csv").display().to_string(),
        "--rules",
        &rules,
        "--out",
        &site,
    ]);
    assert_eq!(packed.status.code(), Some(1));
    let told = text(&packed.stderr);
    let wanted = "rule 1, `where.category`: there is no category \"Women > Dress\": did you mean \"Women > Dresses\"?";
    assert!(told.contains(wanted), "{told}");
    assert!(!Path::new(&site).exists());
}
