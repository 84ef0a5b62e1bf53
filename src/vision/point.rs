//! Places in a picture.

use serde::Serialize;

/// A place in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// Part of the picture's width, from its left edge; what isn't visible can be anywhere.
    pub x: f32,
    /// Part of its height, from its top edge.
    pub y: f32,
    /// How sure the model is; of our models a probability in 0..1, of others whatever they say.
    pub score: f32,
    /// Whether it is sure enough.
    pub visible: bool,
}

impl Point {
    /// Of x, y and the logit of being visible, as our models give them.
    pub(crate) fn of_logit([x, y, logit]: [f32; 3]) -> Self {
        Self {
            x,
            y,
            score: sigmoid(logit),
            visible: logit > 0.0,
        }
    }

    /// All of an output `[n, 3]`; those that it lacks lie at 0 and can't be seen.
    pub(crate) fn all<const N: usize>(values: &[f32]) -> [Self; N] {
        let (rows, _) = values.as_chunks::<3>();
        std::array::from_fn(|n| Self::of_logit(rows.get(n).copied().unwrap_or([0.0, 0.0, -1e9])))
    }
}

pub(crate) fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// Softmax of some logits, in place.
pub(crate) fn softmax(values: &mut [f32]) {
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for value in values.iter_mut() {
        *value = (*value - most).exp();
        sum += *value;
    }
    for value in values.iter_mut() {
        *value /= sum;
    }
}
