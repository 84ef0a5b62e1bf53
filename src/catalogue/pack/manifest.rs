//! `manifest.json`: what a pack consists of.

use super::{ForYouBlend, PackError};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The newest version of the pack format that this crate reads, written where embeddings come in shards. 2 is written where
/// a pack holds what version 1 doesn't know (a blend, text embeddings or their mean, fitted neighbours, a merchant's
/// rules), and 1 elsewhere.
pub const FORMAT_VERSION: u16 = 3;

/// `format` of every manifest.
const FORMAT: &str = "nearshelf-pack";

/// Most items, chunks and bytes of a chunk that a manifest may announce.
const MAX_ITEMS: u32 = 10_000_000;
const MAX_CHUNKS: usize = 100_000;
const MAX_CHUNK_BYTES: u64 = 1 << 30;
/// Most values of an embedding.
const MAX_DIM: usize = 1 << 16;

/// What a pack consists of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `nearshelf-pack`.
    pub format: String,
    /// Format version.
    pub version: u16,
    /// When it was packed, RFC 3339.
    pub created: String,
    /// Items in all item chunks together.
    pub item_count: u32,
    /// Locales that the items have texts in, most frequent first.
    #[serde(default)]
    pub locales: Vec<String>,
    /// Tables.
    pub chunks: Vec<ChunkInfo>,
    /// Compiled models.
    #[serde(default)]
    pub models: Vec<ModelInfo>,
    /// What the shop assistant is made of, fetched only where it is shown: `head`, `words`, `tagger`, `answers`, `encoder`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chat: Vec<ModelInfo>,
    /// What sees, fetched only where an element needs it: `looks` of the items' pictures, the models `garment` and
    /// `person`, and what stands in for the latter: `people` says how, `segmentation` and `pose` are the models.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vision: Vec<ModelInfo>,
    /// Mean of the text embeddings, which was taken off each, where it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text_mean: Vec<f32>,
    /// How `for-you` is scored, where it was fitted to the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_you: Option<ForYouBlend>,
}

/// When a file is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Before the first recommendation.
    First,
    /// To make recommendations better.
    Refine,
    /// When something close to what it holds is sought.
    OnDemand,
}

impl Stage {
    /// Name in manifests and in the browser.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Refine => "refine",
            Self::OnDemand => "on-demand",
        }
    }
}

/// Which table a chunk holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChunkKind {
    /// Item table.
    Items,
    /// Item–item neighbours.
    Neighbours,
    /// Demand and trend.
    Popularity,
    /// Pictures.
    Images,
    /// q8 rows.
    Embeddings,
    /// q8 rows in the text encoder's space, where that isn't the space of `Embeddings`.
    TextEmbeddings,
    /// The merchant's rules and synonyms.
    Merchandising,
    /// Lists of embeddings, which come in shards: their centres, and which list each item is in.
    Lists,
    /// The embeddings of a list, or a part of them.
    Shard,
}

impl ChunkKind {
    /// Name in paths and manifests.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Items => "items",
            Self::Neighbours => "neighbours",
            Self::Popularity => "popularity",
            Self::Images => "images",
            Self::Embeddings => "embeddings",
            Self::TextEmbeddings => "text-embeddings",
            Self::Merchandising => "merchandising",
            Self::Lists => "lists",
            Self::Shard => "shard",
        }
    }

    /// When it is needed.
    #[must_use]
    pub fn stage(self) -> Stage {
        match self {
            Self::Items | Self::Neighbours | Self::Popularity | Self::Merchandising => Stage::First,
            Self::Images | Self::Embeddings | Self::TextEmbeddings | Self::Lists => Stage::Refine,
            Self::Shard => Stage::OnDemand,
        }
    }

    pub(super) fn code(self) -> u8 {
        match self {
            Self::Items => 1,
            Self::Neighbours => 2,
            Self::Popularity => 3,
            Self::Images => 4,
            Self::Embeddings => 5,
            Self::TextEmbeddings => 6,
            Self::Merchandising => 7,
            Self::Lists => 8,
            Self::Shard => 9,
        }
    }
}

/// One chunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkInfo {
    /// Relative to the manifest.
    pub path: String,
    /// Which table.
    pub kind: ChunkKind,
    /// When it is needed.
    pub stage: Stage,
    /// Length of the file.
    pub size_bytes: u64,
    /// Of the file, lower-case hex.
    pub sha256: String,
    /// Index of the first item it speaks of; of a shard, the number of its list.
    pub first_item: u32,
}

/// One compiled model, or a part of the shop assistant or of what sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// What it is for: `for-you`, `head`.
    pub name: String,
    /// Relative to the manifest.
    pub path: String,
    /// Length of the file.
    pub size_bytes: u64,
    /// Of the file, lower-case hex.
    pub sha256: String,
}

/// What a future version must keep, so that its readers' message can be right.
#[derive(Deserialize)]
struct Preamble {
    format: String,
    version: u16,
}

impl Manifest {
    /// An empty manifest of the first version.
    pub(super) fn new(created: String, item_count: u32) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: 1,
            created,
            item_count,
            locales: Vec::new(),
            chunks: Vec::new(),
            models: Vec::new(),
            chat: Vec::new(),
            vision: Vec::new(),
            text_mean: Vec::new(),
            for_you: None,
        }
    }

    /// Reads and checks `manifest.json`.
    ///
    /// # Errors
    /// [`PackError::BadManifest`], [`PackError::UnsupportedVersion`], [`PackError::UnsafePath`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, PackError> {
        let bad = |detail: String| PackError::BadManifest { detail };
        let preamble: Preamble = serde_json::from_slice(bytes).map_err(|e| bad(e.to_string()))?;
        if preamble.format != FORMAT {
            return Err(bad(format!("format is {:?}", preamble.format)));
        }
        if preamble.version > FORMAT_VERSION {
            return Err(PackError::UnsupportedVersion {
                found: preamble.version,
                supported: FORMAT_VERSION,
            });
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(|e| bad(e.to_string()))?;
        manifest.check()?;
        Ok(manifest)
    }

    /// Everything beside the tables: models, and the parts of the shop assistant and of what sees.
    pub fn parts(&self) -> impl Iterator<Item = &ModelInfo> {
        self.models.iter().chain(&self.chat).chain(&self.vision)
    }

    fn check(&self) -> Result<(), PackError> {
        let bad = |detail: String| Err(PackError::BadManifest { detail });
        if self.version == 0 {
            return bad("version 0".to_owned());
        }
        if self.item_count > MAX_ITEMS {
            return bad(format!("{} items, at most {MAX_ITEMS}", self.item_count));
        }
        let files = self.chunks.len() + self.parts().count();
        if files > MAX_CHUNKS {
            return bad(format!("{files} files, at most {MAX_CHUNKS}"));
        }
        let chunks = self
            .chunks
            .iter()
            .map(|c| (&c.path, &c.sha256, c.size_bytes));
        let models = self.parts().map(|m| (&m.path, &m.sha256, m.size_bytes));
        let mut seen = HashSet::new();
        for (path, sha256, size_bytes) in chunks.chain(models) {
            if !is_plain(path) {
                return Err(PackError::UnsafePath { path: path.clone() });
            }
            if !seen.insert(path) {
                return bad(format!("{path:?} is named twice"));
            }
            if sha256.len() != 64
                || !sha256
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            {
                return bad(format!(
                    "the SHA-256 of {path:?} is not 64 lower-case hex digits"
                ));
            }
            if size_bytes > MAX_CHUNK_BYTES {
                return bad(format!(
                    "{path:?} would be {size_bytes} bytes, at most {MAX_CHUNK_BYTES}"
                ));
            }
        }
        if self.text_mean.len() > MAX_DIM || self.text_mean.iter().any(|x| !x.is_finite()) {
            return bad(format!(
                "text_mean has more than {MAX_DIM} values, or one that is no number"
            ));
        }
        if let Some(problem) = self.for_you.and_then(|blend| blend.problem()) {
            return bad(problem);
        }
        match self
            .chunks
            .iter()
            .find(|chunk| chunk.first_item > self.item_count)
        {
            Some(chunk) => bad(format!("{:?} begins behind the last item", chunk.path)),
            None => Ok(()),
        }
    }
}

/// Letters, digits, `-`, `_`, `.` and `/` only; no empty, `.` or `..` segment: it can't leave the folder,
/// name another origin or carry a query.
fn is_plain(path: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
    path.len() <= 200
        && path.bytes().all(plain)
        && path
            .split('/')
            .all(|segment| !segment.is_empty() && !segment.bytes().all(|b| b == b'.'))
}
