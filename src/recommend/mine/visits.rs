//! Splits each session into visits, so that a shopper who comes back next month doesn't put two
//! months into one basket.

use nearshelf_catalogue::EventKind;

use super::Interactions;

/// An item's first relevant event in a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub session: u32,
    /// Number of the visit, over all sessions.
    pub visit: u32,
    pub item: u32,
    pub time_millis: i64,
}

/// Steps of one sort (viewing, or buying), in order of session, visit and time; an item occurs at
/// most once in a visit.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub rows: Vec<Step>,
    /// Distinct items of each visit, by visit number.
    pub visit_sizes: Vec<u32>,
    /// Sessions with any step.
    pub sessions: u32,
}

/// Where each item occurs.
pub(super) struct Occurrences {
    starts: Vec<usize>,
    positions: Vec<u32>,
}

/// What is looked at: an item put in the cart was looked at too.
pub(super) fn is_viewing(kind: EventKind) -> bool {
    matches!(kind, EventKind::View | EventKind::AddToCart)
}

/// What is bought.
pub(super) fn is_buying(kind: EventKind) -> bool {
    kind == EventKind::Purchase
}

impl Steps {
    /// Keeps the rows of `wanted` kinds and of items below `item_count`. A pause longer than
    /// `gap_millis` between two kept rows of a session begins a new visit.
    pub fn new(
        log: &Interactions,
        item_count: usize,
        gap_millis: i64,
        wanted: fn(EventKind) -> bool,
    ) -> Self {
        let mut steps = Self::default();
        // Last visit in which the item occurred, plus one.
        let mut last_visit = vec![0_u32; item_count];
        for session in log.sessions() {
            let mut previous: Option<i64> = None;
            for row in session.iter().filter(|row| wanted(row.kind)) {
                let Some(last) = last_visit.get_mut(row.item as usize) else {
                    continue;
                };
                let pause = previous.map(|time| row.time_millis.saturating_sub(time));
                if pause.is_none_or(|pause| pause > gap_millis) {
                    steps.visit_sizes.push(0);
                }
                if previous.is_none() {
                    steps.sessions += 1;
                }
                previous = Some(row.time_millis);
                let visits = steps.visit_sizes.len() as u32;
                if *last == visits {
                    continue;
                }
                *last = visits;
                if let Some(size) = steps.visit_sizes.last_mut() {
                    *size += 1;
                }
                steps.rows.push(Step {
                    session: row.session,
                    visit: visits - 1,
                    item: row.item,
                    time_millis: row.time_millis,
                });
            }
        }
        steps
    }

    /// Positions in `rows` of each of `item_count` items.
    pub fn occurrences(&self, item_count: usize) -> Occurrences {
        let mut starts = vec![0_usize; item_count + 1];
        for row in &self.rows {
            if let Some(start) = starts.get_mut(row.item as usize + 1) {
                *start += 1;
            }
        }
        for item in 0..item_count {
            starts[item + 1] += starts[item];
        }
        let mut next = starts.clone();
        let mut positions = vec![0_u32; self.rows.len()];
        for (position, row) in self.rows.iter().enumerate() {
            let slot = &mut next[row.item as usize];
            positions[*slot] = position as u32;
            *slot += 1;
        }
        Occurrences { starts, positions }
    }
}

impl Occurrences {
    /// Positions of one item, ascending.
    pub fn of(&self, item: usize) -> &[u32] {
        &self.positions[self.starts[item]..self.starts[item + 1]]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::Interaction;
    use super::*;

    fn log(rows: &[(u32, u32, EventKind, i64)]) -> Interactions {
        let rows = rows
            .iter()
            .map(|&(session, item, kind, time_millis)| Interaction {
                session,
                item,
                kind,
                time_millis,
            });
        Interactions::new(rows.collect())
    }

    #[test]
    fn a_pause_begins_a_new_visit_and_a_repeat_within_a_visit_counts_once() {
        use EventKind::Purchase;
        let log = log(&[
            (0, 5, Purchase, 0),
            (0, 5, Purchase, 10),
            (0, 6, Purchase, 20),
            (0, 5, Purchase, 131),
            (1, 5, Purchase, 0),
        ]);
        let steps = Steps::new(&log, 7, 100, is_buying);
        let seen: Vec<_> = steps.rows.iter().map(|s| (s.visit, s.item)).collect();
        assert_eq!(seen, [(0, 5), (0, 6), (1, 5), (2, 5)]);
        assert_eq!(steps.visit_sizes, [2, 1, 1]);
        assert_eq!(steps.sessions, 2);
        assert_eq!(steps.occurrences(7).of(5), [0, 2, 3]);
        assert!(steps.occurrences(7).of(0).is_empty());
    }

    #[test]
    fn items_beyond_the_catalogue_are_ignored() {
        let log = log(&[(0, 99, EventKind::Purchase, 0)]);
        let steps = Steps::new(&log, 3, 100, is_buying);
        assert!(steps.rows.is_empty());
        assert_eq!(steps.sessions, 0);
    }
}
