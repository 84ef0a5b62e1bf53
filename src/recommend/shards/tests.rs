#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::*;
use crate::testing::Shop;
use nearshelf_catalogue::{Manifest, PackWriter, Sharding};

/// Twelve items in four lists at the ends of two axes, three each, and one item in none.
struct Packed {
    index: ShardIndex,
    files: Vec<(String, Vec<u8>)>,
    rows: Embeddings,
}

const AXES: [[i8; 2]; 4] = [[127, 0], [0, 127], [-127, 0], [0, -127]];

fn packed() -> Packed {
    let values: Vec<i8> = (0..13).flat_map(|item| AXES[item % 4]).collect();
    let rows = Embeddings {
        dim: 2,
        values,
        scales: vec![1.0 / 127.0; 13],
        items: Vec::new(),
    };
    let centres = Embeddings {
        dim: 2,
        values: AXES.concat(),
        scales: vec![1.0 / 127.0; 4],
        items: Vec::new(),
    };
    let list_of = (0..13).map(|item| if item == 12 { 4 } else { item % 4 });
    let sharding = Sharding {
        centres,
        list_of: list_of.collect(),
        probes: 2,
        decoys: 0,
    };
    let mut writer = PackWriter::new(&Shop::of(13).pack(), "2026-01-01T00:00:00Z").unwrap();
    writer.shards(&rows, &sharding).unwrap();
    let files = writer.finish().unwrap();
    let manifest = Manifest::from_json(&files.last().unwrap().1).unwrap();
    let path = ShardIndex::path(&manifest).unwrap();
    let bytes = &files.iter().find(|(other, _)| other == path).unwrap().1;
    let index = ShardIndex::new(&manifest, bytes).unwrap();
    Packed { index, files, rows }
}

impl Packed {
    fn cache(&self, limit_bytes: usize) -> ShardCache {
        ShardCache::new(self.index.clone(), limit_bytes)
    }

    fn fetch(&self, cache: &mut ShardCache, lists: &[u32]) {
        for file in cache.missing(lists, 0, 1) {
            let path = &self.index.files()[file as usize].path;
            let bytes = &self
                .files
                .iter()
                .find(|(other, _)| other == path)
                .unwrap()
                .1;
            cache.add(file, bytes).unwrap();
        }
    }
}

#[test]
fn items_lie_in_lists_and_those_without_embedding_in_none() {
    let cache = packed().cache(1 << 20);
    assert_eq!(cache.lists_of(&[5, 1, 0, 12, 99]), [0, 1]);
    assert!(cache.lists_of(&[]).is_empty());
}

#[test]
fn several_queries_take_turns_and_as_many_lists_are_named_as_the_pack_says() {
    let cache = packed().cache(1 << 20);
    assert_eq!(cache.nearest(&[vec![1.0, 0.1]], None), [0, 1]);
    assert_eq!(
        cache.nearest(&[vec![1.0, 0.1], vec![-1.0, 0.1]], None),
        [0, 2]
    );
    assert!(cache.nearest(&[], None).is_empty());
    assert!(
        cache
            .nearest(&[vec![1.0], vec![f32::NAN, 1.0]], None)
            .is_empty()
    );
}

#[test]
fn lists_without_a_wanted_item_are_passed_over() {
    let cache = packed().cache(1 << 20);
    // Items 2 and 3.
    assert_eq!(cache.nearest(&[vec![1.0, 0.1]], Some(&[0b1100])), [3, 2]);
    assert!(cache.nearest(&[vec![1.0, 0.1]], Some(&[])).is_empty());
}

#[test]
fn rows_of_lists_that_came_are_those_that_were_packed_in_the_order_of_items() {
    let packed = packed();
    let mut cache = packed.cache(1 << 20);
    assert!(cache.rows(&[0, 1]).items.is_empty());
    packed.fetch(&mut cache, &[1, 0]);
    let rows = cache.rows(&[1, 0, 3]);
    assert_eq!(rows.items, [0, 1, 4, 5, 8, 9]);
    for (place, &item) in rows.items.iter().enumerate() {
        assert_eq!(
            rows.values[place * 2..][..2],
            packed.rows.values[item as usize * 2..][..2]
        );
    }
    assert!(
        cache.missing(&[0, 1], 3, 9).is_empty(),
        "what is there needs no decoys"
    );
}

#[test]
fn decoys_are_other_files_and_the_order_tells_nothing() {
    let packed = packed();
    let cache = packed.cache(1 << 20);
    let needed: Vec<u32> = cache.missing(&[2], 0, 0);
    let mut firsts = 0;
    let mut companions = std::collections::BTreeSet::<u32>::new();
    for seed in 0..400 {
        let files = cache.missing(&[2], 1, seed);
        assert_eq!(files.len(), 2);
        assert!(files.contains(&needed[0]));
        firsts += u32::from(files[0] == needed[0]);
        companions.extend(files.iter().copied().filter(|&file| file != needed[0]));
    }
    assert_eq!(companions.len(), 3);
    assert!((150..250).contains(&firsts), "first in {firsts} of 400");
    assert_eq!(cache.missing(&[2], 99, 5).len(), 4, "there are no more");
}

#[test]
fn what_was_not_used_for_longest_makes_room_and_what_is_needed_stays() {
    let packed = packed();
    let a_list = 3 * (2 + 8);
    let mut cache = packed.cache(2 * a_list);
    for list in [0, 1, 2] {
        packed.fetch(&mut cache, &[list]);
        cache.rows(&[list]);
    }
    assert_eq!(cache.bytes(), 2 * a_list);
    assert_eq!(cache.missing(&[0, 1, 2], 0, 1).len(), 1, "list 0 is gone");
    packed.fetch(&mut cache, &[0, 1, 2, 3]);
    assert_eq!(cache.rows(&[0, 1, 2, 3]).items.len(), 12);
    assert_eq!(
        cache.bytes(),
        4 * a_list,
        "one question may need more than the bound"
    );
    cache.rows(&[3]);
    assert_eq!(cache.bytes(), 2 * a_list);
}

#[test]
fn a_damaged_file_is_refused_and_still_missing() {
    let packed = packed();
    let mut cache = packed.cache(1 << 20);
    assert!(cache.add(0, b"damaged").is_err());
    assert!(cache.add(99, b"").is_err());
    assert_eq!((cache.bytes(), cache.missing(&[0], 0, 1).len()), (0, 1));
}
