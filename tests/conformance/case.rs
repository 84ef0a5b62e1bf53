//! One ONNX file with an input and the outputs ONNX Runtime gives.

use nearshelf_engine::{CpuSession, Plan, RunError, Session, Tensor, Values};
use nearshelf_onnx::CompileError;
use nearshelf_tests::conformance::reference::{compile, inputs_of};
use nearshelf_tests::npz::{self, Array};
use std::path::Path;
use std::sync::Arc;

/// An output beside its reference.
pub struct Compared {
    pub name: String,
    pub found: Array,
    pub expected: Array,
}

/// Why a case has no outputs.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Compile(#[from] CompileError),
    #[error("{0}")]
    Plan(#[from] nearshelf_engine::PlanError),
    #[error("{0}")]
    Run(#[from] RunError),
}

impl Compared {
    /// Largest absolute difference; infinite when a value is missing or no number.
    pub fn difference(&self) -> f64 {
        if self.found.shape != self.expected.shape {
            return f64::INFINITY;
        }
        let pairs = self.found.values.iter().zip(&self.expected.values);
        let gap = |(found, expected): (&f64, &f64)| {
            let gap = (found - expected).abs();
            if gap.is_nan() { f64::INFINITY } else { gap }
        };
        pairs.map(gap).fold(0.0, f64::max)
    }

    /// Largest absolute reference value.
    pub fn magnitude(&self) -> f64 {
        self.expected
            .values
            .iter()
            .fold(0.0, |most, value| most.max(value.abs()))
    }

    /// Cosine of the angle between output and reference.
    pub fn cosine(&self) -> f64 {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (found, expected) = (&self.found.values, &self.expected.values);
        dot(found, expected) / (dot(found, found) * dot(expected, expected)).sqrt()
    }

    /// Smallest distance between two different reference values: one step of a quantized output.
    pub fn step(&self) -> f64 {
        let mut sorted = self.expected.values.clone();
        sorted.sort_by(f64::total_cmp);
        let gaps = sorted
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .filter(|&gap| gap > 0.0);
        gaps.fold(f64::INFINITY, f64::min)
    }

    /// Whether the reference has one value throughout: then nothing can be said of how it comes about.
    pub fn is_constant(&self) -> bool {
        self.expected
            .values
            .windows(2)
            .all(|pair| pair[0] == pair[1])
    }

    /// Index of the largest value of each row of the last axis.
    pub fn top(array: &Array) -> Vec<usize> {
        let row = array.shape.last().copied().unwrap_or(1).max(1);
        let top = |row: &[f64]| {
            let best =
                row.iter()
                    .enumerate()
                    .fold((0, f64::NEG_INFINITY), |best, (index, &value)| {
                        if value > best.1 { (index, value) } else { best }
                    });
            best.0
        };
        array.values.chunks(row).map(top).collect()
    }
}

/// Compiles and runs one file on its reference's input.
pub fn run(onnx: &Path, reference: &Path) -> Result<Vec<Compared>, Failure> {
    let bytes = std::fs::read(onnx).unwrap();
    let inputs = npz::arrays(reference, "in_");
    let plan = compile(&bytes, &inputs)?;
    // As the browser gets it: through its file format.
    let plan = Arc::new(Plan::from_bytes(&plan.to_bytes()?)?);
    run_session(&mut CpuSession::new(plan)?, reference)
}

/// Runs a session on its reference's input.
pub fn run_session(session: &mut CpuSession, reference: &Path) -> Result<Vec<Compared>, Failure> {
    let tensors = inputs_of(session.inputs(), reference);
    let given: Vec<(&str, &Tensor)> = tensors
        .iter()
        .map(|(name, tensor)| (&**name, tensor))
        .collect();
    let outputs = session.run(&given)?;
    let expected = npz::arrays(reference, "out_");
    assert_eq!(outputs.len(), expected.len(), "{}", reference.display());
    let ports = session.outputs().iter().zip(outputs);
    let compared = ports.map(|(port, output)| {
        let (_, expected) = expected
            .iter()
            .find(|(name, _)| *name == port.name)
            .unwrap();
        Compared {
            name: port.name.clone(),
            found: array(&output),
            expected: expected.clone(),
        }
    });
    Ok(compared.collect())
}

fn array(tensor: &Tensor) -> Array {
    let values = match tensor.values() {
        Values::F32(values) => values.iter().map(|&v| f64::from(v)).collect(),
        Values::I32(values) => values.iter().map(|&v| f64::from(v)).collect(),
        Values::I8(values) => values.iter().map(|&v| f64::from(v)).collect(),
        Values::U8(values) => values.iter().map(|&v| f64::from(v)).collect(),
    };
    Array {
        shape: tensor.shape().to_vec(),
        values,
    }
}
