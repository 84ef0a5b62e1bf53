//! The catalogue as the assistant knows it: what words name in it, and which items meet a wish.

mod words;

use crate::audience::Audience;
use crate::slots::{Lexicon, SlotName};
use crate::wish::{Bound, Want, Wish};
use nearshelf_text::fold;
use serde::Deserialize;
use words::Phrase;
pub(crate) use words::canonical;

/// An item in one locale, as the page tells it.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemText {
    /// Its number; texts of one item in several locales have the same.
    pub index: u32,
    /// Name.
    pub title: String,
    /// Maker; may be empty.
    #[serde(default)]
    pub brand: String,
    /// From the widest to the narrowest.
    #[serde(default)]
    pub category: Vec<String>,
    /// Name and value.
    #[serde(default)]
    pub attributes: Vec<(String, String)>,
    /// In major units, as people say it.
    #[serde(default)]
    pub price: Option<f64>,
    /// ISO 4217.
    #[serde(default)]
    pub currency: Option<String>,
    /// Whether it can be had at once.
    #[serde(default)]
    pub in_stock: bool,
}

/// An item's texts in all locales, for looking words up.
#[derive(Debug, Clone, Default)]
struct Entry {
    index: u32,
    /// Titles and narrowest categories.
    names: String,
    /// Names, wider categories, attributes.
    labels: String,
    brand: String,
    price: Option<f64>,
    currency: Option<String>,
    in_stock: bool,
    audience: Option<Audience>,
}

/// Every item, and the lexicon with the catalogue's own names.
#[derive(Debug, Clone)]
pub struct Catalogue {
    entries: Vec<Entry>,
    lexicon: Lexicon,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            lexicon: Lexicon::common(),
        }
    }
}

/// What meets a wish.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Item numbers, best first.
    pub items: Vec<u32>,
    /// What had to be given up to find any.
    pub given_up: Vec<SlotName>,
}

impl Catalogue {
    /// Reads items' texts.
    #[must_use]
    pub fn new(texts: &[ItemText]) -> Self {
        let mut catalogue = Self::default();
        for text in texts {
            catalogue.name(text);
            let place = catalogue
                .entries
                .binary_search_by_key(&text.index, |entry| entry.index);
            let at = place.unwrap_or_else(|at| {
                catalogue.entries.insert(
                    at,
                    Entry {
                        index: text.index,
                        ..Entry::default()
                    },
                );
                at
            });
            let entry = &mut catalogue.entries[at];
            entry.names.push_str(&canonical(&text.title));
            let mut categories = text.category.iter().rev().map(|name| canonical(name));
            entry.names.push_str(&categories.next().unwrap_or_default());
            entry.labels.extend(categories);
            entry
                .labels
                .extend(text.attributes.iter().map(|(_, value)| canonical(value)));
            entry.brand = canonical(&text.brand);
            entry.price = text.price.filter(|price| price.is_finite());
            entry.currency.clone_from(&text.currency);
            entry.in_stock |= text.in_stock;
        }
        for entry in &mut catalogue.entries {
            entry.labels.push_str(&entry.names);
            entry.audience = Audience::of_item(&entry.labels);
        }
        catalogue
    }

    /// Adds an item's brand, category and attribute values to the lexicon.
    fn name(&mut self, text: &ItemText) {
        self.lexicon.add(SlotName::Brand, &text.brand, &text.brand);
        if let Some(category) = text.category.last() {
            self.lexicon.add(SlotName::ProductType, category, category);
        }
        for (name, value) in &text.attributes {
            let name = canonical(name);
            let slot = match name.trim() {
                "colour" | "color" | "颜 色" => SlotName::Colour,
                "material" | "材 质" | "面 料" | "材 料" => SlotName::Material,
                "size" | "尺 码" | "尺 寸" => SlotName::Size,
                _ => continue,
            };
            // Where the common list knows the word, its value is the one that both languages share.
            self.lexicon.add(slot, value, &fold(value));
        }
    }

    /// Words that fill slots.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The price of an item in major units, if it has one.
    #[must_use]
    pub fn price(&self, item: u32) -> Option<f64> {
        let place = self
            .entries
            .binary_search_by_key(&item, |entry| entry.index)
            .ok()?;
        self.entries[place].price
    }

    /// Items that meet a wish, at most `limit`. Where none does, the least telling of what is wanted is given up
    /// until some do; what is ruled out and what bounds the price never is. What is for others than the wish's is left out unless
    /// there is nothing else. A wish for nothing finds nothing.
    #[must_use]
    pub fn find(&self, wish: &Wish, limit: usize) -> Found {
        let found = self.find_for(wish.audience, wish, limit);
        match (found.items.is_empty(), wish.audience) {
            (true, Some(_)) => self.find_for(None, wish, limit),
            _ => found,
        }
    }

    fn find_for(&self, audience: Option<Audience>, wish: &Wish, limit: usize) -> Found {
        let mut wants: Vec<Test> = wish.wants.iter().map(|want| self.test(want)).collect();
        let mut given_up = Vec::new();
        if wish.is_empty() {
            return Found::default();
        }
        loop {
            let items = self.matching(&wants, wish, audience, limit);
            if !items.is_empty() {
                return Found { items, given_up };
            }
            let least = wants
                .iter()
                .filter(|test| !test.negated)
                .map(|test| test.slot)
                .max_by_key(|slot| least_telling(*slot));
            let Some(slot) = least.filter(|_| wants.len() > 1) else {
                break;
            };
            wants.retain(|test| test.negated || test.slot != slot);
            given_up.push(slot);
            if wants.is_empty() {
                break;
            }
        }
        Found {
            items: Vec::new(),
            given_up: Vec::new(),
        }
    }

    fn test(&self, want: &Want) -> Test {
        let mut said: Vec<String> = vec![want.value.clone()];
        match want.slot {
            SlotName::ProductType => {
                said.extend(Audience::cut(&want.value).map(str::to_owned));
                let others: Vec<&str> = said
                    .iter()
                    .flat_map(|name| {
                        let others = Lexicon::counterparts(&fold(name)).into_iter();
                        others.chain(counterparts_of_singular(name))
                    })
                    .collect();
                said.extend(others.into_iter().map(str::to_owned));
            }
            SlotName::Colour | SlotName::Material | SlotName::Occasion => said.extend(
                self.lexicon
                    .synonyms(want.slot, &want.value)
                    .into_iter()
                    .map(str::to_owned),
            ),
            _ => {}
        }
        Test {
            slot: want.slot,
            negated: want.negated,
            phrases: said.iter().filter_map(|said| Phrase::new(said)).collect(),
            kind: kind(want).and_then(Phrase::new),
        }
    }

    fn matching(
        &self,
        tests: &[Test],
        wish: &Wish,
        audience: Option<Audience>,
        limit: usize,
    ) -> Vec<u32> {
        let mut found: Vec<(f64, usize)> = Vec::new();
        for (place, entry) in self.entries.iter().enumerate() {
            let bounded = |bound: &Bound| bound.holds(entry.price, entry.currency.as_deref());
            let for_others = audience.is_some_and(|of| entry.audience.is_some_and(|has| has != of));
            if for_others || !wish.bounds.iter().all(bounded) {
                continue;
            }
            let scores: Option<Vec<f64>> = tests.iter().map(|test| test.score(entry)).collect();
            let Some(scores) = scores else { continue };
            let rank = if wish.cheapest_first {
                -entry.price.unwrap_or(f64::MAX)
            } else {
                scores.iter().sum::<f64>() + f64::from(u8::from(entry.in_stock))
            };
            found.push((rank, place));
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found
            .iter()
            .take(limit)
            .map(|(_, place)| self.entries[*place].index)
            .collect()
    }
}

/// Kinds that Chinese says with 子, and whose names end without it: 连衣裙 and 半身裙 are 裙子. Of others that would
/// be wrong: 墨镜 is no 镜子.
const KINDS: &[&str] = &["裙", "裤", "鞋", "帽", "袜", "靴", "杯", "柜", "椅", "桌"];

/// What names of a kind end with.
fn kind(want: &Want) -> Option<&str> {
    let stem = want.value.strip_suffix('子')?;
    (want.slot == SlotName::ProductType && KINDS.contains(&stem)).then_some(stem)
}

fn counterparts_of_singular(name: &str) -> Vec<&'static str> {
    crate::slots::singulars(&fold(name))
        .iter()
        .flat_map(|name| Lexicon::counterparts(name))
        .collect()
}

/// The larger, the sooner it is given up.
fn least_telling(slot: SlotName) -> u8 {
    match slot {
        SlotName::Occasion => 6,
        SlotName::Size => 5,
        SlotName::Material => 4,
        SlotName::Brand => 3,
        SlotName::Colour => 2,
        _ => 0,
    }
}

/// A want, ready to be looked for.
struct Test {
    slot: SlotName,
    negated: bool,
    phrases: Vec<Phrase>,
    /// What a name of the kind ends with.
    kind: Option<Phrase>,
}

impl Test {
    /// How well an item meets it; `None` where it doesn't.
    fn score(&self, entry: &Entry) -> Option<f64> {
        let place = match self.slot {
            SlotName::Brand => &entry.brand,
            SlotName::ProductType if !self.negated => &entry.names,
            _ => &entry.labels,
        };
        let hit = self
            .phrases
            .iter()
            .filter_map(|phrase| phrase.found_in(place))
            .fold(None, |best: Option<f64>, score| {
                Some(best.map_or(score, |best| best.max(score)))
            });
        let of_kind = || self.kind.as_ref().filter(|kind| kind.ends_a_name_of(place));
        let hit = hit.or_else(|| of_kind().map(|_| 0.0));
        match (hit, self.negated) {
            (Some(score), false) => Some(1.0 + score),
            (None, true) => Some(0.0),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
