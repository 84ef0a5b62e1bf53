//! Items, events and the pack: readers, writers, integrity.
//!
//! Merchants' files are read by [`read_items`] and [`read_events`], which reject bad rows and go on.
//! What a browser loads is a [`Pack`]: written by [`PackWriter`], read without trust by [`PackReader`].

mod event;
mod item;
mod money;
pub mod pack;
pub mod read;
mod table;

pub use event::{Event, EventKind};
pub use item::{Availability, Item, ItemText};
pub use money::{Money, MoneyError};
pub use pack::{
    Action, ChunkInfo, ChunkKind, Embeddings, FORMAT_VERSION, ForYouBlend, Image, ImageError,
    ImageType, Images, Manifest, Merchandising, ModelInfo, Neighbour, NeighbourKind, Neighbours,
    Pack, PackError, PackReader, PackWriter, Popularity, Rule, Shard, ShardIndex, Sharding, Stage,
};
pub use read::{
    EventReport, Format, ItemReport, LABEL, ReadError, ReadOptions, RowProblem, RowProblems,
    SequenceError, TextSources, detect_format, each_event, is_locale, read_events, read_items,
    read_questions, read_sequence_items, read_sequences, read_sessions,
};
pub use table::ItemTable;
