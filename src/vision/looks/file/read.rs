//! Reading it, and checking what was read.

use super::{
    COMPANION_BYTES, FILED_BYTES, HEADER_BYTES, LOOK_BYTES, LooksError, MAGIC, NO_KIND, VERSION,
};
use crate::looks::{Audience, Companions, Looks, in_oklab};
use crate::{ATTRIBUTES, Category, EMBEDDING_VALUES, palette::MOST_COLOURS};
use xxhash_rust::xxh3::xxh3_64;

impl Looks {
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
