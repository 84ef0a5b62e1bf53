//! This project's own CSV.
//!
//! Columns: `id`, `title` (required); `group_id`, `description`, `brand`, `category` (`Women > Dresses`), `price`
//! (`12.99 GBP`), `sale_price`, `availability`, `image`, `link`, `locale`; attributes as `attr:color`. Further
//! locales as `title:zh-CN`, `description:zh-CN`, `category:zh-CN`, `attr:color:zh-CN`.

use super::{
    ItemReport, ReadError, ReadOptions,
    record::{Record, category_path, clean},
    table::{Row, Table},
};
use crate::{Item, ItemText};
use std::{collections::BTreeMap, io::Read};

pub(super) fn read(source: impl Read, options: &ReadOptions) -> Result<ItemReport, ReadError> {
    let mut table = Table::new(source, b',', "a header line with at least id and title")?;
    table.require("id", "name the column that holds the shop's own item id")?;
    table.require("title", "name the column that holds the item's name")?;
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
                if let Some(item) = item_of(&mut record) {
                    report.items.push(item);
                }
            }
        }
    }
    report.rows = table.rows;
    Ok(report)
}

/// An item from fields of this project's names.
pub(super) fn item_of(record: &mut Record) -> Option<Item> {
    let mut texts: BTreeMap<String, ItemText> = BTreeMap::new();
    let primary = record.locale();
    for (name, value) in &record.fields {
        let (field, rest) = name.split_once(':').unwrap_or((name, ""));
        let (attribute, locale) = match field {
            "attr" => rest.split_once(':').unwrap_or((rest, "")),
            "title" | "description" | "category" => ("", rest),
            _ => continue,
        };
        let value = clean(value);
        if value.is_empty() {
            continue;
        }
        let text = texts.entry(locale.to_owned()).or_default();
        match field {
            "title" => text.title = value,
            "description" => text.description = value,
            "category" => text.category = category_path(&value),
            _ => text.attributes.push((attribute.to_owned(), value)),
        }
    }
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
    item.price = record.price(&["price"]);
    item.sale_price = record.price(&["sale_price"]);
    item.availability = record.availability(&["availability"]);
    item.image = record.get(&["image", "image_link"]).unwrap_or_default();
    item.link = record.get(&["link"]).unwrap_or_default();
    Some(item)
}

/// A locale as BCP 47 writes it: headers are matched in lower case.
fn canonical(locale: &str) -> String {
    let part = |(index, part): (usize, &str)| match (index, part.len()) {
        (0, _) => part.to_lowercase(),
        (_, 2) => part.to_uppercase(),
        (_, 4) => part
            .chars()
            .take(1)
            .flat_map(char::to_uppercase)
            .chain(part.chars().skip(1))
            .collect(),
        _ => part.to_lowercase(),
    };
    locale
        .split(['-', '_'])
        .enumerate()
        .map(part)
        .collect::<Vec<_>>()
        .join("-")
}
