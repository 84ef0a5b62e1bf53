//! Google Merchant Center's product data: the attributes that both TSV and XML feeds share.

use super::{
    ItemReport, ReadError, ReadOptions, html,
    record::{Record, category_path, clean},
    table::{Row, Table},
};
use crate::{Item, ItemText};
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

pub(super) fn read_tsv(source: impl Read, options: &ReadOptions) -> Result<ItemReport, ReadError> {
    let mut table = Table::new(source, b'\t', "a header line with at least id and title")?;
    table
        .header
        .iter_mut()
        .for_each(|name| *name = attribute_name(name));
    table.require("id", "a Merchant feed names it id")?;
    table.require("title", "a Merchant feed names it title")?;
    let mut report = ItemReport::default();
    while let Some(row) = table.next_row()? {
        match row {
            Row::Bad(problem) => report.problems.push(problem),
            Row::Fields(line, fields) => {
                let mut record = Record {
                    line,
                    fields,
                    problems: &mut report.problems,
                    options,
                };
                report.items.extend(item_of(&mut record));
            }
        }
    }
    report.rows = table.rows;
    Ok(report)
}

/// `g:image link` and `image_link` are one attribute.
pub(super) fn attribute_name(name: &str) -> String {
    let name = name.trim().to_lowercase();
    name.strip_prefix("g:").unwrap_or(&name).replace(' ', "_")
}

/// An item from feed attributes.
pub(super) fn item_of(record: &mut Record) -> Option<Item> {
    let category = record
        .get(&["product_type", "google_product_category"])
        .unwrap_or_default();
    let text = ItemText {
        locale: record.locale(),
        title: record
            .get(&["title", "structured_title"])
            .unwrap_or_default(),
        description: record
            .get(&["description"])
            .map(|text| clean(&html::to_text(&text)))
            .unwrap_or_default(),
        category: category_path(&category),
        attributes: ATTRIBUTES
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), record.get(&[name])?)))
            .collect(),
    };
    let mut item = record.item(&["id"], text)?;
    item.group_id = record.get(&["item_group_id"]);
    item.brand = record.get(&["brand"]).unwrap_or_default();
    item.price = record.price(&["price"]);
    item.sale_price = record.price(&["sale_price"]);
    item.availability = record.availability(&["availability"]);
    item.image = record.get(&["image_link"]).unwrap_or_default();
    item.link = record.get(&["link"]).unwrap_or_default();
    Some(item)
}
