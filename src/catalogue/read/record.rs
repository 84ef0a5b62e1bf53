//! One row on its way to becoming an item: fields by name, problems by column.

use super::{
    ReadOptions, RowProblem, RowProblems,
    locale::{canonical, is_locale},
};
use crate::{Availability, Item, ItemText, Money, item::MAX_CATEGORY_LEVELS};
use std::collections::{BTreeMap, HashSet};

/// Longest value that is kept, in bytes; longer ones are cut at a character.
const MAX_FIELD_BYTES: usize = 20_000;
/// Longest id, in bytes.
const MAX_ID_BYTES: usize = 200;
/// Characters of a value that a problem shows.
const EXCERPT_CHARS: usize = 40;

/// Plain text: no control characters but line breaks as spaces, trimmed, cut at the longest kept length.
pub(super) fn clean(text: &str) -> String {
    let mut plain: String = text
        .chars()
        .map(|c| {
            if matches!(c, '\n' | '\r' | '\t') {
                ' '
            } else {
                c
            }
        })
        .filter(|c| !c.is_control() && !is_bidi_override(*c))
        .collect();
    if plain.len() > MAX_FIELD_BYTES {
        let cut = (0..=MAX_FIELD_BYTES)
            .rev()
            .find(|&at| plain.is_char_boundary(at))
            .unwrap_or(0);
        plain.truncate(cut);
    }
    plain.trim().to_owned()
}

/// Marks that make text read in another order than it is stored.
fn is_bidi_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT_CHARS).collect()
}

/// A row's fields by lower-case name.
pub(super) struct Record<'a> {
    pub line: u64,
    pub fields: BTreeMap<String, String>,
    pub problems: &'a mut RowProblems,
    pub options: &'a ReadOptions,
}

impl Record<'_> {
    /// The first of `names` that has a value, cleaned.
    pub fn get(&self, names: &[&str]) -> Option<String> {
        let values = names.iter().filter_map(|name| self.fields.get(*name));
        values
            .map(|value| clean(value))
            .find(|value| !value.is_empty())
    }

    /// Reports a row or a value that is left out.
    pub fn problem(&mut self, column: &str, reason: String, value: &str, row_rejected: bool) {
        let (line, column, excerpt) = (self.line, column.to_owned(), excerpt(value));
        self.problems.push(RowProblem {
            line,
            column,
            reason,
            excerpt,
            row_rejected,
        });
    }

    /// A value without which the row is rejected.
    pub fn required(&mut self, names: &[&str]) -> Option<String> {
        let value = self.get(names);
        if value.is_none() {
            let column = names.first().copied().unwrap_or_default();
            self.problem(
                column,
                "required, but empty or missing".to_owned(),
                "",
                true,
            );
        }
        value
    }

    /// The item's id: required and short.
    pub fn id(&mut self, names: &[&str]) -> Option<String> {
        let id = self.required(names)?;
        if id.len() > MAX_ID_BYTES {
            let column = names.first().copied().unwrap_or_default();
            self.problem(
                column,
                format!("an id has at most {MAX_ID_BYTES} bytes"),
                &id,
                true,
            );
            return None;
        }
        Some(id)
    }

    /// A price. A bad one is reported; the row is kept without it.
    pub fn price(&mut self, names: &[&str]) -> Option<Money> {
        let text = self.get(names)?;
        match Money::parse(&text, self.options.currency) {
            Ok(money) => Some(money),
            Err(error) => {
                let column = names.first().copied().unwrap_or_default();
                self.problem(column, error.to_string(), &text, false);
                None
            }
        }
    }

    /// Availability; an unknown word is reported and counts as in stock.
    pub fn availability(&mut self, names: &[&str]) -> Availability {
        let Some(text) = self.get(names) else {
            return Availability::default();
        };
        Availability::from_name(&text).unwrap_or_else(|| {
            let reason = "unknown; write in_stock, out_of_stock, preorder or backorder".to_owned();
            self.problem(
                names.first().copied().unwrap_or_default(),
                reason,
                &text,
                false,
            );
            Availability::default()
        })
    }

    /// An item with one text in the record's locale.
    pub fn item(&mut self, id: &[&str], text: ItemText) -> Option<Item> {
        let id = self.id(id)?;
        if text.title.is_empty() {
            self.problem(
                "title",
                "required, but empty or missing".to_owned(),
                "",
                true,
            );
            return None;
        }
        Some(Item {
            id,
            texts: vec![text],
            ..Item::default()
        })
    }

    /// Regular price and sale price, which must be of one currency.
    pub fn prices(&mut self, regular: &[&str], sale: &[&str]) -> (Option<Money>, Option<Money>) {
        let (price, sale_price) = (self.price(regular), self.price(sale));
        match (price, sale_price) {
            (Some(price), Some(sale_price)) if price.currency != sale_price.currency => {
                let reason = format!(
                    "in {}, but the price is in {}: write both in one currency",
                    sale_price.currency_code(),
                    price.currency_code()
                );
                let text = self.get(sale).unwrap_or_default();
                self.problem(
                    sale.first().copied().unwrap_or_default(),
                    reason,
                    &text,
                    false,
                );
                (Some(price), None)
            }
            both => both,
        }
    }

    /// [`Self::prices`] of `price` and `sale_price`. What is no lower than the price is no sale; feeds repeat the price
    /// where nothing is on sale, so that only what is above it is reported.
    pub fn price_and_sale(&mut self) -> (Option<Money>, Option<Money>) {
        const SALE: &str = "sale_price";
        let (price, sale) = self.prices(&["price"], &[SALE]);
        let (Some(regular), Some(reduced)) = (&price, &sale) else {
            return (price, sale);
        };
        if reduced.minor_units < regular.minor_units {
            return (price, sale);
        }
        if reduced.minor_units > regular.minor_units {
            let text = self.get(&[SALE]).unwrap_or_default();
            let reason = "above the price: a sale is cheaper".to_owned();
            self.problem(SALE, reason, &text, false);
        }
        (price, None)
    }

    /// A category, `Women > Dresses`, as a path; what lies too deep is reported and left out.
    pub fn category(&mut self, names: &[&str]) -> Vec<String> {
        let text = self.get(names).unwrap_or_default();
        self.category_path(names.first().copied().unwrap_or_default(), &text)
    }

    /// `Women > Dresses`, `Women/Dresses` or `Women | Dresses` as a path, as [`Self::category`].
    pub fn category_path(&mut self, column: &str, text: &str) -> Vec<String> {
        let separator = ['>', '|', '/']
            .into_iter()
            .find(|c| text.contains(*c))
            .unwrap_or('>');
        let levels = text.split(separator).map(clean);
        let mut path: Vec<String> = levels.filter(|name| !name.is_empty()).collect();
        if path.len() > MAX_CATEGORY_LEVELS {
            let reason = format!(
                "{} levels, at most {MAX_CATEGORY_LEVELS}: the deeper ones are left out",
                path.len()
            );
            self.problem(column, reason, text, false);
            path.truncate(MAX_CATEGORY_LEVELS);
        }
        path
    }

    /// The record's locale; what is none is reported.
    pub fn locale(&mut self) -> String {
        let Some(tag) = self.get(&["locale", "language", "content_language"]) else {
            return self.options.locale.clone();
        };
        if is_locale(&tag) {
            return canonical(&tag);
        }
        let reason = "no locale: write it as in en or zh-CN".to_owned();
        self.problem("locale", reason, &tag, false);
        self.options.locale.clone()
    }
}

/// Accepted items: the first of each id.
#[derive(Default)]
pub(super) struct Items {
    pub list: Vec<Item>,
    seen: HashSet<String>,
}

impl Items {
    /// Takes an item in, or reports that its id occurs before.
    pub fn push(&mut self, line: u64, item: Option<Item>, problems: &mut RowProblems) {
        let Some(item) = item else {
            return;
        };
        if self.seen.insert(item.id.clone()) {
            self.list.push(item);
            return;
        }
        problems.push(RowProblem {
            line,
            column: "id".to_owned(),
            reason: "this id occurs before; the first row with it is kept".to_owned(),
            excerpt: excerpt(&item.id),
            row_rejected: true,
        });
    }
}
