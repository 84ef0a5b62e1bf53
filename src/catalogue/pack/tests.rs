#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
use super::*;
use crate::{Availability, Item, ItemText, Money};
use proptest::prelude::*;

mod first_day;
mod fitted;
mod hostile;
mod sharded;

fn item(number: usize) -> Item {
    let text = |locale: &str, title: String| ItemText {
        locale: locale.to_owned(),
        title,
        description: "Plain text, <b>not markup</b>.".to_owned(),
        category: vec!["Women".to_owned(), format!("Kind {}", number % 7)],
        attributes: vec![("color".to_owned(), format!("shade {}", number % 11))],
    };
    let money = |minor_units| {
        Some(Money {
            minor_units,
            currency: *b"GBP",
        })
    };
    Item {
        id: format!("sku-{number}"),
        group_id: number
            .is_multiple_of(2)
            .then(|| format!("group-{}", number / 2)),
        brand: ["", "Acme"][number % 2].to_owned(),
        price: if number == 3 {
            None
        } else {
            money(1999 + number as i64)
        },
        sale_price: if number.is_multiple_of(5) {
            money(999)
        } else {
            None
        },
        availability: [Availability::InStock, Availability::OutOfStock]
            [usize::from(number.is_multiple_of(9))],
        image: format!("images/{number}.svg"),
        link: String::new(),
        texts: vec![
            text("en", format!("Dress {number}")),
            text("zh-CN", format!("连衣裙 {number}")),
        ],
    }
}

/// A pack of `count` items with every table filled, the same each time.
fn pack(count: usize) -> Pack {
    let mut state = 7_u32;
    let mut random = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    let mut pack = Pack {
        items: ItemTable::new((0..count).map(item).collect()),
        ..Pack::default()
    };
    let (plain, _) = NeighbourKind::ALL.split_at(3);
    for &kind in plain {
        let mut list = || {
            let mut entry = || Neighbour {
                item: random() % count.max(1) as u32,
                weight: (random() % 255 + 1) as f32 / 255.0,
            };
            (0..16).map(|_| entry()).collect::<Vec<_>>()
        };
        let lists: Vec<Vec<Neighbour>> = (0..count).map(|_| list()).collect();
        pack.neighbours.push(kind, &lists);
    }
    let share = |n: usize| n as f32 / count.max(1) as f32;
    let scores: Vec<f32> = (0..count).map(share).collect();
    let trends: Vec<f32> = (0..count).map(|n| share(n) * 2.0 - 1.0).collect();
    pack.popularity = Popularity::new(&scores, &trends);
    let rows: Vec<f32> = (0..count * 64)
        .map(|_| random() as f32 / 8_388_608.0 - 1.0)
        .collect();
    pack.embeddings = Some(Embeddings::quantize(64, &rows));
    if count > 1 {
        pack.images
            .push(
                &[0, 1],
                b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            )
            .unwrap();
    }
    pack
}

fn files(pack: &Pack) -> Vec<(String, Vec<u8>)> {
    let mut writer = PackWriter::new(pack, "2026-01-01T00:00:00Z").unwrap();
    writer.model("for-you", b"a plan".to_vec());
    writer.finish().unwrap()
}

fn manifest(files: &[(String, Vec<u8>)]) -> &[u8] {
    &files.last().unwrap().1
}

fn chunks(files: &[(String, Vec<u8>)]) -> impl DoubleEndedIterator<Item = &(String, Vec<u8>)> {
    files.iter().filter(|(path, _)| path.ends_with(".bin"))
}

fn read(files: &[(String, Vec<u8>)]) -> Result<Pack, PackError> {
    let mut reader = PackReader::new(manifest(files))?;
    for (path, bytes) in chunks(files) {
        reader.add(path, bytes)?;
    }
    Ok(reader.pack().expect("all chunks are in").clone())
}

fn assert_same(a: &Pack, b: &Pack) {
    assert_eq!(a.items, b.items);
    assert_eq!(a.neighbours, b.neighbours);
    assert_eq!(a.popularity, b.popularity);
    assert_eq!(a.embeddings, b.embeddings);
    assert_eq!(a.text_embeddings, b.text_embeddings);
    assert_eq!(a.blend, b.blend);
    assert_eq!(a.text_mean, b.text_mean);
    assert_eq!(a.images, b.images);
    assert_eq!(a.merchandising, b.merchandising);
}

/// A merchant's rules, one of each action, and synonyms.
fn merchandised(count: usize) -> Pack {
    let rule = |name: &str, action| Rule {
        name: name.to_owned(),
        lists: vec!["for-you".to_owned(), "search".to_owned()],
        from_millis: Some(-1),
        until_millis: None,
        queries: vec!["连衣裙".to_owned()],
        action,
    };
    let actions = [
        Action::Weigh {
            factor: 1.5,
            items: vec![0, 2],
        },
        Action::Pin { items: vec![2, 1] },
        Action::Exclude { items: vec![] },
        Action::Quota {
            most: 3,
            groups: vec![1; count],
        },
    ];
    let mut pack = pack(count);
    pack.merchandising = Merchandising {
        rules: actions.map(|action| rule("of the shop", action)).into(),
        synonyms: vec![vec!["sofa".to_owned(), "couch".to_owned()]],
    };
    pack
}

#[test]
fn what_a_merchant_says_makes_a_pack_of_format_2_and_is_read_again() {
    let files = files(&merchandised(5));
    let text = std::str::from_utf8(manifest(&files)).unwrap();
    assert!(text.contains("\"version\": 2"), "{text}");
    assert_same(&merchandised(5), &read(&files).unwrap());
}

#[test]
fn rules_of_items_that_there_are_not_are_neither_written_nor_read() {
    let mut bad = merchandised(5);
    bad.merchandising.rules[1].action = Action::Pin { items: vec![5] };
    assert!(PackWriter::new(&bad, "2026-01-01T00:00:00Z").is_err());
}

#[test]
fn what_is_written_is_read_whatever_the_number_of_items() {
    for count in [0, 1, 2, 480, writer::ITEMS_A_CHUNK + 1] {
        let original = pack(count);
        let mut again = read(&files(&original)).unwrap();
        if count == 0 {
            again.embeddings = original.embeddings.clone(); // no rows, no chunk
        }
        assert_same(&original, &again);
    }
}

#[test]
fn rows_quantized_as_they_are_keep_their_length() {
    let rows = Embeddings::quantize_as_is(2, &[3.0, 4.0, 0.0, 0.0, 30.0, -40.0]);
    assert_eq!(rows.values, [95, 127, 0, 0, 95, -127]);
    assert_eq!(rows.scales, [4.0 / 127.0, 0.0, 40.0 / 127.0]);
}

#[test]
fn equal_packs_give_equal_bytes() {
    assert_eq!(files(&pack(50)), files(&pack(50)));
}

#[test]
fn chunks_may_come_in_any_order_and_the_first_stage_suffices() {
    let files = files(&pack(40));
    let mut reader = PackReader::new(manifest(&files)).unwrap();
    for (path, bytes) in chunks(&files).rev() {
        reader.add(path, bytes).unwrap();
    }
    assert_same(&pack(40), reader.pack().unwrap());

    let mut reader = PackReader::new(manifest(&files)).unwrap();
    let first = ["items", "neighbours", "popularity"];
    let is_first = |path: &str| first.iter().any(|kind| path.starts_with(kind));
    for (path, bytes) in chunks(&files).filter(|(path, _)| is_first(path)) {
        reader.add(path, bytes).unwrap();
    }
    assert!(reader.ready());
    let shelf = reader.pack().unwrap();
    assert!(shelf.embeddings.is_none() && shelf.images.is_empty());
    assert!(reader.wanted().all(|chunk| chunk.stage == Stage::Refine));

    for (path, bytes) in chunks(&files).filter(|(path, _)| !is_first(path)) {
        reader.add(path, bytes).unwrap();
    }
    assert_same(&pack(40), reader.pack().unwrap());
}

#[test]
fn a_chunk_is_refused_when_unknown_repeated_cut_or_changed() {
    let files = files(&pack(10));
    let (path, bytes) = chunks(&files).next().unwrap();
    let mut reader = PackReader::new(manifest(&files)).unwrap();
    assert!(matches!(
        reader.add("other.bin", bytes),
        Err(PackError::UnknownChunk { .. })
    ));
    assert!(matches!(
        reader.add(path, &bytes[1..]),
        Err(PackError::WrongSize { .. })
    ));
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert!(matches!(
        reader.add(path, &changed),
        Err(PackError::HashMismatch { .. })
    ));
    reader.add(path, bytes).unwrap();
    assert!(matches!(
        reader.add(path, bytes),
        Err(PackError::DuplicateChunk { .. })
    ));
}

#[test]
fn a_model_is_checked_against_the_manifest() {
    let files = files(&pack(1));
    let reader = PackReader::new(manifest(&files)).unwrap();
    let path = reader.manifest().models[0].path.clone();
    assert_eq!(
        reader.check_model(&path, [b"a plan"]).unwrap().name,
        "for-you"
    );
    assert!(reader.check_model(&path, ["a ", "", "plan"]).is_ok());
    assert!(matches!(
        reader.check_model(&path, [b"a plot"]),
        Err(PackError::HashMismatch { .. })
    ));
    assert!(matches!(
        reader.check_model(&path, ["a plan", "s"]),
        Err(PackError::WrongSize { found: 7, .. })
    ));
    assert!(matches!(
        reader.check_model("models/x.plan", [b""]),
        Err(PackError::UnknownChunk { .. })
    ));
}

/// The manifest of a small pack with one string replaced.
fn forged(from: &str, to: &str) -> Result<PackReader, PackError> {
    let files = files(&pack(5));
    let text = std::str::from_utf8(manifest(&files)).unwrap();
    assert!(text.contains(from), "{from} is not in the manifest");
    PackReader::new(text.replacen(from, to, 1).as_bytes())
}

#[test]
fn a_manifest_of_a_newer_version_says_so() {
    let error = forged("\"version\": 1", "\"version\": 4").unwrap_err();
    assert!(matches!(
        error,
        PackError::UnsupportedVersion {
            found: 4,
            supported: 3
        }
    ));
    assert_eq!(error.code(), "pack-too-new");
}

#[test]
fn a_hostile_manifest_is_refused() {
    for path in [
        "../items-",
        "/items-",
        "https://example.com/items-",
        "items/./",
        "items?",
        "a//b",
    ] {
        let found = forged("\"path\": \"items-", &format!("\"path\": \"{path}"));
        assert!(matches!(found, Err(PackError::UnsafePath { .. })), "{path}");
    }
    assert!(matches!(
        forged("\"item_count\": 5", "\"item_count\": 4000000000"),
        Err(PackError::BadManifest { .. })
    ));
    assert!(matches!(
        forged("\"sha256\": \"", "\"sha256\": \"x"),
        Err(PackError::BadManifest { .. })
    ));
    assert!(matches!(
        forged("\"format\": \"nearshelf-pack\"", "\"format\": \"zip\""),
        Err(PackError::BadManifest { .. })
    ));
    for nonsense in [
        &b""[..],
        b"{}",
        b"[]",
        b"\xff\xfe",
        b"{\"format\":\"nearshelf-pack\",\"version\":1}",
    ] {
        assert!(matches!(
            PackReader::new(nonsense),
            Err(PackError::BadManifest { .. })
        ));
    }
}

#[test]
fn an_item_count_that_the_chunks_do_not_keep_is_refused() {
    let files = files(&pack(5));
    let text = std::str::from_utf8(manifest(&files)).unwrap().replacen(
        "\"item_count\": 5",
        "\"item_count\": 6",
        1,
    );
    let mut reader = PackReader::new(text.as_bytes()).unwrap();
    let last = chunks(&files)
        .map(|(path, bytes)| reader.add(path, bytes))
        .find(Result::is_err);
    assert!(matches!(last, Some(Err(PackError::Inconsistent { .. }))));
}

#[test]
fn tables_of_another_length_are_not_written() {
    let mut short = pack(5);
    short.popularity = Popularity::new(&[1.0], &[0.0]);
    assert!(matches!(
        PackWriter::new(&short, ""),
        Err(PackError::Inconsistent { .. })
    ));
    let mut short = pack(5);
    short.embeddings = Some(Embeddings {
        dim: 64,
        values: vec![0; 64],
        scales: vec![0.0],
        items: Vec::new(),
    });
    assert!(matches!(
        PackWriter::new(&short, ""),
        Err(PackError::Inconsistent { .. })
    ));
}

#[test]
fn rows_that_are_zero_or_not_finite_become_zeros() {
    let rows = [0.0, 0.0, 3.0, 4.0, f32::NAN, 1.0, f32::INFINITY, 1.0];
    let quantized = Embeddings::quantize(2, &rows);
    assert_eq!(quantized.scales.len(), 4);
    assert_eq!(quantized.values[..4], [0, 0, 95, 127]);
    assert!((quantized.scales[1] * 127.0 - 0.8).abs() < 1e-6);
    assert_eq!(quantized.values[4..], [0; 4]);
}

#[test]
fn neighbours_are_ordered_and_drop_what_says_nothing() {
    let entry = |item, weight| Neighbour { item, weight };
    let mut neighbours = Neighbours::default();
    let list = vec![
        entry(0, 1.0),
        entry(2, 0.2),
        entry(1, 0.9),
        entry(3, f32::NAN),
        entry(4, 0.0),
    ];
    neighbours.push(NeighbourKind::BoughtTogether, &[list]);
    let found: Vec<u32> = neighbours
        .of(NeighbourKind::BoughtTogether, 0)
        .map(|n| n.item)
        .collect();
    assert_eq!(found, [1, 2], "itself, NaN and nothing are left out");
    assert_eq!(neighbours.of(NeighbourKind::BoughtTogether, 9).len(), 0);
    assert_eq!(neighbours.of(NeighbourKind::ViewedTogether, 0).len(), 0);
}

#[test]
fn even_random_tables_cost_at_most_190_bytes_an_item_after_brotli() {
    let count = 480;
    let mut bytes = 0;
    for (_, chunk) in chunks(&files(&pack(count)))
        .filter(|(path, _)| !path.starts_with("items") && !path.starts_with("images"))
    {
        let params = brotli::enc::BrotliEncoderParams {
            quality: 9,
            ..Default::default()
        };
        let mut out = Vec::new();
        brotli::BrotliCompress(&mut chunk.as_slice(), &mut out, &params).unwrap();
        bytes += out.len();
    }
    // 16 random neighbours of each kind are the worst case; the demo shop is held to 150 in tests/sizes.
    assert!(bytes <= 190 * count, "{} bytes an item", bytes / count);
}

proptest! {
    #[test]
    fn damage_to_a_chunk_never_panics_even_with_a_mended_hash(at in 0_usize..4000, value: u8, cut in 0_usize..40) {
        let mut all = files(&pack(12));
        let index = at % (all.len() - 2);
        let (path, bytes) = all[index].clone();
        let mut damaged = bytes.clone();
        let place = at % damaged.len();
        damaged[place] = value;
        damaged.truncate(damaged.len().saturating_sub(cut));
        if damaged.len() > 16 {
            // Mend the envelope, so that only the content is wrong.
            let length = (damaged.len() - 16) as u32;
            damaged[8..12].copy_from_slice(&length.to_le_bytes());
            let digest = chunk::sha256_hex(&damaged[16..]);
            for n in 0..4 {
                damaged[12 + n] = u8::from_str_radix(&digest[2 * n..2 * n + 2], 16).unwrap();
            }
        }
        let last = all.len() - 1;
        let text = std::str::from_utf8(&all[last].1).unwrap();
        let text = text.replace(&chunk::sha256_hex(&bytes), &chunk::sha256_hex(&damaged));
        let text = text.replace(&format!("\"size_bytes\": {}", bytes.len()), &format!("\"size_bytes\": {}", damaged.len()));
        all[last].1 = text.into_bytes();
        all[index] = (path, damaged);
        let _ = read(&all);
    }

    #[test]
    fn any_bytes_as_a_manifest_are_refused_without_panic(bytes: Vec<u8>) {
        prop_assert!(PackReader::new(&bytes).is_err());
    }
}
