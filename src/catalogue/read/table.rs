//! Delimited text with a header, read as bytes so that one bad row can't end the reading.

use super::{
    ItemReport, ReadError, ReadOptions, RowProblem, RowProblems, encoding,
    record::{Items, Record, excerpt},
};
use crate::Item;
use csv::{ByteRecord, ReaderBuilder, Terminator};
use std::{
    collections::BTreeMap,
    io::{Chain, Cursor, Read},
};

/// Bytes of the beginning that are looked at for the delimiter.
const SNIFFED_BYTES: u64 = 64 << 10;

/// A delimited file.
pub(super) struct Table<R: Read> {
    reader: csv::Reader<Chain<Cursor<Vec<u8>>, R>>,
    delimiter: u8,
    /// Column names, lower-case.
    pub header: Vec<String>,
}

impl<R: Read> Table<R> {
    /// Reads the header.
    pub fn new(mut source: R, expected: &'static str) -> Result<Self, ReadError> {
        let mut first = Vec::new();
        source
            .by_ref()
            .take(SNIFFED_BYTES)
            .read_to_end(&mut first)?;
        encoding::refuse_utf16(&first)?;
        let delimiter = delimiter_of(&first);
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .quoting(true)
            .terminator(Terminator::CRLF)
            .from_reader(Cursor::new(first).chain(source));
        let header = reader.byte_headers().map_err(into_read_error)?.clone();
        let mut names = Vec::new();
        for name in &header {
            let name = std::str::from_utf8(name).map_err(|_| ReadError::Encoding {
                line: header.position().map_or(1, csv::Position::line),
                detail: "column names that are not UTF-8: save the file as UTF-8".to_owned(),
            })?;
            names.push(name.trim_start_matches('\u{feff}').trim().to_lowercase());
        }
        if names.iter().all(String::is_empty) {
            return Err(ReadError::Empty { expected });
        }
        Ok(Self {
            reader,
            delimiter,
            header: names,
        })
    }

    /// Fails unless the column is there.
    pub fn require(&self, column: &'static str, remedy: &'static str) -> Result<(), ReadError> {
        if self.header.iter().any(|name| name == column) {
            return Ok(());
        }
        let found = self.header.join(", ").chars().take(200).collect();
        Err(ReadError::MissingColumn {
            column,
            found,
            remedy,
        })
    }

    /// Names of columns that aren't known, in the file's order.
    pub fn unknown(&self, is_known: impl Fn(&str) -> bool) -> Vec<String> {
        let names = self.header.iter();
        names
            .filter(|name| !name.is_empty() && !is_known(name))
            .cloned()
            .collect()
    }

    /// All rows as items: `is_known` tells which columns are read, `item_of` reads them.
    pub fn items(
        mut self,
        options: &ReadOptions,
        is_known: fn(&str) -> bool,
        item_of: fn(&mut Record) -> Option<Item>,
    ) -> Result<ItemReport, ReadError> {
        let mut report = ItemReport {
            ignored_columns: self.unknown(is_known),
            ..ItemReport::default()
        };
        let mut items = Items::default();
        report.rows = self.each_row(&mut report.problems, |line, fields, problems| {
            let item = item_of(&mut Record {
                line,
                fields,
                problems,
                options,
            });
            items.push(line, item, problems);
        })?;
        report.items = items.list;
        Ok(report)
    }

    /// Calls `with` for each row's line and fields that hold something; reports bad rows. Returns the
    /// number of rows.
    pub fn each_row(
        &mut self,
        problems: &mut RowProblems,
        mut with: impl FnMut(u64, BTreeMap<String, String>, &mut RowProblems),
    ) -> Result<u64, ReadError> {
        let mut record = ByteRecord::new();
        let mut rows = 0;
        while self
            .reader
            .read_byte_record(&mut record)
            .map_err(into_read_error)?
        {
            rows += 1;
            let line = record.position().map_or(0, csv::Position::line);
            match self.fields(&record) {
                Ok(fields) => with(line, fields, problems),
                Err((column, reason, value)) => problems.push(RowProblem {
                    line,
                    column,
                    reason,
                    excerpt: excerpt(&String::from_utf8_lossy(value)),
                    row_rejected: true,
                }),
            }
        }
        Ok(rows)
    }

    /// Whether a value of the column `at` has swallowed rows: it spans lines, one of which has a row's delimiters. Those
    /// before a space or a line's end are prose.
    fn holds_rows(&self, at: usize, value: &[u8]) -> bool {
        if self.header.len() < FEWEST_COLUMNS_TOLD || !value.contains(&b'\n') {
            return false;
        }
        let delimiters = |line: &[u8]| {
            let after = line.iter().skip(1).chain([&b' ']);
            let pairs = line.iter().zip(after);
            pairs
                .filter(|(byte, after)| **byte == self.delimiter && !matches!(after, b' ' | b'\r'))
                .count()
        };
        let wanted = self.header.len() - 1;
        value
            .split(|byte| *byte == b'\n')
            .enumerate()
            .any(|(number, line)| match number {
                0 => at + delimiters(line) == wanted && delimiters(line) > 0,
                _ => delimiters(line) == wanted,
            })
    }

    /// A row by column name, or column, reason and value of what is wrong with it.
    fn fields<'r>(
        &self,
        record: &'r ByteRecord,
    ) -> Result<BTreeMap<String, String>, (String, String, &'r [u8])> {
        if record.len() > self.header.len() {
            let reason = format!(
                "{} values for {} columns: quote values that hold the delimiter",
                record.len(),
                self.header.len()
            );
            return Err(("row".to_owned(), reason, record.as_slice()));
        }
        let mut fields = BTreeMap::new();
        for (at, (name, value)) in self.header.iter().zip(record).enumerate() {
            if self.holds_rows(at, value) {
                let last = self.reader.position().line().saturating_sub(1);
                let reason = format!(
                    "a quote opens here that no other closes before line {last}, and what lies between looks like \
                     rows: close it, or double a quote that is part of the text"
                );
                return Err((name.clone(), reason, value));
            }
            let Ok(text) = std::str::from_utf8(value) else {
                let reason = "not UTF-8: save the file as UTF-8".to_owned();
                return Err((name.clone(), reason, value));
            };
            if !text.is_empty() {
                fields
                    .entry(name.clone())
                    .or_insert_with(|| text.to_owned());
            }
        }
        Ok(fields)
    }
}

/// Columns below which a line of prose may have as many delimiters as a row.
const FEWEST_COLUMNS_TOLD: usize = 3;

/// The one of `,`, `;` and tab that occurs most often in the header, outside of quotes.
pub(super) fn delimiter_of(first_bytes: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let (mut quoted, mut begun) = (false, false);
    for &byte in first_bytes {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted && begun => break,
            b'\n' | b'\r' => continue,
            _ if quoted => {}
            _ => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(*delimiter == byte);
                }
            }
        }
        begun = true;
    }
    let most = counts.iter().map(|entry| entry.1).max();
    let found = counts.iter().find(|entry| Some(entry.1) == most);
    found.map_or(b',', |entry| entry.0)
}

fn into_read_error(error: csv::Error) -> ReadError {
    let text = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(io) => ReadError::Io(io),
        _ => ReadError::Io(std::io::Error::other(text)),
    }
}
