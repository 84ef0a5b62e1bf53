//! The merchant's rules as they write them: a JSON file, checked against the catalogue and worked out for it.
//!
//! Runs natively when packing; pages get [`Merchandising`], which names items. What is wrong is told by rule, field
//! and mend, all of it at once. The format is described in `docs/rules.md`.

mod condition;
mod field;
mod near;

use nearshelf_catalogue::{Action, ItemTable, Merchandising, Rule};
use serde_json::{Map, Value};

use crate::index::Numbers;
use crate::request::Kind;
use crate::search::search_words;
use condition::items_where;
use field::{Fields, Problems};

/// Most rules and groups of synonyms: each is looked at with every list.
const MOST: usize = 1000;
/// Boosts beyond this are slips of the keyboard.
const MOST_BOOST: f64 = 1000.0;

/// One thing that is wrong with a file of rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", place(.entry, .field))]
pub struct RuleProblem {
    /// `rule 3` or `synonyms 2`, counted from 1; empty where it is about the whole file.
    pub entry: String,
    /// The field, as `where.brand`; may be empty.
    pub field: String,
    /// What is wrong and how to mend it.
    pub problem: String,
}

fn place(entry: &str, field: &str) -> String {
    match (entry, field) {
        ("", "") => String::new(),
        ("", field) => format!("`{field}`: "),
        (entry, "") => format!("{entry}: "),
        (entry, field) => format!("{entry}, `{field}`: "),
    }
}

/// Reads rules and works them out for a catalogue.
///
/// # Errors
/// All problems that were found, in the order of the file; at least one. Nothing of the file holds then.
pub fn read_rules(json: &str, items: &ItemTable) -> Result<Merchandising, Vec<RuleProblem>> {
    let mut problems = Problems::default();
    let said = match serde_json::from_str::<Value>(json) {
        Ok(Value::Object(file)) => file_of(&file, items, &mut problems),
        Ok(_) => {
            problems.add("", "the file is no object: write {\"rules\": […]}");
            Merchandising::default()
        }
        Err(error) => {
            problems.add("", format!("this is no JSON: {error}"));
            Merchandising::default()
        }
    };
    problems.or(said)
}

fn file_of(file: &Map<String, Value>, items: &ItemTable, problems: &mut Problems) -> Merchandising {
    let mut fields = Fields::new(file, problems);
    let rules = fields.list("rules").unwrap_or_default();
    let synonyms = fields.list("synonyms").unwrap_or_default();
    fields.no_others(&["rules", "synonyms"]);
    for (field, count) in [("rules", rules.len()), ("synonyms", synonyms.len())] {
        if count > MOST {
            problems.add(field, format!("{count} are too many: at most {MOST}"));
        }
    }
    let mut said = Merchandising::default();
    for (rule, number) in rules.iter().take(MOST).zip(1..) {
        problems.entry = format!("rule {number}");
        match rule {
            Value::Object(rule) => said.rules.extend(rule_of(rule, items, problems)),
            _ => problems.add(
                "",
                "a rule is an object: write {\"boost\": 1.5, \"where\": {…}}",
            ),
        }
    }
    for (group, number) in synonyms.iter().take(MOST).zip(1..) {
        problems.entry = format!("synonyms {number}");
        said.synonyms.extend(synonyms_of(group, problems));
    }
    said
}

/// What a rule does is told by which of these fields it has.
const ACTIONS: [&str; 5] = ["boost", "bury", "pin", "exclude", "at_most"];
/// Fields that a rule may have whatever it does.
const OTHERS: [&str; 5] = ["name", "in", "queries", "from", "until"];

fn rule_of(rule: &Map<String, Value>, items: &ItemTable, problems: &mut Problems) -> Option<Rule> {
    let stated: Vec<&str> = ACTIONS
        .into_iter()
        .filter(|action| rule.contains_key(*action))
        .collect();
    let &[action] = stated.as_slice() else {
        let known = [ACTIONS.as_slice(), &OTHERS, &["where", "per"]].concat();
        let misspelt = rule.keys().any(|field| !known.contains(&field.as_str()));
        let found = match stated.as_slice() {
            [] if misspelt => {
                Fields::new(rule, problems).no_others(&known);
                return None;
            }
            [] => "it does nothing".to_owned(),
            many => format!("it has {}", many.join(" and ")),
        };
        problems.add(
            "",
            format!("{found}: give it one of {}", ACTIONS.join(", ")),
        );
        return None;
    };
    let mut fields = Fields::new(rule, problems);
    let name = fields.text("name").unwrap_or_default();
    let lists = fields.texts("in").unwrap_or_default();
    let queries = fields.texts("queries").unwrap_or_default();
    let from_millis = fields.time("from");
    let until_millis = fields.time("until");
    let mut known = [OTHERS.as_slice(), &[action]].concat();
    known.push(if action == "at_most" { "per" } else { "where" });
    fields.no_others(&known);

    let names: Vec<&str> = Kind::ALL
        .iter()
        .map(|kind| kind.as_str())
        .chain(["search"])
        .collect();
    for list in lists.iter().filter(|list| !names.contains(&list.as_str())) {
        problems.add("in", near::unknown("list", list, &names));
    }
    if !queries.is_empty() && !lists.iter().all(|list| list == "search") {
        problems.add(
            "queries",
            "only searches have words: add \"in\": [\"search\"]",
        );
    }
    if let (Some(from), Some(until)) = (from_millis, until_millis)
        && from >= until
    {
        problems.add(
            "until",
            "it ends before it begins: put a later time than in `from`",
        );
    }
    let action = match action {
        "pin" => Action::Pin {
            items: pins(rule, items, problems),
        },
        "at_most" => quota(rule, items, problems)?,
        "exclude" => {
            if rule.get("exclude") != Some(&Value::Bool(true)) {
                problems.add("exclude", "write true, or take the rule out");
            }
            Action::Exclude {
                items: items_where(rule, items, problems),
            }
        }
        weigh => {
            let range = if weigh == "boost" {
                1.0..=MOST_BOOST
            } else {
                0.0..=1.0
            };
            let items = items_where(rule, items, problems);
            let factor = Fields::new(rule, problems).number(weigh);
            let factor = factor.filter(|factor| {
                let inside = range.contains(factor);
                if !inside {
                    let (least, most) = (range.start(), range.end());
                    let mend = format!("{factor} is not from {least} to {most}");
                    problems.add(weigh, mend);
                }
                inside
            });
            Action::Weigh {
                factor: factor? as f32,
                items,
            }
        }
    };
    Some(Rule {
        name,
        lists,
        from_millis,
        until_millis,
        queries: queries.iter().map(|words| search_words(words)).collect(),
        action,
    })
}

fn pins(rule: &Map<String, Value>, items: &ItemTable, problems: &mut Problems) -> Vec<u32> {
    let mut fields = Fields::new(rule, problems);
    let ids = fields.texts("pin").unwrap_or_default();
    if rule.contains_key("where") {
        problems.add(
            "where",
            "pins are named one by one, in their order: list ids in `pin`",
        );
    }
    condition::indexes("pin", &ids, items, problems)
}

/// A quota: the groups are what `per` tells of each item.
fn quota(rule: &Map<String, Value>, items: &ItemTable, problems: &mut Problems) -> Option<Action> {
    let mut fields = Fields::new(rule, problems);
    let most = fields.number("at_most");
    let per = fields.text("per");
    let whole = most.filter(|most| most.fract() == 0.0 && (0.0..=1000.0).contains(most));
    if let (Some(most), None) = (most, whole) {
        problems.add(
            "at_most",
            format!("{most} is no whole number from 0 to 1000"),
        );
    }
    let Some(per) = per else {
        problems.add(
            "per",
            "missing: brand, category, product, or attribute:NAME",
        );
        return None;
    };
    let group = |item: u32| -> Option<String> {
        let item = items.get(item)?;
        let text = item.texts.first();
        let value = match per.as_str() {
            "brand" => Some(item.brand.clone()),
            "category" => text.map(|text| text.category.join(" > ")),
            "product" => item.group_id.clone(),
            other => {
                let name = other.strip_prefix("attribute:")?;
                let attributes = text?.attributes.iter();
                let own = attributes.filter(|(own, _)| own.eq_ignore_ascii_case(name));
                own.map(|(_, value)| value.clone()).next()
            }
        };
        value.filter(|value| !value.is_empty())
    };
    let values: Vec<Option<String>> = (0..items.len() as u32).map(group).collect();
    let mut numbers = Numbers::default();
    let groups: Vec<u32> = values
        .iter()
        .map(|value| value.as_deref().map_or(0, |value| 1 + numbers.of(value)))
        .collect();
    if numbers.count() == 0 {
        let mend = "no item has that: use brand, category, product, or attribute:NAME of the primary language";
        problems.add("per", format!("{per:?}: {mend}"));
    }
    Some(Action::Quota {
        most: whole? as u32,
        groups,
    })
}

fn synonyms_of(group: &Value, problems: &mut Problems) -> Option<Vec<String>> {
    let Some(words) = field::texts_of(group) else {
        problems.add(
            "",
            "write a list of words that mean the same: [\"sofa\", \"couch\"]",
        );
        return None;
    };
    let mut group: Vec<String> = words.iter().map(|word| search_words(word)).collect();
    if let Some(at) = group.iter().position(String::is_empty) {
        problems.add(
            "",
            format!("{:?} has no letters that a search reads", words[at]),
        );
    }
    group.sort_unstable();
    group.dedup();
    if group.len() < 2 {
        problems.add("", "one word alone has no synonym: add another");
    }
    Some(group)
}

#[cfg(test)]
mod tests;
