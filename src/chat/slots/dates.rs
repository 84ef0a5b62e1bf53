//! Days, weeks and months that a message names, as spoken.

use super::measures::is_counted;
use super::numbers::number;
use super::phrases::begins;
use super::prices::currency_at;
use super::{Proposal, SlotName};
use crate::normalise::{Kind, Token};

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
/// After these "may" is the month; elsewhere it asks for leave.
const BEFORE_MAY: &[&str] = &[
    "in", "by", "next", "last", "since", "until", "till", "before", "after", "early", "late", "mid",
];
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
/// No date after a number: 两年后 is in two years.
const AFTER_NUMBERS_ZH: &[&str] = &["月底", "月初", "月中", "年底", "年初", "年前", "年后"];
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
    let rest = tokens.get(start..).unwrap_or_default();
    if let Some(length) = begins(rest, FEASTS) {
        return Some(start + length);
    }
    if let Some(end) = of_month(tokens, start) {
        return Some(end);
    }
    let mut at = start;
    while BEFORE.contains(&word(at)) {
        at += 1;
    }
    let leave = word(at) == "may" && (at == 0 || !BEFORE_MAY.contains(&word(at - 1)));
    let day = listed(DAYS, word(at)) || (listed(MONTHS, word(at)) && !leave);
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
    (hour.is_some_and(|hour| is_digits(hour, 2)) || is_year_at(tokens, start)).then_some(start + 1)
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

/// The same where it is no price: 2020元.
fn is_year_at(tokens: &[Token], at: usize) -> bool {
    let money = |token: &Token| {
        token.kind != Kind::Ideograph && currency_at(std::slice::from_ref(token)).is_some()
    };
    let after = tokens.get(at + 1..).unwrap_or_default();
    let yen = begins(after, &["円", "日元", "日圆"]).is_some();
    tokens.get(at).is_some_and(|token| is_year(&token.text))
        && !(at > 0 && money(&tokens[at - 1]))
        && currency_at(after).is_none()
        && !yen
}

/// `10th`.
fn is_ordinal(word: &str) -> bool {
    ["st", "nd", "rd", "th"].iter().any(|end| {
        word.strip_suffix(end)
            .is_some_and(|digits| is_digits(digits, 2))
    })
}

fn chinese(tokens: &[Token], start: usize) -> Option<usize> {
    let rest = |at: usize| tokens.get(at..).unwrap_or_default();
    let season = |at: usize| at + begins(rest(at), SEASONS_ZH).unwrap_or(0);
    if let Some(length) =
        begins(rest(start), DAYS_ZH).filter(|length| !is_of_number(tokens, start, *length))
    {
        return Some(season(start + length));
    }
    let relative = begins(rest(start), RELATIVE_ZH).unwrap_or(0);
    let at = start + relative;
    if let Some(length) = begins(rest(at), WEEKS_ZH) {
        let day = text_at(tokens, at + length, 1)
            .filter(|day| "一二三四五六日天末".contains(day.as_str()));
        let end = at + length + usize::from(day.is_some());
        // 六周一次 is every six weeks.
        let counts =
            start > 0 && relative == 0 && tokens.get(end).is_some_and(|next| next.text == "次");
        return ((day.is_some() && !counts) || relative > 0).then_some(end);
    }
    if relative > 0 {
        return begins(rest(at), &["月", "年", "季度", "月底", "月初"]).map(|length| at + length);
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
        _ if is_year_at(tokens, start) => Some(start + 1),
        _ => None,
    }
}

/// Whether what looks like a day belongs to a number: 十一 in 十一个 and 二十一, 年后 in 两年后.
fn is_of_number(tokens: &[Token], start: usize, length: usize) -> bool {
    let text = text_at(tokens, start, length).unwrap_or_default();
    let numeral = |token: &Token| number(std::slice::from_ref(token)).is_some();
    let before = start.checked_sub(1).and_then(|before| tokens.get(before));
    if AFTER_NUMBERS_ZH.contains(&text.as_str()) {
        return before
            .is_some_and(|token| numeral(token) || "个几半多数".contains(token.text.as_str()));
    }
    let after = tokens.get(start + length..).unwrap_or_default();
    let counts = |next: &Token| numeral(next) || "月日年点百千万".contains(next.text.as_str());
    text == "十一"
        && (before.is_some_and(numeral)
            || is_counted(after)
            || currency_at(after).is_some()
            || after.first().is_some_and(counts))
}

#[cfg(test)]
mod tests {
    use super::dates;
    use crate::slots::phrases::said;

    fn found(text: &str) -> Vec<String> {
        said(text, dates, |surface, _| surface)
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

    #[test]
    fn may_is_a_month_only_beside_a_day_or_after_what_leads_to_one() {
        for text in ["may I return it", "this may be too small", "it may rain"] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        for (text, wanted) in [
            ("by may", "may"),
            ("next may", "next may"),
            ("since may 5", "may 5"),
            ("the 5th of may", "5th of may"),
        ] {
            assert_eq!(found(text), [wanted], "{text}");
        }
    }

    #[test]
    fn what_a_number_counts_is_no_day() {
        for text in [
            "十一个",
            "要十一件",
            "二十一",
            "十一块钱",
            "两年后",
            "半年后",
            "一个月中",
            "几年前",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        for (text, wanted) in [
            ("十一放假吗", "十一"),
            ("十一月", "十一月"),
            ("年后发货", "年后"),
            ("月中到", "月中"),
        ] {
            assert_eq!(found(text), [wanted], "{text}");
        }
    }

    #[test]
    fn a_price_is_no_year() {
        for text in [
            "2020元以内",
            "2020块",
            "2020円",
            "2020日元",
            "2020 dollars",
            "under $2020",
            "¥2020",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        assert_eq!(found("2020年的款"), ["2020"]);
        assert_eq!(found("the 2020 model"), ["2020"]);
    }
}
