//! Which items are scored for a list.

use std::collections::{HashMap, HashSet};

use crate::ask::Ask;
use crate::filter::Admission;
use crate::history::{Signal, Source};
use crate::order::{ascending, pair, second};
use crate::pairing::is_of_their_sort;
use crate::rank::Measures;
use crate::request::Kind;
use crate::retrieve::{Space, top_items};

/// Items that any retriever names and that may be shown, each once, in catalogue order. Where a list completes
/// something, only those that go with it, and what was asked for.
pub(crate) fn candidates(
    measures: &Measures,
    kind: Kind,
    wanted: usize,
    admission: &Admission,
) -> Vec<u32> {
    let mut items: Vec<u32> = measures.votes.voted().collect();
    items.extend(measures.wishes.iter().map(|wish| wish.0));
    if kind.crosses() {
        let index = measures.facts.index;
        let share = |item| {
            measures.categories.share(index, item) * (1.0 + measures.pack.popularity.score(item))
        };
        let allowed = |item| admission.allows(item);
        items.extend(top_items(measures.pack.items.len(), wanted, allowed, share));
    } else if kind != Kind::BoughtTogether {
        items.extend(measures.signals.iter().map(|signal| signal.item));
        found(measures, wanted, admission, &mut items);
    }
    let mut items = ascending(items);
    items.retain(|&item| {
        let anchors = || {
            measures
                .signals
                .iter()
                .filter(|signal| signal.speaks_for_itself())
        };
        admission.allows(item)
            && !(kind.crosses()
                && is_of_their_sort(measures.facts, item, anchors().map(|anchor| anchor.item)))
    });
    items
}

/// Adds what is close, wanted or of the same category.
fn found(measures: &Measures, wanted: usize, admission: &Admission, items: &mut Vec<u32>) {
    let blend = measures.blend;
    let allowed = |item| admission.allows(item);
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
        items.extend(top_items(measures.pack.items.len(), wanted, allowed, share));
    }
}

/// Items like a signal's that speak for it.
const COMPANIONS: usize = 8;

/// Cosine from which an item speaks for another.
const LIKE: f32 = 0.5;

/// Where signals have fewer pairs than the list has places, lets items like theirs speak, too: a new cake tin goes with
/// what other cake tins were bought with. `signals` stay in catalogue order.
pub(crate) fn companions(
    ask: &Ask,
    signals: &mut Vec<Signal>,
    admission: &Admission,
    limit: usize,
) {
    let Some(space) = Space::new(ask.pack.embeddings.as_ref(), ask.pack.items.len()) else {
        return;
    };
    let pairs = ask.measures(signals, None).votes;
    if pairs.voted().filter(|&item| admission.allows(item)).count() >= limit {
        return;
    }
    let mut found: Vec<Signal> = Vec::new();
    for signal in signals.iter() {
        let Some(query) = space.centre(std::iter::once((signal.item, 1.0))) else {
            continue;
        };
        let other = |item| signals.binary_search_by_key(&item, |own| own.item).is_err();
        for item in space.closest(&query, COMPANIONS, 0.0, other) {
            let cosine = space.similarity(signal.item, item);
            let known = found.iter().any(|companion| companion.item == item);
            if cosine >= LIKE && !known {
                found.push(Signal {
                    item,
                    weight: signal.weight * cosine * ask.tuning.companions,
                    source: Source::Like { item: signal.item },
                });
            }
        }
    }
    signals.extend(found);
    let mut places: Vec<u64> = (0..signals.len() as u32)
        .map(|place| pair(signals[place as usize].item, place))
        .collect();
    places.sort_unstable();
    *signals = places
        .into_iter()
        .map(|place| signals[second(place) as usize])
        .collect();
}

/// All that may be shown besides `taken`: in turn one of each category, in catalogue order.
pub(crate) fn fillers(
    measures: &Measures,
    admission: &Admission,
    taken: &HashSet<u32>,
) -> Vec<u32> {
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
    rounds.into_iter().map(second).collect()
}
