//! What is printed and reported of a head on one set of cases.

use nearshelf_chat::{
    measure::{Case, Scores, measure},
    slots::SlotScores,
};
use serde::Serialize;

/// Confusions that are told.
const SHOWN_CONFUSIONS: usize = 15;

#[derive(Serialize)]
pub struct Figures {
    /// Which cases.
    pub name: String,
    pub in_scope: usize,
    pub out_of_scope: usize,
    pub accuracy: f64,
    pub answered_accuracy: f64,
    pub macro_f1: f64,
    pub oos_recall: Option<f64>,
    pub oos_recall_at_95: Option<f64>,
    pub auroc: Option<f64>,
    pub ece: f64,
    pub reliability: Vec<Bin>,
    pub confusions: Vec<Confusion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slots: Option<SlotFigures>,
}

#[derive(Serialize)]
pub struct Bin {
    pub from: f64,
    pub to: f64,
    pub count: usize,
    pub confidence: f64,
    pub accuracy: f64,
}

#[derive(Serialize)]
pub struct Confusion {
    pub intent: String,
    pub taken_for: String,
    pub count: usize,
}

#[derive(Serialize)]
pub struct SlotFigures {
    pub f1: f64,
    pub precision: f64,
    pub recall: f64,
    /// Of the slots found, how many have the right value.
    pub value_accuracy: f64,
    /// Of the slots found, how many are rightly ruled out or not.
    pub negation_accuracy: f64,
    pub by_slot: Vec<OneSlot>,
}

#[derive(Serialize)]
pub struct OneSlot {
    pub slot: &'static str,
    pub count: usize,
    pub f1: f64,
}

impl Figures {
    pub fn new(name: &str, cases: &[Case], classes: &[String]) -> Self {
        let Scores {
            inside,
            outside,
            accuracy,
            answered_accuracy,
            macro_f1,
            oos_recall,
            oos_recall_at_95,
            auroc,
            ece,
            bins,
            confusions,
        } = measure(cases, classes.len());
        let width = 1.0 / bins.len().max(1) as f64;
        let class = |class: Option<usize>| {
            class
                .and_then(|class| classes.get(class))
                .map_or_else(|| "(refused)".to_owned(), Clone::clone)
        };
        let bins = bins.iter().enumerate().map(|(at, bin)| Bin {
            from: at as f64 * width,
            to: (at + 1) as f64 * width,
            count: bin.count,
            confidence: bin.confidence,
            accuracy: bin.accuracy,
        });
        let confusions = confusions
            .iter()
            .take(SHOWN_CONFUSIONS)
            .map(|(truth, said, count)| Confusion {
                intent: truth.map_or_else(
                    || nearshelf_chat::head::OUT_OF_SCOPE.to_owned(),
                    |_| class(*truth),
                ),
                taken_for: class(*said),
                count: *count,
            });
        Self {
            name: name.to_owned(),
            in_scope: inside,
            out_of_scope: outside,
            accuracy,
            answered_accuracy,
            macro_f1,
            oos_recall,
            oos_recall_at_95,
            auroc,
            ece,
            reliability: bins.collect(),
            confusions: confusions.collect(),
            slots: None,
        }
    }

    pub fn print(&self) {
        let percent = |value: f64| format!("{:.1} %", value * 100.0);
        let perhaps = |value: Option<f64>| value.map_or("-".to_owned(), percent);
        crate::say!(
            "{}: {} in scope, {} out of scope",
            self.name,
            self.in_scope,
            self.out_of_scope
        );
        crate::say!(
            "  accuracy in scope            {:>8}  (at the threshold {})",
            percent(self.accuracy),
            percent(self.answered_accuracy)
        );
        crate::say!(
            "  macro F1                     {:>8}",
            percent(self.macro_f1)
        );
        if self.out_of_scope > 0 {
            crate::say!(
                "  refused of out of scope      {:>8}  (where 95 % in scope are answered: {})",
                perhaps(self.oos_recall),
                perhaps(self.oos_recall_at_95)
            );
            crate::say!(
                "  AUROC of confidence          {:>8}",
                self.auroc
                    .map_or("-".to_owned(), |auroc| format!("{auroc:.4}"))
            );
        }
        crate::say!(
            "  calibration error            {:>8}",
            format!("{:.4}", self.ece)
        );
        if let Some(slots) = &self.slots {
            crate::say!(
                "  slot F1                      {:>8}  (precision {}, recall {}; values right {}, negation right {})",
                percent(slots.f1),
                percent(slots.precision),
                percent(slots.recall),
                percent(slots.value_accuracy),
                percent(slots.negation_accuracy)
            );
            let each: Vec<String> = slots
                .by_slot
                .iter()
                .map(|one| format!("{} {:.0}", one.slot, one.f1 * 100.0))
                .collect();
            crate::say!("    {}", each.join(", "));
        }
    }

    pub fn print_confusions(&self) {
        for Confusion {
            intent,
            taken_for,
            count,
        } in &self.confusions
        {
            crate::say!("  {count:>4}  {intent} taken for {taken_for}");
        }
    }

    /// Confidence against what was right, a line a bin.
    pub fn print_reliability(&self) {
        for bin in self.reliability.iter().filter(|bin| bin.count > 0) {
            let bar = "#".repeat((bin.accuracy * 40.0).round() as usize);
            crate::say!(
                "  {:.2}–{:.2} {:>6}  sure {:.2}, right {:.2} {bar}",
                bin.from,
                bin.to,
                bin.count,
                bin.confidence,
                bin.accuracy
            );
        }
    }
}

impl From<SlotScores> for SlotFigures {
    fn from(scores: SlotScores) -> Self {
        let share = |part: usize, of: usize| part as f64 / of.max(1) as f64;
        let by_slot = scores.by_name.iter().map(|(name, counts)| OneSlot {
            slot: name.as_str(),
            count: counts.right,
            f1: counts.f1(),
        });
        Self {
            f1: scores.all.f1(),
            precision: share(scores.all.both, scores.all.found),
            recall: share(scores.all.both, scores.all.right),
            value_accuracy: share(scores.right_values, scores.all.both),
            negation_accuracy: share(scores.right_negations, scores.all.both),
            by_slot: by_slot.collect(),
        }
    }
}
