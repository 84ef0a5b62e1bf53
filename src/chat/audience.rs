//! Whom a thing is for, as messages and catalogues say it.

use crate::catalogue::canonical;
use serde::{Deserialize, Serialize};

/// Whom a thing is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Men.
    Men,
    /// Women.
    Women,
    /// Children of any age.
    Children,
}

/// Words of names and categories.
const OF_ITEMS: &[(Audience, &[&str])] = &[
    (Audience::Men, &["men", "man", "male", "男"]),
    (Audience::Women, &["women", "woman", "lady", "female", "女"]),
    (
        Audience::Children,
        &[
            "kid", "child", "children", "boy", "girl", "toddler", "baby", "童", "婴", "宝 宝",
        ],
    ),
];
/// Who is told of beside these in messages.
const OF_PEOPLE: &[(Audience, &[&str])] = &[
    (
        Audience::Men,
        &[
            "him",
            "husband",
            "boyfriend",
            "dad",
            "father",
            "brother",
            "老 公",
            "爸",
            "父 亲",
        ],
    ),
    (
        Audience::Women,
        &[
            "her",
            "wife",
            "girlfriend",
            "mum",
            "mom",
            "mother",
            "sister",
            "老 婆",
            "妈",
            "母 亲",
        ],
    ),
    (
        Audience::Children,
        &["son", "daughter", "儿 子", "女 儿", "小 孩", "孩 子"],
    ),
];

impl Audience {
    /// Of an item, by its canonical names and labels; none where they tell of several.
    pub(crate) fn of_item(text: &str) -> Option<Self> {
        Self::told(text, &[OF_ITEMS])
    }

    /// Of a canonical message.
    pub(crate) fn of_message(text: &str) -> Option<Self> {
        Self::told(text, &[OF_ITEMS, OF_PEOPLE])
    }

    /// What is left of a Chinese name that begins with whom it is for: 衬衫 of 女士衬衫.
    pub(crate) fn cut(name: &str) -> Option<&str> {
        let words = [
            "男士", "女士", "男款", "女款", "男式", "女式", "儿童", "男童", "女童",
        ];
        let rest = words.iter().find_map(|word| name.strip_prefix(word))?;
        (!rest.is_empty()).then_some(rest)
    }

    fn told(text: &str, lists: &[&[(Self, &[&str])]]) -> Option<Self> {
        let says = |audience: Self| {
            let words = lists.iter().flat_map(|list| list.iter());
            words
                .filter(|(of, _)| *of == audience)
                .flat_map(|(_, words)| words.iter())
                .any(|word| text.contains(&format!("{} ", canonical(word).trim_end())))
        };
        // A boy's is said with a man's sign in Chinese.
        match (says(Self::Children), says(Self::Men), says(Self::Women)) {
            (true, ..) => Some(Self::Children),
            (false, true, false) => Some(Self::Men),
            (false, false, true) => Some(Self::Women),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Audience::{Children, Men, Women};
    use super::*;

    #[test]
    fn messages_tell_whom_a_thing_is_for_in_either_language() {
        for (text, audience) in [
            ("", None),
            ("shirts", None),
            ("men's shirts", Some(Men)),
            ("男士衬衫", Some(Men)),
            ("dresses for women under 60", Some(Women)),
            ("something for my wife", Some(Women)),
            ("女童连衣裙", Some(Children)),
            ("shoes for my son", Some(Children)),
            ("男女都能穿的卫衣", None),
            ("mention", None),
        ] {
            assert_eq!(Audience::of_message(&canonical(text)), audience, "{text}");
        }
    }

    #[test]
    fn items_are_not_for_whom_their_cut_is_named_after() {
        assert_eq!(Audience::of_item(&canonical("Boyfriend jeans")), None);
        assert_eq!(
            Audience::of_item(&canonical("Women's boyfriend jeans")),
            Some(Women)
        );
    }
}
