//! Which way of weighing pairs suits `for-you` on a shop's own log.

use std::ops::Range;

use nearshelf_catalogue::Pack;

use super::protocol::last_new;
use super::{Case, Recommender, ShelfRecommender};
use crate::metrics::Metric;
use crate::mine::{
    Interactions, MineOptions, Mined, NeighbourLists, Pairs, alike_in_words, mine, regressed,
    scaled,
};
use crate::request::Request;

/// What is tried besides the mined cosine: of several the one that is nowhere far from the best (docs/evaluation.md).
const PENALTY: f64 = 100.0;
/// How much likeness of texts counts beside a log that could be asked.
const WORDS: f32 = 0.25;
/// What lists with words must gain: less may be chance, and they are longer.
const GAIN: f64 = 1.01;
/// Fewer questions decide nothing.
const FEWEST_CASES: usize = 50;
/// Most sessions that are asked.
const MOST_CASES: usize = 2000;
/// Most questions times items, for each looks at every item.
const MOST_LOOKS: usize = 400_000_000;
/// Length of the lists that are measured.
const K: usize = 20;

/// What speaks for an item in `for-you`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    /// How the log weighs pairs.
    pub pairs: Pairs,
    /// Whether likeness of texts counts, too.
    pub words: bool,
}

/// One way of weighing pairs, and its NDCG on the questions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TriedPairs {
    /// How.
    pub way: Way,
    /// At 20, of the last item that each session came to.
    pub ndcg: f64,
}

/// What was tried and taken.
#[derive(Debug, Clone, PartialEq)]
pub struct PairsChoice {
    /// What was taken; the first where too few sessions could be asked.
    pub pairs: Pairs,
    /// Items alike in their texts, weighed, where these count, too: where it is better, and where too few sessions could be
    /// asked; then in full.
    pub words: Option<NeighbourLists>,
    /// All that were tried, in order.
    pub tried: Vec<TriedPairs>,
    /// Sessions that were asked.
    pub cases: usize,
}

impl std::fmt::Display for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = if self.words { ", with words" } else { "" };
        write!(f, "{}{words}", self.pairs)
    }
}

impl PairsChoice {
    /// What was taken.
    pub fn way(&self) -> Way {
        Way {
            pairs: self.pairs,
            words: self.words.is_some(),
        }
    }

    /// What was mined by [`PairsChoice::pairs`], with words where these count.
    pub fn with_words(&self, mined: Mined) -> Mined {
        match &self.words {
            Some(words) => mined.with_words(words),
            None => mined,
        }
    }
}

/// Hides the last new item of sessions evenly apart, with all after it, mines the rest in each way, and takes the
/// best in `for-you` without a model: of what is as good the linear way, and words only
/// where they gain a hundredth. Equal logs give equal choices.
///
/// - `pack`: with its items; neighbours and popularity are overwritten
/// - `log`: as it was when this returns
pub fn choose_pairs(pack: &mut Pack, log: &mut Interactions, options: &MineOptions) -> PairsChoice {
    let item_count = pack.items.len();
    let words = alike_in_words(&pack.items, options.top_k);
    let (cases, hidden) = questions(log, MOST_CASES.min(MOST_LOOKS / item_count.max(1)));
    let mut choice = PairsChoice {
        pairs: Pairs::Cosine,
        words: None,
        tried: Vec::new(),
        cases: cases.len(),
    };
    if cases.len() < FEWEST_CASES {
        choice.words = any(words);
        return choice;
    }
    let words = scaled(&words, WORDS);
    let mut places = hidden.iter().cloned().flatten().peekable();
    let taken = log.take(|place| places.next_if_eq(&place).is_some());
    let cosine = MineOptions {
        pairs: Pairs::Cosine,
        ..options.clone()
    };
    let mut mined = mine(log, item_count, &cosine);
    for pairs in [Pairs::Cosine, Pairs::Linear { penalty: PENALTY }] {
        if let Pairs::Linear { penalty } = pairs {
            mined.for_you = Some(regressed(log, item_count, penalty, options));
        }
        for counts in [false, true] {
            (pack.neighbours, pack.popularity) = match counts {
                false => mined.tables(),
                true => mined.clone().with_words(&words).tables(),
            };
            let ndcg = ndcg(pack, &cases);
            let way = Way {
                pairs,
                words: counts,
            };
            choice.tried.push(TriedPairs { way, ndcg });
        }
    }
    log.give_back(taken);
    let way = best(&choice.tried);
    choice.pairs = way.pairs;
    choice.words = any(words).filter(|_| way.words);
    choice
}

/// The best way without words, or the best with them where that gains: of equal ones the later. By cosine where all find nothing.
fn best(tried: &[TriedPairs]) -> Way {
    let best_of = |words: bool| {
        let those = tried
            .iter()
            .filter(|tried| tried.way.words == words && tried.ndcg > 0.0);
        those.max_by(|a, b| a.ndcg.total_cmp(&b.ndcg))
    };
    let least = best_of(false).map_or(0.0, |without| GAIN * without.ndcg);
    let with = best_of(true).filter(|with| with.ndcg > least);
    with.or(best_of(false)).map_or(
        Way {
            pairs: Pairs::Cosine,
            words: false,
        },
        |tried| tried.way,
    )
}

/// The lists, if any has an entry.
fn any(lists: NeighbourLists) -> Option<NeighbourLists> {
    lists.iter().any(|list| !list.is_empty()).then_some(lists)
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
    use crate::testing::{Shop, item, text};
    use nearshelf_catalogue::{EventKind, Item, Neighbour};

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
        assert_eq!((choice.cases, choice.tried.len()), (200, 4));
        let best = choice
            .tried
            .iter()
            .map(|tried| tried.ndcg)
            .fold(0.0, f64::max);
        let taken = choice
            .tried
            .iter()
            .find(|tried| tried.way == choice.way())
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

    fn titled(title: impl Fn(u32) -> String) -> Pack {
        let item = |n: u32| Item {
            texts: vec![text("en", &title(n), "")],
            ..item(&n.to_string())
        };
        Shop::with((0..27).map(item).collect()).pack()
    }

    #[test]
    fn words_count_in_full_without_a_log_and_not_beside_one_that_does_as_well_without() {
        let options = MineOptions::default();
        let telling = |n: u32| {
            if n < 18 {
                format!("kind{}", n / 2)
            } else {
                "other".to_owned()
            }
        };
        let misleading = |n: u32| format!("kind{}", n % 9);
        for title in [&telling as &dyn Fn(u32) -> String, &misleading] {
            let choice = choose_pairs(&mut titled(title), &mut log(10), &options);
            let words = choice.words.unwrap();
            assert!((words[0][0].weight - 1.0).abs() < 1e-6);
        }
        // Of 100 sessions half stay whole: too few for most pairs' gates.
        let choice = choose_pairs(&mut titled(telling), &mut log(100), &options);
        let ndcg: Vec<f64> = choice.tried.iter().map(|tried| tried.ndcg).collect();
        assert!(ndcg[1] > ndcg[0] + 0.5, "{ndcg:?}");
        assert!(ndcg[2] > 0.9 && choice.words.is_none(), "{ndcg:?}");
        let choice = choose_pairs(&mut titled(misleading), &mut log(400), &options);
        assert!(choice.words.is_none(), "{:?}", choice.tried);
        let nothing = choose_pairs(&mut Shop::of(27).pack(), &mut log(10), &options);
        assert_eq!(nothing.words, None);
    }

    #[test]
    fn words_are_taken_only_where_they_gain_a_hundredth_over_the_best_without() {
        let linear = Pairs::Linear { penalty: 1.0 };
        let tried = |ndcg: [f64; 4]| {
            let ways = [Pairs::Cosine, linear]
                .into_iter()
                .flat_map(|pairs| [false, true].map(|words| Way { pairs, words }));
            let tried: Vec<TriedPairs> = ways
                .zip(ndcg)
                .map(|(way, ndcg)| TriedPairs { way, ndcg })
                .collect();
            best(&tried)
        };
        let way = |pairs, words| Way { pairs, words };
        assert_eq!(tried([0.0; 4]), way(Pairs::Cosine, false));
        assert_eq!(tried([0.5, 0.5, 0.5, 0.5]), way(linear, false));
        assert_eq!(tried([0.5, 0.6, 0.4, 0.4]), way(Pairs::Cosine, true));
        // More than by cosine, and hardly more than by regression.
        assert_eq!(tried([0.5, 0.51, 0.5075, 0.5]), way(linear, false));
        assert_eq!(tried([0.5, 0.51, 0.5, 0.52]), way(linear, true));
    }

    #[test]
    fn words_stand_beside_what_the_log_says() {
        let pairs = |item, weight| vec![Neighbour { item, weight }];
        let log = mine(&Interactions::default(), 2, &MineOptions::default());
        let of = |lists: NeighbourLists| Mined {
            viewed_together: lists,
            ..log.clone()
        };
        let with =
            of(vec![pairs(1, 0.5), Vec::new()]).with_words(&vec![pairs(1, 0.25), pairs(0, 0.5)]);
        assert_eq!(with.for_you, Some(vec![pairs(1, 0.75), pairs(0, 0.5)]));
        // Weights beyond 1 could not be written: all become smaller by as much.
        let with =
            of(vec![pairs(1, 1.0), Vec::new()]).with_words(&vec![pairs(1, 1.0), pairs(0, 0.5)]);
        assert_eq!(with.for_you, Some(vec![pairs(1, 1.0), pairs(0, 0.25)]));
        assert!(with.tables().0.has_fitted());
        let with = of(vec![Vec::new(); 2]).with_words(&vec![Vec::new(); 2]);
        assert!(!with.tables().0.has_fitted());
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
