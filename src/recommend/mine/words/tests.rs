#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::*;
use crate::testing::{item, text};

fn titled(titles: &[&str]) -> Vec<Item> {
    let titled = titles.iter().map(|title| Item {
        texts: vec![text("en", title, "")],
        ..item(title)
    });
    titled.collect()
}

fn found(titles: &[&str]) -> Vec<Vec<u32>> {
    let lists = alike_on(2, &titled(titles), 16);
    let items = |list: &Vec<Neighbour>| list.iter().map(|n| n.item).collect();
    lists.iter().map(items).collect()
}

#[test]
fn texts_that_share_rare_words_come_first_and_those_that_share_none_do_not_come() {
    let lists = found(&[
        "Red retrospot plate",
        "Red retrospot mug",
        "Red candle",
        "Green candle",
        "Black hat",
        "Black scarf",
    ]);
    assert_eq!(lists[0], [1, 2]);
    assert_eq!(lists[2], [3, 0, 1]);
    assert_eq!(lists[4], [5]);
}

#[test]
fn neighbouring_words_count_more_than_the_same_words_apart() {
    let lists = found(&[
        "cake stand",
        "cake stand blue",
        "stand with cake",
        "hat",
        "scarf",
    ]);
    assert_eq!(lists[0], [1, 2]);
}

#[test]
fn weights_are_cosines() {
    // Of four texts "a" is in two: ln 2; "b", "c" and the pairs in one: ln 4, twice that.
    let lists = alike_on(1, &titled(&["a b", "a c", "d", "e"]), 16);
    let (shared, rare) = (1.0_f32, 4.0_f32);
    let length = shared.powi(2) + rare.powi(2) + (rare * PAIR).powi(2);
    assert!((lists[0][0].weight - shared / length).abs() < 1e-6);
    let same = alike_on(1, &titled(&["a b", "A, B!", "d", "e"]), 16);
    assert!((same[0][0].weight - 1.0).abs() < 1e-6);
}

#[test]
fn ideographs_are_compared_by_their_pairs() {
    let lists = found(&["蓝色衬衫", "红色衬衫", "帽子", "围巾", "杯"]);
    assert_eq!(lists[0], [1]);
    assert!(lists[2].is_empty() && lists[4].is_empty());
}

#[test]
fn texts_without_words_or_with_the_words_of_all_are_like_nothing() {
    assert_eq!(found(&[]), Vec::<Vec<u32>>::new());
    assert_eq!(found(&["lamp"]), [Vec::<u32>::new()]);
    assert_eq!(found(&["", "!?", ""]), vec![Vec::<u32>::new(); 3]);
    assert_eq!(
        found(&["lamp", "lamp"]),
        vec![Vec::<u32>::new(); 2],
        "a word of all tells none apart"
    );
}

#[test]
fn lists_are_cut_and_the_same_on_any_number_of_threads() {
    let titles: Vec<String> = (0..200)
        .map(|n| format!("kind{} colour{} size{}", n % 7, n % 11, n % 5))
        .collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let items = titled(&titles);
    let one = alike_on(1, &items, 5);
    assert!(one.iter().all(|list| list.len() == 5));
    assert!(
        one.iter()
            .flatten()
            .all(|n| n.weight > 0.0 && n.weight <= 1.0)
    );
    assert_eq!(one, alike_on(3, &items, 5));
    assert!(alike_on(3, &items, 0).iter().all(Vec::is_empty));
}

#[test]
fn words_of_more_texts_than_are_looked_at_find_nothing_and_rare_ones_do() {
    let mut titles = vec!["lamp".to_owned(); MOST_LOOKS + 1];
    titles[7] = "lamp brass".to_owned();
    titles[9] = "brass".to_owned();
    titles.push("hat".to_owned());
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let lists = found(&titles);
    assert_eq!(lists[7], [9]);
}
