#![allow(clippy::expect_used, clippy::panic)]

use super::*;
use crate::looks::testing::{look, looks};
use crate::looks::{Audience, Companions, Filed, Looks, Named};
use proptest::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

#[test]
fn looks_are_read_as_they_were_written() {
    let written = looks(&[
        (3, look(Category::Hat, &["#202020"])),
        (9, look(Category::TShirt, &["#c81e26", "#ffffff"])),
    ]);
    let bytes = written.to_bytes();
    assert_eq!(bytes.len(), 24 + 100 + 2 * 167);
    assert_eq!(Looks::from_bytes(&bytes), Ok(written));
}

#[test]
fn a_catalogue_without_looks_is_a_file_too() {
    let none = Looks::default();
    assert_eq!(Looks::from_bytes(&none.to_bytes()), Ok(none));
}

#[test]
fn foreign_later_and_cut_files_are_told_apart() {
    let bytes = looks(&[(0, look(Category::Hat, &[]))]).to_bytes();
    let changed = |at: usize, value: u8| {
        let mut changed = bytes.clone();
        changed[at] = value;
        Looks::from_bytes(&changed)
    };
    assert_eq!(Looks::from_bytes(b""), Err(LooksError::Format));
    assert_eq!(changed(0, b'X'), Err(LooksError::Format));
    assert_eq!(changed(4, 3), Err(LooksError::Version { found: 3 }));
    assert_eq!(changed(6, 64), Err(LooksError::Format));
    assert_eq!(
        changed(11, 255),
        Err(LooksError::Length {
            found: 291,
            expected: 124 + 167 * 0xff00_0001
        })
    );
    assert_eq!(changed(200, 77), Err(LooksError::Checksum));
    for end in 0..bytes.len() {
        assert!(Looks::from_bytes(&bytes[..end]).is_err(), "cut at {end}");
    }
}

/// The file with some of its bytes changed and its checksum put right.
fn tampered(at: usize, values: &[u8]) -> Result<Looks, LooksError> {
    let mut bytes =
        looks(&[(1, look(Category::Hat, &[])), (2, look(Category::Hat, &[]))]).to_bytes();
    bytes[at..at + values.len()].copy_from_slice(values);
    let checksum = xxh3_64(&bytes[HEADER_BYTES..]);
    bytes[16..24].copy_from_slice(&checksum.to_le_bytes());
    Looks::from_bytes(&bytes)
}

#[test]
fn values_that_mean_nothing_are_refused_and_named() {
    let detail = |found| match found {
        Err(LooksError::Damaged { look, detail }) => (look, detail.to_owned()),
        other => panic!("{other:?}"),
    };
    let body = 124;
    assert_eq!(detail(tampered(body + 4, &[1])).0, 1, "an item twice");
    assert!(detail(tampered(body + 9, &[10])).1.contains("category"));
    assert!(
        detail(tampered(body + 12 + 5, &[9]))
            .1
            .contains("attribute")
    );
    let scales = body + 2 * (4 + 1 + 1 + 5 + 20);
    let kinds = body + 2 * 163;
    assert_eq!(
        detail(tampered(kinds + 1, &[10])),
        (1, "is of no known kind".to_owned())
    );
    let (look, said) = detail(tampered(kinds + 2 + 4, &[4]));
    assert!(look == 0 && said.contains("nobody"), "{said}");
    for scale in [f32::NAN, -1.0, f32::INFINITY] {
        let (look, detail) = detail(tampered(scales + 4, &scale.to_le_bytes()));
        assert_eq!(look, 1);
        assert!(detail.contains("scale"));
    }
}

#[test]
fn looks_of_every_version_are_read_as_on_their_first_day() {
    let mut first = looks(&[
        (0, look(Category::Dress, &["#c81e26", "#1b2547", "#ffffff"])),
        (7, look(Category::TShirt, &[])),
    ]);
    first.set_companions(Companions::learned(&first, [(0, 7, 40.0)]));
    let fixture = |version: u8| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/compat");
        format!("{folder}/looks-v{version}.bin")
    };
    let read = |version| Looks::from_bytes(&std::fs::read(fixture(version)).expect("the fixture"));
    assert_eq!(read(1).as_ref(), Ok(&first));
    let filed = first.get(7).expect("a look").filed(Filed {
        shelf: 300,
        named: Some(Named::Other),
        audience: Some(Audience::Children),
    });
    first.insert(7, &filed);
    if std::env::var_os("WRITE_COMPAT_FIXTURE").is_some()
        && !std::fs::exists(fixture(2)).unwrap_or(true)
    {
        std::fs::write(fixture(2), first.to_bytes()).expect("the fixture is written");
    }
    assert_eq!(read(2), Ok(first));
}

proptest! {
    #[test]
    fn any_bytes_are_looks_or_an_error(bytes: Vec<u8>, tail: Vec<u8>) {
        let _ = Looks::from_bytes(&bytes);
        let begun = MAGIC.to_vec();
        for version in [1, 2] {
            let mut begun = begun.clone();
            begun.extend([version, 0, 128, 0]);
            begun.extend(&tail);
            let _ = Looks::from_bytes(&begun);
        }
    }
}
