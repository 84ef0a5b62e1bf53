//! What a run says.

use super::Backend;
use super::check::{Check, Compared};
use super::model::Device;
use super::timings::Timings;
use crate::tensors::Array;
use serde::Serialize;

#[derive(Serialize)]
pub struct Report {
    backend: Backend,
    /// Under `--backend gpu`.
    device: Option<Device>,
    inputs: Vec<Summary>,
    outputs: Vec<Summary>,
    timings: Timings,
    check: Option<Check>,
}

/// A tensor in a line.
#[derive(Serialize)]
struct Summary {
    name: String,
    element_type: String,
    shape: Vec<usize>,
    /// Of the values that are no NaN; `null` without any.
    min: Option<f64>,
    max: Option<f64>,
    mean: Option<f64>,
    nans: usize,
}

impl Summary {
    fn of((name, array): &(String, Array)) -> Self {
        let numbers = || (0..array.len()).map(|at| array.number(at));
        let there = || numbers().filter(|value| !value.is_nan());
        let count = there().count();
        let some = |value: f64| (count > 0).then_some(value);
        Self {
            name: name.clone(),
            element_type: array.element_type.to_string(),
            shape: array.shape.clone(),
            min: some(there().fold(f64::INFINITY, f64::min)),
            max: some(there().fold(f64::NEG_INFINITY, f64::max)),
            mean: some(there().sum::<f64>() / count.max(1) as f64),
            nans: array.len() - count,
        }
    }

    fn print(&self, what: &str) {
        let Self {
            name,
            element_type,
            shape,
            min,
            max,
            mean,
            nans,
        } = self;
        let range = match (min, max, mean) {
            (Some(min), Some(max), Some(mean)) => {
                format!("{} to {}, mean {}", short(*min), short(*max), short(*mean))
            }
            _ => "no number".to_owned(),
        };
        let nans = match nans {
            0 => String::new(),
            count => format!(", {count} NaN"),
        };
        let ty = format!("{element_type}{shape:?}");
        crate::say!("{what:<7} {name:<24} {ty:<28} {range}{nans}");
    }
}

impl Report {
    pub fn new(
        backend: Backend,
        device: Option<Device>,
        inputs: &[(String, Array)],
        outputs: &[(String, Array)],
        timings: Timings,
        check: Option<Check>,
    ) -> Self {
        Self {
            backend,
            device,
            inputs: inputs.iter().map(Summary::of).collect(),
            outputs: outputs.iter().map(Summary::of).collect(),
            timings,
            check,
        }
    }

    pub fn print(&self) {
        for (what, summaries) in [("input", &self.inputs), ("output", &self.outputs)] {
            for summary in summaries {
                summary.print(what);
            }
        }
        let Timings {
            compile_ms,
            session_ms,
            first_run_ms,
            repeated,
        } = &self.timings;
        let compiled =
            compile_ms.map_or_else(String::new, |ms| format!("compiled in {ms:.2} ms, "));
        crate::say!("\n{compiled}session in {session_ms:.2} ms, first run {first_run_ms:.3} ms");
        if let Some(device) = &self.device {
            let software = if device.is_software {
                " (software)"
            } else {
                ""
            };
            let (adapter, dispatches) = (&device.adapter, device.dispatches);
            crate::say!("{dispatches} dispatches a run on {adapter}{software}");
        }
        if let Some(repeated) = repeated {
            crate::say!(
                "{} more: median {:.3} ms, p90 {:.3} ms",
                repeated.runs,
                repeated.median_ms,
                repeated.p90_ms
            );
        }
        if let Some(check) = &self.check {
            crate::say!("");
            check.outputs.iter().for_each(print_compared);
            for name in &check.not_compared {
                crate::say!("{name:<24} not compared: the reference doesn't hold it");
            }
        }
    }

    /// What `--check` found wrong, in a line.
    pub fn failure(&self) -> Option<String> {
        let check = self.check.as_ref()?;
        let differing: Vec<String> = check
            .outputs
            .iter()
            .filter(|output| !output.agrees)
            .map(|output| format!("{:?}", output.name))
            .collect();
        (!differing.is_empty())
            .then(|| format!("{} differs from the reference", differing.join(", ")))
    }
}

fn print_compared(output: &Compared) {
    let name = &output.name;
    if let Some(mismatch) = &output.mismatch {
        crate::say!("{name:<24} differs: {mismatch}");
        return;
    }
    let Some(worst) = &output.worst else {
        crate::say!(
            "{name:<24} agrees, largest difference {}",
            short(output.largest_difference)
        );
        return;
    };
    crate::say!(
        "{name:<24} differs in {} of {} elements; the worst is {:?}: got {}, wanted {} (difference {}, relative {})",
        output.out,
        output.elements,
        worst.index,
        worst.got,
        worst.wanted,
        short(worst.absolute),
        short(worst.relative)
    );
}

/// A number in few digits.
fn short(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-3..1e6).contains(&size) {
        let text = format!("{value:.4}");
        if !text.contains('.') {
            return text;
        }
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    format!("{value:.3e}")
}
