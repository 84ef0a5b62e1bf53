//! What a list will look for, told beforehand: where embeddings come in shards, these must be fetched first.

use nearshelf_catalogue::Pack;
use serde::Serialize;

use crate::ask::Ask;
use crate::filter::Admission;
use crate::index::PackIndex;
use crate::rank::Tuning;
use crate::request::Request;

/// What a list looks for among embeddings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sought {
    /// `[dim]` each: to items close to these the list will look. None where it looks at no embeddings.
    pub queries: Vec<Vec<f32>>,
    /// A bit an item, the first in the lowest bit of the first word: which may be shown.
    pub wanted: Vec<u32>,
}

impl PackIndex {
    /// What the list that a request asks for will look for. Rows of the history and of the anchors must be there.
    ///
    /// - `query`: the model's, as for [`PackIndex::recommend`]
    #[must_use]
    pub fn sought(&self, pack: &Pack, request: &Request, query: Option<&[f32]>) -> Sought {
        let (index, tuning) = (&self.fitting(pack), Tuning::of(pack));
        let ask = Ask::new(pack, index, request, &tuning);
        let shopper = ask.shopper();
        let anchored = ask.anchored(&shopper);
        let signals = match anchored.is_empty() {
            true => &shopper.signals,
            false => &anchored,
        };
        let measures = ask.measures(signals, query);
        let queries = [
            (measures.taste, measures.blend.taste),
            (measures.content, measures.blend.content),
        ];
        let counted = queries.into_iter().filter(|(_, weight)| *weight > 0.0);
        let admission = Admission::new(&ask, &shopper);
        let mut wanted = vec![0; pack.items.len().div_ceil(32)];
        for item in (0..pack.items.len() as u32).filter(|&item| admission.allows(item)) {
            wanted[item as usize / 32] |= 1 << (item % 32);
        }
        Sought {
            queries: counted.filter_map(|(query, _)| query).collect(),
            wanted,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::request::Kind;
    use crate::testing::Shop;

    #[test]
    fn a_list_like_an_anchor_looks_for_what_lies_where_it_does_and_may_be_shown() {
        let pack = Shop::of(3)
            .embeddings(&[[127, 0], [0, 127], [90, 90]])
            .pack();
        let request = Request {
            kind: Kind::Related,
            anchors: vec![1],
            ..Request::default()
        };
        let sought = PackIndex::new(&pack).sought(&pack, &request, None);
        assert_eq!(sought.queries.len(), 1);
        assert!((sought.queries[0][1] - 1.0).abs() < 1e-6);
        assert_eq!(sought.wanted, [0b101], "the anchor itself may not");
    }

    #[test]
    fn without_history_and_in_lists_of_demand_nothing_is_looked_for() {
        let pack = Shop::of(3)
            .embeddings(&[[127, 0], [0, 127], [90, 90]])
            .pack();
        for kind in [Kind::ForYou, Kind::Trending, Kind::RecentlyViewed] {
            let request = Request {
                kind,
                ..Request::default()
            };
            let sought = PackIndex::new(&pack).sought(&pack, &request, None);
            assert!(sought.queries.is_empty());
            assert_eq!(sought.wanted, [0b111]);
        }
    }

    #[test]
    fn the_model_s_query_is_looked_for_where_the_list_goes_by_it() {
        let pack = Shop::of(2).embeddings(&[[127, 0], [0, 127]]).pack();
        let request = Request::default();
        let sought = PackIndex::new(&pack).sought(&pack, &request, Some(&[0.0, 2.0]));
        assert_eq!(sought.queries, [[0.0, 1.0]]);
    }
}
