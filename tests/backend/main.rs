//! The node tests of the ONNX backend suite, compiled to plans and run on the CPU: what operators Nearshelf has.
//!
//! `make_cases.py` writes the cases below `build/backend`; `./build.sh operators` rewrites `docs/operators.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod report;
mod verdict;

use nearshelf_tests::backend::case::{self, Suite};
use nearshelf_tests::root;
use verdict::Verdict;

/// Least share of the cases that count that have to pass.
const LEAST_SHARE: f64 = 0.85;

#[test]
fn the_operators_document_is_what_the_suite_says() {
    let Some(folder) = case::folder() else {
        return;
    };
    let suite = Suite::read(&folder);
    // What a failing case may panic with is its verdict, not this run's output.
    std::panic::set_hook(Box::new(|_| ()));
    let counted = suite.cases.iter().filter(|case| case.left_out.is_none());
    let judged: Vec<_> = counted
        .map(|case| (case, verdict::judge(&folder, case)))
        .collect();
    let _ = std::panic::take_hook();
    let passed = judged
        .iter()
        .filter(|(_, verdict)| matches!(verdict, Verdict::Agrees { .. }))
        .count();
    println!("{passed} of {} cases agree", judged.len());
    let path = root().join("docs/operators.md");
    let document = report::document(&suite, &judged);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    assert!(passed as f64 >= LEAST_SHARE * judged.len() as f64);
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == document,
        "docs/operators.md is stale: run ./build.sh operators and review the difference"
    );
}
