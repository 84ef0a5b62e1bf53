//! `nearshelf compile`: ONNX in, plan out.

use crate::{Outcome, output, wrong_usage};
use anyhow::{Context, Result};
use nearshelf_engine::{Plan, Symbol, WeightBits};
use nearshelf_onnx::{CompileOptions, compile};
use serde::Serialize;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  nearshelf compile model.onnx
  nearshelf compile reader.onnx --bind batch=1 --open length=1..128 -o reader.plan
  nearshelf compile painter.onnx --open height=32..640:32,width=32..640:32

Each open dimension needs an extent or a range.";

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The ONNX model.
    model: PathBuf,
    /// Plan to write; default: beside the model, with the ending .plan.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    bind: BindArguments,
    /// Range of an open dimension that stays open, named as for --bind: length=1..128, or height=32..640:32 in
    /// steps of 32. The plan then takes any of these extents.
    #[arg(long, value_name = "NAME=MIN..MAX[:STEP]", value_delimiter = ',')]
    open: Vec<Symbol>,
    #[command(flatten)]
    weights: WeightArguments,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// What weights keep.
#[derive(clap::Args)]
pub struct WeightArguments {
    /// Bits that weights of dynamically quantized products keep: 8 leaves them as they are; 7 is quicker in browsers with
    /// relaxed SIMD, and changes results a little. A MatMulInteger whose result no scale is multiplied with keeps 8.
    #[arg(long, value_name = "8|7", default_value = "8")]
    weight_bits: WeightBits,
}

impl WeightArguments {
    /// As the compiler takes them.
    pub fn options(&self) -> CompileOptions {
        CompileOptions {
            weight_bits: self.weight_bits,
            ..CompileOptions::default()
        }
    }
}

/// Extents of open dimensions.
#[derive(clap::Args)]
pub struct BindArguments {
    /// Extent of an open dimension: by symbol (batch=1), or by input and axis (tokens:1=32).
    #[arg(long, value_name = "NAME=N", value_delimiter = ',', value_parser = parse_binding)]
    bind: Vec<(String, usize)>,
}

impl BindArguments {
    /// As the compiler takes them.
    pub fn options(&self) -> CompileOptions {
        CompileOptions {
            bind: self.bind.clone(),
            ..CompileOptions::default()
        }
    }

    /// The extent that a symbol of a plan is bound to.
    pub fn of(&self, symbol: &str) -> Option<usize> {
        let bound = self.bind.iter().find(|(name, _)| name == symbol);
        bound.map(|&(_, extent)| extent)
    }

    /// A plan at these extents of its open dimensions, the largest where none are named.
    ///
    /// # Errors
    /// When the plan has no such dimension, or it doesn't take that extent.
    pub fn bind(&self, plan: Plan) -> Result<Plan> {
        if self.bind.is_empty() {
            return Ok(plan);
        }
        if plan.symbols().is_empty() {
            return Err(wrong_usage(
                "every dimension of this plan is fixed: --bind is for models and plans with open ones",
            ));
        }
        let extents: Vec<(&str, usize)> = self
            .bind
            .iter()
            .map(|(name, extent)| (&**name, *extent))
            .collect();
        Ok(plan.bind(&extents)?)
    }
}

fn parse_binding(text: &str) -> Result<(String, usize), String> {
    let (name, extent) = text.rsplit_once('=').ok_or("write it as NAME=N")?;
    let extent = extent
        .parse()
        .map_err(|_| format!("{extent:?} is no extent"))?;
    Ok((name.to_owned(), extent))
}

#[derive(Serialize)]
struct Report {
    plan: PathBuf,
    onnx_bytes: u64,
    plan_bytes: u64,
    weight_bytes: usize,
    arena_bytes: usize,
    nodes: usize,
    /// Dimensions that stay open; weights and buffers are those of the largest extents.
    open: Vec<String>,
    dynamic_products: DynamicProducts,
}

/// How many products of bytes there are that activations come out of as floats, by how they are computed.
#[derive(Serialize)]
struct DynamicProducts {
    /// Each column's weights span at most seven bits: quicker in relaxed SIMD.
    seven_bits: usize,
    /// They span more.
    eight_bits: usize,
    /// `MatMulInteger` that did not melt with scales and constant weights: it stays as it is.
    not_melted: usize,
}

impl DynamicProducts {
    fn of(plan: &Plan) -> Self {
        let count = |operator| {
            let nodes = plan.nodes();
            nodes.filter(|node| node.operator == operator).count()
        };
        Self {
            seven_bits: count("DynamicLinearNarrow"),
            eight_bits: count("DynamicLinear"),
            not_melted: count("MatMulInteger"),
        }
    }
}

impl std::fmt::Display for DynamicProducts {
    /// Nothing where there are none.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            seven_bits,
            eight_bits,
            not_melted,
        } = self;
        let all = seven_bits + eight_bits + not_melted;
        if all == 0 {
            return Ok(());
        }
        write!(
            f,
            ", {seven_bits} of {all} dynamic products with 7 bits a weight"
        )?;
        match not_melted {
            0 => Ok(()),
            _ => write!(f, " ({not_melted} did not melt with their scales)"),
        }
    }
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let path = &arguments.model;
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    if Plan::is_plan(&bytes) {
        return Err(wrong_usage(format!(
            "{} is a compiled plan already: `nearshelf run` and `nearshelf inspect` take it",
            path.display()
        )));
    }
    let options = CompileOptions {
        open: arguments.open.clone(),
        bind: arguments.bind.bind.clone(),
        ..arguments.weights.options()
    };
    let step = output::step(format!("compiling {}", path.display()));
    let plan =
        compile(&bytes, &options).with_context(|| format!("compiling {}", path.display()))?;
    let written = plan.to_bytes()?;
    step.finish_and_clear();
    let target = arguments
        .output
        .clone()
        .unwrap_or_else(|| path.with_extension("plan"));
    std::fs::write(&target, &written).with_context(|| format!("writing {}", target.display()))?;
    let report = Report {
        plan: target,
        onnx_bytes: bytes.len() as u64,
        plan_bytes: written.len() as u64,
        weight_bytes: plan.weight_bytes(),
        arena_bytes: plan.arena_bytes(),
        nodes: plan.nodes().len(),
        open: plan.symbols().iter().map(Symbol::to_string).collect(),
        dynamic_products: DynamicProducts::of(&plan),
    };
    if arguments.json {
        output::json(&report)?;
    } else {
        let open = match &*report.open.join(", ") {
            "" => String::new(),
            open => format!(", open {open}"),
        };
        crate::say!(
            "{}: {} nodes, {} (ONNX {}), weights {}, buffers {}{open}{}",
            report.plan.display(),
            report.nodes,
            output::size(report.plan_bytes),
            output::size(report.onnx_bytes),
            output::size(report.weight_bytes as u64),
            output::size(report.arena_bytes as u64),
            report.dynamic_products
        );
    }
    Ok(Outcome::Done)
}
