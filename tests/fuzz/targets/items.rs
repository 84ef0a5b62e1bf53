#![no_main]
//! Catalogues: every reader on the same bytes. What is accepted makes a table.

use libfuzzer_sys::fuzz_target;
use nearshelf_catalogue::{Format, ItemTable, ReadOptions, detect_format, read_items};
use nearshelf_recommend::item_text;

const FORMATS: [Format; 5] = [
    Format::Csv,
    Format::Jsonl,
    Format::MerchantXml,
    Format::MerchantTsv,
    Format::Shopify,
];

fuzz_target!(|bytes: &[u8]| {
    let _ = detect_format("items", bytes);
    let options = ReadOptions {
        now_millis: Some(1_800_000_000_000),
        ..ReadOptions::default()
    };
    for format in FORMATS {
        if let Ok(report) = read_items(format, bytes, &options) {
            assert!(report.items.len() as u64 <= report.rows);
            report.items.iter().for_each(|item| drop(item_text(item)));
            let _ = ItemTable::new(report.items);
        }
    }
});
