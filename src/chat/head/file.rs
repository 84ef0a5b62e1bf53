//! `head.json`: a head as it is written down.

use super::{BUCKETS, Calibration, Head, Rarity};
use crate::base64;
use serde::{Deserialize, Serialize};

const FORMAT: &str = "nearshelf-chat-head";
const VERSION: u16 = 1;
/// Most classes and values of an embedding that a file may have.
const MOST_CLASSES: usize = 1_000;
const MOST_DIM: usize = 2_048;

/// Why a file is no head.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum HeadError {
    /// Of another kind.
    #[error("this is no head of the chat (format {found:?}): make one with nearshelf chat train")]
    Format {
        /// What it says that it is.
        found: String,
    },
    /// Of a later version.
    #[error("head version {found} is newer than {VERSION}: update Nearshelf")]
    Version {
        /// What it says.
        found: u16,
    },
    /// Its parts don't fit together.
    #[error("the head is damaged: {detail}; make it anew with nearshelf chat train")]
    Damaged {
        /// What doesn't fit.
        detail: &'static str,
    },
}

/// Everything in a file. Numbers of bytes are in base64.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadFile {
    format: String,
    version: u16,
    classes: Vec<String>,
    calibration: Calibration,
    /// Texts that it was fitted on.
    texts: u32,
    buckets: u32,
    /// By bucket, in how many texts, as u16, little endian; base64.
    counts: String,
    /// Values of an embedding, and what its length is multiplied by.
    dim: usize,
    embedding_length: f32,
    scales: Vec<f32>,
    /// i8, `[buckets with a count + dim + 1, classes]`; base64.
    weights: String,
}

impl From<&Head> for HeadFile {
    fn from(head: &Head) -> Self {
        // Rows in order of bucket, so that the counts say where each lies.
        let classes = head.classes.len();
        let row = |place: usize| &head.values[place * classes..(place + 1) * classes];
        let mut values: Vec<i8> = Vec::with_capacity(head.values.len());
        let mut counts: Vec<u8> = Vec::new();
        for (bucket, &place) in head.places.iter().enumerate() {
            let count = match place {
                u32::MAX => 0,
                place => {
                    values.extend(row(place as usize));
                    head.rarity
                        .counts
                        .get(bucket)
                        .copied()
                        .unwrap_or(0)
                        .clamp(1, u32::from(u16::MAX))
                }
            };
            counts.extend((count as u16).to_le_bytes());
        }
        let rows = head.values.len() / classes.max(1);
        values.extend_from_slice(&head.values[(rows - head.dim - 1) * classes..]);
        let values: Vec<u8> = values.into_iter().map(i8::cast_unsigned).collect();
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            classes: head.classes.clone(),
            calibration: head.calibration,
            texts: head.rarity.texts,
            buckets: BUCKETS,
            counts: base64::encode(&counts),
            dim: head.dim,
            embedding_length: head.embedding_length,
            scales: head.scales.clone(),
            weights: base64::encode(&values),
        }
    }
}

impl TryFrom<HeadFile> for Head {
    type Error = HeadError;

    fn try_from(file: HeadFile) -> Result<Self, HeadError> {
        let damaged = |detail| Err(HeadError::Damaged { detail });
        if file.format != FORMAT {
            return Err(HeadError::Format { found: file.format });
        }
        if file.version > VERSION {
            return Err(HeadError::Version {
                found: file.version,
            });
        }
        let classes = file.classes.len();
        if !(2..=MOST_CLASSES).contains(&classes) || file.scales.len() != classes {
            return damaged("there must be 2 to 1,000 classes, each with a scale");
        }
        let Calibration {
            temperature,
            refusal_temperature,
            threshold,
        } = file.calibration;
        let numbers = [
            temperature,
            refusal_temperature,
            threshold,
            file.embedding_length,
        ]
        .into_iter()
        .chain(file.scales.iter().copied());
        if numbers.into_iter().any(|number| !number.is_finite())
            || temperature <= 0.0
            || refusal_temperature <= 0.0
        {
            return damaged("a number is not finite, or a temperature not above 0");
        }
        let counts = base64::decode(&file.counts).unwrap_or_default();
        if file.buckets != BUCKETS || counts.len() != 2 * BUCKETS as usize || file.dim > MOST_DIM {
            return damaged("the table of n-grams has another size");
        }
        let counts: Vec<u32> = counts
            .chunks(2)
            .map(|two| u32::from(u16::from_le_bytes([two[0], two[1]])))
            .collect();
        let mut known = 0;
        let places = counts.iter().map(|count| match count {
            0 => u32::MAX,
            _ => {
                known += 1;
                known - 1
            }
        });
        let places: Vec<u32> = places.collect();
        let values = base64::decode(&file.weights).unwrap_or_default();
        if values.len() != (known as usize + file.dim + 1) * classes {
            return damaged("the weights have another number");
        }
        Ok(Head {
            classes: file.classes,
            rarity: Rarity {
                texts: file.texts,
                counts,
            },
            places,
            values: values.into_iter().map(u8::cast_signed).collect(),
            scales: file.scales,
            dim: file.dim,
            embedding_length: file.embedding_length,
            calibration: file.calibration,
        })
    }
}

impl Serialize for Head {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        HeadFile::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Head::try_from(HeadFile::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
