//! How found slots count against the right ones.

use super::{Slot, SlotName};
use std::collections::BTreeMap;

/// Slots that were right to find, found, and both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// There are.
    pub right: usize,
    /// Were found.
    pub found: usize,
    /// Found where they are.
    pub both: usize,
}

impl Counts {
    /// Harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(self) -> f64 {
        2.0 * self.both as f64 / (self.right + self.found).max(1) as f64
    }
}

/// Over all texts. A slot is found if its name and both its ends are right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SlotScores {
    /// Of all slots together.
    pub all: Counts,
    /// Of each slot.
    pub by_name: BTreeMap<SlotName, Counts>,
    /// Of those found, how many have the right value, too.
    pub right_values: usize,
    /// Of those found, how many are rightly ruled out or not.
    pub right_negations: usize,
}

/// Counts the slots of texts: those that are right, and those that were found.
#[must_use]
pub fn measure_slots<'a>(texts: impl IntoIterator<Item = (&'a [Slot], &'a [Slot])>) -> SlotScores {
    let mut scores = SlotScores::default();
    for (right, found) in texts {
        for slot in right {
            scores.all.right += 1;
            scores.by_name.entry(slot.name).or_default().right += 1;
        }
        for slot in found {
            let counts = scores.by_name.entry(slot.name).or_default();
            scores.all.found += 1;
            counts.found += 1;
            let same = right.iter().find(|other| {
                (other.name, other.start, other.end) == (slot.name, slot.start, slot.end)
            });
            if let Some(same) = same {
                counts.both += 1;
                scores.all.both += 1;
                scores.right_values += usize::from(same.value.eq_ignore_ascii_case(&slot.value));
                scores.right_negations += usize::from(same.negated == slot.negated);
            }
        }
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_counts_only_with_both_ends() {
        let slot = |start, end, value: &str| Slot {
            name: SlotName::Colour,
            start,
            end,
            value: value.into(),
            negated: false,
        };
        let right = [slot(0, 3, "red"), slot(8, 12, "blue")];
        let found = [slot(0, 3, "crimson"), slot(8, 11, "blue")];
        let scores = measure_slots([(&right[..], &found[..])]);
        assert_eq!(
            scores.all,
            Counts {
                right: 2,
                found: 2,
                both: 1
            }
        );
        assert_eq!((scores.right_values, scores.right_negations), (0, 1));
        assert!((scores.all.f1() - 0.5).abs() < 1e-9);
        assert!(measure_slots([]).all.f1() < 1e-9);
    }
}
