//! What ranking needs to know of an item besides its numbers: category, product, price, stock.

use nearshelf_catalogue::{Availability, Item, ItemTable, Money};

use crate::history::Signal;
use crate::index::PackIndex;
use crate::order::best;
use crate::request::Filter;

/// Looks items up; an index beyond the table has no category and no product.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    items: &'a ItemTable,
    pub index: &'a PackIndex,
}

impl<'a> Facts<'a> {
    pub fn new(items: &'a ItemTable, index: &'a PackIndex) -> Self {
        Self { items, index }
    }

    pub fn item_count(&self) -> usize {
        self.items.len()
    }

    /// Part of the longer category path that both items share from the top, in `[0, 1]`.
    pub fn category_overlap(&self, a: u32, b: u32) -> f32 {
        match (self.index.category(a), self.index.category(b)) {
            (Some(a), Some(b)) => self.index.overlap(a, b),
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

/// Whether a filter lets an item pass.
pub(crate) fn passes(item: &Item, filter: &Filter) -> bool {
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
    if !filter.brands.is_empty() && !filter.brands.contains(&item.brand) {
        return false;
    }
    let has = |(name, values): &(String, Vec<String>)| {
        let mut own = item.texts.iter().flat_map(|text| &text.attributes);
        own.any(|(own, value)| own == name && values.contains(value))
    };
    if !filter.attributes.iter().all(has) {
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
pub(crate) struct CategoryShares {
    /// By category number.
    shares: Vec<f32>,
    is_empty: bool,
}

impl CategoryShares {
    /// Most categories of signals that are told apart; the rest have little weight.
    const MOST: usize = 16;

    pub fn new(index: &PackIndex, signals: &[Signal]) -> Self {
        let total: f32 = signals.iter().map(|signal| signal.weight).sum();
        let mut known: Vec<(u32, f32)> = Vec::new();
        for signal in signals {
            let Some(category) = index.category(signal.item) else {
                continue;
            };
            let share = signal.weight / total;
            match known.iter_mut().find(|(known, _)| *known == category) {
                Some((_, sum)) => *sum += share,
                None => known.push((category, share)),
            }
        }
        let shares = known.iter().map(|&(_, share)| share);
        let heaviest = best(shares.zip(0..), Self::MOST);
        let share_of = |category| {
            let known = heaviest.iter().map(|&at| known[at as usize]);
            known
                .map(|(known, share)| share * index.overlap(known, category))
                .sum()
        };
        Self {
            shares: (0..index.category_count() as u32).map(share_of).collect(),
            is_empty: known.is_empty(),
        }
    }

    /// Shares that were worked out otherwise, by category number.
    pub fn of(shares: Vec<f32>) -> Self {
        Self {
            is_empty: !shares.iter().any(|&share| share > 0.0),
            shares,
        }
    }

    /// Share of the signals' weight that lies in the item's category, that in neighbouring ones
    /// counting in part; in `[0, 1]`.
    pub fn share(&self, index: &PackIndex, item: u32) -> f32 {
        let category = index.category(item);
        let share = category.and_then(|category| self.shares.get(category as usize));
        share.copied().unwrap_or(0.0)
    }

    /// Whether no signal has a category.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }
}
