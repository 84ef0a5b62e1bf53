//! Shopify's product export: rows of one `Handle` are a product's variants and further pictures.

use super::{
    ItemReport, ReadError, ReadOptions, html,
    record::{Items, Record, clean},
    table::Table,
};
use crate::{Availability, Item, ItemText, Money};
use std::{collections::BTreeMap, io::Read};

/// Values that variants inherit from their product's first row.
const OF_PRODUCT: &[&str] = &[
    "title",
    "body (html)",
    "vendor",
    "product category",
    "type",
    "tags",
    "published",
    "option1 name",
    "option2 name",
    "option3 name",
    "image src",
    "status",
];

/// Values of a variant's own row that are read.
const OF_VARIANT: &[&str] = &[
    "handle",
    "option1 value",
    "option2 value",
    "option3 value",
    "variant sku",
    "variant price",
    "variant compare at price",
    "variant inventory tracker",
    "variant inventory qty",
    "variant inventory policy",
    "variant image",
];

/// Column names of today's exports and those of before, by which they are read.
const RENAMED: &[(&str, &str)] = &[
    ("url handle", "handle"),
    ("description", "body (html)"),
    ("published on online store", "published"),
    ("sku", "variant sku"),
    ("price", "variant price"),
    ("compare-at price", "variant compare at price"),
    ("inventory tracker", "variant inventory tracker"),
    ("inventory quantity", "variant inventory qty"),
    (
        "continue selling when out of stock",
        "variant inventory policy",
    ),
    ("product image url", "image src"),
    ("variant image url", "variant image"),
];

pub(super) fn read(source: impl Read, options: &ReadOptions) -> Result<ItemReport, ReadError> {
    let mut table = Table::new(source, "the header of a Shopify product export")?;
    let is_known = |name: &str| OF_PRODUCT.contains(&name) || OF_VARIANT.contains(&name);
    let ignored_columns = table.unknown(|name| is_known(old_name(name)));
    for name in &mut table.header {
        *name = old_name(name).to_owned();
    }
    table.require("handle", "export products from Shopify's admin as CSV")?;
    let tells_tracker = table.header.iter().any(|name| name == TRACKER);
    let mut report = ItemReport {
        ignored_columns,
        ..ItemReport::default()
    };
    let mut items = Items::default();
    let mut handle = String::new();
    let mut product: BTreeMap<String, String> = BTreeMap::new();
    report.rows = table.each_row(&mut report.problems, |line, mut fields, problems| {
        let own = fields
            .get("handle")
            .map(|handle| clean(handle))
            .unwrap_or_default();
        if own != handle {
            handle = own;
            product = OF_PRODUCT
                .iter()
                .filter_map(|name| fields.get_key_value(*name))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect();
        } else if !fields.contains_key("variant price") {
            return; // one more picture of the product
        }
        // A variant's row holds the next picture of the product, which need not show the variant.
        fields.remove("image src");
        for (name, value) in &product {
            fields.entry(name.clone()).or_insert_with(|| value.clone());
        }
        if !tells_tracker {
            fields.insert(TRACKER.to_owned(), "unknown".to_owned());
        }
        let mut record = Record {
            line,
            fields,
            problems,
            options,
        };
        if !is_hidden(&record) {
            let item = item_of(&mut record, &handle);
            items.push(line, item, problems);
        }
    })?;
    report.items = items.list;
    Ok(report)
}

/// Who counts the stock; nobody does where it is empty, and the quantity says nothing then.
const TRACKER: &str = "variant inventory tracker";

fn old_name(name: &str) -> &str {
    let renamed = RENAMED.iter().find(|(new, _)| *new == name);
    renamed.map_or(name, |(_, old)| old)
}

/// Drafts, archived and unpublished products are not for shoppers.
fn is_hidden(record: &Record) -> bool {
    let is = |name: &str, value: &str| {
        record
            .get(&[name])
            .is_some_and(|text| text.eq_ignore_ascii_case(value))
    };
    is("status", "draft") || is("status", "archived") || is("published", "false")
}

fn item_of(record: &mut Record, handle: &str) -> Option<Item> {
    let options: Vec<(String, String)> = [
        ("option1 name", "option1 value"),
        ("option2 name", "option2 value"),
        ("option3 name", "option3 value"),
    ]
    .iter()
    .filter_map(|(name, value)| Some((record.get(&[name])?.to_lowercase(), record.get(&[value])?)))
    .filter(|(name, value)| !(name == "title" && value == "Default Title"))
    .collect();
    let text = ItemText {
        locale: record.locale(),
        title: record.get(&["title"]).unwrap_or_default(),
        description: record
            .get(&["body (html)"])
            .map(|body| clean(&html::to_text(&body)))
            .unwrap_or_default(),
        category: record.category(&["product category", "type"]),
        attributes: options.clone(),
    };
    // A variant is told by its SKU; without one, by the product and its options.
    let values: Vec<&str> = options.iter().map(|(_, value)| value.as_str()).collect();
    let fallback = if values.is_empty() {
        handle.to_owned()
    } else {
        format!("{handle}:{}", values.join("/"))
    };
    record
        .fields
        .entry("variant sku".to_owned())
        .or_insert(fallback);
    let mut item = record.item(&["variant sku"], text)?;
    item.group_id = Some(handle.to_owned()).filter(|handle| !handle.is_empty());
    item.brand = record.get(&["vendor"]).unwrap_or_default();
    let (now, before) = record.prices(&["variant price"], &["variant compare at price"]);
    (item.price, item.sale_price) = reduced(now, before);
    item.availability = availability(record);
    item.image = record
        .get(&["variant image", "image src"])
        .unwrap_or_default();
    item.link = if handle.is_empty() {
        String::new()
    } else {
        format!("/products/{handle}")
    };
    Some(item)
}

/// Shopify states the price now and, where it is reduced, the price before.
fn reduced(now: Option<Money>, before: Option<Money>) -> (Option<Money>, Option<Money>) {
    match (now, before) {
        (Some(now), Some(before)) if before.minor_units > now.minor_units => {
            (Some(before), Some(now))
        }
        (now, _) => (now, None),
    }
}

fn availability(record: &Record) -> Availability {
    let stock = record
        .get(&["variant inventory qty"])
        .and_then(|text| text.parse::<i64>().ok());
    let sells_on = record
        .get(&["variant inventory policy"])
        .is_some_and(|policy| {
            ["continue", "true"]
                .iter()
                .any(|yes| policy.eq_ignore_ascii_case(yes))
        });
    match stock.filter(|_| record.get(&[TRACKER]).is_some()) {
        Some(stock) if stock <= 0 && sells_on => Availability::BackOrder,
        Some(stock) if stock <= 0 => Availability::OutOfStock,
        _ => Availability::InStock,
    }
}
