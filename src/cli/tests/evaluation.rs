//! `nearshelf eval` on published data sets, small and odd ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Output},
};
use tempfile::TempDir;

/// A data set in a folder.
struct Data(TempDir);

impl Data {
    fn new(files: &[(&str, &str)]) -> Self {
        let data = Self(tempfile::tempdir().unwrap());
        for (name, content) in files {
            let path = data.path(name);
            match name.strip_suffix(".gz") {
                Some(_) => {
                    let mut file =
                        GzEncoder::new(fs::File::create(path).unwrap(), Compression::fast());
                    file.write_all(content.as_bytes()).unwrap();
                    file.finish().unwrap();
                }
                None => fs::write(path, content).unwrap(),
            }
        }
        data
    }

    /// As many items without titles, and these sequences.
    fn of(items: usize, sequences: &str) -> Self {
        let lines: String = (1..=items)
            .map(|id| format!("{{\"item_id\": {id}}}\n"))
            .collect();
        Self::new(&[
            ("items.jsonl.gz", &lines),
            ("sequences.tsv.gz", &format!("user\titems\n{sequences}")),
        ])
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn eval(&self, more: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_nearshelf"))
            .current_dir(self.0.path())
            .args(["eval", "--data", ".", "--resamples", "50"])
            .args(more)
            .output()
            .unwrap()
    }

    fn report(&self, more: &[&str]) -> Value {
        let output = self.eval(&[&["--json"], more].concat());
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn refused(&self, more: &[&str]) -> String {
        let output = self.eval(more);
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    }
}

fn metric(report: &Value, recommender: &str, repeats: bool, name: &str) -> f64 {
    let rows = report["rows"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["recommender"] == recommender && row["repeat_purchases"] == repeats)
        .unwrap_or_else(|| panic!("no {recommender}: {report}"));
    row["metrics"][name]["value"].as_f64().unwrap()
}

/// Sixty users who walk along a ring of 50 items.
fn walks() -> String {
    let walk = |user: usize| {
        let items: Vec<String> = (0..6)
            .map(|step| ((user * 7 + step) % 50 + 1).to_string())
            .collect();
        format!("u{user}\t{}\n", items.join(" "))
    };
    (0..60).map(walk).collect()
}

#[test]
fn walks_along_a_ring_are_foreseen_by_neighbours_and_not_by_popularity() {
    let data = Data::of(50, &walks());
    let report = data.report(&["--k", "5"]);
    assert_eq!(
        (report["cases"].as_u64(), report["shoppers"].as_u64()),
        (Some(60), Some(60))
    );
    assert!(metric(&report, "item-kNN, decayed", false, "hr@5") > 0.9);
    assert!(metric(&report, "nearshelf, fitted to the log", false, "hr@5") > 0.9);
    assert!(metric(&report, "popularity", false, "hr@5") < 0.5);
    assert!(!report["choices"].as_array().unwrap().is_empty());
    let left_out = report["left_out"].to_string();
    for what in ["text alone", "fine-tuned"] {
        assert!(left_out.contains(what), "{left_out}");
    }
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let data = Data::of(50, &walks());
    let mut reports = ["1", "3"].map(|threads| data.report(&["--threads", threads]));
    for report in &mut reports {
        report["threads"] = Value::Null;
        report["seconds"] = Value::Null;
        report["peak_memory_bytes"] = Value::Null;
        for row in report["rows"].as_array_mut().unwrap() {
            row["millis_a_list"] = Value::Null;
        }
    }
    assert_eq!(reports[0], reports[1]);
}

#[test]
fn one_user_with_two_items_is_a_data_set() {
    let report = Data::of(50, "a\t3 4\n").report(&[]);
    assert_eq!(report["cases"], 1);
    assert_eq!(metric(&report, "popularity", true, "hr@10"), 0.0);
    let validation = Data::of(50, "a\t3 4\n").refused(&["--part", "validation"]);
    assert!(validation.contains("three for validation"), "{validation}");
    let alone = Data::of(50, "a\t3\nb\t\n").refused(&[]);
    assert!(alone.contains("enough events"), "{alone}");
}

#[test]
fn a_bad_line_is_named_and_nothing_is_measured() {
    let refused = Data::of(3, "a\t1 2\nb\t1 9\n").refused(&[]);
    assert!(
        refused.contains("line 3") && refused.contains("\"9\""),
        "{refused}"
    );
    let twice = Data::new(&[
        ("items.jsonl", "{\"item_id\": 1}\n{\"item_id\": 1}\n"),
        ("sequences.tsv", "user\titems\na\t1 1\n"),
    ]);
    assert!(twice.refused(&[]).contains("line 2"));
    let cut = Data::new(&[
        ("items.jsonl", "{\"item_id\": 1}\n"),
        ("sequences.tsv.gz", "a\t1 1\n"),
    ]);
    let bytes = fs::read(cut.path("sequences.tsv.gz")).unwrap();
    fs::write(cut.path("sequences.tsv.gz"), &bytes[..bytes.len() - 9]).unwrap();
    assert!(cut.refused(&[]).contains("sequences.tsv.gz"));
    assert!(
        Data::new(&[])
            .refused(&[])
            .contains("expected items.jsonl and sequences.tsv")
    );
    assert!(
        Data::new(&[("sequences.tsv", "a\t1\n")])
            .refused(&[])
            .contains("items.jsonl")
    );
}

#[test]
fn sessions_are_asked_their_own_questions_and_may_repeat() {
    let train: String = (0..40)
        .map(|n| format!("{} {} {}\n", n % 7 + 1, (n + 1) % 7 + 1, n % 7 + 1))
        .collect();
    let data = Data::new(&[
        ("train_sessions.txt.gz", &train),
        (
            "test_prefix_target.tsv.gz",
            "1 2 3\t4\n1 2\t3\n1\t2\n5 6\t5\n",
        ),
    ]);
    let report = data.report(&["--k", "3"]);
    assert_eq!(
        (report["cases"].as_u64(), report["shoppers"].as_u64()),
        (Some(4), Some(2))
    );
    assert!(metric(&report, "item-kNN, decayed", true, "mrr@3") > 0.3);
    assert!(
        data.refused(&["--protocol", "last-basket"])
            .contains("no times")
    );
    assert_eq!(data.report(&["--part", "validation"])["cases"], 8);
}

#[test]
fn the_report_is_one_file_that_loads_nothing() {
    let data = Data::of(50, &walks());
    data.report(&["--report", "report.html"]);
    let page = fs::read_to_string(data.path("report.html")).unwrap();
    for absent in ["<script", "http:", "https:", "@import", "url(", "NaN"] {
        assert!(!page.contains(absent), "{absent}");
    }
    for present in [
        "<svg",
        "prefers-color-scheme",
        "<caption>",
        "scope=\"row\"",
        "lang=\"en\"",
    ] {
        assert!(page.contains(present), "{present}");
    }
}

#[test]
fn a_folder_fitted_to_other_data_is_refused() {
    let data = Data::of(50, &walks());
    let none = data.refused(&["--fitted", "nowhere"]);
    assert!(none.contains("fine_tune.py"), "{none}");
    fs::create_dir(data.path("fitted")).unwrap();
    let tuning = r#"{"version": 9, "blend": {}, "votes": {"newest": 1, "decay": 1.0}}"#;
    fs::write(data.path("fitted/tuning.json"), tuning).unwrap();
    let newer = data.refused(&["--fitted", "fitted"]);
    assert!(newer.contains("version 9"), "{newer}");
    let tuning = format!(
        r#"{{"version": 1, "blend": {{}}, "votes": {{"newest": 1, "decay": 1.0}}, "items_sha256": "{:064}"}}"#,
        0
    );
    fs::write(data.path("fitted/tuning.json"), tuning).unwrap();
    let others = data.refused(&["--fitted", "fitted"]);
    assert!(others.contains("fitted to other items"), "{others}");
}

#[test]
fn what_was_fitted_is_not_asked_what_it_has_seen() {
    let catalogue = "id,title,price\n1,Lamp,9 GBP\n2,Vase,9 GBP\n";
    let events = "session,time,event,item_id\n\
                  a,2026-01-01T00:00:00Z,view,1\na,2026-02-01T00:00:00Z,view,2\na,2026-03-01T00:00:00Z,view,1\n";
    let data = Data::new(&[("catalogue.csv", catalogue), ("events.csv", events)]);
    let of_shop = |more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_nearshelf"))
            .current_dir(data.0.path())
            .args(["eval", "--items", "catalogue.csv", "--events", "events.csv"])
            .args(["--fitted", "nowhere"])
            .args(more)
            .output()
            .unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let baskets = of_shop(&[]);
    assert!(baskets.contains("use --protocol last-item"), "{baskets}");
    let last_item = of_shop(&["--protocol", "last-item"]);
    assert!(last_item.contains("fine_tune.py"), "{last_item}");
}
