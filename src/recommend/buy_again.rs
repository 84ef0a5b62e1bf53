//! What was bought and is used up by now, by the shopper's own habits.

use nearshelf_catalogue::EventKind;

use crate::order::{best, first, pair, second};
use crate::request::Request;

const DAY_MILLIS: f64 = 86_400_000.0;

/// How long something is thought to last for somebody of whom nothing is known.
const USUAL_DAYS: f32 = 30.0;

/// Bought items with how due they are, in `(0, 1]`, most first; ties in catalogue order.
///
/// An item lasts as long as usually passed between the days on which the shopper bought it (the median); one bought
/// once as long as their other items do, or a month. It is most due when just that much time has passed since it was
/// last bought, half as due at half or twice the time.
pub(crate) fn buy_again(request: &Request, item_count: usize) -> Vec<(u32, f32)> {
    let history = &request.history;
    let purchases = history.iter().enumerate().filter(|(_, event)| {
        event.kind == EventKind::Purchase && (event.item as usize) < item_count
    });
    // By time, then item by item.
    let mut times: Vec<(i64, usize)> = purchases
        .map(|(place, event)| (event.time_millis, place))
        .collect();
    times.sort_unstable();
    let mut bought: Vec<u64> = times
        .iter()
        .zip(0..)
        .map(|(&(_, place), rank)| pair(history[place].item, rank))
        .collect();
    bought.sort_unstable();
    let days = |from: i64, to: i64| (to.saturating_sub(from) as f64 / DAY_MILLIS) as f32;
    let time_of = |rank: &u64| times[second(*rank) as usize].0;
    let mut own: Vec<(u32, i64, Option<f32>)> = Vec::new();
    for of_item in bought.chunk_by(|&a, &b| first(a) == first(b)) {
        let gaps = of_item
            .windows(2)
            .map(|pair| days(time_of(&pair[0]), time_of(&pair[1])));
        // Twice on one day is once.
        let lasts = median(gaps.filter(|&gap| gap >= 1.0).collect());
        if let Some(last) = of_item.last() {
            own.push((first(*last), time_of(last), lasts));
        }
    }
    let known = own.iter().filter_map(|&(_, _, lasts)| lasts).collect();
    let usual = median(known).unwrap_or(USUAL_DAYS);
    let due = own.iter().map(|&(_, last, lasts)| {
        let passed = days(last, request.now_millis).max(0.0) / lasts.unwrap_or(usual);
        passed.min(passed.recip())
    });
    let due: Vec<f32> = due.collect();
    let order = best(due.iter().copied().zip(0..), own.len());
    let ordered = order.into_iter().map(|place| place as usize);
    ordered
        .map(|place| (own[place].0, due[place]))
        .filter(|&(_, due)| due > 0.0)
        .collect()
}

/// The middle one, the lower of two.
fn median(values: Vec<f32>) -> Option<f32> {
    let falling = best(values.iter().copied().zip(0..), values.len());
    let middle = falling.get(values.len() / 2)?;
    values.get(*middle as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{HistoryEvent, Kind};

    fn due(bought: &[(u32, i64)], today: i64) -> Vec<u32> {
        let day = 86_400_000;
        let event = |&(item, on): &(u32, i64)| HistoryEvent {
            item,
            kind: EventKind::Purchase,
            time_millis: on * day,
        };
        let request = Request {
            kind: Kind::BuyAgain,
            history: bought.iter().map(event).collect(),
            now_millis: today * day,
            ..Request::default()
        };
        let due = buy_again(&request, 10);
        assert!(due.iter().all(|&(_, due)| due > 0.0 && due <= 1.0));
        due.into_iter().map(|(item, _)| item).collect()
    }

    #[test]
    fn what_is_used_up_comes_before_what_lasts() {
        // Coffee every week, soap every three months; a week has passed since both.
        let log = [(1, 0), (1, 7), (1, 14), (2, -76), (2, 14)];
        assert_eq!(due(&log, 21), [1, 2]);
        assert_eq!(
            due(&log, 104),
            [2, 1],
            "and coffee is drunk elsewhere by now"
        );
    }

    #[test]
    fn what_was_bought_once_lasts_as_long_as_the_rest() {
        let log = [(1, 0), (1, 10), (3, 0), (4, 9)];
        assert_eq!(due(&log, 10), [3, 4]);
        assert_eq!(due(&[(3, 0), (4, 29)], 30), [3, 4], "else a month");
    }

    #[test]
    fn twice_on_one_day_is_once_and_times_that_can_not_be_do_no_harm() {
        assert_eq!(due(&[(1, 0), (1, 0), (2, 5)], 30), [1, 2]);
        assert!(due(&[(1, 5)], 5).is_empty(), "bought just now");
        assert!(due(&[(1, 9), (99, 0)], 5).is_empty(), "bought tomorrow");
        assert!(due(&[], 5).is_empty());
    }
}
