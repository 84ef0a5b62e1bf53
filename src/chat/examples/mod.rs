//! Examples of intents, as merchants and data sets write them: CSV, YAML, or a folder of annotated TSV files.

mod annotated;
mod split;

pub use annotated::{Annotated, read_annotated};
pub use split::{Part, part_of_groups};

use crate::head::Example;
use std::collections::BTreeMap;

/// Characters of an example beyond which it must be a mistake.
const MOST_CHARACTERS: usize = 100_000;

/// Why a file holds no examples. Rows count from 1, the header being the first.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ExamplesError {
    /// Nothing in it but, perhaps, a header.
    #[error("there are no examples: write a header (text,intent) and a row for each")]
    Empty,
    /// No such column.
    #[error("there is no column {missing:?} among {found}: the header must be text,intent")]
    Column {
        /// What is looked for.
        missing: &'static str,
        /// What there is.
        found: String,
    },
    /// Bytes that are no text.
    #[error("row {row}: not UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// Of the file.
        row: u64,
    },
    /// A field too few or too many, or a quotation mark that is not closed.
    #[error("row {row}: {detail}")]
    Row {
        /// Of the file.
        row: u64,
        /// What is wrong, and how to mend it.
        detail: String,
    },
    /// No list of texts by intent.
    #[error("{0}")]
    Yaml(String),
}

/// Reads a CSV file with the columns `text` and `intent`, and perhaps `group`: a number above 0
/// that examples share which say the same in other words. Other columns are not read.
///
/// # Errors
/// [`ExamplesError`], with the row.
pub fn read_csv(bytes: &[u8]) -> Result<Vec<Example>, ExamplesError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let row_error = |row: u64, error: &csv::Error| match error.kind() {
        csv::ErrorKind::Utf8 { .. } => ExamplesError::NotUtf8 { row },
        _ => ExamplesError::Row {
            row,
            detail: error.to_string(),
        },
    };
    let header = reader
        .headers()
        .map_err(|error| row_error(1, &error))?
        .clone();
    if header.iter().all(|name| name.trim().is_empty()) {
        return Err(ExamplesError::Empty);
    }
    let column = |wanted: &str| {
        header
            .iter()
            .position(|name| name.trim().eq_ignore_ascii_case(wanted))
    };
    let needed = |missing| {
        let found = header.iter().collect::<Vec<_>>().join(", ");
        column(missing).ok_or(ExamplesError::Column { missing, found })
    };
    let (text_at, intent_at, group_at) = (needed("text")?, needed("intent")?, column("group"));
    let mut examples = Vec::new();
    for (record, row) in reader.records().zip(2..) {
        let record = record.map_err(|error| row_error(row, &error))?;
        let bad = |detail: String| ExamplesError::Row { row, detail };
        let field = |at: usize| record.get(at).map(str::trim).unwrap_or_default();
        if record.len() < header.len() {
            return Err(bad(format!(
                "{} fields where the header has {}; put texts with a comma into quotation marks",
                record.len(),
                header.len()
            )));
        }
        let group = match group_at.map(field) {
            None | Some("") => 0,
            Some(group) => group
                .parse()
                .map_err(|_| bad(format!("group {group:?} is no whole number")))?,
        };
        examples.push(example(field(text_at), field(intent_at), group).map_err(bad)?);
    }
    if examples.is_empty() {
        return Err(ExamplesError::Empty);
    }
    Ok(examples)
}

/// Reads any YAML (or JSON, which is YAML) of a shape.
///
/// # Errors
/// [`ExamplesError::Yaml`] with the place.
pub fn yaml<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, ExamplesError> {
    serde_saphyr::from_str(text).map_err(|error| ExamplesError::Yaml(error.to_string()))
}

/// Reads YAML (or JSON, which is YAML): each intent's name with a list of texts.
///
/// # Errors
/// [`ExamplesError`].
pub fn read_yaml(bytes: &[u8]) -> Result<Vec<Example>, ExamplesError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        ExamplesError::NotUtf8 {
            row: 1 + before.iter().filter(|byte| **byte == b'\n').count() as u64,
        }
    })?;
    let intents: BTreeMap<String, Vec<String>> = yaml(text).map_err(|error| {
        ExamplesError::Yaml(format!(
            "{error}; write each intent's name, a colon, and below it a list of texts"
        ))
    })?;
    let mut examples = Vec::new();
    for (intent, texts) in &intents {
        for text in texts {
            let example = example(text.trim(), intent.trim(), 0);
            examples.push(
                example.map_err(|detail| {
                    ExamplesError::Yaml(format!("intent {intent:?}: {detail}"))
                })?,
            );
        }
    }
    if examples.is_empty() {
        return Err(ExamplesError::Empty);
    }
    Ok(examples)
}

fn example(text: &str, intent: &str, group: u32) -> Result<Example, String> {
    if text.is_empty() {
        return Err("the text is empty; fill it in or delete the row".to_owned());
    }
    if intent.is_empty() {
        return Err(
            "the intent is empty; name it, or out_of_scope for what must be refused".to_owned(),
        );
    }
    let length = text.chars().take(MOST_CHARACTERS + 1).count();
    if length > MOST_CHARACTERS {
        return Err(format!(
            "the text has more than {MOST_CHARACTERS} characters; is a quotation mark missing?"
        ));
    }
    Ok(Example {
        text: text.to_owned(),
        intent: intent.to_owned(),
        group,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn texts_and_intents_are_read_in_whatever_order_the_columns_stand() {
        let found =
            read_csv("\u{FEFF}intent,text,note\nfind,\"a dress, red\",x\n".as_bytes()).unwrap();
        assert_eq!(
            found,
            [Example {
                text: "a dress, red".into(),
                intent: "find".into(),
                group: 0
            }]
        );
        assert_eq!(
            read_csv(b"text,intent,group\nhi,greeting,7\n").unwrap()[0].group,
            7
        );
    }

    #[test]
    fn bad_files_say_which_row_is_wrong() {
        let message = |bytes: &[u8]| read_csv(bytes).unwrap_err().to_string();
        assert_eq!(read_csv(b"").unwrap_err(), ExamplesError::Empty);
        assert_eq!(
            read_csv(b"text,intent\n").unwrap_err(),
            ExamplesError::Empty
        );
        assert!(message(b"text,category\na,b\n").contains("no column \"intent\""));
        assert_eq!(
            read_csv(b"text,intent\nok,a\n\xFF\xFE,b\n").unwrap_err(),
            ExamplesError::NotUtf8 { row: 3 }
        );
        assert!(message(b"text,intent\nhello\n").starts_with("row 2: 1 fields"));
        assert!(message(b"text,intent\n,a\n").starts_with("row 2: the text is empty"));
        assert!(message(b"text,intent\nx,\n").starts_with("row 2: the intent is empty"));
        assert!(
            message(format!("text,intent\n{},a\n", "x".repeat(MOST_CHARACTERS + 1)).as_bytes())
                .contains("characters")
        );
        assert!(message(b"text,intent,group\nx,a,b\n").contains("no whole number"));
    }

    #[test]
    fn yaml_lists_texts_by_intent() {
        let found = read_yaml("fitting:\n  - Can I book a fitting?\n  - 我想预约试衣\n".as_bytes())
            .unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].text, "我想预约试衣");
        assert_eq!(read_yaml(b"{}").unwrap_err(), ExamplesError::Empty);
        assert!(
            read_yaml(b"fitting: 3\n")
                .unwrap_err()
                .to_string()
                .contains("list of texts")
        );
        assert_eq!(
            read_yaml(b"a:\n  - \xFF\n").unwrap_err(),
            ExamplesError::NotUtf8 { row: 2 }
        );
    }
}
