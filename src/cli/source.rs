//! The merchant's files, read with a report on what was rejected.

use crate::output;
use anyhow::{Context, Result, bail};
use nearshelf_catalogue::{
    Event, Format, Item, ReadOptions, RowProblem, detect_format, is_locale, read_events, read_items,
};
use std::{
    collections::BTreeMap,
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
    /// Catalogue: CSV (comma, semicolon or tab), JSONL, Google Merchant feed (XML or TSV) or Shopify product export.
    #[arg(long, value_name = "FILE")]
    pub items: PathBuf,
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
pub struct Source {
    /// Accepted items.
    pub items: Vec<Item>,
    /// Accepted events.
    pub events: Vec<Event>,
    /// Rows and values that were left out, of the catalogue and of the log.
    pub item_problems: Vec<RowProblem>,
    /// See `item_problems`.
    pub event_problems: Vec<RowProblem>,
    /// Columns that nothing reads, by `items` and `events`.
    pub ignored_columns: BTreeMap<&'static str, Vec<String>>,
}

impl Source {
    /// Whether any row was left out as a whole.
    pub fn rows_rejected(&self) -> bool {
        let problems = self.item_problems.iter().chain(&self.event_problems);
        problems.filter(|problem| problem.row_rejected).count() > 0
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
    let path = &arguments.items;
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
    let mut source = Source {
        items: report.items,
        events: Vec::new(),
        item_problems: report.problems,
        event_problems: Vec::new(),
        ignored_columns: BTreeMap::from([("items", report.ignored_columns)]),
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
        let report = read_events(format, open(path)?)
            .with_context(|| format!("reading {}", path.display()))?;
        step.finish_and_clear();
        show_problems(path, &report.problems);
        source.events = report.events;
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

fn show_problems(path: &Path, problems: &[RowProblem]) {
    for problem in problems.iter().take(SHOWN_PROBLEMS) {
        let effect = if problem.row_rejected {
            "row left out"
        } else {
            "value left out"
        };
        eprintln!("{}: {problem}; {effect}", path.display());
    }
    if problems.len() > SHOWN_PROBLEMS {
        eprintln!(
            "{}: {} more problems of this kind",
            path.display(),
            problems.len() - SHOWN_PROBLEMS
        );
    }
}
