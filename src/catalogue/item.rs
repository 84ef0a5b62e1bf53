//! What a shop sells.

use crate::Money;
use serde::{Deserialize, Serialize};

/// Whether an item can be bought now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Availability {
    /// Can be had at once.
    #[default]
    InStock,
    /// Cannot be had.
    OutOfStock,
    /// Not out yet, can be ordered.
    PreOrder,
    /// Sold out, can be ordered.
    BackOrder,
}

impl Availability {
    /// Reads the spellings of feeds: `in stock`, `in_stock`, `InStock`, schema.org addresses.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let last = name.rsplit('/').next().unwrap_or(name);
        let mut plain: String = last.chars().filter(char::is_ascii_alphanumeric).collect();
        plain.make_ascii_lowercase();
        match plain.as_str() {
            "instock" | "available" | "limitedavailability" | "true" | "yes" => Some(Self::InStock),
            "outofstock" | "soldout" | "discontinued" | "unavailable" | "false" | "no" => {
                Some(Self::OutOfStock)
            }
            "preorder" | "presale" => Some(Self::PreOrder),
            "backorder" => Some(Self::BackOrder),
            _ => None,
        }
    }

    /// The name that the browser sees: `in-stock` and so on.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InStock => "in-stock",
            Self::OutOfStock => "out-of-stock",
            Self::PreOrder => "pre-order",
            Self::BackOrder => "back-order",
        }
    }
}

/// Most levels of a category path.
pub(crate) const MAX_CATEGORY_LEVELS: usize = 16;

/// One sellable item; a variant of a product is an item of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// The shop's id, unique in its catalogue.
    pub id: String,
    /// Product that this item is a variant of.
    pub group_id: Option<String>,
    /// Maker; may be empty.
    pub brand: String,
    /// Regular price.
    pub price: Option<Money>,
    /// Price at present, where it is reduced.
    pub sale_price: Option<Money>,
    /// Whether it can be bought.
    pub availability: Availability,
    /// Picture: an address, or a path relative to the catalogue; may be empty.
    pub image: String,
    /// Address of its page; may be empty.
    pub link: String,
    /// What it says in each locale, the primary one first; at least one.
    pub texts: Vec<ItemText>,
}

/// An item's words in one locale. Plain text, never markup.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemText {
    /// BCP 47.
    pub locale: String,
    /// Name.
    pub title: String,
    /// A few sentences; may be empty.
    pub description: String,
    /// From the widest category to the narrowest, at most 16; may be empty.
    pub category: Vec<String>,
    /// Name and value. From Shopify in the product's order of options, from a Merchant feed in a fixed one,
    /// else by name.
    pub attributes: Vec<(String, String)>,
}

impl Item {
    /// The text in `locale`: exactly, else in the same language, else the primary one.
    #[must_use]
    pub fn text(&self, locale: &str) -> Option<&ItemText> {
        let language = |tag: &str| {
            tag.split(['-', '_'])
                .next()
                .unwrap_or("")
                .to_ascii_lowercase()
        };
        let wanted = language(locale);
        self.texts
            .iter()
            .find(|text| text.locale.eq_ignore_ascii_case(locale))
            .or_else(|| {
                self.texts
                    .iter()
                    .find(|text| language(&text.locale) == wanted)
            })
            .or_else(|| self.texts.first())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn item(locales: &[&str]) -> Item {
        let text = |locale: &&str| ItemText {
            locale: (*locale).to_owned(),
            ..ItemText::default()
        };
        Item {
            texts: locales.iter().map(text).collect(),
            ..Item::default()
        }
    }

    #[test]
    fn the_nearest_locale_is_chosen() {
        let item = item(&["en", "zh-CN"]);
        assert_eq!(item.text("zh-CN").unwrap().locale, "zh-CN");
        assert_eq!(item.text("zh-Hans").unwrap().locale, "zh-CN");
        assert_eq!(item.text("en-GB").unwrap().locale, "en");
        assert_eq!(item.text("de").unwrap().locale, "en");
    }

    #[test]
    fn an_item_without_texts_has_none() {
        assert_eq!(item(&[]).text("en"), None);
    }

    #[test]
    fn feeds_spell_availability_in_many_ways() {
        for name in ["in stock", "in_stock", "https://schema.org/InStock"] {
            assert_eq!(Availability::from_name(name), Some(Availability::InStock));
        }
        assert_eq!(Availability::from_name("perhaps"), None);
    }
}
