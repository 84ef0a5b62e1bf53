//! One JSON object a line.
//!
//! Items have the names of the CSV's columns; `attributes` may be an object, `category` a list, and further
//! locales may be listed as `texts: [{locale, title, description, category, attributes}]`.

use super::{
    ItemReport, ReadError, ReadOptions, RowProblem, RowProblems, csv_items, encoding,
    record::{Items, Record, excerpt},
};
use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Read},
};

/// Longest line, in bytes.
const MAX_LINE_BYTES: u64 = 1 << 20;

pub(super) fn read_items(
    source: impl Read,
    options: &ReadOptions,
) -> Result<ItemReport, ReadError> {
    let mut report = ItemReport::default();
    let mut items = Items::default();
    let mut ignored = BTreeSet::new();
    report.rows = each_object(source, &mut report.problems, |line, object, problems| {
        let fields = flatten(&object);
        note_unknown(&mut ignored, fields.keys(), csv_items::is_known);
        let item = csv_items::item_of(&mut Record {
            line,
            fields,
            problems,
            options,
        });
        items.push(line, item, problems);
    })?;
    report.items = items.list;
    report.ignored_columns = ignored.into_iter().collect();
    Ok(report)
}

/// Most names of unknown fields that are kept: every row could bring new ones.
const MAX_IGNORED: usize = 100;

/// Keeps the names of fields that aren't known.
pub(super) fn note_unknown<'a>(
    ignored: &mut BTreeSet<String>,
    names: impl Iterator<Item = &'a String>,
    is_known: impl Fn(&str) -> bool,
) {
    for name in names {
        if ignored.len() < MAX_IGNORED && !is_known(name) {
            ignored.insert(name.clone());
        }
    }
}

/// Calls `with` for each line that holds an object; reports the others. Returns the number of lines.
pub(super) fn each_object(
    source: impl Read,
    problems: &mut RowProblems,
    mut with: impl FnMut(u64, Map<String, Value>, &mut RowProblems),
) -> Result<u64, ReadError> {
    let mut source = BufReader::new(source);
    encoding::refuse_utf16(source.fill_buf()?)?;
    let (mut line, mut rows) = (0, 0);
    loop {
        let mut bytes = Vec::new();
        let read = source
            .by_ref()
            .take(MAX_LINE_BYTES)
            .read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(rows);
        }
        line += 1;
        let mut reject = |reason: String, bytes: &[u8]| {
            let excerpt = excerpt(&String::from_utf8_lossy(bytes));
            problems.push(RowProblem {
                line,
                column: "line".to_owned(),
                reason,
                excerpt,
                row_rejected: true,
            });
        };
        if read as u64 == MAX_LINE_BYTES && bytes.last() != Some(&b'\n') {
            rows += 1;
            reject(format!("longer than {MAX_LINE_BYTES} bytes"), &bytes);
            skip_line(&mut source)?;
            continue;
        }
        let content = bytes
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&bytes)
            .trim_ascii();
        if content.is_empty() {
            continue;
        }
        rows += 1;
        let Ok(text) = std::str::from_utf8(content) else {
            reject("not UTF-8: save the file as UTF-8".to_owned(), content);
            continue;
        };
        match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(object)) => with(line, object, problems),
            Ok(_) => reject(
                "not a JSON object: write one object a line".to_owned(),
                content,
            ),
            Err(error) => reject(format!("not JSON: {error}"), content),
        }
    }
}

fn skip_line(source: &mut impl BufRead) -> Result<(), ReadError> {
    loop {
        let buffer = source.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let used = end.map_or(buffer.len(), |at| at + 1);
        source.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}

/// Fields under the names of the CSV's columns.
fn flatten(object: &Map<String, Value>) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    text_fields(object, "", &mut fields);
    if let Some(Value::Array(texts)) = object.get("texts") {
        for text in texts.iter().filter_map(Value::as_object) {
            let locale = text
                .get("locale")
                .and_then(Value::as_str)
                .unwrap_or("")
                .to_lowercase();
            let primary = !fields.contains_key("title");
            if primary {
                fields.insert("locale".to_owned(), locale.clone());
            }
            text_fields(text, if primary { "" } else { &locale }, &mut fields);
        }
    }
    fields
}

fn text_fields(object: &Map<String, Value>, locale: &str, fields: &mut BTreeMap<String, String>) {
    let suffix = if locale.is_empty() {
        String::new()
    } else {
        format!(":{locale}")
    };
    for (name, value) in object {
        let name = name.to_lowercase();
        match (name.as_str(), value) {
            ("attributes", Value::Object(attributes)) => {
                for (attribute, value) in attributes {
                    if let Some(text) = scalar(value) {
                        let attribute = attribute.to_lowercase().replace(':', csv_items::OWN_COLON);
                        fields.insert(format!("attr:{attribute}{suffix}"), text);
                    }
                }
            }
            ("category", Value::Array(path)) => {
                let path: Vec<String> = path.iter().filter_map(scalar).collect();
                fields.insert(format!("category{suffix}"), path.join(" > "));
            }
            ("locale", _) if !locale.is_empty() => {}
            _ => {
                if let Some(text) = scalar(value) {
                    fields.insert(format!("{name}{suffix}"), text);
                }
            }
        }
    }
}

/// A value that can stand in a column.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
