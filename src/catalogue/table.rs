//! The items of one catalogue, in its order.

use crate::{Item, pack::sha256_hex};
use std::collections::HashMap;

/// All items, addressed by index (catalogue order) or by the shop's id.
#[derive(Debug, Clone, Default)]
pub struct ItemTable {
    items: Vec<Item>,
    by_id: HashMap<String, u32>,
}

impl PartialEq for ItemTable {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl ItemTable {
    /// Takes the items in order. Of several with one id, [`Self::index_of`] finds the first.
    #[must_use]
    pub fn new(items: Vec<Item>) -> Self {
        let mut by_id = HashMap::with_capacity(items.len());
        for (index, item) in (0_u32..).zip(&items) {
            by_id.entry(item.id.clone()).or_insert(index);
        }
        Self { items, by_id }
    }

    /// SHA-256 of all ids in order, a line each, as lower-case hex: what was fitted to a catalogue names it by this.
    #[must_use]
    pub fn ids_sha256(&self) -> String {
        let ids: Vec<&str> = self.iter().map(|item| item.id.as_str()).collect();
        sha256_hex(ids.join("\n").as_bytes())
    }

    /// Number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no item.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The item at an index.
    #[must_use]
    pub fn get(&self, index: u32) -> Option<&Item> {
        self.items.get(index as usize)
    }

    /// Index of the item with an id.
    #[must_use]
    pub fn index_of(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// Items in catalogue order.
    #[must_use]
    pub fn as_slice(&self) -> &[Item] {
        &self.items
    }

    /// Items in catalogue order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Item> {
        self.items.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalogue_is_named_by_its_ids_in_order_as_the_trainer_names_it() {
        let table = |ids: &[&str]| {
            let item = |id: &&str| Item {
                id: (*id).to_owned(),
                ..Item::default()
            };
            ItemTable::new(ids.iter().map(item).collect())
        };
        // Also in models/training/test_fitting.py.
        let expected = "7e18f737311b2dc3b2f269dd78396b0351f14fb66efa879f768cb23181883c78";
        assert_eq!(table(&["a", "b"]).ids_sha256(), expected);
        assert_ne!(table(&["b", "a"]).ids_sha256(), expected);
    }
}
