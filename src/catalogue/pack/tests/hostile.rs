//! Item tables that a packer of ours would not write.

use super::*;

/// A small pack whose item table is another: the manifest and the envelope are mended.
fn with_items_chunk(columns: &columns::ItemColumns) -> (Vec<(String, Vec<u8>)>, usize) {
    let mut all = files(&pack(1));
    let mended = chunk::encode(ChunkKind::Items, columns).unwrap();
    let at = all
        .iter()
        .position(|(path, _)| path.starts_with("items"))
        .unwrap();
    let last = all.len() - 1;
    let text = std::str::from_utf8(&all[last].1).unwrap();
    let text = text.replace(&chunk::sha256_hex(&all[at].1), &chunk::sha256_hex(&mended));
    let text = text.replacen(
        &format!("\"size_bytes\": {}", all[at].1.len()),
        &format!("\"size_bytes\": {}", mended.len()),
        1,
    );
    all[last].1 = text.into_bytes();
    let size = mended.len();
    all[at].1 = mended;
    (all, size)
}

#[test]
fn a_small_chunk_cannot_fill_the_memory_by_repeating_words() {
    let mut hostile = item(0);
    hostile.brand = "x".repeat(40_000);
    let word = hostile.brand.clone();
    hostile.texts[0].attributes = vec![(word.clone(), word); 25_000]; // 2 GB when written out
    let columns = columns::ItemColumns::new(0, &[&hostile]);
    drop(hostile);
    let (files, size) = with_items_chunk(&columns);
    assert!(size < 100_000, "{size}");
    let error = read(&files).unwrap_err();
    assert!(
        error.to_string().contains("repeated beyond measure"),
        "{error}"
    );
}

#[test]
fn a_long_word_that_all_items_share_is_no_attack() {
    let mut shared = pack(2000);
    let mut items: Vec<Item> = shared.items.iter().cloned().collect();
    for item in &mut items {
        item.texts[0]
            .attributes
            .push(("care".to_owned(), "x".repeat(2000)));
    }
    shared.items = ItemTable::new(items);
    assert_same(&read(&files(&shared)).unwrap(), &shared);
}

#[test]
fn a_category_that_is_too_deep_is_neither_written_nor_read() {
    let mut deep = item(0);
    deep.texts[0].category = vec!["a".to_owned(); 17];
    let (hostile, _) = with_items_chunk(&columns::ItemColumns::new(0, &[&deep]));
    let error = read(&hostile).unwrap_err();
    assert!(
        error.to_string().contains("17 levels, at most 16"),
        "{error}"
    );
    let own = Pack {
        items: ItemTable::new(vec![deep]),
        ..Pack::default()
    };
    assert!(matches!(
        PackWriter::new(&own, ""),
        Err(PackError::Inconsistent { .. })
    ));
}

#[test]
fn a_sale_price_in_another_currency_is_never_relabelled() {
    let mut foreign = item(0);
    foreign.sale_price = Some(Money {
        minor_units: 999,
        currency: *b"EUR",
    });
    let (files, _) = with_items_chunk(&columns::ItemColumns::new(0, &[&foreign]));
    let again = read(&files).unwrap();
    let again = again.items.get(0).unwrap();
    assert_eq!((again.price, again.sale_price), (foreign.price, None));
}

#[test]
fn tables_that_do_not_fit_are_forgotten_and_wanted_again() {
    let mut deep = item(0);
    deep.texts[0].category = vec!["a".to_owned(); 17];
    let (wrong, _) = with_items_chunk(&columns::ItemColumns::new(0, &[&deep]));
    let mut reader = PackReader::new(manifest(&wrong)).unwrap();
    let all = reader.wanted().count();
    let results: Vec<_> = chunks(&wrong)
        .map(|(path, bytes)| (path, reader.add(path, bytes)))
        .collect();
    let failed = results.iter().filter(|(_, result)| result.is_err());
    assert_eq!(failed.count(), 1);
    assert!(!reader.ready());
    let is_table = |path: &&str| !path.starts_with("embeddings");
    let wanted: Vec<String> = reader.wanted().map(|chunk| chunk.path.clone()).collect();
    let tables = wanted.iter().map(String::as_str).filter(is_table);
    assert!(tables.count() >= 2 && wanted.len() <= all);
    for (path, bytes) in chunks(&wrong).filter(|(path, _)| wanted.contains(path)) {
        // None of them is refused as one that came before.
        assert!(!matches!(
            reader.add(path, bytes),
            Err(PackError::DuplicateChunk { .. })
        ));
    }
}
