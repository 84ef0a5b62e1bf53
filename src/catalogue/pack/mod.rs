//! The pack: everything a browser needs of a shop, in content-hashed chunks beside a manifest.
//!
//! ```text
//! manifest.json                     Manifest: which chunks and models there are, with size and SHA-256
//! items-<hash>.bin                  item tables, 16,384 items each           stage first
//! neighbours-<hash>.bin             item–item neighbours, likewise           stage first
//! popularity-<hash>.bin             demand and trend                         stage first
//! merchandising-<hash>.bin          the merchant's rules and synonyms        stage first
//! images-<hash>.bin                 embedded pictures                        stage refine
//! embeddings-<hash>.bin             q8 rows                                  stage refine
//! text-embeddings-<hash>.bin        likewise, where the model's space is another   stage refine
//! lists-<hash>.bin                  in place of embeddings: centres of lists of rows   stage refine
//! shards/shard-<hash>.bin           a list's rows                            stage on-demand
//! models/<name>-<hash>.plan         compiled models                          stage refine
//! chat/…, vision/…                  parts of what few pages show             fetched by what shows it
//! ```
//!
//! First-stage chunks suffice for recommendations. Chunks may arrive in any order.

mod blend;
mod chunk;
mod columns;
mod error;
mod image;
mod join;
mod manifest;
mod merchandising;
mod neighbours;
mod reader;
mod shards;
#[cfg(not(target_arch = "wasm32"))]
mod svg;
#[cfg(test)]
mod tests;
mod writer;

pub use blend::ForYouBlend;
pub(crate) use chunk::sha256_hex;
pub use error::PackError;
pub use image::{Image, ImageError, ImageType, Images};
pub use manifest::{ChunkInfo, ChunkKind, FORMAT_VERSION, Manifest, ModelInfo, Stage};
pub use merchandising::{Action, Merchandising, Rule};
pub use neighbours::{Neighbour, NeighbourKind, Neighbours};
pub use reader::PackReader;
pub use shards::{Shard, ShardIndex, Sharding};
pub use writer::PackWriter;

use crate::ItemTable;

/// A shop in memory. Item numbers of all tables are indexes of [`Pack::items`].
#[derive(Debug, Clone, Default)]
pub struct Pack {
    /// What is sold.
    pub items: ItemTable,
    /// What goes with what.
    pub neighbours: Neighbours,
    /// What is wanted.
    pub popularity: Popularity,
    /// Where items lie in the for-you model's space, which is the text encoder's unless [`Pack::blend`] says otherwise;
    /// `None` until loaded, or without a model.
    pub embeddings: Option<Embeddings>,
    /// Where items lie in the text encoder's space, if that is not the space of `embeddings`.
    pub text_embeddings: Option<Embeddings>,
    /// What was taken off every text's embedding before it was L2-normalised, `[dim]`: their mean. Empty: nothing.
    pub text_mean: Vec<f32>,
    /// How `for-you` is scored, where model, embeddings and neighbours were fitted to the shop's log.
    pub blend: Option<ForYouBlend>,
    /// Pictures that came with the pack.
    pub images: Images,
    /// What the merchant wants of lists.
    pub merchandising: Merchandising,
}

impl Pack {
    /// Where items lie in the text encoder's space: what the embedding of a text can be compared with.
    #[must_use]
    pub fn text_space(&self) -> Option<&Embeddings> {
        match self.blend {
            Some(blend) if blend.own_space => self.text_embeddings.as_ref(),
            _ => self.embeddings.as_ref(),
        }
    }
}

impl Pack {
    /// The embedding of a text as it is compared with [`Pack::text_space`]: less the mean, L2-normalised. Zeros stay
    /// zeros.
    #[must_use]
    pub fn text_query(&self, embedding: &[f32]) -> Vec<f32> {
        less(embedding, &self.text_mean)
    }
}

/// A vector less another of its length, L2-normalised; one of zeros, or of another length, as it is.
fn less(vector: &[f32], mean: &[f32]) -> Vec<f32> {
    if vector.len() != mean.len() || vector.iter().all(|&x| x == 0.0) {
        return vector.to_vec();
    }
    let mut rest: Vec<f32> = vector.iter().zip(mean).map(|(x, m)| x - m).collect();
    let length = rest.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        rest.iter_mut().for_each(|x| *x /= length);
    }
    rest
}

/// Item embeddings in q8: value = `scales[i]` × `values[i * dim + j]`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Embeddings {
    /// Values a row.
    pub dim: usize,
    /// `[rows, dim]`, row-major.
    pub values: Vec<i8>,
    /// `[rows]`, finite, not negative.
    pub scales: Vec<f32>,
    /// The item of each row, rising, where rows of some items only are there; empty: a row each item.
    pub items: Vec<u32>,
}

impl Embeddings {
    /// The number of an item's row; that of no row where it has none.
    #[must_use]
    pub fn place(&self, item: u32) -> usize {
        match self.items.is_empty() {
            true => item as usize,
            false => self.items.binary_search(&item).unwrap_or(usize::MAX),
        }
    }

    /// Quantizes rows: each is L2-normalised, then scaled so that its largest value becomes ±127.
    ///
    /// - `rows`: `[n, dim]`, row-major; a row of zeros, or one that is not finite, becomes zeros
    #[must_use]
    pub fn quantize(dim: usize, rows: &[f32]) -> Self {
        Self::quantize_by(dim, rows, |length| length)
    }

    /// Quantizes rows less their mean, each then L2-normalised, and the mean `[dim]`: what all texts of a shop share tells
    /// none of them apart. Rows of zeros are texts without words: they stay zeros, and are no part of the mean.
    ///
    /// - `rows`: as for [`Self::quantize`]
    #[must_use]
    pub fn centred(dim: usize, rows: &[f32]) -> (Self, Vec<f32>) {
        let mut mean = vec![0.0_f64; dim];
        let mut count = 0_u32;
        let has_words =
            |row: &&[f32]| row.iter().any(|&x| x != 0.0) && row.iter().all(|x| x.is_finite());
        for row in rows.chunks_exact(dim.max(1)).filter(has_words) {
            mean.iter_mut()
                .zip(row)
                .for_each(|(sum, &x)| *sum += f64::from(x));
            count += 1;
        }
        let mean: Vec<f32> = mean
            .iter()
            .map(|sum| (sum / f64::from(count.max(1))) as f32)
            .collect();
        let centred: Vec<f32> = rows
            .chunks_exact(dim.max(1))
            .flat_map(|row| less(row, &mean))
            .collect();
        (Self::quantize(dim, &centred), mean)
    }

    /// Quantizes rows as they are: each is scaled so that its largest value becomes ±127, and its length is kept.
    ///
    /// - `rows`: as for [`Self::quantize`]
    #[must_use]
    pub fn quantize_as_is(dim: usize, rows: &[f32]) -> Self {
        Self::quantize_by(dim, rows, |_| 1.0)
    }

    /// Quantizes rows, each divided by what `divisor` makes of its length.
    fn quantize_by(dim: usize, rows: &[f32], divisor: impl Fn(f32) -> f32) -> Self {
        let mut quantized = Self {
            dim,
            values: Vec::with_capacity(rows.len()),
            ..Self::default()
        };
        if dim == 0 {
            return quantized;
        }
        for row in rows.chunks_exact(dim) {
            let norm = row.iter().map(|x| x * x).sum::<f32>().sqrt();
            let largest = row.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            if !norm.is_finite() || norm <= 0.0 || largest <= 0.0 {
                quantized.values.extend(std::iter::repeat_n(0_i8, dim));
                quantized.scales.push(0.0);
                continue;
            }
            quantized
                .values
                .extend(row.iter().map(|x| (x / largest * 127.0).round() as i8));
            quantized.scales.push(largest / divisor(norm) / 127.0);
        }
        quantized
    }
}

/// Demand of every item, in steps of 1/255 and 1/127.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Popularity {
    scores: Vec<u8>,
    trends: Vec<i8>,
}

impl Popularity {
    /// - `scores`: `[n_items]` in `[0, 1]`; `trends`: `[n_items]` in `[-1, 1]`; others are clamped, NaN is 0
    #[must_use]
    pub fn new(scores: &[f32], trends: &[f32]) -> Self {
        Self {
            scores: scores
                .iter()
                .map(|s| (s.clamp(0.0, 1.0) * 255.0).round() as u8)
                .collect(),
            trends: trends
                .iter()
                .map(|t| (t.clamp(-1.0, 1.0) * 127.0).round() as i8)
                .collect(),
        }
    }

    /// How wanted the item is among the shop's, in `[0, 1]`; 0 for an unknown one.
    #[must_use]
    pub fn score(&self, item: u32) -> f32 {
        self.scores
            .get(item as usize)
            .map_or(0.0, |&score| f32::from(score) / 255.0)
    }

    /// Whether it is asked for more (above 0) or less than before, in `[-1, 1]`.
    #[must_use]
    pub fn trend(&self, item: u32) -> f32 {
        self.trends
            .get(item as usize)
            .map_or(0.0, |&trend| f32::from(trend.max(-127)) / 127.0)
    }

    pub(crate) fn columns(&self) -> (&[u8], &[i8]) {
        (&self.scores, &self.trends)
    }

    pub(crate) fn from_columns(scores: Vec<u8>, trends: Vec<i8>) -> Self {
        Self { scores, trends }
    }
}
