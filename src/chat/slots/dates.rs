//! Days, weeks and months that a message names, as spoken.

use super::numbers::number;
use super::{Proposal, SlotName};
use crate::normalise::Token;

const DAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mondays",
    "tuesdays",
    "wednesdays",
    "thursdays",
    "fridays",
    "saturdays",
    "sundays",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "apr",
    "jun",
    "jul",
    "aug",
    "sept",
    "sep",
    "oct",
    "nov",
    "dec",
    "today",
    "tomorrow",
    "tonight",
    "yesterday",
    "weekend",
    "weekends",
    "week",
    "month",
    "year",
    "morning",
    "afternoon",
    "evening",
    "night",
    "noon",
    "midnight",
    "spring",
    "summer",
    "autumn",
    "winter",
    "christmas",
    "easter",
    "holiday",
    "holidays",
];
/// What belongs to a day that follows it.
const BEFORE: &[&str] = &["last", "next", "this", "public", "bank"];
/// Needs another word: a week alone is no date.
const WEAK: &[&str] = &[
    "week",
    "month",
    "year",
    "morning",
    "afternoon",
    "evening",
    "night",
    "noon",
    "holiday",
    "holidays",
    "weekend",
];
const DAYS_ZH: &[&str] = &[
    "今天",
    "明天",
    "后天",
    "昨天",
    "前天",
    "今晚",
    "今早",
    "明早",
    "昨晚",
    "明晚",
    "今日",
    "明日",
    "今年",
    "去年",
    "明年",
    "前年",
    "周末",
    "早上",
    "晚上",
    "下午",
    "中午",
    "上午",
    "春节",
    "元旦",
    "国庆",
    "五一",
    "清明",
    "端午",
    "春天",
    "夏天",
    "秋天",
    "冬天",
    "月底",
    "月初",
    "年底",
    "年初",
    "法定假日",
    "节假日",
    "双休日",
    "工作日",
    "大后天",
    "凌晨",
    "傍晚",
];
const RELATIVE_ZH: &[&str] = &["上", "下", "这", "本", "这个", "上个", "下个", "下下"];
const WEEKS_ZH: &[&str] = &["周", "星期", "礼拜"];

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
    let mut at = start;
    while BEFORE.contains(&word(at)) {
        at += 1;
    }
    if DAYS.contains(&word(at)) && !(at == start && WEAK.contains(&word(at))) {
        let part = matches!(word(at + 1), "morning" | "afternoon" | "evening" | "night");
        return Some(at + 1 + usize::from(part));
    }
    if is_ordinal(word(at)) {
        return Some(at + 1);
    }
    if at == start
        && let Some((length, _)) = number(&tokens[at..])
        && matches!(
            word(at + length),
            "day" | "days" | "week" | "weeks" | "month" | "months" | "hours" | "years"
        )
        && word(at + length + 1) == "ago"
    {
        return Some(at + length + 2);
    }
    matches!(word(start), "9am" | "10am" | "8am" | "5pm" | "6pm" | "7pm").then_some(start + 1)
}

/// `10th`.
fn is_ordinal(word: &str) -> bool {
    ["st", "nd", "rd", "th"].iter().any(|end| {
        word.strip_suffix(end).is_some_and(|digits| {
            !digits.is_empty() && digits.len() < 3 && digits.chars().all(|c| c.is_ascii_digit())
        })
    })
}

fn chinese(tokens: &[Token], start: usize) -> Option<usize> {
    if let Some(length) = matches(tokens, start, DAYS_ZH, 4) {
        let end = start + length;
        let part = matches(tokens, end, &["早上", "晚上", "下午", "中午", "上午"], 2);
        return Some(end + part.unwrap_or(0));
    }
    let relative = matches(tokens, start, RELATIVE_ZH, 2).unwrap_or(0);
    let at = start + relative;
    if let Some(length) = matches(tokens, at, WEEKS_ZH, 2) {
        let day = text_at(tokens, at + length, 1)
            .filter(|day| "一二三四五六日天末".contains(day.as_str()));
        return (day.is_some() || relative > 0).then_some(at + length + usize::from(day.is_some()));
    }
    if relative > 0 {
        return matches(tokens, at, &["月", "年", "季度"], 2).map(|length| at + length);
    }
    let (length, _) = number(&tokens[start..])?;
    let end = start + length;
    match text_at(tokens, end, 1).as_deref() {
        Some("号" | "日") => Some(end + 1),
        Some("月") => {
            let day = number(tokens.get(end + 1..)?).filter(|(length, _)| {
                matches!(
                    text_at(tokens, end + 1 + length, 1).as_deref(),
                    Some("号" | "日")
                )
            });
            Some(day.map_or(end + 1, |(length, _)| end + 2 + length))
        }
        Some("天" | "周" | "年") if text_at(tokens, end + 1, 1).as_deref() == Some("前") => {
            Some(end + 2)
        }
        Some("个") if matches!(text_at(tokens, end + 1, 2).as_deref(), Some("月前")) => {
            Some(end + 3)
        }
        _ => None,
    }
}
