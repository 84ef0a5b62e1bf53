#![no_main]
//! Looks, with the checksum put right, and what follows from them.

use libfuzzer_sys::fuzz_target;
use nearshelf_vision::{Likeness, Looks};
use xxhash_rust::xxh3::xxh3_64;

/// Where the checksum stands, and where what it covers begins.
const CHECKSUM: std::ops::Range<usize> = 16..24;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = bytes.to_vec();
    if bytes.len() >= CHECKSUM.end {
        let checksum = xxh3_64(&bytes[CHECKSUM.end..]);
        bytes[CHECKSUM].copy_from_slice(&checksum.to_le_bytes());
    }
    let Ok(looks) = Looks::from_bytes(&bytes) else {
        return;
    };
    assert_eq!(Looks::from_bytes(&looks.to_bytes()).as_ref(), Ok(&looks));
    let items = looks.items().to_vec();
    let _ = looks.taste(&items).colours();
    for item in items.iter().take(4) {
        let look = looks.get(*item).expect("the look of an item that has one");
        for likeness in [Likeness::Similar, Likeness::AnotherColour] {
            assert!(looks.similar(&look, likeness, 5, &[*item]).len() <= 5);
        }
        assert!(looks.goes_with(&look, 5, &[*item], *item % 2 == 0).len() <= 5);
    }
});
