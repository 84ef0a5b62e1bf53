#![no_main]
//! Files of pictures, as the command decodes them.

use libfuzzer_sys::fuzz_target;
use nearshelf_pictures::{decode, thumbnail};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(decoded) = decode(bytes) {
        let picture = decoded.picture().expect("extents that have been checked");
        let _ = thumbnail(&picture, 32);
    }
});
