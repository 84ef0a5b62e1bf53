//! What the merchant wants of lists, worked out for a catalogue: rules with the items they speak of, and synonyms.

use super::PackError;
use serde::{Deserialize, Serialize};

/// Everything a merchant says about lists. The default says nothing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Merchandising {
    /// In the merchant's order.
    pub rules: Vec<Rule>,
    /// Groups of words that mean the same in a search, as a search reads them.
    pub synonyms: Vec<Vec<String>>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// What the merchant calls it; may be empty.
    pub name: String,
    /// Kinds of list that it holds for, and `search`; empty for all.
    pub lists: Vec<String>,
    /// From when on it holds, Unix time.
    pub from_millis: Option<i64>,
    /// From when on it no longer holds, Unix time.
    pub until_millis: Option<i64>,
    /// In searches, the words of which it holds for, as a search reads them; empty for all.
    pub queries: Vec<String>,
    /// What it does.
    pub action: Action,
}

/// What a rule does. Items are in catalogue order but for pins, which have the order of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Multiplies scores: above 1 it boosts, below it buries.
    Weigh {
        /// Finite, 0 or more.
        factor: f32,
        /// Whose.
        items: Vec<u32>,
    },
    /// Puts items first.
    Pin {
        /// Which.
        items: Vec<u32>,
    },
    /// Shows items never.
    Exclude {
        /// Which.
        items: Vec<u32>,
    },
    /// Shows only so many of each group.
    Quota {
        /// At most so many.
        most: u32,
        /// `[n_items]`: number of the item's group, 0 for none.
        groups: Vec<u32>,
    },
}

impl Rule {
    /// Whether it holds for a list of this name (`search` for a search) at this time.
    #[must_use]
    pub fn holds(&self, list: &str, now_millis: i64) -> bool {
        (self.lists.is_empty() || self.lists.iter().any(|own| own == list))
            && self.from_millis.is_none_or(|from| from <= now_millis)
            && self.until_millis.is_none_or(|until| now_millis < until)
    }
}

impl Merchandising {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.synonyms.is_empty()
    }

    /// Checks what a chunk says: items that there are, and factors that are numbers.
    pub(super) fn check(&self, item_count: u32) -> Result<(), PackError> {
        let known = |items: &[u32]| items.iter().all(|&item| item < item_count);
        let rising = |items: &[u32]| items.windows(2).all(|pair| pair[0] < pair[1]);
        let sound = |rule: &Rule| match &rule.action {
            Action::Weigh { factor, items } => {
                factor.is_finite() && *factor >= 0.0 && known(items) && rising(items)
            }
            Action::Pin { items } => known(items),
            Action::Exclude { items } => known(items) && rising(items),
            Action::Quota { groups, .. } => groups.len() == item_count as usize,
        };
        match self.rules.iter().position(|rule| !sound(rule)) {
            Some(at) => Err(PackError::Inconsistent {
                detail: format!("rule {} doesn't fit the items", at + 1),
            }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(action: Action) -> Rule {
        Rule {
            name: String::new(),
            lists: Vec::new(),
            from_millis: None,
            until_millis: None,
            queries: Vec::new(),
            action,
        }
    }

    #[test]
    fn a_rule_holds_for_its_lists_and_its_time() {
        let mut rule = rule(Action::Pin { items: vec![] });
        assert!(rule.holds("for-you", 0));
        rule.lists = vec!["search".to_owned()];
        rule.from_millis = Some(5);
        rule.until_millis = Some(7);
        assert!(!rule.holds("for-you", 5));
        let times = [4, 5, 6, 7].map(|now| rule.holds("search", now));
        assert_eq!(times, [false, true, true, false]);
    }

    #[test]
    fn rules_of_other_items_and_factors_that_are_no_numbers_are_refused() {
        let said = |action| Merchandising {
            rules: vec![rule(action)],
            synonyms: Vec::new(),
        };
        let weigh = |factor, items| Action::Weigh { factor, items };
        assert!(said(weigh(2.0, vec![0, 2])).check(3).is_ok());
        for action in [
            weigh(2.0, vec![3]),
            weigh(2.0, vec![2, 0]),
            weigh(f32::NAN, vec![]),
            weigh(-1.0, vec![]),
            Action::Pin { items: vec![9] },
            Action::Exclude { items: vec![1, 1] },
            Action::Quota {
                most: 1,
                groups: vec![0; 2],
            },
        ] {
            assert!(said(action.clone()).check(3).is_err(), "{action:?}");
        }
    }
}
