//! Multinomial logistic regression over sparse n-grams and, where there is one, the encoder's embedding.

use super::features::{BUCKETS, Rarity};
use super::lbfgs::minimise;
use std::thread;

/// Texts that the ridge is chosen for, and the most that it becomes for fewer.
const PLENTY: f32 = 9_000.0;
const MOST_RIDGE: f32 = 1e-3;

/// How a head is fitted. The defaults are those of `models/training/chat_head.py`.
#[derive(Debug, Clone, PartialEq)]
pub struct FitOptions {
    /// Weight of half the sum of squared weights, where there are 9,000 texts or more. For fewer it grows with the square of how
    /// many times fewer they are: it was chosen on BANKING77, with all of its texts and with ten an intent.
    pub ridge: f32,
    /// Part of each label that is spread over all classes.
    pub smoothing: f32,
    /// Most steps of L-BFGS.
    pub iterations: usize,
    /// What the embedding's unit length is multiplied by.
    pub embedding_length: f32,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self {
            ridge: 3e-6,
            smoothing: 0.05,
            iterations: 60,
            embedding_length: 1.0,
        }
    }
}

impl FitOptions {
    fn ridge(&self, texts: usize) -> f32 {
        let scarce = (PLENTY / texts.max(1) as f32).max(1.0);
        (self.ridge * scarce * scarce).min(MOST_RIDGE.max(self.ridge))
    }
}

/// A text as the head sees it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Buckets, ascending, and values.
    pub grams: Vec<(u32, f32)>,
    /// Of unit length; empty without an encoder. All rows have equally many.
    pub embedding: Vec<f32>,
}

/// Weights in f32, before they are written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Number of classes.
    pub classes: usize,
    /// Place of a bucket's weights among `rows`; `u32::MAX` for one that no text has.
    pub places: Vec<u32>,
    /// `[buckets seen + embedding's values + 1, classes]`; the last are the biases.
    pub rows: Vec<f32>,
    /// Values of an embedding.
    pub dim: usize,
}

impl Weights {
    /// Logits of a row, `[classes]`.
    #[must_use]
    pub fn scores(&self, row: &Row, embedding_length: f32) -> Vec<f32> {
        let (places, rows) = (&self.places, &self.rows);
        let mut scores = vec![0.0; self.classes];
        score(places, rows, self.dim, embedding_length, row, &mut scores);
        scores
    }
}

fn score(places: &[u32], rows: &[f32], dim: usize, length: f32, row: &Row, out: &mut [f32]) {
    let classes = out.len();
    let biases = rows.len() / classes.max(1) - 1;
    let mut add = |place: usize, value: f32| {
        if let Some(weights) = rows.get(place * classes..(place + 1) * classes) {
            for (out, weight) in out.iter_mut().zip(weights) {
                *out += value * weight;
            }
        }
    };
    for &(bucket, value) in &row.grams {
        if let Some(&place) = places.get(bucket as usize)
            && place != u32::MAX
        {
            add(place as usize, value);
        }
    }
    for (at, value) in row.embedding.iter().take(dim).enumerate() {
        add(biases - dim + at, length * value);
    }
    add(biases, 1.0);
}

/// Logits become probabilities, in place; answers the logarithm of their sum.
pub fn softmax(scores: &mut [f32]) -> f32 {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        sum += *score;
    }
    scores.iter_mut().for_each(|score| *score /= sum);
    most + sum.ln()
}

/// Which rows a column of the problem has, with their values.
type Column = Vec<(u32, f32)>;

/// Fits `rows` with their `labels` (below `classes`). The answer doesn't depend on the number of cores.
#[must_use]
pub fn fit(rows: &[Row], labels: &[usize], classes: usize, options: &FitOptions) -> Weights {
    let dim = rows.first().map_or(0, |row| row.embedding.len());
    let length = options.embedding_length;
    let mut places = vec![u32::MAX; BUCKETS as usize];
    let mut columns: Vec<Column> = Vec::new();
    for (number, row) in (0_u32..).zip(rows) {
        for &(bucket, value) in &row.grams {
            let Some(place) = places.get_mut(bucket as usize) else {
                continue;
            };
            if *place == u32::MAX {
                *place = columns.len() as u32;
                columns.push(Column::new());
            }
            columns[*place as usize].push((number, value));
        }
    }
    for at in 0..dim {
        let values = (0_u32..).zip(rows.iter().map(|row| length * row.embedding[at]));
        columns.push(values.collect());
    }
    columns.push((0..rows.len() as u32).map(|number| (number, 1.0)).collect());
    let biases = (columns.len() - 1) * classes;
    let ridge = options.ridge(rows.len());
    let share = 1.0 / rows.len().max(1) as f32;
    let mut wrong = vec![0.0_f32; rows.len() * classes];
    let start = vec![0.0; columns.len() * classes];
    let found = minimise(start, options.iterations, |weights, gradient| {
        let loss = forward(
            weights,
            &places,
            dim,
            length,
            rows,
            labels,
            classes,
            options.smoothing,
            &mut wrong,
        );
        backward(weights, &columns, classes, &wrong, share, ridge, gradient);
        let squares: f64 = weights[..biases].iter().map(|w| f64::from(w * w)).sum();
        loss / rows.len().max(1) as f64 + f64::from(ridge) / 2.0 * squares
    });
    Weights {
        classes,
        places,
        rows: found,
        dim,
    }
}

/// Parts that work is cut into, for as many cores as there may be.
fn parts(length: usize) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    length.div_ceil(cores).max(1)
}

/// Fills `wrong` with each row's probabilities less its goal, and answers the sum of the cross-entropies.
#[allow(clippy::too_many_arguments)]
fn forward(
    weights: &[f32],
    places: &[u32],
    dim: usize,
    length: f32,
    rows: &[Row],
    labels: &[usize],
    classes: usize,
    smoothing: f32,
    wrong: &mut [f32],
) -> f64 {
    let size = parts(rows.len());
    let even = smoothing / classes as f32;
    let mut losses = vec![0.0_f64; rows.len()];
    thread::scope(|scope| {
        let work = rows.chunks(size).zip(labels.chunks(size));
        let out = wrong
            .chunks_mut(size * classes)
            .zip(losses.chunks_mut(size));
        for ((rows, labels), (wrong, losses)) in work.zip(out) {
            scope.spawn(move || {
                let out = wrong.chunks_mut(classes).zip(losses);
                for ((row, &label), (wrong, loss)) in rows.iter().zip(labels).zip(out) {
                    wrong.fill(0.0);
                    score(places, weights, dim, length, row, wrong);
                    let mean = wrong.iter().sum::<f32>() / classes as f32;
                    let goal = (1.0 - smoothing) * wrong[label] + smoothing * mean;
                    *loss = f64::from(softmax(wrong) - goal);
                    wrong.iter_mut().for_each(|wrong| *wrong -= even);
                    wrong[label] -= 1.0 - smoothing;
                }
            });
        }
    });
    losses.iter().sum()
}

/// The gradient: each column's values times what is wrong in their rows.
fn backward(
    weights: &[f32],
    columns: &[Column],
    classes: usize,
    wrong: &[f32],
    share: f32,
    ridge: f32,
    gradient: &mut [f32],
) {
    // Columns of few rows and of many lie mixed.
    let size = parts(columns.len()).min(512);
    let last = columns.len() - 1;
    let next = std::sync::Mutex::new(
        columns
            .chunks(size)
            .zip(gradient.chunks_mut(size * classes))
            .enumerate(),
    );
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let taken = next.lock().map_or(None, |mut next| next.next());
                    let Some((part, (columns, gradient))) = taken else {
                        return;
                    };
                    for (at, (column, gradient)) in
                        columns.iter().zip(gradient.chunks_mut(classes)).enumerate()
                    {
                        let place = part * size + at;
                        gradient.fill(0.0);
                        for &(row, value) in column {
                            let wrong = &wrong[row as usize * classes..][..classes];
                            for (gradient, wrong) in gradient.iter_mut().zip(wrong) {
                                *gradient += value * wrong;
                            }
                        }
                        let ridge = if place == last { 0.0 } else { ridge };
                        let weights = &weights[place * classes..][..classes];
                        for (gradient, weight) in gradient.iter_mut().zip(weights) {
                            *gradient = share * *gradient + ridge * weight;
                        }
                    }
                }
            });
        }
    });
}

/// Rows of texts: their n-grams weighed by `rarity`, and their embeddings, if any.
#[must_use]
pub fn rows(
    grams: &[super::features::Grams],
    embeddings: &[Vec<f32>],
    rarity: &Rarity,
) -> Vec<Row> {
    let embedding = |at: usize| embeddings.get(at).cloned().unwrap_or_default();
    let rows = grams.iter().enumerate().map(|(at, grams)| Row {
        grams: rarity.weigh(grams),
        embedding: embedding(at),
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_texts_are_fitted_with_a_stronger_ridge() {
        let ridge = |texts| FitOptions::default().ridge(texts);
        assert_eq!(ridge(9_000), ridge(100_000));
        assert!((ridge(900) / ridge(9_000) - 100.0).abs() < 0.1);
        assert_eq!(ridge(1), ridge(0), "bounded");
        let own = FitOptions {
            ridge: 0.5,
            ..FitOptions::default()
        };
        assert_eq!(own.ridge(10), 0.5, "a stronger one stays");
    }
}
