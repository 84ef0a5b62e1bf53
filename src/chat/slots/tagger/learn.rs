//! A tagger from annotated examples.

use super::{BUCKETS, TAGS, Tagger, features::features, tags, viterbi};
use crate::normalise::{Token, tokens};
use crate::slots::{Lexicon, Proposal, Slot, SlotName, propose};

/// Weights below which a row is left out: mistakes made once and mended at once.
const LEAST: f32 = 0.05;
/// Rounds over all examples.
const ROUNDS: usize = 12;
/// In one of so many passes an example's lists are held back, so that words no list has are learned from their surroundings.
const HELD_BACK: usize = 8;

/// In one of so many passes an example's intent is held back, for messages that no head has judged.
const INTENT_HELD_BACK: usize = 4;

/// An example: its tokens, what is proposed for them, what is asked, and the spans that are right.
#[derive(Debug, Clone)]
pub struct Tagged {
    /// In order.
    pub tokens: Vec<Token>,
    /// Of lists and rules.
    pub proposals: Vec<Proposal>,
    /// What a head took it for.
    pub intent: Option<String>,
    /// In tokens, in order, without overlaps.
    pub spans: Vec<(SlotName, usize, usize)>,
}

impl Tagged {
    /// A cleaned text with its intent and the slots that are right.
    #[must_use]
    pub fn new(text: &str, intent: Option<&str>, slots: &[Slot], lexicon: &Lexicon) -> Self {
        let tokens = tokens(text);
        let span = |slot: &Slot| {
            let inside = |token: &Token| token.start < slot.end && slot.start < token.end;
            let start = tokens.iter().position(inside)?;
            let end = tokens.iter().rposition(inside)? + 1;
            Some((slot.name, start, end))
        };
        let spans = slots.iter().filter_map(span).collect();
        Self {
            proposals: propose(&tokens, lexicon),
            intent: intent.map(str::to_owned),
            spans,
            tokens,
        }
    }
}

impl Tagger {
    /// Learns from examples; the same examples make the same tagger.
    #[must_use]
    pub fn learn(examples: &[Tagged]) -> Self {
        let size = BUCKETS * TAGS;
        let (mut weights, mut sums) = (vec![0.0_f32; size], vec![0.0_f64; size]);
        let links = (TAGS + 1) * TAGS;
        let (mut transitions, mut link_sums) = (vec![0.0_f32; links], vec![0.0_f64; links]);
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut random = 0x2545_F491_4F6C_DD1D_u64;
        let mut draw = |below: usize| {
            // xorshift (Marsaglia 2003), seeded.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random % below.max(1) as u64) as usize
        };
        // The average of the weights at all times, kept as the sum of changes times what was left.
        let total = (ROUNDS * examples.len()) as f64;
        let mut seen = 0.0;
        for _ in 0..ROUNDS {
            for at in (1..order.len()).rev() {
                order.swap(at, draw(at + 1));
            }
            for &which in &order {
                let example = &examples[which];
                let held_back = draw(HELD_BACK) == 0;
                let proposals: Vec<Proposal> = example
                    .proposals
                    .iter()
                    .filter(|p| !(held_back && is_open(p.name)))
                    .cloned()
                    .collect();
                let intent = example.intent.as_deref();
                let intent = intent.filter(|_| draw(INTENT_HELD_BACK) > 0);
                let rows = features(&example.tokens, &proposals, intent);
                let right = tags(&example.spans, example.tokens.len());
                let add = |bucket: usize, scores: &mut [f32; TAGS]| {
                    for (score, weight) in scores.iter_mut().zip(&weights[bucket * TAGS..]) {
                        *score += weight;
                    }
                };
                let said = viterbi(&rows, add, &transitions);
                seen += 1.0;
                if said == right {
                    continue;
                }
                let left = total - seen;
                for (buckets, (&right, &said)) in rows
                    .iter()
                    .zip(right.iter().zip(&said))
                    .filter(|(_, (right, said))| right != said)
                {
                    for &bucket in buckets {
                        for (tag, change) in [(right, 1.0), (said, -1.0)] {
                            weights[bucket as usize * TAGS + tag] += change;
                            sums[bucket as usize * TAGS + tag] += f64::from(change) * left;
                        }
                    }
                }
                for (path, change) in [(&right, 1.0), (&said, -1.0)] {
                    let mut before = TAGS;
                    for &tag in path {
                        transitions[before * TAGS + tag] += change;
                        link_sums[before * TAGS + tag] += f64::from(change) * left;
                        before = tag;
                    }
                }
            }
        }
        let mean = |sum: &f64| (sum / total.max(1.0)) as f32;
        let rows = sums
            .chunks(TAGS)
            .map(|row| row.iter().map(mean).collect::<Vec<f32>>());
        let rows: Vec<(Vec<i8>, f32)> = rows.map(|row| quantized(&row)).collect();
        Self {
            emissions: rows
                .iter()
                .flat_map(|(values, _)| values.iter().copied())
                .collect(),
            scales: rows.iter().map(|(_, scale)| *scale).collect(),
            transitions: link_sums.iter().map(mean).collect(),
        }
    }
}

/// A row in eight bits, and its scale. Rows that hardly weigh are nought.
fn quantized(row: &[f32]) -> (Vec<i8>, f32) {
    let largest = row
        .iter()
        .fold(0.0_f32, |most, weight| most.max(weight.abs()));
    if largest < LEAST {
        return (vec![0; TAGS], 0.0);
    }
    let scale = largest / 127.0;
    (
        row.iter()
            .map(|weight| (weight / scale).round() as i8)
            .collect(),
        scale,
    )
}

/// Slots whose lists are never complete.
fn is_open(name: SlotName) -> bool {
    matches!(
        name,
        SlotName::ProductType
            | SlotName::Brand
            | SlotName::Material
            | SlotName::Occasion
            | SlotName::Comparison
            | SlotName::Colour
    )
}
