//! Packs as they were written on the first day of each format.

use super::*;
use std::{fs, path::PathBuf};

/// What a folder of `tests/compat` holds, which is written when it isn't there yet and that is asked for.
fn fixture(folder: &str, original: &Pack) -> Pack {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/compat/{folder}"));
    if std::env::var_os("WRITE_COMPAT_FIXTURE").is_some() && !folder.exists() {
        fs::create_dir_all(folder.join("models")).unwrap();
        for (path, bytes) in files(original) {
            fs::write(folder.join(path), bytes).unwrap();
        }
    }
    let mut reader = PackReader::new(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let wanted: Vec<String> = reader.wanted().map(|chunk| chunk.path.clone()).collect();
    for path in wanted {
        reader
            .add(&path, &fs::read(folder.join(&path)).unwrap())
            .unwrap();
    }
    reader.pack().unwrap().clone()
}

#[test]
fn packs_of_every_format_are_read_as_on_their_first_day() {
    assert_same(&pack(6), &fixture("pack-v1", &pack(6)));
    assert_same(&merchandised(6), &fixture("pack-v2", &merchandised(6)));
    for (folder, original) in [
        ("pack-v2-regressed", fitted::regressed(6)),
        ("pack-v2-fitted", fitted::fitted_pack(6)),
    ] {
        assert_same(&original, &fixture(folder, &original));
    }
}

#[test]
fn shards_are_read_as_on_their_first_day() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/compat/pack-v3");
    let written = sharded::sharded(9);
    if std::env::var_os("WRITE_COMPAT_FIXTURE").is_some() && !folder.exists() {
        fs::create_dir_all(folder.join("shards")).unwrap();
        fs::create_dir_all(folder.join("models")).unwrap();
        for (path, bytes) in &written {
            fs::write(folder.join(path), bytes).unwrap();
        }
    }
    let open = |path: &str| fs::read(folder.join(path)).unwrap();
    let manifest = Manifest::from_json(&open("manifest.json")).unwrap();
    assert_eq!(manifest.version, 3);
    let index = ShardIndex::new(&manifest, &open(ShardIndex::path(&manifest).unwrap())).unwrap();
    let original = pack(9).embeddings.unwrap();
    assert_eq!(index.sharding().list_of, [0, 3, 2, 0, 1, 2, 0, 1, 2]);
    let mut rows = 0;
    for (number, file) in index.files().iter().enumerate() {
        let shard = index.shard(number, &open(&file.path)).unwrap();
        for (row, &item) in shard.rows.items.iter().enumerate() {
            assert_eq!(shard.rows.scales[row], original.scales[item as usize]);
            rows += 1;
        }
    }
    assert_eq!(rows, 8);
}
