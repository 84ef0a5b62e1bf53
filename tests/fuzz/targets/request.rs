#![no_main]
//! What a page asks and a history says: any numbers, of a small pack.

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use nearshelf_catalogue::{EventKind, Pack};
use nearshelf_recommend::{Filter, HistoryEvent, Kind, Request, recommend};
use std::sync::LazyLock;

static PACK: LazyLock<Pack> =
    LazyLock::new(|| nearshelf_fuzz::pack("pack-v1").expect("the pack is whole"));

#[derive(Debug, Arbitrary)]
struct Asked {
    kind: u8,
    anchors: Vec<u32>,
    history: Vec<(u8, u8, i64)>,
    limit: u16,
    in_stock_only: bool,
    categories: Vec<Vec<String>>,
    price: (Option<i64>, Option<i64>),
    currency: Option<String>,
    lists: [Vec<u32>; 4],
    now_millis: i64,
    diversity: f32,
    repeat_purchases: bool,
}

fuzz_target!(|asked: Asked| {
    let kinds = EventKind::ALL;
    let events = asked
        .history
        .iter()
        .map(|&(item, kind, time_millis)| HistoryEvent {
            item: u32::from(item % 8),
            kind: kinds[usize::from(kind) % kinds.len()],
            time_millis,
        });
    let [pins, exclude, not_interested, already_shown] = asked.lists;
    let request = Request {
        kind: Kind::ALL[usize::from(asked.kind) % Kind::ALL.len()],
        anchors: asked.anchors,
        history: events.collect(),
        limit: usize::from(asked.limit),
        filter: Filter {
            in_stock_only: asked.in_stock_only,
            categories: asked.categories,
            price_min: asked.price.0,
            price_max: asked.price.1,
            currency: asked.currency,
            ..Filter::default()
        },
        pins,
        exclude,
        not_interested,
        already_shown,
        now_millis: asked.now_millis,
        diversity: asked.diversity,
        novelty: asked.diversity,
        wishes: Vec::new(),
        repeat_purchases: asked.repeat_purchases,
    };
    let answer = recommend(&PACK, &request, None);
    assert!(answer.len() <= request.limit.min(PACK.items.len()));
});
