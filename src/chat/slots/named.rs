//! Messages that only name a thing: "red jumper", "毛衣", "do you have mugs". Whoever types nothing else wants to see it.

use super::{Lexicon, Slot, SlotName, filled, propose};
use crate::normalise::{Kind, Token};

/// Words that may stand beside a name without asking anything else.
const FILLERS: &[&str] = &[
    "a",
    "an",
    "the",
    "some",
    "any",
    "in",
    "for",
    "with",
    "of",
    "please",
    "i",
    "im",
    "me",
    "you",
    "looking",
    "show",
    "find",
    "need",
    "want",
    "see",
    "do",
    "have",
    "got",
    "there",
    "are",
    "is",
    "under",
    "below",
    "over",
    "less",
    "than",
    "up",
    "to",
    "between",
    "and",
    "的",
    "有",
    "没",
    "吗",
    "呢",
    "我",
    "想",
    "找",
    "看",
    "件",
    "条",
    "双",
    "个",
    "款",
    "些",
    "一",
    "请",
    "你",
    "们",
    "以",
    "内",
    "下",
    "上",
    "到",
    "之",
    "间",
    "元",
    "块",
    "钱",
    "men",
    "mens",
    "women",
    "womens",
    "ladies",
    "kids",
    "childrens",
    "boys",
    "girls",
    "男",
    "女",
    "士",
    "生",
    "儿",
    "童",
];
/// Words of a message that only names something.
const MOST_WORDS: usize = 16;

/// What a message names, if it names a product and hardly says anything else.
pub(crate) fn named(text: &str, tokens: &[Token], lexicon: &Lexicon) -> Option<Vec<Slot>> {
    if tokens.len() > MOST_WORDS {
        return None;
    }
    let describes = |name: SlotName| {
        use SlotName::{Brand, Colour, Material, Occasion, PriceMax, PriceMin, ProductType, Size};
        matches!(
            name,
            ProductType | Colour | Size | Brand | Material | Occasion | PriceMin | PriceMax
        )
    };
    let mut proposals = propose(tokens, lexicon);
    proposals.retain(|proposal| describes(proposal.name));
    let spans = super::propose::settled(&proposals);
    let products = spans
        .iter()
        .filter(|(name, ..)| *name == SlotName::ProductType)
        .count();
    let beside = tokens.iter().enumerate().filter(|(at, token)| {
        token.kind != Kind::Symbol
            && !spans
                .iter()
                .any(|(_, start, end)| (*start..*end).contains(at))
    });
    let nothing_else = beside
        .clone()
        .all(|(_, token)| FILLERS.contains(&token.text.as_str()));
    (products == 1 && nothing_else).then(|| filled(text, tokens, &proposals, spans))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::tokens;

    fn of(text: &str) -> Option<Vec<(SlotName, String)>> {
        let slots = named(text, &tokens(text), &Lexicon::common())?;
        Some(
            slots
                .into_iter()
                .map(|slot| (slot.name, slot.value))
                .collect(),
        )
    }

    #[test]
    fn a_message_that_only_names_a_thing_tells_what_it_is_like() {
        for text in [
            "jumpers",
            "毛衣",
            "I'm looking for jumpers",
            "有没有毛衣?",
            "do you have jumpers",
        ] {
            let slots = of(text).unwrap_or_default();
            assert!(
                slots.len() == 1 && slots[0].0 == SlotName::ProductType,
                "{text}: {slots:?}"
            );
        }
        let red = of("red jumper under 50").unwrap_or_default();
        assert_eq!(red.len(), 3, "{red:?}");
    }

    #[test]
    fn a_message_that_says_more_or_names_no_product_is_left_to_the_head() {
        for text in [
            "",
            "red",
            "under 50",
            "how do I wash a jumper",
            "does the jumper shrink",
            "jumpers and hats",
            "more jumpers, please, and a refund",
            "my jumper arrived broken",
            "毛衣会缩水吗",
            "return the jumper",
            "hello",
            &"jumper ".repeat(40),
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
