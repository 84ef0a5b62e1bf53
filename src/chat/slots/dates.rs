//! Days, weeks and months that a message names, as spoken.

use super::numbers::number;
use super::{Proposal, SlotName};
use crate::normalise::Token;

/// Named days, with spaces between their words, and stretches of a year.
const DAYS: &str = "\
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays \
sundays mon tue tues wed thu thur thurs fri sat sun today tomorrow tonight yesterday tmrw tmr tomoz \
weekend weekends week month year morning afternoon evening night noon midnight lunchtime fortnight \
spring summer autumn winter christmas easter thanksgiving holiday holidays halloween payday xmas";
const MONTHS: &str = "january february march april may june july august september october november december \
jan feb mar apr jun jul aug sept sep oct nov dec";
/// Days of two words and more.
const FEASTS: &[&str] = &[
    "new years day",
    "new years eve",
    "new year",
    "christmas eve",
    "christmas day",
    "boxing day",
    "good friday",
    "easter monday",
    "easter sunday",
    "may day",
    "black friday",
    "cyber monday",
    "labour day",
    "labor day",
    "memorial day",
    "independence day",
    "fourth of july",
    "valentines day",
    "mothers day",
    "fathers day",
    "half term",
    "public holiday",
    "public holidays",
    "bank holiday",
    "bank holidays",
];
/// What belongs to a day that follows it.
const BEFORE: &[&str] = &["last", "next", "this", "following"];
/// Needs another word: a week alone is no date.
const WEAK: &str =
    "week month year morning afternoon evening night noon holiday holidays weekend fortnight";
const DAYS_ZH: &[&str] = &[
    "今天",
    "明天",
    "后天",
    "昨天",
    "前天",
    "大后天",
    "大前天",
    "今晚",
    "今早",
    "明早",
    "昨晚",
    "明晚",
    "今日",
    "明日",
    "昨日",
    "今儿",
    "明儿",
    "昨儿",
    "今年",
    "去年",
    "明年",
    "前年",
    "后年",
    "周末",
    "早上",
    "晚上",
    "下午",
    "中午",
    "上午",
    "凌晨",
    "傍晚",
    "春节",
    "元旦",
    "国庆",
    "五一",
    "十一",
    "清明",
    "端午",
    "中秋",
    "除夕",
    "元宵",
    "重阳",
    "冬至",
    "小年",
    "圣诞",
    "平安夜",
    "七夕",
    "情人节",
    "跨年夜",
    "大年初一",
    "大年三十",
    "春天",
    "夏天",
    "秋天",
    "冬天",
    "暑假",
    "寒假",
    "月底",
    "月初",
    "月中",
    "年底",
    "年初",
    "年前",
    "年后",
    "法定假日",
    "节假日",
    "双休日",
    "工作日",
    "发薪日",
    "双十一",
    "双十二",
    "国庆节",
    "劳动节",
    "中秋节",
    "端午节",
    "清明节",
    "圣诞节",
    "黄金周",
];
const RELATIVE_ZH: &[&str] = &[
    "上",
    "下",
    "这",
    "本",
    "这个",
    "上个",
    "下个",
    "下下",
    "下下个",
    "上上",
    "上上个",
    "每",
    "每个",
];
const WEEKS_ZH: &[&str] = &["周", "星期", "礼拜"];
/// What a year or a month is followed by: 去年冬天, 十月底.
const SEASONS_ZH: &[&str] = &[
    "春天", "夏天", "秋天", "冬天", "年底", "年初", "底", "初", "中旬", "上旬", "下旬",
];

fn listed(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split(' ').any(|known| known == word)
}

fn text_at(tokens: &[Token], at: usize, length: usize) -> Option<String> {
    Some(
        tokens
            .get(at..at + length)?
            .iter()
            .map(|token| token.text.as_str())
            .collect(),
    )
}

fn matches(tokens: &[Token], at: usize, list: &[&str], most: usize) -> Option<usize> {
    (1..=most).rev().find(|length| {
        text_at(tokens, at, *length).is_some_and(|text| list.contains(&text.as_str()))
    })
}

pub(super) fn dates(tokens: &[Token]) -> Vec<Proposal> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match english(tokens, at).or_else(|| chinese(tokens, at)) {
            Some(end) => {
                found.push(Proposal {
                    name: SlotName::Date,
                    start: at,
                    end,
                    value: None,
                });
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

fn english(tokens: &[Token], start: usize) -> Option<usize> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let feast = |phrase: &&&str| {
        let mut at = start;
        phrase.split(' ').all(|part| {
            at += 1;
            word(at - 1) == part
        })
    };
    if let Some(feast) = FEASTS.iter().find(feast) {
        return Some(start + feast.split(' ').count());
    }
    if let Some(end) = of_month(tokens, start) {
        return Some(end);
    }
    let mut at = start;
    while BEFORE.contains(&word(at)) {
        at += 1;
    }
    let day = listed(DAYS, word(at)) || listed(MONTHS, word(at));
    if day && !(at == start && listed(WEAK, word(at))) {
        return Some(at + 1);
    }
    if is_ordinal(word(at)) {
        return Some(at + 1);
    }
    if at == start
        && let Some((length, _)) = number(&tokens[at..])
        && matches!(
            word(at + length),
            "day" | "days" | "week" | "weeks" | "month" | "months" | "hours" | "year" | "years"
        )
        && word(at + length + 1) == "ago"
    {
        return Some(at + length + 2);
    }
    let hour = word(start)
        .strip_suffix("am")
        .or_else(|| word(start).strip_suffix("pm"));
    (hour.is_some_and(|hour| is_digits(hour, 2)) || is_year(word(start))).then_some(start + 1)
}

/// `14 february`, `may 5`, `3rd of june`: the end.
fn of_month(tokens: &[Token], start: usize) -> Option<usize> {
    let word = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let day = |at: usize| is_digits(word(at), 2) || is_ordinal(word(at));
    if day(start) {
        let month = start + 1 + usize::from(word(start + 1) == "of");
        return listed(MONTHS, word(month)).then_some(month + 1);
    }
    let year = |at: usize| at + usize::from(is_year(word(at)));
    (listed(MONTHS, word(start)) && (day(start + 1) || is_year(word(start + 1)))).then(|| {
        if day(start + 1) {
            year(start + 2)
        } else {
            start + 2
        }
    })
}

fn is_digits(word: &str, most: usize) -> bool {
    (1..=most).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `2024`.
fn is_year(word: &str) -> bool {
    is_digits(word, 4) && word.len() == 4 && (word.starts_with("201") || word.starts_with("202"))
}

/// `10th`.
fn is_ordinal(word: &str) -> bool {
    ["st", "nd", "rd", "th"].iter().any(|end| {
        word.strip_suffix(end)
            .is_some_and(|digits| is_digits(digits, 2))
    })
}

fn chinese(tokens: &[Token], start: usize) -> Option<usize> {
    let season = |at: usize| at + matches(tokens, at, SEASONS_ZH, 2).unwrap_or(0);
    if let Some(length) = matches(tokens, start, DAYS_ZH, 4) {
        return Some(season(start + length));
    }
    let relative = matches(tokens, start, RELATIVE_ZH, 3).unwrap_or(0);
    let at = start + relative;
    if let Some(length) = matches(tokens, at, WEEKS_ZH, 2) {
        let day = text_at(tokens, at + length, 1)
            .filter(|day| "一二三四五六日天末".contains(day.as_str()));
        let end = at + length + usize::from(day.is_some());
        // 六周一次 is every six weeks.
        let counts =
            start > 0 && relative == 0 && tokens.get(end).is_some_and(|next| next.text == "次");
        return ((day.is_some() && !counts) || relative > 0).then_some(end);
    }
    if relative > 0 {
        return matches(tokens, at, &["月", "年", "季度", "月底", "月初"], 2)
            .map(|length| at + length);
    }
    let (length, value) = number(&tokens[start..])?;
    let end = start + length;
    match text_at(tokens, end, 1).as_deref() {
        Some("号" | "日") if (1.0..=31.0).contains(&value) => Some(end + 1),
        Some("月") => {
            let day = number(tokens.get(end + 1..)?).filter(|(length, _)| {
                matches!(
                    text_at(tokens, end + 1 + length, 1).as_deref(),
                    Some("号" | "日")
                )
            });
            Some(day.map_or(season(end + 1), |(length, _)| end + 2 + length))
        }
        Some("年") if is_year(&tokens[start].text) => Some(end + 1),
        Some("天" | "周" | "年") if text_at(tokens, end + 1, 1).as_deref() == Some("前") => {
            Some(end + 2)
        }
        Some("个") => ["月前", "星期前", "礼拜前"]
            .iter()
            .map(|ago| (ago, ago.chars().count()))
            .find(|(ago, length)| text_at(tokens, end + 1, *length).as_deref() == Some(**ago))
            .map(|(_, length)| end + 1 + length),
        _ if is_year(&tokens[start].text) => Some(start + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::dates;
    use crate::normalise::{clean, tokens};

    fn found(text: &str) -> Vec<String> {
        let text = clean(text);
        let all = tokens(&text);
        let letters: Vec<char> = text.chars().collect();
        let surface =
            |start: usize, end: usize| letters[all[start].start..all[end - 1].end].iter().collect();
        dates(&all)
            .into_iter()
            .map(|p| surface(p.start, p.end))
            .collect()
    }

    #[test]
    fn days_are_found_with_what_belongs_to_them() {
        for (text, wanted) in [
            ("is it here by friday", "friday"),
            ("delivered last tuesday", "last tuesday"),
            ("tomorrow morning please", "tomorrow"),
            ("since this morning", "this morning"),
            ("for 14 february", "14 february"),
            ("may 5 at the latest", "may 5"),
            ("on the 3rd of june", "3rd of june"),
            ("I paid two weeks ago", "two weeks ago"),
            ("open on boxing day?", "boxing day"),
            ("bought it in 2023", "2023"),
            ("at 9am", "9am"),
            ("下周三能到吗", "下周三"),
            ("12月24号之前", "12月24号"),
            ("去年冬天买的", "去年冬天"),
            ("两个月前买的", "两个月前"),
            ("十月底发货", "十月底"),
            ("明天送", "明天"),
            ("每周六开门吗", "每周六"),
        ] {
            assert_eq!(found(text), [wanted], "{text}");
        }
    }

    #[test]
    fn stretches_and_other_numbers_are_none() {
        for text in [
            "within a week",
            "how many weeks",
            "42号鞋",
            "改成六周一次",
            "1999 pieces",
            "",
            "3 months",
            "第二天号",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
