//! A turn of the conversation: what a message means after those before it, and what is to be done.

mod act;
mod distress;
mod meaning;

pub use act::Action;
pub use meaning::{Meant, Path};
use meaning::{asked, show_products};

use crate::answers::{Answers, DISTRESS, SaidLink, is_chinese};
use crate::audience::Audience;
use crate::catalogue::{Catalogue, canonical};
use crate::clauses::clauses;
use crate::head::Head;
use crate::language::{Language, detect};
use crate::normalise::{clean, tokens};
use crate::slots::{Slot, SlotName, Tagger, named, slots};
use crate::units::{Unit, units};
use crate::wish::Wish;
use serde::{Deserialize, Serialize};

/// Products that one answer shows.
pub const MOST_PRODUCTS: usize = 8;
/// Quick replies that one answer offers.
const MOST_REPLIES: usize = 3;

/// Everything that an assistant is made of. Each part may be missing: it answers from what is left.
#[derive(Debug, Clone, Default)]
pub struct Assistant {
    /// Reads n-grams and the encoder's embedding.
    pub head: Option<Head>,
    /// Reads n-grams alone, while the encoder isn't there.
    pub words_head: Option<Head>,
    /// Finds slots; without, lists and rules do.
    pub tagger: Option<Tagger>,
    /// What the shop says.
    pub answers: Answers,
    /// What it sells.
    pub catalogue: Catalogue,
}

/// What is remembered from turn to turn: plain data, kept by the page, gone with it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct State {
    /// What the shopper is after.
    pub wish: Wish,
    /// Items of the last answer.
    pub shown: Vec<u32>,
    /// The last answer's intent: what "yes" agrees to.
    pub intent: Option<String>,
}

/// What surrounds a message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Surroundings {
    /// The page's locale: answers to messages of no language are in it.
    pub locale: String,
    /// The item whose page is open.
    pub item: Option<u32>,
}

/// What is said to one intent of a message.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Which intent.
    pub intent: String,
    /// Plain text.
    pub text: String,
    /// Where to read on.
    pub links: Vec<SaidLink>,
    /// What the page does besides.
    pub action: Action,
}

/// Something that the shopper may say next with one press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuickReply {
    /// Which intent it means, without asking a head.
    pub intent: String,
    /// Its words.
    pub label: String,
}

/// Why a message was answered as it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Why {
    /// What judged it.
    pub path: Path,
    /// What each clause was taken for.
    pub meant: Vec<Meant>,
    /// Its telling words.
    pub slots: Vec<Slot>,
    /// Confidence below which nothing is answered.
    pub threshold: f32,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// `None` for a message without words.
    pub language: Option<Language>,
    /// The locale that it is in.
    pub locale: String,
    /// One an intent; at least one.
    pub parts: Vec<Part>,
    /// What may be said next.
    pub replies: Vec<QuickReply>,
    /// Why.
    pub why: Why,
    /// To be handed in with the next message.
    pub state: State,
}

/// What the encoder has to read of a message: its whole text first, then each clause where there are several.
#[must_use]
pub fn readings(message: &str) -> Vec<Vec<Unit>> {
    let text = clean(message);
    let parts = clauses(&text);
    let several = parts.len() > 1;
    [text.as_str()]
        .into_iter()
        .chain(parts.iter().copied().filter(|_| several))
        .map(units)
        .collect()
}

impl Assistant {
    /// Answers a message. `embeddings` are those of its [`readings`], or none where the encoder isn't there;
    /// `meant` is the intent of a quick reply that was pressed, which no head has to guess.
    #[must_use]
    pub fn reply(
        &self,
        message: &str,
        embeddings: &[Vec<f32>],
        meant: Option<&str>,
        state: &State,
        around: &Surroundings,
    ) -> Reply {
        let text = clean(message);
        let tokens = tokens(&text);
        let language = detect(&tokens);
        let locale = answer_locale(language, &around.locale);
        let bare = named(&text, &tokens, self.catalogue.lexicon());
        let (path, mut meanings) = match meant {
            Some(intent) => (Path::QuickReply, vec![Meant::pressed(intent)]),
            None if distress::is_told(&tokens) => (Path::Rules, vec![Meant::pressed(DISTRESS)]),
            None => match (self.meanings(&readings(message), embeddings), &bare) {
                ((path, judged), Some(_)) => path.of_bare_name(judged),
                (judged, None) => judged,
            },
        };
        let bare = bare.filter(|_| show_products(&meanings));
        let found = bare.unwrap_or_else(|| {
            slots(
                &text,
                &tokens,
                self.catalogue.lexicon(),
                self.tagger.as_ref(),
                &asked(&meanings),
            )
        });
        for meaning in &mut meanings {
            meaning.follow_up(&found, state, &tokens);
            self.accept(meaning, state);
        }
        let mut next = state.clone();
        let audience = Audience::of_message(&canonical(&text));
        // Another product may be for another.
        if audience.is_some() || found.iter().any(|slot| slot.name == SlotName::ProductType) {
            next.wish.audience = audience;
        }
        let parts: Vec<Part> = meanings
            .iter()
            .map(|meaning| self.answer(meaning, &found, &mut next, &locale, around))
            .collect();
        next.intent = parts.last().map(|part| part.intent.clone());
        let threshold = match path {
            Path::Encoder => self.head.as_ref(),
            _ => self.words_head.as_ref(),
        };
        Reply {
            language,
            replies: self.quick_replies(&meanings, &parts, &locale),
            why: Why {
                path,
                meant: meanings,
                slots: found,
                threshold: threshold.map_or(0.0, Head::threshold),
            },
            locale,
            parts,
            state: next,
        }
    }

    fn quick_replies(&self, meanings: &[Meant], parts: &[Part], locale: &str) -> Vec<QuickReply> {
        let last = parts.last().map_or("", |part| part.intent.as_str());
        let own = self
            .answers
            .answers
            .get(last)
            .map(|answer| answer.replies.as_slice())
            .filter(|replies| !replies.is_empty());
        let guesses = || {
            meanings
                .iter()
                .flat_map(|meaning| meaning.guesses.iter().map(|(intent, _)| intent.as_str()))
        };
        let wanted: Vec<&str> = match own {
            _ if last == DISTRESS => vec!["talk_to_person"],
            Some(own) => own.iter().map(String::as_str).collect(),
            None if last == crate::head::OUT_OF_SCOPE => {
                // A person has a place however many guesses there are.
                let guesses = guesses().take(MOST_REPLIES - 1);
                guesses.chain(["talk_to_person"]).collect()
            }
            None => crate::answers::replies(last).to_vec(),
        };
        let mut replies: Vec<QuickReply> = Vec::new();
        for intent in wanted {
            let known = replies.iter().any(|reply| reply.intent == intent);
            if let Some(label) = self
                .answers
                .label(intent, locale)
                .filter(|_| !known && replies.len() < MOST_REPLIES)
            {
                replies.push(QuickReply {
                    intent: intent.to_owned(),
                    label,
                });
            }
        }
        replies
    }
}

/// Chinese is answered in Chinese, all else in the page's language; a page in Chinese answers English in English.
fn answer_locale(language: Option<Language>, page: &str) -> String {
    match language {
        Some(language) if language.is_chinese() != is_chinese(page) => {
            if language.is_chinese() { "zh-CN" } else { "en" }.to_owned()
        }
        _ if page.is_empty() => "en".to_owned(),
        _ => page.to_owned(),
    }
}

/// The value of a slot, for placeholders.
fn value(slots: &[Slot], name: SlotName) -> Option<&str> {
    slots
        .iter()
        .find(|slot| slot.name == name && !slot.negated)
        .map(|slot| slot.value.as_str())
}

#[cfg(test)]
mod tests;
