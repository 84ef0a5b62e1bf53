//! What is derived from a pack once, so that answering compares numbers and not texts.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use nearshelf_catalogue::{Item, ItemTable, Pack};
use serde::Serialize;

use crate::ask::Ask;
use crate::attribution::QueryOf;
use crate::candidates::candidates;
use crate::filter::Admission;
use crate::merchandise::TouchingRule;
use crate::order::best;
use crate::rank::Tuning;
use crate::request::{Recommendation, Request};
use crate::shelf::{Explain, MIN_CANDIDATES, answer};

/// What one item's score is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The parts' sum times the factor; finite, 0 where they sum to less.
    pub score: f32,
    /// Measures with points, most first; what is learnt of the shopper may take some away.
    pub parts: Vec<(&'static str, f32)>,
    /// What rules, stock, novelty and what was turned down make of it.
    pub factor: f32,
    /// Whether filters, exclusions and the history let it be shown.
    pub may_be_shown: bool,
    /// Which of the pack's rules speak of it in this list.
    pub rules: Vec<TouchingRule>,
}

/// Categories and products by number, and items in order of demand. Making it reads every item
/// once; keep it beside the pack and ask it.
///
/// It goes with the items and the demand of the pack it was made of; neighbours and embeddings may
/// come later.
#[derive(Debug, Clone, Default)]
pub struct PackIndex {
    /// `[n_items]`: number of the item's category in the primary locale.
    categories: Vec<Option<u32>>,
    /// `[n_items]`: number of the product that the item is a variant of.
    products: Vec<Option<u32>>,
    product_count: usize,
    /// By category number: the category's ancestors from the top and itself, numbered by path.
    paths: Vec<Vec<u32>>,
    by_popularity: Vec<u32>,
    by_trend: Vec<u32>,
}

impl PackIndex {
    /// Reads all items and their demand.
    pub fn new(pack: &Pack) -> Self {
        let by_popularity = wanted_first(&pack.items, |item| pack.popularity.score(item));
        let by_trend = wanted_first(&pack.items, |item| pack.popularity.trend(item));
        let mut index = Self {
            by_popularity,
            by_trend,
            ..Self::default()
        };
        let (mut categories, mut ancestors) = (Numbers::default(), Numbers::default());
        let mut products = Numbers::default();
        for item in pack.items.iter() {
            let category = primary_category(item).map(|path| {
                let number = categories.of(path);
                if number as usize == index.paths.len() {
                    let path = (1..=path.len()).map(|depth| ancestors.of(&path[..depth]));
                    index.paths.push(path.collect());
                }
                number
            });
            index.categories.push(category);
            let product = item.group_id.as_deref();
            index.products.push(product.map(|id| products.of(id)));
        }
        index.product_count = products.count();
        index
    }

    /// [`crate::recommend()`] without reading the pack anew. `pack` is the one that the index was
    /// made of; of one with another number of items an index is made for this call.
    pub fn recommend(
        &self,
        pack: &Pack,
        request: &Request,
        query: Option<&[f32]>,
    ) -> Vec<Recommendation> {
        self.recommend_with(pack, request, query, &Tuning::of(pack))
    }

    /// [`PackIndex::recommend`] with other constants, for evaluation.
    pub fn recommend_with(
        &self,
        pack: &Pack,
        request: &Request,
        query: Option<&[f32]>,
        tuning: &Tuning,
    ) -> Vec<Recommendation> {
        let index = &self.fitting(pack);
        answer(pack, index, request, Explain::Parts(query), tuning)
    }

    /// [`PackIndex::recommend`] with the grounds of each item: what was done with one item after the other is
    /// taken out of the history, and `query_of` is asked for the query of what is left.
    pub fn recommend_and_explain(
        &self,
        pack: &Pack,
        request: &Request,
        query_of: &mut QueryOf,
    ) -> Vec<Recommendation> {
        let index = &self.fitting(pack);
        let explain = Explain::Events(query_of);
        answer(pack, index, request, explain, &Tuning::of(pack))
    }

    /// What the score of one item is made of, whether it is shown or not.
    pub fn explain(
        &self,
        pack: &Pack,
        request: &Request,
        query: Option<&[f32]>,
        item: u32,
    ) -> Explanation {
        let (index, tuning) = (&self.fitting(pack), Tuning::of(pack));
        let ask = Ask::new(pack, index, request, &tuning);
        let shopper = ask.shopper();
        let anchored = ask.anchored(&shopper);
        let signals = if anchored.is_empty() {
            &shopper.signals
        } else {
            &anchored
        };
        let admission = Admission::new(&ask, &shopper);
        let mut measures = ask.measures(signals, query);
        let rivals = candidates(&measures, request.kind, MIN_CANDIDATES, &admission);
        measures.find_scale(&rivals, request);
        let scored = measures.score(item);
        let parts = scored.strongest().into_iter();
        Explanation {
            score: scored.score,
            parts: parts
                .map(|(part, points)| (part.as_str(), points))
                .collect(),
            factor: scored.factor,
            may_be_shown: admission.allows(item),
            rules: ask.merchandise.touching(item),
        }
    }

    /// This index, or one of the pack where this is of another number of items.
    pub(crate) fn fitting(&self, pack: &Pack) -> Cow<'_, Self> {
        if self.categories.len() == pack.items.len() {
            Cow::Borrowed(self)
        } else {
            Cow::Owned(Self::new(pack))
        }
    }

    /// Number of the item's category in the primary locale, below [`Self::category_count`].
    pub(crate) fn category(&self, item: u32) -> Option<u32> {
        self.categories.get(item as usize).copied().flatten()
    }

    pub(crate) fn category_count(&self) -> usize {
        self.paths.len()
    }

    /// Number of the product that the item is a variant of, below [`Self::product_count`].
    pub(crate) fn product(&self, item: u32) -> Option<u32> {
        self.products.get(item as usize).copied().flatten()
    }

    pub(crate) fn product_count(&self) -> usize {
        self.product_count
    }

    /// Part of the longer path that two categories share from the top, in `[0, 1]`.
    pub(crate) fn overlap(&self, a: u32, b: u32) -> f32 {
        let (Some(a), Some(b)) = (self.paths.get(a as usize), self.paths.get(b as usize)) else {
            return 0.0;
        };
        let shared = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        shared as f32 / a.len().max(b.len()).max(1) as f32
    }

    /// Items with any demand, most wanted first, ties in catalogue order.
    pub(crate) fn by_popularity(&self) -> &[u32] {
        &self.by_popularity
    }

    /// Items whose demand rises, most first, ties in catalogue order.
    pub(crate) fn by_trend(&self) -> &[u32] {
        &self.by_trend
    }
}

/// The item's category path in the primary locale; never empty.
fn primary_category(item: &Item) -> Option<&[String]> {
    let path = &item.texts.first()?.category;
    (!path.is_empty()).then_some(path)
}

/// Items that score above zero, best first, ties in catalogue order.
fn wanted_first(items: &ItemTable, score: impl Fn(u32) -> f32) -> Vec<u32> {
    let scored = (0..items.len() as u32).map(|item| (score(item), item));
    best(scored.filter(|(score, _)| *score > 0.0), usize::MAX)
}

/// Numbers things from 0 in order of first appearance.
pub(crate) struct Numbers<K> {
    known: HashMap<K, u32>,
    /// The thing asked for last: variants mostly stand together, and comparing is quicker than
    /// hashing.
    last: Option<(K, u32)>,
}

impl<K> Default for Numbers<K> {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            last: None,
        }
    }
}

impl<K: Copy + Eq + Hash> Numbers<K> {
    pub fn of(&mut self, thing: K) -> u32 {
        if let Some((last, number)) = self.last
            && last == thing
        {
            return number;
        }
        let next = self.known.len() as u32;
        let number = *self.known.entry(thing).or_insert(next);
        self.last = Some((thing, number));
        number
    }

    pub fn count(&self) -> usize {
        self.known.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{HistoryEvent, Kind};
    use crate::testing::{Shop, in_category, item};
    use nearshelf_catalogue::EventKind;

    fn overlap(index: &PackIndex, a: u32, b: u32) -> Option<f32> {
        Some(index.overlap(index.category(a)?, index.category(b)?))
    }

    #[test]
    fn categories_share_what_their_paths_have_in_common_from_the_top() {
        let paths = ["A > B > C", "A > B", "A > B > C", "X > B > C", "", "A"];
        let items = paths.iter().map(|path| in_category(path, path)).collect();
        let index = PackIndex::new(&Shop::with(items).pack());
        assert_eq!(index.category_count(), 4);
        assert_eq!(overlap(&index, 0, 2), Some(1.0));
        assert_eq!(overlap(&index, 0, 1), Some(2.0 / 3.0));
        assert_eq!(overlap(&index, 1, 5), Some(0.5));
        assert_eq!(overlap(&index, 0, 3), Some(0.0), "B below X is not A's");
        assert_eq!(overlap(&index, 0, 4), None);
        assert_eq!(index.category(99), None);
    }

    #[test]
    fn variants_have_their_products_number_and_others_none() {
        let variant = |id: &str, group: Option<&str>| Item {
            group_id: group.map(str::to_owned),
            ..item(id)
        };
        let items = vec![
            variant("0", Some("shirt")),
            variant("1", None),
            variant("2", Some("hat")),
            variant("3", Some("shirt")),
        ];
        let index = PackIndex::new(&Shop::with(items).pack());
        let products: Vec<_> = (0..5).map(|item| index.product(item)).collect();
        assert_eq!(products, [Some(0), None, Some(1), Some(0), None]);
        assert_eq!(index.product_count(), 2);
    }

    #[test]
    fn demand_is_in_order_with_ties_as_in_the_catalogue_and_without_what_nobody_wants() {
        let shop = Shop::of(4)
            .popularity(&[0.5, 0.0, 1.0, 0.5])
            .trend(&[-1.0, 0.5, 0.0, 1.0]);
        let index = PackIndex::new(&shop.pack());
        assert_eq!(index.by_popularity(), [2, 0, 3]);
        assert_eq!(index.by_trend(), [3, 1]);
    }

    #[test]
    fn an_index_of_another_catalogue_answers_as_the_packs_own() {
        let pack = Shop::of(5).popularity(&[0.1, 0.2, 0.3, 0.4, 0.5]).pack();
        let request = Request::default();
        let own = PackIndex::new(&pack).recommend(&pack, &request, None);
        assert_eq!(own.len(), 5);
        for other in [
            PackIndex::default(),
            PackIndex::new(&Shop::of(9).popularity(&[1.0; 9]).pack()),
        ] {
            assert_eq!(other.recommend(&pack, &request, None), own);
        }
    }

    #[test]
    fn parts_account_for_scores_also_where_some_take_points_away() {
        let kinds = ["Hats", "Shoes"];
        let items = (0..20).map(|n| in_category(&n.to_string(), kinds[n % 2]));
        let pack = Shop::with(items.collect()).popularity(&[0.5; 20]).pack();
        let viewed = [0, 2, 4].map(|item| HistoryEvent {
            item,
            kind: EventKind::View,
            time_millis: 0,
        });
        let request = Request {
            history: viewed.to_vec(),
            now_millis: 86_400_000,
            ..Request::default()
        };
        let index = PackIndex::new(&pack);
        let mut takes = 0;
        for item in 0..20 {
            let told = index.explain(&pack, &request, None, item);
            let sum: f32 = told.parts.iter().map(|(_, points)| points).sum();
            assert!(
                (told.score - (sum * told.factor).max(0.0)).abs() < 1e-5,
                "{told:?}"
            );
            assert!(
                told.parts.windows(2).all(|pair| pair[0].1 >= pair[1].1),
                "{told:?}"
            );
            takes += usize::from(told.parts.iter().any(|(_, points)| *points < 0.0));
        }
        assert!(takes > 5, "shoes are unlike what was looked at");
    }

    #[test]
    fn an_empty_pack_has_an_empty_index() {
        let pack = Pack::default();
        let index = PackIndex::new(&pack);
        for kind in Kind::ALL {
            let request = Request {
                kind,
                ..Request::default()
            };
            assert!(index.recommend(&pack, &request, None).is_empty());
        }
    }
}
