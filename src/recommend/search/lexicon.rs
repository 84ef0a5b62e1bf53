//! An inverted index of words, scored by BM25 (Robertson & Zaragoza 2009) over weighted fields.

use std::collections::HashMap;

use nearshelf_catalogue::{ItemText, Pack};

use super::terms::{Word, each_term, query_terms};
use crate::order::{pair, second};
use nearshelf_text::near;

/// What an occurrence in a field counts.
const TITLE: u16 = 10;
const LABEL: u16 = 4;
const DESCRIPTION: u16 = 1;
/// Occurrences that count half of what many do: one in a title and one in a label.
const SATURATION: f32 = 14.0;
/// How much a text's length counts against it, from 0 to 1.
const LENGTH: f32 = 0.3;
/// What another language's text counts.
const OTHER_LANGUAGE: f32 = 0.5;
/// What a reading of a word counts that isn't the word itself.
const SYNONYM: f32 = 0.8;
const BEGINNING: f32 = 0.5;
const MISSPELT: [f32; 3] = [1.0, 0.4, 0.2];

/// One term in one item's text.
#[derive(Debug, Clone, Copy)]
struct Posting {
    item: u32,
    locale: u16,
    /// Weighted occurrences, then what they count with regard to the text's length: of 65,535.
    weight: u16,
}

/// The index.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    item_count: usize,
    locales: Vec<String>,
    /// In order.
    terms: Vec<String>,
    /// Where each term's postings begin, and where the last ones end.
    starts: Vec<u32>,
    postings: Vec<Posting>,
    /// Terms of the names of categories: what sorts of things there are. In order.
    sorts: Vec<String>,
}

/// Letters that a word and its plural may differ by: "dress" and "Dresses".
const ENDING: usize = 2;

/// What a query found of an item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub item: u32,
    /// How many words it matches.
    pub words: f32,
    pub score: f32,
    /// Which words it matches: a bit each, in the order of [`Lexicon::words`].
    pub matched: u32,
}

/// Terms that one word may mean, with what each counts.
type Readings = Vec<(u32, f32)>;

/// Ways to read some words of a query; an item must have all terms of a way.
struct Slot {
    /// How many words it stands for.
    words: usize,
    ways: Vec<(Vec<Readings>, f32)>,
}

impl Lexicon {
    pub fn new(pack: &Pack) -> Self {
        let mut lexicon = Self {
            item_count: pack.items.len(),
            ..Self::default()
        };
        let mut numbers: HashMap<String, u32> = HashMap::new();
        // Term and posting, in order of items.
        let mut found: Vec<(u32, Posting)> = Vec::new();
        let mut lengths: Vec<u32> = Vec::new();
        // Of the text that is being read: term and weight.
        let mut own: Vec<u64> = Vec::new();
        for (item, stored) in (0_u32..).zip(pack.items.iter()) {
            for text in &stored.texts {
                let locale = lexicon.locale_number(&text.locale);
                own.clear();
                for (weight, text) in fields(text, &stored.brand) {
                    each_term(text, |term| {
                        let number = match numbers.get(term) {
                            Some(&number) => number,
                            None => {
                                let number = numbers.len() as u32;
                                numbers.insert(term.to_owned(), number);
                                number
                            }
                        };
                        own.push(pair(number, u32::from(weight)));
                    });
                }
                own.sort_unstable();
                let before = found.len();
                for of_term in own.chunk_by(|a, b| a >> 32 == b >> 32) {
                    let weight: u32 = of_term.iter().map(|&one| second(one)).sum();
                    let posting = Posting {
                        item,
                        locale,
                        weight: weight.min(u32::from(u16::MAX)) as u16,
                    };
                    found.push(((of_term[0] >> 32) as u32, posting));
                }
                let length = own.len() as u32;
                lengths.extend((before..found.len()).map(|_| length));
            }
        }
        let texts = pack.items.iter().flat_map(|item| &item.texts);
        for name in texts.filter_map(|text| text.category.last()) {
            each_term(name, |term| {
                if let Err(place) = lexicon
                    .sorts
                    .binary_search_by(|sort| sort.as_str().cmp(term))
                {
                    lexicon.sorts.insert(place, term.to_owned());
                }
            });
        }
        lexicon.weigh(&mut found, &lengths);
        lexicon.arrange(numbers, &found);
        lexicon
    }

    /// Turns occurrences into what they count.
    fn weigh(&self, found: &mut [(u32, Posting)], lengths: &[u32]) {
        let total: f32 = lengths.iter().map(|&length| length as f32).sum();
        let mean = total / lengths.len().max(1) as f32;
        for ((_, posting), &length) in found.iter_mut().zip(lengths) {
            let long = 1.0 - LENGTH + LENGTH * length as f32 / mean;
            let occurrences = f32::from(posting.weight);
            let counts = occurrences / (occurrences + SATURATION * long);
            posting.weight = (counts * 65_535.0) as u16;
        }
    }

    /// Puts postings behind their terms, and terms in order.
    fn arrange(&mut self, numbers: HashMap<String, u32>, found: &[(u32, Posting)]) {
        let mut terms: Vec<(String, u32)> = numbers.into_iter().collect();
        terms.sort_unstable();
        let mut rank = vec![0_u32; terms.len()];
        for (place, (_, number)) in (0..).zip(&terms) {
            rank[*number as usize] = place;
        }
        self.terms = terms.into_iter().map(|(term, _)| term).collect();
        let mut starts = vec![0_u32; self.terms.len() + 1];
        for (number, _) in found {
            starts[rank[*number as usize] as usize + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        let nothing = Posting {
            item: 0,
            locale: 0,
            weight: 0,
        };
        self.postings = vec![nothing; found.len()];
        for (number, posting) in found {
            let place = &mut next[rank[*number as usize] as usize];
            self.postings[*place as usize] = *posting;
            *place += 1;
        }
        self.starts = starts;
    }

    fn locale_number(&mut self, locale: &str) -> u16 {
        let known = self.locales.iter().position(|known| known == locale);
        let number = known.unwrap_or_else(|| {
            self.locales.push(locale.to_owned());
            self.locales.len() - 1
        });
        u16::try_from(number).unwrap_or(u16::MAX)
    }

    /// Number of a locale, or of another of the same language.
    pub fn locale(&self, locale: &str) -> Option<u16> {
        let same = self.locales.iter().position(|known| known == locale);
        let alike = || {
            self.locales
                .iter()
                .position(|known| same_language(known, locale))
        };
        Some(same.or_else(alike)? as u16)
    }

    /// How many words a query has.
    pub fn count(&self, query: &str) -> usize {
        query_terms(query).len()
    }

    /// The bits of a query's words that name a sort of thing: a narrowest category.
    pub fn sorts(&self, query: &str) -> u32 {
        let names = |word: &Word| {
            let names = |sort: &String| {
                let (long, short) = match sort.len() < word.text.len() {
                    true => (&word.text, sort),
                    false => (sort, &word.text),
                };
                let rest = long.strip_prefix(short.as_str());
                rest.is_some_and(|rest| rest.is_empty() || !word.is_cjk && rest.len() <= ENDING)
            };
            self.sorts.iter().any(names)
        };
        let words = query_terms(query).into_iter().zip(0..);
        words.fold(0, |bits, (word, place)| {
            bits | u32::from(names(&word)) << place
        })
    }

    /// A query's words whose bits `matched` lacks, as one would say them: of ideographs pairs that overlap are one word,
    /// and numbers are left out, which are prices and sizes more often than names.
    pub fn unmatched(&self, query: &str, matched: u32) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut before = None;
        for (place, word) in query_terms(query).into_iter().enumerate() {
            let is_number = word.text.chars().all(char::is_numeric);
            if matched >> place & 1 == 1 || is_number {
                continue;
            }
            let overlap = word.text.chars().next().filter(|_| word.is_cjk);
            match found.last_mut() {
                Some(last)
                    if overlap.is_some()
                        && before == place.checked_sub(1)
                        && last.chars().next_back() == overlap =>
                {
                    last.extend(word.text.chars().skip(1));
                }
                _ => found.push(word.text),
            }
            before = Some(place);
        }
        found
    }

    /// Items that match any word, in catalogue order.
    pub fn hits(&self, query: &str, locale: &str, synonyms: &[Vec<String>]) -> Vec<Hit> {
        let favour: Vec<f32> = self
            .locales
            .iter()
            .map(|known| {
                if same_language(known, locale) {
                    1.0
                } else {
                    OTHER_LANGUAGE
                }
            })
            .collect();
        // By item: words matched, score, of the slot at hand the best way's score, and the words' bits.
        let mut all = vec![(0.0_f32, 0.0_f32, 0.0_f32, 0_u32); self.item_count];
        let mut touched: Vec<u32> = Vec::new();
        let mut at = 0;
        for slot in self.slots(&query_terms(query), synonyms) {
            // There are 32 words at most.
            let bits = ((1_u64 << slot.words) - 1) << at;
            at += slot.words;
            let mut met: Vec<u32> = Vec::new();
            for (terms, counts) in &slot.ways {
                for (item, score) in self.having_all(terms, &favour) {
                    let (words, _, best, _) = &mut all[item as usize];
                    if *best == 0.0 {
                        met.push(item);
                        if *words == 0.0 {
                            touched.push(item);
                        }
                    }
                    // The mean of its terms for each word, so that ways of more words don't count more.
                    let mean = score / terms.len() as f32;
                    *best = best.max(counts * mean * slot.words as f32);
                }
            }
            for item in met {
                let (words, score, best, matched) = &mut all[item as usize];
                *words += slot.words as f32;
                *matched |= bits as u32;
                *score += *best;
                *best = 0.0;
            }
        }
        touched.sort_unstable();
        let hit = |item: u32| {
            let (words, score, _, matched) = all[item as usize];
            Hit {
                item,
                words,
                score,
                matched,
            }
        };
        touched.into_iter().map(hit).collect()
    }

    /// Items that have one of the terms of each list, with their scores, in catalogue order.
    fn having_all(&self, lists: &[Readings], favour: &[f32]) -> Vec<(u32, f32)> {
        let mut all: Vec<(u32, f32)> = Vec::new();
        for (place, terms) in lists.iter().enumerate() {
            let mut best: HashMap<u32, f32> = HashMap::new();
            for &(term, counts) in terms {
                let postings = self.postings_of(term);
                let frequency = postings.len() as f32;
                let rarity = (1.0 + self.item_count as f32 / frequency).ln();
                for posting in postings {
                    let favour = favour
                        .get(usize::from(posting.locale))
                        .copied()
                        .unwrap_or(1.0);
                    let score = counts * favour * rarity * (f32::from(posting.weight) / 65_535.0);
                    let own = best.entry(posting.item).or_default();
                    *own = own.max(score);
                }
            }
            if place == 0 {
                all = best.into_iter().collect();
            } else {
                all.retain_mut(|(item, score)| {
                    let more = best.get(item);
                    *score += more.copied().unwrap_or(0.0);
                    more.is_some()
                });
            }
        }
        all
    }

    fn postings_of(&self, term: u32) -> &[Posting] {
        let term = term as usize;
        let ends = (self.starts.get(term), self.starts.get(term + 1));
        match ends {
            (Some(&start), Some(&end)) => &self.postings[start as usize..end as usize],
            _ => &[],
        }
    }

    /// The query's words with all ways to read them.
    fn slots(&self, words: &[Word], synonyms: &[Vec<String>]) -> Vec<Slot> {
        let groups: Vec<Vec<Vec<Word>>> = synonyms
            .iter()
            .map(|group| group.iter().map(|entry| query_terms(entry)).collect())
            .collect();
        let mut slots = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let rest = &words[at..];
            // The longest synonym that the query goes on with.
            let mut length = 1;
            let mut others: Vec<&[Word]> = Vec::new();
            for group in &groups {
                for entry in group {
                    if entry.is_empty() || entry.len() < length || !begins_with(rest, entry) {
                        continue;
                    }
                    if entry.len() > length {
                        others.clear();
                    }
                    length = entry.len();
                    let same = |other: &&Vec<Word>| !begins_with(rest, other);
                    others.extend(group.iter().filter(same).map(Vec::as_slice));
                }
            }
            let own = rest[..length].iter().map(|word| self.readings(word));
            let mut ways = vec![(own.collect(), 1.0)];
            for other in others {
                let terms = other.iter().map(|word| self.exactly(&word.text));
                ways.push((terms.collect(), SYNONYM));
            }
            slots.push(Slot {
                words: length,
                ways,
            });
            at += length;
        }
        slots
    }

    fn exactly(&self, word: &str) -> Readings {
        let found = self.terms.binary_search_by(|term| term.as_str().cmp(word));
        found.map_or(Vec::new(), |term| vec![(term as u32, 1.0)])
    }

    /// Terms that a word may mean, with what each counts: itself, those that it begins, or, where there are none, those
    /// that differ by a few letters.
    fn readings(&self, word: &Word) -> Readings {
        let mut found = self.exactly(&word.text);
        if word.may_go_on {
            let start = self.terms.partition_point(|term| *term < word.text);
            let longer = self.terms[start..]
                .iter()
                .take_while(|term| term.starts_with(&word.text));
            for (place, term) in longer.enumerate() {
                if *term != word.text {
                    found.push(((start + place) as u32, BEGINNING));
                }
            }
        }
        if found.is_empty() && !word.is_cjk {
            let most = match word.text.chars().count() {
                0..4 => return found,
                4..8 => 1,
                _ => 2,
            };
            let alike = near(&self.terms, &word.text, most).into_iter();
            found.extend(alike.map(|(term, edits)| {
                let counts = MISSPELT.get(usize::from(edits)).copied().unwrap_or(0.0);
                (term as u32, counts)
            }));
        }
        found
    }
}

fn begins_with(words: &[Word], entry: &[Word]) -> bool {
    words.len() >= entry.len() && words.iter().zip(entry).all(|(a, b)| a.text == b.text)
}

fn fields<'a>(text: &'a ItemText, brand: &'a str) -> impl Iterator<Item = (u16, &'a str)> {
    let categories = text.category.iter().map(String::as_str);
    let attributes = text.attributes.iter().map(|(_, value)| value.as_str());
    let labels = categories.chain(attributes).chain([brand]);
    [
        (TITLE, text.title.as_str()),
        (DESCRIPTION, text.description.as_str()),
    ]
    .into_iter()
    .chain(labels.map(|label| (LABEL, label)))
}

/// Whether two locales are of one language, as `zh` and `zh-Hans-CN`.
fn same_language(a: &str, b: &str) -> bool {
    language(a).eq_ignore_ascii_case(language(b))
}

/// `zh` of `zh-Hans-CN`.
fn language(locale: &str) -> &str {
    locale.split(['-', '_']).next().unwrap_or(locale)
}
