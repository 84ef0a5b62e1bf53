//! How good are the recommendations? Protocols, baselines, slices, and how sure means are, over logs in memory;
//! nothing here reads files, starts threads or prints.

mod baselines;
mod bootstrap;
mod exact;
mod lists;
mod pairs;
mod protocol;
mod sequences;
mod shelf;
mod slices;
mod sweep;
#[cfg(test)]
mod tests;

pub use baselines::{ItemKnn, ItemKnnOptions, PersonalBaseline, PopularityBaseline};
pub use bootstrap::{Bootstrap, Column, Estimate, Means};
pub use exact::ExactBlend;
pub use lists::{ItemFacts, coverage, gini};
pub use pairs::{PairsChoice, TriedPairs, Way, choose_pairs};
pub use protocol::{Case, LastBasket, Split, TrainOn, last_basket, leave_one_out, set_aside};
pub use sequences::{Held, complements, last_sessions_out, leave_last_out, next_basket, replay};
pub use shelf::{QueryOf, ShelfRecommender};
pub use slices::{COLD_BELOW, Slice, slices};
pub use sweep::{knn_variations, mine_variations, tuning_variations};

use crate::mine::Interaction;
use crate::model::ModelError;

/// What can be evaluated: something that answers a history with a ranked list.
pub trait Recommender {
    /// At most `k` items, best first, for a session with this history (oldest first, never empty)
    /// that is at the shop at `now_millis`.
    ///
    /// # Errors
    /// [`ModelError`] when a model that takes part fails: a measurement without it would be of
    /// something else.
    fn recommend(
        &mut self,
        history: &[Interaction],
        now_millis: i64,
        k: usize,
    ) -> Result<Vec<u32>, ModelError>;
}
