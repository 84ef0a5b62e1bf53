//! A tagger as it is written down: `[[row, tag, weight], …]` would be long, so rows that weigh nothing are left out.

use super::{BUCKETS, TAGS, Tagger};
use crate::base64;
use serde::{Deserialize, Serialize};

const FORMAT: &str = "nearshelf-chat-tagger";
const VERSION: u16 = 2;

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
    /// f32, little endian, `[rows]`.
    scales: String,
    /// The same, `[tags + 1, tags]`.
    transitions: String,
}

fn floats(values: impl IntoIterator<Item = f32>) -> String {
    let bytes: Vec<u8> = values.into_iter().flat_map(f32::to_le_bytes).collect();
    base64::encode(&bytes)
}

fn read_floats(bytes: &[u8]) -> Option<Vec<f32>> {
    let floats: Vec<f32> = bytes
        .chunks_exact(4)
        .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
        .collect();
    floats
        .iter()
        .all(|value| value.is_finite())
        .then_some(floats)
}

impl Serialize for Tagger {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = vec![0_u8; BUCKETS / 8];
        let (mut emissions, mut scales) = (Vec::new(), Vec::new());
        for (at, row) in self
            .emissions
            .chunks(TAGS)
            .enumerate()
            .filter(|(_, row)| row.iter().any(|weight| *weight != 0))
        {
            rows[at / 8] |= 1 << (at % 8);
            emissions.extend(row.iter().map(|weight| weight.cast_unsigned()));
            scales.push(self.scales[at]);
        }
        let file = TaggerFile {
            format: FORMAT.to_owned(),
            version: VERSION,
            rows: base64::encode(&rows),
            emissions: base64::encode(&emissions),
            scales: floats(scales),
            transitions: floats(self.transitions.iter().copied()),
        };
        file.serialize(serializer)
    }
}

impl TryFrom<TaggerFile> for Tagger {
    type Error = TaggerError;

    fn try_from(file: TaggerFile) -> Result<Self, TaggerError> {
        if file.format != FORMAT || file.version != VERSION {
            return Err(TaggerError::Format {
                format: file.format,
                version: file.version,
            });
        }
        let decode =
            |text: &str| base64::decode(text).ok_or(TaggerError::Damaged("a table is no base64"));
        let numbers = |text: &str| {
            read_floats(&decode(text)?).ok_or(TaggerError::Damaged("a number is not finite"))
        };
        let (rows, packed) = (decode(&file.rows)?, decode(&file.emissions)?);
        let (row_scales, transitions) = (numbers(&file.scales)?, numbers(&file.transitions)?);
        let known: usize = rows.iter().map(|byte| byte.count_ones() as usize).sum();
        let fits = packed.len() == known * TAGS && row_scales.len() == known;
        if rows.len() != BUCKETS / 8 || !fits || transitions.len() != (TAGS + 1) * TAGS {
            return Err(TaggerError::Damaged("a table has another size"));
        }
        let (mut emissions, mut scales) = (vec![0_i8; BUCKETS * TAGS], vec![0.0; BUCKETS]);
        let mut packed = packed.chunks(TAGS).zip(row_scales);
        for (at, row) in emissions.chunks_mut(TAGS).enumerate() {
            if rows[at / 8] >> (at % 8) & 1 == 1
                && let Some((weights, scale)) = packed.next()
            {
                scales[at] = scale;
                for (value, weight) in row.iter_mut().zip(weights) {
                    *value = weight.cast_signed();
                }
            }
        }
        Ok(Self {
            emissions,
            scales,
            transitions,
        })
    }
}

impl<'de> Deserialize<'de> for Tagger {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(TaggerFile::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
