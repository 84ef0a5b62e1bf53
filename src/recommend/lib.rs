//! Retrieve, rank, diversify and explain recommendations.

mod diversify;
pub mod evaluate;
mod facts;
mod filter;
mod history;
pub mod metrics;
pub mod mine;
mod rank;
mod reason;
mod request;
mod retrieve;
mod search;
mod shelf;
#[cfg(test)]
mod testing;
pub mod text;

pub use rank::{Blend, Tuning};
pub use request::{Filter, HistoryEvent, Kind, Reason, Recommendation, Request};
pub use search::{SearchIndex, search};
pub use shelf::{recommend, recommend_with};
pub use text::item_text;
