//! Delimited text with a header, read as bytes so that one bad row can't end the reading.

use super::{ReadError, RowProblem, record::excerpt};
use csv::{ByteRecord, ReaderBuilder, Terminator};
use std::{
    collections::BTreeMap,
    io::{BufReader, Read},
};

/// A delimited file.
pub(super) struct Table<R: Read> {
    reader: csv::Reader<BufReader<R>>,
    /// Column names, lower-case.
    pub header: Vec<String>,
    pub rows: u64,
}

/// One row, or why it can't be one.
pub(super) enum Row {
    Fields(u64, BTreeMap<String, String>),
    Bad(RowProblem),
}

impl<R: Read> Table<R> {
    /// Reads the header.
    pub fn new(source: R, delimiter: u8, expected: &'static str) -> Result<Self, ReadError> {
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .quoting(true)
            .terminator(Terminator::CRLF)
            .from_reader(BufReader::new(source));
        let header = reader.byte_headers().map_err(into_read_error)?.clone();
        let names: Vec<String> = header
            .iter()
            .map(|name| {
                String::from_utf8_lossy(name)
                    .trim_start_matches('\u{feff}')
                    .trim()
                    .to_lowercase()
            })
            .collect();
        if names.iter().all(String::is_empty) {
            return Err(ReadError::Empty { expected });
        }
        Ok(Self {
            reader,
            header: names,
            rows: 0,
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

    /// The next row; `None` at the end.
    pub fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        let mut record = ByteRecord::new();
        if !self
            .reader
            .read_byte_record(&mut record)
            .map_err(into_read_error)?
        {
            return Ok(None);
        }
        self.rows += 1;
        let line = record.position().map_or(0, csv::Position::line);
        let bad = |column: &str, reason: String, value: &[u8]| {
            let excerpt = excerpt(&String::from_utf8_lossy(value));
            Ok(Some(Row::Bad(RowProblem {
                line,
                column: column.to_owned(),
                reason,
                excerpt,
                row_rejected: true,
            })))
        };
        if record.len() > self.header.len() {
            let reason = format!(
                "{} values for {} columns: quote values that hold the delimiter",
                record.len(),
                self.header.len()
            );
            return bad("row", reason, record.as_slice());
        }
        let mut fields = BTreeMap::new();
        for (name, value) in self.header.iter().zip(&record) {
            match std::str::from_utf8(value) {
                Ok(text) => {
                    if !text.is_empty() {
                        fields
                            .entry(name.clone())
                            .or_insert_with(|| text.to_owned());
                    }
                }
                Err(_) => return bad(name, "not UTF-8: save the file as UTF-8".to_owned(), value),
            }
        }
        Ok(Some(Row::Fields(line, fields)))
    }
}

fn into_read_error(error: csv::Error) -> ReadError {
    let text = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(io) => ReadError::Io(io),
        _ => ReadError::Io(std::io::Error::other(text)),
    }
}
