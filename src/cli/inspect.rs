//! `nearshelf inspect`: what a plan, a model or a pack consists of.

use crate::{Outcome, compile::BindArguments, output};
use anyhow::{Context, Result};
use nearshelf_catalogue::PackReader;
use nearshelf_engine::{Plan, TensorType};
use nearshelf_onnx::compile;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Arguments {
    /// A .plan, an .onnx model, a packed folder or its manifest.json.
    path: PathBuf,
    #[command(flatten)]
    bind: BindArguments,
    /// Print it as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let path = &arguments.path;
    if path.is_dir() || path.file_name().is_some_and(|name| name == "manifest.json") {
        let folder = if path.is_dir() {
            path
        } else {
            path.parent().unwrap_or(path)
        };
        return inspect_pack(folder, arguments.json);
    }
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let is_onnx = path.extension().is_some_and(|ending| ending == "onnx");
    let plan = if is_onnx {
        compile(&bytes, &arguments.bind.options())
            .with_context(|| format!("compiling {}", path.display()))?
    } else {
        Plan::from_bytes(&bytes).with_context(|| format!("reading {}", path.display()))?
    };
    inspect_plan(&plan, arguments.json)
}

#[derive(Serialize)]
struct PlanReport {
    inputs: Vec<(String, String)>,
    outputs: Vec<(String, String)>,
    nodes: Vec<NodeReport>,
    multiply_adds: u64,
    weight_bytes: usize,
    arena_bytes: usize,
}

#[derive(Serialize)]
struct NodeReport {
    name: String,
    operator: &'static str,
    inputs: Vec<String>,
    outputs: Vec<String>,
    multiply_adds: u64,
}

fn inspect_plan(plan: &Plan, json: bool) -> Result<Outcome> {
    let names = |types: Vec<&TensorType>| types.iter().map(|ty| ty.to_string()).collect::<Vec<_>>();
    let nodes: Vec<NodeReport> = plan
        .nodes()
        .map(|node| NodeReport {
            name: node.name.to_owned(),
            operator: node.operator,
            inputs: names(node.inputs),
            outputs: names(node.outputs),
            multiply_adds: node.multiply_adds,
        })
        .collect();
    let ports = |ports: &[nearshelf_engine::Port]| {
        ports
            .iter()
            .map(|p| (p.name.clone(), p.ty.to_string()))
            .collect::<Vec<_>>()
    };
    let report = PlanReport {
        inputs: ports(plan.inputs()),
        outputs: ports(plan.outputs()),
        multiply_adds: nodes.iter().map(|node| node.multiply_adds).sum(),
        nodes,
        weight_bytes: plan.weight_bytes(),
        arena_bytes: plan.arena_bytes(),
    };
    if json {
        output::json(&report)?;
        return Ok(Outcome::Done);
    }
    for (what, ports) in [("input", &report.inputs), ("output", &report.outputs)] {
        for (name, ty) in ports {
            crate::say!("{what:<7} {name:<24} {ty}");
        }
    }
    crate::say!(
        "\n{:<32} {:<24} {:<36} {:>12}",
        "node",
        "operator",
        "output",
        "mult-adds"
    );
    for node in &report.nodes {
        crate::say!(
            "{:<32} {:<24} {:<36} {:>12}",
            node.name,
            node.operator,
            node.outputs.join(" "),
            node.multiply_adds
        );
    }
    crate::say!(
        "\n{} nodes, {} multiply-adds, weights {}, buffers {}",
        report.nodes.len(),
        report.multiply_adds,
        output::size(report.weight_bytes as u64),
        output::size(report.arena_bytes as u64)
    );
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct PackReport {
    version: u16,
    created: String,
    items: u32,
    locales: Vec<String>,
    files: Vec<FileReport>,
}

#[derive(Serialize)]
struct FileReport {
    path: String,
    kind: String,
    stage: &'static str,
    size_bytes: u64,
}

/// Reads every file of the pack, which checks size, hash and content.
fn inspect_pack(folder: &Path, json: bool) -> Result<Outcome> {
    let read = |path: &str| {
        let path = folder.join(path);
        std::fs::read(&path).with_context(|| format!("reading {}", path.display()))
    };
    let mut reader = PackReader::new(&read("manifest.json")?)?;
    let chunks: Vec<_> = reader.wanted().cloned().collect();
    for chunk in &chunks {
        reader.add(&chunk.path, &read(&chunk.path)?)?;
    }
    let manifest = reader.manifest();
    for model in &manifest.models {
        let bytes = read(&model.path)?;
        reader.check_model(&model.path, &bytes)?;
        Plan::from_bytes(&bytes).with_context(|| format!("reading {}", model.path))?;
    }
    let chunks = chunks.iter().map(|chunk| FileReport {
        path: chunk.path.clone(),
        kind: chunk.kind.as_str().to_owned(),
        stage: chunk.stage.as_str(),
        size_bytes: chunk.size_bytes,
    });
    let models = manifest.models.iter().map(|model| FileReport {
        path: model.path.clone(),
        kind: format!("model {}", model.name),
        stage: "refine",
        size_bytes: model.size_bytes,
    });
    let report = PackReport {
        version: manifest.version,
        created: manifest.created.clone(),
        items: manifest.item_count,
        locales: manifest.locales.clone(),
        files: chunks.chain(models).collect(),
    };
    if json {
        output::json(&report)?;
        return Ok(Outcome::Done);
    }
    crate::say!("pack format {}, created {}", report.version, report.created);
    crate::say!("{} items in {}", report.items, report.locales.join(", "));
    crate::say!(
        "\n{:<44} {:<16} {:<8} {:>12}",
        "file",
        "kind",
        "stage",
        "size"
    );
    for file in &report.files {
        crate::say!(
            "{:<44} {:<16} {:<8} {:>12}",
            file.path,
            file.kind,
            file.stage,
            output::size(file.size_bytes)
        );
    }
    crate::say!("\nevery file is there and unharmed");
    Ok(Outcome::Done)
}
