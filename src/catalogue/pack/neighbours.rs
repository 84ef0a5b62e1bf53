//! Which items go with which.

use serde::{Deserialize, Serialize};

/// Kinds of neighbours.
const KINDS: usize = 4;
/// Those that every pack has; the last is there where anything was fitted.
const PLAIN_KINDS: usize = 3;

/// How two items go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NeighbourKind {
    /// Looked at in one session.
    ViewedTogether,
    /// Bought in one basket.
    BoughtTogether,
    /// Bought in the end by those who looked at the first.
    BoughtAfterViewing,
    /// Whatever comes after it in `for-you`: as was fitted together with a [`super::ForYouBlend`], or, in a pack without one,
    /// by regression or likeness of words.
    Fitted,
}

impl NeighbourKind {
    /// Every kind, in the order of the file.
    pub const ALL: [Self; KINDS] = [
        Self::ViewedTogether,
        Self::BoughtTogether,
        Self::BoughtAfterViewing,
        Self::Fitted,
    ];
}

/// One entry of an item's list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Index in the item table.
    pub item: u32,
    /// Strength in `(0, 1]`, comparable within a kind.
    pub weight: f32,
}

/// Lists of all items and kinds in compressed rows. Weights are kept in steps of 1/255.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Neighbours {
    kinds: [Rows; KINDS],
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Rows {
    /// Where each item's list ends; it begins where the one before ends.
    ends: Vec<u32>,
    items: Vec<u32>,
    weights: Vec<u8>,
}

impl Neighbours {
    /// Appends the lists of the next items of one kind. Entries with a weight that rounds to nothing, with
    /// NaN, or naming the item itself are dropped; each list is sorted by weight, then by item.
    pub fn push(&mut self, kind: NeighbourKind, lists: &[Vec<Neighbour>]) {
        let rows = &mut self.kinds[kind as usize];
        for list in lists {
            let own = rows.ends.len() as u32;
            let mut entries: Vec<(u8, u32)> = list
                .iter()
                .map(|n| ((n.weight.clamp(0.0, 1.0) * 255.0).round() as u8, n.item))
                .filter(|(weight, item)| *weight > 0 && *item != own)
                .collect();
            entries.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
            entries.dedup_by_key(|entry| entry.1);
            rows.weights.extend(entries.iter().map(|entry| entry.0));
            rows.items.extend(entries.iter().map(|entry| entry.1));
            rows.ends.push(rows.items.len() as u32);
        }
    }

    /// Puts the lists of all items of one kind in the place of those there are; as [`Self::push`].
    pub fn replace(&mut self, kind: NeighbourKind, lists: &[Vec<Neighbour>]) {
        self.kinds[kind as usize] = Rows::default();
        self.push(kind, lists);
    }

    /// Whether any item has a [`NeighbourKind::Fitted`] list.
    pub fn has_fitted(&self) -> bool {
        !self.kinds[NeighbourKind::Fitted as usize].items.is_empty()
    }

    /// An item's list, strongest first; empty for an unknown item.
    pub fn of(
        &self,
        kind: NeighbourKind,
        item: u32,
    ) -> impl ExactSizeIterator<Item = Neighbour> + '_ {
        let (items, weights) = self.kinds[kind as usize].row(item);
        let entries = items.iter().zip(weights);
        entries.map(|(&item, &weight)| Neighbour {
            item,
            weight: f32::from(weight) / 255.0,
        })
    }

    /// Columns of `count` items from `first` on, as the chunk stores them.
    pub(super) fn columns(&self, first: u32, count: u32) -> NeighbourColumns {
        let mut columns = NeighbourColumns {
            first,
            count,
            kinds: Vec::new(),
        };
        let kinds = if self.has_fitted() {
            KINDS
        } else {
            PLAIN_KINDS
        };
        for rows in &self.kinds[..kinds] {
            let mut kind = RowColumns::default();
            for item in first..first + count {
                let (items, weights) = rows.row(item);
                kind.lengths.push(items.len() as u32);
                let mut entries: Vec<(u32, u8)> =
                    items.iter().copied().zip(weights.iter().copied()).collect();
                entries.sort_unstable();
                let mut before = 0;
                for (neighbour, weight) in entries {
                    kind.gaps.push(neighbour - before);
                    kind.weights.push(weight);
                    before = neighbour;
                }
            }
            columns.kinds.push(kind);
        }
        columns
    }

    /// Appends a chunk's columns, which must continue where the last ended.
    pub(super) fn append(
        &mut self,
        columns: NeighbourColumns,
        item_count: u32,
    ) -> Result<(), String> {
        if !(PLAIN_KINDS..=KINDS).contains(&columns.kinds.len()) {
            return Err(format!(
                "{} kinds of neighbours, expected {PLAIN_KINDS} or {KINDS}",
                columns.kinds.len()
            ));
        }
        for (rows, column) in self.kinds.iter_mut().zip(columns.kinds) {
            if rows.ends.len() != columns.first as usize
                || column.lengths.len() != columns.count as usize
            {
                return Err("neighbour lists and items differ in number".to_owned());
            }
            let total: u64 = column.lengths.iter().map(|&length| u64::from(length)).sum();
            if total != column.gaps.len() as u64 || total != column.weights.len() as u64 {
                return Err("neighbour lists and their entries differ in length".to_owned());
            }
            let mut entries = column.gaps.iter().zip(&column.weights);
            for &length in &column.lengths {
                // Each entry as one integer, which ascends as weights fall, then as items rise.
                let mut list: Vec<u64> = Vec::new();
                let mut before = 0_u32;
                for (&gap, &weight) in entries.by_ref().take(length as usize) {
                    before = before
                        .checked_add(gap)
                        .filter(|item| *item < item_count)
                        .ok_or("a neighbour is no item")?;
                    list.push(u64::from(u8::MAX - weight) << 32 | u64::from(before));
                }
                list.sort_unstable();
                rows.items.extend(list.iter().map(|&entry| entry as u32));
                let weights = list.iter().map(|&entry| u8::MAX - (entry >> 32) as u8);
                rows.weights.extend(weights);
                rows.ends.push(rows.items.len() as u32);
            }
        }
        Ok(())
    }
}

impl Rows {
    fn row(&self, item: u32) -> (&[u32], &[u8]) {
        let index = item as usize;
        let Some(&end) = self.ends.get(index) else {
            return (&[], &[]);
        };
        let start = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        let range = start as usize..end as usize;
        (
            self.items.get(range.clone()).unwrap_or(&[]),
            self.weights.get(range).unwrap_or(&[]),
        )
    }
}

/// Neighbour lists of a run of items as a chunk stores them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct NeighbourColumns {
    pub first: u32,
    pub count: u32,
    kinds: Vec<RowColumns>,
}

/// Ascending item numbers as gaps, which are short varints; order by weight is restored when reading.
#[derive(Debug, Default, Serialize, Deserialize)]
struct RowColumns {
    lengths: Vec<u32>,
    gaps: Vec<u32>,
    weights: Vec<u8>,
}
