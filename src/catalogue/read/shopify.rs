//! Shopify's product export: rows of one `Handle` are a product's variants and further pictures.

use super::{
    ItemReport, ReadError, ReadOptions, html,
    record::{Record, category_path, clean},
    table::{Row, Table},
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

pub(super) fn read(source: impl Read, options: &ReadOptions) -> Result<ItemReport, ReadError> {
    let mut table = Table::new(source, b',', "the header of a Shopify product export")?;
    table.require("handle", "export products from Shopify's admin as CSV")?;
    let mut report = ItemReport::default();
    let mut handle = String::new();
    let mut product: BTreeMap<String, String> = BTreeMap::new();
    while let Some(row) = table.next_row()? {
        let (line, mut fields) = match row {
            Row::Bad(problem) => {
                report.problems.push(problem);
                continue;
            }
            Row::Fields(line, fields) => (line, fields),
        };
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
            continue; // one more picture of the product
        }
        for (name, value) in &product {
            fields.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let mut record = Record {
            line,
            fields,
            problems: &mut report.problems,
            options,
        };
        if is_hidden(&record) {
            continue;
        }
        report.items.extend(item_of(&mut record, &handle));
    }
    report.rows = table.rows;
    Ok(report)
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
    let category = record
        .get(&["product category", "type"])
        .unwrap_or_default();
    let text = ItemText {
        locale: record.locale(),
        title: record.get(&["title"]).unwrap_or_default(),
        description: record
            .get(&["body (html)"])
            .map(|body| clean(&html::to_text(&body)))
            .unwrap_or_default(),
        category: category_path(&category),
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
    let now = record.price(&["variant price"]);
    let before = record.price(&["variant compare at price"]);
    (item.price, item.sale_price) = prices(now, before);
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
fn prices(now: Option<Money>, before: Option<Money>) -> (Option<Money>, Option<Money>) {
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
        .is_some_and(|policy| policy.eq_ignore_ascii_case("continue"));
    match stock {
        Some(stock) if stock <= 0 && sells_on => Availability::BackOrder,
        Some(stock) if stock <= 0 => Availability::OutOfStock,
        _ => Availability::InStock,
    }
}
