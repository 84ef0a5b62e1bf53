//! Writing it.

use super::{COMPANION_BYTES, FILED_BYTES, HEADER_BYTES, LOOK_BYTES, MAGIC, NO_KIND, VERSION};
use crate::looks::{Audience, Looks};
use crate::{Category, EMBEDDING_VALUES};
use xxhash_rust::xxh3::xxh3_64;

impl Looks {
    /// Writes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body =
            Vec::with_capacity(COMPANION_BYTES + (LOOK_BYTES + FILED_BYTES) * self.len());
        body.extend(self.companions.steps().as_flattened());
        body.extend(self.items.iter().flat_map(|item| item.to_le_bytes()));
        body.extend(self.categories.iter().map(|category| *category as u8));
        body.extend(&self.probabilities);
        body.extend(self.attributes.as_flattened());
        body.extend(self.stored.as_flattened().as_flattened());
        body.extend(self.scales.iter().flat_map(|scale| scale.to_le_bytes()));
        body.extend(self.values.iter().map(|value| value.cast_unsigned()));
        let kind = |kind: &Option<Category>| kind.map_or(NO_KIND, |kind| kind as u8);
        body.extend(self.kinds.iter().map(kind));
        body.extend(self.shelves.iter().flat_map(|shelf| shelf.to_le_bytes()));
        body.extend(
            self.audiences
                .iter()
                .map(|audience| Audience::byte(*audience)),
        );
        let mut bytes = Vec::with_capacity(HEADER_BYTES + body.len());
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((EMBEDDING_VALUES as u16).to_le_bytes());
        bytes.extend((self.len() as u32).to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(xxh3_64(&body).to_le_bytes());
        bytes.extend(body);
        bytes
    }
}
