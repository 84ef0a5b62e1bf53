//! Simple lexical search over titles, categories, attributes and descriptions in every locale.

use nearshelf_catalogue::{ItemText, Pack};
use nearshelf_text::{fold, is_apostrophe, is_cjk};

use crate::order;

/// Where a term occurs, from least to most telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Description,
    Label,
    Title,
}

impl Field {
    fn weight(self) -> f32 {
        match self {
            Self::Description => 1.0,
            Self::Label => 4.0,
            Self::Title => 10.0,
        }
    }
}

/// One occurrence of a term; an item has at most one for each term and locale.
#[derive(Debug, Clone, Copy)]
struct Posting {
    item: u32,
    locale: u16,
    field: Field,
}

/// An inverted index of a pack's texts. Building it reads every text once; asking it is quick.
#[derive(Debug, Default)]
pub struct SearchIndex {
    item_count: usize,
    /// In order of term.
    terms: Vec<(String, Vec<Posting>)>,
    locales: Vec<String>,
}

impl SearchIndex {
    /// Reads the texts of all items. Brand and locale-less names count for every locale.
    pub fn new(pack: &Pack) -> Self {
        let mut index = Self {
            item_count: pack.items.len(),
            ..Self::default()
        };
        let mut found: Vec<(String, Posting)> = Vec::new();
        for item in 0..index.item_count as u32 {
            let Some(stored) = pack.items.get(item) else {
                continue;
            };
            for text in &stored.texts {
                let locale = index.locale_number(&text.locale);
                let fields = fields(text, &stored.brand);
                for (field, text) in fields {
                    each_term(text, |term| {
                        let posting = Posting {
                            item,
                            locale,
                            field,
                        };
                        found.push((term.to_owned(), posting));
                    });
                }
            }
        }
        // The most telling field first, which is the one that dedup keeps.
        found.sort_unstable_by(|(a_term, a), (b_term, b)| {
            let place = |p: &Posting| (p.item, p.locale);
            let telling = b.field.cmp(&a.field);
            a_term
                .cmp(b_term)
                .then(place(a).cmp(&place(b)))
                .then(telling)
        });
        found.dedup_by(|(b_term, b), (a_term, a)| {
            a_term == b_term && (a.item, a.locale) == (b.item, b.locale)
        });
        for (term, posting) in found {
            match index.terms.last_mut() {
                Some((last, postings)) if *last == term => postings.push(posting),
                _ => index.terms.push((term, vec![posting])),
            }
        }
        index
    }

    fn locale_number(&mut self, locale: &str) -> u16 {
        let known = self.locales.iter().position(|known| known == locale);
        let number = known.unwrap_or_else(|| {
            self.locales.push(locale.to_owned());
            self.locales.len() - 1
        });
        u16::try_from(number).unwrap_or(u16::MAX)
    }

    /// The items that match most words of `query`, best first, at most `limit`.
    ///
    /// Words must match whole, the last one may be the beginning of one (it may still be being
    /// typed). Texts in every locale are searched; those in `locale`, or another of the same
    /// language, count twice. Titles count most, then categories, brand and attributes, then
    /// descriptions; rare words more than frequent ones. Ties keep catalogue order. A query without
    /// words finds nothing.
    pub fn search(&self, query: &str, locale: &str, limit: usize) -> Vec<u32> {
        let words = query_terms(query);
        let favoured: Vec<bool> = self
            .locales
            .iter()
            .map(|known| language(known).eq_ignore_ascii_case(language(locale)))
            .collect();
        let mut hits = vec![Hit::default(); self.item_count];
        for word in &words {
            let mut met: Vec<u32> = Vec::new();
            for (term, postings) in self.matching(word) {
                let rarity = (1.0 + self.item_count as f32 / postings.len() as f32).ln();
                let exact = if *term == word.text { 1.0 } else { 0.5 };
                for posting in postings {
                    let Some(hit) = hits.get_mut(posting.item as usize) else {
                        continue;
                    };
                    let favour = favoured.get(usize::from(posting.locale)).copied();
                    let favour = if favour.unwrap_or(false) { 2.0 } else { 1.0 };
                    if hit.word == 0.0 {
                        met.push(posting.item);
                    }
                    hit.word = hit
                        .word
                        .max(posting.field.weight() * rarity * exact * favour);
                }
            }
            for item in met {
                let hit = &mut hits[item as usize];
                hit.words += 1;
                hit.score += hit.word;
                hit.word = 0.0;
            }
        }
        best(&hits, limit)
    }

    /// Terms that equal a word, or begin with it where that may be.
    fn matching(&self, word: &Word) -> &[(String, Vec<Posting>)] {
        let start = self.terms.partition_point(|(term, _)| *term < word.text);
        let rest = &self.terms[start..];
        let matches = |term: &String| {
            if word.may_go_on {
                term.starts_with(&word.text)
            } else {
                *term == word.text
            }
        };
        &rest[..rest.partition_point(|(term, _)| matches(term))]
    }
}

/// What a query found of an item.
#[derive(Debug, Clone, Default)]
struct Hit {
    words: u32,
    score: f32,
    /// Best score of the word that is being looked up.
    word: f32,
}

/// Items that match as many words as any item does, best first.
fn best(hits: &[Hit], limit: usize) -> Vec<u32> {
    let most = hits.iter().map(|hit| hit.words).max().unwrap_or(0);
    if most == 0 {
        return Vec::new();
    }
    let items = hits.iter().zip(0..).filter(|(hit, _)| hit.words == most);
    order::best(items.map(|(hit, item)| (hit.score, item)), limit)
}

/// Builds an index and asks it once. A page that searches again and again keeps a
/// [`SearchIndex`].
pub fn search(pack: &Pack, query: &str, locale: &str, limit: usize) -> Vec<u32> {
    SearchIndex::new(pack).search(query, locale, limit)
}

fn fields<'a>(
    text: &'a ItemText,
    brand: &'a str,
) -> impl Iterator<Item = (Field, &'a str)> + use<'a> {
    let categories = text.category.iter().map(String::as_str);
    let attributes = text.attributes.iter().map(|(_, value)| value.as_str());
    let labels = categories.chain(attributes).chain([brand]);
    [
        (Field::Title, text.title.as_str()),
        (Field::Description, text.description.as_str()),
    ]
    .into_iter()
    .chain(labels.map(|label| (Field::Label, label)))
}

/// `zh` of `zh-Hans-CN`.
fn language(locale: &str) -> &str {
    locale.split(['-', '_']).next().unwrap_or(locale)
}

/// A word of a query.
struct Word {
    text: String,
    may_go_on: bool,
}

/// Each word once; of a run of ideographs its pairs, or the only character.
fn query_terms(query: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut runs: Vec<(String, bool)> = Vec::new();
    each_run(query, |run, is_cjk| runs.push((run.to_owned(), is_cjk)));
    let typing = query.chars().next_back().is_some_and(char::is_alphanumeric);
    let last = runs.len();
    for (place, (run, is_cjk)) in runs.into_iter().enumerate() {
        if is_cjk {
            let letters: Vec<char> = run.chars().collect();
            for pair in letters.chunks(1).take(1).filter(|_| letters.len() == 1) {
                push_word(&mut words, pair.iter().collect(), false);
            }
            for pair in letters.windows(2) {
                push_word(&mut words, pair.iter().collect(), false);
            }
        } else {
            push_word(&mut words, run, typing && place + 1 == last);
        }
    }
    words
}

fn push_word(words: &mut Vec<Word>, text: String, may_go_on: bool) {
    if let Some(known) = words.iter_mut().find(|word| word.text == text) {
        known.may_go_on |= may_go_on;
    } else {
        words.push(Word { text, may_go_on });
    }
}

/// Terms that a text is found by: its words, and the characters and pairs of its ideographs.
fn each_term(text: &str, mut term: impl FnMut(&str)) {
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
fn each_run(text: &str, mut run: impl FnMut(&str, bool)) {
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

#[cfg(test)]
mod tests;
