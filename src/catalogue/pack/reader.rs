//! Puts a pack together from files that may come in any order, and trusts none of them.

use super::{
    ChunkInfo, ChunkKind, Embeddings, Manifest, Merchandising, ModelInfo, Pack, PackError, Stage,
    chunk::{decode, hex},
    columns::ItemColumns,
    image::ImageColumns,
    join::{Runs, inconsistent, insert, join_embeddings, join_popularity},
    neighbours::NeighbourColumns,
    writer::{EmbeddingColumns, PopularityColumns},
};
use crate::ItemTable;
use sha2::{Digest, Sha256};

/// Reads one pack.
#[derive(Debug)]
pub struct PackReader {
    manifest: Manifest,
    /// Of the manifest's chunks, which have been added.
    added: Vec<bool>,
    items: Runs<ItemColumns>,
    neighbours: Runs<NeighbourColumns>,
    popularity: Runs<PopularityColumns>,
    embeddings: Runs<EmbeddingColumns>,
    text_embeddings: Runs<EmbeddingColumns>,
    images: Vec<ImageColumns>,
    merchandising: Option<Merchandising>,
    pack: Option<Pack>,
}

impl PackReader {
    /// Reads `manifest.json`.
    ///
    /// # Errors
    /// [`PackError::BadManifest`], [`PackError::UnsupportedVersion`], [`PackError::UnsafePath`].
    pub fn new(manifest: &[u8]) -> Result<Self, PackError> {
        let manifest = Manifest::from_json(manifest)?;
        let mut reader = Self {
            added: vec![false; manifest.chunks.len()],
            manifest,
            items: Vec::new(),
            neighbours: Vec::new(),
            popularity: Vec::new(),
            embeddings: Vec::new(),
            text_embeddings: Vec::new(),
            images: Vec::new(),
            merchandising: None,
            pack: None,
        };
        reader.assemble_if_complete()?; // a pack of no items has no chunks
        Ok(reader)
    }

    /// The manifest.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Chunks that have not been added yet, in the manifest's order. Not shards: those are a [`super::ShardIndex`]'s.
    pub fn wanted(&self) -> impl Iterator<Item = &ChunkInfo> {
        let chunks = self.manifest.chunks.iter().zip(&self.added);
        let missing = chunks.filter(|(chunk, added)| !**added && chunk.stage != Stage::OnDemand);
        missing.map(|(chunk, _)| chunk)
    }

    /// Takes in one chunk.
    ///
    /// # Errors
    /// Any [`PackError`] but those of the manifest. The reader is as it was before, but for
    /// [`PackError::Inconsistent`]: tables that don't fit together are forgotten, and wanted again.
    pub fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), PackError> {
        let mut chunks = self.manifest.chunks.iter();
        let Some(number) = chunks.position(|chunk| chunk.path == path) else {
            return Err(PackError::UnknownChunk {
                path: path.to_owned(),
            });
        };
        if self.added[number] {
            return Err(PackError::DuplicateChunk {
                path: path.to_owned(),
            });
        }
        let info = &self.manifest.chunks[number];
        verify(path, [bytes], info.size_bytes, &info.sha256)?;
        let first = info.first_item;
        let first_of = |found: u32| {
            let detail = format!("begins at item {found}, the manifest says {first}");
            if found == first {
                Ok(())
            } else {
                Err(PackError::BadChunk {
                    path: path.to_owned(),
                    detail,
                })
            }
        };
        match info.kind {
            ChunkKind::Items => {
                let table: ItemColumns = decode(info.kind, path, bytes)?;
                first_of(table.first)?;
                insert(&mut self.items, first, table);
            }
            ChunkKind::Neighbours => {
                let table: NeighbourColumns = decode(info.kind, path, bytes)?;
                first_of(table.first)?;
                insert(&mut self.neighbours, first, table);
            }
            ChunkKind::Popularity => {
                let table: PopularityColumns = decode(info.kind, path, bytes)?;
                first_of(table.first)?;
                insert(&mut self.popularity, first, table);
            }
            kind @ (ChunkKind::Embeddings | ChunkKind::TextEmbeddings) => {
                let table: EmbeddingColumns = decode(kind, path, bytes)?;
                first_of(table.first)?;
                insert(self.rows_of(kind), first, table);
            }
            ChunkKind::Merchandising => {
                self.merchandising = Some(decode(info.kind, path, bytes)?);
            }
            // What is in them a `ShardIndex` reads.
            ChunkKind::Lists | ChunkKind::Shard => {}
            ChunkKind::Images => {
                let table: ImageColumns = decode(info.kind, path, bytes)?;
                match &mut self.pack {
                    Some(pack) => append_images(pack, table, self.manifest.item_count)?,
                    None => self.images.push(table),
                }
            }
        }
        self.added[number] = true;
        self.assemble_if_complete()
    }

    /// Checks the file of a model or of another part, in pieces of any length, against the manifest and says which it is.
    ///
    /// # Errors
    /// [`PackError::UnknownChunk`], [`PackError::WrongSize`], [`PackError::HashMismatch`].
    pub fn check_model(
        &self,
        path: &str,
        pieces: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> Result<&ModelInfo, PackError> {
        let model = self.manifest.parts().find(|part| part.path == path);
        let model = model.ok_or_else(|| PackError::UnknownChunk {
            path: path.to_owned(),
        })?;
        verify(path, pieces, model.size_bytes, &model.sha256)?;
        Ok(model)
    }

    /// Puts the rows of some items in the place of embeddings, in a pack whose embeddings come in shards. Nothing until
    /// the pack is there.
    pub fn set_rows(&mut self, rows: Embeddings) {
        if let Some(pack) = &mut self.pack {
            pack.embeddings = Some(rows);
        }
    }

    /// Whether recommendations can be made.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.pack.is_some()
    }

    /// The pack, once all first-stage chunks are in; pictures and embeddings follow when theirs are.
    #[must_use]
    pub fn pack(&self) -> Option<&Pack> {
        self.pack.as_ref()
    }

    fn assemble_if_complete(&mut self) -> Result<(), PackError> {
        if self.pack.is_none() {
            if self.wanted().any(|chunk| chunk.stage == Stage::First) {
                return Ok(());
            }
            match self.assemble() {
                Ok(pack) => self.pack = Some(pack),
                Err(error) => {
                    self.forget(|kind| !is_rows(kind));
                    return Err(error);
                }
            }
        }
        for kind in [ChunkKind::Embeddings, ChunkKind::TextEmbeddings] {
            if self.wanted().any(|chunk| chunk.kind == kind) || self.rows_of(kind).is_empty() {
                continue;
            }
            let chunks = std::mem::take(self.rows_of(kind));
            let joined = match join_embeddings(chunks, self.manifest.item_count) {
                Ok(joined) => Some(joined),
                Err(error) => {
                    self.forget(|other| other == kind);
                    return Err(error);
                }
            };
            match &mut self.pack {
                Some(pack) if kind == ChunkKind::Embeddings => pack.embeddings = joined,
                Some(pack) => pack.text_embeddings = joined,
                None => {}
            }
        }
        Ok(())
    }

    /// The rows that have come of one kind of embeddings.
    fn rows_of(&mut self, kind: ChunkKind) -> &mut Runs<EmbeddingColumns> {
        if kind == ChunkKind::TextEmbeddings {
            &mut self.text_embeddings
        } else {
            &mut self.embeddings
        }
    }

    /// Lets go of chunks of some kinds, so that they are wanted again.
    fn forget(&mut self, kinds: impl Fn(ChunkKind) -> bool) {
        self.items.clear();
        self.neighbours.clear();
        self.popularity.clear();
        self.images.clear();
        self.merchandising = None;
        for (chunk, added) in self.manifest.chunks.iter().zip(&mut self.added) {
            *added &= !kinds(chunk.kind);
        }
    }

    /// How long all words of the item tables may become, each written out where it stands: enough for any shop,
    /// too little for a small file to fill the memory.
    fn word_budget_bytes(&self) -> u64 {
        let items = |chunk: &&ChunkInfo| chunk.kind == ChunkKind::Items;
        let chunks = self.manifest.chunks.iter().filter(items);
        let stored: u64 = chunks.map(|chunk| chunk.size_bytes).sum();
        (64 << 20) + 64 * stored
    }

    fn assemble(&mut self) -> Result<Pack, PackError> {
        let count = self.manifest.item_count;
        let mut pack = Pack {
            blend: self.manifest.for_you,
            text_mean: self.manifest.text_mean.clone(),
            ..Pack::default()
        };
        let mut items = Vec::new();
        let mut budget_bytes = self.word_budget_bytes();
        for (first, columns) in std::mem::take(&mut self.items) {
            if first as usize != items.len() || items.len() + columns.len() > count as usize {
                return Err(inconsistent("item chunks overlap or leave a gap"));
            }
            items.extend(
                columns
                    .into_items(&mut budget_bytes)
                    .map_err(|detail| PackError::Inconsistent { detail })?,
            );
        }
        if items.len() != count as usize {
            return Err(inconsistent(&format!(
                "{} items, the manifest says {count}",
                items.len()
            )));
        }
        pack.items = ItemTable::new(items);
        for (_, columns) in std::mem::take(&mut self.neighbours) {
            pack.neighbours
                .append(columns, count)
                .map_err(|detail| PackError::Inconsistent { detail })?;
        }
        pack.merchandising = self.merchandising.take().unwrap_or_default();
        pack.merchandising.check(count)?;
        pack.popularity = join_popularity(std::mem::take(&mut self.popularity), count)?;
        for columns in std::mem::take(&mut self.images) {
            append_images(&mut pack, columns, count)?;
        }
        Ok(pack)
    }
}

fn is_rows(kind: ChunkKind) -> bool {
    matches!(kind, ChunkKind::Embeddings | ChunkKind::TextEmbeddings)
}

fn append_images(pack: &mut Pack, columns: ImageColumns, count: u32) -> Result<(), PackError> {
    pack.images
        .append(columns, count)
        .map_err(|detail| PackError::Inconsistent { detail })
}

pub(super) fn verify(
    path: &str,
    pieces: impl IntoIterator<Item = impl AsRef<[u8]>>,
    size_bytes: u64,
    sha256: &str,
) -> Result<(), PackError> {
    let (mut found, mut hash) = (0, Sha256::new());
    for piece in pieces {
        found += piece.as_ref().len() as u64;
        hash.update(piece);
    }
    if found != size_bytes {
        return Err(PackError::WrongSize {
            path: path.to_owned(),
            found,
            expected: size_bytes,
        });
    }
    if hex(&hash.finalize()) != sha256 {
        return Err(PackError::HashMismatch {
            path: path.to_owned(),
        });
    }
    Ok(())
}
