//! Embeddings in shards: written, read, and refused where they don't fit.
use super::*;

/// The pack of tests with its embeddings in three lists by turns, one item in none.
pub(super) fn sharded(count: usize) -> Vec<(String, Vec<u8>)> {
    let mut pack = pack(count);
    let mut rows = pack.embeddings.take().unwrap();
    rows.scales[1] = 0.0;
    let sharding = sharding(count, rows.dim);
    let mut writer = PackWriter::new(&pack, "2026-01-01T00:00:00Z").unwrap();
    writer.shards(&rows, &sharding).unwrap();
    writer.finish().unwrap()
}

fn sharding(count: usize, dim: usize) -> Sharding {
    let list_of = (0..count as u32).map(|item| if item == 1 { 3 } else { item % 3 });
    Sharding {
        centres: Embeddings::quantize(
            dim,
            &(0..3 * dim).map(|x| x as f32 - 20.0).collect::<Vec<_>>(),
        ),
        list_of: list_of.collect(),
        probes: 2,
        decoys: 1,
    }
}

fn index(files: &[(String, Vec<u8>)]) -> ShardIndex {
    let manifest = Manifest::from_json(&files.last().unwrap().1).unwrap();
    let path = ShardIndex::path(&manifest).unwrap();
    ShardIndex::new(&manifest, of(files, path)).unwrap()
}

fn of<'a>(files: &'a [(String, Vec<u8>)], path: &str) -> &'a [u8] {
    &files.iter().find(|(other, _)| other == path).unwrap().1
}

#[test]
fn every_row_is_in_the_shard_of_its_list() {
    let files = sharded(20);
    let original = pack(20).embeddings.unwrap();
    let index = index(&files);
    assert_eq!(index.sharding().list_of[..4], [0, 3, 2, 0]);
    assert_eq!(index.files().len(), 3);
    let mut seen = 0;
    for (number, file) in index.files().iter().enumerate() {
        assert!(file.path.starts_with("shards/shard-"));
        let shard = index.shard(number, of(&files, &file.path)).unwrap();
        assert_eq!(shard.list, file.first_item);
        for (place, &item) in shard.rows.items.iter().enumerate() {
            assert_eq!(index.sharding().list_of[item as usize], shard.list);
            let dim = original.dim;
            assert_eq!(
                shard.rows.values[place * dim..][..dim],
                original.values[item as usize * dim..][..dim]
            );
            assert_eq!(shard.rows.place(item), place);
            seen += 1;
        }
    }
    assert_eq!(seen, 19, "the item without embedding is in none");
}

#[test]
fn a_reader_asks_for_centres_and_for_no_shard() {
    let files = sharded(20);
    let mut reader = PackReader::new(&files.last().unwrap().1).unwrap();
    assert_eq!(reader.manifest().version, 3);
    let wanted: Vec<String> = reader.wanted().map(|chunk| chunk.path.clone()).collect();
    assert!(wanted.iter().any(|path| path.starts_with("lists-")));
    assert!(
        !wanted
            .iter()
            .any(|path| path.contains("shard") || path.contains("embeddings"))
    );
    for path in wanted {
        reader.add(&path, of(&files, &path)).unwrap();
    }
    assert!(reader.ready() && reader.pack().unwrap().embeddings.is_none());
    let rows = Embeddings {
        dim: 1,
        values: vec![5],
        scales: vec![1.0],
        items: vec![7],
    };
    reader.set_rows(rows.clone());
    assert_eq!(reader.pack().unwrap().embeddings.as_ref(), Some(&rows));
    assert_eq!((rows.place(7), rows.place(0)), (0, usize::MAX));
}

#[test]
fn a_list_of_many_rows_is_in_several_files() {
    let mut pack = pack(2000);
    let dim = 300;
    pack.embeddings = None;
    let rows = Embeddings::quantize(dim, &vec![1.0; 2000 * dim]);
    let sharding = Sharding {
        centres: Embeddings::quantize(dim, &vec![1.0; dim]),
        list_of: vec![0; 2000],
        probes: 1,
        decoys: 0,
    };
    let mut writer = PackWriter::new(&pack, "2026-01-01T00:00:00Z").unwrap();
    writer.shards(&rows, &sharding).unwrap();
    let files = writer.finish().unwrap();
    let index = index(&files);
    assert_eq!(index.files().len(), 3);
    assert!(
        index
            .files()
            .iter()
            .all(|file| file.first_item == 0 && file.size_bytes < 300 << 10)
    );
    let parts = index
        .files()
        .iter()
        .enumerate()
        .map(|(number, file)| index.shard(number, of(&files, &file.path)).unwrap());
    let items: Vec<u32> = parts.flat_map(|shard| shard.rows.items).collect();
    assert_eq!(items, (0..2000).collect::<Vec<_>>());
}

#[test]
fn a_damaged_shard_and_a_shard_of_another_file_are_refused() {
    let files = sharded(20);
    let index = index(&files);
    let [first, second] = [0, 1].map(|number| of(&files, &index.files()[number].path).to_vec());
    let mut damaged = first.clone();
    *damaged.last_mut().unwrap() ^= 1;
    assert!(matches!(
        index.shard(0, &damaged),
        Err(PackError::HashMismatch { .. })
    ));
    assert!(matches!(
        index.shard(0, &first[1..]),
        Err(PackError::WrongSize { .. })
    ));
    assert!(index.shard(0, &second).is_err());
    assert!(matches!(
        index.shard(9, &first),
        Err(PackError::UnknownChunk { .. })
    ));
}

#[test]
fn lists_that_do_not_fit_the_rows_are_not_written() {
    let mut pack = pack(20);
    let rows = pack.embeddings.take().unwrap();
    let mut writer = PackWriter::new(&pack, "2026-01-01T00:00:00Z").unwrap();
    let good = sharding(20, rows.dim);
    let spoil: [fn(&mut Sharding); 6] = [
        |s| s.list_of[0] = 4,
        |s| s.list_of.truncate(19),
        |s| s.centres.scales[0] = f32::NAN,
        |s| s.probes = 0,
        |s| s.decoys = 1000,
        |s| s.centres.dim = 1,
    ];
    for spoil in spoil {
        let mut sharding = good.clone();
        spoil(&mut sharding);
        assert!(writer.shards(&rows, &sharding).is_err());
    }
    writer.shards(&rows, &good).unwrap();
}

#[test]
fn a_manifest_whose_lists_and_shards_do_not_belong_together_is_refused() {
    let files = sharded(20);
    let manifest = Manifest::from_json(&files.last().unwrap().1).unwrap();
    let bytes = of(&files, ShardIndex::path(&manifest).unwrap()).to_vec();
    let spoil: [fn(&mut Vec<ChunkInfo>); 4] = [
        |chunks| chunks.retain(|chunk| chunk.first_item != 2 || chunk.kind != ChunkKind::Shard),
        |chunks| {
            chunks
                .iter_mut()
                .filter(|chunk| chunk.kind == ChunkKind::Shard)
                .for_each(|chunk| chunk.first_item = 9)
        },
        |chunks| {
            chunks
                .iter_mut()
                .for_each(|chunk| chunk.stage = Stage::First)
        },
        |chunks| chunks.retain(|chunk| chunk.kind != ChunkKind::Lists),
    ];
    for spoil in spoil {
        let mut manifest = manifest.clone();
        spoil(&mut manifest.chunks);
        assert!(matches!(
            ShardIndex::new(&manifest, &bytes),
            Err(PackError::Inconsistent { .. })
        ));
    }
}

/// The envelope of changed bytes made to fit them, so that only the content is wrong.
fn mended(bytes: &mut [u8]) {
    let length = (bytes.len() - 16) as u32;
    bytes[8..12].copy_from_slice(&length.to_le_bytes());
    let digest = chunk::sha256_hex(&bytes[16..]);
    for n in 0..4 {
        bytes[12 + n] = u8::from_str_radix(&digest[2 * n..2 * n + 2], 16).unwrap();
    }
}

proptest! {
    #[test]
    fn damage_to_lists_or_a_shard_never_panics_even_with_mended_hashes(
        is_lists: bool, at in 16_usize..4000, value: u8, cut in 0_usize..40,
    ) {
        let files = sharded(20);
        let manifest = Manifest::from_json(&files.last().unwrap().1).unwrap();
        let kind = if is_lists { ChunkKind::Lists } else { ChunkKind::Shard };
        let number = manifest.chunks.iter().position(|chunk| chunk.kind == kind).unwrap();
        let mut bytes = of(&files, &manifest.chunks[number].path).to_vec();
        let place = 16 + at % (bytes.len() - 16);
        bytes[place] = value;
        bytes.truncate(bytes.len().saturating_sub(cut).max(17));
        mended(&mut bytes);
        let mut forged = manifest.clone();
        forged.chunks[number].size_bytes = bytes.len() as u64;
        forged.chunks[number].sha256 = chunk::sha256_hex(&bytes);
        let path = ShardIndex::path(&forged).unwrap();
        let lists = if is_lists { bytes.clone() } else { of(&files, path).to_vec() };
        if let Ok(index) = ShardIndex::new(&forged, &lists) {
            for (number, file) in index.files().iter().enumerate() {
                let own = if is_lists { of(&files, &file.path).to_vec() } else { bytes.clone() };
                if let Ok(shard) = index.shard(number, &own) {
                    prop_assert_eq!(shard.rows.values.len(), shard.rows.items.len() * shard.rows.dim);
                }
            }
        }
    }
}
