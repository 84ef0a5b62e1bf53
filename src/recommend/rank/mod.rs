//! Scores candidates: each measure of an item times its weight, summed.

mod fitted;
mod tuning;

pub use tuning::{Blend, Memory, Tuning};

use nearshelf_catalogue::Pack;

use crate::facts::{CategoryShares, Facts};
use crate::history::{Signal, Source};
use crate::order::best;
use crate::request::Request;
use crate::retrieve::{Space, Votes};

/// What an item's score is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Votes,
    Taste,
    Content,
    Category,
    Popularity,
    Trend,
    Again,
}

const MEASURES: usize = 7;

/// A scored candidate. Its parts are kept, because reasons are read off them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scored {
    pub item: u32,
    /// Finite, 0 or more.
    pub score: f32,
    parts: [(Measure, f32); MEASURES],
}

impl Scored {
    /// Measures with points, most points first.
    pub fn strongest(&self) -> Vec<(Measure, f32)> {
        let points = self.parts.iter().map(|(_, points)| *points);
        let pointed = points.zip(0..).filter(|(points, _)| *points > 0.0);
        let order = best(pointed, MEASURES);
        order.iter().map(|&at| self.parts[at as usize]).collect()
    }
}

/// All that candidates of one request are measured by.
pub(crate) struct Measures<'a> {
    pub pack: &'a Pack,
    pub facts: Facts<'a>,
    pub blend: &'a Blend,
    /// In catalogue order.
    pub signals: &'a [Signal],
    pub votes: Votes,
    pub space: Option<Space<'a>>,
    /// The model's query: L2-normalised, or as it is where the blend has a temperature.
    pub taste: Option<Vec<f32>>,
    /// The largest inner product with `taste`; see [`Self::find_largest_taste`].
    largest_taste: f32,
    /// The centre of the signals' embeddings, L2-normalised; where no model's query counts.
    pub content: Option<Vec<f32>>,
    pub categories: CategoryShares,
    /// Whether bought items may come again.
    again: bool,
    largest_signal: f32,
}

impl<'a> Measures<'a> {
    /// - `signals`: in catalogue order
    /// - `query`: the model's, used if it fits the pack's embeddings
    pub fn new(
        pack: &'a Pack,
        facts: Facts<'a>,
        request: &Request,
        blend: &'a Blend,
        signals: &'a [Signal],
        query: Option<&[f32]>,
    ) -> Self {
        let item_count = pack.items.len();
        let space = Space::new(pack.embeddings.as_ref(), item_count);
        let taste = space.filter(|_| blend.taste > 0.0).and_then(|space| {
            match blend.taste_temperature > 0.0 {
                true => space.query_as_is(query?),
                false => space.query(query?),
            }
        });
        let weights = signals.iter().map(|signal| (signal.item, signal.weight));
        let content = space
            .filter(|_| taste.is_none())
            .and_then(|space| space.centre(weights));
        Self {
            pack,
            facts,
            blend,
            signals,
            votes: Votes::new(&pack.neighbours, signals, blend, item_count),
            space,
            taste,
            largest_taste: 0.0,
            content,
            categories: CategoryShares::new(facts.index, signals),
            again: request.repeat_purchases,
            largest_signal: signals.iter().map(|s| s.weight).fold(0.0, f32::max),
        }
    }
}

impl Measures<'_> {
    /// Cosine with a query, negative ones cut off: being unlike isn't a ground for anything.
    fn cosine(&self, query: Option<&Vec<f32>>, item: u32) -> f32 {
        match (self.space, query) {
            (Some(space), Some(query)) => space.cosine(query, item).clamp(0.0, 1.0),
            _ => 0.0,
        }
    }

    /// Sets what a temperature is measured from: the largest inner product among the candidates and the history. The
    /// closest item that may be shown is a candidate; those that were seen are close, too, and need not be.
    pub fn find_largest_taste(&mut self, candidates: &[u32], request: &Request) {
        if let (Some(space), Some(taste)) = (self.space, &self.taste) {
            let seen = request.history.iter().map(|event| event.item);
            let products = candidates.iter().copied().chain(seen);
            let products = products.map(|item| space.score(taste, item));
            self.largest_taste = products.fold(f32::NEG_INFINITY, f32::max);
        }
    }

    /// How well an item goes with the model's query, in `[0, 1]`.
    fn taste(&self, item: u32) -> f32 {
        let temperature = self.blend.taste_temperature;
        match (self.space, &self.taste) {
            (Some(space), Some(taste)) if temperature > 0.0 => {
                let below = (space.score(taste, item) - self.largest_taste) / temperature;
                below.min(0.0).exp()
            }
            _ => self.cosine(self.taste.as_ref(), item),
        }
    }

    /// The item's own weight in the history relative to the largest there, times what that counts.
    fn own(&self, item: u32) -> f32 {
        let Ok(position) = self
            .signals
            .binary_search_by_key(&item, |signal| signal.item)
        else {
            return 0.0;
        };
        let signal = self.signals[position];
        let counts = match signal.source {
            Source::Bought if self.again => self.blend.again,
            Source::Viewed => self.blend.revisit,
            Source::Bought | Source::InCart | Source::Anchor => 0.0,
        };
        counts * signal.weight / self.largest_signal
    }

    /// Scores one item.
    pub fn score(&self, item: u32) -> Scored {
        let blend = self.blend;
        let popularity = self.pack.popularity.score(item);
        let trend = self.pack.popularity.trend(item).max(0.0);
        let parts = [
            (
                Measure::Votes,
                blend.votes * self.votes.share(item).powf(blend.votes_power),
            ),
            (Measure::Taste, blend.taste * self.taste(item)),
            (
                Measure::Content,
                blend.content * self.cosine(self.content.as_ref(), item),
            ),
            (
                Measure::Category,
                blend.category * self.categories.share(self.facts.index, item),
            ),
            (Measure::Popularity, blend.popularity * popularity),
            (Measure::Trend, blend.trend * trend),
            (Measure::Again, self.own(item)),
        ];
        let sum: f32 = parts.iter().map(|(_, points)| points).sum();
        Scored {
            item,
            score: if sum.is_finite() { sum.max(0.0) } else { 0.0 },
            parts,
        }
    }
}
