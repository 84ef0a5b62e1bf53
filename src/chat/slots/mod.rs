//! The words of a message that narrow what is looked up: which slot each fills, with which value, and whether it is
//! ruled out.
//!
//! Lexicons, the catalogue's own names and rules of prices, sizes, numbers and days [propose](propose) spans; a
//! [`Tagger`], fitted to annotated examples, decides which of them hold and finds what no list has. Without a tagger
//! the proposals hold.

mod comparisons;
mod dates;
mod lexicon;
mod measures;
mod named;
mod negation;
mod numbers;
mod orders;
mod phrases;
mod prices;
mod propose;
mod scores;
mod tagger;
mod values;

pub use lexicon::Lexicon;
pub(crate) use lexicon::singulars;
pub(crate) use named::named;
pub(crate) use numbers::decimal;
pub use propose::{Proposal, propose};
pub use scores::{Counts, SlotScores, measure_slots};
pub use tagger::{Tagged, Tagger, TaggerError};

use crate::normalise::Token;
use serde::{Deserialize, Serialize};

/// What a word of a message tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // Their names are what they are.
pub enum SlotName {
    ProductType,
    Colour,
    Size,
    Brand,
    Material,
    PriceMin,
    PriceMax,
    Quantity,
    OrderNumber,
    Date,
    Occasion,
    Comparison,
}

impl SlotName {
    /// Every slot.
    pub const ALL: [Self; 12] = [
        Self::ProductType,
        Self::Colour,
        Self::Size,
        Self::Brand,
        Self::Material,
        Self::PriceMin,
        Self::PriceMax,
        Self::Quantity,
        Self::OrderNumber,
        Self::Date,
        Self::Occasion,
        Self::Comparison,
    ];

    /// Its name in data and in the browser.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProductType => "product_type",
            Self::Colour => "colour",
            Self::Size => "size",
            Self::Brand => "brand",
            Self::Material => "material",
            Self::PriceMin => "price_min",
            Self::PriceMax => "price_max",
            Self::Quantity => "quantity",
            Self::OrderNumber => "order_number",
            Self::Date => "date",
            Self::Occasion => "occasion",
            Self::Comparison => "comparison",
        }
    }

    /// The slot of that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.as_str() == name)
    }
}

/// Of what a head takes a message for, so many intents tell which of its words are slots.
pub const MOST_INTENTS: usize = 2;

/// A slot that is filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Which.
    pub name: SlotName,
    /// First character of the words that fill it.
    pub start: usize,
    /// Character after the last.
    pub end: usize,
    /// What they mean: a colour or a material in English, a price as `50` or `50 USD`, else the words.
    pub value: String,
    /// Whether the shopper wants none of it.
    pub negated: bool,
}

/// The slots of a cleaned text with these tokens, in order; `intents` are what a head, if there is
/// one, takes it for, likeliest first.
#[must_use]
pub fn slots(
    text: &str,
    tokens: &[Token],
    lexicon: &Lexicon,
    tagger: Option<&Tagger>,
    intents: &[&str],
) -> Vec<Slot> {
    let proposals = propose(tokens, lexicon);
    let spans = match tagger {
        Some(tagger) => tagger.tag(tokens, &proposals, intents),
        None => propose::settled(&proposals),
    };
    filled(text, tokens, &proposals, spans)
}

/// Spans `(name, first token, token after the last)` as slots with their values.
fn filled(
    text: &str,
    tokens: &[Token],
    proposals: &[Proposal],
    spans: Vec<(SlotName, usize, usize)>,
) -> Vec<Slot> {
    let letters: Vec<char> = text.chars().collect();
    let slot = |(name, first, end): (SlotName, usize, usize)| {
        let inside = tokens.get(first..end)?;
        let (start, stop) = (inside.first()?.start, inside.last()?.end);
        let surface: String = letters.get(start..stop)?.iter().collect();
        let proposed = proposals
            .iter()
            .find(|p| p.name == name && p.start < end && first < p.end);
        Some(Slot {
            name,
            start,
            end: stop,
            value: values::value(name, &surface, inside, proposed),
            negated: negation::is_negated(tokens, first, end),
        })
    };
    spans.into_iter().filter_map(slot).collect()
}
