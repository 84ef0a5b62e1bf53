//! Embeddings that come in shards: which lists a question needs, which files those are, and the rows that have come.
//!
//! ```text
//! items of the history ─▶ lists_of ─┐
//! queries, wanted items ─▶ nearest ─┴▶ missing ─▶ (fetched) ─▶ add ─▶ rows ─▶ Pack::embeddings
//! ```

use nearshelf_catalogue::{Embeddings, PackError, ShardIndex};
use nearshelf_retrieval::{Draws, Rows, Wanted, scan};

use crate::order::ascending;

/// Rows that have come, within a bound of memory: those not used for longest go first.
#[derive(Debug)]
pub struct ShardCache {
    index: ShardIndex,
    /// Numbers of each list's files.
    files_of: Vec<Vec<u32>>,
    /// By file.
    resident: Vec<Option<Resident>>,
    bytes: usize,
    limit_bytes: usize,
    /// Grows with every question.
    turn: u64,
}

#[derive(Debug)]
struct Resident {
    rows: Embeddings,
    bytes: usize,
    used: u64,
}

impl ShardCache {
    /// Of a pack's lists. Rows take `limit_bytes`, or what a single question needs if that is more.
    #[must_use]
    pub fn new(index: ShardIndex, limit_bytes: usize) -> Self {
        let mut files_of = vec![Vec::new(); index.sharding().centres.scales.len()];
        for (file, number) in index.files().iter().zip(0..) {
            if let Some(files) = files_of.get_mut(file.first_item as usize) {
                files.push(number);
            }
        }
        Self {
            resident: index.files().iter().map(|_| None).collect(),
            index,
            files_of,
            bytes: 0,
            limit_bytes,
            turn: 0,
        }
    }

    /// The lists and their files.
    #[must_use]
    pub fn index(&self) -> &ShardIndex {
        &self.index
    }

    /// Memory that rows take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The lists that items are in, each once.
    #[must_use]
    pub fn lists_of(&self, items: &[u32]) -> Vec<u32> {
        let list_of = &self.index.sharding().list_of;
        let lists = items
            .iter()
            .filter_map(|&item| list_of.get(item as usize).copied());
        let known = lists.filter(|&list| (list as usize) < self.files_of.len());
        ascending(known.collect())
    }

    /// The lists closest to queries, that one first, as many as the pack says: of several queries each has its turn. Lists
    /// without a wanted item are passed over.
    ///
    /// - `queries`: `[dim]` each; one of another length, or with NaN, counts as none
    /// - `wanted`: a bit an item; without it all are
    #[must_use]
    pub fn nearest(&self, queries: &[Vec<f32>], wanted: Option<&[u32]>) -> Vec<u32> {
        let sharding = self.index.sharding();
        let centres = &sharding.centres;
        let Ok(rows) = Rows::new(centres.dim, &centres.values, &centres.scales) else {
            return Vec::new();
        };
        let is_wanted = |item: usize| {
            wanted.is_none_or(|mask| {
                mask.get(item / 32)
                    .is_some_and(|word| word >> (item % 32) & 1 == 1)
            })
        };
        let mut mask = vec![0_u32; Wanted::mask_words(rows.count())];
        for (item, &list) in sharding.list_of.iter().enumerate() {
            if (list as usize) < rows.count() && is_wanted(item) {
                mask[list as usize / 32] |= 1 << (list % 32);
            }
        }
        let probes = sharding.probes as usize;
        let found: Vec<Vec<u32>> = queries
            .iter()
            .map(|query| {
                let near = scan(&rows, query, probes, Wanted::Mask(&mask)).unwrap_or_default();
                near.into_iter().map(|list| list.item).collect()
            })
            .collect();
        let mut lists = Vec::new();
        for place in 0..probes {
            for list in found.iter().filter_map(|near| near.get(place)) {
                if lists.len() < probes && !lists.contains(list) {
                    lists.push(*list);
                }
            }
        }
        lists
    }

    /// Numbers of the files of lists that have not come yet, and `decoys` files with each that hold something else, all in
    /// no particular order: who sees them fetched can't tell by one question which were needed.
    #[must_use]
    pub fn missing(&self, lists: &[u32], decoys: usize, seed: u64) -> Vec<u32> {
        let absent = |file: &u32| self.resident[*file as usize].is_none();
        let files = lists
            .iter()
            .filter_map(|&list| self.files_of.get(list as usize));
        let mut files: Vec<u32> = files.flatten().copied().filter(absent).collect();
        let mut draws = Draws(seed);
        if decoys > 0 && !files.is_empty() {
            let needed = |file: &u32| {
                let info = &self.index.files()[*file as usize];
                lists.contains(&info.first_item)
            };
            let all = 0..self.resident.len() as u32;
            let mut others: Vec<u32> = all.filter(|file| absent(file) && !needed(file)).collect();
            let count = files.len().saturating_mul(decoys).min(others.len());
            draws.to_front(&mut others, count);
            files.extend(&others[..count]);
        }
        let count = files.len();
        draws.to_front(&mut files, count);
        files
    }

    /// Takes in a file by its number; what it was fetched for, it can't tell.
    ///
    /// # Errors
    /// Those of [`ShardIndex::shard`].
    pub fn add(&mut self, file: u32, bytes: &[u8]) -> Result<(), PackError> {
        let rows = self.index.shard(file as usize, bytes)?.rows;
        let bytes = rows.values.len() + rows.scales.len() * (size_of::<f32>() + size_of::<u32>());
        if let Some(slot) = self.resident.get_mut(file as usize) {
            let resident = Resident {
                rows,
                bytes,
                used: self.turn,
            };
            self.bytes += bytes;
            if let Some(before) = slot.replace(resident) {
                self.bytes -= before.bytes;
            }
        }
        Ok(())
    }

    /// All rows of lists that have come, by item. Others then make room, if they must.
    pub fn rows(&mut self, lists: &[u32]) -> Embeddings {
        self.turn += 1;
        let files = lists
            .iter()
            .filter_map(|&list| self.files_of.get(list as usize));
        let files = ascending(files.flatten().copied().collect());
        let mut order = Vec::new();
        for &file in &files {
            if let Some(resident) = &mut self.resident[file as usize] {
                resident.used = self.turn;
                let items = resident.rows.items.iter().enumerate();
                order.extend(items.map(|(place, &item)| (item, file, place)));
            }
        }
        order.sort_unstable();
        let dim = self.index.sharding().centres.dim;
        let mut rows = Embeddings {
            dim,
            ..Embeddings::default()
        };
        for (item, file, place) in order {
            if let Some(Resident { rows: from, .. }) = &self.resident[file as usize] {
                rows.items.push(item);
                rows.scales.push(from.scales[place]);
                rows.values.extend(&from.values[place * dim..][..dim]);
            }
        }
        self.make_room();
        rows
    }

    fn make_room(&mut self) {
        while self.bytes > self.limit_bytes {
            let files = self.resident.iter_mut();
            let idle = files.filter(|slot| {
                slot.as_ref()
                    .is_some_and(|resident| resident.used < self.turn)
            });
            let oldest = idle.min_by_key(|slot| slot.as_ref().map(|resident| resident.used));
            let Some(gone) = oldest.and_then(Option::take) else {
                return;
            };
            self.bytes -= gone.bytes;
        }
    }
}

#[cfg(test)]
mod tests;
