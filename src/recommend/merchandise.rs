//! The merchant's rules, put into effect in one list.

use std::collections::HashMap;

use nearshelf_catalogue::{Action, Merchandising, Rule};
use serde::Serialize;

/// A rule that speaks of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TouchingRule {
    /// Its place in the merchant's file, from 1.
    pub number: u32,
    /// What the merchant calls it; may be empty.
    pub name: String,
    /// What it does: `boost`, `bury`, `pin`, `exclude` or `at_most`.
    pub effect: &'static str,
}

/// The rules that hold for a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Merchandise<'a> {
    /// With their numbers, from 0, among all rules.
    rules: Vec<(usize, &'a Rule)>,
}

impl<'a> Merchandise<'a> {
    /// - `list`: a kind's name, or `search`
    pub fn new(said: &'a Merchandising, list: &str, now_millis: i64) -> Self {
        let rules = said.rules.iter().enumerate();
        let holding = rules.filter(|(_, rule)| rule.holds(list, now_millis));
        Self {
            rules: holding.collect(),
        }
    }

    /// Without the rules for other words than these, which are as a search reads them.
    pub fn for_words(mut self, words: &str) -> Self {
        let concerns = |rule: &Rule| {
            rule.queries.is_empty() || rule.queries.iter().any(|query| query == words)
        };
        self.rules.retain(|(_, rule)| concerns(rule));
        self
    }

    /// What the item's score is multiplied by.
    pub fn factor(&self, item: u32) -> f32 {
        let weights = self.rules.iter().map(|(_, rule)| match &rule.action {
            Action::Weigh { factor, items } if items.binary_search(&item).is_ok() => *factor,
            _ => 1.0,
        });
        weights.product()
    }

    /// Items to put first, in order.
    pub fn pins(&self) -> impl Iterator<Item = u32> {
        let pinned = |rule: &&'a Rule| match &rule.action {
            Action::Pin { items } => items.as_slice(),
            _ => &[],
        };
        let rules = self.rules.iter().map(|(_, rule)| rule);
        rules.flat_map(pinned).copied()
    }

    /// Items to leave out.
    pub fn excluded(&self) -> impl Iterator<Item = u32> {
        let excluded = |rule: &&'a Rule| match &rule.action {
            Action::Exclude { items } => items.as_slice(),
            _ => &[],
        };
        let rules = self.rules.iter().map(|(_, rule)| rule);
        rules.flat_map(excluded).copied()
    }

    /// The rules that speak of an item.
    pub fn touching(&self, item: u32) -> Vec<TouchingRule> {
        let speaks = |rule: &Rule| match &rule.action {
            Action::Weigh { items, .. } | Action::Exclude { items } | Action::Pin { items } => {
                items.contains(&item)
            }
            Action::Quota { groups, .. } => groups.get(item as usize).is_some_and(|&g| g != 0),
        };
        let rules = self.rules.iter().filter(|(_, rule)| speaks(rule));
        let told = rules.map(|(place, rule)| TouchingRule {
            number: *place as u32 + 1,
            name: rule.name.clone(),
            effect: match rule.action {
                Action::Weigh { factor, .. } if factor > 1.0 => "boost",
                Action::Weigh { .. } => "bury",
                Action::Pin { .. } => "pin",
                Action::Exclude { .. } => "exclude",
                Action::Quota { .. } => "at_most",
            },
        });
        told.collect()
    }

    /// Counts what a list holds of each group.
    pub fn quotas(&self) -> Quotas<'a> {
        let quota = |(_, rule): &(usize, &'a Rule)| match &rule.action {
            Action::Quota { most, groups } => Some((*most, groups.as_slice())),
            _ => None,
        };
        Quotas {
            rules: self.rules.iter().filter_map(quota).collect(),
            counts: HashMap::new(),
        }
    }
}

/// What a list holds of each group that is limited.
pub(crate) struct Quotas<'a> {
    rules: Vec<(u32, &'a [u32])>,
    /// How many items are shown of each group, by place of the rule and group.
    counts: HashMap<(usize, u32), u32>,
}

impl Quotas<'_> {
    /// Whether anything is limited.
    pub fn any(&self) -> bool {
        !self.rules.is_empty()
    }

    /// Groups of an item, with the places of their rules and what these allow.
    fn groups(&self, item: u32) -> impl Iterator<Item = (u32, (usize, u32))> {
        let rules = self.rules.iter().enumerate();
        rules.filter_map(move |(place, &(most, of_item))| {
            let group = *of_item.get(item as usize)?;
            (group != 0).then_some((most, (place, group)))
        })
    }

    /// Whether one more of this item's groups may be shown; if so it is counted.
    pub fn admit(&mut self, item: u32) -> bool {
        let has_room = |(most, group)| self.counts.get(&group).copied().unwrap_or(0) < most;
        let admitted = self.groups(item).all(has_room);
        if admitted {
            self.count(item);
        }
        admitted
    }

    /// Counts an item that is shown whatever a quota says.
    pub fn count(&mut self, item: u32) {
        let groups: Vec<(usize, u32)> = self.groups(item).map(|(_, group)| group).collect();
        for group in groups {
            *self.counts.entry(group).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests;
