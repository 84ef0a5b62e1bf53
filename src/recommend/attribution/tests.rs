#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use nearshelf_catalogue::{EventKind, Pack};

use crate::index::PackIndex;
use crate::request::{Deed, HistoryEvent, Kind, Reason, Recommendation, Request};
use crate::testing::Shop;

const MINUTE: i64 = 60_000;
const NOW: i64 = 1000 * MINUTE;

fn did(kind: EventKind, item: u32, minutes_ago: i64) -> HistoryEvent {
    HistoryEvent {
        item,
        kind,
        time_millis: NOW - minutes_ago * MINUTE,
    }
}

/// Neighbours, demand and embeddings, so that all measures have a part.
fn shop() -> Pack {
    Shop::of(8)
        .viewed(0, 3, 0.9)
        .viewed(0, 4, 0.4)
        .viewed(1, 4, 0.8)
        .bought(2, 3, 0.7)
        .bought(2, 5, 0.5)
        .popularity(&[0.3, 0.2, 0.1, 0.4, 0.2, 0.1, 1.0, 0.9])
        .embeddings(&[
            [127, 0],
            [0, 127],
            [90, 90],
            [120, 40],
            [40, 120],
            [80, 99],
            [-127, 0],
            [0, -127],
        ])
        .pack()
}

fn history() -> Vec<HistoryEvent> {
    vec![
        did(EventKind::Purchase, 2, 900),
        did(EventKind::View, 0, 500),
        did(EventKind::View, 1, 400),
        did(EventKind::View, 0, 300),
        did(EventKind::AddToCart, 7, 200),
    ]
}

fn request(history: Vec<HistoryEvent>) -> Request {
    Request {
        history,
        limit: 8,
        now_millis: NOW,
        ..Request::default()
    }
}

/// A model whose query turns with what was done last.
fn query_of(history: &[HistoryEvent]) -> Option<Vec<f32>> {
    let last = history.last()?;
    Some(vec![1.0, last.item as f32 + history.len() as f32])
}

fn explained(pack: &Pack, request: &Request) -> Vec<Recommendation> {
    PackIndex::new(pack).recommend_and_explain(pack, request, &mut query_of)
}

#[test]
fn without_the_named_events_the_score_is_lower_by_exactly_what_was_stated() {
    let pack = shop();
    let asked = request(history());
    let answer = explained(&pack, &asked);
    let mut tried = 0;
    for shown in &answer {
        for ground in &shown.grounds {
            let left = asked.history.iter().zip(0_u32..);
            let left = left.filter(|(_, place)| !ground.events.contains(place));
            let without = request(left.map(|(event, _)| *event).collect());
            let query = query_of(&without.history);
            let index = PackIndex::new(&pack);
            let score = index
                .explain(&pack, &without, query.as_deref(), shown.item)
                .score;
            assert_eq!(shown.score - score, ground.points);
            tried += 1;
        }
    }
    assert!(tried >= 5, "{tried} grounds");
}

#[test]
fn the_list_asked_again_without_the_events_scores_as_stated() {
    let pack = shop();
    let asked = request(history());
    let of = |answer: &[Recommendation], item| {
        answer
            .iter()
            .find(|shown| shown.item == item)
            .unwrap()
            .clone()
    };
    let full = of(&explained(&pack, &asked), 3);
    let ground = &full.grounds[0];
    let left = asked.history.iter().zip(0_u32..);
    let left = left.filter(|(_, place)| !ground.events.contains(place));
    let without = request(left.map(|(event, _)| *event).collect());
    let again = of(&explained(&pack, &without), 3);
    assert_eq!(again.score, full.score - ground.points);
}

#[test]
fn all_events_of_an_item_are_named_with_the_strongest_thing_done() {
    let answer = explained(&shop(), &request(history()));
    let of_three = answer.iter().find(|shown| shown.item == 3).unwrap();
    let viewed = of_three.grounds.iter().find(|g| g.item == 0).unwrap();
    assert_eq!(
        (viewed.was, &viewed.events[..]),
        (Deed::Viewed, &[1, 3][..])
    );
    let bought = of_three.grounds.iter().find(|g| g.item == 2).unwrap();
    assert_eq!((bought.was, &bought.events[..]), (Deed::Bought, &[0][..]));
    assert!(
        of_three
            .grounds
            .windows(2)
            .all(|g| g[0].points >= g[1].points)
    );
    assert!(
        of_three
            .reasons
            .contains(&Reason::BecauseBought { item: 2 })
    );
}

#[test]
fn a_list_that_does_not_go_by_the_history_has_no_grounds() {
    let pack = shop();
    let asked = Request {
        kind: Kind::Related,
        anchors: vec![0],
        ..request(history())
    };
    let answer = explained(&pack, &asked);
    assert!(!answer.is_empty());
    assert!(answer.iter().all(|shown| shown.grounds.is_empty()));
    let new = explained(&pack, &request(Vec::new()));
    assert!(new.iter().all(|shown| shown.grounds.is_empty()));
}

#[test]
fn explaining_changes_neither_items_nor_scores() {
    let pack = shop();
    let asked = request(history());
    let query = query_of(&asked.history);
    let plain = PackIndex::new(&pack).recommend(&pack, &asked, query.as_deref());
    let pairs = |answer: &[Recommendation]| -> Vec<(u32, f32)> {
        answer.iter().map(|s| (s.item, s.score)).collect()
    };
    assert_eq!(pairs(&plain), pairs(&explained(&pack, &asked)));
}

#[test]
fn what_the_personal_head_learnt_of_an_event_is_part_of_what_is_stated() {
    let pack = shop();
    let asked = request(history());
    let personal = |history: Vec<HistoryEvent>, item| {
        let parts = PackIndex::new(&pack)
            .explain(&pack, &request(history), None, item)
            .parts;
        let mut parts = parts.into_iter();
        parts
            .find(|(part, _)| *part == "personal")
            .map(|(_, points)| points)
    };
    let mut differ = 0;
    for shown in explained(&pack, &asked) {
        for ground in &shown.grounds {
            let left = asked.history.iter().zip(0_u32..);
            let left = left.filter(|(_, place)| !ground.events.contains(place));
            let without: Vec<HistoryEvent> = left.map(|(event, _)| *event).collect();
            let (with, without) = (
                personal(asked.history.clone(), shown.item),
                personal(without, shown.item),
            );
            differ += u32::from(with != without);
        }
    }
    assert!(differ >= 4, "{differ} grounds that the head has a part in");
    assert_eq!(personal(Vec::new(), 3), None, "erased is forgotten");
}
