//! What the shop says to each intent: its own words where it has given some, else common ones.

mod check;
mod defaults;

pub use check::AnswerProblem;
pub use defaults::{INTENTS, phrase, replies};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a message is taken for that a shop's program must not answer as a request, whatever a head makes of it; a
/// merchant's answer to it may name who helps where the shop is.
pub const DISTRESS: &str = "distress";

/// A merchant's answer file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// What stands for `{name}` in texts and links.
    #[serde(default)]
    pub values: BTreeMap<String, Words>,
    /// By intent.
    #[serde(default)]
    pub answers: BTreeMap<String, Answer>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What is said; without, the common words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Words>,
    /// Where to read on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Intents offered as quick replies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<String>,
    /// What the shopper would type to mean it, for quick replies to an intent of the merchant's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Words>,
    /// Whether a person is offered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub person: bool,
}

/// A link of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// `https:`, `mailto:`, `tel:`, or an address within the shop.
    pub href: String,
    /// What it is called.
    pub label: Words,
}

/// Words of one language or several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Words {
    /// The same in each.
    Text(String),
    /// A number, as people write it.
    Whole(i64),
    /// Likewise.
    Number(f64),
    /// By locale, as `en` or `zh-CN`.
    ByLocale(BTreeMap<String, String>),
}

impl Words {
    /// The words in a locale: exactly, else in its language, else the first there are.
    #[must_use]
    pub fn in_locale(&self, locale: &str) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::ByLocale(words) => {
                let language = |tag: &str| {
                    tag.split(['-', '_'])
                        .next()
                        .unwrap_or("")
                        .to_ascii_lowercase()
                };
                let same = words
                    .iter()
                    .find(|(tag, _)| tag.eq_ignore_ascii_case(locale));
                let near = || {
                    words
                        .iter()
                        .find(|(tag, _)| language(tag) == language(locale))
                };
                let found = same.or_else(near).or_else(|| words.iter().next());
                found.map(|(_, text)| text.clone()).unwrap_or_default()
            }
        }
    }
}

/// An answer in one locale.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Said {
    /// Plain text, in which lines may break.
    pub text: String,
    /// In order.
    pub links: Vec<SaidLink>,
}

/// A link in one locale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaidLink {
    /// A safe address.
    pub href: String,
    /// Plain text.
    pub label: String,
}

impl Answers {
    /// What is said to an intent; placeholders without a value are left out, with what slots tell
    /// coming before the merchant's values. Links that aren't safe are left out.
    #[must_use]
    pub fn say(&self, intent: &str, locale: &str, slots: &[(&str, &str)]) -> Said {
        let own = self.answers.get(intent);
        let text = match own.and_then(|answer| answer.text.as_ref()) {
            Some(words) => words.in_locale(locale),
            None => phrase(intent, is_chinese(locale)).to_owned(),
        };
        let filled = |text: &str| self.filled(text, locale, slots);
        let links = own.map_or(&[][..], |answer| answer.links.as_slice()).iter();
        let links = links.map(|link| SaidLink {
            href: filled(&link.href),
            label: filled(&link.label.in_locale(locale)),
        });
        Said {
            text: filled(&text),
            links: links.filter(|link| is_safe(&link.href)).collect(),
        }
    }

    /// Whether the shop gave words of its own for an intent.
    #[must_use]
    pub fn says(&self, intent: &str) -> bool {
        let own = self.answers.get(intent);
        own.is_some_and(|answer| answer.text.is_some())
    }

    /// Whether the answer to an intent ends in "shall I put you through?".
    #[must_use]
    pub fn asks_for_a_person(&self, intent: &str) -> bool {
        defaults::asks_for_a_person(intent) && !self.says(intent)
    }

    /// What a quick reply for an intent says.
    #[must_use]
    pub fn label(&self, intent: &str, locale: &str) -> Option<String> {
        let own = self
            .answers
            .get(intent)
            .and_then(|answer| answer.label.as_ref());
        own.map(|words| words.in_locale(locale))
            .or_else(|| defaults::label(intent, is_chinese(locale)).map(str::to_owned))
    }

    fn filled(&self, text: &str, locale: &str, slots: &[(&str, &str)]) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                rest = after;
                break;
            };
            let name = name.trim();
            match slots.iter().find(|(slot, _)| *slot == name) {
                Some((_, value)) => out.push_str(value),
                None => out.push_str(
                    &self
                        .values
                        .get(name)
                        .map(|value| value.in_locale(locale))
                        .unwrap_or_default(),
                ),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// Whether the locale is one of Chinese.
#[must_use]
pub fn is_chinese(locale: &str) -> bool {
    locale
        .get(..2)
        .is_some_and(|language| language.eq_ignore_ascii_case("zh"))
}

/// Whether a link leads where a shop's link may.
pub(crate) fn is_safe(href: &str) -> bool {
    // Browsers read a backslash as a slash.
    if href.is_empty()
        || href
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
    {
        return false;
    }
    // A scheme is what stands before a colon that no slash, question mark or hash precedes.
    let end = href.find([':', '/', '?', '#']).unwrap_or(href.len());
    let scheme = href[end..]
        .starts_with(':')
        .then(|| href[..end].to_ascii_lowercase());
    match scheme.as_deref() {
        None => !href.starts_with("//"),
        Some(scheme) => matches!(scheme, "https" | "mailto" | "tel"),
    }
}

#[cfg(test)]
mod tests;
