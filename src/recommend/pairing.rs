//! What goes with something: bought in one basket with it and of another category; and outfits of such items.

use std::collections::HashSet;

use nearshelf_catalogue::{Item, NeighbourKind, Pack};

use crate::facts::Facts;
use crate::history::Signal;
use crate::rank::Scored;

/// Items whose categories share more of their paths than this are of one sort: two dresses don't go with each other.
const ONE_SORT: f32 = 0.5;

/// Whether an item is of the same sort as any of others.
pub(crate) fn is_of_their_sort(
    facts: Facts,
    item: u32,
    mut others: impl Iterator<Item = u32>,
) -> bool {
    others.any(|other| facts.category_overlap(item, other) > ONE_SORT)
}

/// Which categories go with those of some items, by category number: how much their items were bought with items of these
/// categories, relative to the most, a large category's being divided by the root of its size. 0 for categories of the
/// same sort.
pub(crate) fn categories_beside(pack: &Pack, facts: Facts, signals: &[Signal]) -> Vec<f32> {
    let index = facts.index;
    let own: HashSet<u32> = signals
        .iter()
        .filter_map(|signal| index.category(signal.item))
        .collect();
    let mut weights = vec![0.0_f32; index.category_count()];
    let mut sizes = vec![0.0_f32; index.category_count()];
    for item in 0..pack.items.len() as u32 {
        let Some(category) = index.category(item) else {
            continue;
        };
        sizes[category as usize] += 1.0;
        if own.contains(&category) {
            for neighbour in pack.neighbours.of(NeighbourKind::BoughtTogether, item) {
                if let Some(beside) = index.category(neighbour.item) {
                    weights[beside as usize] += neighbour.weight;
                }
            }
        }
    }
    for (category, (weight, size)) in (0..).zip(weights.iter_mut().zip(sizes)) {
        let one_sort = own
            .iter()
            .any(|&own| index.overlap(own, category) > ONE_SORT);
        *weight = if one_sort {
            0.0
        } else {
            *weight / size.max(1.0).sqrt()
        };
    }
    let most = weights.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    weights.iter_mut().for_each(|weight| *weight /= most);
    weights
}

/// Positions in the pool of an outfit: one item after the other, each of another sort than what it is to go with and than
/// those before it, and of what is left the one with the best score times what it has in common with them.
///
/// - `pool`: best first
/// - `seed`: items that it is to go with
pub(crate) fn outfit(
    pack: &Pack,
    facts: Facts,
    pool: &[Scored],
    seed: &[u32],
    limit: usize,
) -> Vec<usize> {
    let mut worn = seed.to_vec();
    let mut places = Vec::new();
    while places.len() < limit {
        let mut next: Option<(usize, f32)> = None;
        for (place, candidate) in pool.iter().enumerate() {
            let item = candidate.item;
            let fits = facts.index.category(item).is_some()
                && !is_of_their_sort(facts, item, worn.iter().copied());
            let score = candidate.score * (1.0 + in_common(pack, item, &worn));
            if fits && next.is_none_or(|(_, most)| score > most) {
                next = Some((place, score));
            }
        }
        let Some((place, _)) = next else {
            break;
        };
        worn.push(pool[place].item);
        places.push(place);
    }
    places
}

/// How well an item goes with some others on average: how much they are bought together, and the part of its attributes
/// that they share. In `[0, 2]`.
fn in_common(pack: &Pack, item: u32, others: &[u32]) -> f32 {
    let Some(own) = pack.items.get(item) else {
        return 0.0;
    };
    let with = |&other: &u32| {
        let mut bought = pack.neighbours.of(NeighbourKind::BoughtTogether, other);
        let bought = bought.find(|neighbour| neighbour.item == item);
        let shared = pack
            .items
            .get(other)
            .map_or(0.0, |other| shared(own, other));
        bought.map_or(0.0, |neighbour| neighbour.weight) + shared
    };
    others.iter().map(with).sum::<f32>() / others.len().max(1) as f32
}

/// Part of an item's attributes, as its colour, that another one has, too.
fn shared(item: &Item, other: &Item) -> f32 {
    let (Some(own), Some(other)) = (item.texts.first(), other.texts.first()) else {
        return 0.0;
    };
    let shared = own
        .attributes
        .iter()
        .filter(|attribute| other.attributes.contains(attribute));
    shared.count() as f32 / own.attributes.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use nearshelf_catalogue::EventKind;

    use super::*;

    use crate::request::{HistoryEvent, Kind, Reason, Request};
    use crate::testing::{Shop, in_category};

    fn of(category: &str, colour: &str) -> Item {
        let mut item = in_category("", category);
        item.texts[0].attributes = vec![("Colour".to_owned(), colour.to_owned())];
        item
    }

    /// Dresses 0 and 1, shoes 2 and 3, bags 4 and 5, a hat 6, and 7 without a category.
    fn shop() -> Shop {
        let goods = [
            ("Women > Dresses", "red"),
            ("Women > Dresses", "blue"),
            ("Women > Shoes", "blue"),
            ("Women > Shoes", "red"),
            ("Women > Bags", "red"),
            ("Women > Bags", "blue"),
            ("Women > Hats", "green"),
            ("", "red"),
        ];
        let mut items: Vec<Item> = goods.iter().map(|(c, colour)| of(c, colour)).collect();
        for (number, item) in items.iter_mut().enumerate() {
            item.id = number.to_string();
        }
        Shop::with(items)
            .bought(0, 1, 0.9)
            .bought(0, 2, 0.5)
            .bought(0, 3, 0.5)
            .bought(0, 7, 0.3)
            .bought(1, 5, 0.6)
            .bought(1, 4, 0.6)
            .bought(4, 3, 0.4)
    }

    fn ask(pack: &Pack, kind: Kind, anchors: &[u32]) -> Vec<(u32, Reason)> {
        let request = Request {
            kind,
            anchors: anchors.to_vec(),
            diversity: 0.0,
            ..Request::default()
        };
        let answer = crate::recommend(pack, &request, None);
        answer.iter().map(|a| (a.item, a.reasons[0])).collect()
    }

    fn items(answer: &[(u32, Reason)]) -> Vec<u32> {
        answer.iter().map(|answered| answered.0).collect()
    }

    #[test]
    fn what_goes_with_a_dress_is_no_other_dress_and_its_category_helps_where_pairs_are_few() {
        let answer = ask(&shop().pack(), Kind::GoesWith, &[0]);
        assert_eq!(items(&answer), [2, 3, 4, 5, 7]);
        assert_eq!(answer[0].1, Reason::BoughtTogetherWith { item: 0 });
        assert_eq!(
            answer[2].1,
            Reason::GoesWith { item: 0 },
            "dresses go with bags"
        );
    }

    #[test]
    fn an_outfit_has_one_of_each_sort_and_what_has_most_in_common() {
        let pack = shop().pack();
        // The red bag is bought with the red shoes; both are of the dress's colour.
        assert_eq!(items(&ask(&pack, Kind::Outfit, &[0])), [3, 4]);
        assert_eq!(items(&ask(&pack, Kind::Outfit, &[1])), [5, 2]);
    }

    #[test]
    fn what_lies_in_the_cart_is_completed() {
        let pack = shop().pack();
        let history = vec![HistoryEvent {
            item: 0,
            kind: EventKind::AddToCart,
            time_millis: 0,
        }];
        for kind in [Kind::GoesWith, Kind::Outfit] {
            let request = Request {
                kind,
                history: history.clone(),
                ..Request::default()
            };
            let answer = crate::recommend(&pack, &request, None);
            assert!(answer.iter().all(|a| a.item > 1));
            assert_eq!(answer[0].reasons[0], Reason::BecauseInCart { item: 0 });
        }
    }

    #[test]
    fn without_pairs_nothing_goes_with_anything() {
        let goods = || vec![of("A", "red"), of("B", "red")];
        let pack = Shop::with(goods()).popularity(&[1.0, 1.0]).pack();
        for kind in [Kind::GoesWith, Kind::Outfit] {
            assert!(ask(&pack, kind, &[0]).is_empty());
            assert!(ask(&pack, kind, &[9]).is_empty(), "unknown");
            assert!(ask(&Pack::default(), kind, &[0]).is_empty());
        }
    }
}
