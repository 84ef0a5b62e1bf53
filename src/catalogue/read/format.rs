//! Which of the formats a file is in.

/// A catalogue format; event logs are CSV or JSONL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with this project's column names.
    Csv,
    /// One JSON object a line, with the same names.
    Jsonl,
    /// Google Merchant Center feed: RSS 2.0 or Atom with `g:` elements.
    MerchantXml,
    /// Google Merchant Center feed: tab-separated.
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

/// Tells the format from a file's name and its first bytes (some 4 KiB suffice); content wins.
#[must_use]
pub fn detect_format(file_name: &str, first_bytes: &[u8]) -> Option<Format> {
    let text = String::from_utf8_lossy(
        first_bytes
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(first_bytes),
    );
    let text = text.trim_start();
    let header = text.lines().next().unwrap_or("");
    if text.starts_with('<') {
        return Some(Format::MerchantXml);
    }
    if text.starts_with('{') {
        return Some(Format::Jsonl);
    }
    if header.contains("Handle") && header.contains("Title") && header.contains(',') {
        return Some(Format::Shopify);
    }
    if header.contains('\t') {
        return Some(Format::MerchantTsv);
    }
    let extension = file_name
        .rsplit('.')
        .next()
        .unwrap_or("")
        .to_ascii_lowercase();
    match extension.as_str() {
        "xml" => Some(Format::MerchantXml),
        "tsv" => Some(Format::MerchantTsv),
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        "csv" | "txt" => Some(Format::Csv),
        _ => header.contains(',').then_some(Format::Csv),
    }
}
