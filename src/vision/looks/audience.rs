//! Whom a category's name says that its items are for.

use serde::Serialize;

/// Whom an item is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Audience {
    Women,
    Men,
    Children,
}

/// Words in English, and parts of words in 简体中文; the first that fits counts, as 女童 are children.
const AUDIENCES: [(Audience, &[&str], &[&str]); 3] = [
    (
        Audience::Children,
        &[
            "kids",
            "kid",
            "children",
            "childrens",
            "boys",
            "girls",
            "boy",
            "girl",
            "baby",
            "babies",
            "toddlers",
            "teens",
        ],
        &["童", "婴", "儿", "青少年"],
    ),
    (
        Audience::Women,
        &["women", "womens", "woman", "ladies", "female"],
        &["女"],
    ),
    (Audience::Men, &["men", "mens", "man", "male"], &["男"]),
];

impl Audience {
    /// Whom a category's name says that it is for.
    #[must_use]
    pub fn of(category: &str) -> Option<Self> {
        let name = category.to_lowercase().replace(['\'', '’'], "");
        let words = || name.split(|letter: char| !letter.is_alphanumeric());
        let is_for = |english: &[&str], chinese: &[&str]| {
            words().any(|word| english.contains(&word))
                || chinese.iter().any(|part| name.contains(part))
        };
        let mut found = AUDIENCES
            .iter()
            .filter(|(_, english, chinese)| is_for(english, chinese));
        let (first, next) = (found.next(), found.next());
        match (first, next) {
            // For everybody.
            (Some((Self::Women, ..)), Some(_)) => None,
            (first, _) => first.map(|(audience, ..)| *audience),
        }
    }

    /// As it is stored; 0 is nobody's in particular.
    pub(super) fn byte(audience: Option<Self>) -> u8 {
        audience.map_or(0, |audience| audience as u8 + 1)
    }

    pub(super) fn from_byte(byte: u8) -> Option<Option<Self>> {
        match byte {
            0 => Some(None),
            1 => Some(Some(Self::Women)),
            2 => Some(Some(Self::Men)),
            3 => Some(Some(Self::Children)),
            _ => None,
        }
    }

    /// Whether two are made for different people.
    pub(super) fn differ(one: Option<Self>, other: Option<Self>) -> bool {
        one.zip(other).is_some_and(|(one, other)| one != other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_say_whom_they_are_for() {
        for (category, audience) in [
            ("Women", Some(Audience::Women)),
            ("Men's shirts", Some(Audience::Men)),
            ("Girls", Some(Audience::Children)),
            ("女装", Some(Audience::Women)),
            ("男装", Some(Audience::Men)),
            ("女童", Some(Audience::Children)),
            ("Women & men", None),
            ("Accessories", None),
            ("Garments", None),
        ] {
            assert_eq!(Audience::of(category), audience, "{category}");
        }
        for audience in [
            None,
            Some(Audience::Women),
            Some(Audience::Men),
            Some(Audience::Children),
        ] {
            assert_eq!(
                Audience::from_byte(Audience::byte(audience)),
                Some(audience)
            );
        }
    }
}
