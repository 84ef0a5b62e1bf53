//! What the shopper's own events add to a score: leave-one-out attribution.
//!
//! What was done with one item is taken out of the history and the shown items are scored anew, by the
//! same code and, where there is a model, with a query of the shorter history. The difference is what
//! those events made: asked again without them, the item has exactly that much less.

use crate::ask::Ask;
use crate::history::{Shopper, Signal, Source};
use crate::order::{best, first, pair, second};
use crate::rank::Measures;
use crate::request::{Ground, HistoryEvent};

/// What makes a query of a history: the for-you model; `None` where it knows nothing of it.
pub type QueryOf<'a> = dyn FnMut(&[HistoryEvent]) -> Option<Vec<f32>> + 'a;

/// Items of the history that are tried; what weighs less than so many others hardly moves a score.
const TRIED: usize = 8;

/// Grounds of each shown item, most points first; only events that raised its score.
///
/// - `by`: what the whole history says; measures that are relative to a list's best item stay relative to this one's
/// - `shown`: items with the scores that they have by the whole history
pub(crate) fn grounds(
    ask: &Ask,
    by: &Measures,
    shown: &[(u32, f32)],
    query_of: &mut QueryOf,
) -> Vec<Vec<Ground>> {
    let history = &ask.request.history;
    let mut found = vec![Vec::new(); shown.len()];
    let mut places: Vec<u64> = Vec::new();
    for (event, place) in history.iter().zip(0..) {
        places.push(pair(event.item, place));
    }
    places.sort_unstable();
    let weights = by.signals.iter().map(|signal| signal.weight);
    for number in best(weights.zip(0..), TRIED) {
        let Signal { item, source, .. } = by.signals[number as usize];
        let without: Vec<HistoryEvent> = history
            .iter()
            .filter(|event| event.item != item)
            .copied()
            .collect();
        let shopper = Shopper::new(
            &without,
            ask.request.now_millis,
            ask.pack.items.len(),
            ask.tuning,
        );
        let query = query_of(&without);
        let measures = ask.measures(&shopper.signals, query.as_deref());
        let measures = measures.with_scale(by.scale());
        let from = places.partition_point(|&place| first(place) < item);
        let events = places[from..]
            .iter()
            .take_while(|&&place| first(place) == item);
        let events: Vec<u32> = events.map(|&place| second(place)).collect();
        for (grounds, &(shown, score)) in found.iter_mut().zip(shown) {
            let points = score - measures.score(shown).score;
            if points > 0.0 {
                grounds.push(Ground {
                    item,
                    was: source.into(),
                    events: events.clone(),
                    points,
                });
            }
        }
    }
    for grounds in &mut found {
        let points = grounds.iter().map(|ground| ground.points);
        let order = best(points.zip(0..), TRIED);
        *grounds = order
            .iter()
            .map(|&place| grounds[place as usize].clone())
            .collect();
    }
    found
}

impl From<Source> for crate::request::Deed {
    fn from(source: Source) -> Self {
        match source {
            Source::Bought => Self::Bought,
            Source::InCart => Self::InCart,
            Source::Anchor | Source::Like { .. } | Source::Viewed => Self::Viewed,
        }
    }
}

#[cfg(test)]
mod tests;
