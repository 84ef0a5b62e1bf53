//! Train, validation and test parts of the retail intents: the twin of `models/training/intent_set.py`.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What groups of examples are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// To learn from.
    Train,
    /// To choose by.
    Validation,
    /// To be measured on.
    Test,
}

const SEED: u32 = 6;

/// The part of each group of an intent: 70, 15 and 15 % of them, in an order that only the seed, the
/// intent and the numbers decide.
#[must_use]
pub fn part_of_groups(intent: &str, groups: impl IntoIterator<Item = u32>) -> BTreeMap<u32, Part> {
    let mut order: Vec<(Vec<u8>, u32)> = groups
        .into_iter()
        .map(|group| {
            (
                Sha256::digest(format!("{SEED}:{intent}:{group}").as_bytes()).to_vec(),
                group,
            )
        })
        .collect();
    order.sort_unstable();
    order.dedup();
    // Halves to even, as Python rounds.
    let first = (0.70 * order.len() as f64).round_ties_even() as usize;
    let second = first + (order.len() - first) / 2;
    let part = |rank: usize| match rank {
        rank if rank < first => Part::Train,
        rank if rank < second => Part::Validation,
        _ => Part::Test,
    };
    order
        .into_iter()
        .enumerate()
        .map(|(rank, (_, group))| (group, part(rank)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Part, part_of_groups};

    #[test]
    fn parts_are_those_of_the_trainer() {
        // python -c "import intents; print(intents.part_of_groups('find_product', range(1, 11)))"
        let parts = part_of_groups("find_product", 1..=10);
        let of = |part| {
            parts
                .iter()
                .filter(|(_, found)| **found == part)
                .map(|(group, _)| *group)
                .collect::<Vec<_>>()
        };
        assert_eq!(of(Part::Validation), VALIDATION);
        assert_eq!(of(Part::Test), TEST);
        assert_eq!(parts.len(), 10);
    }

    const VALIDATION: [u32; 1] = [8];
    const TEST: [u32; 2] = [9, 10];
}
