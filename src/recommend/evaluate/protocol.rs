//! What is hidden, what is known: splits of a log into training and cases.

use std::collections::HashSet;
use std::ops::Range;

use nearshelf_catalogue::EventKind;

use crate::mine::{Interaction, Interactions};

/// A log split into what may be learned from and what is asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Split {
    /// All that a recommender may learn from.
    pub train: Interactions,
    /// One question a session that qualified, in order of session number.
    pub cases: Vec<Case>,
}

/// One question: what comes next?
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What the session did before, oldest first; never empty.
    pub history: Vec<Interaction>,
    /// Time of the question: when the hidden part began.
    pub now_millis: i64,
    /// The hidden items, each once, ascending; never empty.
    pub relevant: Vec<u32>,
}

/// What the training part holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainOn {
    /// Everything but what is hidden. Other sessions' later events are seen, as in the usual
    /// last-basket protocol.
    AllButHidden,
    /// Only what happened before the period's start, as a shop would have to.
    BeforePeriod,
}

/// Which last baskets are hidden.
#[derive(Debug, Clone, PartialEq)]
pub struct LastBasket {
    /// A longer pause begins a new visit.
    pub visit_gap_minutes: f64,
    /// A session's question is kept when the hidden visit begins in here. Events from the end on
    /// are dropped before anything else, so that validation never sees them.
    pub period: Range<i64>,
    /// What the training part holds.
    pub train_on: TrainOn,
}

impl Case {
    /// Whose question it is.
    pub fn session(&self) -> u32 {
        self.history.first().map_or(u32::MAX, |row| row.session)
    }
}

impl Default for LastBasket {
    fn default() -> Self {
        Self {
            visit_gap_minutes: 30.0,
            period: i64::MIN..i64::MAX,
            train_on: TrainOn::AllButHidden,
        }
    }
}

/// Hides the last visit with a purchase of each session that bought in two or more visits.
///
/// All of that visit is hidden, its views and cart included (the cart would give the basket away),
/// and so is what the session did later. The question is what was bought in it.
pub fn last_basket(log: &Interactions, options: &LastBasket) -> Split {
    let gap_millis = (options.visit_gap_minutes * 60_000.0) as i64;
    let mut train = Vec::new();
    let mut cases = Vec::new();
    for session in log.sessions() {
        let known = session.partition_point(|row| row.time_millis < options.period.end);
        let session = &session[..known];
        let mut kept = session;
        if let Some(start) = start_of_last_basket(session, gap_millis) {
            let (history, hidden) = session.split_at(start);
            let begins = hidden.first().map(|row| row.time_millis);
            let asked = begins.filter(|begins| options.period.contains(begins));
            if let Some(now_millis) = asked {
                kept = history;
                cases.push(Case {
                    history: history.to_vec(),
                    now_millis,
                    relevant: items(hidden.iter().filter(|row| is_purchase(row))),
                });
            }
        }
        train.extend(kept.iter().filter(|row| match options.train_on {
            TrainOn::AllButHidden => true,
            TrainOn::BeforePeriod => row.time_millis < options.period.start,
        }));
    }
    Split {
        train: Interactions::new(train),
        cases,
    }
}

/// The log without what [`last_basket`] asks about by default: what constants may be chosen on
/// without having seen an answer of the plain evaluation.
pub fn set_aside(log: &Interactions) -> Interactions {
    last_basket(log, &LastBasket::default()).train
}

/// Hides the last item that each session came to, with everything from its first event on.
///
/// Where nothing repeats, as in review data, that is the last event. In a shop's log it is not: the
/// last event is often the purchase of what lies in the cart, which nobody needs to be told. Sessions
/// with one item only aren't asked.
pub fn leave_one_out(log: &Interactions) -> Split {
    let mut train = Vec::new();
    let mut cases = Vec::new();
    for session in log.sessions() {
        let (history, hidden) = session.split_at(last_new(session));
        match hidden.first().filter(|_| !history.is_empty()) {
            Some(hidden) => {
                train.extend_from_slice(history);
                cases.push(Case {
                    history: history.to_vec(),
                    now_millis: hidden.time_millis,
                    relevant: vec![hidden.item],
                });
            }
            None => train.extend_from_slice(session),
        }
    }
    Split {
        train: Interactions::new(train),
        cases,
    }
}

/// Where the last item that a session came to first occurs; 0 where it came to one alone, or to none.
pub(super) fn last_new(session: &[Interaction]) -> usize {
    let mut known = HashSet::new();
    let is_new = |row: &Interaction| row.kind != EventKind::Remove && known.insert(row.item);
    let news: Vec<bool> = session.iter().map(is_new).collect();
    news.iter().rposition(|&new| new).unwrap_or(0)
}

/// Where the last visit with a purchase begins, if an earlier visit had a purchase too.
fn start_of_last_basket(session: &[Interaction], gap_millis: i64) -> Option<usize> {
    let last_purchase = session.iter().rposition(is_purchase)?;
    let start = (1..=last_purchase)
        .rev()
        .find(|&row| pauses(session, row, gap_millis))?;
    session[..start].iter().any(is_purchase).then_some(start)
}

/// Whether a row, which is not the first, comes more than `gap_millis` after the one before.
pub(super) fn pauses(session: &[Interaction], row: usize, gap_millis: i64) -> bool {
    let time = |row: usize| session[row].time_millis;
    time(row).saturating_sub(time(row - 1)) > gap_millis
}

pub(super) fn is_purchase(row: &Interaction) -> bool {
    row.kind == EventKind::Purchase
}

pub(super) fn items<'a>(rows: impl Iterator<Item = &'a Interaction>) -> Vec<u32> {
    let mut items: Vec<u32> = rows.map(|row| row.item).collect();
    items.sort_unstable();
    items.dedup();
    items
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use EventKind::{AddToCart, Purchase, Remove, View};

    const HOUR: i64 = 3_600_000;

    fn log(rows: &[(u32, u32, EventKind, i64)]) -> Interactions {
        let rows = rows
            .iter()
            .map(|&(session, item, kind, hours)| Interaction {
                session,
                item,
                kind,
                time_millis: hours * HOUR,
            });
        Interactions::new(rows.collect())
    }

    #[test]
    fn the_last_basket_is_hidden_with_its_whole_visit() {
        let log = log(&[
            (0, 1, Purchase, 0),
            (0, 9, View, 10),
            (0, 5, View, 20),
            (0, 5, AddToCart, 20),
            (0, 5, Purchase, 20),
            (0, 3, Purchase, 20),
            (0, 7, View, 30),
            (1, 4, Purchase, 0),
        ]);
        let split = last_basket(&log, &LastBasket::default());
        assert_eq!(split.cases.len(), 1, "one basket alone is not asked for");
        let case = &split.cases[0];
        assert_eq!(case.relevant, [3, 5]);
        assert_eq!(case.now_millis, 20 * HOUR);
        assert_eq!(items(case.history.iter()), [1, 9]);
        assert_eq!(items(split.train.rows().iter()), [1, 4, 9]);
    }

    #[test]
    fn a_period_keeps_other_baskets_in_training_and_drops_what_comes_after_it() {
        let log = log(&[
            (0, 1, Purchase, 0),
            (0, 2, Purchase, 10),
            (0, 3, Purchase, 30),
            (1, 4, Purchase, 0),
            (1, 5, Purchase, 2),
        ]);
        let options = LastBasket {
            period: 5 * HOUR..20 * HOUR,
            ..LastBasket::default()
        };
        let split = last_basket(&log, &options);
        assert_eq!(split.cases.len(), 1);
        assert_eq!(split.cases[0].relevant, [2]);
        assert_eq!(items(split.train.rows().iter()), [1, 4, 5]);

        let strict = LastBasket {
            train_on: TrainOn::BeforePeriod,
            period: HOUR..20 * HOUR,
            ..options
        };
        let split = last_basket(&log, &strict);
        assert_eq!(split.cases.len(), 2);
        assert_eq!(items(split.train.rows().iter()), [1, 4]);
    }

    #[test]
    fn what_is_set_aside_for_the_plain_evaluation_is_asked_by_no_other() {
        let log = log(&[
            (0, 1, Purchase, 0),
            (0, 2, Purchase, 10),
            (0, 3, Purchase, 20),
            (1, 4, Purchase, 0),
            (1, 5, Purchase, 10),
        ]);
        let split = last_basket(&set_aside(&log), &LastBasket::default());
        assert_eq!(split.cases.len(), 1, "one basket is left of session 1");
        assert_eq!(split.cases[0].relevant, [2]);
        assert_eq!(items(split.train.rows().iter()), [1, 4]);
    }

    #[test]
    fn leave_one_out_hides_the_last_new_item_and_skips_sessions_of_one() {
        let log = log(&[
            (0, 1, View, 0),
            (0, 2, View, 1),
            (0, 1, View, 2),
            (0, 2, AddToCart, 3),
            (0, 2, Remove, 4),
            (1, 3, View, 0),
            (1, 3, Purchase, 1),
        ]);
        let split = leave_one_out(&log);
        assert_eq!(split.cases.len(), 1);
        assert_eq!(split.cases[0].relevant, [2]);
        assert_eq!(split.cases[0].history.len(), 1);
        assert_eq!(items(split.train.rows().iter()), [1, 3]);
    }

    #[test]
    fn an_empty_log_asks_nothing() {
        let empty = Interactions::default();
        assert!(last_basket(&empty, &LastBasket::default()).cases.is_empty());
        assert!(leave_one_out(&empty).cases.is_empty());
    }
}
