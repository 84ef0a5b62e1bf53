//! What is wrong with an answer file.

use super::{Answers, DISTRESS, Words, is_safe};
use crate::slots::SlotName;
use nearshelf_text::edits_within;

/// A mistake, where it is and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {detail}")]
pub struct AnswerProblem {
    /// As `answers.return_item.text.en`.
    pub place: String,
    /// What is wrong, and how to mend it.
    pub detail: String,
}

/// Characters of a text beyond which nobody reads.
const MOST_CHARACTERS: usize = 2_000;

impl Answers {
    /// Every mistake; `intents` are those that can be meant.
    #[must_use]
    pub fn check(&self, intents: &[String]) -> Vec<AnswerProblem> {
        let mut problems = Vec::new();
        let mut say =
            |place: String, detail: String| problems.push(AnswerProblem { place, detail });
        let known =
            |intent: &str| intent == DISTRESS || intents.iter().any(|other| other == intent);
        for (intent, answer) in &self.answers {
            let place = format!("answers.{intent}");
            if !known(intent) {
                say(place.clone(), unknown(intent, intents));
            }
            if answer.text.is_none()
                && answer.links.is_empty()
                && answer.replies.is_empty()
                && answer.label.is_none()
                && !answer.person
            {
                say(
                    place.clone(),
                    "says nothing: give it a text, or delete it".to_owned(),
                );
            }
            for reply in answer.replies.iter().filter(|reply| !known(reply)) {
                say(format!("{place}.replies"), unknown(reply, intents));
            }
            let labels = answer
                .links
                .iter()
                .enumerate()
                .map(|(at, link)| (format!("{place}.links[{at}].label"), &link.label));
            let texts = answer
                .text
                .iter()
                .map(|text| (format!("{place}.text"), text));
            let own = answer
                .label
                .iter()
                .map(|label| (format!("{place}.label"), label));
            for (place, words) in texts.chain(own).chain(labels) {
                for (locale, text) in each(words) {
                    let place = if locale.is_empty() {
                        place.clone()
                    } else {
                        format!("{place}.{locale}")
                    };
                    for detail in self.text_problems(&text) {
                        say(place.clone(), detail);
                    }
                }
            }
            for (at, link) in answer.links.iter().enumerate() {
                for detail in self.placeholders(&link.href) {
                    say(format!("{place}.links[{at}].href"), detail);
                }
                if !is_safe(&self.filled(&link.href, "en", &[])) {
                    let detail = format!(
                        "{:?} is no address that is shown: write https:, mailto:, tel: or a path of the shop",
                        link.href
                    );
                    say(format!("{place}.links[{at}].href"), detail);
                }
            }
        }
        problems
    }

    fn text_problems(&self, text: &str) -> Vec<String> {
        let mut details = self.placeholders(text);
        if text.trim().is_empty() {
            details.push("the text is empty: fill it in, or delete the locale".to_owned());
        }
        if text.chars().count() > MOST_CHARACTERS {
            details.push(format!(
                "more than {MOST_CHARACTERS} characters: shorten it and add a link"
            ));
        }
        details
    }

    fn placeholders(&self, text: &str) -> Vec<String> {
        let mut details = Vec::new();
        let mut rest = text;
        while let Some((_, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                details.push("a { is not closed by a }".to_owned());
                break;
            };
            let name = name.trim();
            if !self.values.contains_key(name) && SlotName::from_name(name).is_none() {
                details.push(format!("{{{name}}} has no value: add {name} to values"));
            }
            rest = after;
        }
        details
    }
}

/// An intent that differs by more letters than that, or by more than a third of them, was hardly meant.
const MOST_EDITS: usize = 3;

/// Says that nothing has that name, and which intent was probably meant.
fn unknown(found: &str, intents: &[String]) -> String {
    let folded = found.to_lowercase().replace([' ', '-'], "_");
    let most = MOST_EDITS.min(folded.chars().count() / 3) as u8;
    let near = intents
        .iter()
        .filter_map(|intent| Some((edits_within(&folded, intent, most)?, intent)));
    let mend = match near.min_by_key(|(edits, _)| *edits) {
        Some((_, meant)) => format!("did you mean {meant}?"),
        None => "name one of the common ones, or give `nearshelf chat check` with --head the one that knows yours"
            .to_owned(),
    };
    format!("no such intent: {found:?}: {mend}")
}

/// Each locale's text; an empty locale for words of no locale.
fn each(words: &Words) -> Vec<(String, String)> {
    match words {
        Words::ByLocale(by_locale) if by_locale.is_empty() => vec![(String::new(), String::new())],
        Words::ByLocale(by_locale) => by_locale
            .iter()
            .map(|(locale, text)| (locale.clone(), text.clone()))
            .collect(),
        one => vec![(String::new(), one.in_locale("en"))],
    }
}
