//! Ranking with what was fitted to the shop's own log.

use nearshelf_catalogue::{ForYouBlend, Pack};

use super::tuning::{Blend, Memory, NOTHING, Tuning};

impl Tuning {
    /// The constants that a pack asks for: the defaults, with its own blend in `for-you` if it has one, or with the weights
    /// that it brings for the pairs there.
    pub fn of(pack: &Pack) -> Self {
        match &pack.blend {
            Some(blend) => Self::fitted(blend),
            None if pack.neighbours.has_fitted() => Self::regressed(),
            None => Self::default(),
        }
    }

    /// What is new is found by regression. What was bought before, and what completes something, are known by the pairs
    /// themselves: a regression gives all but one of what says the same little weight.
    fn regressed() -> Self {
        let mut tuning = Self::default();
        tuning.for_you.viewed_together = 0.0;
        tuning.for_you.bought_together = 0.0;
        tuning.for_you.fitted = 1.0;
        tuning
    }

    fn fitted(blend: &ForYouBlend) -> Self {
        let for_you = Blend {
            votes: blend.neighbours,
            votes_half: 0.0,
            votes_power: blend.neighbours_power,
            fitted: 1.0,
            own_vote: blend.own,
            taste: blend.model,
            taste_temperature: blend.temperature,
            popularity: blend.popularity,
            ..NOTHING
        };
        Self {
            memory: Memory::Newest {
                items: blend.newest as usize,
                decay: blend.decay,
            },
            for_you_again: for_you.clone(),
            for_you,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests;
