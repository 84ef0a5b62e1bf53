//! Cases on the adapter, which all cases of a suite share.

use crate::case::Case;
use nearshelf_engine::Tensor;
use nearshelf_webgpu::{Gpu, GpuSession};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

/// What became of a case: its outputs, or why there are none.
pub type Outcome = Result<Vec<Tensor>, String>;

/// What the adapter is called, and what became of each case; `None`, said aloud, where there is no adapter and none is required (`REQUIRE_GPU=1`).
pub fn run_all(cases: &[Case]) -> Option<(String, Vec<Outcome>)> {
    let gpu = match pollster::block_on(Gpu::request()) {
        Ok(gpu) => gpu,
        Err(error) => {
            let is_required = std::env::var_os("REQUIRE_GPU").is_some();
            assert!(!is_required, "REQUIRE_GPU is set, but {error}");
            println!("SKIPPED: {error}");
            return None;
        }
    };
    let begin = Instant::now();
    let outcomes = cases.iter().map(|case| {
        // A panic is the case's failure, not that of the others.
        let run = AssertUnwindSafe(|| pollster::block_on(run(&gpu, case)));
        catch_unwind(run).unwrap_or_else(|_| Err("a panic".to_owned()))
    });
    let outcomes = outcomes.collect();
    let (adapter, seconds) = (&gpu.capabilities().adapter, begin.elapsed().as_secs_f64());
    println!("{} cases on {adapter} in {seconds:.1} s", cases.len());
    Some((adapter.clone(), outcomes))
}

/// Twice: what a run leaves in buffers must not show.
async fn run(gpu: &Rc<Gpu>, case: &Case) -> Outcome {
    let say = |error: nearshelf_webgpu::GpuError| error.to_string();
    let mut session = GpuSession::new(gpu, Arc::clone(&case.plan)).map_err(say)?;
    let inputs: Vec<(&str, &Tensor)> = case.inputs.iter().map(|(n, x)| (&**n, x)).collect();
    let first = session.run(&inputs).await.map_err(say)?;
    let second = session.run(&inputs).await.map_err(say)?;
    // Printed, because NaN is not equal to itself.
    if format!("{first:?}") != format!("{second:?}") {
        return Err("a second run differs".to_owned());
    }
    Ok(first)
}

/// # Errors
/// What is wrong with an outcome.
pub fn judge(case: &Case, outcome: &Outcome) -> Result<(), String> {
    let found = outcome.as_ref().map_err(Clone::clone)?;
    if found.len() < case.wanted.len() {
        return Err(format!("gives {} outputs", found.len()));
    }
    let mut pairs = case.wanted.iter().zip(found);
    pairs.try_for_each(|(wanted, found)| wanted.compare(found))
}
