//! The folder that is written: complete or not at all.

use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Fails when something other than a pack stands at `out`: it would be lost.
pub fn check_replaceable(out: &Path) -> Result<()> {
    if !out.exists() || out.join("manifest.json").is_file() {
        return Ok(());
    }
    if !out.is_dir() {
        bail!("{} is a file: name a folder with --out", out.display());
    }
    let mut entries = fs::read_dir(out).with_context(|| format!("listing {}", out.display()))?;
    if entries.next().is_some() {
        bail!(
            "{} holds something that is not a pack: empty it, or choose another --out",
            out.display()
        );
    }
    Ok(())
}

/// Writes `files` and the widget beside `out` first, then puts them in its place.
pub fn replace(out: &Path, files: &[(String, Vec<u8>)], widget: Option<&Path>) -> Result<()> {
    let fresh = sibling(out, "new")?;
    remove(&fresh)?;
    for (path, bytes) in files {
        let target = fresh.join(path);
        let parent = target.parent().unwrap_or(&fresh);
        fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        fs::write(&target, bytes).with_context(|| format!("writing {}", target.display()))?;
    }
    if let Some(widget) = widget {
        if !widget.join("nearshelf.js").is_file() {
            bail!(
                "{} holds no nearshelf.js: build the widget first (./build.sh demo does)",
                widget.display()
            );
        }
        copy(widget, &fresh.join("widget"))?;
    }
    let old = sibling(out, "old")?;
    remove(&old)?;
    if out.exists() {
        fs::rename(out, &old).with_context(|| format!("moving {} away", out.display()))?;
    }
    fs::rename(&fresh, out).with_context(|| format!("moving the new pack to {}", out.display()))?;
    remove(&old)
}

fn sibling(out: &Path, suffix: &str) -> Result<PathBuf> {
    let name = out
        .file_name()
        .with_context(|| format!("{} is no folder name", out.display()))?;
    Ok(out.with_file_name(format!(".{}.{suffix}", name.to_string_lossy())))
}

fn remove(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).with_context(|| format!("removing {}", path.display()))?;
    }
    Ok(())
}

/// Copies the widget; the demo shop and marks of the build stay behind.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("listing {}", from.display()))? {
        let entry = entry.with_context(|| format!("listing {}", from.display()))?;
        let name = entry.file_name();
        let (source, target) = (entry.path(), to.join(&name));
        if name == "demo" || name.to_string_lossy().starts_with('.') {
            continue;
        }
        if source.is_dir() {
            copy(&source, &target)?;
        } else {
            fs::copy(&source, &target).with_context(|| format!("copying {}", source.display()))?;
        }
    }
    Ok(())
}
