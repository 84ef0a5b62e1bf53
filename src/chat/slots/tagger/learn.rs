//! A tagger from annotated examples.

use super::{TAGS, Tagger, chain::Expected, features::features, table::Table, tags};
use crate::normalise::{Token, tokens};
use crate::slots::{Lexicon, Proposal, Slot, SlotName, propose};

/// Rows that features hash into.
const ROWS: usize = 1 << 18;
/// Weights below which one is left out: no slot of validation is lost by it, and most of the file is saved. Where few examples make
/// all weights small, it is this part of the largest.
const LEAST: f32 = 0.15;
const LEAST_SHARE: f32 = 0.1;
/// Rounds over all examples.
const ROUNDS: usize = 6;
/// How far a step goes at first, and the weight of half the sum of squared weights.
const RATE: f32 = 0.1;
const RIDGE: f32 = 2e-4;
/// A gradient that is nothing: most tags are out of the question for most tokens.
const NEGLIGIBLE: f32 = 1e-4;
/// In one of so many passes an example's lists are held back, so that words no list has are learned from their surroundings.
const HELD_BACK: usize = 8;
/// In one of so many passes an example's intents are held back, for messages that no head has judged.
const INTENTS_HELD_BACK: usize = 4;

/// An example: its tokens, what is proposed for them, what is asked, and the spans that are right.
#[derive(Debug, Clone)]
pub struct Tagged {
    /// In order.
    pub tokens: Vec<Token>,
    /// Of lists and rules.
    pub proposals: Vec<Proposal>,
    /// What a head that has not seen it takes it for, likeliest first.
    pub intents: Vec<String>,
    /// In tokens, in order, without overlaps.
    pub spans: Vec<(SlotName, usize, usize)>,
}

impl Tagged {
    /// A cleaned text with its intents and the slots that are right.
    #[must_use]
    pub fn new(text: &str, intents: &[&str], slots: &[Slot], lexicon: &Lexicon) -> Self {
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
            intents: intents.iter().map(|&intent| intent.to_owned()).collect(),
            spans,
            tokens,
        }
    }

    /// What is seen of each token, with what lists propose and what is asked, or without.
    fn features(&self, lists: bool, intents: bool) -> Vec<Vec<u32>> {
        let proposals = self.proposals.iter();
        let kept: Vec<Proposal> = proposals
            .filter(|proposal| lists || !is_open(proposal.name))
            .cloned()
            .collect();
        let asked: Vec<&str> = self.intents.iter().map(String::as_str).collect();
        features(&self.tokens, &kept, if intents { &asked } else { &[] })
    }
}

impl Tagger {
    /// Learns from examples; the same examples make the same tagger.
    ///
    /// What is minimised is the negative logarithm of the right tags' probability (Lafferty et al. 2001), an example at a
    /// time, by AdaGrad (Duchi et al. 2011).
    #[must_use]
    pub fn learn(examples: &[Tagged]) -> Self {
        let mut emissions = Slope::new(ROWS * TAGS);
        let mut transitions = Slope::new((TAGS + 1) * TAGS);
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut random = 0x2545_F491_4F6C_DD1D_u64;
        let mut draw = |below: usize| {
            // xorshift (Marsaglia 2003), seeded.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random % below.max(1) as u64) as usize
        };
        for _ in 0..ROUNDS {
            for at in (1..order.len()).rev() {
                order.swap(at, draw(at + 1));
            }
            for &which in &order {
                let example = &examples[which];
                let (lists, intents) = (draw(HELD_BACK) > 0, draw(INTENTS_HELD_BACK) > 0);
                let rows = example.features(lists, intents);
                let right = tags(&example.spans, example.tokens.len());
                descend(&rows, &right, &mut emissions, &mut transitions);
            }
        }
        let largest = emissions
            .weights
            .iter()
            .fold(0.0_f32, |most, weight| most.max(weight.abs()));
        Self {
            table: Table::quantized(&emissions.weights, LEAST.min(LEAST_SHARE * largest)),
            transitions: transitions.weights,
        }
    }
}

/// One step for one example, whose tokens have these features and tags.
fn descend(rows: &[Vec<u32>], right: &[usize], emissions: &mut Slope, transitions: &mut Slope) {
    let at = |feature: &u32| *feature as usize % ROWS * TAGS;
    let scores = rows.iter().map(|seen| {
        let mut scores = [0.0_f32; TAGS];
        for at in seen.iter().map(at) {
            for (score, weight) in scores.iter_mut().zip(&emissions.weights[at..]) {
                *score += weight;
            }
        }
        scores
    });
    let expected = Expected::new(&scores.collect::<Vec<_>>(), &transitions.weights);
    for ((seen, tags), &right) in rows.iter().zip(&expected.tags).zip(right) {
        let wrong =
            |(tag, likely): (usize, &f32)| (tag, likely - f32::from(u8::from(tag == right)));
        let wrong: Vec<(usize, f32)> = tags.iter().enumerate().map(wrong).collect();
        for at in seen.iter().map(at) {
            for &(tag, wrong) in wrong.iter().filter(|(_, wrong)| wrong.abs() > NEGLIGIBLE) {
                emissions.step(at + tag, wrong);
            }
        }
    }
    let mut wrong = expected.links;
    let mut before = TAGS;
    for &tag in right {
        wrong[before * TAGS + tag] -= 1.0;
        before = tag;
    }
    for (at, wrong) in wrong.into_iter().enumerate() {
        if wrong.abs() > NEGLIGIBLE {
            transitions.step(at, wrong);
        }
    }
}

/// Weights on their way down, and the squares of how steep it was.
struct Slope {
    weights: Vec<f32>,
    squares: Vec<f32>,
}

impl Slope {
    fn new(length: usize) -> Self {
        Self {
            weights: vec![0.0; length],
            squares: vec![1.0; length],
        }
    }

    fn step(&mut self, at: usize, gradient: f32) {
        let gradient = gradient + RIDGE * self.weights[at];
        self.squares[at] += gradient * gradient;
        self.weights[at] -= RATE * gradient / self.squares[at].sqrt();
    }
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
