//! How long it takes to compile, prepare and run a model.

use super::model::Model;
use crate::timing::{millis, quantile};
use anyhow::Result;
use nearshelf_engine::Tensor;
use serde::Serialize;
use std::time::Instant;

/// Times in milliseconds.
#[derive(Serialize)]
pub struct Timings {
    /// Of an ONNX file to a plan, where that was done.
    pub compile_ms: Option<f64>,
    pub session_ms: f64,
    pub first_run_ms: f64,
    /// Runs after the first, under `--repeat`.
    pub repeated: Option<Repeated>,
}

/// How long one of many runs takes.
#[derive(Serialize)]
pub struct Repeated {
    pub runs: usize,
    pub median_ms: f64,
    pub p90_ms: f64,
}

impl Timings {
    pub fn new(model: &Model) -> Self {
        Self {
            compile_ms: model.compile.map(millis),
            session_ms: millis(model.create),
            first_run_ms: 0.0,
            repeated: None,
        }
    }

    /// Runs the model once, and `more` times.
    ///
    /// # Errors
    /// When the model refuses the inputs.
    pub fn run(
        &mut self,
        model: &mut Model,
        inputs: &[(String, Tensor)],
        more: u32,
    ) -> Result<Vec<Tensor>> {
        let inputs: Vec<(&str, &Tensor)> = inputs
            .iter()
            .map(|(name, tensor)| (&**name, tensor))
            .collect();
        let mut timed = || {
            let begin = Instant::now();
            let outputs = model.run(&inputs)?;
            anyhow::Ok((outputs, millis(begin.elapsed())))
        };
        let (outputs, first) = timed()?;
        self.first_run_ms = first;
        let times = (0..more).map(|_| Ok(timed()?.1));
        let times = times.collect::<Result<Vec<f64>>>()?;
        self.repeated = (!times.is_empty()).then(|| Repeated {
            runs: times.len(),
            median_ms: quantile(&times, 0.5),
            p90_ms: quantile(&times, 0.9),
        });
        Ok(outputs)
    }
}
