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
    let Some(mended) = MendedPack::with(bytes) else {
        return;
    };
    let shards = mended.read_shards();
    let Some(mut pack) = mended.read() else {
        return;
    };
    if let Some(mut shards) = shards {
        let dim = shards.index().sharding().centres.dim;
        let mut lists = shards.lists_of(&[0, 1, u32::MAX]);
        lists.extend(shards.nearest(&[vec![0.1; dim], vec![f32::NAN; 3]], Some(&[u32::MAX; 2])));
        let _ = shards.missing(&lists, 3, 7);
        pack.embeddings = Some(shards.rows(&lists));
    }
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
