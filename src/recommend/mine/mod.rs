//! From an event log, and the items' words, to the tables of a pack: neighbours, popularity, trend.
//!
//! Runs natively when packing. All is deterministic: equal logs give equal tables, ties fall in
//! catalogue order, and time comes from the log itself, never from a clock.

mod interactions;
mod linear;
mod neighbours;
mod parts;
mod popularity;
mod product;
mod significance;
#[cfg(test)]
mod tests;
mod visits;
mod words;

use nearshelf_catalogue::{Neighbour, NeighbourKind, Neighbours, Popularity};

pub use interactions::{Interaction, Interactions, Numbering};
use visits::{Steps, is_buying, is_viewing};
pub use words::alike_in_words;

use crate::rank::Tuning;
use product::keep_strongest;

const DAY_MILLIS: f64 = 86_400_000.0;

/// Neighbours of each item, by item index: strongest first, ties in catalogue order, weights in
/// (0, 1], never the item itself.
pub type NeighbourLists = Vec<Vec<Neighbour>>;

/// What an event log says about `item_count` items; each field has that length.
#[derive(Debug, Clone, PartialEq)]
pub struct Mined {
    /// Items looked at (or put in the cart) in the same visit.
    pub viewed_together: NeighbourLists,
    /// Items bought in the same basket or, weaker, by the same shopper at another time.
    pub bought_together: NeighbourLists,
    /// Items bought after the list's item was looked at.
    pub bought_after_viewing: NeighbourLists,
    /// What each item speaks for in `for-you`, whatever was done with both; none where that are the lists above.
    pub for_you: Option<NeighbourLists>,
    /// Decayed demand on a logarithmic scale, in `[0, 1]`.
    pub popularity: Vec<f32>,
    /// Rising (towards 1) or falling (towards -1) demand.
    pub trend: Vec<f32>,
}

impl Mined {
    /// As the tables of a pack.
    #[must_use]
    pub fn tables(&self) -> (Neighbours, Popularity) {
        let mut neighbours = Neighbours::default();
        neighbours.push(NeighbourKind::ViewedTogether, &self.viewed_together);
        neighbours.push(NeighbourKind::BoughtTogether, &self.bought_together);
        neighbours.push(
            NeighbourKind::BoughtAfterViewing,
            &self.bought_after_viewing,
        );
        if let Some(for_you) = &self.for_you {
            neighbours.push(NeighbourKind::Fitted, for_you);
        }
        (neighbours, Popularity::new(&self.popularity, &self.trend))
    }

    /// Lets likeness of texts speak in `for-you`, beside what the log says.
    ///
    /// - `words`: what [`alike_in_words`] found, weighed
    #[must_use]
    pub fn with_words(mut self, words: &NeighbourLists) -> Self {
        let blend = Tuning::default().for_you;
        let lists = match self.for_you.take() {
            Some(for_you) => for_you,
            None => {
                let own = scaled(&self.viewed_together, blend.viewed_together);
                added(own, &self.bought_together, blend.bought_together)
            }
        };
        let lists = added(lists, words, 1.0);
        let most = lists.iter().flatten().map(|near| near.weight);
        let most = most.fold(1.0, f32::max);
        self.for_you = Some(scaled(&lists, 1.0 / most));
        self
    }
}

/// Lists with `by` times their weights.
pub(crate) fn scaled(lists: &NeighbourLists, by: f32) -> NeighbourLists {
    added(vec![Vec::new(); lists.len()], lists, by)
}

/// Lists with others' entries, `by` times their weights, added.
fn added(mut lists: NeighbourLists, others: &NeighbourLists, by: f32) -> NeighbourLists {
    for (list, others) in lists.iter_mut().zip(others) {
        for other in others {
            match list.iter_mut().find(|own| own.item == other.item) {
                Some(own) => own.weight += by * other.weight,
                None => list.push(Neighbour {
                    weight: by * other.weight,
                    ..*other
                }),
            }
        }
        let count = list.len();
        keep_strongest(list, count);
    }
    lists
}

/// How strongly one item speaks for another in `for-you`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pairs {
    /// As in all other lists: by the weight of their pairs and how often each occurs, a cosine where `popularity_power` is
    /// 0.5.
    Cosine,
    /// By a regression of each item on the items nearest to it, in whole sessions: what two items say alike counts once.
    Linear {
        /// On squares of weights, in sessions.
        penalty: f64,
    },
}

impl std::fmt::Display for Pairs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cosine => write!(f, "cosine"),
            Self::Linear { penalty } => write!(f, "linear, penalty {penalty}"),
        }
    }
}

/// How to mine. The defaults were chosen on UCI Online Retail's validation baskets, as
/// [`crate::Tuning`]'s were, and are varied by the same command. Where those are indifferent they
/// are set by reason: `shrinkage`, within the range that does best, trusts half the least pair that
/// `min_sessions` lets pass; the gates are for privacy and against chance. What baskets can't tell
/// (views, trend, lags) is by reason, too.
#[derive(Debug, Clone, PartialEq)]
pub struct MineOptions {
    /// Newest time that is believed; ages count from the newest event that is not later. Events
    /// that claim to be later count as being of this age: 0.
    pub now_millis: i64,
    /// How pairs of items are weighed in `for-you`.
    pub pairs: Pairs,
    /// An event of this age counts half. Infinity switches decay off.
    pub half_life_days: f64,
    /// A longer pause begins a new visit.
    pub visit_gap_minutes: f64,
    /// Pairs are looked for among this many steps before and after each one, which bounds the work
    /// that a huge basket makes.
    pub window: usize,
    /// A pair in a basket of n items weighs `n` to the minus this.
    pub basket_size_power: f64,
    /// Weight of a pair bought by one shopper in different visits, relative to one basket.
    pub across_visits: f64,
    /// Visits this far apart count half as much as adjacent ones.
    pub between_visits_half_life_days: f64,
    /// The longest time from a view to a purchase that follows from it.
    pub lag_days: f64,
    /// A purchase this long after the view counts half.
    pub lag_half_life_days: f64,
    /// Exponent of both items' frequency in the denominator: 0.5 is the cosine; more favours rare
    /// items.
    pub popularity_power: f64,
    /// Pairs seen this often are trusted half.
    pub shrinkage: f64,
    /// A pair needs as many sessions, so that no list tells what one shopper alone did.
    pub min_sessions: u32,
    /// A pair needs a log-likelihood ratio of at least this, by visits or by sessions.
    pub min_log_likelihood_ratio: f64,
    /// Neighbours kept an item and kind.
    pub top_k: usize,
    /// Length of each of the two spans that trend compares.
    pub trend_window_days: f64,
    /// Sessions that an item's change of demand is weighed against.
    pub trend_shrinkage: f64,
}

impl Default for MineOptions {
    fn default() -> Self {
        Self {
            now_millis: i64::MAX,
            pairs: Pairs::Cosine,
            half_life_days: 60.0,
            visit_gap_minutes: 30.0,
            window: 64,
            basket_size_power: 0.5,
            across_visits: 0.25,
            between_visits_half_life_days: 60.0,
            lag_days: 14.0,
            lag_half_life_days: 2.0,
            popularity_power: 0.5,
            shrinkage: 2.0,
            min_sessions: 2,
            min_log_likelihood_ratio: 3.84,
            top_k: 16,
            trend_window_days: 7.0,
            trend_shrinkage: 10.0,
        }
    }
}

impl MineOptions {
    /// Weight of an event by its age.
    fn recency(&self, newest_millis: i64, time_millis: i64) -> f64 {
        half_life(
            newest_millis.saturating_sub(time_millis).max(0),
            self.half_life_days,
        )
    }
}

/// `2^(-elapsed / half life)`; a half-life of zero or less switches the decay off.
fn half_life(elapsed_millis: i64, half_life_days: f64) -> f64 {
    if half_life_days > 0.0 {
        (-(elapsed_millis as f64) / (half_life_days * DAY_MILLIS)).exp2()
    } else {
        1.0
    }
}

/// Mines a log. Items at or above `item_count` are ignored; an empty log gives empty lists and
/// zeros.
pub fn mine(log: &Interactions, item_count: usize, options: &MineOptions) -> Mined {
    let newest = log.newest_millis().unwrap_or(0).min(options.now_millis);
    let gap_millis = (options.visit_gap_minutes * 60_000.0) as i64;
    // Before the steps of visits are taken, so that memory holds one kind of steps at a time.
    let for_you = match options.pairs {
        Pairs::Cosine => None,
        Pairs::Linear { penalty } => Some(regressed(log, item_count, penalty, options)),
    };
    let viewed = Steps::new(log, item_count, gap_millis, is_viewing);
    let bought = Steps::new(log, item_count, gap_millis, is_buying);
    let together = |steps: &Steps, across_visits| {
        neighbours::together(steps, item_count, across_visits, newest, options)
    };
    Mined {
        viewed_together: together(&viewed, 0.0),
        bought_together: together(&bought, options.across_visits),
        bought_after_viewing: neighbours::after(&viewed, &bought, item_count, newest, options),
        popularity: popularity::popularity(log, item_count, newest, options),
        trend: popularity::trend(log, item_count, newest, options),
        for_you,
    }
}

/// What [`Pairs::Linear`] makes of whole sessions, views and purchases alike.
pub(crate) fn regressed(
    log: &Interactions,
    item_count: usize,
    penalty: f64,
    options: &MineOptions,
) -> NeighbourLists {
    let newest = log.newest_millis().unwrap_or(0).min(options.now_millis);
    let whole = Steps::new(log, item_count, i64::MAX, |kind| {
        is_viewing(kind) || is_buying(kind)
    });
    linear::linear(&whole, item_count, newest, penalty, options)
}

/// Plain cosine of items over whole sessions, the neighbourhood of the item-kNN baseline
/// ([`crate::evaluate::ItemKnn`]): no decay, no gates; `shrinkage` as in [`MineOptions`].
pub fn session_cosine(
    log: &Interactions,
    item_count: usize,
    top_k: usize,
    shrinkage: f64,
) -> NeighbourLists {
    let options = MineOptions {
        half_life_days: f64::INFINITY,
        window: usize::MAX,
        basket_size_power: 0.0,
        popularity_power: 0.5,
        shrinkage,
        min_sessions: 1,
        min_log_likelihood_ratio: f64::NEG_INFINITY,
        top_k,
        ..MineOptions::default()
    };
    let whole = Steps::new(log, item_count, i64::MAX, |kind| {
        is_viewing(kind) || is_buying(kind)
    });
    neighbours::together(&whole, item_count, 0.0, 0, &options)
}

/// [`Pairs::Linear`] over whole sessions without decay and gates, for evaluation.
pub fn session_linear(
    log: &Interactions,
    item_count: usize,
    top_k: usize,
    penalty: f64,
) -> NeighbourLists {
    let options = MineOptions {
        half_life_days: f64::INFINITY,
        min_sessions: 1,
        top_k,
        ..MineOptions::default()
    };
    regressed(log, item_count, penalty, &options)
}
