//! What shoppers do with items.

use serde::{Deserialize, Serialize};

/// Kind of an event. The numbers are also the for-you model's `actions`, where 0 is padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum EventKind {
    /// The item's page was looked at.
    View = 1,
    /// The item was put into the cart.
    AddToCart = 2,
    /// The item was bought.
    Purchase = 3,
    /// The item was taken out of the cart.
    Remove = 4,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::View, Self::AddToCart, Self::Purchase, Self::Remove];

    /// The number that models and files use.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// Name in event logs and in the browser: `view`, `add_to_cart`, `purchase`, `remove`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::AddToCart => "add_to_cart",
            Self::Purchase => "purchase",
            Self::Remove => "remove",
        }
    }

    /// The kind of that name, common spellings of analytics tools included (`addToCart`, `transaction`, …).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        plain.make_ascii_lowercase();
        match plain.as_str() {
            "view" | "viewitem" | "detail" | "pageview" | "productview" => Some(Self::View),
            "addtocart" | "cart" | "add" => Some(Self::AddToCart),
            "purchase" | "transaction" | "buy" | "order" => Some(Self::Purchase),
            "remove" | "removefromcart" => Some(Self::Remove),
            _ => None,
        }
    }
}

/// One event of an anonymous shopper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Anonymous shopper or session; events of one belong together.
    pub session: String,
    /// What was done.
    pub kind: EventKind,
    /// The shop's id of the item.
    pub item_id: String,
    /// Unix time. Purchases of one session without a long pause between them are one basket.
    pub time_millis: i64,
    /// How many; at least 1.
    pub quantity: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_own_name() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::from_name(kind.as_str()), Some(kind));
        }
    }

    #[test]
    fn spellings_of_analytics_tools_are_understood_and_others_are_not() {
        assert_eq!(
            EventKind::from_name("addToCart"),
            Some(EventKind::AddToCart)
        );
        assert_eq!(
            EventKind::from_name("remove_from_cart"),
            Some(EventKind::Remove)
        );
        assert_eq!(EventKind::from_name("refund"), None);
        assert_eq!(EventKind::from_name(""), None);
    }
}
