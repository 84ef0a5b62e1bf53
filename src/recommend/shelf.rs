//! One list from question to answer: retrieve, rank, diversify, explain.

use std::collections::{HashMap, HashSet};

use nearshelf_catalogue::Pack;

use crate::diversify::diversify;
use crate::facts::Facts;
use crate::filter::Admission;
use crate::history::{Shopper, Signal, Source, anchor_signals};
use crate::index::PackIndex;
use crate::order::{best, pair, second};
use crate::rank::{Blend, Measures, Scored, Tuning};
use crate::reason::reasons;
use crate::request::{Kind, Reason, Recommendation, Request};
use crate::retrieve::top_items;

/// Answers a request from a pack.
///
/// - `query`: what the for-you model made of the history ([`crate::ForYou`]), `[dim]`; a query of
///   another length, of zeros or with NaN counts as none
///
/// At most `request.limit` items, each once, one variant of a product only; pins first. Fewer only
/// where the catalogue has no more that may be shown, and for `recently-viewed`, which has nothing
/// but what was viewed. Without history, events, embeddings or model, lists are filled from
/// what is left: demand, then the catalogue's own order spread over categories. Equal requests on
/// equal packs get equal answers.
///
/// Reads every item for this one answer: who asks again keeps a [`PackIndex`].
pub fn recommend(pack: &Pack, request: &Request, query: Option<&[f32]>) -> Vec<Recommendation> {
    PackIndex::new(pack).recommend(pack, request, query)
}

/// Answers from a pack and the index that was made of it.
pub(crate) fn answer(
    pack: &Pack,
    index: &PackIndex,
    request: &Request,
    query: Option<&[f32]>,
    tuning: &Tuning,
) -> Vec<Recommendation> {
    let item_count = pack.items.len();
    let limit = request.limit.min(item_count);
    if limit == 0 {
        return Vec::new();
    }
    let facts = Facts::new(&pack.items, index);
    let shopper = Shopper::new(request, item_count, tuning);
    let mut admission = Admission::new(facts, request, &shopper, tuning);
    let mut answer = pinned(request, &mut admission, limit);
    if request.kind == Kind::RecentlyViewed {
        recently_viewed(&shopper, &mut admission, &mut answer, limit);
        return answer;
    }

    let blend = blend(request, tuning);
    let signals = signals(request, &shopper, item_count);
    let mut measures = Measures::new(pack, facts, request, blend, &signals, query);

    let wanted = limit.saturating_mul(POOL).max(MIN_CANDIDATES);
    let items = candidates(&measures, wanted, &admission);
    measures.find_largest_taste(&items, request);
    let measures = measures;
    let mut scored: Vec<Scored> = items.into_iter().map(|item| measures.score(item)).collect();
    sink_identical(&mut scored, request, &measures, tuning);
    let mut pool: Vec<Scored> = Vec::new();
    for place in best(scored.iter().map(|s| s.score).zip(0..), scored.len()) {
        if pool.len() >= limit.saturating_mul(POOL) {
            break;
        }
        let candidate = &scored[place as usize];
        if admission.admit(candidate.item) {
            pool.push(candidate.clone());
        }
    }
    let missing = (limit - answer.len()).saturating_sub(pool.len());
    fill(&mut pool, missing, &measures, &mut admission);

    let chosen: Vec<u32> = answer.iter().map(|pin| pin.item).collect();
    for position in order(&pool, &chosen, limit - answer.len(), request, &measures) {
        let candidate = &pool[position];
        answer.push(Recommendation {
            item: candidate.item,
            score: candidate.score,
            reasons: reasons(candidate, &measures, tuning),
        });
    }
    answer
}

/// The pool that diversification picks from, in lists.
const POOL: usize = 4;

/// Places that are diversified; nobody sees that a hundredth is like a tenth, and the work grows
/// with the square.
const VARIED: usize = 100;

/// Fewest candidates asked of each retriever.
const MIN_CANDIDATES: usize = 100;

fn blend<'a>(request: &Request, tuning: &'a Tuning) -> &'a Blend {
    match request.kind {
        Kind::ForYou if request.repeat_purchases => &tuning.for_you_again,
        Kind::ForYou | Kind::RecentlyViewed => &tuning.for_you,
        Kind::Related => &tuning.related,
        Kind::BoughtTogether => &tuning.bought_together,
        Kind::Trending => &tuning.trending,
    }
}

/// What candidates are compared with: the anchors, where the kind has any; the cart for
/// `bought-together` without anchors; else the history.
fn signals(request: &Request, shopper: &Shopper, item_count: usize) -> Vec<Signal> {
    let anchored = match request.kind {
        Kind::ForYou | Kind::Trending | Kind::RecentlyViewed => Vec::new(),
        Kind::Related => anchor_signals(&request.anchors, item_count),
        Kind::BoughtTogether if request.anchors.is_empty() => {
            let mut cart = anchor_signals(&shopper.in_cart, item_count);
            for signal in &mut cart {
                signal.source = Source::InCart;
            }
            cart
        }
        Kind::BoughtTogether => anchor_signals(&request.anchors, item_count),
    };
    if anchored.is_empty() {
        shopper.signals.clone()
    } else {
        anchored
    }
}

/// Pins that may be shown, in the order given.
fn pinned(request: &Request, admission: &mut Admission, limit: usize) -> Vec<Recommendation> {
    let mut answer = Vec::new();
    for &item in &request.pins {
        if answer.len() < limit && admission.admit(item) {
            answer.push(Recommendation {
                item,
                score: 1.0,
                reasons: vec![Reason::Pinned],
            });
        }
    }
    answer
}

fn recently_viewed(
    shopper: &Shopper,
    admission: &mut Admission,
    answer: &mut Vec<Recommendation>,
    limit: usize,
) {
    let count = shopper.viewed.len() as f32;
    for (place, &(item, _)) in shopper.viewed.iter().enumerate() {
        if answer.len() < limit && admission.admit(item) {
            answer.push(Recommendation {
                item,
                score: 1.0 - place as f32 / count,
                reasons: vec![Reason::RecentlyViewed],
            });
        }
    }
}

/// Items that any retriever names, each once, in catalogue order.
fn candidates(measures: &Measures, wanted: usize, admission: &Admission) -> Vec<u32> {
    let blend = measures.blend;
    let allowed = |item| admission.allows(item);
    let mut items: Vec<u32> = measures.votes.voted().to_vec();
    items.extend(measures.signals.iter().map(|signal| signal.item));
    let queries = [
        (&measures.taste, blend.taste),
        (&measures.content, blend.content),
    ];
    for (query, weight) in queries {
        if let (Some(space), Some(query)) = (measures.space, query)
            && weight > 0.0
        {
            items.extend(space.closest(query, wanted, blend.least_product(), allowed));
        }
    }
    let index = measures.facts.index;
    let first_allowed = |ordered: &[u32]| -> Vec<u32> {
        let ordered = ordered.iter().copied();
        ordered.filter(|&item| allowed(item)).take(wanted).collect()
    };
    items.extend(first_allowed(index.by_popularity()));
    if blend.trend > 0.0 {
        items.extend(first_allowed(index.by_trend()));
    }
    // With embeddings, what is alike is found already.
    if blend.category > 0.0 && measures.space.is_none() && !measures.categories.is_empty() {
        let share = |item| measures.categories.share(index, item);
        items.extend(top_items(
            measures.pack.items.len(),
            wanted,
            0.0,
            allowed,
            share,
        ));
    }
    items.sort_unstable();
    items.dedup();
    items.retain(|&item| admission.allows(item));
    items
}

/// Multiplies down what is all but identical to something that was turned down.
fn sink_identical(scored: &mut [Scored], request: &Request, measures: &Measures, tuning: &Tuning) {
    let Some(space) = measures.space else {
        return;
    };
    for candidate in scored {
        let identical =
            |&other: &u32| space.similarity(candidate.item, other) >= tuning.identical_cosine;
        if request.not_interested.iter().any(identical) {
            candidate.score *= tuning.identical_factor;
        }
    }
}

/// Adds up to `missing` items that no retriever named: in turn one of each category, in catalogue
/// order.
fn fill(pool: &mut Vec<Scored>, missing: usize, measures: &Measures, admission: &mut Admission) {
    if missing == 0 {
        return;
    }
    let taken: HashSet<u32> = pool.iter().map(|candidate| candidate.item).collect();
    // How many items of its category stand before each item: the round in which its turn comes.
    let mut seen: HashMap<Option<u32>, u32> = HashMap::new();
    let mut rounds: Vec<u64> = Vec::new();
    for item in 0..measures.pack.items.len() as u32 {
        if admission.allows(item) && !taken.contains(&item) {
            let round = seen.entry(measures.facts.index.category(item)).or_default();
            rounds.push(pair(*round, item));
            *round += 1;
        }
    }
    rounds.sort_unstable();
    let before = pool.len();
    for item in rounds.into_iter().map(second) {
        if pool.len() - before >= missing {
            break;
        }
        if admission.admit(item) {
            pool.push(measures.score(item));
        }
    }
}

/// Positions in the pool of the items to show: the first places diversified, then by score.
fn order(
    pool: &[Scored],
    chosen: &[u32],
    limit: usize,
    request: &Request,
    measures: &Measures,
) -> Vec<usize> {
    let varied = limit.min(VARIED);
    let ranked: Vec<(u32, f32)> = pool
        .iter()
        .take(varied.saturating_mul(POOL))
        .map(|candidate| (candidate.item, candidate.score))
        .collect();
    let alike = |a, b| likeness(measures, a, b);
    let mut places = diversify(&ranked, chosen, varied, request.diversity, alike);
    let taken: HashSet<usize> = places.iter().copied().collect();
    let rest = (0..pool.len()).filter(|place| !taken.contains(place));
    let missing = limit.saturating_sub(places.len());
    places.extend(rest.take(missing));
    places
}

/// How alike two items are: the mean of what is known of their embeddings' cosine and of their
/// categories' overlap.
fn likeness(measures: &Measures, a: u32, b: u32) -> f32 {
    let category = measures.facts.category_overlap(a, b);
    match measures.space {
        Some(space) => (space.similarity(a, b).max(0.0) + category) / 2.0,
        None => category,
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
