//! Items that others viewed or bought together with what this shopper did.

use nearshelf_catalogue::{NeighbourKind, Neighbours};

use crate::history::Signal;
use crate::rank::Blend;

/// The strongest single vote for an item: what its reason names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Vote {
    /// Position of the signal in the list that voted.
    pub signal: usize,
    pub kind: NeighbourKind,
    pub weight: f32,
}

/// Sums of all votes.
pub(crate) struct Votes {
    sums: Vec<f32>,
    best: Vec<Option<Vote>>,
    /// Items with any vote, each once.
    voted: Vec<u32>,
    largest: f32,
}

impl Votes {
    /// Every signal votes for its neighbours of each kind: the signal's weight times the
    /// neighbour's times the kind's.
    pub fn new(
        neighbours: &Neighbours,
        signals: &[Signal],
        blend: &Blend,
        item_count: usize,
    ) -> Self {
        let mut votes = Self {
            sums: vec![0.0; item_count],
            best: vec![None; item_count],
            voted: Vec::new(),
            largest: 0.0,
        };
        let kinds = [
            (NeighbourKind::ViewedTogether, blend.viewed_together),
            (NeighbourKind::BoughtTogether, blend.bought_together),
            (
                NeighbourKind::BoughtAfterViewing,
                blend.bought_after_viewing,
            ),
            (NeighbourKind::Fitted, blend.fitted),
        ];
        for (position, signal) in signals.iter().enumerate() {
            for (kind, kind_weight) in kinds {
                if kind_weight <= 0.0 {
                    continue;
                }
                for neighbour in neighbours.of(kind, signal.item) {
                    let vote = Vote {
                        signal: position,
                        kind,
                        weight: signal.weight * kind_weight * neighbour.weight,
                    };
                    votes.add(neighbour.item, vote);
                }
            }
        }
        votes.largest = votes.sums.iter().copied().fold(0.0, f32::max);
        votes
    }

    fn add(&mut self, item: u32, vote: Vote) {
        let index = item as usize;
        let (Some(sum), Some(best)) = (self.sums.get_mut(index), self.best.get_mut(index)) else {
            return;
        };
        // Also false for NaN.
        if !(vote.weight > 0.0 && vote.weight.is_finite()) {
            return;
        }
        if best.is_none() {
            self.voted.push(item);
        }
        if best.is_none_or(|best| vote.weight > best.weight) {
            *best = Some(vote);
        }
        *sum += vote.weight;
    }

    /// Sum of the item's votes relative to the item with most, in `[0, 1]`.
    pub fn share(&self, item: u32) -> f32 {
        match self.sums.get(item as usize) {
            Some(sum) if self.largest > 0.0 => sum / self.largest,
            _ => 0.0,
        }
    }

    /// The strongest vote for the item.
    pub fn best(&self, item: u32) -> Option<Vote> {
        self.best.get(item as usize).copied().flatten()
    }

    /// Items with any vote, in order of the first.
    pub fn voted(&self) -> &[u32] {
        &self.voted
    }
}
