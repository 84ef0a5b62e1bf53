//! One question with all that answering it needs.

use nearshelf_catalogue::Pack;

use crate::facts::Facts;
use crate::history::{Shopper, Signal, Source, anchor_signals};
use crate::index::PackIndex;
use crate::merchandise::Merchandise;
use crate::rank::{Blend, Factors, Measures, Tuning};
use crate::request::{Kind, Request};

/// A request, the pack that it is asked of, and the constants.
pub(crate) struct Ask<'a> {
    pub pack: &'a Pack,
    pub facts: Facts<'a>,
    pub request: &'a Request,
    pub tuning: &'a Tuning,
    pub merchandise: Merchandise<'a>,
    factors: Factors<'a>,
}

impl<'a> Ask<'a> {
    pub fn new(
        pack: &'a Pack,
        index: &'a PackIndex,
        request: &'a Request,
        tuning: &'a Tuning,
    ) -> Self {
        let list = request.kind.as_str();
        let merchandise = Merchandise::new(&pack.merchandising, list, request.now_millis);
        Self {
            pack,
            facts: Facts::new(&pack.items, index),
            request,
            tuning,
            factors: Factors::new(pack, request, tuning, &merchandise),
            merchandise,
        }
    }

    /// What a history says, as of the request's time.
    pub fn shopper(&self) -> Shopper {
        let Request {
            history,
            now_millis,
            ..
        } = self.request;
        Shopper::new(history, *now_millis, self.pack.items.len(), self.tuning)
    }

    /// What candidates are compared with in place of the history: the anchors, where the kind has
    /// any; the cart for what completes it, without anchors.
    pub fn anchored(&self, shopper: &Shopper) -> Vec<Signal> {
        let item_count = self.pack.items.len();
        match self.request.kind {
            Kind::ForYou | Kind::Trending | Kind::RecentlyViewed | Kind::BuyAgain => Vec::new(),
            kind if kind.completes() && self.request.anchors.is_empty() => {
                let mut cart = anchor_signals(&shopper.in_cart, item_count);
                for signal in &mut cart {
                    signal.source = Source::InCart;
                }
                cart
            }
            Kind::Related | Kind::BoughtTogether | Kind::GoesWith | Kind::Outfit => {
                anchor_signals(&self.request.anchors, item_count)
            }
        }
    }

    /// By what candidates are measured.
    ///
    /// - `signals`: in catalogue order
    /// - `query`: the model's, used if it fits the pack's embeddings
    pub fn measures<'m>(&'m self, signals: &'m [Signal], query: Option<&[f32]>) -> Measures<'m> {
        Measures::new(
            self.pack,
            self.facts,
            self.request,
            self.blend(),
            &self.factors,
            signals,
            query,
        )
    }

    fn blend(&self) -> &'a Blend {
        let tuning = self.tuning;
        match self.request.kind {
            Kind::ForYou if self.request.repeat_purchases => &tuning.for_you_again,
            Kind::ForYou | Kind::RecentlyViewed | Kind::BuyAgain => &tuning.for_you,
            Kind::Related => &tuning.related,
            Kind::BoughtTogether => &tuning.bought_together,
            Kind::GoesWith | Kind::Outfit => &tuning.goes_with,
            Kind::Trending => &tuning.trending,
        }
    }
}
