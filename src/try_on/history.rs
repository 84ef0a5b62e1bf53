//! What the shopper did, to be undone.

use crate::geometry::Point;
use crate::look::Look;
use crate::slot::Slot;
use std::collections::{BTreeMap, VecDeque};

/// Most steps back.
const MOST: usize = 100;

/// Everything that can be undone, at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Where handles were, and how garments looked.
    pub garments: BTreeMap<Slot, (Vec<Point>, Look)>,
    /// Whether the top was tucked in.
    pub tucked_in: bool,
}

/// Steps back and forth.
#[derive(Debug, Default)]
pub struct History {
    before: VecDeque<Snapshot>,
    after: Vec<Snapshot>,
}

impl History {
    /// Keeps a state to go back to; what was undone is gone.
    pub fn remember(&mut self, now: Snapshot) {
        self.after.clear();
        if self.before.back() != Some(&now) {
            self.before.push_back(now);
        }
        if self.before.len() > MOST {
            self.before.pop_front();
        }
    }

    /// The state before, for the one that is now; states that are no different are skipped.
    pub fn undo(&mut self, now: Snapshot) -> Option<Snapshot> {
        while let Some(before) = self.before.pop_back() {
            if before != now {
                self.after.push(now);
                return Some(before);
            }
        }
        None
    }

    /// The state that was undone.
    pub fn redo(&mut self, now: Snapshot) -> Option<Snapshot> {
        let after = self.after.pop()?;
        self.before.push_back(now);
        Some(after)
    }

    /// Whether there are steps back, and forth.
    pub fn can(&self) -> (bool, bool) {
        (!self.before.is_empty(), !self.after.is_empty())
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(tucked_in: bool, steps: u8) -> Snapshot {
        let look = Look {
            colour: Some([steps; 3]),
            pattern: None,
        };
        Snapshot {
            garments: BTreeMap::from([(Slot::Top, (Vec::new(), look))]),
            tucked_in,
        }
    }

    #[test]
    fn what_was_done_is_undone_and_done_again() {
        let mut history = History::default();
        history.remember(state(false, 0));
        history.remember(state(true, 0));
        assert_eq!(history.undo(state(true, 1)), Some(state(true, 0)));
        assert_eq!(history.undo(state(true, 0)), Some(state(false, 0)));
        assert_eq!(history.undo(state(false, 0)), None);
        assert_eq!(history.redo(state(false, 0)), Some(state(true, 0)));
        assert_eq!(history.can(), (true, true));
    }

    #[test]
    fn a_step_that_changed_nothing_is_no_step() {
        let mut history = History::default();
        history.remember(state(false, 0));
        assert_eq!(history.undo(state(false, 0)), None);
    }

    #[test]
    fn what_is_done_after_an_undo_takes_its_place() {
        let mut history = History::default();
        history.remember(state(false, 0));
        history.undo(state(false, 1));
        history.remember(state(false, 0));
        assert_eq!(history.redo(state(false, 2)), None);
    }

    #[test]
    fn only_so_many_steps_are_kept() {
        let mut history = History::default();
        for step in 0..200 {
            history.remember(state(false, step));
        }
        let mut count = 0;
        let mut now = state(true, 255);
        while let Some(before) = history.undo(now) {
            now = before;
            count += 1;
        }
        assert_eq!(count, MOST);
    }
}
