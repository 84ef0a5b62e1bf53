//! One case run on the CPU and compared.

use nearshelf_engine::{CpuSession, DType, Session, Tensor, Values};
use nearshelf_tests::backend::case::Case;
use nearshelf_tests::backend::prepared::{Prepared, prepare};
use nearshelf_tests::npz::Array;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

/// What became of a case. Inputs are those given at compile time.
pub enum Verdict {
    Agrees {
        given: Vec<String>,
    },
    /// It compiled, but failed when run, or gives something else.
    Differs {
        given: Vec<String>,
        reason: String,
    },
    /// No plan was made of it.
    Refused(String),
}

pub fn judge(folder: &Path, case: &Case) -> Verdict {
    let judged = catch_unwind(AssertUnwindSafe(|| match prepare(folder, case) {
        Err(reason) => Verdict::Refused(reason),
        Ok(prepared) => {
            let given = prepared.given.clone();
            match attempt(prepared) {
                Ok(()) => Verdict::Agrees { given },
                Err(reason) => Verdict::Differs { given, reason },
            }
        }
    }));
    judged.unwrap_or_else(|_| Verdict::Refused("a panic".to_owned()))
}

fn attempt(case: Prepared) -> Result<(), String> {
    let session = CpuSession::new(Arc::new(case.plan));
    let mut session = session.map_err(|error| error.to_string())?;
    let inputs: Vec<(&str, &Tensor)> = case.inputs.iter().map(|(n, x)| (&**n, x)).collect();
    let outputs = session.run(&inputs).map_err(|error| error.to_string())?;
    if outputs.len() < case.expected.len() {
        return Err(format!("gives {} outputs", outputs.len()));
    }
    for (found, expected) in outputs.iter().zip(&case.expected) {
        let tolerance = (expected.rtol, expected.atol);
        compare(found, expected.dtype, &expected.array, tolerance)
            .map_err(|reason| format!("{} {reason}", expected.name))?;
    }
    Ok(())
}

/// As `numpy.testing.assert_allclose`: NaN equals NaN, infinities equal themselves.
fn compare(
    found: &Tensor,
    dtype: Option<DType>,
    expected: &Array,
    (rtol, atol): (f64, f64),
) -> Result<(), String> {
    if Some(found.dtype()) != dtype {
        return Err(format!("has type {}", found.dtype()));
    }
    if found.shape() != expected.shape {
        return Err(format!(
            "has shape {:?}, expected {:?}",
            found.shape(),
            expected.shape
        ));
    }
    let found: Vec<f64> = match found.values() {
        Values::F32(values) => values.iter().map(|&v| f64::from(v)).collect(),
        Values::I32(values) => values.iter().map(|&v| f64::from(v)).collect(),
        Values::I8(values) => values.iter().map(|&v| f64::from(v)).collect(),
        Values::U8(values) => values.iter().map(|&v| f64::from(v)).collect(),
    };
    let gap = |(&found, &expected): (&f64, &f64)| {
        if found == expected || (found.is_nan() && expected.is_nan()) {
            return None;
        }
        let gap = (found - expected).abs();
        let is_near = expected.is_finite() && gap <= atol + rtol * expected.abs();
        (!is_near).then_some(if gap.is_nan() { f64::INFINITY } else { gap })
    };
    let gaps: Vec<f64> = found.iter().zip(&expected.values).filter_map(gap).collect();
    if gaps.is_empty() {
        return Ok(());
    }
    let worst = gaps.iter().copied().fold(0.0, f64::max);
    Err(format!(
        "differs by up to {worst:.0e} in {} of {} values",
        gaps.len(),
        found.len()
    ))
}
