//! Where candidates come from: neighbours of what the shopper did, the embedding space, demand.
//!
//! Each retriever only names items; [`crate::rank`] then scores every candidate by all measures, so
//! that an item found by one retriever isn't short of the others' points.

mod embedding;
mod neighbours;
mod top;

pub(crate) use embedding::Space;
pub(crate) use neighbours::Votes;
pub(crate) use top::top_items;
