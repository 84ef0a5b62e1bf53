//! Folders of published data sets.

use super::Source;
use crate::output;
use anyhow::{Context, Result, bail};
use flate2::read::MultiGzDecoder;
use nearshelf_catalogue::{
    EventKind, Item, ItemText, read_questions, read_sequence_items, read_sequences, read_sessions,
};
use nearshelf_recommend::{
    evaluate::Case,
    mine::{Interaction, Interactions},
};
use std::{
    collections::HashMap,
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

/// Events of a sequence, which states no times, are given one a day.
const STEP_MILLIS: i64 = 86_400_000;

/// Reads the folder: `items.jsonl` and `sequences.tsv`, or `train_sessions.txt` and `test_prefix_target.tsv`, plain or
/// as `.gz`.
///
/// # Errors
/// When neither pair is there, or any line of it makes no sense.
pub fn read(folder: &Path) -> Result<Source> {
    if !folder.is_dir() {
        bail!("{} is no folder", folder.display());
    }
    let step = output::step(format!("reading {}", folder.display()));
    let source = match (
        find(folder, "sequences.tsv"),
        find(folder, "train_sessions.txt"),
    ) {
        (Some(sequences), _) => {
            let items = find(folder, "items.jsonl").with_context(|| {
                format!(
                    "{} has sequences.tsv but no items.jsonl (or .gz)",
                    folder.display()
                )
            })?;
            purchases(&items, &sequences)?
        }
        (None, Some(train)) => {
            let test = find(folder, "test_prefix_target.tsv").with_context(|| {
                format!(
                    "{} has train_sessions.txt but no test_prefix_target.tsv (or .gz)",
                    folder.display()
                )
            })?;
            views(&train, &test)?
        }
        (None, None) => bail!(
            "{} holds no data set: expected items.jsonl and sequences.tsv, or train_sessions.txt and \
             test_prefix_target.tsv, plain or as .gz",
            folder.display()
        ),
    };
    step.finish_and_clear();
    Ok(source)
}

fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let names = [format!("{name}.gz"), name.to_owned()];
    let mut paths = names.into_iter().map(|name| folder.join(name));
    paths.find(|path| path.is_file())
}

fn open(path: &Path) -> Result<Box<dyn Read>> {
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let file = BufReader::new(file);
    if path.extension().is_some_and(|ending| ending == "gz") {
        Ok(Box::new(MultiGzDecoder::new(file)))
    } else {
        Ok(Box::new(file))
    }
}

/// Each user's purchases in order.
fn purchases(items: &Path, sequences: &Path) -> Result<Source> {
    let reading = |path: &Path| format!("reading {}", path.display());
    let (items, texts) = read_sequence_items(open(items)?).with_context(|| reading(items))?;
    let numbers: HashMap<&str, u32> = items.iter().map(|item| item.id.as_str()).zip(0..).collect();
    let found = read_sequences(open(sequences)?, |id| numbers.get(id).copied());
    let found = found.with_context(|| reading(sequences))?;
    let log = interactions(&found, EventKind::Purchase);
    Ok(Source {
        events: log.rows().len(),
        items,
        log,
        timed: false,
        texts,
        ..Source::default()
    })
}

/// Sessions of views, and the questions that come with them.
fn views(train: &Path, test: &Path) -> Result<Source> {
    let reading = |path: &Path| format!("reading {}", path.display());
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut ids: Vec<String> = Vec::new();
    // In the order of first appearance.
    let mut number = |id: &str| {
        if let Some(&number) = numbers.get(id) {
            return Some(number);
        }
        let next = u32::try_from(ids.len()).ok()?;
        numbers.insert(id.to_owned(), next);
        ids.push(id.to_owned());
        Some(next)
    };
    let sessions = read_sessions(open(train)?, &mut number).with_context(|| reading(train))?;
    let questions = read_questions(open(test)?, &mut number).with_context(|| reading(test))?;
    let places = catalogue_order(&ids);
    let placed = |items: Vec<u32>| -> Vec<u32> {
        items
            .into_iter()
            .map(|item| places[item as usize])
            .collect()
    };
    let sessions: Vec<Vec<u32>> = sessions.into_iter().map(placed).collect();
    let questions = questions
        .into_iter()
        .map(|(prefix, next)| (placed(prefix), places[next as usize]));
    let questions: Vec<(Vec<u32>, u32)> = questions.collect();
    let mut by_place: Vec<(u32, String)> = places.iter().copied().zip(ids).collect();
    by_place.sort_unstable();
    let log = interactions(&sessions, EventKind::View);
    let item = |id: String| Item {
        id,
        texts: vec![ItemText {
            locale: "en".to_owned(),
            ..ItemText::default()
        }],
        ..Item::default()
    };
    Ok(Source {
        events: log.rows().len(),
        log,
        items: by_place.into_iter().map(|(_, id)| item(id)).collect(),
        timed: false,
        questions: Some(cases(&questions, sessions.len() as u32)),
        ..Source::default()
    })
}

/// Where each of some ids, in order of first appearance, stands in the catalogue: whole numbers by their size, as files
/// that were made beside the data have them; other ids as they are.
fn catalogue_order(ids: &[String]) -> Vec<u32> {
    let numbers: Option<Vec<u64>> = ids.iter().map(|id| id.parse().ok()).collect();
    let mut order: Vec<u32> = (0..ids.len() as u32).collect();
    if let Some(numbers) = numbers {
        order.sort_unstable_by_key(|&at| numbers[at as usize]);
    }
    let mut places = vec![0; ids.len()];
    for (place, at) in (0..).zip(order) {
        places[at as usize] = place;
    }
    places
}

fn interactions(sequences: &[Vec<u32>], kind: EventKind) -> Interactions {
    let rows = (0..).zip(sequences).flat_map(|(session, items)| {
        let events = (0..).zip(items);
        events.map(move |(place, &item)| Interaction {
            session,
            item,
            kind,
            time_millis: place * STEP_MILLIS,
        })
    });
    Interactions::new(rows.collect())
}

/// Questions as cases. The file has each session once for each of its prefixes, longest first or last; questions that
/// continue one another count as one session's.
fn cases(questions: &[(Vec<u32>, u32)], first_session: u32) -> Vec<Case> {
    let mut session = first_session;
    let mut before: Option<&(Vec<u32>, u32)> = None;
    let mut cases = Vec::with_capacity(questions.len());
    for question in questions {
        let continues = |longer: &(Vec<u32>, u32), shorter: &(Vec<u32>, u32)| {
            longer
                .0
                .split_last()
                .is_some_and(|(last, rest)| *last == shorter.1 && rest == shorter.0)
        };
        let same = before.is_some_and(|b| continues(b, question) || continues(question, b));
        if before.is_some() && !same {
            session += 1;
        }
        before = Some(question);
        let (prefix, next) = question;
        let history = (0..).zip(prefix).map(|(place, &item)| Interaction {
            session,
            item,
            kind: EventKind::View,
            time_millis: place * STEP_MILLIS,
        });
        cases.push(Case {
            history: history.collect(),
            now_millis: prefix.len() as i64 * STEP_MILLIS,
            relevant: vec![*next],
        });
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_stand_by_size_and_other_ids_by_appearance() {
        let order = |ids: &[&str]| {
            catalogue_order(&ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(order(&["10", "9", "11"]), [1, 0, 2]);
        assert_eq!(order(&["b", "9", "a"]), [0, 1, 2]);
        assert!(order(&[]).is_empty());
    }

    #[test]
    fn questions_that_continue_one_another_are_one_sessions() {
        let questions = [
            (vec![1, 2, 3], 4),
            (vec![1, 2], 3),
            (vec![1], 2),
            (vec![1], 5),
            (vec![1, 5], 6),
        ];
        let sessions: Vec<u32> = cases(&questions, 10).iter().map(Case::session).collect();
        assert_eq!(sessions, [10, 10, 10, 11, 11]);
    }
}
