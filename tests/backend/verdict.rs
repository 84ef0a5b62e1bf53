//! One case compiled, run and compared.

use crate::case::{Case, dtype};
use nearshelf_engine::{CpuSession, DType, Session, Tensor, Values};
use nearshelf_onnx::{CompileError, CompileOptions};
use nearshelf_tests::npz::{self, Array};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

/// Two units in the last place of bfloat16, which the suite grants results of that type.
const BFLOAT16_RTOL: f64 = 1.0 / 64.0;

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
    let judged = catch_unwind(AssertUnwindSafe(|| attempt(folder, case)));
    judged.unwrap_or_else(|_| Verdict::Refused("a panic".to_owned()))
}

fn attempt(folder: &Path, case: &Case) -> Verdict {
    let onnx = std::fs::read(folder.join(format!("{}.onnx", case.name))).unwrap();
    let archive = folder.join(format!("{}.npz", case.name));
    let inputs = match tensors(&npz::arrays(&archive, "in_"), &case.inputs) {
        Ok(inputs) => inputs,
        Err(reason) => return Verdict::Refused(reason),
    };
    let mut options = CompileOptions::default();
    for open in nearshelf_onnx::open_dimensions(&onnx).unwrap_or_default() {
        let shape = inputs.iter().find(|(name, _)| *name == open.input);
        let extent = shape.map(|(_, tensor)| tensor.shape()[open.axis]);
        options
            .bind
            .extend(extent.map(|extent| (open.symbol, extent)));
    }
    let plan = loop {
        match nearshelf_onnx::compile(&onnx, &options) {
            Ok(plan) => break plan,
            Err(error) => match fixable(&error, &inputs, case, &options) {
                Some(fixed) => options.fix.push(fixed),
                None => return Verdict::Refused(error.to_string()),
            },
        }
    };
    let given: Vec<String> = options.fix.iter().map(|(name, _)| name.clone()).collect();
    let differs = |reason: String| Verdict::Differs {
        given: given.clone(),
        reason,
    };
    let mut session = match CpuSession::new(Arc::new(plan)) {
        Ok(session) => session,
        Err(error) => return differs(error.to_string()),
    };
    let asked = inputs.iter().filter(|(name, _)| !given.contains(name));
    let asked: Vec<(&str, &Tensor)> = asked.map(|(name, tensor)| (&**name, tensor)).collect();
    let outputs = match session.run(&asked) {
        Ok(outputs) => outputs,
        Err(error) => return differs(error.to_string()),
    };
    let expected = npz::arrays(&archive, "out_");
    for (index, (name, kind)) in case.outputs.iter().enumerate() {
        let (_, expected) = expected
            .iter()
            .find(|(at, _)| *at == index.to_string())
            .unwrap();
        let rtol = if kind == "BFLOAT16" {
            BFLOAT16_RTOL
        } else {
            0.0
        };
        let compared = compare(
            &outputs[index],
            dtype(kind),
            expected,
            (case.rtol.max(rtol), case.atol),
        );
        if let Err(reason) = compared {
            return differs(format!("{name} {reason}"));
        }
    }
    Verdict::Agrees { given }
}

/// Most elements of floats that are given at compile time: the scales or regions of a tensor's axes.
const MAX_GIVEN_FLOATS: usize = 8;

/// The input that the compiler asks for, when it is one that a model's author knows: integers, truth values, a few floats.
fn fixable(
    error: &CompileError,
    inputs: &[(String, Tensor)],
    case: &Case,
    options: &CompileOptions,
) -> Option<(String, Tensor)> {
    let CompileError::InputNeeded { inputs: needed, .. } = error else {
        return None;
    };
    let is_known = |name: &str, tensor: &Tensor| {
        let kind = case.inputs.iter().find(|(input, _)| input == name);
        let is_whole = kind.is_some_and(|(_, kind)| kind.contains("INT") || kind == "BOOL");
        is_whole || tensor.shape().iter().product::<usize>() <= MAX_GIVEN_FLOATS
    };
    let known = inputs.iter().filter(|(name, _)| needed.contains(name));
    let mut known: Vec<_> = known
        .filter(|(name, tensor)| is_known(name, tensor))
        .collect();
    if known.len() < needed.len() || known.is_empty() {
        return None;
    }
    known.retain(|(name, _)| !options.fix.iter().any(|(fixed, _)| fixed == name));
    known.first().map(|&input| input.clone())
}

/// The case's arrays in the element types of a plan; an error when a value does not survive that.
fn tensors(
    arrays: &[(String, Array)],
    ports: &[(String, String)],
) -> Result<Vec<(String, Tensor)>, String> {
    let tensor = |(index, (name, kind)): (usize, &(String, String))| {
        let (_, array) = arrays
            .iter()
            .find(|(at, _)| *at == index.to_string())
            .unwrap();
        let dtype = dtype(kind).ok_or_else(|| format!("a plan has no type for {kind}"))?;
        let values = values(array, dtype);
        let values = values.ok_or_else(|| format!("values of {name} are beyond {dtype}"))?;
        Ok((
            name.clone(),
            Tensor::new(array.shape.clone(), values).unwrap(),
        ))
    };
    ports.iter().enumerate().map(tensor).collect()
}

fn values(array: &Array, dtype: DType) -> Option<Values> {
    let within = |least: f64, most: f64| {
        array
            .values
            .iter()
            .all(|value| (least..=most).contains(value))
            .then_some(&array.values)
    };
    Some(match dtype {
        // Doubles are rounded: the suite compares with a tolerance.
        DType::F32 => Values::F32(array.values.iter().map(|&v| v as f32).collect()),
        DType::I32 => {
            let values = within(f64::from(i32::MIN), f64::from(i32::MAX))?;
            Values::I32(values.iter().map(|&v| v as i32).collect())
        }
        DType::I8 => Values::I8(within(-128.0, 127.0)?.iter().map(|&v| v as i8).collect()),
        DType::U8 => Values::U8(within(0.0, 255.0)?.iter().map(|&v| v as u8).collect()),
    })
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
