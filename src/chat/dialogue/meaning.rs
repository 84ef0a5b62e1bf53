//! Which intents a message has.

use super::{Assistant, State};
use crate::answers::DISTRESS;
use crate::head::{Head, OUT_OF_SCOPE};
use crate::normalise::{Kind, Token};
use crate::slots::{MOST_INTENTS, Slot, SlotName};
use crate::units::Unit;
use serde::Serialize;

/// What judged a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Path {
    /// The encoder's embedding and n-grams.
    Encoder,
    /// N-grams alone.
    Words,
    /// Slots alone: there is no head, or nothing but a thing is named.
    Rules,
    /// Nothing had to: a quick reply was pressed.
    QuickReply,
}

/// What a clause was taken for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Meant {
    /// The intent that is answered; `out_of_scope` where it is refused.
    pub intent: String,
    /// Of the likeliest intent, in `[0, 1]`.
    pub confidence: f32,
    /// Whether what was said before, not a head, tells what it means.
    pub follows_up: bool,
    /// The likeliest intents and their confidence, best first.
    pub guesses: Vec<(String, f32)>,
    /// What a head takes it for, likeliest first, `out_of_scope` like any other: for the tagger.
    #[serde(skip)]
    likeliest: Vec<String>,
}

/// What shows the products that are named.
pub(super) const FIND_PRODUCT: &str = "find_product";
/// Guesses that are told.
const MOST_GUESSES: usize = 3;
/// Words of a fragment that only narrows, and those of them that may tell nothing.
const MOST_WORDS: usize = 12;
const MOST_LOOSE_WORDS: usize = 2;
/// Intents that say nothing by themselves beside a request.
const COURTESIES: &[&str] = &["greeting", "thanks", "goodbye", "affirm"];

impl Meant {
    pub(super) fn pressed(intent: &str) -> Self {
        Self {
            intent: intent.to_owned(),
            confidence: 1.0,
            follows_up: false,
            guesses: Vec::new(),
            likeliest: vec![intent.to_owned()],
        }
    }

    fn judged(head: &Head, units: &[Unit], embedding: &[f32]) -> Self {
        let verdict = head
            .judge(units, embedding)
            .unwrap_or_else(|| head.refusal());
        let name = |class: usize| head.classes().get(class).cloned().unwrap_or_default();
        let ranking = || verdict.ranking.iter();
        let guesses = ranking().map(|(class, confidence)| (name(*class), *confidence));
        Self {
            likeliest: ranking()
                .map(|(class, _)| name(*class))
                .take(MOST_INTENTS)
                .collect(),
            intent: if verdict.refused {
                OUT_OF_SCOPE.to_owned()
            } else {
                name(verdict.intent)
            },
            confidence: verdict.confidence,
            follows_up: false,
            guesses: guesses
                .filter(|(intent, _)| intent != OUT_OF_SCOPE)
                .take(MOST_GUESSES)
                .collect(),
        }
    }

    /// A fragment that only narrows ("in red?", "under 50?") means what was asked before it.
    pub(super) fn follow_up(&mut self, slots: &[Slot], state: &State, tokens: &[Token]) {
        if self.intent == DISTRESS {
            return;
        }
        let narrows = |slot: &Slot| {
            !matches!(
                slot.name,
                SlotName::ProductType
                    | SlotName::OrderNumber
                    | SlotName::Date
                    | SlotName::Comparison
            )
        };
        let names_a_product = slots
            .iter()
            .any(|slot| slot.name == SlotName::ProductType && !slot.negated);
        let open = matches!(
            self.intent.as_str(),
            "find_product"
                | "availability"
                | "recommend"
                | "affirm"
                | "deny"
                | "price_question"
                | OUT_OF_SCOPE
        );
        let words = || tokens.iter().filter(|token| token.kind != Kind::Symbol);
        let outside = words().filter(|token| {
            let inside = |slot: &Slot| slot.start <= token.start && token.end <= slot.end;
            !slots.iter().any(inside)
        });
        // Hardly more than the slots themselves: whatever a head makes of so little.
        let bare = outside.count() <= MOST_LOOSE_WORDS;
        let short = words().count() <= MOST_WORDS;
        let narrowing = !names_a_product && slots.iter().any(narrows);
        if (bare || (open && short)) && narrowing && !state.wish.is_empty() {
            "refine_search".clone_into(&mut self.intent);
            self.follows_up = true;
        }
        // Words that name a product are a request for it, whatever else a head did not understand.
        if self.intent == OUT_OF_SCOPE && self.guesses.is_empty() && names_a_product {
            FIND_PRODUCT.clone_into(&mut self.intent);
        }
    }
}

/// What heads take a thing's bare name for that they know too little about.
const MISTAKEN: &[&str] = &[
    OUT_OF_SCOPE,
    "care_instructions",
    "compare_products",
    "gift_advice",
    "material_question",
    "product_details",
    "refine_search",
    "reviews_question",
    "similar_items",
    "size_help",
    "style_advice",
];

impl Path {
    /// Who names a thing and says nothing else wants to see it. What a head takes for anything but a question about
    /// products stays: "do you have a phone" may ask for the shop's.
    pub(super) fn of_bare_name(self, meanings: Vec<Meant>) -> (Self, Vec<Meant>) {
        match meanings.as_slice() {
            [one] if MISTAKEN.contains(&one.intent.as_str()) => {
                (Self::Rules, vec![Meant::pressed(FIND_PRODUCT)])
            }
            _ => (self, meanings),
        }
    }
}

/// Whether a message is taken for what shows the products that it names.
pub(super) fn show_products(meanings: &[Meant]) -> bool {
    matches!(meanings, [one] if matches!(one.intent.as_str(), FIND_PRODUCT | "availability" | "recommend"))
}

/// What a message asks, for the tagger. Several requests are none.
pub(super) fn asked(meanings: &[Meant]) -> Vec<&str> {
    match meanings {
        [one] => one.likeliest.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

impl Assistant {
    /// "Yes" to an answer that asked whether to put the shopper through means just that.
    pub(super) fn accept(&self, meaning: &mut Meant, state: &State) {
        let asked = |intent: &str| self.answers.asks_for_a_person(intent);
        if meaning.intent == "affirm" && state.intent.as_deref().is_some_and(asked) {
            "talk_to_person".clone_into(&mut meaning.intent);
            meaning.follows_up = true;
        }
    }

    /// The intents of a message: of its clauses where each is understood, else of the whole.
    pub(super) fn meanings(
        &self,
        readings: &[Vec<Unit>],
        embeddings: &[Vec<f32>],
    ) -> (Path, Vec<Meant>) {
        let embedded = self.head.as_ref().filter(|head| {
            embeddings.len() == readings.len() && embeddings.iter().all(|e| e.len() == head.dim())
        });
        let (path, head) = match (embedded, &self.words_head) {
            (Some(head), _) => (
                if head.dim() > 0 {
                    Path::Encoder
                } else {
                    Path::Words
                },
                head,
            ),
            (None, Some(head)) => (Path::Words, head),
            (None, None) => {
                return (
                    Path::Rules,
                    vec![Meant {
                        confidence: 0.0,
                        likeliest: Vec::new(),
                        ..Meant::pressed(OUT_OF_SCOPE)
                    }],
                );
            }
        };
        let empty = Vec::new();
        let embedding = |at: usize| {
            if path == Path::Encoder {
                embeddings.get(at).unwrap_or(&empty)
            } else {
                &empty
            }
        };
        let mut judged = readings
            .iter()
            .enumerate()
            .map(|(at, units)| Meant::judged(head, units, embedding(at)));
        let Some(whole) = judged.next() else {
            return (path, Vec::new());
        };
        let mut parts: Vec<Meant> = Vec::new();
        for clause in judged {
            if clause.intent != OUT_OF_SCOPE
                && !parts.iter().any(|part| part.intent == clause.intent)
            {
                parts.push(clause);
            }
        }
        if parts
            .iter()
            .any(|part| !COURTESIES.contains(&part.intent.as_str()))
        {
            parts.retain(|part| !COURTESIES.contains(&part.intent.as_str()));
        }
        // Clauses count for more than the whole only together.
        (path, if parts.len() > 1 { parts } else { vec![whole] })
    }
}
