//! Events by number: the form in which they are mined and evaluated.

use std::collections::HashMap;

use nearshelf_catalogue::{Event, EventKind};

/// One event, its session and item given as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interaction {
    /// Number of the anonymous session (all that one shopper did, as far as the log knows).
    pub session: u32,
    /// Index in the item table.
    pub item: u32,
    /// What happened.
    pub kind: EventKind,
    /// Unix time.
    pub time_millis: i64,
}

/// A log in order: by session, within a session by time, and as given where times are equal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interactions {
    rows: Vec<Interaction>,
    unknown_items: usize,
}

/// Numbers a log as it is read: sessions in order of first appearance.
#[derive(Debug, Clone, Default)]
pub struct Numbering {
    sessions: HashMap<Box<str>, u32>,
    rows: Vec<Interaction>,
    unknown_items: usize,
}

impl Numbering {
    /// Takes an event in, its item numbered by `index_of`.
    ///
    /// Events of items that `index_of` doesn't know (sold out long ago, say) are left out and counted in
    /// [`Interactions::unknown_items`].
    pub fn push(&mut self, event: &Event, index_of: impl Fn(&str) -> Option<u32>) {
        let Some(item) = index_of(&event.item_id) else {
            self.unknown_items += 1;
            return;
        };
        let session = match self.sessions.get(event.session.as_str()) {
            Some(&number) => number,
            None => {
                let next = u32::try_from(self.sessions.len()).unwrap_or(u32::MAX);
                self.sessions.insert(event.session.as_str().into(), next);
                next
            }
        };
        self.rows.push(Interaction {
            session,
            item,
            kind: event.kind,
            time_millis: event.time_millis,
        });
    }

    /// The log in order.
    pub fn finish(self) -> Interactions {
        let Self {
            sessions,
            rows,
            unknown_items,
        } = self;
        drop(sessions);
        Interactions {
            unknown_items,
            ..Interactions::new(rows)
        }
    }
}

impl Interactions {
    /// Puts rows in order. Session numbers need not be dense.
    pub fn new(mut rows: Vec<Interaction>) -> Self {
        rows.sort_by_key(|row| (row.session, row.time_millis));
        Self {
            rows,
            unknown_items: 0,
        }
    }

    /// All events of a log: see [`Numbering`].
    pub fn from_events<'a>(
        events: impl IntoIterator<Item = &'a Event>,
        index_of: impl Fn(&str) -> Option<u32>,
    ) -> Self {
        let mut numbering = Numbering::default();
        for event in events {
            numbering.push(event, &index_of);
        }
        numbering.finish()
    }

    /// Takes out the rows whose places `taken` is true of, asked in order.
    pub(crate) fn take(&mut self, mut taken: impl FnMut(usize) -> bool) -> Vec<Interaction> {
        let (mut place, mut out) = (0, Vec::new());
        self.rows.retain(|&row| {
            let stays = !taken(place);
            place += 1;
            if !stays {
                out.push(row);
            }
            stays
        });
        out
    }

    /// Puts rows back that were the last of their sessions.
    pub(crate) fn give_back(&mut self, rows: Vec<Interaction>) {
        self.rows.extend(rows);
        self.rows.sort_by_key(|row| (row.session, row.time_millis));
    }

    /// All rows, in order.
    pub fn rows(&self) -> &[Interaction] {
        &self.rows
    }

    /// The rows of each session, in order of session number.
    pub fn sessions(&self) -> impl Iterator<Item = &[Interaction]> {
        self.rows.chunk_by(|a, b| a.session == b.session)
    }

    /// Events left out because their item is not in the catalogue.
    pub fn unknown_items(&self) -> usize {
        self.unknown_items
    }

    /// Time of the newest row.
    pub fn newest_millis(&self) -> Option<i64> {
        self.rows.iter().map(|row| row.time_millis).max()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn event(session: &str, item_id: &str, time_millis: i64) -> Event {
        Event {
            session: session.into(),
            kind: EventKind::View,
            item_id: item_id.into(),
            time_millis,
            quantity: 1,
        }
    }

    #[test]
    fn sessions_are_numbered_by_first_appearance_and_ordered_by_time() {
        let events = [event("b", "0", 9), event("a", "1", 5), event("b", "2", 3)];
        let log = Interactions::from_events(&events, |id| id.parse().ok());
        let order: Vec<_> = log.rows().iter().map(|r| (r.session, r.item)).collect();
        assert_eq!(order, [(0, 2), (0, 0), (1, 1)]);
        assert_eq!(log.sessions().count(), 2);
    }

    #[test]
    fn events_of_unknown_items_are_counted_and_left_out() {
        let events = [event("a", "0", 1), event("a", "gone", 2)];
        let log = Interactions::from_events(&events, |id| id.parse().ok());
        assert_eq!((log.rows().len(), log.unknown_items()), (1, 1));
    }

    #[test]
    fn an_empty_log_has_no_sessions_and_no_newest_time() {
        let log = Interactions::from_events(&[], |_| Some(0));
        assert_eq!(log.sessions().count(), 0);
        assert_eq!(log.newest_millis(), None);
    }
}
