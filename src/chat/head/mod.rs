//! From a text to intents with calibrated confidence: a small classifier over hashed n-grams and the encoder's
//! embedding, fitted natively in seconds, asked anywhere.

mod calibrate;
mod features;
mod file;
mod fit;
mod lbfgs;
mod train;

pub use calibrate::{Calibration, Judged, calibrate};
pub use features::{BUCKETS, Grams, Rarity, counts, grams};
pub use file::HeadError;
pub use fit::{FitOptions, Row, Weights, fit, rows, softmax};
pub use train::{Example, HeldOut, TrainError, Trained, Training, cross_validate, folds, train};

use crate::units::Unit;

/// The class of what must be refused.
pub const OUT_OF_SCOPE: &str = "out_of_scope";

/// A fitted classifier, its weights in eight bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Names of the intents; perhaps [`OUT_OF_SCOPE`] among them.
    classes: Vec<String>,
    rarity: Rarity,
    /// Place of a bucket's weights; `u32::MAX` for one without.
    places: Vec<u32>,
    /// `[places + dim + 1, classes]`; the last row are the biases.
    values: Vec<i8>,
    /// Of a class's values, `[classes]`.
    scales: Vec<f32>,
    dim: usize,
    embedding_length: f32,
    calibration: Calibration,
}

/// What a head says of texts that one like it judged, with its own calibration.
#[must_use]
pub fn verdicts(head: &Head, judged: &[Judged]) -> Vec<Verdict> {
    let outside = head.classes.iter().position(|class| class == OUT_OF_SCOPE);
    judged
        .iter()
        .map(|text| head.calibration.verdict(&text.scores, outside))
        .collect()
}

/// What a text was taken for.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Place of the likeliest intent among the head's classes; never [`OUT_OF_SCOPE`].
    pub intent: usize,
    /// Its probability, in `[0, 1]`.
    pub confidence: f32,
    /// The same before calibration, softened: what refusal is decided on, in `[0, 1]`.
    pub sureness: f32,
    /// Whether that is below the threshold: the text had better be refused.
    pub refused: bool,
    /// Every class and its probability, likeliest first.
    pub ranking: Vec<(usize, f32)>,
}

impl Head {
    /// Names of the classes, by number.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// Values of the embedding that it reads; 0 for one that reads n-grams alone.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Sureness below which a text is refused.
    #[must_use]
    pub fn threshold(&self) -> f32 {
        self.calibration.threshold
    }

    /// What a text is taken for; `None` for one without units, which means nothing to any head, and
    /// for an embedding of another length than the head's.
    #[must_use]
    pub fn judge(&self, units: &[Unit], embedding: &[f32]) -> Option<Verdict> {
        if units.is_empty() || embedding.len() != self.dim {
            return None;
        }
        let row = Row {
            grams: self.rarity.weigh(&grams(units)),
            embedding: embedding.to_vec(),
        };
        let scores = self.scores(&row);
        let outside = self.classes.iter().position(|class| class == OUT_OF_SCOPE);
        Some(self.calibration.verdict(&scores, outside))
    }

    /// What is said of a text that can't be judged.
    #[must_use]
    pub fn refusal(&self) -> Verdict {
        Verdict {
            intent: 0,
            confidence: 0.0,
            sureness: 0.0,
            refused: true,
            ranking: Vec::new(),
        }
    }

    fn scores(&self, row: &Row) -> Vec<f32> {
        let classes = self.classes.len();
        let biases = (self.values.len() / classes.max(1)).saturating_sub(1);
        let mut scores = vec![0.0; classes];
        let mut add = |place: usize, value: f32| {
            if let Some(weights) = self.values.get(place * classes..(place + 1) * classes) {
                for (score, weight) in scores.iter_mut().zip(weights) {
                    *score += value * f32::from(*weight);
                }
            }
        };
        for &(bucket, value) in &row.grams {
            match self.places.get(bucket as usize) {
                Some(&place) if place != u32::MAX => add(place as usize, value),
                _ => {}
            }
        }
        for (at, value) in row.embedding.iter().enumerate() {
            add(biases - self.dim + at, self.embedding_length * value);
        }
        add(biases, 1.0);
        for (score, scale) in scores.iter_mut().zip(&self.scales) {
            *score *= scale;
        }
        scores
    }

    /// Writes weights in eight bits, a scale a class.
    fn quantized(
        classes: Vec<String>,
        weights: &Weights,
        rarity: Rarity,
        embedding_length: f32,
    ) -> Self {
        let count = classes.len();
        let mut scales = vec![f32::MIN_POSITIVE; count];
        for row in weights.rows.chunks(count) {
            for (scale, weight) in scales.iter_mut().zip(row) {
                *scale = scale.max(weight.abs() / 127.0);
            }
        }
        let values = weights.rows.chunks(count).flat_map(|row| {
            row.iter()
                .zip(&scales)
                .map(|(weight, scale)| (weight / scale).round() as i8)
        });
        Self {
            values: values.collect(),
            places: weights.places.clone(),
            dim: weights.dim,
            classes,
            rarity,
            scales,
            embedding_length,
            calibration: Calibration::default(),
        }
    }
}

#[cfg(test)]
mod tests;
