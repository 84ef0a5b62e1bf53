//! Items that others viewed or bought together with what this shopper did.

use nearshelf_catalogue::{NeighbourKind, Neighbours};

use crate::history::Signal;
use crate::order::{first, pair, second};
use crate::rank::Blend;

/// The strongest single vote for an item: what its reason names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Vote {
    /// Position of the signal in the list that voted.
    pub signal: usize,
    pub kind: NeighbourKind,
    pub weight: f32,
}

/// What one item got.
#[derive(Debug, Clone, Copy)]
struct Tally {
    item: u32,
    sum: f32,
    best: Vote,
}

/// Sums of all votes, of items with any: few among all, and counted anew for each question.
pub(crate) struct Votes {
    /// In catalogue order.
    tallies: Vec<Tally>,
}

impl Votes {
    /// Every signal votes for its neighbours of each kind: the signal's weight times the
    /// neighbour's times the kind's; and for itself where the blend says so.
    pub fn new(
        neighbours: &Neighbours,
        signals: &[Signal],
        blend: &Blend,
        item_count: usize,
    ) -> Self {
        let kinds = [
            (NeighbourKind::ViewedTogether, blend.viewed_together),
            (NeighbourKind::BoughtTogether, blend.bought_together),
            (
                NeighbourKind::BoughtAfterViewing,
                blend.bought_after_viewing,
            ),
            (NeighbourKind::Fitted, blend.fitted),
        ];
        let mut cast: Vec<Vote> = Vec::new();
        // Each vote's item and place in `cast`.
        let mut places: Vec<u64> = Vec::new();
        let mut count = |item: u32, vote: Vote| {
            // Also false for NaN.
            let counts = vote.weight > 0.0 && vote.weight.is_finite();
            if counts && (item as usize) < item_count {
                places.push(pair(item, cast.len() as u32));
                cast.push(vote);
            }
        };
        for (position, signal) in signals.iter().enumerate() {
            for (kind, kind_weight) in kinds {
                let vote = |weight: f32| Vote {
                    signal: position,
                    kind,
                    weight: signal.weight * kind_weight * weight,
                };
                if kind == NeighbourKind::Fitted {
                    count(signal.item, vote(blend.own_vote));
                }
                if kind_weight > 0.0 {
                    for neighbour in neighbours.of(kind, signal.item) {
                        count(neighbour.item, vote(neighbour.weight));
                    }
                }
            }
        }
        places.sort_unstable();
        let mut votes = Self {
            tallies: Vec::new(),
        };
        for place in places {
            let vote = cast[second(place) as usize];
            match votes.tallies.last_mut() {
                Some(tally) if tally.item == first(place) => {
                    tally.sum += vote.weight;
                    if vote.weight > tally.best.weight {
                        tally.best = vote;
                    }
                }
                _ => votes.tallies.push(Tally {
                    item: first(place),
                    sum: vote.weight,
                    best: vote,
                }),
            }
        }
        votes
    }

    fn of(&self, item: u32) -> Option<&Tally> {
        let place = self.tallies.binary_search_by_key(&item, |tally| tally.item);
        self.tallies.get(place.ok()?)
    }

    /// Sum of the item's votes.
    pub fn sum(&self, item: u32) -> f32 {
        self.of(item).map_or(0.0, |tally| tally.sum)
    }

    /// The largest sum of all items.
    pub fn largest(&self) -> f32 {
        let sums = self.tallies.iter().map(|tally| tally.sum);
        sums.fold(0.0, f32::max)
    }

    /// The strongest vote for the item.
    pub fn best(&self, item: u32) -> Option<Vote> {
        self.of(item).map(|tally| tally.best)
    }

    /// Items with any vote, in catalogue order.
    pub fn voted(&self) -> impl Iterator<Item = u32> {
        self.tallies.iter().map(|tally| tally.item)
    }
}
