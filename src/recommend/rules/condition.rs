//! Which items a rule speaks of.

use std::collections::BTreeSet;

use nearshelf_catalogue::{Availability, Item, ItemTable, Money};
use serde_json::{Map, Value};

use super::field::{Fields, Problems, texts_of};
use super::near::unknown;

/// What an item must be; every list that is stated must have one that fits.
#[derive(Default)]
struct Condition {
    ids: Option<Vec<u32>>,
    brands: Option<Vec<String>>,
    categories: Option<Vec<Vec<String>>>,
    /// Name and values.
    attributes: Vec<(String, Vec<String>)>,
    availabilities: Option<Vec<Availability>>,
    price_from: Option<Money>,
    price_below: Option<Money>,
    on_sale: Option<bool>,
}

/// Items that fit the rule's `where`, in catalogue order.
pub(super) fn items_where(
    rule: &Map<String, Value>,
    items: &ItemTable,
    problems: &mut Problems,
) -> Vec<u32> {
    let Some(stated) = Fields::new(rule, problems).object("where") else {
        if !rule.contains_key("where") {
            problems.add("where", "missing: say which items, as {\"brand\": [\"…\"]}");
        }
        return Vec::new();
    };
    if stated.is_empty() {
        problems.add("where", "it is empty, which would be all items: say which");
        return Vec::new();
    }
    let mut own = Problems::default();
    let condition = Condition::read(stated, items, &mut own);
    if let Err(found) = own.or(()) {
        for problem in found {
            problems.add(&format!("where.{}", problem.field), problem.problem);
        }
        return Vec::new();
    }
    let fitting: Vec<u32> = (0..items.len() as u32)
        .filter(|&number| {
            items
                .get(number)
                .is_some_and(|item| condition.fits(number, item))
        })
        .collect();
    if fitting.is_empty() {
        problems.add(
            "where",
            "no item of the catalogue fits all of this: loosen it, or take the rule out",
        );
    }
    fitting
}

/// Items by id, in the order of the list.
pub(super) fn indexes(
    field: &str,
    ids: &[String],
    items: &ItemTable,
    problems: &mut Problems,
) -> Vec<u32> {
    let mut found = Vec::new();
    for id in ids {
        match items.index_of(id) {
            Some(item) => found.push(item),
            None => {
                let known: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
                problems.add(field, unknown("item", id, &known));
            }
        }
    }
    if ids.is_empty() {
        problems.add(field, "it names no item");
    }
    found
}

impl Condition {
    fn read(stated: &Map<String, Value>, items: &ItemTable, problems: &mut Problems) -> Self {
        let mut fields = Fields::new(stated, problems);
        let ids = fields.texts("ids");
        let brands = fields.texts("brand");
        let categories = fields.texts("category");
        let availabilities = fields.texts("availability");
        let attributes = fields.object("attributes");
        let prices = [fields.text("price_from"), fields.text("price_below")];
        let on_sale = fields.flag("on_sale");
        fields.no_others(&[
            "ids",
            "brand",
            "category",
            "attributes",
            "availability",
            "price_from",
            "price_below",
            "on_sale",
        ]);
        let mut condition = Self {
            on_sale,
            ..Self::default()
        };
        condition.ids = ids.map(|ids| {
            let mut indexes = indexes("ids", &ids, items, problems);
            indexes.sort_unstable();
            indexes
        });
        if let Some(brands) = brands {
            let known: BTreeSet<&str> = items.iter().map(|item| item.brand.as_str()).collect();
            check("brand", "brand", &brands, &known, problems);
            condition.brands = Some(brands);
        }
        if let Some(categories) = categories {
            let mut known: BTreeSet<String> = BTreeSet::new();
            for text in items.iter().flat_map(|item| &item.texts) {
                for depth in 1..=text.category.len() {
                    known.insert(text.category[..depth].join(" > "));
                }
            }
            let paths: Vec<Vec<String>> = categories.iter().map(|path| path_of(path)).collect();
            let joined: Vec<String> = paths.iter().map(|path| path.join(" > ")).collect();
            let known = known.iter().map(String::as_str).collect();
            check("category", "category", &joined, &known, problems);
            condition.categories = Some(paths);
        }
        if attributes.is_some_and(Map::is_empty) {
            problems.add("attributes", "it names no attribute");
        }
        for (name, values) in attributes.into_iter().flatten() {
            let texts = || items.iter().flat_map(|item| &item.texts);
            let all = || texts().flat_map(|text| &text.attributes);
            let names: BTreeSet<&str> = all().map(|(name, _)| name.as_str()).collect();
            let field = format!("attributes.{name}");
            check(
                &field,
                "attribute",
                std::slice::from_ref(name),
                &names,
                problems,
            );
            let Some(values) = texts_of(values) else {
                problems.add(&field, format!("{values} is no list of texts"));
                continue;
            };
            if names.contains(name.as_str()) {
                let own = all().filter(|(own, _)| own == name);
                let known = own.map(|(_, value)| value.as_str()).collect();
                check(&field, "value", &values, &known, problems);
            }
            condition.attributes.push((name.clone(), values));
        }
        condition.availabilities = availabilities.map(|names| {
            let read = names.iter().filter_map(|name| {
                let known = Availability::from_name(name);
                if known.is_none() {
                    let names = ["in-stock", "out-of-stock", "pre-order", "back-order"];
                    problems.add("availability", unknown("availability", name, &names));
                }
                known
            });
            read.collect()
        });
        let [from, below] = prices;
        condition.price_from = from.and_then(|price| money("price_from", &price, problems));
        condition.price_below = below.and_then(|price| money("price_below", &price, problems));
        condition
    }

    fn fits(&self, number: u32, item: &Item) -> bool {
        let price = item.sale_price.as_ref().or(item.price.as_ref());
        let in_currency = |bound: &Money| price.filter(|price| price.currency == bound.currency);
        let from =
            |bound: &Money| in_currency(bound).is_some_and(|p| p.minor_units >= bound.minor_units);
        let below =
            |bound: &Money| in_currency(bound).is_some_and(|p| p.minor_units < bound.minor_units);
        let in_category = |path: &Vec<String>| {
            let mut paths = item.texts.iter().map(|text| &text.category);
            paths.any(|own| own.starts_with(path))
        };
        let has = |(name, values): &(String, Vec<String>)| {
            let mut own = item.texts.iter().flat_map(|text| &text.attributes);
            own.any(|(own, value)| own == name && values.contains(value))
        };
        let any = |fits: bool, stated: bool| !stated || fits;
        any(
            self.ids
                .as_ref()
                .is_some_and(|ids| ids.binary_search(&number).is_ok()),
            self.ids.is_some(),
        ) && self
            .brands
            .as_ref()
            .is_none_or(|brands| brands.contains(&item.brand))
            && self
                .categories
                .as_ref()
                .is_none_or(|paths| paths.iter().any(in_category))
            && self.attributes.iter().all(has)
            && self
                .availabilities
                .as_ref()
                .is_none_or(|known| known.contains(&item.availability))
            && self.price_from.as_ref().is_none_or(from)
            && self.price_below.as_ref().is_none_or(below)
            && self
                .on_sale
                .is_none_or(|on_sale| item.sale_price.is_some() == on_sale)
    }
}

/// Names that the catalogue doesn't have.
fn check(
    field: &str,
    what: &str,
    names: &[String],
    known: &BTreeSet<&str>,
    problems: &mut Problems,
) {
    let all: Vec<&str> = known
        .iter()
        .copied()
        .filter(|name| !name.is_empty())
        .collect();
    for name in names.iter().filter(|name| !known.contains(name.as_str())) {
        problems.add(field, unknown(what, name, &all));
    }
    if names.is_empty() {
        problems.add(field, format!("it names no {what}"));
    }
}

fn path_of(path: &str) -> Vec<String> {
    path.split('>').map(|name| name.trim().to_owned()).collect()
}

fn money(field: &str, text: &str, problems: &mut Problems) -> Option<Money> {
    match Money::parse(text, None) {
        Ok(money) => Some(money),
        Err(error) => {
            problems.add(
                field,
                format!("{text:?}: {error}; write it as \"20.00 GBP\""),
            );
            None
        }
    }
}
