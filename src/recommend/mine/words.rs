//! Items whose texts share words: what speaks for an item before anybody has done anything with it.
//!
//! The cosine of two texts' vectors of words and of pairs of neighbouring words. A word weighs the square of its inverse
//! document frequency (Spärck Jones 1972), a pair half of that: what stands in few texts tells most. Everything comes from the
//! catalogue; no log and no model has a part in it.

use std::collections::HashMap;
use std::ops::Range;
use std::thread;

use nearshelf_catalogue::{Item, ItemTable, Neighbour};

use super::NeighbourLists;
use super::parts::in_parts;
use super::product::keep_strongest;
use crate::search::each_run;
use crate::text::item_text;

/// What a pair of words weighs beside a word as rare.
const PAIR: f32 = 0.5;

/// Texts that one item's text is compared with, those that share its rarest words first: a bound of the time that catalogues
/// of a million items take.
const MOST_LOOKS: usize = 10_000;

/// Most words and pairs of one text that count.
const MOST_TERMS: usize = 256;

/// For each item the `top_k` whose texts are most alike, by their cosine, in `(0, 1]`. Equal catalogues give equal lists, on any
/// number of threads.
pub fn alike_in_words(items: &ItemTable, top_k: usize) -> NeighbourLists {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    alike_on(threads, items.as_slice(), top_k)
}

fn alike_on(threads: usize, items: &[Item], top_k: usize) -> NeighbourLists {
    let texts = Texts::new(items);
    let found = in_parts(threads, 0..items.len(), |part: Range<usize>| {
        let mut sums = vec![0.0_f32; items.len()];
        part.map(|item| texts.alike(item as u32, top_k, &mut sums))
            .collect::<Vec<_>>()
    });
    found.into_iter().flatten().collect()
}

/// A catalogue's texts by their terms, and its terms by the texts that they stand in.
struct Texts {
    /// By item: its terms, rarest first, and what each weighs in the text's vector of length 1.
    terms: Vec<Vec<(u32, f32)>>,
    /// By term: the items, and what it weighs in each.
    items: Vec<Vec<(u32, f32)>>,
}

impl Texts {
    fn new(items: &[Item]) -> Self {
        let mut numbers = HashMap::new();
        let mut pairs: Vec<bool> = Vec::new();
        let mut counts: Vec<u32> = Vec::new();
        let mut terms: Vec<Vec<(u32, f32)>> = Vec::with_capacity(items.len());
        for item in items {
            let mut of_item: Vec<u32> = Vec::new();
            each_term(&item_text(item), |term, is_pair| {
                if of_item.len() >= MOST_TERMS {
                    return;
                }
                let known = numbers.get(term).copied();
                let number = known.unwrap_or_else(|| {
                    numbers.insert(term.to_owned(), pairs.len() as u32);
                    pairs.push(is_pair);
                    counts.push(0);
                    pairs.len() as u32 - 1
                });
                of_item.push(number);
            });
            of_item.sort_unstable();
            of_item.dedup();
            of_item.iter().for_each(|&term| counts[term as usize] += 1);
            terms.push(of_item.into_iter().map(|term| (term, 0.0)).collect());
        }
        drop(numbers);
        let count = items.len() as f32;
        let weight = |term: u32| {
            let rarity = (count / counts[term as usize] as f32).ln();
            let kind = if pairs[term as usize] { PAIR } else { 1.0 };
            kind * rarity * rarity
        };
        // A term of one text alone is of no use to find others by.
        let mut by_term: Vec<Vec<(u32, f32)>> = counts
            .iter()
            .map(|&count| Vec::with_capacity(if count > 1 { count as usize } else { 0 }))
            .collect();
        for (of_item, item) in terms.iter_mut().zip(0..) {
            let squares = of_item.iter().map(|&(term, _)| weight(term).powi(2));
            let length = squares.sum::<f32>().sqrt();
            of_item.retain_mut(|(term, weighs)| {
                *weighs = weight(*term) / length;
                counts[*term as usize] > 1 && weighs.is_finite() && *weighs > 0.0
            });
            of_item.sort_by_key(|&(term, _)| counts[term as usize]);
            for &(term, weighs) in of_item.iter() {
                by_term[term as usize].push((item, weighs));
            }
        }
        Self {
            terms,
            items: by_term,
        }
    }

    /// The items most alike.
    ///
    /// - `sums`: a zero each item, and so again when this returns
    fn alike(&self, item: u32, top_k: usize, sums: &mut [f32]) -> Vec<Neighbour> {
        let mut looks = 0;
        let mut touched: Vec<u32> = Vec::new();
        for &(term, own) in &self.terms[item as usize] {
            let others = &self.items[term as usize];
            looks += others.len();
            if looks > MOST_LOOKS {
                break;
            }
            for &(other, weighs) in others {
                let sum = &mut sums[other as usize];
                if *sum == 0.0 {
                    touched.push(other);
                }
                *sum += own * weighs;
            }
        }
        let mut list: Vec<Neighbour> = Vec::new();
        for other in touched {
            let weight = std::mem::take(&mut sums[other as usize]).min(1.0);
            if other != item && weight > 0.0 {
                list.push(Neighbour {
                    item: other,
                    weight,
                });
            }
        }
        keep_strongest(&mut list, top_k);
        list.shrink_to_fit();
        list
    }
}

/// Each word of a text and each pair of neighbouring words, in order; among ideographs each pair of neighbouring characters
/// is a word, and so is a single one.
fn each_term(text: &str, mut term: impl FnMut(&str, bool)) {
    let mut before = String::new();
    each_run(text, |run, is_cjk| {
        if is_cjk {
            let letters: Vec<char> = run.chars().collect();
            for pair in letters.windows(letters.len().min(2)) {
                term(&pair.iter().collect::<String>(), false);
            }
            before.clear();
            return;
        }
        term(run, false);
        if !before.is_empty() {
            before.push(' ');
            before.push_str(run);
            term(&before, true);
        }
        before.clear();
        before.push_str(run);
    });
}

#[cfg(test)]
mod tests;
