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

#[test]
fn the_demo_shop_costs_at_most_160_bytes_an_item_besides_texts_and_pictures() {
    // With pairs weighed in two ways: by cosine and, for `for-you`, by regression.
    let site = nearshelf_tests::root().join("build/demo-site");
    let manifest = std::fs::read(site.join("manifest.json"))
        .expect("build/demo-site is packed: run ./build.sh test");
    let reader = nearshelf_catalogue::PackReader::new(&manifest).expect("a manifest");
    let tables = ["neighbours", "popularity", "embeddings"];
    let files: Vec<_> = reader
        .wanted()
        .filter(|chunk| tables.contains(&chunk.kind.as_str()))
        .map(|chunk| site.join(&chunk.path))
        .collect();
    let items = u64::from(reader.manifest().item_count);
    let weight = weigh(&files).expect("files can be read");
    assert!(items >= 400, "{items} items");
    assert!(
        weight.brotli <= 160 * items,
        "{} bytes an item",
        weight.brotli / items
    );
}
