//! What an evaluation found, as JSON and as the source of the table and the page.

use super::{
    Arguments, Asking, Evaluation,
    asked::{Part, Protocol},
    choose::Choice,
    field::{EXACT, LeftOut, SHIPPED},
    measure::Row,
};
use crate::source::Source;
use nearshelf_recommend::evaluate::Estimate;
use serde::Serialize;
use std::time::Duration;

/// All of it.
#[derive(Debug, Serialize)]
pub struct Report {
    pub nearshelf: &'static str,
    pub data: Data,
    pub protocol: Protocol,
    pub protocol_about: &'static str,
    pub part: Part,
    /// Length of the lists that are measured as a whole and by slices.
    pub k: usize,
    pub cases: usize,
    pub shoppers: u32,
    pub resamples: u32,
    pub seed: u64,
    pub rows: Vec<Row>,
    /// What eight bits cost.
    pub precision: Vec<Precision>,
    /// What the fine-tuning says of itself: `tuning.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fine_tuned: Option<serde_json::Value>,
    pub choices: Vec<Choice>,
    pub left_out: Vec<LeftOut>,
    pub threads: usize,
    pub seconds: f64,
    pub peak_memory_bytes: Option<u64>,
}

/// What was evaluated on.
#[derive(Debug, Serialize)]
pub struct Data {
    pub name: String,
    pub items: usize,
    pub sessions: usize,
    pub events: usize,
    pub training_events: usize,
    pub unknown_items: usize,
    pub items_without_training: usize,
    /// Items with a title, and with other words instead; in published data sets.
    pub titles: usize,
    pub substitutes: usize,
}

/// One metric before and after quantization.
#[derive(Debug, Serialize)]
pub struct Precision {
    pub metric: String,
    pub repeat_purchases: bool,
    pub int8: Estimate,
    pub f32: Estimate,
    /// Part of the f32 value that is lost; below 0: gained.
    pub lost: f64,
}

impl LeftOut {
    pub fn new(recommender: &'static str, why: &str) -> Self {
        Self {
            recommender,
            why: why.to_owned(),
        }
    }
}

impl Report {
    pub(super) fn new(
        arguments: &Arguments,
        protocol: Protocol,
        source: &Source,
        evaluation: &Evaluation,
        asking: &Asking<'_>,
        rows: Vec<Row>,
        elapsed: Duration,
    ) -> Self {
        let arguments_source = &arguments.source;
        let path = arguments_source
            .data
            .as_ref()
            .or(arguments_source.events.as_ref());
        let name = path
            .and_then(|path| path.file_name())
            .map(|name| name.to_string_lossy().into_owned());
        Self {
            nearshelf: env!("CARGO_PKG_VERSION"),
            data: Data {
                name: name.unwrap_or_default(),
                items: asking.facts.sessions.len(),
                sessions: source.log.sessions().count(),
                events: source.events,
                training_events: asking.split.train.rows().len(),
                unknown_items: source.log.unknown_items(),
                items_without_training: asking.facts.sessions.iter().filter(|&&n| n == 0).count(),
                titles: source.texts.titles,
                substitutes: source.texts.substitutes,
            },
            protocol,
            protocol_about: protocol.about(),
            part: arguments.part,
            k: asking.k,
            cases: asking.split.cases.len(),
            shoppers: asking.bootstrap.shoppers(),
            resamples: arguments.resamples,
            seed: arguments.seed,
            precision: precision(&rows, asking.k),
            rows,
            fine_tuned: evaluation
                .fine_tuned
                .as_ref()
                .map(|tuned| tuned.fitted.as_written().clone()),
            choices: evaluation.choices.clone(),
            left_out: evaluation.left_out.clone(),
            threads: asking.threads,
            seconds: elapsed.as_secs_f64(),
            peak_memory_bytes: crate::output::peak_memory_bytes(),
        }
    }
}

fn precision(rows: &[Row], k: usize) -> Vec<Precision> {
    let find = |name: &str, repeats: bool| {
        rows.iter()
            .find(|row| row.recommender == name && row.repeat_purchases == repeats)
    };
    let mut found = Vec::new();
    for repeat_purchases in [false, true] {
        let (Some(int8), Some(exact)) = (
            find(SHIPPED, repeat_purchases),
            find(EXACT, repeat_purchases),
        ) else {
            continue;
        };
        for metric in [format!("hr@{k}"), format!("ndcg@{k}")] {
            if let (Some(&int8), Some(&exact)) =
                (int8.metrics.get(&metric), exact.metrics.get(&metric))
            {
                found.push(Precision {
                    metric,
                    repeat_purchases,
                    int8,
                    f32: exact,
                    lost: if exact.value > 0.0 {
                        1.0 - int8.value / exact.value
                    } else {
                        0.0
                    },
                });
            }
        }
    }
    found
}
