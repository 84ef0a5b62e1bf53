//! Published data sets of sequences: items as JSON lines and each user's items in order; sessions and what came next.
//!
//! A figure is comparable with a published one only if nothing was left out. So here a bad line is an error with its
//! number, and nothing is read around it.

use super::{ReadError, RowProblems, encoding, jsonl::each_object};
use crate::{Item, ItemText, item::MAX_CATEGORY_LEVELS};
use serde_json::{Map, Value};
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read},
};

/// Longest line, in bytes.
const MAX_LINE_BYTES: u64 = 16 << 20;

/// Most items, and events, that a data set may have.
const MAX_ITEMS: usize = 10_000_000;
const MAX_EVENTS: usize = 200_000_000;

/// A data set of sequences that can't be taken as it is.
#[derive(Debug, thiserror::Error)]
pub enum SequenceError {
    /// The source failed, or is no text.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// One line makes no sense.
    #[error("line {line}: {detail}")]
    Line {
        /// Line, from 1.
        line: u64,
        /// What is wrong and how to mend it.
        detail: String,
    },
    /// The file has no line with content.
    #[error("the file is empty: expected {expected}")]
    Empty {
        /// What belongs there.
        expected: &'static str,
    },
}

impl From<std::io::Error> for SequenceError {
    fn from(error: std::io::Error) -> Self {
        Self::Read(error.into())
    }
}

/// Which field the words of items came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextSources {
    /// Items with a title.
    pub titles: usize,
    /// Items without one that have a `text_id` or keywords instead.
    pub substitutes: usize,
}

/// Reads items, one JSON object a line: `item_id` (text or whole number); where there are any also `title`, else
/// `text_id` or `keywords` (word pieces, `▁` beginning a word); `brand`, `category` (text or list), `attributes`
/// (numbers or names, which become attributes named `label`).
///
/// # Errors
/// [`SequenceError`] at the first line that is no such object or has an id that occurs before.
pub fn read_sequence_items(source: impl Read) -> Result<(Vec<Item>, TextSources), SequenceError> {
    let mut items = Vec::new();
    let mut sources = TextSources::default();
    let mut lines: HashMap<String, u64> = HashMap::new();
    let mut failure = None;
    let mut problems = RowProblems::default();
    each_object(source, &mut problems, |line, object, _| {
        if failure.is_some() {
            return;
        }
        let result = item_of(&object, &mut sources).and_then(|item| {
            if items.len() == MAX_ITEMS {
                return Err(format!("more than {MAX_ITEMS} items"));
            }
            match lines.insert(item.id.clone(), line) {
                None => items.push(item),
                Some(before) => {
                    return Err(format!(
                        "item_id {:?} occurs before, on line {before}: give each item one line",
                        item.id
                    ));
                }
            }
            Ok(())
        });
        failure = result
            .err()
            .map(|detail| SequenceError::Line { line, detail });
    })?;
    let first_problem = problems.first().map(|problem| SequenceError::Line {
        line: problem.line,
        detail: problem.reason.clone(),
    });
    match (first_problem, failure) {
        (Some(a), Some(b)) => Err(if line_of(&a) <= line_of(&b) { a } else { b }),
        (Some(error), None) | (None, Some(error)) => Err(error),
        (None, None) if items.is_empty() => Err(SequenceError::Empty {
            expected: "one JSON object with item_id a line",
        }),
        (None, None) => Ok((items, sources)),
    }
}

fn line_of(error: &SequenceError) -> u64 {
    match error {
        SequenceError::Line { line, .. } => *line,
        _ => 0,
    }
}

fn bad<T>(line: u64, detail: String) -> Result<T, SequenceError> {
    Err(SequenceError::Line { line, detail })
}

fn item_of(object: &Map<String, Value>, sources: &mut TextSources) -> Result<Item, String> {
    let id = object.get("item_id").and_then(id_of);
    let id = id.ok_or("no item_id: write it as text without blanks or as a whole number")?;
    let text_of = |name: &str| {
        let text = object.get(name).and_then(Value::as_str).map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let title = text_of("title");
    let substitute = || text_of("text_id").or_else(|| object.get("keywords").and_then(keywords));
    let title = match (title, substitute()) {
        (Some(title), _) => {
            sources.titles += 1;
            title
        }
        (None, Some(substitute)) => {
            sources.substitutes += 1;
            substitute
        }
        (None, None) => String::new(),
    };
    let mut category = match object.get("category").or_else(|| object.get("categories")) {
        Some(Value::Array(path)) => path.iter().filter_map(scalar).collect(),
        Some(value) => scalar(value).into_iter().collect(),
        None => Vec::new(),
    };
    category.truncate(MAX_CATEGORY_LEVELS);
    let labels = match object.get("attributes") {
        Some(Value::Array(labels)) => labels.iter().filter_map(scalar).collect(),
        _ => Vec::new(),
    };
    Ok(Item {
        id,
        brand: text_of("brand").unwrap_or_default(),
        texts: vec![ItemText {
            locale: "en".to_owned(),
            title,
            description: text_of("description").unwrap_or_default(),
            category,
            attributes: labels
                .into_iter()
                .map(|label| (LABEL.to_owned(), label))
                .collect(),
        }],
        ..Item::default()
    })
}

/// Name of the attributes that a data set gives as bare numbers or names.
pub const LABEL: &str = "label";

fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// An id: it must survive in a list with blanks between.
fn id_of(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
        _ => return None,
    };
    let plain = !id.is_empty() && id.len() <= 200 && !id.contains(char::is_whitespace);
    plain.then_some(id)
}

/// Word pieces as words.
fn keywords(value: &Value) -> Option<String> {
    let pieces = value.as_array()?.iter().filter_map(Value::as_str);
    let joined: String = pieces.map(|piece| piece.replace('▁', " ")).collect();
    let words = joined.trim();
    (!words.is_empty()).then(|| words.to_owned())
}

/// Reads `user TAB items`, item ids in the order of time with blanks between, below a header line `user TAB items`.
/// Returns each user's items, in the file's order of users; a user may have none.
///
/// # Errors
/// [`SequenceError`] at the first line without a tab, with a user that occurs before, or with an item that `index_of`
/// doesn't know; and where no user has any item.
pub fn read_sequences(
    source: impl Read,
    index_of: impl Fn(&str) -> Option<u32>,
) -> Result<Vec<Vec<u32>>, SequenceError> {
    let mut sequences = Vec::new();
    let mut events = 0_usize;
    let mut lines: HashMap<String, u64> = HashMap::new();
    each_line(source, |line, text| {
        let Some((user, items)) = text.split_once('\t') else {
            return bad(
                line,
                "no tab: write user, a tab, and item ids with blanks between".to_owned(),
            );
        };
        if line == 1 && user.trim() == "user" {
            return Ok(());
        }
        let user = user.trim();
        if user.is_empty() {
            return bad(line, "no user before the tab".to_owned());
        }
        if let Some(before) = lines.insert(user.to_owned(), line) {
            let detail = format!("user {user:?} occurs before, on line {before}: join both lines");
            return bad(line, detail);
        }
        let items = items_of(line, items, &index_of)?;
        events += items.len();
        if events > MAX_EVENTS {
            return bad(line, format!("more than {MAX_EVENTS} events"));
        }
        sequences.push(items);
        Ok(())
    })?;
    if events == 0 {
        return Err(SequenceError::Empty {
            expected: "user, a tab, and item ids with blanks between, a user a line",
        });
    }
    Ok(sequences)
}

/// Reads sessions, one a line: item ids in the order of time with blanks between. Calls `index_of` for each.
///
/// # Errors
/// [`SequenceError`] at the first line with an item that `index_of` refuses.
pub fn read_sessions(
    source: impl Read,
    mut index_of: impl FnMut(&str) -> Option<u32>,
) -> Result<Vec<Vec<u32>>, SequenceError> {
    let mut sessions = Vec::new();
    let mut events = 0_usize;
    each_line(source, |line, text| {
        let items = items_of(line, text, &mut index_of)?;
        events += items.len();
        if events > MAX_EVENTS {
            return bad(line, format!("more than {MAX_EVENTS} events"));
        }
        sessions.push(items);
        Ok(())
    })?;
    if sessions.is_empty() {
        return Err(SequenceError::Empty {
            expected: "item ids with blanks between, a session a line",
        });
    }
    Ok(sessions)
}

/// Reads questions, `items TAB next`: what a session had so far, and what came then.
///
/// # Errors
/// [`SequenceError`] at the first line without a tab, without items on either side, or with an item that `index_of`
/// refuses.
pub fn read_questions(
    source: impl Read,
    mut index_of: impl FnMut(&str) -> Option<u32>,
) -> Result<Vec<(Vec<u32>, u32)>, SequenceError> {
    let mut questions = Vec::new();
    each_line(source, |line, text| {
        let Some((prefix, next)) = text.split_once('\t') else {
            return bad(
                line,
                "no tab: write item ids, a tab, and the next item".to_owned(),
            );
        };
        let prefix = items_of(line, prefix, &mut index_of)?;
        let next = items_of(line, next, &mut index_of)?;
        let (&[next], false) = (next.as_slice(), prefix.is_empty()) else {
            let detail = "expected item ids, a tab, and one next item".to_owned();
            return bad(line, detail);
        };
        if questions.len() == MAX_EVENTS {
            return bad(line, format!("more than {MAX_EVENTS} lines"));
        }
        questions.push((prefix, next));
        Ok(())
    })?;
    if questions.is_empty() {
        return Err(SequenceError::Empty {
            expected: "item ids, a tab, and the next item, a question a line",
        });
    }
    Ok(questions)
}

fn items_of(
    line: u64,
    text: &str,
    mut index_of: impl FnMut(&str) -> Option<u32>,
) -> Result<Vec<u32>, SequenceError> {
    let ids = text.split_whitespace();
    ids.map(|id| match index_of(id) {
        Some(item) => Ok(item),
        None => {
            let id: String = id.chars().take(40).collect();
            bad(
                line,
                format!("item {id:?} is not among the items: add it to items.jsonl"),
            )
        }
    })
    .collect()
}

/// Calls `with` for each line that isn't blank.
fn each_line(
    source: impl Read,
    mut with: impl FnMut(u64, &str) -> Result<(), SequenceError>,
) -> Result<(), SequenceError> {
    let mut source = BufReader::new(source);
    encoding::refuse_utf16(source.fill_buf()?)?;
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        let mut limited = source.by_ref().take(MAX_LINE_BYTES);
        if limited.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if bytes.len() as u64 == MAX_LINE_BYTES {
            return bad(line, format!("longer than {MAX_LINE_BYTES} bytes"));
        }
        let text = std::str::from_utf8(&bytes);
        let Ok(text) = text else {
            return bad(line, "not UTF-8: save the file as UTF-8".to_owned());
        };
        let text = text
            .trim_start_matches('\u{feff}')
            .trim_end_matches(['\n', '\r']);
        if !text.trim().is_empty() {
            with(line, text)?;
        }
    }
    Ok(())
}
