//! Embeddings that are too many to load, divided into lists that browsers fetch when they need them.

use crate::{cores, output, wrong_usage};
use anyhow::Result;
use nearshelf_catalogue::{Embeddings, PackWriter, Sharding};
use nearshelf_retrieval::{
    Draws, Rows,
    partition::{Lists, Partition, reach},
};
use serde::Serialize;

/// Embeddings of more bytes come in shards unless it is said otherwise: half a million items of 64 values.
const AUTO_BYTES: usize = 32 << 20;
/// Rows of a list, on average: 35 KB of 64 values.
const ROWS_A_LIST: usize = 512;
const SEED: u64 = 20_261_126;
/// Items whose closest ones are looked for, to tell what shards find.
const ASKED: usize = 200;
/// How many closest ones.
const CLOSEST: usize = 20;

/// When embeddings come in shards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Auto,
    Never,
    Lists(usize),
}

#[derive(clap::Args)]
pub struct ShardArguments {
    /// Whether browsers fetch embeddings piece by piece, as they need them: `none`, so many lists, or `auto`, which is about
    /// 512 items a list where embeddings are more than 32 MiB. Which pieces a browser fetches tells the server roughly
    /// what the shopper is after: docs/privacy.md.
    #[arg(long, value_name = "auto|none|LISTS", default_value = "auto", value_parser = parse)]
    shards: Choice,
    /// Lists that are looked at for one list of recommendations.
    #[arg(long, value_name = "LISTS", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1024))]
    probes: u32,
    /// Pieces of something else that are fetched with each, in random order, where the page doesn't say how many.
    #[arg(long, value_name = "PIECES", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=64))]
    decoys: u32,
}

fn parse(text: &str) -> Result<Choice, String> {
    match text {
        "auto" => Ok(Choice::Auto),
        "none" => Ok(Choice::Never),
        _ => match text.parse() {
            Ok(lists) if (1..=4096).contains(&lists) => Ok(Choice::Lists(lists)),
            _ => Err("auto, none, or from 1 to 4096 lists".to_owned()),
        },
    }
}

/// What became of embeddings in shards.
#[derive(Debug, Serialize)]
pub struct Sharded {
    /// Lists of rows.
    pub lists: usize,
    /// Files that hold them.
    pub files: usize,
    /// Lists that are looked at for one query.
    pub probes: u32,
    /// Files of something else that are fetched with each, unless the page says otherwise.
    pub decoys: u32,
    /// What those lists weigh, on average, without decoys.
    pub bytes_a_query: f64,
    /// Of the 20 items closest to an item, the part that those lists hold.
    pub recall_at_20: f64,
}

impl Sharded {
    /// As a paragraph for people.
    pub fn print(&self) {
        crate::say!(
            "  embeddings: {} lists in {} shards, fetched as they are needed: which ones TELLS THE SERVER roughly what the shopper is after",
            self.lists,
            self.files
        );
        crate::say!(
            "  ({} decoys with each; --shards none loads all embeddings at once and tells nothing)",
            self.decoys
        );
        crate::say!(
            "  the {} closest lists, {}, hold {:.1} % of the {CLOSEST} items closest to an item",
            self.probes,
            output::size(self.bytes_a_query as u64),
            100.0 * self.recall_at_20
        );
    }
}

impl ShardArguments {
    /// Refuses what can be known to be impossible before anything is read.
    ///
    /// # Errors
    /// When lists are asked for beside searches by meaning.
    pub fn check(&self, by_meaning: bool) -> Result<()> {
        match self.shards {
            Choice::Lists(_) if by_meaning => Err(beside_meaning()),
            _ => Ok(()),
        }
    }

    /// Into how many lists these embeddings go; `None` where they are loaded whole.
    ///
    /// # Errors
    /// When texts are compared with embeddings, too, which takes all of them.
    pub fn lists(
        &self,
        embeddings: Option<&Embeddings>,
        by_meaning: bool,
    ) -> Result<Option<usize>> {
        let rows = embeddings.map_or(0, |rows| rows.scales.len());
        let bytes = embeddings.map_or(0, |rows| rows.values.len());
        let lists = match self.shards {
            Choice::Auto if bytes > AUTO_BYTES => Some(rows.div_ceil(ROWS_A_LIST)),
            Choice::Lists(lists) if rows > 0 => Some(lists),
            _ => None,
        };
        if lists.is_some() && by_meaning {
            return Err(beside_meaning());
        }
        Ok(lists)
    }

    /// Divides rows, adds them to the pack, and measures what browsers will find.
    pub fn add(&self, writer: &mut PackWriter, rows: &Embeddings, lists: usize) -> Result<Sharded> {
        let step = output::step("dividing embeddings into lists");
        let view = Rows::new(rows.dim, &rows.values, &rows.scales)?;
        let partition = Partition::of(&view, lists, SEED, cores::count());
        let sharding = Sharding {
            centres: Embeddings::quantize_as_is(rows.dim, &partition.centres),
            list_of: partition.list_of,
            probes: self.probes,
            decoys: self.decoys,
        };
        writer.shards(rows, &sharding)?;
        step.finish_and_clear();
        let bytes = weigh(
            writer.manifest().chunks.iter(),
            sharding.centres.scales.len(),
        );
        let step = output::step("measuring what lists find");
        let reach = measure(rows, &sharding, &bytes, &[self.probes as usize], None)?;
        step.finish_and_clear();
        let files = writer.manifest().chunks.iter();
        Ok(Sharded {
            lists: bytes.len(),
            files: files
                .filter(|file| file.kind == nearshelf_catalogue::ChunkKind::Shard)
                .count(),
            probes: self.probes,
            decoys: self.decoys,
            bytes_a_query: reach.first().map_or(0.0, |reach| reach.bytes),
            recall_at_20: reach.first().map_or(0.0, |reach| reach.recall),
        })
    }
}

fn beside_meaning() -> anyhow::Error {
    wrong_usage(
        "--search-by-meaning compares words with all embeddings, which would come in shards: add --shards none to load them whole, or leave it out",
    )
}

/// What the files of each list weigh.
pub fn weigh<'a>(
    files: impl Iterator<Item = &'a nearshelf_catalogue::ChunkInfo>,
    lists: usize,
) -> Vec<u64> {
    let mut bytes = vec![0; lists];
    for file in files.filter(|file| file.kind == nearshelf_catalogue::ChunkKind::Shard) {
        if let Some(bytes) = bytes.get_mut(file.first_item as usize) {
            *bytes += file.size_bytes;
        }
    }
    bytes
}

/// Asks for the items closest to some items, evenly apart, and for how many of them lists hold.
///
/// - `share`: of all items, which part may be found, drawn at random; all where there is none
pub fn measure(
    rows: &Embeddings,
    sharding: &Sharding,
    bytes: &[u64],
    probes: &[usize],
    share: Option<f64>,
) -> Result<Vec<nearshelf_retrieval::partition::Reach>> {
    let view = Rows::new(rows.dim, &rows.values, &rows.scales)?;
    let centres = &sharding.centres;
    let lists = Lists {
        centres: Rows::new(centres.dim, &centres.values, &centres.scales)?,
        list_of: &sharding.list_of,
        bytes,
    };
    let every = view.count().div_ceil(ASKED).max(1);
    let queries: Vec<(Vec<f32>, Option<u32>)> = (0..view.count())
        .step_by(every)
        .filter(|&row| view.row(row).1 > 0.0)
        .map(|row| {
            let (values, scale) = view.row(row);
            let query = values.iter().map(|&value| scale * f32::from(value));
            (query.collect(), Some(row as u32))
        })
        .collect();
    let mask = share.map(|share| {
        let mut draws = Draws(SEED);
        let mut mask = vec![0_u32; view.count().div_ceil(32)];
        for row in 0..view.count() {
            let passes = (draws.below(1 << 20) as f64) < share * f64::from(1 << 20);
            mask[row / 32] |= u32::from(passes) << (row % 32);
        }
        mask
    });
    Ok(reach(
        &view,
        &lists,
        &queries,
        CLOSEST,
        probes,
        mask.as_deref(),
    )?)
}
