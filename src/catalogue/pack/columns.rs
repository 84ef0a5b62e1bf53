//! The item table as a chunk stores it: column by column, repeated words once.

use crate::{Availability, Item, ItemText, Money, item::MAX_CATEGORY_LEVELS};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run of items.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct ItemColumns {
    pub first: u32,
    ids: Vec<String>,
    /// Brands, groups, locales, category names, attribute names and values: each once.
    words: Vec<String>,
    /// Word number + 1, or 0 for none.
    groups: Vec<u32>,
    brands: Vec<u32>,
    availability: Vec<u8>,
    /// Currency of each item's prices, as a word + 1.
    currencies: Vec<u32>,
    prices: Vec<Option<i64>>,
    sale_prices: Vec<Option<i64>>,
    images: Vec<String>,
    links: Vec<String>,
    /// Texts an item.
    text_counts: Vec<u32>,
    text_locales: Vec<u32>,
    titles: Vec<String>,
    descriptions: Vec<String>,
    categories: Vec<Vec<u32>>,
    attributes: Vec<Vec<(u32, u32)>>,
}

#[derive(Default)]
struct Words {
    numbers: BTreeMap<String, u32>,
    list: Vec<String>,
}

impl Words {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = self.list.len() as u32;
        self.numbers.insert(word.to_owned(), number);
        self.list.push(word.to_owned());
        number
    }
}

impl ItemColumns {
    /// Columns of `items`, the first of which is number `first`.
    pub fn new(first: u32, items: &[&Item]) -> Self {
        let mut words = Words::default();
        let mut columns = Self {
            first,
            ..Self::default()
        };
        for item in items {
            columns.ids.push(item.id.clone());
            columns.groups.push(
                item.group_id
                    .as_deref()
                    .map_or(0, |group| words.number(group) + 1),
            );
            columns.brands.push(words.number(&item.brand));
            columns.availability.push(item.availability as u8);
            // One currency an item: readers report a sale price in another, and nobody could compare them.
            let money = item.price.or(item.sale_price);
            let sale_price = item
                .sale_price
                .filter(|sale| money.is_some_and(|money| money.currency == sale.currency));
            columns
                .currencies
                .push(money.map_or(0, |money| words.number(money.currency_code()) + 1));
            columns
                .prices
                .push(item.price.map(|price| price.minor_units));
            columns
                .sale_prices
                .push(sale_price.map(|price| price.minor_units));
            columns.images.push(item.image.clone());
            columns.links.push(item.link.clone());
            columns.text_counts.push(item.texts.len() as u32);
            for text in &item.texts {
                columns.text_locales.push(words.number(&text.locale));
                columns.titles.push(text.title.clone());
                columns.descriptions.push(text.description.clone());
                columns.categories.push(
                    text.category
                        .iter()
                        .map(|name| words.number(name))
                        .collect(),
                );
                let pairs = text.attributes.iter();
                columns.attributes.push(
                    pairs
                        .map(|(n, v)| (words.number(n), words.number(v)))
                        .collect(),
                );
            }
        }
        columns.words = words.list;
        columns
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The items again; an error says which column is wrong.
    ///
    /// - `budget_bytes`: how much longer repeated words may become by being written out; what is used is taken off
    pub fn into_items(self, budget_bytes: &mut u64) -> Result<Vec<Item>, String> {
        let n = self.ids.len();
        let texts: u64 = self.text_counts.iter().map(|&count| u64::from(count)).sum();
        let item_columns = [
            self.groups.len(),
            self.brands.len(),
            self.availability.len(),
            self.currencies.len(),
            self.prices.len(),
            self.sale_prices.len(),
            self.images.len(),
            self.links.len(),
            self.text_counts.len(),
        ];
        let text_columns = [
            self.text_locales.len(),
            self.titles.len(),
            self.descriptions.len(),
            self.categories.len(),
            self.attributes.len(),
        ];
        if item_columns.iter().any(|&length| length != n)
            || text_columns.iter().any(|&length| length as u64 != texts)
        {
            return Err("item columns differ in length".to_owned());
        }
        let words = self.words;
        let mut word = |number: u32| {
            let word = words.get(number as usize).ok_or("a word is missing")?;
            let cost = (word.len() + size_of::<String>()) as u64;
            *budget_bytes = budget_bytes
                .checked_sub(cost)
                .ok_or("words are repeated beyond measure")?;
            Ok::<_, &str>(word.clone())
        };
        let mut text_parts = self
            .text_locales
            .into_iter()
            .zip(self.titles)
            .zip(self.descriptions)
            .zip(self.categories.into_iter().zip(self.attributes));
        let mut items = Vec::with_capacity(n);
        let rows = self
            .ids
            .into_iter()
            .zip(self.images)
            .zip(self.links)
            .enumerate();
        for (row, ((id, image), link)) in rows {
            let currency = match self.currencies[row] {
                0 => None,
                number => Some(currency(&word(number - 1)?)?),
            };
            let money = |units: Option<i64>| {
                units.zip(currency).map(|(minor_units, currency)| Money {
                    minor_units,
                    currency,
                })
            };
            let mut texts = Vec::new();
            for (((locale, title), description), (category, attributes)) in
                text_parts.by_ref().take(self.text_counts[row] as usize)
            {
                if category.len() > MAX_CATEGORY_LEVELS {
                    return Err(too_deep(category.len()));
                }
                let category = category
                    .into_iter()
                    .map(&mut word)
                    .collect::<Result<_, _>>()?;
                let pairs = attributes
                    .into_iter()
                    .map(|(name, value)| Ok::<_, &str>((word(name)?, word(value)?)))
                    .collect::<Result<_, _>>()?;
                texts.push(ItemText {
                    locale: word(locale)?,
                    title,
                    description,
                    category,
                    attributes: pairs,
                });
            }
            items.push(Item {
                id,
                group_id: match self.groups[row] {
                    0 => None,
                    number => Some(word(number - 1)?),
                },
                brand: word(self.brands[row])?,
                price: money(self.prices[row]),
                sale_price: money(self.sale_prices[row]),
                availability: availability(self.availability[row])?,
                image,
                link,
                texts,
            });
        }
        Ok(items)
    }
}

/// Says that a category has too many levels.
pub(super) fn too_deep(levels: usize) -> String {
    format!("a category has {levels} levels, at most {MAX_CATEGORY_LEVELS}")
}

fn currency(code: &str) -> Result<[u8; 3], String> {
    match <[u8; 3]>::try_from(code.as_bytes()) {
        Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(code),
        _ => Err(format!("{code:?} is no currency")),
    }
}

fn availability(code: u8) -> Result<Availability, String> {
    match code {
        0 => Ok(Availability::InStock),
        1 => Ok(Availability::OutOfStock),
        2 => Ok(Availability::PreOrder),
        3 => Ok(Availability::BackOrder),
        _ => Err(format!("availability {code} is unknown")),
    }
}
