//! What a pack turned out to be.

use super::{looks::Looked, pairs::Weighed, pictures::Pictures, shards::Sharded};
use crate::{
    output::{count, size},
    source::Source,
};
use anyhow::Result;
use serde::Serialize;
use std::{collections::BTreeMap, path::Path};

/// Columns that are named one by one; the rest are counted.
const SHOWN_COLUMNS: usize = 12;

/// Numbers of one packing.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// Accepted items.
    pub items: usize,
    /// Accepted events.
    pub events: usize,
    /// Events of items that the catalogue doesn't have.
    pub events_of_unknown_items: usize,
    /// Rows left out, by file and column.
    pub rejected_rows: BTreeMap<String, u64>,
    /// Single values left out, likewise.
    pub rejected_values: BTreeMap<String, u64>,
    /// Columns that nothing reads, by file.
    pub ignored_columns: BTreeMap<&'static str, Vec<String>>,
    /// What became of pictures.
    pub pictures: Pictures,
    /// How pairs of items are weighed, and what else was tried on the log.
    pub pairs: Option<Weighed>,
    /// Embeddings in shards, where they are.
    pub shards: Option<Sharded>,
    /// What became of looking at them, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looks: Option<Looked>,
    /// Size of each kind of file.
    pub files: BTreeMap<String, Weight>,
    /// Neighbours, popularity and embeddings after brotli, an item.
    pub brotli_bytes_an_item: f64,
    /// Wall time.
    pub seconds: f64,
    /// Highest memory use, where the system tells.
    pub peak_memory_bytes: Option<u64>,
}

/// Bytes as written, and as a server would send them.
#[derive(Debug, Default, Serialize)]
pub struct Weight {
    /// As written.
    pub raw: u64,
    /// After brotli.
    pub brotli: u64,
}

impl Summary {
    /// Counts what was read.
    pub fn new(source: &Source) -> Self {
        let mut summary = Self {
            items: source.items.len(),
            events: source.events,
            events_of_unknown_items: source.log.unknown_items(),
            ignored_columns: source.ignored_columns.clone(),
            ..Self::default()
        };
        for (file, problems) in [
            ("items", &source.item_problems),
            ("events", &source.event_problems),
        ] {
            let named = |(column, count): (&String, &u64)| (format!("{file}: {column}"), *count);
            summary
                .rejected_rows
                .extend(problems.rows().iter().map(named));
            summary
                .rejected_values
                .extend(problems.values().iter().map(named));
        }
        summary
    }

    /// Weighs the files by kind: the part of the name before the hash.
    pub fn weigh(&mut self, files: &[(String, Vec<u8>)]) -> Result<()> {
        for (path, bytes) in files {
            let kind = path
                .rsplit_once('-')
                .map_or(path.as_str(), |(kind, _)| kind);
            let weight = self.files.entry(kind.to_owned()).or_default();
            weight.raw += bytes.len() as u64;
            weight.brotli += brotli_len(bytes)?;
        }
        let tables = ["neighbours", "popularity", "embeddings"];
        let sum: u64 = tables
            .iter()
            .filter_map(|kind| self.files.get(*kind))
            .map(|weight| weight.brotli)
            .sum();
        self.brotli_bytes_an_item = sum as f64 / self.items.max(1) as f64;
        Ok(())
    }

    /// As a table for people.
    pub fn print(&self, out: &Path) {
        crate::say!(
            "{}, {} packed into {}",
            count(self.items, "item"),
            count(self.events, "event"),
            out.display()
        );
        if self.events_of_unknown_items > 0 {
            crate::say!(
                "  {} of items that the catalogue does not have",
                count(self.events_of_unknown_items, "event")
            );
            if self.events_of_unknown_items > self.events / 2 {
                crate::say!(
                    "  that is most of the log: an event's item_id must be an item's id, as the catalogue writes it"
                );
            }
        }
        for (what, counts) in [
            ("row", &self.rejected_rows),
            ("value", &self.rejected_values),
        ] {
            for (column, left_out) in counts {
                let left_out = count(*left_out as usize, what);
                crate::say!("  {left_out} left out for {column}");
            }
        }
        for (file, columns) in &self.ignored_columns {
            if !columns.is_empty() {
                let (shown, rest) = columns.split_at(columns.len().min(SHOWN_COLUMNS));
                let more = match rest.len() {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                crate::say!("  {file}: not read are {}{more}", shown.join(", "));
            }
        }
        let Pictures {
            embedded,
            links,
            refused,
        } = &self.pictures;
        crate::say!(
            "  pictures: {embedded} embedded, {links} are links (shown with remote-images only, which asks their host)"
        );
        first_of(refused, "picture left out");
        if let Some(looks) = &self.looks {
            crate::say!(
                "  looks: {} pictures looked at in {:.1} s, {} kept from before",
                looks.looked_at,
                looks.seconds,
                looks.kept
            );
            first_of(&looks.refused, "picture without a look");
        }
        if let Some(weighed) = &self.pairs {
            weighed.print();
        }
        if let Some(sharded) = &self.shards {
            sharded.print();
        }
        crate::say!("\n{:<24} {:>12} {:>12}", "", "raw", "brotli");
        for (kind, weight) in &self.files {
            crate::say!(
                "{kind:<24} {:>12} {:>12}",
                size(weight.raw),
                size(weight.brotli)
            );
        }
        crate::say!(
            "\n{:.0} bytes an item after brotli, texts and pictures aside",
            self.brotli_bytes_an_item
        );
        let memory = self
            .peak_memory_bytes
            .map(|bytes| format!(", {} of memory", size(bytes)))
            .unwrap_or_default();
        crate::say!("{:.1} s{memory}", self.seconds);
    }
}

/// The first few of some reasons, and how many more there are.
fn first_of(reasons: &[String], what: &str) {
    for reason in reasons.iter().take(5) {
        crate::say!("  {what}: {reason}");
    }
    if reasons.len() > 5 {
        crate::say!("  {what}: {} more", reasons.len() - 5);
    }
}

fn brotli_len(mut bytes: &[u8]) -> Result<u64> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 9,
        lgwin: 22,
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut out, &params)?;
    Ok(out.len() as u64)
}
