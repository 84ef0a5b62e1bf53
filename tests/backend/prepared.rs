//! One case compiled, with its arrays in the element types of a plan.

use super::case::{Case, dtype};
use crate::npz::{self, Array};
use nearshelf_engine::{DType, Plan, Tensor, Values};
use nearshelf_onnx::{CompileError, CompileOptions};
use std::path::Path;

/// Two units in the last place of bfloat16, which the suite grants results of that type.
const BFLOAT16_RTOL: f64 = 1.0 / 64.0;

/// A case to be run.
pub struct Prepared {
    /// The compiled node.
    pub plan: Plan,
    /// Inputs that were given at compile time.
    pub given: Vec<String>,
    /// All others.
    pub inputs: Vec<(String, Tensor)>,
    /// What the outputs have to be, in the plan's order.
    pub expected: Vec<Expected>,
}

/// What an output has to be.
pub struct Expected {
    /// Name in the model.
    pub name: String,
    /// Its type, where a plan has one for it.
    pub dtype: Option<DType>,
    /// Its values.
    pub array: Array,
    /// Relative tolerance.
    pub rtol: f64,
    /// Absolute tolerance.
    pub atol: f64,
}

/// Compiles a case of the suite in `folder`.
///
/// # Errors
/// Why no plan was made of it.
///
/// # Panics
/// When the suite's files are damaged.
pub fn prepare(folder: &Path, case: &Case) -> Result<Prepared, String> {
    let onnx = std::fs::read(folder.join(format!("{}.onnx", case.name))).unwrap();
    let archive = folder.join(format!("{}.npz", case.name));
    let inputs = tensors(&npz::arrays(&archive, "in_"), &case.inputs)?;
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
                None => return Err(error.to_string()),
            },
        }
    };
    let given: Vec<String> = options.fix.iter().map(|(name, _)| name.clone()).collect();
    let asked = inputs.into_iter().filter(|(name, _)| !given.contains(name));
    Ok(Prepared {
        plan,
        inputs: asked.collect(),
        expected: expected(&archive, case),
        given,
    })
}

fn expected(archive: &Path, case: &Case) -> Vec<Expected> {
    let arrays = npz::arrays(archive, "out_");
    let outputs = case.outputs.iter().enumerate();
    let expected = outputs.map(|(index, (name, kind))| {
        let index = index.to_string();
        let (_, array) = arrays.iter().find(|(at, _)| *at == index).unwrap();
        let least = if kind == "BFLOAT16" {
            BFLOAT16_RTOL
        } else {
            0.0
        };
        Expected {
            name: name.clone(),
            dtype: dtype(kind),
            array: array.clone(),
            rtol: case.rtol.max(least),
            atol: case.atol,
        }
    });
    expected.collect()
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

/// The array as a plan holds it; `None` when a value does not survive that.
#[must_use]
pub fn values(array: &Array, dtype: DType) -> Option<Values> {
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
