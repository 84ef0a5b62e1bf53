//! Google Merchant Center's product data: the attributes that both TSV and XML feeds share.

use super::{
    ItemReport, ReadError, ReadOptions, html,
    record::{Record, clean},
    table::Table,
    time::interval_millis,
};
use crate::{Item, ItemText, Money};
use std::io::Read;

/// Feed attributes that become attributes of items.
const ATTRIBUTES: &[&str] = &[
    "color",
    "size",
    "material",
    "pattern",
    "gender",
    "age_group",
    "condition",
    "size_type",
    "size_system",
    "gtin",
    "mpn",
];

/// The others that are read.
const KNOWN: &[&str] = &[
    "id",
    "title",
    "structured_title",
    "description",
    "summary",
    "content",
    "product_type",
    "google_product_category",
    "item_group_id",
    "brand",
    "price",
    "sale_price",
    "sale_price_effective_date",
    "availability",
    "image_link",
    "link",
    "locale",
    "language",
    "content_language",
];

/// Whether a feed attribute of that name is read.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) || ATTRIBUTES.contains(&name)
}

pub(super) fn read_tsv(source: impl Read, options: &ReadOptions) -> Result<ItemReport, ReadError> {
    let mut table = Table::new(source, "a header line with at least id and title")?;
    table
        .header
        .iter_mut()
        .for_each(|name| *name = attribute_name(name));
    table.require("id", "a Merchant feed names it id")?;
    table.require("title", "a Merchant feed names it title")?;
    table.items(options, is_known, item_of)
}

/// `g:image link` and `image_link` are one attribute.
pub(super) fn attribute_name(name: &str) -> String {
    let name = name.trim().to_lowercase();
    name.strip_prefix("g:").unwrap_or(&name).replace(' ', "_")
}

/// An item from feed attributes.
pub(super) fn item_of(record: &mut Record) -> Option<Item> {
    let text = ItemText {
        locale: record.locale(),
        title: record
            .get(&["title", "structured_title"])
            .unwrap_or_default(),
        description: record
            .get(&["description", "summary", "content"])
            .map(|text| clean(&html::to_text(&text)))
            .unwrap_or_default(),
        category: record.category(&["product_type", "google_product_category"]),
        attributes: ATTRIBUTES
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), record.get(&[name])?)))
            .collect(),
    };
    let mut item = record.item(&["id"], text)?;
    item.group_id = record.get(&["item_group_id"]);
    item.brand = record.get(&["brand"]).unwrap_or_default();
    (item.price, item.sale_price) = record.price_and_sale();
    item.sale_price = on_sale(record, item.sale_price);
    item.availability = record.availability(&["availability"]);
    item.image = record.get(&["image_link"]).unwrap_or_default();
    item.link = record.get(&["link"]).unwrap_or_default();
    Some(item)
}

/// The sale price, if it holds now: a pack doesn't change as time passes.
fn on_sale(record: &mut Record, sale_price: Option<Money>) -> Option<Money> {
    const DATE: &str = "sale_price_effective_date";
    let (Some(now), Some(text)) = (record.options.now_millis, record.get(&[DATE])) else {
        return sale_price;
    };
    match interval_millis(&text) {
        Some((from, until)) => sale_price.filter(|_| (from..until).contains(&now)),
        None => {
            let reason = "no interval, so the sale price counts at any time; write it as in \
                          2026-01-31T12:00Z/2026-02-28T12:00Z";
            record.problem(DATE, reason.to_owned(), &text, false);
            sale_price
        }
    }
}
