//! Where the time of a run goes.

use crate::{output, tensors, timing};
use anyhow::{Context, Result};
use nearshelf_engine::{CpuSession, Plan, Tensor};
use std::sync::Arc;
use std::time::Instant;

/// Medians over many runs, in milliseconds.
pub struct Profile {
    pub runs: u32,
    /// Time of each node, in the order of [`Plan::nodes`].
    pub nodes_ms: Vec<f64>,
    /// Time of a run, the copies of its outputs included.
    pub run_ms: f64,
}

impl Profile {
    /// Runs `plan` on made-up inputs, once and then `runs` times.
    ///
    /// # Errors
    /// When it can't be run on them.
    pub fn of(plan: &Arc<Plan>, runs: u32) -> Result<Self> {
        let mut random = tensors::Random::new(0);
        let mut inputs: Vec<(&str, Tensor)> = Vec::new();
        for port in plan.inputs() {
            let element_type = tensors::of_plan(port.ty.dtype);
            let array = random.array(element_type, &port.ty.shape);
            let tensor = array.to_tensor(&port.name, element_type, port.ty.dtype)?;
            inputs.push((&port.name, tensor));
        }
        let inputs: Vec<(&str, &Tensor)> = inputs.iter().map(|(name, x)| (*name, x)).collect();
        let mut session = CpuSession::new(Arc::clone(plan))?;
        let mut nodes = vec![Vec::new(); plan.nodes().len()];
        let mut whole = Vec::new();
        let step = output::step(format!("running it {runs} times"));
        for run in 0..=runs {
            let begin = Instant::now();
            let mut last = begin;
            session
                .run_observed(&inputs, |node| {
                    let now = Instant::now();
                    // The first run pays for memory that later ones find.
                    if run > 0 {
                        nodes[node].push(timing::millis(now - last));
                    }
                    last = now;
                })
                .context("running it on made-up inputs")?;
            if run > 0 {
                whole.push(timing::millis(begin.elapsed()));
            }
        }
        step.finish_and_clear();
        let median = |times: &Vec<f64>| timing::quantile(times, 0.5);
        Ok(Self {
            runs,
            nodes_ms: nodes.iter().map(median).collect(),
            run_ms: median(&whole),
        })
    }
}
