//! `nearshelf run`: a model on inputs from a file, compared with a reference.

mod check;
mod inputs;
mod model;
mod report;
mod timings;

use crate::{
    Outcome,
    compile::BindArguments,
    output,
    tensors::{Array, npz},
    wrong_usage,
};
use anyhow::{Result, bail};
use check::{Check, Tolerance};
use clap::ValueEnum;
use inputs::Given;
use model::{Model, Source};
use report::Report;
use serde::Serialize;
use std::path::PathBuf;
use timings::Timings;

const EXAMPLES: &str = "\
Examples:
  nearshelf run model.onnx --inputs in.npz --outputs out.npz
  nearshelf run model.onnx --inputs in.npz --check onnxruntime.npz --rtol 1e-4
  nearshelf run model.onnx --inputs in.npz --check onnxruntime.npz --backend gpu
  nearshelf run model.onnx --random 7 --bind batch=1,length=32 --save-inputs in.npz --repeat 50

Keys of the archives are tensor names. A key may carry the prefix in_ (inputs) or out_ (outputs), so that one \
archive can hold a case whole. Open dimensions take their extents from the inputs.

Exit codes: 0 done, 1 failed or --check found a difference, 2 wrong usage.";

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The model: .onnx, or a compiled .plan.
    model: PathBuf,
    /// NumPy archive with the input tensors.
    #[arg(long, value_name = "NPZ", conflicts_with = "random")]
    inputs: Option<PathBuf>,
    /// Make up the inputs from this seed: floats in [-1, 1), int8 and uint8 in all of their range, other integers 0 or 1.
    #[arg(long, value_name = "SEED")]
    random: Option<u64>,
    /// Write the inputs, as the model declares them, to a NumPy archive.
    #[arg(long, value_name = "NPZ")]
    save_inputs: Option<PathBuf>,
    /// Write the outputs, in the model's element types, to a NumPy archive.
    #[arg(long, value_name = "NPZ")]
    outputs: Option<PathBuf>,
    /// What runs the model: Nearshelf's engine, its shaders, or tract, which knows other operators and is slower.
    #[arg(long, value_enum, default_value_t = Backend::Cpu)]
    backend: Backend,
    #[command(flatten)]
    bind: BindArguments,
    /// Compare the outputs with this NumPy archive: each value within ATOL + RTOL x |reference|. NaN agrees with NaN.
    #[arg(long, value_name = "NPZ")]
    check: Option<PathBuf>,
    /// Relative tolerance of --check.
    #[arg(long, value_name = "R", default_value_t = 1e-3, requires = "check", value_parser = parse_tolerance)]
    rtol: f64,
    /// Absolute tolerance of --check; the default leaves room for f32 sums in another order.
    #[arg(long, value_name = "A", default_value_t = 1e-5, requires = "check", value_parser = parse_tolerance)]
    atol: f64,
    /// Run it N more times and say how long a run takes.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: Option<u32>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Backend {
    /// Nearshelf's engine, as in the browser.
    Cpu,
    /// Its shaders, by Vulkan, Metal or DX12.
    Gpu,
    /// tract, which runs the ONNX file itself.
    Tract,
}

fn parse_tolerance(text: &str) -> Result<f64, String> {
    let value = text.parse().ok();
    value
        .filter(|value: &f64| *value >= 0.0)
        .ok_or_else(|| "a number, 0 or more".to_owned())
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let source = Source::open(&arguments.model, arguments.backend)?;
    let given = match (&arguments.inputs, arguments.random) {
        (Some(path), _) => Given::read(path, &source)?,
        (None, Some(seed)) => Given::random(seed, &source),
        (None, None) if source.inputs().is_empty() => Given::nothing(&source),
        (None, None) => {
            return Err(wrong_usage(format!(
                "the model wants {}: give it with --inputs in.npz, or make it up with --random SEED",
                inputs::listed(source.inputs())
            )));
        }
    };
    let reference = match &arguments.check {
        Some(path) => Some(check::read(path, &source)?),
        None => None,
    };
    let step = output::step(format!("preparing {}", arguments.model.display()));
    let mut model = Model::prepare(source, &given, &arguments.bind)?;
    step.finish_and_clear();
    let (arrays, tensors) = given.tensors(&model, &arguments.bind)?;
    if let Some(path) = &arguments.save_inputs {
        npz::write(path, arrays.iter().map(|(name, array)| (&**name, array)))?;
    }
    let mut timings = Timings::new(&model);
    let step = output::step("running it");
    let outputs = timings.run(&mut model, &tensors, arguments.repeat.unwrap_or(0))?;
    step.finish_and_clear();
    let outputs: Vec<(String, Array)> = model
        .outputs()
        .zip(&outputs)
        .map(|((name, ty), tensor)| (name.to_owned(), Array::of_tensor(tensor, ty)))
        .collect();
    if let Some(path) = &arguments.outputs {
        npz::write(path, outputs.iter().map(|(name, array)| (&**name, array)))?;
    }
    let tolerance = Tolerance {
        relative: arguments.rtol,
        absolute: arguments.atol,
    };
    let check = reference.map(|reference| Check::of(&outputs, &reference, tolerance));
    let report = Report::new(
        arguments.backend,
        model.device().cloned(),
        &arrays,
        &outputs,
        timings,
        check,
    );
    if arguments.json {
        output::json(&report)?;
    } else {
        report.print();
    }
    match report.failure() {
        Some(failure) => bail!(failure),
        None => Ok(Outcome::Done),
    }
}
