#![no_main]
//! Pictures that a pack embeds, drawings first of all.

use libfuzzer_sys::fuzz_target;
use nearshelf_catalogue::ImageType;

fuzz_target!(|bytes: &[u8]| {
    let _ = ImageType::of(bytes);
});
