//! Scores candidates: each measure of an item times its weight, summed.

mod factors;
mod fitted;
mod price;
mod tuning;

pub(crate) use factors::Factors;
pub use tuning::{Blend, Memory, Tuning};

use nearshelf_catalogue::Pack;

use crate::facts::{CategoryShares, Facts};
use crate::head::Head;
use crate::history::{Signal, Source};
use crate::order::best;
use crate::pairing::categories_beside;
use crate::request::Request;
use crate::retrieve::{Space, Votes};
use price::PriceTaste;

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
    Price,
    Personal,
    Wish,
}

impl Measure {
    /// Its name in an explanation.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Votes => "together",
            Self::Taste => "taste",
            Self::Content => "content",
            Self::Category => "category",
            Self::Popularity => "popularity",
            Self::Trend => "trend",
            Self::Again => "again",
            Self::Price => "price",
            Self::Personal => "personal",
            Self::Wish => "wish",
        }
    }
}

const MEASURES: usize = 10;

/// A scored candidate. Its parts are kept, because reasons are read off them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scored {
    pub item: u32,
    /// Finite, 0 or more: the parts' sum, if above 0, times the factor.
    pub score: f32,
    /// What rules, stock, novelty and what was turned down make of it.
    pub factor: f32,
    parts: [(Measure, f32); MEASURES],
}

impl Scored {
    /// Measures with points, most points first; what took points away comes last.
    pub fn strongest(&self) -> Vec<(Measure, f32)> {
        let points = self.parts.iter().map(|(_, points)| *points);
        let pointed = points.zip(0..).filter(|(points, _)| *points != 0.0);
        let order = best(pointed, MEASURES);
        order.iter().map(|&at| self.parts[at as usize]).collect()
    }
}

/// The weight in a history that counts half: two looks, or most of a purchase.
const OWN_HALF: f32 = 2.0;

/// Points of an item that fits what was asked for in every respect: more than all else together, so that what was
/// asked for comes first.
const WISH: f32 = 16.0;

/// What fitted measures are relative to; see [`Measures::find_scale`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scale {
    votes: f32,
    taste: f32,
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
    scale: Scale,
    /// The centre of the signals' embeddings, L2-normalised; where no model's query counts.
    pub content: Option<Vec<f32>>,
    pub categories: CategoryShares,
    factors: &'a Factors<'a>,
    price: Option<PriceTaste>,
    head: Option<Head<'a>>,
    /// How well items fit what was asked for, in catalogue order.
    pub wishes: &'a [(u32, f32)],
    /// Whether categories are those that go with the signals', not the signals' own.
    pub crosses: bool,
    /// Whether bought items may come again.
    again: bool,
}

impl<'a> Measures<'a> {
    /// - `signals`: in catalogue order
    /// - `query`: the model's, used if it fits the pack's embeddings
    pub fn new(
        pack: &'a Pack,
        facts: Facts<'a>,
        request: &'a Request,
        blend: &'a Blend,
        factors: &'a Factors<'a>,
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
            scale: Scale::default(),
            content,
            categories: match request.kind.crosses() {
                true => CategoryShares::of(categories_beside(pack, facts, signals)),
                false => CategoryShares::new(facts.index, signals),
            },
            factors,
            price: Some(&pack.items)
                .filter(|_| blend.price > 0.0)
                .and_then(|items| PriceTaste::new(items, signals)),
            head: (blend.personal > 0.0)
                .then(|| Head::learn(pack, space, signals, &request.not_interested))
                .flatten(),
            wishes: &request.wishes,
            crosses: request.kind.crosses(),
            again: request.repeat_purchases,
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

    /// Sets what fitted measures are relative to: the largest inner product and the most votes among the candidates and
    /// the history. The best item that may be shown is a candidate; those that were seen are close, too, and need not be.
    pub fn find_scale(&mut self, candidates: &[u32], request: &Request) {
        self.scale.votes = self.votes.largest();
        if let (Some(space), Some(taste)) = (self.space, &self.taste) {
            let seen = request.history.iter().map(|event| event.item);
            let products = candidates.iter().copied().chain(seen);
            let products = products.map(|item| space.score(taste, item));
            self.scale.taste = products.fold(f32::NEG_INFINITY, f32::max);
        }
    }

    /// The same measures by another scale: that of the list which theirs are compared with.
    pub fn with_scale(self, scale: Scale) -> Self {
        Self { scale, ..self }
    }

    /// What fitted measures are relative to.
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// How well an item goes with the model's query, in `[0, 1]`.
    fn taste(&self, item: u32) -> f32 {
        let temperature = self.blend.taste_temperature;
        match (self.space, &self.taste) {
            (Some(space), Some(taste)) if temperature > 0.0 => {
                let below = (space.score(taste, item) - self.scale.taste) / temperature;
                below.min(0.0).exp()
            }
            _ => self.cosine(self.taste.as_ref(), item),
        }
    }

    /// The item's votes, in `[0, 1]`. By [`Blend::votes_half`] they depend on no other item's, so that what one event
    /// adds can be told.
    fn votes(&self, item: u32) -> f32 {
        let sum = self.votes.sum(item);
        let half = self.blend.votes_half;
        let share = match sum > 0.0 {
            true if half > 0.0 => sum / (sum + half),
            true => (sum / self.scale.votes).min(1.0),
            false => 0.0,
        };
        let familiar = self.blend.rare * self.pack.popularity.score(item);
        share.powf(self.blend.votes_power) * (1.0 - familiar)
    }

    /// The item's own weight in the history, in `[0, 1)`, times what that counts.
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
            Source::Bought | Source::InCart | Source::Anchor | Source::Like { .. } => 0.0,
        };
        counts * signal.weight / (signal.weight + OWN_HALF)
    }

    /// How well the item fits what was asked for.
    fn wish(&self, item: u32) -> f32 {
        let place = self.wishes.binary_search_by_key(&item, |wish| wish.0);
        place.map_or(0.0, |place| self.wishes[place].1)
    }

    /// Scores one item.
    pub fn score(&self, item: u32) -> Scored {
        let blend = self.blend;
        let popularity = self.pack.popularity.score(item);
        let trend = self.pack.popularity.trend(item).max(0.0);
        let parts = [
            (Measure::Votes, blend.votes * self.votes(item)),
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
            (
                Measure::Price,
                self.price
                    .as_ref()
                    .map_or(0.0, |price| blend.price * price.of(&self.pack.items, item)),
            ),
            (
                Measure::Personal,
                blend.personal * self.head.as_ref().map_or(0.0, |head| head.of(item)),
            ),
            (Measure::Wish, WISH * self.wish(item)),
        ];
        let factor = self.factors.of(item);
        let score = factor * parts.iter().map(|(_, points)| points).sum::<f32>();
        Scored {
            item,
            score: if score.is_finite() {
                score.max(0.0)
            } else {
                0.0
            },
            factor,
            parts,
        }
    }
}
