//! Byte budgets of what a page downloads. Needs the artefacts: `./build.sh test` builds them first.

use nearshelf_bundle::{BUDGETS, weigh};

#[test]
fn every_artefact_with_a_budget_is_built_and_within_it() {
    for budget in BUDGETS {
        let Some(limit) = budget.brotli_bytes else {
            continue;
        };
        let files = budget
            .files(&nearshelf_tests::root())
            .expect("folder can be listed");
        assert!(
            !files.is_empty(),
            "{} is not built: run ./build.sh wasm, then ./build.sh test",
            budget.artefact
        );
        let weight = weigh(&files).expect("files can be read");
        assert!(
            weight.brotli <= limit,
            "{} weighs {} bytes after brotli, its budget is {limit}",
            budget.artefact,
            weight.brotli
        );
    }
}
