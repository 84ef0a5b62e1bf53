//! Words for a name that isn't known, with the one that was probably meant.

use nearshelf_text::edits_within;

/// A name that differs by more letters than that was hardly meant.
const MOST_EDITS: u8 = 2;

/// Says that nothing has a name, and which name is near or what there is.
pub(super) fn unknown(what: &str, found: &str, known: &[&str]) -> String {
    let folded = found.to_lowercase();
    let near = known.iter().filter_map(|name| {
        let edits = edits_within(&folded, &name.to_lowercase(), MOST_EDITS)?;
        Some((edits, name))
    });
    if let Some((_, meant)) = near.min_by_key(|(edits, _)| *edits) {
        return format!("there is no {what} {found:?}: did you mean {meant:?}?");
    }
    const SHOWN: usize = 10;
    let mut names: Vec<String> = known
        .iter()
        .take(SHOWN)
        .map(|name| format!("{name:?}"))
        .collect();
    if known.len() > SHOWN {
        names.push(format!("{} more", known.len() - SHOWN));
    }
    match names.as_slice() {
        [] => format!("there is no {what} {found:?}: the catalogue has none"),
        _ => format!(
            "there is no {what} {found:?}; there are {}",
            names.join(", ")
        ),
    }
}
