//! A tagger as it is written down: of the rows that weigh anything which tags they weigh for, and how much.

use super::{TAGS, Tagger, table::Table};
use crate::base64;
use serde::{Deserialize, Serialize};

const FORMAT: &str = "nearshelf-chat-tagger";
const VERSION: u16 = 3;
/// The version before wrote all weights of a row, and a scale for each.
const WITH_SCALES: u16 = 2;
/// Bytes that say which tags a row weighs for.
const TAG_BYTES: usize = TAGS.div_ceil(8);
/// Most rows that features may hash into: a tagger with more is none of ours.
const MOST_ROWS: usize = 1 << 20;

/// Why a file is no tagger.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TaggerError {
    /// Of another kind or a later version.
    #[error(
        "this is no tagger that this version reads (format {format:?}, version {version}): make one with nearshelf chat train"
    )]
    Format {
        /// What it says that it is.
        format: String,
        /// What it says.
        version: u16,
    },
    /// Its parts don't fit together.
    #[error("the tagger is damaged: {0}; make it anew with nearshelf chat train")]
    Damaged(&'static str),
}

/// Everything in a file; bytes in base64.
#[derive(Serialize, Deserialize)]
struct TaggerFile {
    format: String,
    version: u16,
    /// A bit a row: whether it is there.
    #[serde(default)]
    rows: String,
    /// A bit a tag of each row that is there, the lowest first, in [`TAG_BYTES`]: whether it weighs for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    tags: String,
    /// i8, of those tags, row by row.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    weights: String,
    /// What one weighs: above 0.
    #[serde(default)]
    step: f32,
    /// f32, little endian, `[tags + 1, tags]`.
    #[serde(default)]
    transitions: String,
    /// Version 2: i8, `[rows that are there, tags]`.
    #[serde(default, skip_serializing)]
    emissions: String,
    /// Version 2: f32, little endian, a row.
    #[serde(default, skip_serializing)]
    scales: String,
}

fn floats(values: &[f32]) -> String {
    let bytes: Vec<u8> = values.iter().copied().flat_map(f32::to_le_bytes).collect();
    base64::encode(&bytes)
}

fn decoded(text: &str) -> Result<Vec<u8>, TaggerError> {
    base64::decode(text).ok_or(TaggerError::Damaged("a table is no base64"))
}

fn read_floats(text: &str) -> Result<Vec<f32>, TaggerError> {
    let floats: Vec<f32> = decoded(text)?
        .chunks_exact(4)
        .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
        .collect();
    if floats.iter().all(|value| value.is_finite()) {
        Ok(floats)
    } else {
        Err(TaggerError::Damaged("a number is not finite"))
    }
}

impl Serialize for Tagger {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mut tags, mut weights) = (Vec::new(), Vec::new());
        for row in self.table.rows() {
            let mut weighs = [0_u8; TAG_BYTES];
            for (tag, weight) in row.iter().enumerate().filter(|(_, weight)| **weight != 0) {
                weighs[tag / 8] |= 1 << (tag % 8);
                weights.push(weight.cast_unsigned());
            }
            tags.extend(weighs);
        }
        let file = TaggerFile {
            format: FORMAT.to_owned(),
            version: VERSION,
            rows: base64::encode(self.table.known()),
            tags: base64::encode(&tags),
            weights: base64::encode(&weights),
            step: self.table.step(),
            transitions: floats(&self.transitions),
            emissions: String::new(),
            scales: String::new(),
        };
        file.serialize(serializer)
    }
}

impl TaggerFile {
    /// `[rows, TAGS]` of the rows that are there, and what one weighs.
    fn weights(&self, rows: usize) -> Result<(Vec<i8>, f32), TaggerError> {
        if !(self.step.is_finite() && self.step > 0.0) {
            return Err(TaggerError::Damaged("its step is no number above 0"));
        }
        let (tags, mut weights) = (decoded(&self.tags)?, decoded(&self.weights)?.into_iter());
        if tags.len() != rows * TAG_BYTES {
            return Err(TaggerError::Damaged("a table has another size"));
        }
        let mut rows = Vec::with_capacity(rows * TAGS);
        for weighs in tags.chunks(TAG_BYTES) {
            for tag in 0..TAGS {
                let weighs = weighs
                    .get(tag / 8)
                    .is_some_and(|byte| byte >> (tag % 8) & 1 == 1);
                let weight = if weighs { weights.next() } else { Some(0) };
                let weight = weight.ok_or(TaggerError::Damaged("weights are missing"))?;
                rows.push(weight.cast_signed());
            }
        }
        if weights.next().is_some() {
            return Err(TaggerError::Damaged("there are more weights than it says"));
        }
        Ok((rows, self.step))
    }

    /// The same of a file of version 2, whose rows had a scale each.
    fn scaled_weights(&self, rows: usize) -> Result<(Vec<i8>, f32), TaggerError> {
        let (weights, scales) = (decoded(&self.emissions)?, read_floats(&self.scales)?);
        if scales.len() != rows || weights.len() != rows * TAGS {
            return Err(TaggerError::Damaged("a table has another size"));
        }
        let step = scales
            .iter()
            .fold(f32::MIN_POSITIVE, |most, scale| most.max(*scale));
        let rows = weights.chunks(TAGS).zip(&scales).flat_map(|(row, scale)| {
            let weight = move |weight: &u8| f32::from(weight.cast_signed()) * scale / step;
            row.iter().map(weight).map(|weight| weight.round() as i8)
        });
        Ok((rows.collect(), step))
    }
}

impl TryFrom<TaggerFile> for Tagger {
    type Error = TaggerError;

    fn try_from(file: TaggerFile) -> Result<Self, TaggerError> {
        if file.format != FORMAT || !matches!(file.version, VERSION | WITH_SCALES) {
            return Err(TaggerError::Format {
                format: file.format,
                version: file.version,
            });
        }
        let (known, transitions) = (decoded(&file.rows)?, read_floats(&file.transitions)?);
        if known.len() > MOST_ROWS / 8 {
            return Err(TaggerError::Damaged("it has more rows than any of ours"));
        }
        if transitions.len() != (TAGS + 1) * TAGS {
            return Err(TaggerError::Damaged("a table has another size"));
        }
        let rows = known.iter().map(|byte| byte.count_ones() as usize).sum();
        let (weights, step) = if file.version == VERSION {
            file.weights(rows)?
        } else {
            file.scaled_weights(rows)?
        };
        let table = Table::new(known, weights, step);
        Ok(Self {
            table: table.ok_or(TaggerError::Damaged("a table has another size"))?,
            transitions,
        })
    }
}

impl<'de> Deserialize<'de> for Tagger {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(TaggerFile::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
