//! Turns a pack in memory into files.

use super::{
    ChunkInfo, ChunkKind, Embeddings, FORMAT_VERSION, Manifest, ModelInfo, Pack, PackError,
    Sharding, Stage,
    chunk::{encode, sha256_hex},
    columns::{ItemColumns, too_deep},
};
use crate::{Item, item::MAX_CATEGORY_LEVELS};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Items in one chunk of a table.
pub(super) const ITEMS_A_CHUNK: usize = 16_384;

/// Pictures are split into chunks of about this size, so that they stream.
const IMAGE_CHUNK_BYTES: usize = 4 << 20;

/// Demand of a run of items as a chunk stores it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PopularityColumns {
    pub first: u32,
    pub scores: Vec<u8>,
    pub trends: Vec<i8>,
}

/// Embeddings of a run of items as a chunk stores them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EmbeddingColumns {
    pub first: u32,
    pub dim: u32,
    pub scales: Vec<f32>,
    pub values: Vec<i8>,
}

impl EmbeddingColumns {
    /// The rows of a range of items; `None` where there are not as many.
    fn of(embeddings: &Embeddings, first: u32, items: Range<usize>) -> Option<Self> {
        let dim = embeddings.dim;
        let values = embeddings.values.get(items.start * dim..items.end * dim)?;
        Some(Self {
            first,
            dim: dim as u32,
            scales: embeddings.scales.get(items)?.to_vec(),
            values: values.to_vec(),
        })
    }
}

/// Collects the files of a pack. Equal input gives equal bytes.
#[derive(Debug)]
pub struct PackWriter {
    manifest: Manifest,
    files: Vec<(String, Vec<u8>)>,
}

impl PackWriter {
    /// Writes all tables. `created` is the manifest's time stamp, RFC 3339.
    ///
    /// # Errors
    /// [`PackError::Inconsistent`] when a table's length is not the number of items, a category has more levels
    /// than readers take, or a table is beyond 4 GiB.
    pub fn new(pack: &Pack, created: &str) -> Result<Self, PackError> {
        let inconsistent = |detail: &str| PackError::Inconsistent {
            detail: detail.to_owned(),
        };
        let item_count =
            u32::try_from(pack.items.len()).map_err(|_| inconsistent("more than 2^32 items"))?;
        let mut writer = Self {
            manifest: Manifest::new(created.to_owned(), item_count),
            files: Vec::new(),
        };
        writer.manifest.locales = locales(pack);
        writer.manifest.for_you = pack.blend;
        writer.manifest.text_mean.clone_from(&pack.text_mean);
        if pack.blend.is_some()
            || !pack.text_mean.is_empty()
            || pack.text_embeddings.is_some()
            || pack.neighbours.has_fitted()
            || !pack.merchandising.is_empty()
        {
            writer.manifest.version = 2;
        }
        let items: Vec<&Item> = pack.items.iter().collect();
        let texts = items.iter().flat_map(|item| &item.texts);
        if let Some(levels) = texts
            .map(|text| text.category.len())
            .find(|&levels| levels > MAX_CATEGORY_LEVELS)
        {
            return Err(inconsistent(&too_deep(levels)));
        }
        let (scores, trends) = pack.popularity.columns();
        if !scores.is_empty() && (scores.len() != items.len() || trends.len() != items.len()) {
            return Err(inconsistent("popularity and items differ in number"));
        }
        for (run, first) in items
            .chunks(ITEMS_A_CHUNK)
            .zip((0_u32..).step_by(ITEMS_A_CHUNK))
        {
            let count = run.len() as u32;
            let range = first as usize..first as usize + run.len();
            writer.chunk(ChunkKind::Items, first, &ItemColumns::new(first, run))?;
            writer.chunk(
                ChunkKind::Neighbours,
                first,
                &pack.neighbours.columns(first, count),
            )?;
            if let (Some(scores), Some(trends)) =
                (scores.get(range.clone()), trends.get(range.clone()))
            {
                let table = PopularityColumns {
                    first,
                    scores: scores.to_vec(),
                    trends: trends.to_vec(),
                };
                writer.chunk(ChunkKind::Popularity, first, &table)?;
            }
            let spaces = [
                (ChunkKind::Embeddings, &pack.embeddings),
                (ChunkKind::TextEmbeddings, &pack.text_embeddings),
            ];
            for (kind, embeddings) in spaces {
                if let Some(embeddings) = embeddings {
                    let table = EmbeddingColumns::of(embeddings, first, range.clone())
                        .ok_or_else(|| inconsistent("embeddings and items differ in number"))?;
                    writer.chunk(kind, first, &table)?;
                }
            }
        }
        if !pack.merchandising.is_empty() {
            pack.merchandising.check(item_count)?;
            writer.chunk(ChunkKind::Merchandising, 0, &pack.merchandising)?;
        }
        for columns in pack.images.columns(IMAGE_CHUNK_BYTES) {
            writer.chunk(ChunkKind::Images, 0, &columns)?;
        }
        Ok(writer)
    }

    fn chunk<T: Serialize>(
        &mut self,
        kind: ChunkKind,
        first_item: u32,
        table: &T,
    ) -> Result<(), PackError> {
        let bytes = encode(kind, table).ok_or_else(|| PackError::Inconsistent {
            detail: format!("a chunk of {} is beyond 4 GiB", kind.as_str()),
        })?;
        let sha256 = sha256_hex(&bytes);
        // There are many of those.
        let folder = if kind.stage() == Stage::OnDemand {
            "shards/"
        } else {
            ""
        };
        let short = sha256.get(..16).unwrap_or(&sha256);
        let path = format!("{folder}{}-{short}.bin", kind.as_str());
        let size_bytes = bytes.len() as u64;
        self.manifest.chunks.push(ChunkInfo {
            path: path.clone(),
            kind,
            stage: kind.stage(),
            size_bytes,
            sha256,
            first_item,
        });
        self.files.push((path, bytes));
        Ok(())
    }

    /// Adds embeddings in shards, to a pack without any.
    ///
    /// # Errors
    /// [`PackError::Inconsistent`] when the lists aren't those of the rows, or rows and items differ in number.
    pub fn shards(&mut self, rows: &Embeddings, sharding: &Sharding) -> Result<(), PackError> {
        let (lists, shards) = sharding.columns(rows, self.manifest.item_count)?;
        self.manifest.version = FORMAT_VERSION;
        self.chunk(ChunkKind::Lists, 0, &lists)?;
        shards
            .iter()
            .try_for_each(|shard| self.chunk(ChunkKind::Shard, shard.list, shard))
    }

    /// Adds a compiled model.
    pub fn model(&mut self, name: &str, plan: Vec<u8>) {
        let info = self.file("models", name, "plan", plan);
        self.manifest.models.push(info);
    }

    /// Adds a part of the shop assistant; `extension` is that of its file.
    pub fn chat(&mut self, name: &str, extension: &str, bytes: Vec<u8>) {
        let info = self.file("chat", name, extension, bytes);
        self.manifest.chat.push(info);
    }

    /// Adds a part of what sees; `extension` is that of its file.
    pub fn vision(&mut self, name: &str, extension: &str, bytes: Vec<u8>) {
        let info = self.file("vision", name, extension, bytes);
        self.manifest.vision.push(info);
    }

    fn file(&mut self, folder: &str, name: &str, extension: &str, bytes: Vec<u8>) -> ModelInfo {
        let sha256 = sha256_hex(&bytes);
        let short = sha256.get(..16).unwrap_or(&sha256);
        let info = ModelInfo {
            name: name.to_owned(),
            path: format!("{folder}/{name}-{short}.{extension}"),
            size_bytes: bytes.len() as u64,
            sha256,
        };
        self.files.push((info.path.clone(), bytes));
        info
    }

    /// What has been written so far.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The files by path, `manifest.json` last.
    ///
    /// # Errors
    /// [`PackError::BadManifest`] when the manifest can't be written down.
    pub fn finish(self) -> Result<Vec<(String, Vec<u8>)>, PackError> {
        let mut json =
            serde_json::to_vec_pretty(&self.manifest).map_err(|e| PackError::BadManifest {
                detail: e.to_string(),
            })?;
        json.push(b'\n');
        let mut files = self.files;
        files.push(("manifest.json".to_owned(), json));
        Ok(files)
    }
}

/// Locales of all texts, most frequent first, then by name.
fn locales(pack: &Pack) -> Vec<String> {
    let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for text in pack.items.iter().flat_map(|item| &item.texts) {
        *counts.entry(text.locale.as_str()).or_default() += 1;
    }
    let mut sorted: Vec<(&str, usize)> = counts.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    sorted
        .into_iter()
        .map(|(locale, _)| locale.to_owned())
        .collect()
}
