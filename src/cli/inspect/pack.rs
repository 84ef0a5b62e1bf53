//! A packed folder: its files, all of them read and checked.

use crate::{Outcome, output};
use anyhow::{Context, Result};
use nearshelf_catalogue::{ChunkInfo, PackReader};
use nearshelf_engine::Plan;
use nearshelf_vision::Looks;
use serde::Serialize;
use std::path::Path;

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

/// Reads every chunk of a packed folder, which checks size, hash and content.
pub fn open(folder: &Path) -> Result<(PackReader, Vec<ChunkInfo>)> {
    let mut reader = PackReader::new(&read(folder, "manifest.json")?)?;
    let mut chunks: Vec<_> = reader.wanted().cloned().collect();
    for chunk in &chunks {
        reader.add(&chunk.path, &read(folder, &chunk.path)?)?;
    }
    if let Some((index, rows)) = super::shards::open(folder, reader.manifest())? {
        chunks.extend_from_slice(index.files());
        reader.set_rows(rows);
    }
    Ok((reader, chunks))
}

pub fn read(folder: &Path, path: &str) -> Result<Vec<u8>> {
    let path = folder.join(path);
    std::fs::read(&path).with_context(|| format!("reading {}", path.display()))
}

/// Reads every file of the pack and lists them.
pub fn inspect(folder: &Path, json: bool) -> Result<Outcome> {
    let (reader, chunks) = open(folder)?;
    let manifest = reader.manifest();
    for part in manifest.parts() {
        let bytes = read(folder, &part.path)?;
        reader.check_model(&part.path, [&bytes])?;
        let reading = || format!("reading {}", part.path);
        if part.path.ends_with(".plan") {
            Plan::from_bytes(&bytes).with_context(reading)?;
        } else if part.name == "looks" {
            Looks::from_bytes(&bytes).with_context(reading)?;
        }
    }
    let chunks = chunks.iter().map(|chunk| FileReport {
        path: chunk.path.clone(),
        kind: chunk.kind.as_str().to_owned(),
        stage: chunk.stage.as_str(),
        size_bytes: chunk.size_bytes,
    });
    let kinds = [
        ("model", "refine", &manifest.models),
        ("chat", "asked for", &manifest.chat),
        ("vision", "asked for", &manifest.vision),
    ];
    let parts = kinds.into_iter().flat_map(|(kind, stage, parts)| {
        parts.iter().map(move |part| FileReport {
            path: part.path.clone(),
            kind: format!("{kind} {}", part.name),
            stage,
            size_bytes: part.size_bytes,
        })
    });
    let report = PackReport {
        version: manifest.version,
        created: manifest.created.clone(),
        items: manifest.item_count,
        locales: manifest.locales.clone(),
        files: chunks.chain(parts).collect(),
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
