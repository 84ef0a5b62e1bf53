//! A tagger as it is written down: `[[row, tag, weight], …]` would be long, so rows that weigh nothing are left out.

use super::{BUCKETS, TAGS, Tagger};
use crate::base64;
use serde::{Deserialize, Serialize};

const FORMAT: &str = "nearshelf-chat-tagger";
const VERSION: u16 = 1;

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
    /// A bit a row: whether it has weights.
    rows: String,
    /// i8, `[rows, tags]`.
    emissions: String,
    /// i8, `[tags + 1, tags]`.
    transitions: String,
}

fn bytes(values: &[i8]) -> Vec<u8> {
    values.iter().map(|value| value.cast_unsigned()).collect()
}

impl Serialize for Tagger {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = vec![0_u8; BUCKETS / 8];
        let mut emissions = Vec::new();
        for (at, row) in self
            .emissions
            .chunks(TAGS)
            .enumerate()
            .filter(|(_, row)| row.iter().any(|weight| *weight != 0))
        {
            rows[at / 8] |= 1 << (at % 8);
            emissions.extend(bytes(row));
        }
        let file = TaggerFile {
            format: FORMAT.to_owned(),
            version: VERSION,
            rows: base64::encode(&rows),
            emissions: base64::encode(&emissions),
            transitions: base64::encode(&bytes(&self.transitions)),
        };
        file.serialize(serializer)
    }
}

impl TryFrom<TaggerFile> for Tagger {
    type Error = TaggerError;

    fn try_from(file: TaggerFile) -> Result<Self, TaggerError> {
        if file.format != FORMAT || file.version > VERSION {
            return Err(TaggerError::Format {
                format: file.format,
                version: file.version,
            });
        }
        let decode =
            |text: &str| base64::decode(text).ok_or(TaggerError::Damaged("a table is no base64"));
        let (rows, packed, transitions) = (
            decode(&file.rows)?,
            decode(&file.emissions)?,
            decode(&file.transitions)?,
        );
        let known: usize = rows.iter().map(|byte| byte.count_ones() as usize).sum();
        if rows.len() != BUCKETS / 8
            || packed.len() != known * TAGS
            || transitions.len() != (TAGS + 1) * TAGS
        {
            return Err(TaggerError::Damaged("a table has another size"));
        }
        let mut emissions = vec![0_i8; BUCKETS * TAGS];
        let mut packed = packed.chunks(TAGS);
        for (at, row) in emissions.chunks_mut(TAGS).enumerate() {
            if rows[at / 8] >> (at % 8) & 1 == 1
                && let Some(weights) = packed.next()
            {
                for (value, weight) in row.iter_mut().zip(weights) {
                    *value = weight.cast_signed();
                }
            }
        }
        let transitions = transitions.into_iter().map(u8::cast_signed).collect();
        Ok(Self {
            emissions,
            transitions,
        })
    }
}

impl<'de> Deserialize<'de> for Tagger {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(TaggerFile::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
