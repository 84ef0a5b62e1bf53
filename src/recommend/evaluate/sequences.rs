//! Splits by place in a sequence, and by a day: what published protocols ask.

use super::protocol::{Case, Split, is_purchase, items, pauses};
use crate::mine::{Interaction, Interactions};
use nearshelf_catalogue::EventKind;
use std::ops::Range;

/// Which event of each session is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The last one; all before it is known.
    Test,
    /// The last but one; the last is never read.
    Validation,
}

/// Leave one out by place (Kang & McAuley 2018): of each session the last event is the test, the last but one the
/// validation, all before is for training. Sessions of two have no validation, and their first event is for training;
/// sessions of one are for training only.
pub fn leave_last_out(log: &Interactions, held: Held) -> Split {
    let mut train = Vec::new();
    let mut cases = Vec::new();
    for session in log.sessions() {
        let count = session.len();
        train.extend_from_slice(&session[..count.saturating_sub(2).max(1)]);
        let asked = match held {
            Held::Test => count.checked_sub(1),
            Held::Validation => count.checked_sub(2),
        };
        if let Some(asked) = asked.filter(|&asked| asked > 0) {
            cases.push(Case {
                history: session[..asked].to_vec(),
                now_millis: session[asked].time_millis,
                relevant: vec![session[asked].item],
            });
        }
    }
    Split {
        train: Interactions::new(train),
        cases,
    }
}

/// The last part of all sessions is asked, every event of them but the first, from what came before it in its session;
/// the sessions before are for training. Sessions are in order of time, as in session data sets.
///
/// - `part`: of the sessions, in `[0, 1]`
pub fn last_sessions_out(log: &Interactions, part: f64) -> Split {
    let sessions: Vec<&[Interaction]> = log.sessions().collect();
    let held = (sessions.len() as f64 * part.clamp(0.0, 1.0)).round() as usize;
    let (train, asked) = sessions.split_at(sessions.len() - held);
    let cases = asked.iter().flat_map(|session| {
        (1..session.len()).map(|place| Case {
            history: session[..place].to_vec(),
            now_millis: session[place].time_millis,
            relevant: vec![session[place].item],
        })
    });
    Split {
        train: Interactions::new(train.concat()),
        cases: cases.collect(),
    }
}

/// What each session buys next once a day has come: all before `period` is for training, and asked is the first visit
/// with a purchase in it, of sessions that did anything before that visit. What lies after the period is never read.
///
/// - `gap_millis`: a longer pause begins a new visit
pub fn next_basket(log: &Interactions, period: Range<i64>, gap_millis: i64) -> Split {
    by_period(log, period, |session, known, cases| {
        let Some(first) = session.iter().skip(known).position(is_purchase) else {
            return;
        };
        let first = known + first;
        let visit_starts = |&row: &usize| row == known || pauses(session, row, gap_millis);
        let start = (known..=first).rev().find(visit_starts).unwrap_or(known);
        let end = (first + 1..session.len()).find(|&row| pauses(session, row, gap_millis));
        cases.extend(asked(session, start..end.unwrap_or(session.len())));
    })
}

/// What each session buys at every visit of a period, as it comes: all before `period` is for training, and each visit in
/// it with a purchase is asked from all that its session did before, earlier visits of the period included. So a
/// recommender that learns from its shopper alone is asked as often as it would be.
///
/// - `gap_millis`: a longer pause begins a new visit
pub fn replay(log: &Interactions, period: Range<i64>, gap_millis: i64) -> Split {
    by_period(log, period, |session, known, cases| {
        let starts = |&row: &usize| pauses(session, row, gap_millis);
        let mut start = known;
        while start < session.len() {
            let end = (start + 1..session.len())
                .find(starts)
                .unwrap_or(session.len());
            cases.extend(asked(session, start..end));
            start = end;
        }
    })
}

/// All before `period` is for training; `ask` gets each session up to the period's end, and how many of its rows are
/// before its beginning.
fn by_period(
    log: &Interactions,
    period: Range<i64>,
    mut ask: impl FnMut(&[Interaction], usize, &mut Vec<Case>),
) -> Split {
    let (mut train, mut cases) = (Vec::new(), Vec::new());
    for session in log.sessions() {
        let known = session.partition_point(|row| row.time_millis < period.start);
        train.extend_from_slice(&session[..known]);
        let until = session.partition_point(|row| row.time_millis < period.end);
        ask(&session[..until], known, &mut cases);
    }
    Split {
        train: Interactions::new(train),
        cases,
    }
}

/// What a visit buys, asked from all before it; nothing is where it buys nothing, or nothing was before it.
fn asked(session: &[Interaction], visit: Range<usize>) -> Option<Case> {
    let (history, visit) = (&session[..visit.start], &session[visit]);
    let relevant = items(visit.iter().filter(|row| is_purchase(row)));
    (!history.is_empty() && !relevant.is_empty()).then(|| Case {
        history: history.to_vec(),
        now_millis: visit[0].time_millis,
        relevant,
    })
}

/// What goes with an item: of each basket that [`next_basket`] would ask for, one item lies in the cart, and asked is
/// what else was bought in it. Baskets of one item aren't asked.
pub fn complements(log: &Interactions, period: Range<i64>, gap_millis: i64) -> Split {
    let mut split = next_basket(log, period, gap_millis);
    let cases = split
        .cases
        .into_iter()
        .filter(|case| case.relevant.len() > 1);
    let cases = cases.map(|mut case| {
        let session = case.session();
        let seed = session as usize % case.relevant.len();
        let item = case.relevant.remove(seed);
        let in_cart = Interaction {
            session,
            item,
            kind: EventKind::AddToCart,
            time_millis: case.now_millis,
        };
        Case {
            history: vec![in_cart],
            ..case
        }
    });
    split.cases = cases.collect();
    split
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use EventKind::{Purchase, View};

    fn log(rows: &[(u32, u32, EventKind, i64)]) -> Interactions {
        let row = |&(session, item, kind, time_millis): &_| Interaction {
            session,
            item,
            kind,
            time_millis,
        };
        Interactions::new(rows.iter().map(row).collect())
    }

    fn sequences(sequences: &[&[u32]]) -> Interactions {
        let mut rows = Vec::new();
        for (session, sequence) in (0..).zip(sequences) {
            rows.extend(
                (0..)
                    .zip(*sequence)
                    .map(|(t, &item)| (session, item, Purchase, t)),
            );
        }
        log(&rows)
    }

    fn asked(split: &Split) -> Vec<(Vec<u32>, Vec<u32>)> {
        let of = |case: &Case| case.history.iter().map(|row| row.item).collect();
        let cases = split.cases.iter();
        cases
            .map(|case| (of(case), case.relevant.clone()))
            .collect()
    }

    #[test]
    fn the_last_is_the_test_and_the_one_before_the_validation() {
        let log = sequences(&[&[1, 2, 3, 4], &[5, 6], &[7], &[8, 9, 8]]);
        let test = leave_last_out(&log, Held::Test);
        let expected = [
            (vec![1, 2, 3], vec![4]),
            (vec![5], vec![6]),
            (vec![8, 9], vec![8]),
        ];
        assert_eq!(asked(&test), expected);
        let validation = leave_last_out(&log, Held::Validation);
        assert_eq!(
            asked(&validation),
            [(vec![1, 2], vec![3]), (vec![8], vec![9])]
        );
        assert_eq!(test.train, validation.train);
        assert_eq!(items(test.train.rows().iter()), [1, 2, 5, 7, 8]);
        assert!(
            leave_last_out(&Interactions::default(), Held::Test)
                .cases
                .is_empty()
        );
    }

    #[test]
    fn the_last_sessions_are_asked_event_by_event() {
        let log = sequences(&[&[1, 2], &[3, 4], &[5], &[6, 7, 6]]);
        let split = last_sessions_out(&log, 0.25);
        assert_eq!(asked(&split), [(vec![6], vec![7]), (vec![6, 7], vec![6])]);
        assert_eq!(items(split.train.rows().iter()), [1, 2, 3, 4, 5]);
        assert!(last_sessions_out(&log, 0.0).cases.is_empty());
        assert!(last_sessions_out(&log, 1.0).train.rows().is_empty());
    }

    #[test]
    fn the_first_basket_from_a_day_on_is_asked_and_nothing_from_that_day_is_learned() {
        let log = log(&[
            (0, 1, Purchase, 0),
            (0, 2, View, 100),
            (0, 3, View, 200),
            (0, 4, Purchase, 201),
            (0, 5, Purchase, 202),
            (0, 6, Purchase, 300),
            (1, 7, Purchase, 150), // nothing before: not asked
            (2, 8, Purchase, 0),
            (2, 9, Purchase, 400), // behind the period
            (3, 2, View, 99),
            (3, 2, Purchase, 101), // one visit across the day: what came before the day is known
        ]);
        let split = next_basket(&log, 100..400, 10);
        assert_eq!(
            asked(&split),
            [(vec![1, 2], vec![4, 5]), (vec![2], vec![2])]
        );
        assert_eq!(items(split.train.rows().iter()), [1, 2, 8]);
    }

    #[test]
    fn a_replay_asks_for_every_basket_of_the_period_and_trains_on_none() {
        let log = log(&[
            (0, 1, Purchase, 0),
            (0, 2, Purchase, 100),
            (0, 3, View, 110),
            (0, 4, View, 200),
            (0, 5, Purchase, 300),
            (0, 2, Purchase, 305),
            (0, 6, Purchase, 500),
            (1, 7, Purchase, 150),
            (1, 8, Purchase, 300),
        ]);
        let split = replay(&log, 90..450, 50);
        let expected = [
            (vec![1], vec![2]),
            (vec![1, 2, 3, 4], vec![2, 5]),
            (vec![7], vec![8]),
        ];
        assert_eq!(asked(&split), expected);
        assert_eq!(items(split.train.rows().iter()), [1]);
        assert!(replay(&log, 600..700, 50).cases.is_empty());
    }

    #[test]
    fn of_a_basket_one_item_lies_in_the_cart_and_the_others_are_asked_for() {
        let log = log(&[
            (0, 1, Purchase, 0),
            (0, 2, Purchase, 100),
            (0, 3, Purchase, 100),
            (0, 9, View, 100),
            (1, 4, Purchase, 0),
            (1, 5, Purchase, 100),
            (3, 6, Purchase, 0),
            (3, 7, Purchase, 100),
            (3, 8, Purchase, 101),
        ]);
        let split = complements(&log, 90..200, 50);
        assert_eq!(asked(&split), [(vec![2], vec![3]), (vec![8], vec![7])]);
        assert!(
            split
                .cases
                .iter()
                .all(|case| case.history[0].kind == EventKind::AddToCart)
        );
        assert_eq!(items(split.train.rows().iter()), [1, 4, 6]);
    }
}
