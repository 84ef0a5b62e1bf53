//! What lists and rules take for slots; proposals may overlap.

use super::{Lexicon, SlotName, comparisons, dates, measures, orders, prices};
use crate::normalise::Token;

/// A span of tokens that may fill a slot.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Which slot.
    pub name: SlotName,
    /// First token.
    pub start: usize,
    /// Token after the last.
    pub end: usize,
    /// What it would mean, where that is known.
    pub value: Option<String>,
}

/// Every proposal, in order of place.
#[must_use]
pub fn propose(tokens: &[Token], lexicon: &Lexicon) -> Vec<Proposal> {
    let mut all = prices::prices(tokens);
    all.extend(orders::order_numbers(tokens));
    all.extend(measures::sizes(tokens));
    all.extend(dates::dates(tokens));
    all.extend(measures::quantities(tokens));
    all.extend(comparisons::comparisons(tokens));
    all.extend(lexicon.proposals(tokens));
    all.sort_by_key(|p| (p.start, std::cmp::Reverse(p.end)));
    all
}

/// Of overlapping proposals the surest: the brand, then what rules say, then the longest.
pub(super) fn settled(proposals: &[Proposal]) -> Vec<(SlotName, usize, usize)> {
    let rank = |p: &Proposal| match p.name {
        SlotName::Brand | SlotName::OrderNumber => 0,
        SlotName::PriceMin | SlotName::PriceMax => 1,
        SlotName::ProductType => 3,
        _ => 2,
    };
    let mut order: Vec<&Proposal> = proposals.iter().collect();
    order.sort_by_key(|p| (std::cmp::Reverse(p.end - p.start), rank(p), p.start));
    let mut kept: Vec<(SlotName, usize, usize)> = Vec::new();
    for p in order {
        if kept
            .iter()
            .all(|(_, start, end)| p.end <= *start || *end <= p.start)
        {
            kept.push((p.name, p.start, p.end));
        }
    }
    kept.sort_by_key(|(_, start, _)| *start);
    kept
}
