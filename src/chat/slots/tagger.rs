//! Which spans of a message are slots: a linear-chain tagger over the words, their neighbours and what is proposed.
//!
//! A conditional random field (Lafferty et al. 2001) with hashed features; the best tags are found by Viterbi's algorithm.

mod chain;
mod features;
mod file;
mod learn;
mod table;

pub use file::TaggerError;
pub use learn::Tagged;

use super::{Proposal, SlotName, propose::settled};
use crate::normalise::Token;
use table::Table;

/// Outside, and begin and inside of each slot.
const TAGS: usize = 1 + 2 * SlotName::ALL.len();
/// Tokens that are tagged; a longer message goes on without.
const MOST_TOKENS: usize = 200;

/// Weights of features, and of steps from tag to tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Tagger {
    table: Table,
    /// `[TAGS + 1, TAGS]`: from the tag before, the last row from the begin.
    transitions: Vec<f32>,
}

fn begin(slot: SlotName) -> usize {
    1 + 2 * SlotName::ALL
        .iter()
        .position(|other| *other == slot)
        .unwrap_or(0)
}

fn may_follow(before: Option<usize>, tag: usize) -> bool {
    let inside = tag > 0 && tag.is_multiple_of(2);
    !inside || before.is_some_and(|before| before == tag || before == tag - 1)
}

impl Tagger {
    /// The slots' spans in tokens, in order; `intents` are the message's likeliest, where a head has judged.
    #[must_use]
    pub fn tag(
        &self,
        tokens: &[Token],
        proposals: &[Proposal],
        intents: &[&str],
    ) -> Vec<(SlotName, usize, usize)> {
        let tokens = &tokens[..tokens.len().min(MOST_TOKENS)];
        if tokens.is_empty() {
            return settled(proposals);
        }
        let features = features::features(tokens, proposals, intents);
        let add = |feature: u32, scores: &mut [f32; TAGS]| self.table.add(feature, scores);
        spans(&viterbi(&features, add, &self.transitions))
    }
}

/// The spans that tags mark.
fn spans(tags: &[usize]) -> Vec<(SlotName, usize, usize)> {
    let mut spans: Vec<(SlotName, usize, usize)> = Vec::new();
    for (at, &tag) in tags.iter().enumerate() {
        let Some(slot) = tag
            .checked_sub(1)
            .and_then(|tag| SlotName::ALL.get(tag / 2))
        else {
            continue;
        };
        match spans.last_mut() {
            Some((name, _, end)) if tag.is_multiple_of(2) && name == slot && *end == at => {
                *end = at + 1
            }
            _ => spans.push((*slot, at, at + 1)),
        }
    }
    spans
}

/// The tags of the spans in `length` tokens.
fn tags(spans: &[(SlotName, usize, usize)], length: usize) -> Vec<usize> {
    let mut tags = vec![0; length];
    for &(slot, start, end) in spans {
        for (at, tag) in tags.iter_mut().enumerate().take(end).skip(start) {
            *tag = begin(slot) + usize::from(at > start);
        }
    }
    tags
}

/// The best tags for tokens with these features; `add` adds a feature's weights to the tags' scores.
fn viterbi(
    features: &[Vec<u32>],
    add: impl Fn(u32, &mut [f32; TAGS]),
    transitions: &[f32],
) -> Vec<usize> {
    let mut best: Vec<[f32; TAGS]> = Vec::with_capacity(features.len());
    let mut from: Vec<[usize; TAGS]> = Vec::with_capacity(features.len());
    for seen in features {
        let mut scores = [0.0_f32; TAGS];
        for &feature in seen {
            add(feature, &mut scores);
        }
        let mut came = [0; TAGS];
        for (tag, score) in scores.iter_mut().enumerate() {
            let step = |before: usize| transitions[before * TAGS + tag];
            let (before, gained) = match best.last() {
                None if may_follow(None, tag) => (0, step(TAGS)),
                None => (0, f32::NEG_INFINITY),
                Some(best) => {
                    let ways = (0..TAGS).filter(|before| may_follow(Some(*before), tag));
                    let ways = ways.map(|before| (before, best[before] + step(before)));
                    ways.max_by(|a, b| a.1.total_cmp(&b.1))
                        .unwrap_or((0, f32::NEG_INFINITY))
                }
            };
            *score += gained;
            came[tag] = before;
        }
        best.push(scores);
        from.push(came);
    }
    let last = best.last().map(|scores| {
        (0..TAGS)
            .max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
            .unwrap_or(0)
    });
    let mut tags: Vec<usize> = last.into_iter().collect();
    for came in from.iter().skip(1).rev() {
        if let Some(&tag) = tags.last() {
            tags.push(came[tag]);
        }
    }
    tags.reverse();
    tags
}

#[cfg(test)]
mod tests;
