//! What a history says: one signal an item, and what is in the cart, bought or seen.

use nearshelf_catalogue::EventKind;

use crate::order::{ascending, first, pair, second};
use crate::rank::{Memory, Tuning};
use crate::request::HistoryEvent;

/// How much an item of the history (or an anchor) says about what is wanted now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Signal {
    pub item: u32,
    /// Above zero.
    pub weight: f32,
    pub source: Source,
}

impl Signal {
    /// Whether it is what the history or the anchors name, and not only like that.
    pub fn speaks_for_itself(&self) -> bool {
        !matches!(self.source, Source::Like { .. })
    }
}

/// The strongest thing that is true of a signal's item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Anchor,
    Bought,
    InCart,
    Viewed,
    /// It is like an anchor, or like what lies in the cart, and speaks for that.
    Like {
        /// What it speaks for.
        item: u32,
    },
}

/// A history, read.
#[derive(Debug, Default)]
pub(crate) struct Shopper {
    /// In catalogue order.
    pub signals: Vec<Signal>,
    /// Put in the cart and neither removed nor bought since; in catalogue order.
    pub in_cart: Vec<u32>,
    /// Each bought item with the time of its last purchase, in catalogue order.
    pub bought: Vec<(u32, i64)>,
    /// Each item that was looked at with the time of the last look, newest first.
    pub viewed: Vec<(u32, i64)>,
}

/// Weights of one item's events.
#[derive(Default)]
struct Traces {
    views: f32,
    /// One for each time it was put in the cart and not taken out again.
    cart: Vec<f32>,
    purchases: f32,
    /// Place of the newest event that is no removal.
    newest: Option<u32>,
    /// Its place among all events, and its time.
    last_view: Option<(u32, i64)>,
    last_purchase: Option<i64>,
}

impl Traces {
    fn weight(&self) -> f32 {
        self.views + self.purchases + self.cart.iter().sum::<f32>()
    }
}

/// `decay` to the power of each item's place among the newest `items`, the newest being 0; zeros for the others.
fn newest_weights(traces: &[(u32, Traces)], items: usize, decay: f32) -> Vec<f32> {
    let places = traces.iter().zip(0..);
    let mut newest: Vec<u64> = places
        .filter_map(|((_, trace), number)| Some(pair(u32::MAX - trace.newest?, number)))
        .collect();
    newest.sort_unstable();
    let mut weights = vec![0.0; traces.len()];
    let mut weight = 1.0;
    for &number in newest.iter().take(items) {
        weights[second(number) as usize] = weight;
        weight *= decay;
    }
    weights
}

impl Shopper {
    /// Reads a history. Items at or above `item_count` are skipped; a removal takes back the last
    /// time the item was put in the cart, and a purchase stands for what was in the cart.
    pub fn new(
        history: &[HistoryEvent],
        now_millis: i64,
        item_count: usize,
        tuning: &Tuning,
    ) -> Self {
        let events = history.iter().enumerate();
        let mut order: Vec<(i64, usize)> = events
            .filter(|(_, event)| (event.item as usize) < item_count)
            .map(|(place, event)| (event.time_millis, place))
            .collect();
        order.sort_unstable();
        let events: Vec<&HistoryEvent> = order
            .into_iter()
            .map(|(_, place)| &history[place])
            .collect();
        let views_since = views_since(&events);
        // Item by item, the events of each in the order of time.
        let mut by_item: Vec<u64> = events
            .iter()
            .zip(0..)
            .map(|(event, place)| pair(event.item, place))
            .collect();
        by_item.sort_unstable();
        let mut traces: Vec<(u32, Traces)> = Vec::new();
        for of_item in by_item.chunk_by(|&a, &b| first(a) == first(b)) {
            let mut trace = Traces::default();
            for place in of_item.iter().map(|&pair| second(pair)) {
                let event = events[place as usize];
                if event.kind != EventKind::Remove {
                    trace.newest = Some(place);
                }
                let recency = tuning.recency(now_millis, event.time_millis);
                let fresh = recency * tuning.freshness(views_since[place as usize]);
                match event.kind {
                    EventKind::View => {
                        trace.views += tuning.view * fresh;
                        trace.last_view = Some((place, event.time_millis));
                    }
                    EventKind::AddToCart => {
                        trace.cart.push(tuning.add_to_cart * fresh);
                        trace.last_view = Some((place, event.time_millis));
                    }
                    EventKind::Purchase => {
                        trace.cart.clear();
                        trace.purchases += tuning.purchase * recency;
                        trace.last_purchase = Some(event.time_millis);
                    }
                    EventKind::Remove => {
                        trace.cart.pop();
                    }
                }
            }
            traces.push((first(of_item[0]), trace));
        }
        let weights = match tuning.memory {
            Memory::Fading => traces.iter().map(|(_, trace)| trace.weight()).collect(),
            Memory::Newest { items, decay } => newest_weights(&traces, items, decay),
        };
        Self::from_traces(&traces, &weights)
    }

    fn from_traces(traces: &[(u32, Traces)], weights: &[f32]) -> Self {
        let mut shopper = Self::default();
        let mut viewed = Vec::new();
        for (number, &(item, ref trace)) in (0..).zip(traces) {
            let source = if trace.last_purchase.is_some() {
                Source::Bought
            } else if !trace.cart.is_empty() {
                Source::InCart
            } else {
                Source::Viewed
            };
            let weight = weights[number as usize];
            if weight > 0.0 {
                shopper.signals.push(Signal {
                    item,
                    weight,
                    source,
                });
            }
            if !trace.cart.is_empty() {
                shopper.in_cart.push(item);
            }
            if let Some(time) = trace.last_purchase {
                shopper.bought.push((item, time));
            }
            if let Some((place, _)) = trace.last_view {
                viewed.push(pair(place, number));
            }
        }
        viewed.sort_unstable();
        let newest = viewed.into_iter().rev().map(second);
        shopper.viewed = newest
            .filter_map(|number| {
                let (item, trace) = &traces[number as usize];
                Some((*item, trace.last_view?.1))
            })
            .collect();
        shopper
    }
}

/// For each event, how many moments with a view came later.
fn views_since(events: &[&HistoryEvent]) -> Vec<u32> {
    let mut counts = vec![0; events.len()];
    let (mut later, mut last) = (0_u32, None);
    // Views at one moment count as one and are no later than each other.
    let mut at_last = 0_u32;
    for (place, event) in events.iter().enumerate().rev() {
        let is_view = event.kind == EventKind::View;
        if last != Some(event.time_millis) {
            later += at_last;
            at_last = 0;
            last = Some(event.time_millis);
        }
        counts[place] = later;
        at_last = at_last.max(u32::from(is_view));
    }
    counts
}

/// Anchors as signals of equal weight, each once.
pub(crate) fn anchor_signals(anchors: &[u32], item_count: usize) -> Vec<Signal> {
    let mut items: Vec<u32> = anchors.to_vec();
    items.retain(|&item| (item as usize) < item_count);
    let items = ascending(items);
    let signal = |item| Signal {
        item,
        weight: 1.0,
        source: Source::Anchor,
    };
    items.into_iter().map(signal).collect()
}

#[cfg(test)]
mod tests {
    use EventKind::{AddToCart, Purchase, Remove, View};

    use super::*;

    fn read(events: &[(u32, EventKind, i64)]) -> Shopper {
        read_with(events, &Tuning::default())
    }

    fn read_with(events: &[(u32, EventKind, i64)], tuning: &Tuning) -> Shopper {
        let event = |&(item, kind, time_millis)| HistoryEvent {
            item,
            kind,
            time_millis,
        };
        let history: Vec<HistoryEvent> = events.iter().map(event).collect();
        Shopper::new(&history, 100, 10, tuning)
    }

    #[test]
    fn of_the_newest_items_each_counts_less_than_the_one_after_it() {
        let tuning = Tuning {
            memory: Memory::Newest {
                items: 2,
                decay: 0.5,
            },
            ..Tuning::default()
        };
        let events = [
            (3, View, 0),
            (1, Purchase, 1),
            (3, View, 2),
            (2, View, 3),
            (2, Remove, 4),
        ];
        let weights = |events| {
            let signals = read_with(events, &tuning).signals;
            signals
                .iter()
                .map(|s| (s.item, s.weight))
                .collect::<Vec<_>>()
        };
        assert_eq!(weights(&events), [(2, 1.0), (3, 0.5)]);
        assert_eq!(weights(&[(1, Remove, 0)]), []);
    }

    #[test]
    fn a_removal_leaves_what_was_viewed_and_nothing_of_the_cart() {
        let with = read(&[(1, View, 0), (1, AddToCart, 1), (1, Remove, 2)]);
        let without = read(&[(1, View, 0)]);
        assert_eq!(with.signals, without.signals);
        assert!(with.in_cart.is_empty());
        assert!(read(&[(1, Remove, 0)]).signals.is_empty());
        assert!(
            read(&[(1, AddToCart, 0), (1, Remove, 1)])
                .signals
                .is_empty()
        );
    }

    #[test]
    fn a_purchase_empties_the_cart_and_counts_once() {
        let shopper = read(&[(1, AddToCart, 0), (1, Purchase, 1)]);
        assert!(shopper.in_cart.is_empty());
        assert_eq!(shopper.signals, read(&[(1, Purchase, 1)]).signals);
        assert_eq!(shopper.bought, [(1, 1)]);
    }

    #[test]
    fn viewed_items_come_newest_first_and_in_order_of_events_at_one_time() {
        let shopper = read(&[(3, View, 5), (1, View, 5), (2, View, 9), (3, View, 1)]);
        let items: Vec<u32> = shopper.viewed.iter().map(|v| v.0).collect();
        assert_eq!(items, [2, 1, 3]);
    }

    #[test]
    fn unknown_items_are_skipped_and_repeated_anchors_count_once() {
        assert!(
            read(&[(10, View, 0), (u32::MAX, Purchase, 0)])
                .signals
                .is_empty()
        );
        assert_eq!(anchor_signals(&[4, 2, 4, 99], 10).len(), 2);
    }

    #[test]
    fn recent_events_weigh_more_and_events_of_the_future_weigh_as_present_ones() {
        let day = 86_400_000;
        let weight = |time| read(&[(1, View, time)]).signals[0].weight;
        assert!(weight(-400 * day) < weight(0));
        assert_eq!(weight(100), weight(i64::MAX));
    }
}
