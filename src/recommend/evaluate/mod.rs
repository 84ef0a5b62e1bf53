//! How good are the recommendations? Protocols, baselines and averaged metrics over logs in
//! memory; nothing here reads files or prints.

mod baselines;
mod protocol;
mod shelf;
mod sweep;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

pub use baselines::{ItemKnn, ItemKnnOptions, PersonalBaseline, PopularityBaseline};
pub use protocol::{Case, LastBasket, Split, TrainOn, last_basket, leave_one_out, set_aside};
pub use shelf::{QueryOf, ShelfRecommender};
pub use sweep::{knn_variations, mine_variations, tuning_variations};

use crate::metrics::{hit_rate_at_k, mrr_at_k, ndcg_at_k, recall_at_k};
use crate::mine::Interaction;
use crate::model::ModelError;

/// What can be evaluated: something that answers a history with a ranked list.
pub trait Recommender {
    /// Name for the table of results.
    fn name(&self) -> &str;

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

/// Metrics at one `k`, each averaged over cases with equal weight, in `[0, 1]`.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Scores {
    /// Questions asked.
    pub cases: usize,
    /// Recommendations asked for with each.
    pub k: usize,
    /// Part of the hidden items that was recommended.
    pub recall: f64,
    /// Normalised discounted cumulative gain.
    pub ndcg: f64,
    /// Part of the cases with any hit.
    pub hit_rate: f64,
    /// Mean reciprocal rank of the first hit.
    pub mrr: f64,
    /// Part of the catalogue that was recommended to anybody.
    pub coverage: f64,
}

/// Asks every case for `k` items. Without cases all is 0.
///
/// # Errors
/// [`ModelError`] of the first case that fails.
pub fn evaluate(
    recommender: &mut dyn Recommender,
    cases: &[Case],
    k: usize,
    item_count: usize,
) -> Result<Scores, ModelError> {
    let mut sums = Scores {
        cases: cases.len(),
        k,
        ..Scores::default()
    };
    let mut shown: HashSet<u32> = HashSet::new();
    for case in cases {
        let ranked = recommender.recommend(&case.history, case.now_millis, k)?;
        sums.recall += recall_at_k(&ranked, &case.relevant, k);
        sums.ndcg += ndcg_at_k(&ranked, &case.relevant, k);
        sums.hit_rate += hit_rate_at_k(&ranked, &case.relevant, k);
        sums.mrr += mrr_at_k(&ranked, &case.relevant, k);
        shown.extend(ranked.iter().take(k));
    }
    let count = cases.len().max(1) as f64;
    for sum in [
        &mut sums.recall,
        &mut sums.ndcg,
        &mut sums.hit_rate,
        &mut sums.mrr,
    ] {
        *sum /= count;
    }
    sums.coverage = shown.len() as f64 / item_count.max(1) as f64;
    Ok(sums)
}
