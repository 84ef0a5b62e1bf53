//! The retail intents as they are written: `INTENT.tsv` with group, locale and text, slots marked in the text.

use super::ExamplesError;
use crate::head::Example;
use crate::normalise::clean;
use crate::slots::{Slot, SlotName};

const HEADER: &str = "group\tlocale\ttext";

/// An example with its slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotated {
    /// The text without marks, its intent and group.
    pub example: Example,
    /// `en` or `zh`.
    pub locale: String,
    /// In order of their places.
    pub slots: Vec<Slot>,
}

/// Reads one file; `intent` is its name.
///
/// # Errors
/// [`ExamplesError`], with the row.
pub fn read_annotated(intent: &str, bytes: &[u8]) -> Result<Vec<Annotated>, ExamplesError> {
    let mut rows = bytes.split(|byte| *byte == b'\n').zip(1..);
    let header = rows.next().map(|(row, _)| row);
    if header != Some(HEADER.as_bytes()) {
        let found = String::from_utf8_lossy(header.unwrap_or_default()).into_owned();
        return Err(ExamplesError::Column {
            missing: "group, locale, text (tabs between)",
            found,
        });
    }
    let mut examples = Vec::new();
    for (bytes, row) in rows.filter(|(row, _)| !row.is_empty()) {
        let text = std::str::from_utf8(bytes).map_err(|_| ExamplesError::NotUtf8 { row })?;
        let read = read_row(intent, text);
        examples.push(read.map_err(|detail| ExamplesError::Row { row, detail })?);
    }
    Ok(examples)
}

fn read_row(intent: &str, row: &str) -> Result<Annotated, String> {
    let mut fields = row.splitn(3, '\t');
    let (Some(group), Some(locale), Some(marked)) = (fields.next(), fields.next(), fields.next())
    else {
        return Err("there must be a group, a locale and a text, with a tab between".to_owned());
    };
    let group = group
        .parse()
        .map_err(|_| "the group must be a whole number")?;
    // As a message is: places count in what is read of it.
    let (text, slots) = read_marks(&clean(marked))?;
    if text.trim().is_empty() {
        return Err("the text is empty".to_owned());
    }
    Ok(Annotated {
        example: Example {
            text,
            intent: intent.to_owned(),
            group,
        },
        locale: locale.to_owned(),
        slots,
    })
}

/// `[surface](slot)`, `[surface](slot=value)` or, ruled out, `[surface](slot!=value)`.
fn read_marks(marked: &str) -> Result<(String, Vec<Slot>), String> {
    let (mut text, mut slots) = (String::new(), Vec::new());
    let mut length = 0;
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('[') {
        let broken = || format!("the mark at [{after} is broken; write [surface](slot=value)");
        let (surface, after) = after.split_once("](").ok_or_else(broken)?;
        let (inner, after) = after
            .split_once(')')
            .ok_or_else(|| format!("the mark of {surface:?} is not closed"))?;
        let (name, value, negated) = match (inner.split_once("!="), inner.split_once('=')) {
            (Some((name, value)), _) => (name, value, true),
            (None, Some((name, value))) => (name, value, false),
            (None, None) => (inner, surface, false),
        };
        let name =
            SlotName::from_name(name).ok_or_else(|| format!("no slot is called {name:?}"))?;
        let value = match name {
            SlotName::Colour => value.to_lowercase(),
            _ => value.to_owned(),
        };
        text.push_str(before);
        length += before.chars().count();
        let end = length + surface.chars().count();
        slots.push(Slot {
            name,
            start: length,
            end,
            value,
            negated,
        });
        text.push_str(surface);
        length = end;
        rest = after;
    }
    text.push_str(rest);
    Ok((text, slots))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn marks_become_slots_with_places() {
        let file = "group\tlocale\ttext\n3\tzh\t不要[拉链](material!=zip)，[红](colour=red)的\n";
        let found = &read_annotated("refine_search", file.as_bytes()).unwrap()[0];
        assert_eq!(found.example.text, "不要拉链，红的");
        assert_eq!((found.example.group, found.locale.as_str()), (3, "zh"));
        let slot = |name, start, end, value: &str, negated| Slot {
            name,
            start,
            end,
            value: value.into(),
            negated,
        };
        assert_eq!(
            found.slots,
            [
                slot(SlotName::Material, 2, 4, "zip", true),
                slot(SlotName::Colour, 5, 6, "red", false)
            ]
        );
    }

    #[test]
    fn broken_rows_are_named() {
        let message = |row: &str| {
            read_annotated("x", format!("group\tlocale\ttext\n{row}\n").as_bytes())
                .unwrap_err()
                .to_string()
        };
        assert!(message("1\ten\t[red](shade)").contains("row 2: no slot is called"));
        assert!(message("1\ten\t[red").contains("broken"));
        assert!(message("a\ten\tred").contains("whole number"));
        assert!(message("1\ten").contains("tab"));
        assert!(read_annotated("x", b"text\n").is_err());
    }
}
