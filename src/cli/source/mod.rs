//! The merchant's files, read with a report on what was rejected.

mod sequences;

use crate::output;
use anyhow::{Context, Result, bail};
use nearshelf_catalogue::{
    Format, Item, ReadOptions, RowProblems, TextSources, detect_format, each_event, is_locale,
    read_items,
};
use nearshelf_recommend::{
    evaluate::Case,
    mine::{Interactions, MineOptions, Numbering},
};
use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};
use time::OffsetDateTime;

/// Problems that are shown one by one; the rest are counted.
const SHOWN_PROBLEMS: usize = 10;

/// Where a catalogue and its events are.
#[derive(clap::Args)]
pub struct SourceArguments {
    /// Folder of a published data set: items.jsonl and sequences.tsv (each user's purchases in order), or
    /// train_sessions.txt and test_prefix_target.tsv (views), plain or as .gz.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["items", "events", "items_format"])]
    pub data: Option<PathBuf>,
    /// Catalogue: CSV (comma, semicolon or tab), JSONL, Google Merchant feed (XML or TSV) or Shopify product export.
    #[arg(long, value_name = "FILE", required_unless_present = "data")]
    pub items: Option<PathBuf>,
    /// Format of the catalogue, where its name and content leave a doubt.
    #[arg(long, value_name = "FORMAT", value_parser = parse_format)]
    pub items_format: Option<Format>,
    /// Event log: CSV or JSONL with session, event, item_id and time.
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// Locale of texts that state none, BCP 47.
    #[arg(long, default_value = "en", value_parser = parse_locale)]
    pub locale: String,
    /// Currency of prices that state none, ISO 4217.
    #[arg(long, value_name = "CODE", value_parser = parse_currency)]
    pub currency: Option<[u8; 3]>,
}

fn parse_locale(tag: &str) -> Result<String, String> {
    if is_locale(tag) {
        Ok(tag.to_owned())
    } else {
        Err("write it as en, zh-CN or sr-Latn-RS".to_owned())
    }
}

fn parse_format(name: &str) -> Result<Format, String> {
    let all = [
        Format::Csv,
        Format::Jsonl,
        Format::MerchantXml,
        Format::MerchantTsv,
        Format::Shopify,
    ];
    let known: Vec<&str> = all.iter().map(|format| format.as_str()).collect();
    let found = all.into_iter().find(|format| format.as_str() == name);
    found.ok_or_else(|| format!("one of {}", known.join(", ")))
}

fn parse_currency(code: &str) -> Result<[u8; 3], String> {
    let upper = code.to_ascii_uppercase();
    let letters = upper.as_bytes().try_into().ok();
    let letters = letters.filter(|code: &[u8; 3]| code.iter().all(u8::is_ascii_uppercase));
    letters.ok_or_else(|| "three letters, as in GBP".to_owned())
}

/// What was read.
#[derive(Default)]
pub struct Source {
    /// Accepted items.
    pub items: Vec<Item>,
    /// Accepted events of these items.
    pub log: Interactions,
    /// Accepted events, those of other items included.
    pub events: usize,
    /// Whether events have times; else they have one a day in the order of each session.
    pub timed: bool,
    /// Where the words of items are from, in a published data set.
    pub texts: TextSources,
    /// Questions that a published data set brings.
    pub questions: Option<Vec<Case>>,
    /// Rows and values that were left out, of the catalogue and of the log.
    pub item_problems: RowProblems,
    /// See `item_problems`.
    pub event_problems: RowProblems,
    /// Columns that nothing reads, by `items` and `events`.
    pub ignored_columns: BTreeMap<&'static str, Vec<String>>,
}

impl Source {
    /// How to mine the log. Where it has no times, nothing decays, and a session is one visit.
    ///
    /// - `now_millis`: newest time that is believed: an event of a wrong clock must not make every other one old
    pub fn mine_options(&self, now_millis: i64) -> MineOptions {
        if self.timed {
            return MineOptions {
                now_millis,
                ..MineOptions::default()
            };
        }
        MineOptions {
            half_life_days: f64::INFINITY,
            visit_gap_minutes: f64::INFINITY,
            lag_days: f64::INFINITY,
            ..MineOptions::default()
        }
    }

    /// Whether any row was left out as a whole.
    pub fn rows_rejected(&self) -> bool {
        !self.item_problems.rows().is_empty() || !self.event_problems.rows().is_empty()
    }
}

/// Reads the files as of now and shows what was rejected on standard error.
pub fn read(arguments: &SourceArguments) -> Result<Source> {
    read_as_of(arguments, OffsetDateTime::now_utc())
}

/// Reads the files and shows what was rejected on standard error; sale prices with dates hold or don't at `now`.
pub fn read_as_of(arguments: &SourceArguments, now: OffsetDateTime) -> Result<Source> {
    let options = ReadOptions {
        locale: arguments.locale.clone(),
        currency: arguments.currency,
        now_millis: Some(now.unix_timestamp() * 1000),
    };
    if let Some(folder) = &arguments.data {
        return sequences::read(folder);
    }
    let Some(path) = &arguments.items else {
        bail!("no catalogue: name it with --items, or a data set with --data");
    };
    let format = match arguments.items_format {
        Some(format) => format,
        None => format_of(path)?.with_context(|| {
            format!(
                "{}: format not recognised; name it with --items-format",
                path.display()
            )
        })?,
    };
    let step = output::step(format!("reading {} as {}", path.display(), format.as_str()));
    let report = read_items(format, open(path)?, &options)
        .with_context(|| format!("reading {}", path.display()))?;
    step.finish_and_clear();
    show_problems(path, &report.problems);
    if report.rows == 0 {
        bail!(
            "{} has no items: below its header, a catalogue has a row for each",
            path.display()
        );
    }
    let mut source = Source {
        items: report.items,
        timed: true,
        item_problems: report.problems,
        ignored_columns: BTreeMap::from([("items", report.ignored_columns)]),
        ..Source::default()
    };
    if let Some(path) = &arguments.events {
        let step = output::step(format!("reading {}", path.display()));
        let format = match format_of(path)? {
            Some(Format::MerchantXml) => bail!(
                "{}: an event log is CSV or JSONL, with session, event, item_id and time",
                path.display()
            ),
            // One column, as good as none: reading it tells which are missing.
            format => format.unwrap_or(Format::Csv),
        };
        let ids = source.items.iter().map(|item| item.id.as_str());
        let numbers: HashMap<&str, u32> = ids.zip(0..).collect();
        let mut numbering = Numbering::default();
        let report = each_event(format, open(path)?, |event| {
            source.events += 1;
            numbering.push(&event, |id| numbers.get(id).copied());
        })
        .with_context(|| format!("reading {}", path.display()))?;
        step.finish_and_clear();
        show_problems(path, &report.problems);
        if report.rows == 0 {
            eprintln!(
                "{} has no events: lists will know nothing of what was viewed or bought",
                path.display()
            );
        }
        source.log = numbering.finish();
        source.event_problems = report.problems;
        let ignored = report.ignored_columns;
        source.ignored_columns.insert("events", ignored);
    }
    Ok(source)
}

fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("opening {}", path.display()))
}

/// What the beginning and the name of a file tell; nothing, where they leave a doubt.
fn format_of(path: &Path) -> Result<Option<Format>> {
    let mut first = Vec::new();
    open(path)?
        .take(4096)
        .read_to_end(&mut first)
        .with_context(|| format!("reading {}", path.display()))?;
    if first.is_empty() {
        bail!("{} is empty", path.display());
    }
    Ok(detect_format(&path.to_string_lossy(), &first))
}

fn show_problems(path: &Path, problems: &RowProblems) {
    for problem in problems.iter().take(SHOWN_PROBLEMS) {
        let effect = if problem.row_rejected {
            "row left out"
        } else {
            "value left out"
        };
        eprintln!("{}: {problem}; {effect}", path.display());
    }
    let more = problems.count().saturating_sub(SHOWN_PROBLEMS as u64);
    if more > 0 {
        eprintln!("{}: {more} more problems of this kind", path.display());
    }
}
