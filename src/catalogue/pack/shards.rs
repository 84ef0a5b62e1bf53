//! Embeddings that are too many to load: rows in lists around centres, each list in files of its own.

use super::{
    ChunkInfo, ChunkKind, Embeddings, Manifest, PackError, Stage,
    chunk::decode,
    join::{are_scales, inconsistent},
    reader::verify,
};
use serde::{Deserialize, Serialize};

/// Most bytes of rows in one file; a list of more is in several.
const SHARD_BYTES: usize = 256 << 10;
/// Most lists that are looked at for one query.
const MOST_PROBES: u32 = 1024;
/// Most other files that are fetched with each.
const MOST_DECOYS: u32 = 64;

/// How rows are divided, as it is packed.
#[derive(Debug, Clone, PartialEq)]
pub struct Sharding {
    /// `[lists, dim]`: the centre of each.
    pub centres: Embeddings,
    /// The list of each item; the number of lists for an item without embedding.
    pub list_of: Vec<u32>,
    /// Lists that are looked at for one query.
    pub probes: u32,
    /// Other files that are fetched with each, unless the page says otherwise.
    pub decoys: u32,
}

/// [`Sharding`] as its chunk stores it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ListColumns {
    dim: u32,
    scales: Vec<f32>,
    values: Vec<i8>,
    list_of: Vec<u32>,
    probes: u32,
    decoys: u32,
}

/// Rows of one list as their chunk stores them: items rise, each told by how far behind the one before it is.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ShardColumns {
    pub list: u32,
    gaps: Vec<u32>,
    scales: Vec<f32>,
    values: Vec<i8>,
}

impl Sharding {
    /// The centres' chunk, and those of the rows, list by list.
    pub(super) fn columns(
        &self,
        rows: &Embeddings,
        item_count: u32,
    ) -> Result<(ListColumns, Vec<ShardColumns>), PackError> {
        let lists = ListColumns {
            dim: self.centres.dim as u32,
            scales: self.centres.scales.clone(),
            values: self.centres.values.clone(),
            list_of: self.list_of.clone(),
            probes: self.probes,
            decoys: self.decoys,
        };
        lists.check(item_count)?;
        let dim = rows.dim;
        if dim != self.centres.dim
            || rows.scales.len() != item_count as usize
            || rows.values.len() != dim * rows.scales.len()
        {
            return Err(inconsistent(
                "rows, lists and items differ in number or length",
            ));
        }
        let count = self.centres.scales.len();
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (&list, item) in self.list_of.iter().zip(0..) {
            if let Some(list) = members.get_mut(list as usize) {
                list.push(item);
            }
        }
        let a_file = (SHARD_BYTES / (dim + size_of::<f32>())).max(1);
        let mut shards = Vec::new();
        for (members, list) in members.iter().zip(0..) {
            for items in members.chunks(a_file) {
                let mut before = 0;
                let mut shard = ShardColumns {
                    list,
                    gaps: Vec::with_capacity(items.len()),
                    scales: Vec::with_capacity(items.len()),
                    values: Vec::with_capacity(items.len() * dim),
                };
                for &item in items {
                    shard.gaps.push(item - before);
                    before = item;
                    shard.scales.push(rows.scales[item as usize]);
                    shard
                        .values
                        .extend(&rows.values[item as usize * dim..][..dim]);
                }
                shards.push(shard);
            }
        }
        Ok((lists, shards))
    }
}

impl ListColumns {
    fn check(&self, item_count: u32) -> Result<(), PackError> {
        let count = self.scales.len();
        if self.dim == 0
            || count.checked_mul(self.dim as usize) != Some(self.values.len())
            || count as u64 > u64::from(item_count)
        {
            return Err(inconsistent(
                "the centres of lists are not a row each, or more than there are items",
            ));
        }
        if !are_scales(&self.scales) {
            return Err(inconsistent(
                "the scale of a list's centre is not a finite number of 0 or more",
            ));
        }
        if self.list_of.len() != item_count as usize
            || self.list_of.iter().any(|&list| list as usize > count)
        {
            return Err(inconsistent(
                "items are in lists that there are not, or differ from them in number",
            ));
        }
        if !(1..=MOST_PROBES).contains(&self.probes) || self.decoys > MOST_DECOYS {
            return Err(inconsistent(&format!(
                "{} lists a query and {} decoys, expected 1 to {MOST_PROBES} and at most {MOST_DECOYS}",
                self.probes, self.decoys
            )));
        }
        Ok(())
    }
}

/// The lists of a pack whose embeddings come in shards, and the reader of those.
#[derive(Debug, Clone)]
pub struct ShardIndex {
    sharding: Sharding,
    /// In the manifest's order.
    files: Vec<ChunkInfo>,
}

/// Some rows of one list.
#[derive(Debug, Clone, PartialEq)]
pub struct Shard {
    /// Number of the list.
    pub list: u32,
    /// Rows with their items, which rise.
    pub rows: Embeddings,
}

impl ShardIndex {
    /// The path of the chunk with the centres; `None` where embeddings don't come in shards.
    #[must_use]
    pub fn path(manifest: &Manifest) -> Option<&str> {
        let mut chunks = manifest.chunks.iter();
        let lists = chunks.find(|chunk| chunk.kind == ChunkKind::Lists);
        lists.map(|chunk| chunk.path.as_str())
    }

    /// Reads the chunk with the centres.
    ///
    /// # Errors
    /// Those of [`super::PackReader::add`], and [`PackError::Inconsistent`] when lists and shards don't fit together.
    pub fn new(manifest: &Manifest, bytes: &[u8]) -> Result<Self, PackError> {
        let mut lists = manifest
            .chunks
            .iter()
            .filter(|chunk| chunk.kind == ChunkKind::Lists);
        let info = lists.next().filter(|_| lists.next().is_none());
        let info = info.ok_or_else(|| inconsistent("not one chunk of lists"))?;
        verify(&info.path, [bytes], info.size_bytes, &info.sha256)?;
        let columns: ListColumns = decode(info.kind, &info.path, bytes)?;
        columns.check(manifest.item_count)?;
        let count = columns.scales.len();
        let shards = manifest
            .chunks
            .iter()
            .filter(|chunk| chunk.kind == ChunkKind::Shard);
        let files: Vec<ChunkInfo> = shards.cloned().collect();
        let mut parts = vec![0_u32; count];
        for file in &files {
            let parts = parts.get_mut(file.first_item as usize);
            let parts = parts.filter(|_| file.stage == Stage::OnDemand);
            *parts.ok_or_else(|| {
                inconsistent("a shard is of no list, or would be loaded at once")
            })? += 1;
        }
        let lacks_file = |&list: &u32| parts.get(list as usize).is_some_and(|&parts| parts == 0);
        if columns.list_of.iter().any(lacks_file) {
            return Err(inconsistent("a list with items has no shard"));
        }
        Ok(Self {
            sharding: Sharding {
                centres: Embeddings {
                    dim: columns.dim as usize,
                    values: columns.values,
                    scales: columns.scales,
                    items: Vec::new(),
                },
                list_of: columns.list_of,
                probes: columns.probes,
                decoys: columns.decoys,
            },
            files,
        })
    }

    /// How rows are divided.
    #[must_use]
    pub fn sharding(&self) -> &Sharding {
        &self.sharding
    }

    /// The files of shards; `first_item` is the number of the list.
    #[must_use]
    pub fn files(&self) -> &[ChunkInfo] {
        &self.files
    }

    /// Reads one shard, of the file with a number in [`Self::files`].
    ///
    /// # Errors
    /// Those of [`super::PackReader::add`].
    pub fn shard(&self, file: usize, bytes: &[u8]) -> Result<Shard, PackError> {
        let info = self
            .files
            .get(file)
            .ok_or_else(|| PackError::UnknownChunk {
                path: format!("shard {file}"),
            })?;
        verify(&info.path, [bytes], info.size_bytes, &info.sha256)?;
        let columns: ShardColumns = decode(info.kind, &info.path, bytes)?;
        let bad = |detail: &str| PackError::BadChunk {
            path: info.path.clone(),
            detail: detail.to_owned(),
        };
        let dim = self.sharding.centres.dim;
        let count = columns.gaps.len();
        if columns.list != info.first_item
            || columns.scales.len() != count
            || columns.values.len() != count * dim
        {
            return Err(bad(
                "its list, or the number or length of its rows, is another",
            ));
        }
        if !are_scales(&columns.scales) {
            return Err(bad(
                "an embedding's scale is not a finite number of 0 or more",
            ));
        }
        let mut items: Vec<u32> = Vec::with_capacity(count);
        for gap in columns.gaps {
            let item = items.last().map_or(Some(gap), |&before| {
                before.checked_add(gap).filter(|_| gap > 0)
            });
            let listed = item
                .filter(|&item| self.sharding.list_of.get(item as usize) == Some(&columns.list));
            items.push(listed.ok_or_else(|| {
                bad("an item of it is of another list, or is not behind the one before")
            })?);
        }
        Ok(Shard {
            list: columns.list,
            rows: Embeddings {
                dim,
                values: columns.values,
                scales: columns.scales,
                items,
            },
        })
    }
}
