//! What ranking needs to know of an item besides its numbers: category, product, price, stock.

use nearshelf_catalogue::{Availability, Item, ItemTable, Money};

use crate::history::Signal;
use crate::request::Filter;

/// Looks items up; an index beyond the table has no category and no product.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    items: &'a ItemTable,
}

impl<'a> Facts<'a> {
    pub fn new(items: &'a ItemTable) -> Self {
        Self { items }
    }

    pub fn item_count(&self) -> usize {
        self.items.len()
    }

    /// The item's category path in the primary locale; never empty.
    pub fn category(&self, item: u32) -> Option<&'a [String]> {
        let text = self.items.get(item)?.texts.first()?;
        (!text.category.is_empty()).then_some(&text.category)
    }

    /// The product that the item is a variant of.
    pub fn group(&self, item: u32) -> Option<&'a str> {
        self.items.get(item)?.group_id.as_deref()
    }

    /// Part of the longer category path that both items share from the top, in `[0, 1]`.
    pub fn category_overlap(&self, a: u32, b: u32) -> f32 {
        match (self.category(a), self.category(b)) {
            (Some(a), Some(b)) => path_overlap(a, b),
            _ => 0.0,
        }
    }

    /// Whether the filter lets the item pass.
    pub fn passes(&self, item: u32, filter: &Filter) -> bool {
        self.items
            .get(item)
            .is_some_and(|item| passes(item, filter))
    }
}

fn path_overlap(a: &[String], b: &[String]) -> f32 {
    let shared = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    shared as f32 / a.len().max(b.len()).max(1) as f32
}

fn passes(item: &Item, filter: &Filter) -> bool {
    if filter.in_stock_only && item.availability != Availability::InStock {
        return false;
    }
    let in_category = |wanted: &Vec<String>| {
        let mut paths = item.texts.iter().map(|text| &text.category);
        paths.any(|path| path.starts_with(wanted))
    };
    if !filter.categories.is_empty() && !filter.categories.iter().any(in_category) {
        return false;
    }
    if filter.price_min.is_none() && filter.price_max.is_none() {
        return true;
    }
    let price = item.sale_price.as_ref().or(item.price.as_ref());
    price.is_some_and(|price| price_passes(price, filter))
}

fn price_passes(price: &Money, filter: &Filter) -> bool {
    let wanted = filter.currency.as_ref();
    wanted.is_none_or(|wanted| wanted.as_bytes().eq_ignore_ascii_case(&price.currency))
        && filter.price_min.is_none_or(|min| price.minor_units >= min)
        && filter.price_max.is_none_or(|max| price.minor_units <= max)
}

/// How the weight of signals is spread over categories.
pub(crate) struct CategoryShares<'a>(Vec<(&'a [String], f32)>);

impl<'a> CategoryShares<'a> {
    /// Most categories that are told apart; the rest have little weight.
    const MOST: usize = 16;

    pub fn new(facts: &Facts<'a>, signals: &[Signal]) -> Self {
        let total: f32 = signals.iter().map(|signal| signal.weight).sum();
        let mut shares: Vec<(&[String], f32)> = Vec::new();
        for signal in signals {
            let Some(category) = facts.category(signal.item) else {
                continue;
            };
            let share = signal.weight / total;
            match shares.iter_mut().find(|(known, _)| *known == category) {
                Some((_, sum)) => *sum += share,
                None => shares.push((category, share)),
            }
        }
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        shares.truncate(Self::MOST);
        Self(shares)
    }

    /// Share of the signals' weight that lies in the item's category, that in neighbouring ones
    /// counting in part; in `[0, 1]`.
    pub fn share(&self, facts: &Facts, item: u32) -> f32 {
        let Some(category) = facts.category(item) else {
            return 0.0;
        };
        let shares = self.0.iter();
        shares
            .map(|&(known, share)| share * path_overlap(known, category))
            .sum()
    }

    /// Whether no signal has a category.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
