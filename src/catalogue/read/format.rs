//! Which of the formats a file is in.

use super::{csv_items, encoding, merchant, table::delimiter_of};

/// A catalogue format; event logs are CSV or JSONL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A table (comma, semicolon or tab) with this project's column names.
    Csv,
    /// One JSON object a line, with the same names.
    Jsonl,
    /// Google Merchant Center feed: RSS 2.0 or Atom with `g:` elements.
    MerchantXml,
    /// Google Merchant Center feed: a table, as a rule tab-separated.
    MerchantTsv,
    /// Shopify's product export.
    Shopify,
}

impl Format {
    /// Name on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::MerchantXml => "merchant-xml",
            Self::MerchantTsv => "merchant-tsv",
            Self::Shopify => "shopify",
        }
    }
}

/// Tells the format from a file's first bytes (some 4 KiB suffice) and, where they leave a doubt, from its name.
///
/// Of tables the column names decide, not the delimiter.
#[must_use]
pub fn detect_format(file_name: &str, first_bytes: &[u8]) -> Option<Format> {
    let text = encoding::beginning(first_bytes);
    let text = text.trim_start();
    if text.starts_with('<') {
        return Some(Format::MerchantXml);
    }
    if text.starts_with('{') {
        return Some(Format::Jsonl);
    }
    let header = text.lines().next().unwrap_or("");
    let delimiter = char::from(delimiter_of(header.as_bytes()));
    let columns: Vec<String> = header
        .split(delimiter)
        .map(|name| name.trim_matches(['"', ' ']).to_lowercase())
        .collect();
    let has = |name: &str| {
        let mut names = columns.iter();
        names.any(|column| merchant::attribute_name(column) == name)
    };
    if has("title") && (has("handle") || has("url_handle")) {
        return Some(Format::Shopify);
    }
    if has("id") && has("title") {
        let read_by =
            |is_known: &dyn Fn(&str) -> bool| columns.iter().filter(|name| is_known(name)).count();
        let as_feed = read_by(&|name| merchant::is_known(&merchant::attribute_name(name)));
        let is_feed = as_feed > read_by(&csv_items::is_known);
        return Some(if is_feed {
            Format::MerchantTsv
        } else {
            Format::Csv
        });
    }
    let extension = file_name
        .rsplit('.')
        .next()
        .unwrap_or("")
        .to_ascii_lowercase();
    match extension.as_str() {
        "xml" => Some(Format::MerchantXml),
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        "csv" | "tsv" | "txt" => Some(Format::Csv),
        _ => (columns.len() > 1).then_some(Format::Csv),
    }
}
