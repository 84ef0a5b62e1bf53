//! Why an item is there: read off the points that its score was really made of.

use nearshelf_catalogue::NeighbourKind;

use crate::history::Source;
use crate::rank::{Measure, Measures, Scored, Tuning};
use crate::request::Reason;

/// Reasons of a scored item, strongest first: each measure that made enough of its points, at most
/// `tuning.reason_limit`, no two alike. [`Reason::Catalogue`] where there is no better one.
pub(crate) fn reasons(scored: &Scored, measures: &Measures, tuning: &Tuning) -> Vec<Reason> {
    let strongest = scored.strongest();
    let most = strongest.first().map_or(0.0, |first| first.1);
    let mut reasons = Vec::new();
    for (measure, points) in strongest {
        if points < most * tuning.reason_share || reasons.len() >= tuning.reason_limit {
            break;
        }
        if let Some(reason) = reason(scored.item, measure, measures, tuning)
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

fn reason(item: u32, measure: Measure, measures: &Measures, tuning: &Tuning) -> Option<Reason> {
    match measure {
        Measure::Votes => {
            let vote = measures.votes.best(item)?;
            let signal = measures.signals.get(vote.signal)?;
            Some(because(signal.item, signal.source, vote.kind))
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
                Source::InCart | Source::Anchor => None,
            }
        }
    }
}

/// The ground that a neighbour of something is.
fn because(item: u32, source: Source, kind: NeighbourKind) -> Reason {
    match (source, kind) {
        (Source::Anchor, NeighbourKind::BoughtTogether) => Reason::BoughtTogetherWith { item },
        (Source::Anchor | Source::Viewed, _) => Reason::BecauseViewed { item },
        (Source::Bought, _) => Reason::BecauseBought { item },
        (Source::InCart, _) => Reason::BecauseInCart { item },
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
        if signal.item != item && points > 0.0 && best.is_none_or(|(most, _)| points > most) {
            best = Some((points, signal.item));
        }
    }
    best.map(|(_, item)| Reason::SimilarTo { item })
}
