#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::request::{Kind, Reason, Request};
use crate::testing::Shop;
use nearshelf_catalogue::Pack;

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

/// Six items, most wanted first.
fn shop(actions: Vec<Action>) -> Pack {
    let mut pack = Shop::of(6)
        .popularity(&[1.0, 0.9, 0.8, 0.7, 0.6, 0.5])
        .pack();
    pack.merchandising.rules = actions.into_iter().map(rule).collect();
    pack
}

fn ask(pack: &Pack, limit: usize) -> Vec<u32> {
    let request = Request {
        kind: Kind::Trending,
        limit,
        diversity: 0.0,
        ..Request::default()
    };
    let answer = crate::recommend(pack, &request, None);
    answer.into_iter().map(|answered| answered.item).collect()
}

fn weigh(factor: f32, items: &[u32]) -> Action {
    Action::Weigh {
        factor,
        items: items.to_vec(),
    }
}

#[test]
fn what_is_boosted_rises_and_what_is_buried_sinks() {
    let pack = shop(vec![weigh(1.5, &[4]), weigh(0.1, &[0, 1])]);
    assert_eq!(ask(&pack, 6), [4, 2, 3, 5, 0, 1]);
}

#[test]
fn two_rules_for_one_item_are_multiplied() {
    let pack = shop(vec![weigh(0.5, &[0]), weigh(0.5, &[0])]);
    let holding = Merchandise::new(&pack.merchandising, "trending", 0);
    assert_eq!(holding.factor(0), 0.25);
    assert_eq!(holding.factor(1), 1.0);
    let touching = holding.touching(0);
    let told: Vec<_> = touching.iter().map(|r| (r.number, r.effect)).collect();
    assert_eq!(told, [(1, "bury"), (2, "bury")]);
    assert!(holding.touching(1).is_empty());
}

#[test]
fn pins_come_first_and_what_is_excluded_never() {
    let pin = Action::Pin { items: vec![5, 2] };
    let pack = shop(vec![pin, Action::Exclude { items: vec![2, 3] }]);
    assert_eq!(ask(&pack, 6), [5, 0, 1, 4]);
    let request = Request {
        kind: Kind::Trending,
        ..Request::default()
    };
    let answer = crate::recommend(&pack, &request, None);
    assert_eq!(answer[0].reasons, [Reason::Pinned]);
}

#[test]
fn a_quota_lets_so_many_of_a_group_in_and_the_next_best_after_them() {
    let quota = |most| Action::Quota {
        most,
        groups: vec![1, 1, 1, 2, 2, 0],
    };
    assert_eq!(ask(&shop(vec![quota(1)]), 6), [0, 3, 5]);
    assert_eq!(ask(&shop(vec![quota(2)]), 4), [0, 1, 3, 4]);
    let pin = Action::Pin { items: vec![1] };
    assert_eq!(
        ask(&shop(vec![pin, quota(1)]), 6),
        [1, 3, 5],
        "a pin counts"
    );
    assert!(ask(&shop(vec![quota(0)]), 6) == [5]);
}

#[test]
fn a_rule_for_other_lists_or_another_time_changes_nothing() {
    let mut pack = shop(vec![Action::Exclude { items: vec![0] }]);
    pack.merchandising.rules[0].lists = vec!["for-you".to_owned()];
    assert_eq!(ask(&pack, 1), [0]);
    pack.merchandising.rules[0].lists = vec!["trending".to_owned()];
    assert_eq!(ask(&pack, 1), [1]);
    pack.merchandising.rules[0].until_millis = Some(0);
    assert_eq!(ask(&pack, 1), [0]);
}
