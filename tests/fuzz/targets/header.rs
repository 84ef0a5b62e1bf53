#![no_main]
//! Headers of pictures, as pages read them before a browser decodes what a shopper chose.

use libfuzzer_sys::fuzz_target;
use nearshelf_vision::Header;

fuzz_target!(|bytes: &[u8]| {
    if let Some(header) = Header::read(bytes) {
        assert!(header.pixels >= header.width * header.height);
    }
});
