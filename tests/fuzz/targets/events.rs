#![no_main]
//! Event logs: both readers, and mining of what they accept.

use libfuzzer_sys::fuzz_target;
use nearshelf_catalogue::{Format, read_events};
use nearshelf_recommend::mine::{Interactions, MineOptions, mine};

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Csv, Format::Jsonl] {
        if let Ok(report) = read_events(format, bytes) {
            assert!(report.events.len() as u64 <= report.rows);
            let item = |id: &str| id.bytes().next().map(|first| u32::from(first % 8));
            let log = Interactions::from_events(&report.events, item);
            let _ = mine(&log, 8, &MineOptions::default()).tables();
        }
    }
});
