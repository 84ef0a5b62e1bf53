//! From examples to a head: weights from all of them, calibration from ones that the weights had not seen.

use super::{
    FitOptions, Grams, Head, Judged, OUT_OF_SCOPE, Rarity, calibrate, counts, fit, grams, rows,
};
use crate::normalise::clean;
use crate::units::units;
use std::collections::BTreeMap;

/// Folds of the cross-validation.
const FOLDS: usize = 5;
/// Fewest and most intents.
const MOST_INTENTS: usize = 1_000;

/// A text and what is wanted by it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Example {
    /// As it was typed.
    pub text: String,
    /// Name of the intent; [`OUT_OF_SCOPE`] for what must be refused.
    pub intent: String,
    /// Examples of one intent and group say the same in other words: never in two folds. 0: in none.
    pub group: u32,
}

/// Why examples make no head.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TrainError {
    /// Nothing to learn from.
    #[error("there are no examples: each needs a text and an intent")]
    Empty,
    /// Nothing to tell apart.
    #[error("all examples are of the intent {0:?}: there must be two intents at least")]
    OneIntent(String),
    /// More than heads may have.
    #[error(
        "there are {0} intents, at most {MOST_INTENTS}: was another column taken for the intent?"
    )]
    TooManyIntents(usize),
    /// Not as many embeddings as texts.
    #[error("{found} embeddings for {expected} texts")]
    Embeddings {
        /// Given.
        found: usize,
        /// Wanted.
        expected: usize,
    },
}

/// Examples as the fit needs them.
#[derive(Debug, Clone, Default)]
pub struct Training {
    /// Names of the intents, sorted; [`OUT_OF_SCOPE`] among them where examples have it.
    pub classes: Vec<String>,
    /// Class of each example.
    pub labels: Vec<usize>,
    grams: Vec<Grams>,
    embeddings: Vec<Vec<f32>>,
    groups: Vec<(usize, u32)>,
}

impl Training {
    /// Reads examples; `embeddings` are those of their texts, or none.
    ///
    /// # Errors
    /// [`TrainError`], of which each says how to mend it.
    pub fn new(examples: &[Example], embeddings: Vec<Vec<f32>>) -> Result<Self, TrainError> {
        let mut classes: Vec<String> = examples
            .iter()
            .map(|example| example.intent.clone())
            .collect();
        classes.sort_unstable();
        classes.dedup();
        match classes.as_slice() {
            [] => return Err(TrainError::Empty),
            [one] => return Err(TrainError::OneIntent(one.clone())),
            many if many.len() > MOST_INTENTS => {
                return Err(TrainError::TooManyIntents(many.len()));
            }
            _ => {}
        }
        if !embeddings.is_empty() && embeddings.len() != examples.len() {
            return Err(TrainError::Embeddings {
                found: embeddings.len(),
                expected: examples.len(),
            });
        }
        let class = |example: &Example| classes.binary_search(&example.intent).unwrap_or(0);
        let labels: Vec<usize> = examples.iter().map(class).collect();
        Ok(Self {
            groups: labels
                .iter()
                .copied()
                .zip(examples.iter().map(|example| example.group))
                .collect(),
            grams: examples
                .iter()
                .map(|example| grams(&units(&clean(&example.text))))
                .collect(),
            embeddings,
            labels,
            classes,
        })
    }

    /// The class of what must be refused, if examples have it.
    #[must_use]
    pub fn outside(&self) -> Option<usize> {
        self.classes.iter().position(|class| class == OUT_OF_SCOPE)
    }

    fn chosen(&self, which: &[usize]) -> Self {
        let embeddings = which
            .iter()
            .filter_map(|&at| self.embeddings.get(at).cloned());
        Self {
            classes: self.classes.clone(),
            labels: which.iter().map(|&at| self.labels[at]).collect(),
            grams: which.iter().map(|&at| self.grams[at].clone()).collect(),
            groups: which.iter().map(|&at| self.groups[at]).collect(),
            embeddings: embeddings.collect(),
        }
    }

    fn rarity(&self) -> Rarity {
        Rarity {
            texts: self.grams.len() as u32,
            counts: counts(&self.grams),
        }
    }
}

/// A head, and what was found out about it on the way.
#[derive(Debug, Clone)]
pub struct Trained {
    /// Ready to be asked.
    pub head: Head,
    /// The texts that calibration was chosen on: judged by weights that had not seen them.
    pub judged: Vec<Judged>,
}

/// Examples to calibrate on, which no weight is fitted to.
#[derive(Debug, Clone, Copy)]
pub struct HeldOut<'a> {
    /// Their intents may be ones that the head doesn't know: those must be refused.
    pub examples: &'a [Example],
    /// Of their texts; as many as the examples, or none.
    pub embeddings: &'a [Vec<f32>],
}

/// Fits a head. It is calibrated on what is held out or, without any, by cross-validation.
///
/// # Errors
/// [`TrainError::Embeddings`] where embeddings are neither as many as the examples nor none.
pub fn train(
    training: &Training,
    held_out: Option<HeldOut>,
    options: &FitOptions,
) -> Result<Trained, TrainError> {
    let mut head = fitted(training, options);
    let judged = match held_out {
        Some(held_out) => judge(&head, held_out)?,
        None => cross_validate(training, options),
    };
    head.calibration = calibrate(&judged, training.outside());
    Ok(Trained { head, judged })
}

fn fitted(training: &Training, options: &FitOptions) -> Head {
    let rarity = training.rarity();
    let rows = rows(&training.grams, &training.embeddings, &rarity);
    let weights = fit(&rows, &training.labels, training.classes.len(), options);
    Head::quantized(
        training.classes.clone(),
        &weights,
        rarity,
        options.embedding_length,
    )
}

fn judge(head: &Head, held_out: HeldOut) -> Result<Vec<Judged>, TrainError> {
    let HeldOut {
        examples,
        embeddings,
    } = held_out;
    if !embeddings.is_empty() && embeddings.len() != examples.len() {
        return Err(TrainError::Embeddings {
            found: embeddings.len(),
            expected: examples.len(),
        });
    }
    let grams: Vec<Grams> = examples
        .iter()
        .map(|example| grams(&units(&clean(&example.text))))
        .collect();
    let rows = rows(&grams, embeddings, &head.rarity);
    let judged = rows.iter().zip(examples).map(|(row, example)| Judged {
        scores: head.scores(row),
        label: head.classes.binary_search(&example.intent).ok(),
    });
    Ok(judged.collect())
}

/// Every example judged by a head that was fitted to the other folds, in the examples' order.
#[must_use]
pub fn cross_validate(training: &Training, options: &FitOptions) -> Vec<Judged> {
    let fold_of = folds(&training.groups, FOLDS);
    let mut judged: Vec<Option<Judged>> = vec![None; training.labels.len()];
    for fold in 0..FOLDS {
        let of = |inside: bool| -> Vec<usize> {
            (0..fold_of.len())
                .filter(|&at| (fold_of[at] == fold) == inside)
                .collect()
        };
        let (held_out, rest) = (of(true), of(false));
        if held_out.is_empty() || rest.is_empty() {
            continue;
        }
        let head = fitted(&training.chosen(&rest), options);
        let held = training.chosen(&held_out);
        for ((&at, row), &label) in held_out
            .iter()
            .zip(rows(&held.grams, &held.embeddings, &head.rarity))
            .zip(&held.labels)
        {
            judged[at] = Some(Judged {
                scores: head.scores(&row),
                label: Some(label),
            });
        }
    }
    judged.into_iter().flatten().collect()
}

/// The fold of each example. Of each class, its groups are dealt out in turn, in an order that
/// only their numbers decide; examples of group 0 are groups of their own.
#[must_use]
pub fn folds(groups: &[(usize, u32)], folds: usize) -> Vec<usize> {
    let mut order: BTreeMap<(usize, u32, usize), usize> = BTreeMap::new();
    let own = |at: usize| match groups[at].1 {
        0 => at + 1,
        _ => 0,
    };
    let mix = |class: usize, group: u32, own: usize| {
        // A fixed mix of the bits (splitmix64), so that files in some order make no odd folds.
        let mut x = (class as u64) << 48 ^ u64::from(group) << 24 ^ own as u64;
        x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
        x = (x ^ x >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ x >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ x >> 31
    };
    for (at, &(class, group)) in groups.iter().enumerate() {
        order.insert((class, group, own(at)), 0);
    }
    let mut keys: Vec<(usize, u32, usize)> = order.keys().copied().collect();
    keys.sort_by_key(|&(class, group, own)| (class, mix(class, group, own)));
    let mut before = None;
    let mut place = 0;
    for key in keys {
        place = if before == Some(key.0) {
            place + 1
        } else {
            key.0
        };
        before = Some(key.0);
        order.insert(key, place % folds);
    }
    groups
        .iter()
        .enumerate()
        .map(|(at, &(class, group))| order.get(&(class, group, own(at))).copied().unwrap_or(0))
        .collect()
}
