//! A packed folder: its files, all of them read and checked.

use crate::{Outcome, output};
use anyhow::{Context, Result};
use nearshelf_catalogue::{ChunkInfo, PackReader};
use nearshelf_engine::Plan;
use nearshelf_vision::{Likeness, Look, Looks};
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct PackReport {
    version: u16,
    created: String,
    items: u32,
    locales: Vec<String>,
    files: Vec<FileReport>,
    /// Where the pack has looks and categories.
    #[serde(skip_serializing_if = "Option::is_none")]
    looks: Option<Alike>,
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

/// How much of what looks similar is of the catalogue's own category.
#[derive(Serialize)]
struct Alike {
    /// Items that were asked about, spread over the catalogue.
    asked: usize,
    /// Part of their first eight that is filed where they are.
    filed_alike: f64,
    /// The same of likeness that doesn't know the catalogue's categories.
    by_picture_alone: f64,
}

/// Most items that likeness is asked about.
const MOST_ASKED: usize = 500;
/// Length of a list, as a page shows it.
const LISTED: usize = 8;

impl Alike {
    fn of(looks: &Looks) -> Option<Self> {
        let shelf = |item: u32| looks.get(item).map_or(0, |look| look.shelf);
        let mut unfiled = Looks::default();
        for item in looks.items() {
            let plain = |look: Look| Look {
                kind: Some(look.category),
                shelf: 0,
                audience: None,
                ..look
            };
            unfiled.insert(*item, &looks.get(*item).map(plain)?);
        }
        let filed: Vec<u32> = looks
            .items()
            .iter()
            .copied()
            .filter(|item| shelf(*item) != 0)
            .collect();
        let step = filed.len().div_ceil(MOST_ASKED).max(1);
        let asked: Vec<u32> = filed.into_iter().step_by(step).collect();
        let part = |looks: &Looks| {
            let (mut alike, mut all) = (0, 0);
            for item in &asked {
                let Some(look) = looks.get(*item) else {
                    continue;
                };
                let found = looks.similar(&look, Likeness::Similar, LISTED, &[*item]);
                all += found.len();
                alike += found
                    .iter()
                    .filter(|found| shelf(found.item) == shelf(*item))
                    .count();
            }
            (all > 0).then(|| alike as f64 / all as f64)
        };
        Some(Self {
            asked: asked.len(),
            filed_alike: part(looks)?,
            by_picture_alone: part(&unfiled)?,
        })
    }
}

/// Reads every file of the pack and lists them.
pub fn inspect(folder: &Path, json: bool) -> Result<Outcome> {
    let (reader, chunks) = open(folder)?;
    let manifest = reader.manifest();
    let mut alike = None;
    for part in manifest.parts() {
        let bytes = read(folder, &part.path)?;
        reader.check_model(&part.path, [&bytes])?;
        let reading = || format!("reading {}", part.path);
        if part.path.ends_with(".plan") {
            Plan::from_bytes(&bytes).with_context(reading)?;
        } else if part.name == "looks" {
            alike = Alike::of(&Looks::from_bytes(&bytes).with_context(reading)?);
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
        looks: alike,
    };
    if json {
        output::json(&report)?;
        return Ok(Outcome::Done);
    }
    crate::say!("pack format {}, created {}", report.version, report.created);
    let items = output::count(report.items as usize, "item");
    crate::say!("{items} in {}", report.locales.join(", "));
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
    if let Some(Alike {
        asked,
        filed_alike,
        by_picture_alone,
    }) = &report.looks
    {
        crate::say!(
            "\nlooks similar: {:.1} % is of the asked item's category, {:.1} % by pictures alone ({asked} items asked, {LISTED} each)",
            100.0 * filed_alike,
            100.0 * by_picture_alone
        );
    }
    crate::say!("\nevery file is there and unharmed");
    Ok(Outcome::Done)
}
