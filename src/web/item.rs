//! Items and categories as a page sees them, in one locale.

use nearshelf_catalogue::{Item, Money, Pack};
use serde::Serialize;
use std::collections::HashMap;

/// One item in one locale.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemView<'a> {
    index: u32,
    id: &'a str,
    title: &'a str,
    description: &'a str,
    brand: &'a str,
    category: &'a [String],
    attributes: &'a [(String, String)],
    group_id: Option<&'a str>,
    price: Option<MoneyView<'a>>,
    sale_price: Option<MoneyView<'a>>,
    availability: &'static str,
    link: &'a str,
    image: &'a str,
    has_image: bool,
}

/// An amount; minor units fit a JavaScript number, readers allow no more than 10¹³.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct MoneyView<'a> {
    minor_units: f64,
    currency: &'a str,
}

/// A category with its number of items.
#[derive(Debug, Serialize)]
pub struct CategoryView<'a> {
    path: &'a [String],
    count: u32,
    first: u32,
}

fn money(money: &Option<Money>) -> Option<MoneyView<'_>> {
    let money = money.as_ref()?;
    Some(MoneyView {
        minor_units: money.minor_units as f64,
        currency: money.currency_code(),
    })
}

/// The item at `index` in `locale`; `None` for an unknown one.
pub fn view<'a>(pack: &'a Pack, index: u32, locale: &str) -> Option<ItemView<'a>> {
    let item: &Item = pack.items.get(index)?;
    let text = item.text(locale)?;
    Some(ItemView {
        index,
        id: &item.id,
        title: &text.title,
        description: &text.description,
        brand: &item.brand,
        category: &text.category,
        attributes: &text.attributes,
        group_id: item.group_id.as_deref(),
        price: money(&item.price),
        sale_price: money(&item.sale_price),
        availability: item.availability.as_str(),
        link: &item.link,
        image: &item.image,
        has_image: pack.images.of(index).is_some(),
    })
}

/// Every category that items lie in or below, in the words of `locale`, in catalogue order.
pub fn categories<'a>(pack: &'a Pack, locale: &str) -> Vec<CategoryView<'a>> {
    let mut numbers: HashMap<&[String], usize> = HashMap::new();
    let mut categories: Vec<CategoryView> = Vec::new();
    for (index, item) in (0_u32..).zip(pack.items.iter()) {
        let path = item.text(locale).map_or(&[][..], |text| &text.category);
        for length in 1..=path.len() {
            let prefix = &path[..length];
            let number = *numbers.entry(prefix).or_insert_with(|| {
                categories.push(CategoryView {
                    path: prefix,
                    count: 0,
                    first: index,
                });
                categories.len() - 1
            });
            categories[number].count += 1;
        }
    }
    categories
}

/// Items in or below a category, in catalogue order.
pub fn in_category(pack: &Pack, path: &[String], locale: &str) -> Vec<u32> {
    let inside = |item: &Item| {
        item.text(locale)
            .is_some_and(|text| text.category.starts_with(path))
    };
    let items = (0_u32..).zip(pack.items.iter());
    items
        .filter(|(_, item)| inside(item))
        .map(|(index, _)| index)
        .collect()
}
