//! The folder that is written: complete or not at all.

use anyhow::{Context, Result, bail};
use nearshelf_catalogue::Manifest;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The file that makes a folder a pack.
const MANIFEST: &str = "manifest.json";
/// Where the widget lies in a packed folder.
const WIDGET: &str = "widget";

/// Fails when anything but a pack, or a file that is no part of it, stands at `out`: it would be lost.
pub fn check_replaceable(out: &Path) -> Result<()> {
    if !out.exists() {
        return Ok(());
    }
    if !out.is_dir() {
        bail!("{} is a file: name a folder with --out", out.display());
    }
    let mut found = Vec::new();
    list(out, Path::new(""), &mut found)?;
    if found.is_empty() {
        return Ok(());
    }
    let not_a_pack = || {
        format!(
            "{} holds something that is not a pack: empty it, or choose another --out",
            out.display()
        )
    };
    let manifest = fs::read(out.join(MANIFEST)).ok();
    let manifest = manifest.with_context(not_a_pack)?;
    let manifest = Manifest::from_json(&manifest).with_context(not_a_pack)?;
    let chunks = manifest.chunks.iter().map(|chunk| &chunk.path);
    let parts = manifest.parts().map(|part| &part.path);
    let own: BTreeSet<PathBuf> = chunks
        .chain(parts)
        .map(PathBuf::from)
        .chain([PathBuf::from(MANIFEST)])
        .collect();
    let foreign = found
        .iter()
        .find(|path| !own.contains(*path) && !path.starts_with(WIDGET));
    match foreign {
        Some(path) => bail!(
            "{} is no part of the pack at {}: move it away, or choose another --out",
            path.display(),
            out.display()
        ),
        None => Ok(()),
    }
}

/// Files and links below `out`, by their path in it.
fn list(out: &Path, below: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let folder = out.join(below);
    for entry in fs::read_dir(&folder).with_context(|| format!("listing {}", folder.display()))? {
        let entry = entry.with_context(|| format!("listing {}", folder.display()))?;
        let path = below.join(entry.file_name());
        let kind = entry.file_type();
        if kind
            .with_context(|| format!("looking at {}", path.display()))?
            .is_dir()
        {
            list(out, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// Refuses a folder that holds no widget.
pub fn check_widget(widget: &Path) -> Result<()> {
    if !widget.join("nearshelf.js").is_file() {
        bail!(
            "{} holds no nearshelf.js: build the widget first (./build.sh demo does)",
            widget.display()
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
        copy(widget, &fresh.join(WIDGET))?;
    }
    let old = sibling(out, "old")?;
    remove(&old)?;
    if out.exists() {
        fs::rename(out, &old).with_context(|| format!("moving {} away", out.display()))?;
    }
    if let Err(error) = fs::rename(&fresh, out) {
        // The old pack is put back, so that the shop goes on with it.
        let _ = fs::rename(&old, out);
        return Err(error).with_context(|| format!("moving the new pack to {}", out.display()));
    }
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
