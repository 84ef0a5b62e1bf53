//! The build's own command: `bind` a wasm module, print the `sizes` of all artefacts.

use anyhow::{Result, bail};
use clap::Parser;
use nearshelf_bundle::{BUDGETS, bind, weigh};
use std::path::{Path, PathBuf};

#[derive(Parser)]
#[command(about = "Finishes the wasm modules and weighs what a page downloads")]
enum Command {
    /// Write the browser's glue and module for a wasm file that cargo built.
    Bind {
        /// The cdylib.
        wasm: PathBuf,
        /// Folder to write into.
        #[arg(long)]
        out: PathBuf,
        /// Base name of the written files.
        #[arg(long)]
        name: String,
        /// Add `__wbg_reset_state`, which starts the module anew: for one that files can make trap.
        #[arg(long)]
        resettable: bool,
    },
    /// Print each artefact raw, gzip and brotli against its budget; exit 1 over budget.
    Sizes {
        /// The project's root.
        #[arg(long, default_value = ".")]
        root: PathBuf,
    },
}

fn main() -> Result<()> {
    match Command::parse() {
        Command::Bind {
            wasm,
            out,
            name,
            resettable,
        } => bind(&wasm, &out, &name, resettable),
        Command::Sizes { root } => print_sizes(&root),
    }
}

fn print_sizes(root: &Path) -> Result<()> {
    println!(
        "{:<30} {:>10} {:>10} {:>10} {:>10}",
        "artefact (KiB)", "raw", "gzip", "brotli", "budget"
    );
    let mut over = Vec::new();
    for budget in BUDGETS {
        let files = budget.files(root)?;
        if files.is_empty() {
            println!("{:<30} {:>10}", budget.artefact, "not built");
            continue;
        }
        let weight = weigh(&files)?;
        let limit = budget.brotli_bytes;
        println!(
            "{:<30} {:>10.1} {:>10.1} {:>10.1} {:>10}",
            budget.artefact,
            kib(weight.raw),
            kib(weight.gzip),
            kib(weight.brotli),
            limit.map_or("-".to_owned(), |bytes| format!("{:.0}", kib(bytes)))
        );
        if limit.is_some_and(|bytes| weight.brotli > bytes) {
            over.push(budget.artefact);
        }
    }
    if !over.is_empty() {
        bail!("over budget: {}", over.join("; "));
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // sizes are far below 2^52
fn kib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}
