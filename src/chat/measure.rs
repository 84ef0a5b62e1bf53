//! How answers about intents count: right, refused, calibrated.

use crate::head::Verdict;

/// A verdict and the truth.
#[derive(Debug, Clone)]
pub struct Case {
    /// What a head said.
    pub verdict: Verdict,
    /// The class that it is; `None` for what must be refused.
    pub truth: Option<usize>,
}

/// Equal parts of confidence, and how often it was right in each.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bin {
    /// Answers in it.
    pub count: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// Part of them that were right.
    pub accuracy: f64,
}

/// What is measured on cases.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scores {
    /// Cases in scope, and out of it.
    pub inside: usize,
    /// See `inside`.
    pub outside: usize,
    /// Part of those in scope whose intent is the likeliest, at no threshold.
    pub accuracy: f64,
    /// Part of those in scope that are answered, and rightly, at the head's threshold.
    pub answered_accuracy: f64,
    /// Mean over intents (and what must be refused, where there is any) of F1, at the head's threshold.
    pub macro_f1: f64,
    /// Part of what must be refused that is, at the head's threshold.
    pub oos_recall: Option<f64>,
    /// The same where 95 % of what is in scope are answered.
    pub oos_recall_at_95: Option<f64>,
    /// Chance that a case in scope is more confident than one out of it; ties count half.
    pub auroc: Option<f64>,
    /// Expected calibration error over the bins (Guo et al. 2017), of those in scope.
    pub ece: f64,
    /// Fifteen of equal width, of those in scope.
    pub bins: Vec<Bin>,
    /// True class, class said (`None`: refused), number: errors only, most frequent first.
    pub confusions: Vec<(Option<usize>, Option<usize>, usize)>,
}

const BINS: usize = 15;

/// Measures cases of a head with `classes` classes.
#[must_use]
pub fn measure(cases: &[Case], classes: usize) -> Scores {
    let (inside, outside): (Vec<&Case>, Vec<&Case>) =
        cases.iter().partition(|case| case.truth.is_some());
    let right = |case: &&&Case| case.truth == Some(case.verdict.intent);
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    let answered = inside
        .iter()
        .filter(|case| !case.verdict.refused)
        .filter(right)
        .count();
    let refused = outside.iter().filter(|case| case.verdict.refused).count();
    let bins = bins(&inside);
    let sure = |cases: &[&Case]| {
        let mut sure: Vec<f32> = cases.iter().map(|case| case.verdict.sureness).collect();
        sure.sort_by(f32::total_cmp);
        sure
    };
    let (sure_inside, sure_outside) = (sure(&inside), sure(&outside));
    let both = !inside.is_empty() && !outside.is_empty();
    Scores {
        inside: inside.len(),
        outside: outside.len(),
        accuracy: share(inside.iter().filter(right).count(), inside.len()),
        answered_accuracy: share(answered, inside.len()),
        macro_f1: macro_f1(cases, classes),
        oos_recall: (!outside.is_empty()).then(|| share(refused, outside.len())),
        oos_recall_at_95: both.then(|| {
            let cut = quantile(&sure_inside, 0.05);
            share(
                sure_outside.partition_point(|sure| f64::from(*sure) < cut),
                sure_outside.len(),
            )
        }),
        auroc: auroc(&sure_inside, &sure_outside),
        ece: bins
            .iter()
            .map(|bin| (bin.confidence - bin.accuracy).abs() * share(bin.count, inside.len()))
            .sum(),
        bins,
        confusions: confusions(cases),
    }
}

fn said(case: &Case) -> Option<usize> {
    (!case.verdict.refused).then_some(case.verdict.intent)
}

fn macro_f1(cases: &[Case], classes: usize) -> f64 {
    // The last is what must be refused.
    let place = |class: Option<usize>| class.unwrap_or(classes);
    let mut counts = vec![(0_usize, 0_usize, 0_usize); classes + 1];
    for case in cases {
        let (said, truth) = (place(said(case)), place(case.truth));
        for (class, field) in [(said, 0), (truth, 1)] {
            if let Some(count) = counts.get_mut(class) {
                match field {
                    0 => count.0 += 1,
                    _ => count.1 += 1,
                }
                if said == truth && field == 0 {
                    count.2 += 1;
                }
            }
        }
    }
    let occurring = counts.iter().filter(|(_, truth, _)| *truth > 0);
    let scores: Vec<f64> = occurring
        .map(|(said, truth, both)| 2.0 * *both as f64 / (said + truth) as f64)
        .collect();
    scores.iter().sum::<f64>() / scores.len().max(1) as f64
}

fn bins(inside: &[&Case]) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); BINS];
    for case in inside {
        let place = ((case.verdict.confidence * BINS as f32) as usize).min(BINS - 1);
        let bin = &mut bins[place];
        bin.count += 1;
        bin.confidence += f64::from(case.verdict.confidence);
        bin.accuracy += f64::from(u8::from(case.truth == Some(case.verdict.intent)));
    }
    for bin in &mut bins {
        bin.confidence /= bin.count.max(1) as f64;
        bin.accuracy /= bin.count.max(1) as f64;
    }
    bins
}

/// Of sorted values, between two of them where the place isn't whole.
fn quantile(sorted: &[f32], part: f64) -> f64 {
    let at = part * (sorted.len().saturating_sub(1)) as f64;
    let value = |place: usize| sorted.get(place).copied().map_or(0.0, f64::from);
    let below = at.floor() as usize;
    value(below)
        + (at - at.floor())
            * (value((below + 1).min(sorted.len().saturating_sub(1))) - value(below))
}

/// Chance that one of `inside` is above one of `outside`, both sorted; ties count half. `None` where either is empty.
pub(crate) fn auroc(inside: &[f32], outside: &[f32]) -> Option<f64> {
    if inside.is_empty() || outside.is_empty() {
        return None;
    }
    let above = |sure: &f32| {
        let below = outside.partition_point(|other| other < sure);
        let upto = outside.partition_point(|other| other <= sure);
        (below + upto) as f64 / 2.0
    };
    Some(inside.iter().map(above).sum::<f64>() / (inside.len() * outside.len()) as f64)
}

fn confusions(cases: &[Case]) -> Vec<(Option<usize>, Option<usize>, usize)> {
    let mut counts: std::collections::BTreeMap<(Option<usize>, Option<usize>), usize> =
        std::collections::BTreeMap::new();
    for case in cases {
        let pair = (case.truth, said(case));
        if pair.0 != pair.1 {
            *counts.entry(pair).or_default() += 1;
        }
    }
    let mut list: Vec<_> = counts
        .into_iter()
        .map(|((truth, said), count)| (truth, said, count))
        .collect();
    list.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(intent: usize, confidence: f32, refused: bool, truth: Option<usize>) -> Case {
        Case {
            verdict: Verdict {
                intent,
                confidence,
                sureness: confidence,
                refused,
                ranking: Vec::new(),
            },
            truth,
        }
    }

    #[test]
    fn perfect_answers_score_one() {
        let scores = measure(
            &[
                case(0, 1.0, false, Some(0)),
                case(1, 1.0, false, Some(1)),
                case(0, 0.1, true, None),
            ],
            2,
        );
        assert_eq!(
            (scores.accuracy, scores.answered_accuracy, scores.macro_f1),
            (1.0, 1.0, 1.0)
        );
        assert_eq!(
            (scores.oos_recall, scores.auroc, scores.oos_recall_at_95),
            (Some(1.0), Some(1.0), Some(1.0))
        );
        assert!(scores.ece < 1e-9 && scores.confusions.is_empty());
    }

    #[test]
    fn a_refusal_in_scope_is_an_error_but_not_of_the_intent() {
        let scores = measure(
            &[case(0, 0.4, true, Some(0)), case(1, 0.9, false, Some(0))],
            2,
        );
        assert_eq!((scores.accuracy, scores.answered_accuracy), (0.5, 0.0));
        assert_eq!(
            scores.confusions,
            [(Some(0), None, 1), (Some(0), Some(1), 1)]
        );
        assert_eq!(scores.oos_recall, None);
    }

    #[test]
    fn equal_confidences_tell_nothing_apart() {
        let scores = measure(
            &[case(0, 0.5, false, Some(0)), case(0, 0.5, false, None)],
            1,
        );
        assert_eq!(scores.auroc, Some(0.5));
    }

    #[test]
    fn confidence_beyond_what_is_right_is_the_calibration_error() {
        let cases: Vec<Case> = (0..10)
            .map(|at| case(0, 0.9, false, Some(usize::from(at >= 5))))
            .collect();
        assert!((measure(&cases, 2).ece - 0.4).abs() < 1e-6);
    }

    #[test]
    fn no_cases_are_no_trouble() {
        assert_eq!(measure(&[], 2).auroc, None);
    }
}
