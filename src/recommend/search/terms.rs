//! Words as a search reads them.

use nearshelf_text::{fold, is_apostrophe, is_cjk};

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    /// It may still be being typed.
    pub may_go_on: bool,
    /// A pair of ideographs, or a single one: never misspelt by a letter.
    pub is_cjk: bool,
}

/// Most words of a query that are looked for: each costs a walk through its items.
pub(super) const MOST_WORDS: usize = 32;

/// Words that a query holds for its grammar and that name nothing; a query of these alone is looked for all the same.
const FUNCTION_WORDS: &[&str] = &[
    "a", "an", "the", "and", "or", "of", "in", "on", "for", "with", "to", "from", "by", "me",
    "some", "any", "under", "below", "over", "above",
];
/// The same among ideographs: 蓝色的衬衫 is 蓝色 and 衬衫.
const PARTICLES: &[char] = &['的', '和', '与', '或'];

/// Each word once; of a run of ideographs its pairs, or the only character. Words beyond [`MOST_WORDS`] are left out.
pub(super) fn query_terms(query: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut runs: Vec<(String, bool)> = Vec::new();
    each_run(query, |run, is_cjk| runs.push((run.to_owned(), is_cjk)));
    let typing = query.chars().next_back().is_some_and(char::is_alphanumeric);
    let runs = naming(runs, typing);
    let last = runs.len();
    for (place, (run, is_cjk)) in runs.into_iter().enumerate() {
        if is_cjk {
            let letters: Vec<char> = run.chars().collect();
            for pair in letters.windows(letters.len().min(2)) {
                push_word(&mut words, pair.iter().collect(), false, true);
            }
        } else {
            push_word(&mut words, run, typing && place + 1 == last, false);
        }
    }
    words
}

/// The runs without function words, where any are left. The last word may be the beginning of one that names something.
fn naming(runs: Vec<(String, bool)>, typing: bool) -> Vec<(String, bool)> {
    let mut named: Vec<(String, bool)> = Vec::new();
    for (place, (run, is_cjk)) in runs.iter().enumerate() {
        if *is_cjk {
            let parts = run.split(PARTICLES).filter(|part| !part.is_empty());
            named.extend(parts.map(|part| (part.to_owned(), true)));
        } else if typing && place + 1 == runs.len() || !FUNCTION_WORDS.contains(&run.as_str()) {
            named.push((run.clone(), false));
        }
    }
    if named.is_empty() { runs } else { named }
}

fn push_word(words: &mut Vec<Word>, text: String, may_go_on: bool, is_cjk: bool) {
    if let Some(known) = words.iter_mut().find(|word| word.text == text) {
        known.may_go_on |= may_go_on;
    } else if words.len() < MOST_WORDS {
        words.push(Word {
            text,
            may_go_on,
            is_cjk,
        });
    }
}

/// Words in the spelling in which searches compare them, separated by spaces.
pub(crate) fn search_words(words: &str) -> String {
    let mut spelt = String::new();
    each_run(words, |run, _| {
        if !spelt.is_empty() {
            spelt.push(' ');
        }
        spelt.push_str(run);
    });
    spelt
}

/// Terms that a text is found by: its words, and the characters and pairs of its ideographs.
pub(super) fn each_term(text: &str, mut term: impl FnMut(&str)) {
    each_run(text, |run, is_cjk| {
        if !is_cjk {
            return term(run);
        }
        let ends: Vec<usize> = run
            .char_indices()
            .map(|(at, c)| at + c.len_utf8())
            .collect();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        for (place, start) in starts.enumerate() {
            for end in ends.iter().skip(place).take(2) {
                term(&run[start..*end]);
            }
        }
    });
}

/// Runs of letters and digits, normalised and lowercased as for the model; the flag says whether
/// the run is of ideographs, kana or hangul.
pub(crate) fn each_run(text: &str, mut run: impl FnMut(&str, bool)) {
    let mut current = String::new();
    let mut current_cjk = false;
    for c in fold(text).chars() {
        let cjk = is_cjk(c);
        let letter = cjk || c.is_alphanumeric();
        if is_apostrophe(c) {
            continue;
        }
        if !current.is_empty() && (!letter || cjk != current_cjk) {
            run(&current, current_cjk);
            current.clear();
        }
        if letter {
            current_cjk = cjk;
            current.push(c);
        }
    }
    if !current.is_empty() {
        run(&current, current_cjk);
    }
}
