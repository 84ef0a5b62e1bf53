//! wasm-bindgen as a library, so that the tool can't drift from the crate the modules were built with.

use crate::imports::shorten;
use anyhow::{Context, Result};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// Writes `NAME.js`, `NAME.d.ts` and `NAME_bg.wasm` for the cdylib at `wasm` into `out_dir`.
///
/// The glue is an ES module whose default export starts the wasm (wasm-bindgen's `web` target). Where the module is
/// `resettable`, its `__wbg_reset_state` starts it anew: after a trap nothing can be said of what its memory holds.
///
/// # Errors
/// When `wasm` is missing or no wasm-bindgen module, or `out_dir` can't be written.
pub fn bind(wasm: &Path, out_dir: &Path, name: &str, resettable: bool) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .web(true)
        .context("wasm-bindgen's `web` target")?
        .omit_default_module_path(false)
        .typescript(true)
        .reset_state_function(resettable)
        .out_name(name)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .generate(out_dir)
        .with_context(|| format!("binding {} into {}", wasm.display(), out_dir.display()))?;
    shorten(out_dir, name)
}
