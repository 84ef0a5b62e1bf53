//! Comparisons made by degree ("roomier", "less formal", 更厚一点) or with what is in view ("like this one", 跟这个一样).

use super::phrases::begins;
use super::{Proposal, SlotName};
use crate::normalise::{Kind, Token};

/// `what more of it is<TAB>what less of it is<TAB>words for it`.
const DEGREES: &str = include_str!("words/degrees.tsv");
const LIKE_THIS: &str = "more_like_this";
/// Tokens of the longest word for a property.
const MOST_TOKENS: usize = 3;

const MORE: &[&str] = &["more", "most"];
const LESS: &[&str] = &["less", "least", "not so", "not as", "not that", "not too"];
const MORE_ZH: &[&str] = &["更", "再"];
const LESS_ZH: &[&str] = &[
    "没那么",
    "没这么",
    "不那么",
    "不这么",
    "别那么",
    "不要那么",
    "别太",
    "不要太",
    "不太",
];
const AFTER_ZH: &[&str] = &[
    "一点", "点", "一些", "些", "得多", "很多", "不少", "一号", "一档",
];

/// Words of another meaning that begin as a comparison does, unless they go on as in [`GOES_ON_ZH`]: 更新 is to update, 亮点 a highlight.
const OTHERS_ZH: &[&str] = &["更新", "重点", "亮点"];
const GOES_ON_ZH: &[&str] = &["的", "款", "一点", "一些"];
/// Words of another meaning that begin as a property does: 再重新, 不太花钱, 再小心一点.
const COMPOUNDS_ZH: &[&str] = &[
    "重新",
    "重要",
    "重点",
    "重复",
    "重视",
    "花钱",
    "花时间",
    "小心",
    "小时",
    "大概",
    "大约",
    "大家",
];
/// Things named like a comparison, after what they are for: "leg warmers", "a picnic cooler".
const NAMESAKES: &[&str] = &["warmer", "cooler", "lighter"];
const NAMESAKES_AFTER: &[&str] = &[
    "picnic",
    "wine",
    "beer",
    "drink",
    "drinks",
    "bottle",
    "water",
    "air",
    "food",
    "leg",
    "arm",
    "neck",
    "hand",
    "foot",
    "ear",
    "wrist",
    "plate",
    "cup",
    "mug",
    "towel",
    "gas",
    "cigarette",
];
const NAMESAKES_BEFORE: &[&str] = &["bag", "box", "backpack"];

/// What one of these is like: "like this".
const THIS: &[&str] = &[
    "this", "that", "these", "those", "it", "them", "mine", "yours",
];
/// What the same of which makes alike: "the same style".
const KINDS: &[&str] = &[
    "style",
    "look",
    "kind",
    "type",
    "sort",
    "cut",
    "vibe",
    "shape",
    "design",
    "series",
    "range",
    "print",
    "pattern",
    "feel",
    "spirit",
    "vein",
    "line",
    "collection",
    "silhouette",
    "manner",
];
const WITH_ZH: &[&str] = &["跟", "和", "像", "与"];
const ALIKE_ZH: &[&str] = &[
    "一样",
    "类似",
    "相似",
    "差不多",
    "相近",
    "接近",
    "一模一样",
    "相同",
];
const SAME_ZH: &[&str] = &["同", "这", "那", "这一", "那一", "同一", "相同", "类似"];
const KINDS_ZH: &[&str] = &[
    "款", "类", "类型", "种", "风格", "系列", "版型", "款式", "样", "感觉", "味道",
];
/// What a thing in view is counted by: 这双.
const COUNTERS_ZH: &str = "个双件条款张只套把顶副种台盏瓶幅块支辆";

/// Every comparison that a rule finds.
pub(super) fn comparisons(tokens: &[Token]) -> Vec<Proposal> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        let degree = by_degree(rest).filter(|_| !is_namesake(tokens, at));
        match degree.or_else(|| with_what_is_in_view(rest).map(|end| (end, LIKE_THIS))) {
            Some((length, value)) => {
                found.push(Proposal {
                    name: SlotName::Comparison,
                    start: at,
                    end: at + length,
                    value: Some(value.to_owned()),
                });
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// What more and less of a property are called.
struct Property {
    more: &'static str,
    less: &'static str,
}

/// The property that the first `length` tokens name, and whether its word says "more" by itself: roomier.
fn property(tokens: &[Token], length: usize) -> Option<(Property, bool)> {
    let named = tokens.get(..length)?;
    let ideographs = named.first()?.kind == Kind::Ideograph;
    let texts: Vec<&str> = named.iter().map(|token| token.text.as_str()).collect();
    let text = texts.join(if ideographs { "" } else { " " });
    let stems = if length == 1 && !ideographs {
        stems(&text)
    } else {
        Vec::new()
    };
    DEGREES.lines().find_map(|line| {
        let (more, rest) = line.split_once('\t')?;
        let (less, words) = rest.split_once('\t')?;
        let words = || words.split(',');
        let compared = stems.iter().any(|stem| words().any(|word| word == stem));
        (compared || words().any(|word| word == text))
            .then_some((Property { more, less }, compared))
    })
}

/// What "roomier", "widest" and "bigger" may be of.
fn stems(word: &str) -> Vec<String> {
    let Some(stem) = word.strip_suffix("er").or_else(|| word.strip_suffix("est")) else {
        return Vec::new();
    };
    let mut found = vec![stem.to_owned(), format!("{stem}e")];
    if let Some(short) = stem.strip_suffix('i') {
        found.push(format!("{short}y"));
    }
    let mut letters = stem.chars().rev();
    if let (Some(last), Some(before)) = (letters.next(), letters.next())
        && last == before
    {
        found.push(stem[..stem.len() - last.len_utf8()].to_owned());
    }
    found
}

/// Whether the word at a place is a thing's name: "leg warmer".
fn is_namesake(tokens: &[Token], at: usize) -> bool {
    let among = |at: Option<usize>, words: &[&str]| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|token| words.contains(&token.text.as_str()))
    };
    among(Some(at), NAMESAKES)
        && (among(at.checked_sub(1), NAMESAKES_AFTER) || among(Some(at + 1), NAMESAKES_BEFORE))
}

/// Whether Chinese that may begin as a comparison, its property after `before` tokens, is another word.
fn is_another_word(tokens: &[Token], before: usize) -> bool {
    let another = begins(tokens, OTHERS_ZH)
        .is_some_and(|length| begins(&tokens[length..], GOES_ON_ZH).is_none());
    another || (before > 0 && begins(&tokens[before..], COMPOUNDS_ZH).is_some())
}

fn by_degree(tokens: &[Token]) -> Option<(usize, &'static str)> {
    let ideographs = tokens.first()?.kind == Kind::Ideograph;
    let (more, less) = if ideographs {
        (MORE_ZH, LESS_ZH)
    } else {
        (MORE, LESS)
    };
    let fewer = begins(tokens, less);
    let before = fewer.or_else(|| begins(tokens, more)).unwrap_or(0);
    if ideographs && is_another_word(tokens, before) {
        return None;
    }
    let rest = &tokens[before..];
    (1..=MOST_TOKENS).rev().find_map(|length| {
        let (property, compared) = property(rest, length)?;
        let end = before + length;
        let after = ideographs
            .then(|| begins(&tokens[end..], AFTER_ZH))
            .flatten();
        let value = if fewer.is_some() {
            property.less
        } else {
            property.more
        };
        let degree = before > 0 || after.is_some() || compared;
        (degree && !value.is_empty()).then_some((end + after.unwrap_or(0), value))
    })
}

fn with_what_is_in_view(tokens: &[Token]) -> Option<usize> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    if word(0) == "like" && THIS.contains(&word(1)) {
        return Some(2);
    }
    if matches!(word(0), "same" | "this" | "that" | "similar") && KINDS.contains(&word(1)) {
        return Some(2);
    }
    if let Some(with) = begins(tokens, WITH_ZH) {
        let shown = matches!(word(with), "这" | "那" | "上");
        let counted = with + 1 + usize::from(shown && word(with + 1) == "一");
        if shown && !word(counted).is_empty() && COUNTERS_ZH.contains(word(counted)) {
            let end = counted + 1;
            let alike = begins(tokens.get(end..)?, ALIKE_ZH);
            return match alike {
                Some(alike) => Some(end + alike),
                None => (word(0) == "像").then_some(end),
            };
        }
    }
    let same = begins(tokens, SAME_ZH)?;
    Some(same + begins(&tokens[same..], KINDS_ZH)?)
}

#[cfg(test)]
mod tests {
    use super::comparisons;
    use crate::slots::Proposal;
    use crate::slots::phrases::said;

    /// What is found, as `surface=value`.
    fn found(text: &str) -> Vec<String> {
        said(text, comparisons, |surface, Proposal { value, .. }| {
            format!("{surface}={}", value.unwrap_or_default())
        })
    }

    #[test]
    fn a_degree_compares_in_either_direction() {
        for (text, wanted) in [
            ("something roomier please", "roomier=bigger"),
            ("the widest you have", "widest=wider"),
            ("a bigger one", "bigger=bigger"),
            ("less formal", "less formal=casual"),
            ("not so expensive", "not so expensive=cheaper"),
            ("anything more durable", "more durable=sturdier"),
            ("更厚一点的有吗", "更厚一点=thicker"),
            ("没那么正式的", "没那么正式=casual"),
            ("再便宜些", "再便宜些=cheaper"),
            ("有没有暖和点的", "暖和点=warmer"),
            ("厚得多", "厚得多=thicker"),
            ("有更新的吗", "更新=newer"),
            ("要亮点的", "亮点=brighter"),
            ("重一点", "重一点=heavier"),
            ("别那么花", "别那么花=simpler"),
            ("less busy", "less busy=simpler"),
            ("something cooler", "cooler=cooler"),
        ] {
            assert_eq!(found(text), [wanted], "{text}");
        }
    }

    #[test]
    fn what_is_in_view_is_compared_with() {
        for (text, wanted) in [
            ("like this but blue", "like this=more_like_this"),
            ("in the same style", "same style=more_like_this"),
            ("跟这个一样但是要绿色", "跟这个一样=more_like_this"),
            ("像那双的", "像那双=more_like_this"),
            ("同系列的", "同系列=more_like_this"),
        ] {
            assert_eq!(found(text), [wanted], "{text}");
        }
    }

    #[test]
    fn a_property_alone_compares_nothing() {
        for text in [
            "a warm coat",
            "厚外套",
            "no",
            "er",
            "est",
            "",
            "more",
            "更",
            "less new",
            "like",
            "跟这",
            "和这个退货",
            "the water heater",
            "更新一下地址",
            "物流没更新",
            "再重新下单",
            "更重要的是",
            "挑重点说",
            "有什么亮点",
            "花很多钱",
            "不太花钱",
            "a picnic cooler",
            "a leg warmer",
            "cooler bag",
            "a busier one",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
