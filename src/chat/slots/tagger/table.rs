//! The weights of features in eight bits, of those rows alone that weigh anything.

use super::TAGS;

/// Rows that features hash into, few of which are there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    /// A bit a row: whether it is there. Eight rows a byte.
    known: Vec<u8>,
    /// How many rows are there before each of these bytes.
    before: Vec<u32>,
    /// `[rows that are there, TAGS]`.
    weights: Vec<i8>,
    /// What one weighs.
    step: f32,
}

impl Table {
    /// Of the rows that these bits say are there; `None` where there are more or fewer weights.
    pub(super) fn new(known: Vec<u8>, weights: Vec<i8>, step: f32) -> Option<Self> {
        let mut before = Vec::with_capacity(known.len());
        let mut rows = 0;
        for byte in &known {
            before.push(rows);
            rows += byte.count_ones();
        }
        let fits = weights.len() == rows as usize * TAGS && !known.is_empty();
        (fits && step.is_finite()).then_some(Self {
            known,
            before,
            weights,
            step,
        })
    }

    /// In eight bits; weights below `least` are nought, and rows of nothing else are not there.
    pub(super) fn quantized(weights: &[f32], least: f32) -> Self {
        let largest = weights.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
        // A table of nothing is written with a step, too.
        let step = if largest > 0.0 {
            largest / f32::from(i8::MAX)
        } else {
            1.0
        };
        let mut known = vec![0_u8; weights.len() / TAGS / 8];
        let mut kept = Vec::new();
        for (at, row) in weights.chunks(TAGS).enumerate() {
            let worth = |weight: &f32| weight.abs() >= least && *weight != 0.0;
            if row.iter().any(worth) {
                known[at / 8] |= 1 << (at % 8);
                kept.extend(row.iter().map(|weight| {
                    if worth(weight) {
                        (weight / step).round() as i8
                    } else {
                        0
                    }
                }));
            }
        }
        let empty = Self {
            known: Vec::new(),
            before: Vec::new(),
            weights: Vec::new(),
            step: 0.0,
        };
        Self::new(known, kept, step).unwrap_or(empty)
    }

    /// Adds the weights of a feature's row to the tags' scores.
    pub(super) fn add(&self, feature: u32, scores: &mut [f32; TAGS]) {
        let rows = (self.known.len() * 8).max(1);
        let at = feature as usize % rows;
        let Some(byte) = self.known.get(at / 8) else {
            return;
        };
        let bit = 1_u8 << (at % 8);
        if byte & bit == 0 {
            return;
        }
        let row = self.before[at / 8] + (byte & (bit - 1)).count_ones();
        let weights = &self.weights[row as usize * TAGS..];
        for (score, weight) in scores.iter_mut().zip(weights) {
            *score += self.step * f32::from(*weight);
        }
    }

    pub(super) fn known(&self) -> &[u8] {
        &self.known
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[i8]> {
        self.weights.chunks(TAGS)
    }

    pub(super) const fn step(&self) -> f32 {
        self.step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_adds_what_it_was_made_of_and_others_nothing() {
        let mut weights = vec![0.0; 16 * TAGS];
        weights[9 * TAGS + 3] = 2.0;
        weights[9 * TAGS + 4] = -1.0;
        weights[12 * TAGS] = 0.01;
        let table = Table::quantized(&weights, 0.1);
        assert_eq!(table.rows().count(), 1);
        let scores = |feature| {
            let mut scores = [0.0; TAGS];
            table.add(feature, &mut scores);
            scores
        };
        assert!((scores(9)[3] - 2.0).abs() < 0.01 && (scores(9)[4] + 1.0).abs() < 0.01);
        assert_eq!(scores(9), scores(25), "features go round");
        assert_eq!(scores(12), [0.0; TAGS]);
    }

    #[test]
    fn weights_must_be_as_many_as_the_rows() {
        assert!(Table::new(vec![0b101], vec![1; 2 * TAGS], 1.0).is_some());
        assert!(Table::new(vec![0b101], vec![1; TAGS], 1.0).is_none());
        assert!(Table::new(Vec::new(), Vec::new(), 1.0).is_none());
        assert!(Table::new(vec![0], Vec::new(), f32::NAN).is_none());
    }

    #[test]
    fn nothing_learned_adds_nothing() {
        let mut scores = [0.0; TAGS];
        Table::quantized(&vec![0.0; 8 * TAGS], 0.0).add(7, &mut scores);
        assert_eq!(scores, [0.0; TAGS]);
    }
}
