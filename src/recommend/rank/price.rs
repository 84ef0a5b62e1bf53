//! Closeness to what the shopper looks at the prices of.

use nearshelf_catalogue::{ItemTable, Money};

use crate::history::Signal;

/// A price this many times, or one of so many times, the usual one counts 0.6 (a standard deviation).
const SPREAD: f32 = 2.0;

/// The usual price of some items.
pub(super) struct PriceTaste {
    currency: [u8; 3],
    /// Natural logarithm of minor units.
    centre: f32,
}

/// What is paid now.
fn paid(items: &ItemTable, item: u32) -> Option<&Money> {
    let item = items.get(item)?;
    let price = item.sale_price.as_ref().or(item.price.as_ref())?;
    (price.minor_units > 0).then_some(price)
}

impl PriceTaste {
    /// The geometric mean by weight, in the currency of the first price; `None` without prices.
    pub fn new(items: &ItemTable, signals: &[Signal]) -> Option<Self> {
        let mut currency = None;
        let (mut sum, mut weights) = (0.0, 0.0);
        for signal in signals {
            if let Some(price) = paid(items, signal.item)
                && *currency.get_or_insert(price.currency) == price.currency
            {
                sum += signal.weight * (price.minor_units as f32).ln();
                weights += signal.weight;
            }
        }
        let centre = sum / weights;
        Some(Self {
            currency: currency?,
            centre,
        })
        .filter(|_| centre.is_finite())
    }

    /// How close the item's price is, in `[0, 1]`; 0 for one in another currency or without.
    pub fn of(&self, items: &ItemTable, item: u32) -> f32 {
        let price = paid(items, item).filter(|price| price.currency == self.currency);
        let Some(price) = price else {
            return 0.0;
        };
        let away = ((price.minor_units as f32).ln() - self.centre) / SPREAD.ln();
        (-0.5 * away * away).exp()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use nearshelf_catalogue::Item;

    use super::*;
    use crate::history::Source;
    use crate::testing::{item, pounds};

    fn priced(minor_units: &[i64]) -> ItemTable {
        let items = minor_units
            .iter()
            .enumerate()
            .map(|(n, &minor_units)| Item {
                price: (minor_units >= 0).then(|| pounds(minor_units)),
                ..item(&n.to_string())
            });
        ItemTable::new(items.collect())
    }

    fn looked_at(items: &[u32]) -> Vec<Signal> {
        let signal = |&item: &u32| Signal {
            item,
            weight: 1.0,
            source: Source::Viewed,
        };
        items.iter().map(signal).collect()
    }

    #[test]
    fn a_price_in_the_middle_of_those_looked_at_is_closest() {
        let items = priced(&[1000, 4000, 2000, 8000, 500, 0, -1]);
        let taste = PriceTaste::new(&items, &looked_at(&[0, 1])).unwrap();
        let closeness: Vec<f32> = (0..8).map(|item| taste.of(&items, item)).collect();
        assert!((closeness[2] - 1.0).abs() < 1e-5);
        assert!((closeness[3] - closeness[4]).abs() < 1e-5);
        assert!(closeness[0] > closeness[3]);
        assert_eq!(closeness[5..], [0.0; 3]);
    }

    #[test]
    fn without_a_price_there_is_no_taste() {
        assert!(PriceTaste::new(&priced(&[0, -1]), &looked_at(&[0, 1, 9])).is_none());
        assert!(PriceTaste::new(&priced(&[100]), &[]).is_none());
    }
}
