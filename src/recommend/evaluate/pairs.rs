//! Which way of weighing pairs suits `for-you` on a shop's own log.

use std::ops::Range;

use nearshelf_catalogue::{NeighbourKind, Pack};

use super::protocol::last_new;
use super::{Case, Recommender, ShelfRecommender};
use crate::metrics::Metric;
use crate::mine::{Interactions, MineOptions, Pairs, mine, regressed};
use crate::request::Request;

/// What is tried besides the mined cosine: of several the one that is nowhere far from the best (docs/evaluation.md).
const PENALTY: f64 = 100.0;
/// Fewer questions decide nothing.
const FEWEST_CASES: usize = 50;
/// Most sessions that are asked.
const MOST_CASES: usize = 2000;
/// Most questions times items, for each looks at every item.
const MOST_LOOKS: usize = 400_000_000;
/// Length of the lists that are measured.
const K: usize = 20;

/// One way of weighing pairs, and its NDCG on the questions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TriedPairs {
    /// How.
    pub pairs: Pairs,
    /// At 20, of the last item that each session came to.
    pub ndcg: f64,
}

/// What was tried and taken.
#[derive(Debug, Clone, PartialEq)]
pub struct PairsChoice {
    /// What was taken; the first where too few sessions could be asked.
    pub pairs: Pairs,
    /// All that were tried, in order.
    pub tried: Vec<TriedPairs>,
    /// Sessions that were asked.
    pub cases: usize,
}

/// Hides the last new item of sessions evenly apart, with all after it, mines the rest in each way, and takes the
/// better in `for-you` without a model; the linear way also where it is as good. Equal logs give equal choices.
///
/// - `pack`: with its items; neighbours and popularity are overwritten
/// - `log`: as it was when this returns
pub fn choose_pairs(pack: &mut Pack, log: &mut Interactions, options: &MineOptions) -> PairsChoice {
    let item_count = pack.items.len();
    let (cases, hidden) = questions(log, MOST_CASES.min(MOST_LOOKS / item_count.max(1)));
    let mut choice = PairsChoice {
        pairs: Pairs::Cosine,
        tried: Vec::new(),
        cases: cases.len(),
    };
    if cases.len() < FEWEST_CASES {
        return choice;
    }
    let mut places = hidden.iter().cloned().flatten().peekable();
    let taken = log.take(|place| places.next_if_eq(&place).is_some());
    let mut best = 0.0;
    let cosine = MineOptions {
        pairs: Pairs::Cosine,
        ..options.clone()
    };
    (pack.neighbours, pack.popularity) = mine(log, item_count, &cosine).tables();
    for pairs in [Pairs::Cosine, Pairs::Linear { penalty: PENALTY }] {
        if let Pairs::Linear { penalty } = pairs {
            let lists = regressed(log, item_count, penalty, options);
            pack.neighbours.replace(NeighbourKind::Fitted, &lists);
        }
        let ndcg = ndcg(pack, &cases);
        if ndcg > 0.0 && ndcg >= best {
            (choice.pairs, best) = (pairs, ndcg);
        }
        choice.tried.push(TriedPairs { pairs, ndcg });
    }
    log.give_back(taken);
    choice
}

/// At most `most` questions, and the places of the rows that they hide.
fn questions(log: &Interactions, most: usize) -> (Vec<Case>, Vec<Range<usize>>) {
    let mut ends = Vec::new();
    let mut start = 0;
    for session in log.sessions() {
        let first = session.first().map(|row| row.item);
        let several = session.iter().any(|row| Some(row.item) != first);
        if several {
            ends.push((start, start + session.len()));
        }
        start += session.len();
    }
    // Half of the sessions stay whole, or a pair that is always last would be hidden everywhere.
    let every = ends.len().div_ceil(most.max(1)).max(2);
    let mut found = (Vec::new(), Vec::new());
    for (start, end) in ends.into_iter().step_by(every) {
        let session = &log.rows()[start..end];
        let (history, hidden) = session.split_at(last_new(session));
        let Some(first) = hidden.first().filter(|_| !history.is_empty()) else {
            continue;
        };
        found.0.push(Case {
            history: history.to_vec(),
            now_millis: first.time_millis,
            relevant: vec![first.item],
        });
        found.1.push(start + history.len()..end);
    }
    found
}

fn ndcg(pack: &Pack, cases: &[Case]) -> f64 {
    let request = Request {
        diversity: 0.0,
        ..Request::default()
    };
    let mut shelf = ShelfRecommender::new(pack, request);
    let gain = |case: &Case| {
        // Only models fail, and none is asked.
        let list = shelf
            .recommend(&case.history, case.now_millis, K)
            .unwrap_or_default();
        Metric::Ndcg.of(&list, &case.relevant, K)
    };
    cases.iter().map(gain).sum::<f64>() / cases.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::mine::Interaction;
    use crate::testing::Shop;
    use nearshelf_catalogue::EventKind;

    /// Sessions in which item 2n + 1 follows 2n, among noise.
    fn log(sessions: u32) -> Interactions {
        let rows = (0..sessions).flat_map(|session| {
            let pair = session % 9 * 2;
            [20 + session % 7, pair, pair + 1]
                .into_iter()
                .zip(0..)
                .map(move |(item, hours)| Interaction {
                    session,
                    item,
                    kind: EventKind::View,
                    time_millis: hours * 3_600_000,
                })
        });
        Interactions::new(rows.collect())
    }

    #[test]
    fn the_log_is_as_before_and_the_choice_is_the_best_that_was_tried() {
        let mut pack = Shop::of(27).pack();
        let before = log(400);
        let mut log = before.clone();
        let options = MineOptions::default();
        let choice = choose_pairs(&mut pack, &mut log, &options);
        assert_eq!(log, before);
        assert_eq!((choice.cases, choice.tried.len()), (200, 2));
        let best = choice
            .tried
            .iter()
            .map(|tried| tried.ndcg)
            .fold(0.0, f64::max);
        let taken = choice
            .tried
            .iter()
            .find(|tried| tried.pairs == choice.pairs)
            .unwrap();
        assert_eq!(taken.ndcg, best);
        assert!(best > 0.3, "{best}");
        assert_eq!(choice, choose_pairs(&mut pack, &mut log, &options));
    }

    #[test]
    fn too_few_sessions_decide_nothing() {
        for sessions in [0, 1, 98] {
            let mut pack = Shop::of(27).pack();
            let mut log = log(sessions);
            let choice = choose_pairs(&mut pack, &mut log, &MineOptions::default());
            assert_eq!(choice.pairs, Pairs::Cosine);
            assert!(choice.tried.is_empty());
            assert_eq!(log.rows().len(), 3 * sessions as usize);
        }
    }

    #[test]
    fn sessions_of_one_item_are_not_asked_and_of_many_some_are() {
        let mut rows = log(100).rows().to_vec();
        let alone = rows[0];
        rows.extend((100..200).map(|session| Interaction { session, ..alone }));
        let log = Interactions::new(rows);
        let (cases, hidden) = questions(&log, 30);
        assert_eq!((cases.len(), hidden.len()), (25, 25));
        assert!(hidden.iter().all(|range| range.len() == 1));
    }
}
