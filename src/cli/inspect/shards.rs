//! What the shards of a pack find, by how many lists are looked at.

use super::pack::read;
use crate::{
    Outcome, output,
    pack::shards::{measure, weigh},
};
use anyhow::{Result, bail};
use nearshelf_catalogue::{Embeddings, Manifest, ShardIndex};
use nearshelf_recommend::shards::ShardCache;
use nearshelf_retrieval::partition::Reach;
use serde::Serialize;
use std::path::Path;

/// Lists that are looked at.
const PROBES: [usize; 8] = [1, 2, 4, 8, 16, 32, 64, 128];

#[derive(Serialize)]
struct Report {
    lists: usize,
    probes: u32,
    decoys: u32,
    rows: Vec<ReportRow>,
}

#[derive(Serialize)]
struct ReportRow {
    probes: usize,
    bytes: f64,
    recall_at_20: f64,
    /// Where a filter lets one item of a hundred pass.
    recall_at_20_filtered: f64,
}

/// All rows of a pack in shards, each file checked; `None` where there are none.
pub fn open(folder: &Path, manifest: &Manifest) -> Result<Option<(ShardIndex, Embeddings)>> {
    let Some(path) = ShardIndex::path(manifest) else {
        return Ok(None);
    };
    let index = ShardIndex::new(manifest, &read(folder, path)?)?;
    let mut cache = ShardCache::new(index.clone(), usize::MAX);
    for (file, number) in index.files().iter().zip(0..) {
        cache.add(number, &read(folder, &file.path)?)?;
    }
    let lists: Vec<u32> = (0..index.sharding().centres.scales.len() as u32).collect();
    Ok(Some((index, cache.rows(&lists))))
}

/// Prints the table.
pub fn inspect(folder: &Path, json: bool) -> Result<Outcome> {
    let manifest = Manifest::from_json(&read(folder, "manifest.json")?)?;
    let Some((index, rows)) = open(folder, &manifest)? else {
        bail!(
            "the embeddings of {} are loaded whole: pack with --shards to have them in shards",
            folder.display()
        );
    };
    let mut sharding = index.sharding().clone();
    let bytes = weigh(index.files().iter(), sharding.centres.scales.len());
    // Of items without embedding there are no rows here, so lists are those of rows.
    sharding.list_of = rows
        .items
        .iter()
        .map(|&item| sharding.list_of[item as usize])
        .collect();
    let probes: Vec<usize> = PROBES
        .into_iter()
        .filter(|&probes| probes <= bytes.len())
        .collect();
    let step = output::step("asking for closest items");
    let plain = measure(&rows, &sharding, &bytes, &probes, None)?;
    let filtered = measure(&rows, &sharding, &bytes, &probes, Some(0.01))?;
    step.finish_and_clear();
    let row = |(plain, filtered): (&Reach, &Reach)| ReportRow {
        probes: plain.probes,
        bytes: plain.bytes,
        recall_at_20: plain.recall,
        recall_at_20_filtered: filtered.recall,
    };
    let report = Report {
        lists: bytes.len(),
        probes: sharding.probes,
        decoys: sharding.decoys,
        rows: plain.iter().zip(&filtered).map(row).collect(),
    };
    if json {
        output::json(&report)?;
        return Ok(Outcome::Done);
    }
    crate::say!(
        "{} lists, {} of them looked at for a query, {} decoys with each file",
        report.lists,
        report.probes,
        report.decoys
    );
    crate::say!(
        "\n{:>6} {:>12} {:>10} {:>22}",
        "lists",
        "fetched",
        "recall@20",
        "with a filter of 1 %"
    );
    for row in &report.rows {
        crate::say!(
            "{:>6} {:>12} {:>10.4} {:>22.4}",
            row.probes,
            output::size(row.bytes as u64),
            row.recall_at_20,
            row.recall_at_20_filtered
        );
    }
    Ok(Outcome::Done)
}
