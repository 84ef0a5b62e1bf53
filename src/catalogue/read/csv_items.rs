//! This project's own CSV.
//!
//! Columns: `id`, `title` (required); `group_id`, `description`, `brand`, `category` (`Women > Dresses`), `price`
//! (`12.99 GBP`), `sale_price`, `availability`, `image`, `link`, `locale`; attributes as `attr:color`. Further
//! locales as `title:zh-CN`, `description:zh-CN`, `category:zh-CN`, `attr:color:zh-CN`.

use super::{
    ItemReport, ReadError, ReadOptions,
    locale::{canonical, is_locale},
    record::{Record, clean},
    table::Table,
};
use crate::{Item, ItemText};
use std::{collections::BTreeMap, io::Read};

/// Columns but those of texts and attributes.
const KNOWN: &[&str] = &[
    "id",
    "group_id",
    "item_group_id",
    "brand",
    "price",
    "sale_price",
    "availability",
    "image",
    "image_link",
    "link",
    "locale",
    "language",
    "content_language",
];

/// Stands for a colon of an attribute's own name, where the name comes with none of its parts in doubt (JSONL).
pub(super) const OWN_COLON: &str = "\u{1f}";

pub(super) fn read(source: impl Read, options: &ReadOptions) -> Result<ItemReport, ReadError> {
    let table = Table::new(source, "a header line with at least id and title")?;
    table.require("id", "name the column that holds the shop's own item id")?;
    table.require("title", "name the column that holds the item's name")?;
    table.items(options, is_known, item_of)
}

/// Whether a field of that name is read.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) || text_column(name).is_some()
}

/// Which part of a text a column holds.
enum Part {
    Title,
    Description,
    Category,
    Attribute(String),
}

/// Part and locale (empty: the primary one) of `title`, `title:zh-cn`, `attr:color`, `attr:color:zh-cn` and so on.
///
/// What follows an attribute's last colon is a locale where it has the shape of one, else part of the name.
fn text_column(name: &str) -> Option<(Part, &str)> {
    let (field, rest) = name.split_once(':').unwrap_or((name, ""));
    if field == "attr" {
        let (attribute, locale) = match rest.rsplit_once(':') {
            Some((attribute, locale)) if is_locale(locale) => (attribute, locale),
            _ => (rest, ""),
        };
        let attribute = attribute.replace(OWN_COLON, ":");
        return (!attribute.is_empty()).then_some((Part::Attribute(attribute), locale));
    }
    let part = match field {
        "title" => Part::Title,
        "description" => Part::Description,
        "category" => Part::Category,
        _ => return None,
    };
    (rest.is_empty() || is_locale(rest)).then_some((part, rest))
}

/// An item from fields of this project's names.
pub(super) fn item_of(record: &mut Record) -> Option<Item> {
    let primary = record.locale();
    let mut texts = texts(record);
    let mut text = texts.remove("").unwrap_or_default();
    text.locale = primary;
    let mut item = record.item(&["id"], text)?;
    for (locale, mut text) in texts {
        text.locale = canonical(&locale);
        let primary = &item.texts[0];
        if text.title.is_empty() {
            text.title.clone_from(&primary.title);
        }
        if text.category.is_empty() {
            text.category.clone_from(&primary.category);
        }
        item.texts.push(text);
    }
    item.group_id = record.get(&["group_id", "item_group_id"]);
    item.brand = record.get(&["brand"]).unwrap_or_default();
    (item.price, item.sale_price) = record.price_and_sale();
    item.availability = record.availability(&["availability"]);
    item.image = record.get(&["image", "image_link"]).unwrap_or_default();
    item.link = record.get(&["link"]).unwrap_or_default();
    Some(item)
}

/// Texts by locale in lower case; the primary one has none.
fn texts(record: &mut Record) -> BTreeMap<String, ItemText> {
    let mut texts: BTreeMap<String, ItemText> = BTreeMap::new();
    let mut categories: Vec<(String, String)> = Vec::new();
    for (name, value) in &record.fields {
        let (Some((part, locale)), value) = (text_column(name), clean(value)) else {
            continue;
        };
        if value.is_empty() {
            continue;
        }
        let text = texts.entry(locale.to_owned()).or_default();
        match part {
            Part::Title => text.title = value,
            Part::Description => text.description = value,
            Part::Attribute(attribute) => text.attributes.push((attribute, value)),
            Part::Category => categories.push((locale.to_owned(), value)),
        }
    }
    for (locale, value) in categories {
        texts.entry(locale).or_default().category = record.category_path("category", &value);
    }
    texts
}
