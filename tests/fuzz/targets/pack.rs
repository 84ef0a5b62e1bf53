#![no_main]
//! Packs: a manifest, or a chunk in its place in a whole pack, with hashes that fit.

use libfuzzer_sys::fuzz_target;
use nearshelf_catalogue::PackReader;
use nearshelf_fuzz::MendedPack;
use nearshelf_recommend::{Kind, PackIndex, Request, recommend, search};

fuzz_target!(init: nearshelf_fuzz::check_mending(), |bytes: &[u8]| {
    if let Ok(reader) = PackReader::new(bytes) {
        let _ = reader.wanted().count();
        return;
    }
    let Some(pack) = MendedPack::with(bytes).and_then(|mended| mended.read()) else {
        return;
    };
    let _ = PackIndex::new(&pack);
    let _ = search(&pack, "red dress 红", "en", 8);
    for kind in Kind::ALL {
        let request = Request {
            kind,
            anchors: vec![0, 1],
            ..Request::default()
        };
        let _ = recommend(&pack, &request, None);
    }
});
