//! What a shopper is after, as it has become so far.

use crate::audience::Audience;
use crate::slots::{Slot, SlotName, decimal};
use serde::{Deserialize, Serialize};

/// Something that an item must have, or must not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Want {
    /// Which of its sides.
    pub slot: SlotName,
    /// As slots have it.
    pub value: String,
    /// Whether items with it are ruled out.
    pub negated: bool,
}

/// A bound of the price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// Whether prices must be at most the amount, else at least.
    pub is_most: bool,
    /// In major units.
    pub amount: f64,
    /// ISO 4217; without, the amount is one of the catalogue's currency.
    pub currency: Option<String>,
}

impl Bound {
    /// Whether a price is within. An item without a price isn't, nor one in another currency than
    /// the bound states: nothing here knows a rate.
    #[must_use]
    pub fn holds(&self, price: Option<f64>, currency: Option<&str>) -> bool {
        let same = self
            .currency
            .as_deref()
            .is_none_or(|wanted| currency.is_none_or(|has| has == wanted));
        same && price.is_some_and(|price| {
            if self.is_most {
                price <= self.amount
            } else {
                price >= self.amount
            }
        })
    }
}

/// Most wants that are kept.
const MOST_WANTS: usize = 24;

/// Everything that is wanted of a product.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Wish {
    /// All must hold.
    pub wants: Vec<Want>,
    /// Of the price.
    pub bounds: Vec<Bound>,
    /// Whether the cheapest come first.
    pub cheapest_first: bool,
    /// Whom it is for.
    pub audience: Option<Audience>,
}

/// Slots that say what a product is like.
fn describes(slot: SlotName) -> bool {
    use SlotName::{Brand, Colour, Material, Occasion, ProductType, Size};
    matches!(
        slot,
        ProductType | Colour | Size | Brand | Material | Occasion
    )
}

impl Wish {
    /// What the slots of a message wish for.
    #[must_use]
    pub fn of(slots: &[Slot]) -> Self {
        let mut wish = Self::default();
        wish.narrow(slots);
        wish
    }

    /// Whether nothing is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.wants.is_empty() && self.bounds.is_empty()
    }

    /// What is wanted of that slot, first.
    #[must_use]
    pub fn value(&self, slot: SlotName) -> Option<&str> {
        self.wants
            .iter()
            .find(|want| want.slot == slot && !want.negated)
            .map(|want| want.value.as_str())
    }

    /// Adds what a further message says: another colour takes the place of the one before, another bound of the other.
    pub fn narrow(&mut self, slots: &[Slot]) {
        let mut replaced: Vec<SlotName> = Vec::new();
        for slot in slots {
            if let SlotName::PriceMin | SlotName::PriceMax = slot.name {
                self.bound(slot);
            } else if describes(slot.name) {
                let same = |want: &Want| {
                    want.slot == slot.name && want.value.eq_ignore_ascii_case(&slot.value)
                };
                self.wants.retain(|want| !same(want));
                if !slot.negated && !replaced.contains(&slot.name) {
                    self.wants
                        .retain(|want| want.slot != slot.name || want.negated);
                    replaced.push(slot.name);
                }
                // Of two of a kind ("red or blue") the first: items have both seldom.
                let another = !slot.negated
                    && self
                        .wants
                        .iter()
                        .any(|want| want.slot == slot.name && !want.negated);
                if !another && self.wants.len() < MOST_WANTS {
                    self.wants.push(Want {
                        slot: slot.name,
                        value: slot.value.clone(),
                        negated: slot.negated,
                    });
                }
            }
        }
    }

    fn bound(&mut self, slot: &Slot) {
        let (amount, currency) = match slot.value.split_once(' ') {
            Some((amount, currency)) => (amount, Some(currency.to_owned())),
            None => (slot.value.as_str(), None),
        };
        let Some(amount) = decimal(amount) else {
            return;
        };
        let is_most = slot.name == SlotName::PriceMax;
        self.bounds.retain(|bound| bound.is_most != is_most);
        self.bounds.push(Bound {
            is_most,
            amount,
            currency,
        });
    }

    /// Asks for less money than an amount, in the catalogue's currency, and the cheapest first.
    pub fn cheaper_than(&mut self, amount: Option<f64>) {
        self.cheapest_first = true;
        if let Some(amount) = amount {
            self.bounds.retain(|bound| !bound.is_most);
            self.bounds.push(Bound {
                is_most: true,
                amount: amount - 0.005,
                currency: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(name: SlotName, value: &str) -> Slot {
        Slot {
            name,
            start: 0,
            end: 1,
            value: value.into(),
            negated: false,
        }
    }

    #[test]
    fn a_follow_up_replaces_what_it_names_and_keeps_the_rest() {
        let mut wish = Wish::of(&[
            slot(SlotName::ProductType, "dress"),
            slot(SlotName::Colour, "blue"),
            slot(SlotName::PriceMax, "80"),
        ]);
        wish.narrow(&[
            slot(SlotName::Colour, "red"),
            slot(SlotName::PriceMax, "50 USD"),
        ]);
        assert_eq!(wish.value(SlotName::ProductType), Some("dress"));
        assert_eq!(wish.value(SlotName::Colour), Some("red"));
        assert_eq!(
            wish.bounds,
            [Bound {
                is_most: true,
                amount: 50.0,
                currency: Some("USD".into())
            }]
        );
    }

    #[test]
    fn what_is_ruled_out_stays_so_until_it_is_wanted() {
        let not_red = Slot {
            negated: true,
            ..slot(SlotName::Colour, "red")
        };
        let mut wish = Wish::of(std::slice::from_ref(&not_red));
        wish.narrow(&[slot(SlotName::Colour, "blue")]);
        assert_eq!(wish.wants.len(), 2);
        wish.narrow(&[slot(SlotName::Colour, "red")]);
        assert_eq!(wish.value(SlotName::Colour), Some("red"));
        assert!(wish.wants.iter().all(|want| !want.negated));
    }

    #[test]
    fn a_bound_holds_for_prices_within_it() {
        let most = Bound {
            is_most: true,
            amount: 50.0,
            currency: Some("USD".into()),
        };
        assert!(most.holds(Some(50.0), Some("USD")));
        assert!(!most.holds(Some(50.01), Some("USD")));
        assert!(!most.holds(Some(10.0), Some("EUR")));
        assert!(!most.holds(None, Some("USD")));
    }
}
