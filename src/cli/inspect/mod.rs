//! `nearshelf inspect`: what a plan, a model or a pack consists of.

mod item;
mod pack;
mod plan;
mod profile;
mod shards;
mod table;

use crate::{Outcome, compile::BindArguments, wrong_usage};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use nearshelf_engine::Plan;
use nearshelf_onnx::compile;
use std::path::PathBuf;
use std::sync::Arc;

const EXAMPLES: &str = "\
Examples:
  nearshelf inspect model.plan
  nearshelf inspect model.onnx --bind batch=1,length=32 --profile --repeat 50 --sort time
  nearshelf inspect site
  nearshelf inspect site --shards
  nearshelf inspect site --item SKU-1042 --list for-you --viewed SKU-7,SKU-12

Where dimensions are open, shapes and costs are those of the largest extents; --bind takes others. A profile runs the \
model on made-up inputs. Its times are those of this machine's native code, not of a browser's.";

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A .plan, an .onnx model, a packed folder or its manifest.json.
    path: PathBuf,
    #[command(flatten)]
    bind: BindArguments,
    /// Run the model and say what share of the time each node takes.
    #[arg(long)]
    profile: bool,
    /// Runs of the profile, of which the median counts.
    #[arg(long, value_name = "N", default_value_t = 20, requires = "profile", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Of a pack: say what the score of this item is made of, and which rules speak of it.
    #[arg(long, value_name = "ID")]
    item: Option<String>,
    /// The list to explain the item in.
    #[arg(
        long,
        value_name = "KIND",
        default_value = "trending",
        requires = "item"
    )]
    list: String,
    /// Ids of items that a shopper viewed, oldest first; for lists that go by the history.
    #[arg(long, value_name = "ID", requires = "item", value_delimiter = ',')]
    viewed: Vec<String>,
    /// Of a pack whose embeddings come in shards: measure what they find, by how many lists are looked at.
    #[arg(long, conflicts_with = "item")]
    shards: bool,
    /// Order of the nodes.
    #[arg(long, value_enum, default_value_t = Sort::Execution)]
    sort: Sort,
    /// Print it as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// As they run.
    Execution,
    /// Slowest first, with --profile.
    Time,
    /// Most multiply-adds first.
    Macs,
    /// Most bytes read and written first.
    Bytes,
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let path = &arguments.path;
    if arguments.sort == Sort::Time && !arguments.profile {
        return Err(wrong_usage("--sort time needs --profile"));
    }
    if path.is_dir() || path.file_name().is_some_and(|name| name == "manifest.json") {
        if arguments.profile {
            return Err(wrong_usage("--profile is for models, not for packs"));
        }
        let folder = if path.is_dir() {
            path
        } else {
            path.parent().unwrap_or(path)
        };
        if let Some(id) = &arguments.item {
            return item::explain(
                folder,
                id,
                &arguments.list,
                &arguments.viewed,
                arguments.json,
            );
        }
        if arguments.shards {
            return shards::inspect(folder, arguments.json);
        }
        return pack::inspect(folder, arguments.json);
    }
    if arguments.shards {
        return Err(wrong_usage("--shards is for packs, not for models"));
    }
    let plan = Arc::new(read(arguments)?);
    let profile = if arguments.profile {
        Some(profile::Profile::of(&plan, arguments.repeat)?)
    } else {
        None
    };
    plan::inspect(&plan, profile.as_ref(), arguments.sort, arguments.json)
}

/// The plan in a file, or that of an ONNX model.
fn read(arguments: &Arguments) -> Result<Plan> {
    let path = &arguments.path;
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let ends_in = |ending: &str| path.extension().is_some_and(|found| found == ending);
    if ends_in("onnx") {
        return compile(&bytes, &arguments.bind.options())
            .with_context(|| format!("compiling {}", path.display()));
    }
    if Plan::is_plan(&bytes) || ends_in("plan") {
        let plan =
            Plan::from_bytes(&bytes).with_context(|| format!("reading {}", path.display()))?;
        return arguments.bind.bind(plan);
    }
    bail!(
        "{} is no plan, no .onnx model and no pack; a catalogue or event log is read by `nearshelf pack`",
        path.display()
    );
}
