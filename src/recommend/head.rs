//! What this shopper alone teaches: a small linear model, learnt anew from the local history for each list.
//!
//! Bayesian personalized ranking (Rendle et al. 2009) for one shopper: what was looked at or bought should stand above
//! what was not. Items are told apart by their embeddings, labels, prices and demand, so that what is learnt of some
//! goes for others. Nothing is kept: without an event, or without the history, there is nothing learnt of it.

use nearshelf_catalogue::{Item, Pack};
use nearshelf_text::fnv1a_32;

use crate::history::Signal;
use crate::order::best;
use crate::retrieve::Space;

/// How often the history is gone through.
const ROUNDS: u32 = 2;

/// Items that each one of the history is compared with in a round.
const RIVALS: u32 = 4;

/// Length of a step of an embedding.
const STEP: f32 = 0.5;

/// What of a step the weights of labels, price and demand take.
const SHARE: f32 = 0.3;

/// Numbers that labels are hashed to: so many that two seldom share one.
const LABELS: u32 = 2048;

/// Items of the history that are learnt from; what weighs less than so many others hardly tells anything.
const LEARNT: usize = 64;

/// The largest weight of a label, of price and of demand; that of an embedding is bounded by its steps, each of which is
/// of unit length times [`STEP`] at most.
const BOUND: f32 = 4.0;

/// A linear model of one shopper.
pub(crate) struct Head<'a> {
    pack: &'a Pack,
    space: Option<Space<'a>>,
    /// Weights of an embedding's values.
    direction: Vec<f32>,
    /// Weights of labels, by their numbers.
    labels: Vec<f32>,
    price: f32,
    demand: f32,
}

impl<'a> Head<'a> {
    /// Learns; `None` without a history.
    ///
    /// - `signals`: in catalogue order; heavier ones take longer steps
    /// - `turned_down`: rivals that are known to be unwanted
    pub fn learn(
        pack: &'a Pack,
        space: Option<Space<'a>>,
        signals: &[Signal],
        turned_down: &[u32],
    ) -> Option<Self> {
        let count = pack.items.len() as u32;
        let weights = signals.iter().map(|signal| signal.weight);
        let heaviest = best(weights.zip(0..), LEARNT);
        let most = signals.get(*heaviest.first()? as usize)?.weight;
        let mut head = Self {
            pack,
            space,
            direction: vec![0.0; space.map_or(0, |space| space.dim())],
            labels: vec![0.0; LABELS as usize],
            price: 0.0,
            demand: 0.0,
        };
        let known = |item: u32| signals.binary_search_by_key(&item, |own| own.item).is_ok();
        for round in 0..ROUNDS {
            // What weighs most has the last word.
            for &place in heaviest.iter().rev() {
                let Signal { item, weight, .. } = signals[place as usize];
                for turn in 0..RIVALS {
                    let draw = round * RIVALS + turn;
                    let rival = turned_down.get(draw as usize).copied();
                    let rival = rival.unwrap_or_else(|| mix(item, draw) % count);
                    if rival < count && !known(rival) {
                        let lead = head.logit(item) - head.logit(rival);
                        let step = STEP * weight / most * sigmoid(-lead);
                        head.learn_of(item, step);
                        head.learn_of(rival, -step);
                    }
                }
            }
        }
        Some(head)
    }

    /// How well an item suits the shopper, in `(-1, 1)`; 0 for one of which nothing was learnt.
    pub fn of(&self, item: u32) -> f32 {
        2.0 * sigmoid(self.logit(item)) - 1.0
    }

    fn logit(&self, item: u32) -> f32 {
        let close = self
            .space
            .map_or(0.0, |space| space.cosine(&self.direction, item));
        let labels = |item| labels(item).map(|label| self.labels[label]).sum::<f32>();
        let item_of = self.pack.items.get(item);
        close
            + item_of.map_or(0.0, |item| labels(item) + self.price * price(item))
            + self.demand * self.pack.popularity.score(item)
    }

    /// Takes a step towards an item, or away from it.
    fn learn_of(&mut self, item: u32, step: f32) {
        if let Some(space) = self.space {
            space.add_direction(&mut self.direction, item, step);
        }
        let step = step * SHARE;
        let bounded = |weight: &mut f32, by: f32| *weight = (*weight + by).clamp(-BOUND, BOUND);
        if let Some(item) = self.pack.items.get(item) {
            for label in labels(item) {
                bounded(&mut self.labels[label], step);
            }
            bounded(&mut self.price, step * price(item));
        }
        bounded(&mut self.demand, step * self.pack.popularity.score(item));
    }
}

/// Numbers of what an item is labelled with: brand, category and attributes, in its first locale.
fn labels(item: &Item) -> impl Iterator<Item = usize> {
    let text = item.texts.first();
    let category = text.and_then(|text| text.category.last());
    let attributes = text.map_or(&[][..], |text| &text.attributes);
    let words = [Some(&item.brand), category].into_iter().flatten();
    let words = words.chain(attributes.iter().map(|(_, value)| value));
    words
        .filter(|word| !word.is_empty())
        .map(|word| (fnv1a_32(word.as_bytes()) % LABELS) as usize)
}

/// Digits of the price, about; 0 without one.
fn price(item: &Item) -> f32 {
    let price = item.sale_price.as_ref().or(item.price.as_ref());
    price.map_or(0.0, |price| (price.minor_units.max(1) as f32).log10())
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// A number that looks drawn and is the same each time.
fn mix(item: u32, draw: u32) -> u32 {
    let mixed = (item ^ draw.wrapping_mul(0x9e37_79b9)).wrapping_mul(0x85eb_ca6b);
    (mixed ^ mixed >> 15).wrapping_mul(0xc2b2_ae35) >> 3
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::history::Source;
    use crate::testing::{Shop, in_category, pounds};

    fn signals(items: &[u32]) -> Vec<Signal> {
        let signal = |&item: &u32| Signal {
            item,
            weight: 1.0,
            source: Source::Viewed,
        };
        items.iter().map(signal).collect()
    }

    /// Hats of Acme and shoes of others, in turn; embeddings turn with the item.
    fn pack(embedded: bool) -> Pack {
        let item = |n: u32| Item {
            brand: if n.is_multiple_of(2) { "Acme" } else { "" }.to_owned(),
            price: Some(pounds(1000 + i64::from(n))),
            ..in_category(&n.to_string(), ["Hats", "Shoes"][n as usize % 2])
        };
        let shop = Shop::with((0..20).map(item).collect());
        let rows: Vec<[i8; 2]> = (0..20).map(|n| [[127, 0], [0, 127]][n % 2]).collect();
        match embedded {
            true => shop.embeddings(&rows).pack(),
            false => shop.pack(),
        }
    }

    fn learnt<'a>(pack: &'a Pack, items: &[u32], turned_down: &[u32]) -> Option<Head<'a>> {
        let space = Space::new(pack.embeddings.as_ref(), pack.items.len());
        Head::learn(pack, space, &signals(items), turned_down)
    }

    #[test]
    fn what_is_learnt_of_some_items_goes_for_others_like_them() {
        for embedded in [true, false] {
            let pack = pack(embedded);
            let head = learnt(&pack, &[0, 2, 4], &[]).unwrap();
            for n in (6..20).step_by(2) {
                assert!(head.of(n) > 0.0 && head.of(n + 1) < 0.0, "{embedded} {n}");
            }
        }
    }

    #[test]
    fn what_was_turned_down_teaches_too() {
        let pack = pack(false);
        let with = learnt(&pack, &[0], &[1, 3, 5, 7, 9, 11, 13, 15]).unwrap();
        let without = learnt(&pack, &[0], &[]).unwrap();
        assert!(with.of(17) < without.of(17));
    }

    #[test]
    fn without_a_history_there_is_nothing_and_equal_histories_teach_the_same() {
        let pack = pack(true);
        assert!(learnt(&pack, &[], &[1]).is_none());
        let scores = || -> Vec<f32> {
            let head = learnt(&pack, &[3, 8], &[99, 2]).unwrap();
            (0..22).map(|item| head.of(item)).collect()
        };
        assert_eq!(scores(), scores());
    }

    #[test]
    fn however_much_is_looked_at_weights_stay_bounded() {
        let pack = pack(true);
        let all: Vec<u32> = (0..20).step_by(2).collect();
        let head = learnt(&pack, &all, &[]).unwrap();
        assert!(head.labels.iter().all(|weight| weight.abs() <= BOUND));
        assert!((0..20).all(|item| head.of(item).abs() < 1.0));
        assert!(
            learnt(&pack, &(0..20).collect::<Vec<u32>>(), &[]).is_some(),
            "no rivals are left"
        );
    }

    #[test]
    fn items_without_texts_prices_or_embeddings_do_no_harm() {
        let mut item = in_category("", "");
        item.texts.clear();
        item.price = None;
        let pack = Shop::with(vec![item.clone(), item])
            .embeddings(&[[0, 0], [1, 1]])
            .pack();
        let head = learnt(&pack, &[0], &[]).unwrap();
        assert!(head.of(0).is_finite() && head.of(1).is_finite());
    }
}
