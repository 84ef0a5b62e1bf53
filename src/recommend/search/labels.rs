//! What results can be narrowed by: brand, category and attributes, with how many results have each.

use std::collections::HashMap;

use nearshelf_catalogue::Pack;
use serde::Serialize;

use crate::order::best;

/// Values of one facet that are told; nobody reads more.
const MOST_VALUES: usize = 20;

/// Values that results have of one kind, most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facet {
    /// `brand`, `category`, or the attribute's name.
    pub name: String,
    /// Whether the name is an attribute's.
    pub attribute: bool,
    /// Values with the number of results that have them; categories as their names joined by ` > `.
    pub values: Vec<(String, u32)>,
}

/// Which label an item can have.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Label {
    /// Number of the locale; brands have that of the text which they stand beside.
    locale: u16,
    /// 0 brand, 1 category, 2 attribute.
    kind: u8,
    /// The attribute's name; empty for the others.
    name: String,
    value: String,
}

/// Labels of all items.
#[derive(Debug, Default)]
pub(super) struct Labels {
    labels: Vec<Label>,
    /// By item: numbers of its labels.
    of_item: Vec<Vec<u32>>,
}

impl Labels {
    /// Reads all items; `number` gives a locale's.
    pub fn new(pack: &Pack, number: impl Fn(&str) -> u16) -> Self {
        let mut known: HashMap<Label, u32> = HashMap::new();
        let mut labels = Self::default();
        for item in pack.items.iter() {
            let mut own = Vec::new();
            for text in &item.texts {
                let locale = number(&text.locale);
                let mut add = |kind, name: &str, value: String| {
                    if value.is_empty() {
                        return;
                    }
                    let label = Label {
                        locale,
                        kind,
                        name: name.to_owned(),
                        value,
                    };
                    let next = labels.labels.len() as u32;
                    let label = known.entry(label).or_insert_with_key(|label| {
                        labels.labels.push(label.clone());
                        next
                    });
                    own.push(*label);
                };
                add(0, "", item.brand.clone());
                for depth in 1..=text.category.len() {
                    add(1, "", text.category[..depth].join(" > "));
                }
                for (name, value) in &text.attributes {
                    add(2, name, value.clone());
                }
            }
            labels.of_item.push(own);
        }
        labels
    }

    /// Facets of some items in one locale, brand and category first, then the attributes that most of them have.
    /// Values that all of them share narrow nothing and are left out.
    pub fn facets(&self, items: &[u32], locale: u16) -> Vec<Facet> {
        let mut counts = vec![0_u32; self.labels.len()];
        for &item in items {
            for &label in self.of_item.get(item as usize).into_iter().flatten() {
                counts[label as usize] += 1;
            }
        }
        let all = items.len() as u32;
        let told = |&label: &u32| {
            let count = counts[label as usize];
            count > 0 && count < all && self.labels[label as usize].locale == locale
        };
        let frequent = best(
            (0..self.labels.len() as u32)
                .filter(told)
                .map(|label| (counts[label as usize] as f32, label)),
            usize::MAX,
        );
        let mut facets: Vec<(u8, Facet)> = Vec::new();
        for label in frequent {
            let Label {
                kind, name, value, ..
            } = &self.labels[label as usize];
            let value = (value.clone(), counts[label as usize]);
            let same = facets
                .iter_mut()
                .find(|(own, facet)| own == kind && (*kind < 2 || facet.name == *name));
            match same {
                Some((_, facet)) if facet.values.len() < MOST_VALUES => facet.values.push(value),
                Some(_) => {}
                None => {
                    let name = match kind {
                        0 => "brand",
                        1 => "category",
                        _ => name.as_str(),
                    };
                    let facet = Facet {
                        name: name.to_owned(),
                        attribute: *kind == 2,
                        values: vec![value],
                    };
                    facets.push((*kind, facet));
                }
            }
        }
        // Brand, category, then attributes in order of their most frequent value.
        let mut ordered = Vec::new();
        for kind in 0..3 {
            ordered.extend(
                facets
                    .iter()
                    .filter(|(own, _)| *own == kind)
                    .map(|(_, facet)| facet.clone()),
            );
        }
        ordered
    }
}
