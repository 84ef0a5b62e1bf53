//! How `for-you` is scored in a pack whose model, embeddings and neighbours were fitted to the shop's own log.

use serde::{Deserialize, Serialize};

/// Constants of the fitted score, chosen with the model on validation data.
///
/// With `z` the inner product of the model's query and an item's row, `m = exp((z - max z) / temperature)`,
/// `v` the sum over the shopper's `newest` distinct items of `decay^place` × the weight of the item in that one's
/// [`super::NeighbourKind::Fitted`] list (of itself: `own`), `n = v / max v`, and `p` the item's popularity:
///
/// ```text
/// score = model · m + neighbours · n^neighbours_power + popularity · p
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ForYouBlend {
    /// Weight of the model.
    pub model: f32,
    /// Difference of inner products that counts as much as a factor of e. Above zero.
    pub temperature: f32,
    /// Weight of neighbours.
    pub neighbours: f32,
    /// Exponent of the neighbours' part. Above zero.
    pub neighbours_power: f32,
    /// Weight of popularity.
    pub popularity: f32,
    /// How many of the newest distinct items vote for their neighbours.
    pub newest: u32,
    /// What each counts relative to the one after it, in `(0, 1]`.
    pub decay: f32,
    /// What an item votes for itself with, a neighbour's weight being 1 at most: where people come back to an item, or buy
    /// it again.
    #[serde(default)]
    pub own: f32,
    /// Whether embeddings and model were fitted, too, and thus are no longer in the text encoder's space.
    #[serde(default)]
    pub own_space: bool,
}

impl ForYouBlend {
    /// What of it makes no sense, if anything.
    pub(super) fn problem(&self) -> Option<String> {
        let weights = [
            ("model", self.model),
            ("neighbours", self.neighbours),
            ("popularity", self.popularity),
            ("own", self.own),
        ];
        let weight = weights
            .into_iter()
            .find(|(_, value)| !(0.0..=1e6).contains(value));
        if let Some((name, value)) = weight {
            return Some(format!(
                "the weight {name:?} of for_you is {value}, not from 0 to 1000000"
            ));
        }
        let positive = [
            ("temperature", self.temperature, 1e6),
            ("neighbours_power", self.neighbours_power, 100.0),
            ("decay", self.decay, 1.0),
        ];
        // Also false for NaN.
        let outside = |&(_, value, most): &(&str, f32, f32)| !(value > 0.0 && value <= most);
        let (name, value, most) = positive.into_iter().find(outside)?;
        Some(format!(
            "{name:?} of for_you is {value}, not above 0 and at most {most}"
        ))
    }
}
