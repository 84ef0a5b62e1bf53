//! What is kept of a catalogue's pictures, and what follows from it.

mod audience;
mod companions;
mod file;
mod filed;
mod harmony;
mod named;
mod outfit;
mod similar;
mod taste;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use audience::Audience;
pub use companions::Companions;
pub use file::LooksError;
pub use filed::Filed;
pub use harmony::{Harmony, harmony_of};
pub use named::Named;
pub use outfit::Companion;
pub use similar::{Likeness, Match};
pub use taste::Taste;

use crate::{
    ATTRIBUTES, Category, ColourName, EMBEDDING_VALUES, Garment, OkLab, Row, Swatch,
    attribute::PATTERN, palette::MOST_COLOURS,
};
use serde::Serialize;

/// Palette as it is stored: red, green, blue and share in steps of 1/255; share 0 is no colour.
type Stored = [[u8; 4]; MOST_COLOURS];

/// What is kept of a picture of a garment. Probability, colours and shares are rounded to what a byte holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Look {
    /// The likeliest kind, by the model.
    pub category: Category,
    /// Its probability.
    pub probability: f32,
    /// By group of [`ATTRIBUTES`], the place of the likeliest value.
    pub attributes: [u8; ATTRIBUTES.len()],
    /// Up to five colours, the largest first.
    pub palette: Vec<Swatch>,
    /// Where it lies among others.
    pub embedding: Row,
    /// Its kind: the catalogue's where that names one, else the likeliest; none where it is of no kind that the model tells.
    pub kind: Option<Category>,
    /// Number of its narrowest category in the catalogue; 0 for none.
    pub shelf: u16,
    /// Whom the catalogue says that it is for.
    pub audience: Option<Audience>,
}

impl Look {
    /// What is kept of a garment and its palette.
    #[must_use]
    pub fn of(garment: &Garment, palette: &[Swatch]) -> Self {
        let swatches = palette.iter().take(MOST_COLOURS).map(|swatch| Swatch {
            lab: OkLab::from_srgb(swatch.lab.to_srgb()),
            share: f32::from(byte(swatch.share)) / 255.0,
        });
        Self {
            category: garment.category,
            probability: f32::from(byte(garment.probability)) / 255.0,
            attributes: garment.attributes.map(|attribute| attribute.value),
            palette: swatches.filter(|swatch| swatch.share > 0.0).collect(),
            embedding: garment.embedding.clone(),
            kind: Some(garment.category),
            shelf: 0,
            audience: None,
        }
    }

    /// The same, of an item that is filed so.
    #[must_use]
    pub fn filed(self, filed: Filed) -> Self {
        let kind = match filed.named {
            Some(Named::Kind(kind)) => Some(kind),
            Some(Named::Other) => None,
            None => Some(self.category),
        };
        Self {
            kind,
            shelf: filed.shelf,
            audience: filed.audience,
            ..self
        }
    }

    /// What its largest colour is called.
    #[must_use]
    pub fn colour(&self) -> Option<ColourName> {
        self.palette.first().map(Swatch::name)
    }

    /// Whether there is anything on its cloth.
    pub(crate) fn patterned(&self) -> bool {
        self.attributes[PATTERN] != 0
    }
}

/// 0..1 in steps of 1/255; what lies outside is clamped, NaN is 0.
fn byte(part: f32) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// Looks of a catalogue, by item number. Items without a picture of their own have none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Looks {
    /// Strictly ascending.
    items: Vec<u32>,
    categories: Vec<Category>,
    probabilities: Vec<u8>,
    attributes: Vec<[u8; ATTRIBUTES.len()]>,
    stored: Vec<Stored>,
    /// `stored` in OKLab, as many a row.
    swatches: Vec<[Swatch; MOST_COLOURS]>,
    scales: Vec<f32>,
    /// `[looks, EMBEDDING_VALUES]`
    values: Vec<i8>,
    kinds: Vec<Option<Category>>,
    shelves: Vec<u16>,
    audiences: Vec<Option<Audience>>,
    companions: Companions,
}

impl Looks {
    /// Adds the look of an item, or replaces it. An embedding of another length is cut, or filled with zeros.
    pub fn insert(&mut self, item: u32, look: &Look) {
        let mut stored = Stored::default();
        for (place, swatch) in stored.iter_mut().zip(&look.palette) {
            let [r, g, b] = swatch.lab.to_srgb();
            *place = [r, g, b, byte(swatch.share).max(1)];
        }
        let mut values = look.embedding.values.clone();
        values.resize(EMBEDDING_VALUES, 0);
        let found = self.items.binary_search(&item);
        if let Ok(row) = found {
            self.remove(row);
        }
        let row = found.unwrap_or_else(|row| row);
        self.items.insert(row, item);
        self.categories.insert(row, look.category);
        self.probabilities.insert(row, byte(look.probability));
        self.attributes.insert(row, look.attributes);
        self.stored.insert(row, stored);
        self.swatches.insert(row, in_oklab(&stored));
        self.scales.insert(row, look.embedding.scale);
        self.kinds.insert(row, look.kind);
        self.shelves.insert(row, look.shelf);
        self.audiences.insert(row, look.audience);
        let at = row * EMBEDDING_VALUES;
        self.values.splice(at..at, values);
    }

    fn remove(&mut self, row: usize) {
        self.items.remove(row);
        self.categories.remove(row);
        self.probabilities.remove(row);
        self.attributes.remove(row);
        self.stored.remove(row);
        self.swatches.remove(row);
        self.scales.remove(row);
        self.kinds.remove(row);
        self.shelves.remove(row);
        self.audiences.remove(row);
        let at = row * EMBEDDING_VALUES;
        self.values.drain(at..at + EMBEDDING_VALUES);
    }

    /// Says which kinds go with which; otherwise rules do.
    pub fn set_companions(&mut self, companions: Companions) {
        self.companions = companions;
    }

    /// Number of looks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Items that have a look, ascending.
    #[must_use]
    pub fn items(&self) -> &[u32] {
        &self.items
    }

    /// An item's look.
    #[must_use]
    pub fn get(&self, item: u32) -> Option<Look> {
        let row = self.row_of(item)?;
        Some(Look {
            category: self.categories[row],
            probability: f32::from(self.probabilities[row]) / 255.0,
            attributes: self.attributes[row],
            palette: self.palette(row).to_vec(),
            embedding: Row {
                scale: self.scales[row],
                values: self.embedding(row).to_vec(),
            },
            kind: self.kinds[row],
            shelf: self.shelves[row],
            audience: self.audiences[row],
        })
    }

    fn row_of(&self, item: u32) -> Option<usize> {
        self.items.binary_search(&item).ok()
    }

    fn embedding(&self, row: usize) -> &[i8] {
        let at = row * EMBEDDING_VALUES;
        &self.values[at..at + EMBEDDING_VALUES]
    }

    fn palette(&self, row: usize) -> &[Swatch] {
        let swatches = &self.swatches[row];
        let used = swatches.iter().take_while(|swatch| swatch.share > 0.0);
        &swatches[..used.count()]
    }

    fn colour(&self, row: usize) -> Option<ColourName> {
        self.palette(row).first().map(Swatch::name)
    }
}

fn in_oklab(stored: &Stored) -> [Swatch; MOST_COLOURS] {
    stored.map(|[r, g, b, share]| Swatch {
        lab: OkLab::from_srgb([r, g, b]),
        share: f32::from(share) / 255.0,
    })
}
