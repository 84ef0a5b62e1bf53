//! Looks as a file.
//!
//! ```text
//! 0   4      "NSLK"
//! 4   2      version, 2; all numbers are little-endian
//! 6   2      values of an embedding, 128
//! 8   4      n, looks
//! 12  4      zero
//! 16  8      XXH3-64 of all that follows
//! 24  100    how well category r goes with category c, in steps of 1/255, [10, 10]
//!     4·n    item numbers, u32, strictly ascending
//!     n      category
//!     n      its probability, in steps of 1/255
//!     5·n    values of the attributes, a row an item
//!     20·n   palette: five times red, green, blue and share in steps of 1/255, share 0 where there is no colour
//!     4·n    scale of the embedding, f32
//!     128·n  its values, i8, a row an item
//!     n      kind, a category, or 255 for none of them; in version 1, which ends here, it is the category
//!     2·n    number of the catalogue's category, u16, 0 for none
//!     n      whom it is for: 0 nobody in particular, 1 women, 2 men, 3 children
//! ```

use super::{Audience, Companions, Looks, in_oklab};
use crate::{ATTRIBUTES, Category, EMBEDDING_VALUES, palette::MOST_COLOURS};
use xxhash_rust::xxh3::xxh3_64;

const MAGIC: [u8; 4] = *b"NSLK";
const VERSION: u16 = 2;
const HEADER_BYTES: usize = 24;
const COMPANION_BYTES: usize = Category::COUNT * Category::COUNT;
const LOOK_BYTES: usize = 4 + 1 + 1 + ATTRIBUTES.len() + 4 * MOST_COLOURS + 4 + EMBEDDING_VALUES;
/// What version 2 has besides.
const FILED_BYTES: usize = 1 + 2 + 1;
const NO_KIND: u8 = 255;

/// Why a file holds no looks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LooksError {
    /// Of another kind.
    #[error("this is no file of looks: pack the shop again")]
    Format,
    /// Of a later version.
    #[error("looks of version {found}, this reads {VERSION}: update Nearshelf")]
    Version {
        /// What the file says.
        found: u16,
    },
    /// Cut off, or longer than it says.
    #[error(
        "the file of looks has {found} bytes, not {expected}: load it again, or pack the shop again"
    )]
    Length {
        /// Bytes that came.
        found: usize,
        /// Bytes that its header asks for.
        expected: u64,
    },
    /// Changed on its way.
    #[error(
        "the checksum of the file of looks does not match: load it again, or pack the shop again"
    )]
    Checksum,
    /// Written by something else.
    #[error("the file of looks is damaged: look {look} {detail}; pack the shop again")]
    Damaged {
        /// Its place in the file.
        look: usize,
        /// What is wrong with it.
        detail: &'static str,
    },
}

impl Looks {
    /// Writes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body =
            Vec::with_capacity(COMPANION_BYTES + (LOOK_BYTES + FILED_BYTES) * self.len());
        body.extend(self.companions.steps().as_flattened());
        body.extend(self.items.iter().flat_map(|item| item.to_le_bytes()));
        body.extend(self.categories.iter().map(|category| *category as u8));
        body.extend(&self.probabilities);
        body.extend(self.attributes.as_flattened());
        body.extend(self.stored.as_flattened().as_flattened());
        body.extend(self.scales.iter().flat_map(|scale| scale.to_le_bytes()));
        body.extend(self.values.iter().map(|value| value.cast_unsigned()));
        let kind = |kind: &Option<Category>| kind.map_or(NO_KIND, |kind| kind as u8);
        body.extend(self.kinds.iter().map(kind));
        body.extend(self.shelves.iter().flat_map(|shelf| shelf.to_le_bytes()));
        body.extend(
            self.audiences
                .iter()
                .map(|audience| Audience::byte(*audience)),
        );
        let mut bytes = Vec::with_capacity(HEADER_BYTES + body.len());
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((EMBEDDING_VALUES as u16).to_le_bytes());
        bytes.extend((self.len() as u32).to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(xxh3_64(&body).to_le_bytes());
        bytes.extend(body);
        bytes
    }

    /// Reads and checks the file.
    ///
    /// # Errors
    /// [`LooksError`]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LooksError> {
        let mut rest = Rest(bytes);
        let magic = rest.array().ok_or(LooksError::Format)?;
        let version = rest.array().map(u16::from_le_bytes);
        let (MAGIC, Some(version)) = (magic, version) else {
            return Err(LooksError::Format);
        };
        if !(1..=VERSION).contains(&version) {
            return Err(LooksError::Version { found: version });
        }
        let (Some(values), Some(looks), Some(_), Some(checksum)) = (
            rest.array().map(u16::from_le_bytes),
            rest.array().map(u32::from_le_bytes),
            rest.array::<4>(),
            rest.array().map(u64::from_le_bytes),
        ) else {
            return Err(LooksError::Format);
        };
        if usize::from(values) != EMBEDDING_VALUES {
            return Err(LooksError::Format);
        }
        let of_each = LOOK_BYTES + if version == 1 { 0 } else { FILED_BYTES };
        let expected = (HEADER_BYTES + COMPANION_BYTES) as u64 + of_each as u64 * u64::from(looks);
        if bytes.len() as u64 != expected {
            return Err(LooksError::Length {
                found: bytes.len(),
                expected,
            });
        }
        if xxh3_64(rest.0) != checksum {
            return Err(LooksError::Checksum);
        }
        let found = rest.body(looks as usize, version)?;
        found.check()?;
        Ok(found)
    }

    fn check(&self) -> Result<(), LooksError> {
        let damaged = |look, detail| Err(LooksError::Damaged { look, detail });
        if let Some(look) = self.items.windows(2).position(|two| two[0] >= two[1]) {
            return damaged(look + 1, "is of an item that doesn't follow the one before");
        }
        let known = |row: &[u8; ATTRIBUTES.len()]| {
            let groups = ATTRIBUTES.iter().zip(row);
            groups
                .into_iter()
                .all(|(group, value)| usize::from(*value) < group.values.len())
        };
        if let Some(look) = self.attributes.iter().position(|row| !known(row)) {
            return damaged(look, "has an attribute of no known value");
        }
        let scale = |scale: &f32| scale.is_finite() && *scale >= 0.0;
        match self.scales.iter().position(|value| !scale(value)) {
            Some(look) => damaged(
                look,
                "has an embedding whose scale is not a finite number of 0 or more",
            ),
            None => Ok(()),
        }
    }
}

/// Bytes that have not been read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*array)
    }

    /// `count` arrays; fewer where the bytes end, which their length has ruled out.
    fn arrays<const N: usize>(&mut self, count: usize) -> &'a [[u8; N]] {
        let (own, rest) = self.0.split_at((count * N).min(self.0.len()));
        self.0 = rest;
        own.as_chunks().0
    }

    fn body(&mut self, looks: usize, version: u16) -> Result<Looks, LooksError> {
        let mut steps = [[0; Category::COUNT]; Category::COUNT];
        for (row, stored) in steps.iter_mut().zip(self.arrays(Category::COUNT)) {
            *row = *stored;
        }
        let items = self
            .arrays(looks)
            .iter()
            .map(|item| u32::from_le_bytes(*item));
        let items = items.collect();
        let categories = self
            .arrays::<1>(looks)
            .iter()
            .enumerate()
            .map(|(look, [category])| {
                Category::from_index(usize::from(*category)).ok_or(LooksError::Damaged {
                    look,
                    detail: "is of no known category",
                })
            });
        let categories = categories.collect::<Result<Vec<_>, _>>()?;
        let probabilities = self.arrays::<1>(looks).as_flattened().to_vec();
        let attributes = self.arrays(looks).to_vec();
        let colours: &[[u8; 4]] = self.arrays(looks * MOST_COLOURS);
        let stored = colours.as_chunks::<MOST_COLOURS>().0.to_vec();
        let scales = self
            .arrays(looks)
            .iter()
            .map(|scale| f32::from_le_bytes(*scale));
        let scales = scales.collect();
        let values: &[[u8; EMBEDDING_VALUES]] = self.arrays(looks);
        let values = values.as_flattened().iter();
        let values = values.map(|value| value.cast_signed()).collect();
        let kinds = if version == 1 {
            categories.iter().copied().map(Some).collect()
        } else {
            self.kinds(looks)?
        };
        // Of version 1 nothing is left, and nothing is filed.
        let shelves = self.arrays(looks).iter();
        let mut shelves: Vec<_> = shelves.map(|shelf| u16::from_le_bytes(*shelf)).collect();
        shelves.resize(looks, 0);
        let mut audiences = self.audiences(looks)?;
        audiences.resize(looks, None);
        Ok(Looks {
            items,
            categories,
            probabilities,
            attributes,
            swatches: stored.iter().map(in_oklab).collect(),
            stored,
            scales,
            values,
            kinds,
            shelves,
            audiences,
            companions: Companions::of_steps(steps),
        })
    }

    fn kinds(&mut self, looks: usize) -> Result<Vec<Option<Category>>, LooksError> {
        let kinds = self.arrays::<1>(looks).iter().enumerate();
        let kinds = kinds.map(|(look, [kind])| match *kind {
            NO_KIND => Ok(None),
            kind => Category::from_index(usize::from(kind))
                .map(Some)
                .ok_or(LooksError::Damaged {
                    look,
                    detail: "is of no known kind",
                }),
        });
        kinds.collect()
    }

    fn audiences(&mut self, looks: usize) -> Result<Vec<Option<Audience>>, LooksError> {
        let audiences = self.arrays::<1>(looks).iter().enumerate();
        let audiences = audiences.map(|(look, [audience])| {
            Audience::from_byte(*audience).ok_or(LooksError::Damaged {
                look,
                detail: "is for nobody that is known",
            })
        });
        audiences.collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, clippy::panic)]

    use super::super::testing::{look, looks};
    use super::super::{Filed, Named};
    use super::*;
    use proptest::prelude::*;

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
        let read =
            |version| Looks::from_bytes(&std::fs::read(fixture(version)).expect("the fixture"));
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
}
