//! Words that fill slots: the shops' common ones in both languages, and the catalogue's own names.

use super::{Proposal, SlotName};
use crate::normalise::{Kind, Token, tokens};
use nearshelf_text::fold;
use std::collections::HashMap;

/// `value<TAB>what is said for it, separated by commas`.
const VALUES: &[(SlotName, &str)] = &[
    (SlotName::Colour, include_str!("words/colours.tsv")),
    (SlotName::Material, include_str!("words/materials.tsv")),
    (SlotName::Occasion, include_str!("words/occasions.tsv")),
    (SlotName::Comparison, include_str!("words/comparisons.tsv")),
];
/// Things that shops sell, separated by commas; `chair=椅子` says that both are the same, `sofa=couch=沙发` that all are.
const PRODUCTS: &str = include_str!("words/products.txt");
/// Tokens of the longest name.
const MOST_TOKENS: usize = 6;

/// What is written, and what it fills.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// By the texts of its tokens, joined by spaces.
    entries: HashMap<String, Vec<(SlotName, String)>>,
}

impl Lexicon {
    /// The common words.
    #[must_use]
    pub fn common() -> Self {
        let mut lexicon = Self::default();
        for (slot, list) in VALUES {
            for (value, said) in list.lines().filter_map(|line| line.split_once('\t')) {
                for said in said.split(',').chain([value]) {
                    lexicon.add(*slot, said, value);
                }
            }
        }
        for names in PRODUCTS
            .split([',', '\n'])
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            for name in names.split('=') {
                lexicon.add(SlotName::ProductType, name, name);
            }
        }
        lexicon
    }

    /// Adds what the catalogue says, in its own spelling.
    pub fn add(&mut self, slot: SlotName, said: &str, value: &str) {
        let tokens = tokens(said.trim());
        if tokens.is_empty() || tokens.len() > MOST_TOKENS {
            return;
        }
        let values = self.entries.entry(key(&tokens)).or_default();
        if !values.iter().any(|(known, _)| *known == slot) {
            values.push((slot, value.to_owned()));
        }
    }

    /// The longest name that begins at each token, for each slot; of overlapping ones of one slot the first.
    pub(super) fn proposals(&self, tokens: &[Token]) -> Vec<Proposal> {
        let mut found: Vec<Proposal> = Vec::new();
        let mut free: HashMap<SlotName, usize> = HashMap::new();
        for start in 0..tokens.len() {
            for length in (1..=MOST_TOKENS.min(tokens.len() - start)).rev() {
                for (slot, value) in self.find(&tokens[start..start + length]) {
                    let free = free.entry(*slot).or_default();
                    if *free <= start {
                        *free = start + length;
                        found.push(Proposal {
                            name: *slot,
                            start,
                            end: start + length,
                            value: Some(value.clone()),
                        });
                    }
                }
            }
        }
        found
    }

    fn find(&self, tokens: &[Token]) -> &[(SlotName, String)] {
        let key = key(tokens);
        if let Some(found) = self.entries.get(&key) {
            return found;
        }
        // Of words, the plural of a name, too.
        let plural = tokens
            .last()
            .is_some_and(|token| token.kind == Kind::Word && token.text.len() > 3);
        let singular = plural.then(|| singulars(&key)).into_iter().flatten();
        singular
            .into_iter()
            .find_map(|key| self.entries.get(&key))
            .map_or(&[], Vec::as_slice)
    }

    /// What is said for a value that a list has, its own name included: for looking it up in texts.
    #[must_use]
    pub fn synonyms(&self, slot: SlotName, value: &str) -> Vec<&str> {
        let same = |(key, values): (&'_ String, &Vec<(SlotName, String)>)| {
            values
                .iter()
                .any(|(name, known)| *name == slot && known == value)
                .then_some(key.len())
        };
        let mut found: Vec<&str> = self
            .entries
            .iter()
            .filter(|entry| same(*entry).is_some())
            .map(|(key, _)| key.as_str())
            .collect();
        found.sort_unstable();
        found
    }

    /// What else a product is called, in either language: the other names of every group with its folded name.
    #[must_use]
    pub fn counterparts(name: &str) -> Vec<&'static str> {
        let groups = PRODUCTS.split([',', '\n']).map(str::trim);
        let same = groups.filter(|group| group.split('=').any(|other| fold(other) == name));
        same.flat_map(|group| group.split('='))
            .filter(|other| fold(other) != name)
            .collect()
    }
}

fn key(tokens: &[Token]) -> String {
    let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    texts.join(" ")
}

/// What a plural may be of; too many are no harm, as each must be a known name.
pub(crate) fn singulars(word: &str) -> Vec<String> {
    let ends = [
        ("ies", "y"),
        ("ves", "fe"),
        ("ves", "f"),
        ("es", ""),
        ("s", ""),
    ];
    ends.iter()
        .filter_map(|(end, instead)| Some(format!("{}{instead}", word.strip_suffix(end)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::clean;

    fn found(text: &str) -> Vec<(SlotName, String)> {
        let proposals = Lexicon::common().proposals(&tokens(&clean(text)));
        proposals
            .into_iter()
            .filter_map(|p| Some((p.name, p.value?)))
            .collect()
    }

    #[test]
    fn both_languages_mean_the_same_colour() {
        assert!(found("a red dress").contains(&(SlotName::Colour, "red".into())));
        assert!(found("红色的连衣裙").contains(&(SlotName::Colour, "red".into())));
        assert!(found("紅色").contains(&(SlotName::Colour, "red".into())));
    }

    #[test]
    fn the_longest_name_is_taken_and_plurals_are_known() {
        assert_eq!(
            found("desk lamps"),
            [(SlotName::ProductType, "desk lamp".into())]
        );
        assert_eq!(found("knives"), [(SlotName::ProductType, "knife".into())]);
        assert_eq!(found("ordinary words"), []);
    }

    #[test]
    fn the_catalogue_adds_its_names() {
        let mut lexicon = Lexicon::common();
        lexicon.add(SlotName::Brand, "Tansy & Co", "Tansy & Co");
        let proposals = lexicon.proposals(&tokens("mugs of tansy & co"));
        assert!(
            proposals
                .iter()
                .any(|p| p.name == SlotName::Brand && (p.start, p.end) == (2, 5))
        );
        lexicon.add(SlotName::Brand, "", "");
        lexicon.add(SlotName::Brand, "one two three four five six seven", "long");
    }

    #[test]
    fn counterparts_are_of_either_language() {
        assert!(Lexicon::counterparts("dress").contains(&"连衣裙"));
        assert!(Lexicon::counterparts("t恤").contains(&"tee"));
        assert!(Lexicon::counterparts("jumper").contains(&"sweater"));
        assert!(Lexicon::counterparts("nothing").is_empty());
    }
}
