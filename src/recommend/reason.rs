//! Why an item is there: read off the points that its score was really made of.

use nearshelf_catalogue::NeighbourKind;

use crate::history::Source;
use crate::order::best;
use crate::rank::{Measure, Measures, Scored, Tuning};
use crate::request::{Deed, Ground, Reason};

/// Reasons of a scored item, strongest first: each measure that made enough of its points, at most
/// `tuning.reason_limit`, no two alike. [`Reason::Catalogue`] where there is no better one.
///
/// Where grounds are known, they stand for the measures that go by the history.
pub(crate) fn reasons(
    scored: &Scored,
    grounds: &[Ground],
    measures: &Measures,
    tuning: &Tuning,
) -> Vec<Reason> {
    let mut found: Vec<(f32, Option<Reason>)> = Vec::new();
    for ground in grounds {
        found.push((ground.points, because_of(scored.item, ground)));
    }
    let known: f32 = grounds.iter().map(|ground| ground.points).sum();
    for (measure, points) in scored.strongest() {
        let points = points * scored.factor;
        let by_history = !matches!(
            measure,
            Measure::Popularity | Measure::Trend | Measure::Wish
        );
        let points = match measure {
            // What no single item of the history accounts for.
            Measure::Taste => points - known,
            _ if by_history && !grounds.is_empty() => continue,
            _ => points,
        };
        found.push((points, reason(scored.item, measure, measures, tuning)));
    }
    let order = best(found.iter().map(|found| found.0).zip(0..), found.len());
    let mut reasons = Vec::new();
    let mut least = 0.0;
    for place in order {
        let (points, reason) = found[place as usize];
        least = f32::max(least, points * tuning.reason_share);
        if points <= 0.0 || points < least || reasons.len() >= tuning.reason_limit {
            break;
        }
        if let Some(reason) = reason
            && !reasons.contains(&reason)
        {
            reasons.push(reason);
        }
    }
    if reasons.is_empty() {
        reasons.push(Reason::Catalogue);
    }
    reasons
}

/// A ground in words; none for what lies in the cart itself.
fn because_of(item: u32, ground: &Ground) -> Option<Reason> {
    let own = item == ground.item;
    let item = ground.item;
    match ground.was {
        Deed::Viewed if own => Some(Reason::RecentlyViewed),
        Deed::Viewed => Some(Reason::BecauseViewed { item }),
        Deed::InCart if own => None,
        Deed::InCart => Some(Reason::BecauseInCart { item }),
        Deed::Bought => Some(Reason::BecauseBought { item }),
    }
}

fn reason(item: u32, measure: Measure, measures: &Measures, tuning: &Tuning) -> Option<Reason> {
    match measure {
        Measure::Votes => {
            let vote = measures.votes.best(item)?;
            let signal = measures.signals.get(vote.signal)?;
            match signal.source {
                Source::Viewed if signal.item == item => Some(Reason::RecentlyViewed),
                Source::InCart if signal.item == item => None,
                source => Some(because(signal.item, source, vote.kind)),
            }
        }
        Measure::Taste => Some(Reason::MatchesYourTaste),
        Measure::Content => {
            let space = measures.space?;
            let closeness = |position: usize| {
                let signal = measures.signals[position];
                signal.weight * space.similarity(signal.item, item)
            };
            strongest_signal(measures, item, closeness)
        }
        Measure::Category if measures.crosses => {
            let anchor = measures.signals.iter().max_by(|a, b| {
                // Of equal ones the first.
                a.weight.total_cmp(&b.weight).then(b.item.cmp(&a.item))
            })?;
            Some(Reason::GoesWith { item: anchor.item })
        }
        Measure::Category => {
            let shared = |position: usize| {
                let signal = measures.signals[position];
                signal.weight * measures.facts.category_overlap(signal.item, item)
            };
            strongest_signal(measures, item, shared)
        }
        Measure::Popularity => {
            let popular = measures.pack.popularity.score(item) >= tuning.popular_from;
            popular.then_some(Reason::Popular)
        }
        Measure::Trend => {
            let trending = measures.pack.popularity.trend(item) >= tuning.trending_from;
            trending.then_some(Reason::Trending)
        }
        Measure::Again => {
            let own = measures.signals.iter().find(|signal| signal.item == item)?;
            match own.source {
                Source::Bought => Some(Reason::BecauseBought { item }),
                Source::Viewed => Some(Reason::RecentlyViewed),
                Source::InCart | Source::Anchor | Source::Like { .. } => None,
            }
        }
        Measure::Price | Measure::Personal => None,
        Measure::Wish => Some(Reason::AsAsked),
    }
}

/// The ground that a neighbour of something is.
fn because(item: u32, source: Source, kind: NeighbourKind) -> Reason {
    match (source, kind) {
        (Source::Anchor, NeighbourKind::BoughtTogether) => Reason::BoughtTogetherWith { item },
        (Source::Anchor | Source::Viewed, _) => Reason::BecauseViewed { item },
        (Source::Bought, _) => Reason::BecauseBought { item },
        (Source::InCart, _) => Reason::BecauseInCart { item },
        (Source::Like { item }, _) => Reason::GoesWith { item },
    }
}

/// Likeness to the signal that gave most of the points; the item itself doesn't count.
fn strongest_signal(
    measures: &Measures,
    item: u32,
    points: impl Fn(usize) -> f32,
) -> Option<Reason> {
    let mut best: Option<(f32, u32)> = None;
    for (position, signal) in measures.signals.iter().enumerate() {
        let points = points(position);
        let stands_in = matches!(signal.source, Source::Like { .. });
        if signal.item != item
            && !stands_in
            && points > 0.0
            && best.is_none_or(|(most, _)| points > most)
        {
            best = Some((points, signal.item));
        }
    }
    best.map(|(_, item)| Reason::SimilarTo { item })
}
