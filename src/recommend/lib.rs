//! Retrieve, rank, diversify and explain recommendations.
//!
//! ```text
//! packing:   events ─▶ mine ─▶ neighbours, popularity, trend ─▶ Pack
//!            items ─▶ item_text ─▶ TextEncoder ─▶ embeddings ─▶ Pack
//! shopping:  history ─▶ ForYou ─▶ query ┐
//!            Pack, Request ─────────────┴▶ recommend: retrieve ─▶ rank ─▶ diversify ─▶ reasons
//! ```
//!
//! [`recommend()`] is total: without history, events, embeddings or model it answers from what is
//! left. Nothing here reads a clock, a file or the network; time comes with the request.

mod ask;
mod attribution;
mod buy_again;
mod candidates;
mod diversify;
pub mod evaluate;
mod facts;
mod filter;
mod head;
mod history;
mod index;
mod intent;
mod merchandise;
pub mod metrics;
pub mod mine;
mod model;
mod order;
mod pairing;
mod rank;
mod reason;
mod request;
mod retrieve;
#[cfg(not(target_arch = "wasm32"))]
pub mod rules;
mod search;
pub mod shards;
mod shelf;
mod sought;
#[cfg(test)]
mod testing;
pub mod text;

pub use attribution::QueryOf;
pub use index::{Explanation, PackIndex};
pub use intent::Intent;
pub use merchandise::TouchingRule;
pub use model::{ForYou, ModelError, TextEncoder};
pub use rank::{Blend, Memory, Tuning};
pub use request::{Deed, Filter, Ground, HistoryEvent, Kind, Reason, Recommendation, Request};
pub use search::{Facet, Found, SearchIndex, SearchRequest, search};
pub use shelf::recommend;
pub use sought::Sought;
pub use text::item_text;
