//! Everything that the CPU answers rightly, on the GPU: natively here, where there is an adapter, and in Chromium by
//! `tests/browser/gpu-conformance.spec.ts`, which reads what these tests write below `build/gpu-cases`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod case;
mod exceptions;
mod export;
mod parity;
mod runner;
mod suites;

use case::Case;
use std::collections::BTreeSet;

/// Writes the cases for browsers, and runs them here.
fn conforms(suite: &str, cases: Vec<Case>) {
    assert!(!cases.is_empty(), "{suite} has no case");
    let names: BTreeSet<&str> = cases.iter().map(|case| &*case.name).collect();
    assert_eq!(names.len(), cases.len(), "{suite} has cases of one name");
    export::write(suite, &cases);
    let Some((adapter, outcomes)) = runner::run_all(&cases) else {
        return;
    };
    if suite == "parity" || suite == "models" {
        parity::write(suite, &adapter, &cases, &outcomes);
    }
    let failures: Vec<String> = cases
        .iter()
        .zip(&outcomes)
        .filter_map(|(case, outcome)| exceptions::unexpected(suite, &adapter, case, outcome))
        .collect();
    println!(
        "{suite}: {} of {} cases as stated",
        cases.len() - failures.len(),
        cases.len()
    );
    assert!(failures.is_empty(), "{suite}:\n{}", failures.join("\n"));
}

#[test]
fn the_onnx_backend_suite_agrees_on_the_gpu() {
    if let Some(cases) = suites::backend() {
        conforms("backend", cases);
    }
}

#[test]
fn the_conformance_fixtures_agree_on_the_gpu() {
    conforms("fixtures", suites::fixtures());
}

#[test]
fn every_operator_agrees_with_the_scalar_kernels_on_the_gpu() {
    conforms("parity", suites::parity());
}

#[test]
fn the_shipped_models_agree_with_the_scalar_kernels_on_the_gpu() {
    conforms("models", suites::models());
}

/// Noise may move the digits of another machine; what is listed may not be stale.
#[test]
fn the_parity_document_lists_every_operator_and_model() {
    for (heading, cases) in [
        ("Operators", suites::parity()),
        ("Models", suites::models()),
    ] {
        let listed = parity::rows_of(heading);
        let subjects: BTreeSet<String> = cases.into_iter().map(|case| case.subject).collect();
        assert_eq!(
            listed, subjects,
            "docs/parity.md is stale: run ./build.sh parity and review the difference"
        );
    }
}
