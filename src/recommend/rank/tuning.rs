//! All constants of ranking in one place.
//!
//! Where a pack brings a blend that was fitted to its shop, `for-you` uses that ([`Tuning::of`]). All others were
//! chosen on validation data that what ships may be fitted on, never on test baskets:
//!
//! - On UCI Online Retail (all last baskets removed, log cut at 2011-11-01, then each customer's
//!   last remaining basket from 2011-09-01 on hidden; recall and NDCG at 20, with and without
//!   buying again): the history's half-life and the weights of `for_you` and `for_you_again` for
//!   popularity, trend and buying again. Popularity and trend hardly matter there; they stay low,
//!   lest bestsellers crowd out the rest. `run.py --validate` of
//!   `docs/examples/uci-online-retail` asks these baskets again, one constant changed at a time.
//! - On shops that we generate (`www/demo/generate`, seeds 101 to 103; the last tenth of sessions
//!   hidden, asked for the next view and for what is bought later and not yet seen; hit rate, MRR,
//!   recall and NDCG at 10): `views_half_life`, the round value among those that do best. Visits
//!   there are simulated, so it tells no more than that the simulation is understood.
//! - On the validation items of Amazon Beauty, and UCI's baskets before November 2011 replayed (`nearshelf eval --protocol
//!   replay`): `personal` and how it is learnt. Where buying again is allowed it added nothing.
//! - By reason, as neither set can tell: `votes_half` and, with it, the scale of `votes`, `again` and `revisit` (votes saturate,
//!   so that scores don't depend on what else is listed), `price`, `out_of_stock`, `to_order`, `companions`, `suppress_viewed_minutes` (a visit, as in
//!   mining); `revisit` (simulated shoppers buy what they put in the
//!   cart, and look at nothing twice) counts as much as `content`, an item being most like itself;
//!   the weights of kinds of neighbour, `taste`, `content`, `category` and the other kinds of list.
//!   Of these only the order of size is meant.

/// How much each measure of an item counts in one kind of list. Measures lie in `[0, 1]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Blend {
    /// Votes of neighbours, all kinds together.
    pub votes: f32,
    /// Within votes: viewed together.
    pub viewed_together: f32,
    /// Within votes: bought together.
    pub bought_together: f32,
    /// Within votes: whatever was fitted, with the pack's blend or by regression.
    pub fitted: f32,
    /// Within votes: what an item of the history votes for itself with.
    pub own_vote: f32,
    /// The part of its votes that the most wanted item lacks, others in proportion: what goes with everything goes with
    /// nothing in particular.
    pub rare: f32,
    /// The sum of votes that counts half; 0: votes are relative to the item with most.
    pub votes_half: f32,
    /// Exponent of the votes' share.
    pub votes_power: f32,
    /// Within votes: bought after viewing.
    pub bought_after_viewing: f32,
    /// Cosine with the model's query; with a temperature, `exp` of the inner product's distance from the largest, in
    /// temperatures.
    pub taste: f32,
    /// Distance of inner products that makes a factor of e; 0: the cosine is taken.
    pub taste_temperature: f32,
    /// Cosine with the centre of the anchors or of the history; without a model's query.
    pub content: f32,
    /// Share of the anchors' or the history's weight that lies in the item's category.
    pub category: f32,
    /// Decayed demand.
    pub popularity: f32,
    /// Rising demand.
    pub trend: f32,
    /// The item's own weight in the history: buying again, where that is allowed.
    pub again: f32,
    /// The same for items that were viewed and not bought.
    pub revisit: f32,
    /// Closeness to the prices of the anchors or of the history.
    pub price: f32,
    /// What is learnt of this shopper alone; it may take points, too.
    pub personal: f32,
}

/// What of a history counts, and how much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Memory {
    /// Every event by its kind, its age and how many views came after it.
    Fading,
    /// The newest distinct items, whatever was done with them: each counts `decay` of what the one after it does.
    Newest {
        /// How many.
        items: usize,
        /// In `(0, 1]`.
        decay: f32,
    },
}

impl Blend {
    /// Items with no larger product with a query are no candidates: being unlike isn't a ground for anything, but what
    /// a temperature is measured from may lie anywhere.
    pub(crate) fn least_product(&self) -> f32 {
        if self.taste_temperature > 0.0 {
            f32::NEG_INFINITY
        } else {
            0.0
        }
    }
}

/// Constants of ranking; [`Tuning::default`] is what [`crate::recommend()`] uses.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    /// Weight of a view in a history.
    pub view: f32,
    /// Weight of putting into the cart.
    pub add_to_cart: f32,
    /// Weight of a purchase.
    pub purchase: f32,
    /// A history event of this age counts half.
    pub history_half_life_days: f32,
    /// A view, or putting into the cart, with this many later views counts half: what a visit is
    /// after changes from page to page, what somebody buys doesn't.
    pub views_half_life: f32,
    /// What of the history votes in `for-you`.
    pub memory: Memory,
    /// `for-you`.
    pub for_you: Blend,
    /// `for-you` where buying again is allowed.
    pub for_you_again: Blend,
    /// `related`.
    pub related: Blend,
    /// `bought-together`.
    pub bought_together: Blend,
    /// `goes-with` and `outfit`.
    pub goes_with: Blend,
    /// `trending`.
    pub trending: Blend,
    /// For how long a purchase keeps its item out of `for-you`.
    pub suppress_bought_days: f32,
    /// For how long a look keeps its item out of `for-you`: what lies open in another tab needs no recommending.
    pub suppress_viewed_minutes: f32,
    /// Whether of the variants of a product only one is shown, and none of a product that is looked
    /// at, in the cart, shown elsewhere, bought lately or turned down.
    pub one_variant: bool,
    /// Cosine from which an item is all but identical to one that was turned down.
    pub identical_cosine: f32,
    /// What such an item's score is multiplied by.
    pub identical_factor: f32,
    /// What the score of an item that can't be had is multiplied by.
    pub out_of_stock: f32,
    /// What the score of an item that can only be ordered is multiplied by.
    pub to_order: f32,
    /// How much of an item's votes reaches those that go with what is like it, where it has too few of its own.
    pub companions: f32,
    /// A measure is given as a reason when it makes at least this part of the strongest one's
    /// points.
    pub reason_share: f32,
    /// Most reasons of one item.
    pub reason_limit: usize,
    /// An item is called popular from this popularity on, which is logarithmic: the demand of the
    /// most wanted item to the power of this.
    pub popular_from: f32,
    /// An item is called trending from this trend on.
    pub trending_from: f32,
}

/// No measure at all.
pub(super) const NOTHING: Blend = Blend {
    votes: 0.0,
    votes_half: 1.0,
    votes_power: 1.0,
    fitted: 0.0,
    own_vote: 0.0,
    rare: 0.0,
    taste_temperature: 0.0,
    viewed_together: 0.0,
    bought_together: 0.0,
    bought_after_viewing: 0.0,
    taste: 0.0,
    content: 0.0,
    category: 0.0,
    popularity: 0.0,
    trend: 0.0,
    again: 0.0,
    revisit: 0.0,
    price: 0.0,
    personal: 0.0,
};

const FOR_YOU: Blend = Blend {
    votes: 4.0,
    viewed_together: 1.0,
    bought_together: 1.0,
    bought_after_viewing: 1.0,
    taste: 0.5,
    content: 0.25,
    category: 0.05,
    popularity: 0.05,
    trend: 0.01,
    again: 0.0,
    revisit: 0.75,
    price: 0.02,
    personal: 0.5,
    ..NOTHING
};

impl Default for Tuning {
    fn default() -> Self {
        Self {
            view: 1.0,
            add_to_cart: 2.0,
            purchase: 3.0,
            history_half_life_days: 120.0,
            views_half_life: 1.0,
            memory: Memory::Fading,
            for_you: FOR_YOU,
            for_you_again: Blend {
                again: 12.0,
                personal: 0.0,
                ..FOR_YOU
            },
            related: Blend {
                votes: 4.0,
                viewed_together: 1.0,
                bought_together: 0.3,
                bought_after_viewing: 0.5,
                content: 0.8,
                category: 0.3,
                popularity: 0.05,
                trend: 0.02,
                ..NOTHING
            },
            bought_together: Blend {
                votes: 4.0,
                bought_together: 1.0,
                bought_after_viewing: 0.2,
                content: 0.05,
                category: 0.02,
                popularity: 0.02,
                ..NOTHING
            },
            goes_with: Blend {
                votes: 4.0,
                bought_together: 1.0,
                rare: 0.0,
                category: 1.0,
                popularity: 0.1,
                ..NOTHING
            },
            trending: Blend {
                category: 0.05,
                popularity: 0.4,
                trend: 1.0,
                ..NOTHING
            },
            suppress_bought_days: 180.0,
            suppress_viewed_minutes: 30.0,
            one_variant: true,
            identical_cosine: 0.92,
            identical_factor: 0.1,
            out_of_stock: 0.2,
            to_order: 0.7,
            companions: 0.5,
            reason_share: 0.3,
            reason_limit: 3,
            popular_from: 0.7,
            trending_from: 0.1,
        }
    }
}

impl Tuning {
    /// Nothing but the model's query counts in `for-you`.
    ///
    /// - `temperature`: of inner products; 0: the cosine is taken
    pub fn of_taste_alone(temperature: f32) -> Self {
        Self::of_one(Blend {
            taste: 1.0,
            taste_temperature: temperature,
            ..NOTHING
        })
    }

    /// Nothing but likeness to what `memory` keeps of the history counts in `for-you`.
    pub fn of_content_alone(memory: Memory) -> Self {
        Self {
            memory,
            ..Self::of_one(Blend {
                content: 1.0,
                ..NOTHING
            })
        }
    }

    /// Nothing is learnt of a shopper alone.
    #[must_use]
    pub fn without_head(mut self) -> Self {
        self.for_you.personal = 0.0;
        self.for_you_again.personal = 0.0;
        self
    }

    fn of_one(blend: Blend) -> Self {
        Self {
            for_you: blend.clone(),
            for_you_again: blend,
            ..Self::default()
        }
    }

    /// Weight of a history event by its age; what claims to be of the future counts as present.
    pub(crate) fn recency(&self, now_millis: i64, time_millis: i64) -> f32 {
        let age_days = now_millis.saturating_sub(time_millis).max(0) as f64 / 86_400_000.0;
        (-age_days / f64::from(self.history_half_life_days)).exp2() as f32
    }

    /// Weight of a view by how many came after it.
    pub(crate) fn freshness(&self, views_since: u32) -> f32 {
        (-(views_since as f32) / self.views_half_life).exp2()
    }
}
