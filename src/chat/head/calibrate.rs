//! How sure is sure enough: a temperature for the probabilities and a threshold for answering.

use super::{Verdict, softmax};
use crate::measure::auroc;
use serde::{Deserialize, Serialize};

/// What is chosen on examples that the weights have not seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Logits are divided by it before softmax (Guo et al. 2017).
    pub temperature: f32,
    /// Logits are divided by it before refusal is decided: softer or sharper probabilities than the
    /// calibrated ones may tell better what is out of scope.
    #[serde(default = "usual_refusal_temperature")]
    pub refusal_temperature: f32,
    /// Sureness below which nothing is answered.
    pub threshold: f32,
}

/// What heads over an encoder do best with.
fn usual_refusal_temperature() -> f32 {
    2.0
}

/// Which are tried.
const REFUSAL_TEMPERATURES: [f32; 6] = [0.5, 0.75, 1.0, 1.5, 2.0, 3.0];

impl Default for Calibration {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            refusal_temperature: usual_refusal_temperature(),
            threshold: 0.0,
        }
    }
}

/// A text that was judged by a head that had not seen it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Logits, one a class.
    pub scores: Vec<f32>,
    /// Its class; `None` for one that is out of scope where the head has no class for that.
    pub label: Option<usize>,
}

impl Calibration {
    /// What logits mean. `outside` is the class of what must be refused, if there is one: it is never
    /// the intent but takes its share of the probability.
    pub(super) fn verdict(&self, scores: &[f32], outside: Option<usize>) -> Verdict {
        let at = |temperature: f32| {
            let mut probabilities: Vec<f32> =
                scores.iter().map(|score| score / temperature).collect();
            softmax(&mut probabilities);
            let mut ranking: Vec<(usize, f32)> = probabilities.into_iter().enumerate().collect();
            ranking.sort_by(|(_, a), (_, b)| b.total_cmp(a));
            ranking
        };
        let likeliest = |ranking: &[(usize, f32)]| {
            let inside = ranking.iter().find(|(class, _)| Some(*class) != outside);
            inside.copied().unwrap_or((0, 0.0))
        };
        let ranking = at(self.temperature);
        let (intent, confidence) = likeliest(&ranking);
        let (_, sureness) = likeliest(&at(self.refusal_temperature));
        Verdict {
            intent,
            confidence,
            sureness,
            // Weights that make no number of a text tell nothing about it.
            refused: sureness.is_nan() || sureness < self.threshold,
            ranking,
        }
    }
}

/// Chooses both on judged texts: the temperature under which what is so is likeliest, then the
/// threshold with most right answers, a refusal of what is out of scope being right.
#[must_use]
pub fn calibrate(judged: &[Judged], outside: Option<usize>) -> Calibration {
    let temperature = temperature(judged);
    let mut calibration = Calibration {
        temperature,
        refusal_temperature: refusal_temperature(judged, outside),
        threshold: 0.0,
    };
    // Sureness, and what answering gains over refusing.
    let mut gains: Vec<(f32, i32)> = judged
        .iter()
        .map(|text| {
            let verdict = calibration.verdict(&text.scores, outside);
            let must_refuse = text.label.is_none() || text.label == outside;
            let gain = match text.label {
                _ if must_refuse => -1,
                label => i32::from(label == Some(verdict.intent)),
            };
            (verdict.sureness, gain)
        })
        .collect();
    gains.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut lost, mut least, mut cut) = (0, 0, 0);
    for (place, (_, gain)) in gains.iter().enumerate() {
        lost += gain;
        if lost < least {
            (least, cut) = (lost, place + 1);
        }
    }
    calibration.threshold = match (
        cut.checked_sub(1).and_then(|below| gains.get(below)),
        gains.get(cut),
    ) {
        (None, _) => 0.0,
        (Some((below, _)), Some((above, _))) => (below + above) / 2.0,
        (Some((below, _)), None) => below.next_up(),
    };
    calibration
}

/// The one under which what is in scope is oftenest surer than what is not; the usual one where nothing is out of scope.
fn refusal_temperature(judged: &[Judged], outside: Option<usize>) -> f32 {
    let told_apart = |refusal_temperature: f32| {
        let calibration = Calibration {
            refusal_temperature,
            ..Calibration::default()
        };
        let (mut inside, mut beyond) = (Vec::new(), Vec::new());
        for text in judged {
            let sureness = calibration.verdict(&text.scores, outside).sureness;
            if text.label.is_none() || text.label == outside {
                beyond.push(sureness);
            } else {
                inside.push(sureness);
            }
        }
        inside.sort_by(f32::total_cmp);
        beyond.sort_by(f32::total_cmp);
        auroc(&inside, &beyond)
    };
    let tried = REFUSAL_TEMPERATURES.map(|temperature| (temperature, told_apart(temperature)));
    let best = tried
        .into_iter()
        .filter_map(|(temperature, auroc)| Some((temperature, auroc?)));
    let best = best.max_by(|(_, a), (_, b)| a.total_cmp(b));
    best.map_or(usual_refusal_temperature(), |(temperature, _)| temperature)
}

/// By golden-section search on its logarithm, between 1/8 and 8.
fn temperature(judged: &[Judged]) -> f32 {
    let labelled = || {
        judged
            .iter()
            .filter_map(|text| Some((&text.scores, text.label?)))
    };
    if labelled().next().is_none() {
        return 1.0;
    }
    let unlikely = |log: f64| -> f64 {
        let temperature = log.exp() as f32;
        labelled()
            .map(|(scores, label)| {
                let mut scaled: Vec<f32> = scores.iter().map(|score| score / temperature).collect();
                let own = scaled.get(label).copied().unwrap_or(0.0);
                f64::from(softmax(&mut scaled) - own)
            })
            .sum()
    };
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (-8.0_f64.ln(), 8.0_f64.ln());
    let mut inner = [high - golden * (high - low), low + golden * (high - low)];
    let mut values = inner.map(unlikely);
    for _ in 0..24 {
        if values[0] < values[1] {
            high = inner[1];
            inner = [high - golden * (high - low), inner[0]];
            values = [unlikely(inner[0]), values[0]];
        } else {
            low = inner[0];
            inner = [inner[1], low + golden * (high - low)];
            values = [values[1], unlikely(inner[1])];
        }
    }
    f64::midpoint(low, high).exp() as f32
}

#[cfg(test)]
mod tests {
    use super::Calibration;

    #[test]
    fn scores_that_are_no_numbers_are_refused() {
        let verdict = Calibration::default().verdict(&[f32::NAN, 1.0], None);
        assert!(verdict.refused);
        assert!(!Calibration::default().verdict(&[0.0, 1.0], None).refused);
    }
}
