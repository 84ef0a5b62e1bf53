//! Merchants' files: items and events, read row by row.
//!
//! A bad row is rejected with its line, column, reason and remedy, and reading goes on. Text is kept as
//! plain text; control characters are dropped.

mod csv_items;
mod encoding;
mod events;
mod format;
mod html;
mod jsonl;
mod locale;
mod merchant;
mod merchant_xml;
mod problems;
mod record;
mod sequences;
mod shopify;
mod table;
#[cfg(test)]
mod tests;
mod time;

pub use events::{each_event, read_events};
pub use format::{Format, detect_format};
pub use locale::is_locale;
pub use problems::{RowProblem, RowProblems};
pub use sequences::{
    LABEL, SequenceError, TextSources, read_questions, read_sequence_items, read_sequences,
    read_sessions,
};

use crate::{Event, Item};
use std::io::Read;

/// What the file itself may leave unsaid.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// Locale of texts without one, BCP 47.
    pub locale: String,
    /// Currency of prices without one, ISO 4217.
    pub currency: Option<[u8; 3]>,
    /// Unix time as of which sale prices with dates hold or don't; without it all hold.
    pub now_millis: Option<i64>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            locale: "en".to_owned(),
            currency: None,
            now_millis: None,
        }
    }
}

/// A file that can't be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The source failed.
    #[error("reading failed: {0}")]
    Io(#[from] std::io::Error),
    /// There isn't even a header.
    #[error("the file is empty: expected {expected}")]
    Empty {
        /// What belongs there.
        expected: &'static str,
    },
    /// A column without which no row makes sense.
    #[error("no column {column:?} among {found}: {remedy}")]
    MissingColumn {
        /// The column.
        column: &'static str,
        /// Those that are there.
        found: String,
        /// What to do.
        remedy: &'static str,
    },
    /// Bytes that are not text in the file's encoding.
    #[error("line {line}: {detail}")]
    Encoding {
        /// Line, from 1.
        line: u64,
        /// What is wrong and how to mend it.
        detail: String,
    },
    /// XML that is no feed, or tries what feeds don't.
    #[error("line {line}: not a product feed: {detail}")]
    NotAFeed {
        /// Line, from 1.
        line: u64,
        /// What is wrong.
        detail: String,
    },
}

/// What came of reading a catalogue.
#[derive(Debug, Clone, Default)]
pub struct ItemReport {
    /// Accepted items in the file's order.
    pub items: Vec<Item>,
    /// What was left out.
    pub problems: RowProblems,
    /// Rows, accepted or not.
    pub rows: u64,
    /// Columns, fields or elements that nothing reads.
    pub ignored_columns: Vec<String>,
}

/// What came of reading an event log.
#[derive(Debug, Clone, Default)]
pub struct EventReport {
    /// Accepted events in the file's order.
    pub events: Vec<Event>,
    /// What was left out.
    pub problems: RowProblems,
    /// Rows, accepted or not.
    pub rows: u64,
    /// Columns, fields or elements that nothing reads.
    pub ignored_columns: Vec<String>,
}

/// Reads a catalogue.
///
/// # Errors
/// [`ReadError`] when nothing of the file makes sense; bad rows are in the report.
pub fn read_items(
    format: Format,
    source: impl Read,
    options: &ReadOptions,
) -> Result<ItemReport, ReadError> {
    match format {
        Format::Csv => csv_items::read(source, options),
        Format::Jsonl => jsonl::read_items(source, options),
        Format::MerchantTsv => merchant::read_tsv(source, options),
        Format::MerchantXml => merchant_xml::read(source, options),
        Format::Shopify => shopify::read(source, options),
    }
}
