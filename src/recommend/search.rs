//! Search: words by BM25 in every locale, meaning by embeddings, the same filters and rules as lists.

mod labels;
mod lexicon;
mod terms;

pub use labels::Facet;
pub(crate) use terms::{each_run, search_words};

use std::collections::HashSet;

use nearshelf_catalogue::Pack;
use serde::Serialize;

use crate::facts::passes;
use crate::merchandise::Merchandise;
use crate::order::best;
use crate::request::Filter;
use crate::retrieve::Space;
use labels::Labels;
use lexicon::Lexicon;

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub struct SearchRequest<'a> {
    /// Words as they were typed; the last one may be unfinished.
    pub query: &'a str,
    /// BCP 47: texts in this language count more, and facets are in it.
    pub locale: &'a str,
    /// Most items to answer, after `offset`.
    pub limit: usize,
    /// Items to leave out at the beginning.
    pub offset: usize,
    /// Which items may be answered.
    pub filter: Filter,
    /// Unix time: rules hold or don't.
    pub now_millis: i64,
    /// The query's place in the text encoder's space ([`crate::TextEncoder`]), where the encoder is there.
    pub meaning: Option<&'a [f32]>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Found {
    /// Items, best first.
    pub items: Vec<u32>,
    /// How many there are without `offset` and `limit`.
    pub total: usize,
    /// What they can be narrowed by.
    pub facets: Vec<Facet>,
    /// Words of the query that none of them has, where any were found: what is shown is shown instead.
    pub unmatched: Vec<String>,
}

/// An index of a pack's texts. Building it reads every text once; asking it is quick.
#[derive(Debug, Default)]
pub struct SearchIndex {
    lexicon: Lexicon,
    labels: Labels,
}

/// Items that are found by meaning alone.
const BY_MEANING: usize = 20;
/// Cosine with the query from which an item is found by meaning alone.
const MEANT: f32 = 0.55;
/// What a cosine of 1 adds to the score of the best hit by words, as a part of that.
const MEANING_SHARE: f32 = 0.3;

impl SearchIndex {
    /// Reads the texts of all items. Brand and locale-less names count for every locale.
    pub fn new(pack: &Pack) -> Self {
        let lexicon = Lexicon::new(pack);
        let labels = Labels::new(pack, |locale| lexicon.locale(locale).unwrap_or(0));
        Self { lexicon, labels }
    }

    /// The items that match most words of the query, best first, then what is close in meaning.
    ///
    /// Words must match whole, the last one may be the beginning of one (it may still be being typed). A word that no
    /// item has is read as those that differ by a letter (from eight letters on: two); synonyms count almost as the
    /// word itself. Texts in every locale are searched; those in `locale`, or another of the same language, count
    /// twice. Titles count most, then categories, brand and attributes, then descriptions; rare words more than
    /// frequent ones. Where nothing matches all words, those that name a sort of thing matter most, and the answer says which
    /// ones nothing has. Ties keep catalogue order. A query without words finds nothing.
    pub fn search(&self, pack: &Pack, request: &SearchRequest) -> Found {
        let shown = |item: u32| {
            pack.items
                .get(item)
                .is_some_and(|item| passes(item, &request.filter))
        };
        let words = search_words(request.query);
        let rules =
            Merchandise::new(&pack.merchandising, "search", request.now_millis).for_words(&words);
        let hits = self
            .lexicon
            .hits(request.query, request.locale, &pack.merchandising.synonyms);
        let space = Space::new(pack.text_space(), pack.items.len());
        let meaning = request.meaning.and_then(|query| space?.query(query));

        let excluded: HashSet<u32> = rules.excluded().collect();
        let may = |item: u32| !excluded.contains(&item) && shown(item);
        let most = hits
            .iter()
            .filter(|hit| may(hit.item))
            .map(|hit| hit.words)
            .fold(0.0, f32::max);
        let mut hits: Vec<_> = hits
            .into_iter()
            .filter(|hit| hit.words >= most && may(hit.item))
            .collect();
        // Where nothing has all words, a dress in another colour is closer to a red dress than red shoes are.
        let sorts = self.lexicon.sorts(request.query);
        if hits.iter().any(|hit| hit.matched & sorts != 0) {
            hits.retain(|hit| hit.matched & sorts != 0);
        }
        let largest = hits.iter().map(|hit| hit.score).fold(0.0, f32::max);
        let matched = hits.iter().fold(0, |all, hit| all | hit.matched);
        let closeness = |item| match (space, &meaning) {
            (Some(space), Some(query)) => {
                MEANING_SHARE * largest * space.cosine(query, item).max(0.0)
            }
            _ => 0.0,
        };
        let score = |hit: &lexicon::Hit| (hit.score + closeness(hit.item)) * rules.factor(hit.item);
        let mut items = best(hits.iter().map(|hit| (score(hit), hit.item)), hits.len());

        if let (Some(space), Some(query)) = (space, &meaning) {
            let found: HashSet<u32> = items.iter().copied().collect();
            let others = |item: u32| !found.contains(&item) && may(item);
            let close = space.closest(query, BY_MEANING, 0.0, others);
            items.extend(
                close
                    .into_iter()
                    .filter(|&item| space.cosine(query, item) >= MEANT),
            );
        }
        let mut pinned: Vec<u32> = Vec::new();
        if !words.is_empty() {
            for pin in rules.pins().filter(|&pin| may(pin)) {
                if !pinned.contains(&pin) {
                    pinned.push(pin);
                }
            }
        }
        let mut quotas = rules.quotas();
        for &pin in &pinned {
            quotas.count(pin);
        }
        items.retain(|&item| !pinned.contains(&item) && quotas.admit(item));
        pinned.append(&mut items);
        let items = pinned;
        let locale = self.lexicon.locale(request.locale).unwrap_or(0);
        let unmatched = match items.is_empty() {
            true => Vec::new(),
            false => self.lexicon.unmatched(request.query, matched),
        };
        Found {
            unmatched,
            total: items.len(),
            facets: self.labels.facets(&items, locale),
            items: items
                .into_iter()
                .skip(request.offset)
                .take(request.limit)
                .collect(),
        }
    }

    /// How well items fit some words, in `(0, 1]`, in catalogue order: the part of the words that they match.
    pub(crate) fn wishes(&self, pack: &Pack, words: &str, locale: &str) -> Vec<(u32, f32)> {
        let asked = self.lexicon.count(words);
        let hits = self
            .lexicon
            .hits(words, locale, &pack.merchandising.synonyms);
        hits.iter()
            .map(|hit| (hit.item, hit.words / asked as f32))
            .collect()
    }
}

/// Builds an index and asks it once. A page that searches again and again keeps a
/// [`SearchIndex`].
pub fn search(pack: &Pack, query: &str, locale: &str, limit: usize) -> Vec<u32> {
    let request = SearchRequest {
        query,
        locale,
        limit,
        ..SearchRequest::default()
    };
    SearchIndex::new(pack).search(pack, &request).items
}

#[cfg(test)]
mod tests;
