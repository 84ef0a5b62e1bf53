//! Short names for what a module imports from its glue: wasm-bindgen's have sixteen random digits each, which no
//! compression makes smaller, in the module and in the glue.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use walrus::Module;

/// Renames the imports of `NAME_bg.wasm` in it and in `NAME.js`. Modules with the same imports get the same names, so
/// that they can share their glue.
///
/// # Errors
/// When a file is missing, or the glue doesn't hold each import once, at the begin of a line.
pub fn shorten(folder: &Path, name: &str) -> Result<()> {
    let wasm = folder.join(format!("{name}_bg.wasm"));
    let glue = folder.join(format!("{name}.js"));
    let mut module =
        Module::from_file(&wasm).with_context(|| format!("reading {}", wasm.display()))?;
    let text = fs::read_to_string(&glue).with_context(|| format!("reading {}", glue.display()))?;
    let names: BTreeSet<String> = module
        .imports
        .iter()
        .map(|import| import.name.clone())
        .collect();
    let renamed = |name: &str| {
        names
            .iter()
            .position(|other| other == name)
            .map(|at| format!("i{at}"))
    };
    for import in module.imports.iter_mut() {
        import.name = renamed(&import.name).unwrap_or_default();
    }
    let mut found = 0;
    let lines = text.lines().map(|line| {
        let (indent, rest) = line.split_at(line.len() - line.trim_start().len());
        let key = rest
            .split_once(':')
            .and_then(|(key, value)| Some((renamed(key)?, value)));
        match key {
            Some((short, value)) => {
                found += 1;
                format!("{indent}{short}:{value}\n")
            }
            None => format!("{line}\n"),
        }
    });
    let text: String = lines.collect();
    ensure!(
        found == names.len(),
        "{} holds {found} of {} imports",
        glue.display(),
        names.len()
    );
    module
        .emit_wasm_file(&wasm)
        .with_context(|| format!("writing {}", wasm.display()))?;
    fs::write(&glue, text).with_context(|| format!("writing {}", glue.display()))
}
