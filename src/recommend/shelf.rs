//! One list from question to answer: retrieve, rank, diversify, explain.

use std::collections::HashSet;

use nearshelf_catalogue::Pack;

use crate::ask::Ask;
use crate::attribution::{QueryOf, grounds};
use crate::buy_again::buy_again;
use crate::candidates::{candidates, companions, fillers};
use crate::diversify::diversify;
use crate::filter::Admission;
use crate::history::Shopper;
use crate::index::PackIndex;
use crate::merchandise::Quotas;
use crate::order::best;
use crate::pairing::outfit;
use crate::rank::{Measures, Scored, Tuning};
use crate::reason::reasons;
use crate::request::{Kind, Reason, Recommendation, Request};

/// Answers a request from a pack.
///
/// - `query`: what the for-you model made of the history ([`crate::ForYou`]), `[dim]`; a query of
///   another length, of zeros or with NaN counts as none
///
/// At most `request.limit` items, each once, one variant of a product only; pins first. Fewer only
/// where the catalogue has no more that may be shown, where a quota forbids more, and in lists of one
/// ground: `recently-viewed`, `buy-again`, `bought-together`, `goes-with` and `outfit`, which have nothing but
/// what that ground gives. Without history, events, embeddings or model, the other lists are filled from what is left:
/// demand, then the catalogue's own order spread over categories. Equal requests on equal packs get equal
/// answers.
///
/// Reads every item for this one answer: who asks again keeps a [`PackIndex`].
pub fn recommend(pack: &Pack, request: &Request, query: Option<&[f32]>) -> Vec<Recommendation> {
    PackIndex::new(pack).recommend(pack, request, query)
}

/// How a list is explained.
pub(crate) enum Explain<'q, 'f> {
    /// By what its scores are made of.
    Parts(Option<&'q [f32]>),
    /// By the events without which its scores would be lower, too.
    Events(&'q mut QueryOf<'f>),
}

/// Answers from a pack and the index that was made of it.
pub(crate) fn answer(
    pack: &Pack,
    index: &PackIndex,
    request: &Request,
    explain: Explain,
    tuning: &Tuning,
) -> Vec<Recommendation> {
    let limit = request.limit.min(pack.items.len());
    if limit == 0 {
        return Vec::new();
    }
    let ask = Ask::new(pack, index, request, tuning);
    let shopper = ask.shopper();
    let mut admission = Admission::new(&ask, &shopper);
    let mut quotas = ask.merchandise.quotas();
    let mut answer = pinned(&ask, &mut admission, &mut quotas, limit);
    let mut plain = |items: Vec<(u32, f32)>, reason| {
        for (item, score) in items {
            if answer.len() < limit && admission.allows(item) && quotas.admit(item) {
                admission.admit(item);
                answer.push(plainly(item, score, reason));
            }
        }
    };
    match request.kind {
        Kind::RecentlyViewed => {
            plain(recently_viewed(&shopper), Reason::RecentlyViewed);
            return answer;
        }
        Kind::BuyAgain => {
            plain(buy_again(request, pack.items.len()), Reason::DueAgain);
            return answer;
        }
        Kind::ForYou
        | Kind::Related
        | Kind::BoughtTogether
        | Kind::GoesWith
        | Kind::Outfit
        | Kind::Trending => {}
    }

    let mut signals = ask.anchored(&shopper);
    let by_history = signals.is_empty();
    if by_history {
        signals.clone_from(&shopper.signals);
    }
    if request.kind.completes() {
        companions(&ask, &mut signals, &admission, limit);
    }
    let (query, query_of) = match explain {
        Explain::Parts(query) => (query.map(<[f32]>::to_vec), None),
        Explain::Events(query_of) => (query_of(&request.history), Some(query_of)),
    };
    let mut measures = ask.measures(&signals, query.as_deref());
    let pool = pool(
        &ask,
        &mut measures,
        &mut admission,
        &quotas,
        limit - answer.len(),
    );
    let chosen: Vec<u32> = answer.iter().map(|pin| pin.item).collect();
    let places = order(
        &pool,
        &chosen,
        limit - answer.len(),
        &quotas,
        &ask,
        &measures,
    );
    let mut shown: Vec<&Scored> = Vec::new();
    for place in places {
        if answer.len() + shown.len() < limit && quotas.admit(pool[place].item) {
            shown.push(&pool[place]);
        }
    }
    let scores: Vec<(u32, f32)> = shown.iter().map(|s| (s.item, s.score)).collect();
    let mut of_shown = match query_of {
        Some(query_of) if by_history => grounds(&ask, &measures, &scores, query_of),
        _ => Vec::new(),
    }
    .into_iter();
    for candidate in shown {
        let grounds = of_shown.next().unwrap_or_default();
        answer.push(Recommendation {
            item: candidate.item,
            score: candidate.score,
            reasons: reasons(candidate, &grounds, &measures, tuning),
            grounds,
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
pub(crate) const MIN_CANDIDATES: usize = 100;

fn plainly(item: u32, score: f32, reason: Reason) -> Recommendation {
    Recommendation {
        item,
        score,
        reasons: vec![reason],
        grounds: Vec::new(),
    }
}

/// Pins that may be shown: the request's, then the merchant's, each in the order given.
fn pinned(
    ask: &Ask,
    admission: &mut Admission,
    quotas: &mut Quotas,
    limit: usize,
) -> Vec<Recommendation> {
    let mut answer = Vec::new();
    let pins = ask.request.pins.iter().copied();
    for item in pins.chain(ask.merchandise.pins()) {
        if answer.len() < limit && admission.admit(item) {
            quotas.count(item);
            answer.push(plainly(item, 1.0, Reason::Pinned));
        }
    }
    answer
}

/// What was looked at, newest first, with falling scores.
fn recently_viewed(shopper: &Shopper) -> Vec<(u32, f32)> {
    let count = shopper.viewed.len() as f32;
    let viewed = shopper.viewed.iter().enumerate();
    viewed
        .map(|(place, &(item, _))| (item, 1.0 - place as f32 / count))
        .collect()
}

/// What may be shown, best first: more than the list holds, so that there is something to choose from.
fn pool(
    ask: &Ask,
    measures: &mut Measures,
    admission: &mut Admission,
    quotas: &Quotas,
    limit: usize,
) -> Vec<Scored> {
    let size = match ask.request.kind {
        // Many of one sort may stand before the first of another.
        Kind::Outfit => ask.pack.items.len(),
        _ => limit.saturating_mul(POOL),
    };
    let items = candidates(
        measures,
        ask.request.kind,
        limit.saturating_mul(POOL).max(MIN_CANDIDATES),
        admission,
    );
    measures.find_scale(&items, ask.request);
    let measures = &*measures;
    let scored: Vec<Scored> = items.into_iter().map(|item| measures.score(item)).collect();
    let mut pool: Vec<Scored> = Vec::new();
    for candidate in ranked(scored) {
        if (pool.len() < size || quotas.any()) && admission.admit(candidate.item) {
            pool.push(candidate);
        }
    }
    let wanted = if quotas.any() { size } else { limit };
    if pool.len() < wanted && !ask.request.kind.completes() {
        let taken: HashSet<u32> = pool.iter().map(|candidate| candidate.item).collect();
        for item in fillers(measures, admission, &taken) {
            if pool.len() < wanted && admission.admit(item) {
                pool.push(measures.score(item));
            }
        }
        pool = ranked(pool);
    }
    pool
}

/// By score; where scores tie, as they stand.
fn ranked(scored: Vec<Scored>) -> Vec<Scored> {
    let scores = scored.iter().map(|candidate| candidate.score);
    let order = best(scores.zip(0..), scored.len());
    order
        .into_iter()
        .map(|place| scored[place as usize].clone())
        .collect()
}

/// Positions in the pool of the items to show: the first places diversified, then by score. All
/// positions where quotas choose among them.
fn order(
    pool: &[Scored],
    chosen: &[u32],
    limit: usize,
    quotas: &Quotas,
    ask: &Ask,
    measures: &Measures,
) -> Vec<usize> {
    let limit = if quotas.any() { pool.len() } else { limit };
    if ask.request.kind == Kind::Outfit {
        let anchors = measures
            .signals
            .iter()
            .filter(|signal| signal.speaks_for_itself());
        let mut worn: Vec<u32> = anchors.map(|anchor| anchor.item).collect();
        worn.extend(chosen);
        return outfit(ask.pack, ask.facts, pool, &worn, limit);
    }
    let varied = limit.min(VARIED);
    let ranked: Vec<(u32, f32)> = pool
        .iter()
        .take(varied.saturating_mul(POOL))
        .map(|candidate| (candidate.item, candidate.score))
        .collect();
    let alike = |a, b| likeness(measures, a, b);
    let mut places = diversify(&ranked, chosen, varied, ask.request.diversity, alike);
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
