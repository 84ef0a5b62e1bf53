//! Google Merchant feeds as RSS 2.0 (`item`) or Atom (`entry`).
//!
//! Entities are not expanded beyond XML's own five and character references; a DOCTYPE is refused, so that
//! no file can blow itself up.

use super::{
    ItemReport, ReadError, ReadOptions, encoding,
    jsonl::note_unknown,
    merchant::{attribute_name, is_known, item_of},
    record::{Items, Record},
};
use quick_xml::{
    Reader, XmlVersion, escape,
    events::{BytesStart, Event},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufReader, Read},
};

/// Deepest nesting of a feed.
const MAX_DEPTH: usize = 32;
/// Largest feed, in bytes.
const MAX_FEED_BYTES: u64 = 2 << 30;
/// Longest value of an element, in bytes.
const MAX_TEXT_BYTES: usize = 1 << 20;

pub(super) fn read(source: impl Read, options: &ReadOptions) -> Result<ItemReport, ReadError> {
    let mut bytes = Vec::new();
    BufReader::new(source)
        .take(MAX_FEED_BYTES)
        .read_to_end(&mut bytes)?;
    let content: &str = &encoding::xml_text(&bytes)?;
    let mut reader = Reader::from_str(content);
    reader.config_mut().check_end_names = true;
    let mut report = ItemReport::default();
    let mut items = Items::default();
    let mut ignored = BTreeSet::new();
    let mut path: Vec<String> = Vec::new();
    let mut entry: Option<Entry> = None;
    let mut text = String::new();
    let mut line_of = LineCounter {
        content: content.as_bytes(),
        at: 0,
        line: 1,
    };
    loop {
        let position = reader.buffer_position() as usize;
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                return Err(ReadError::NotAFeed {
                    line: line_of.line_at(position),
                    detail: error.to_string(),
                });
            }
        };
        match event {
            Event::Eof => break,
            Event::DocType(_) => {
                let detail = "a DOCTYPE is not allowed: remove it".to_owned();
                return Err(ReadError::NotAFeed {
                    line: line_of.line_at(position),
                    detail,
                });
            }
            Event::Start(element) => {
                let name = element.name().as_ref().to_owned();
                if path.len() >= MAX_DEPTH {
                    let detail = format!("nested deeper than {MAX_DEPTH}");
                    return Err(ReadError::NotAFeed {
                        line: line_of.line_at(position),
                        detail,
                    });
                }
                if entry.is_none() && is_entry(&name) {
                    entry = Some(Entry::new(line_of.line_at(position)));
                } else if let Some(entry) = &mut entry {
                    entry.take_link(&element);
                }
                path.push(name);
                text.clear();
            }
            Event::Empty(element) => {
                if let Some(entry) = &mut entry {
                    entry.take_link(&element);
                }
            }
            Event::Text(part) => push_limited(&mut text, &part),
            Event::CData(part) => push_limited(&mut text, &part),
            Event::GeneralRef(reference) => {
                let decoded = escape::unescape(&format!("&{};", &*reference))
                    .map(std::borrow::Cow::into_owned);
                push_limited(&mut text, &decoded.unwrap_or_default());
            }
            Event::End(_) => {
                let name = path.pop().unwrap_or_default();
                if is_entry(&name) {
                    if let Some(entry) = entry.take() {
                        report.rows += 1;
                        let (line, fields) = entry.into_fields();
                        note_unknown(&mut ignored, fields.keys(), is_known);
                        let item = item_of(&mut Record {
                            line,
                            fields,
                            problems: &mut report.problems,
                            options,
                        });
                        items.push(line, item, &mut report.problems);
                    }
                } else if let Some(entry) = &mut entry
                    && path.last().is_some_and(|parent| is_entry(parent))
                    && !text.trim().is_empty()
                {
                    entry.take(&name, std::mem::take(&mut text));
                }
                text.clear();
            }
            _ => {}
        }
    }
    if report.rows == 0 && path.is_empty() && content.trim().is_empty() {
        return Err(ReadError::Empty {
            expected: "an RSS or Atom feed",
        });
    }
    if !path.is_empty() {
        let detail = format!("ends inside <{}>", path.join("><"));
        return Err(ReadError::NotAFeed {
            line: line_of.line_at(content.len()),
            detail,
        });
    }
    report.items = items.list;
    report.ignored_columns = ignored.into_iter().collect();
    Ok(report)
}

/// What has been read of one product.
struct Entry {
    line: u64,
    /// Elements of Google's namespace, which come before those of the same name of RSS and Atom.
    googles: BTreeMap<String, String>,
    plain: BTreeMap<String, String>,
}

impl Entry {
    fn new(line: u64) -> Self {
        Self {
            line,
            googles: BTreeMap::new(),
            plain: BTreeMap::new(),
        }
    }

    /// Of several elements of one name the first counts.
    fn take(&mut self, name: &str, value: String) {
        let fields = if name.starts_with("g:") {
            &mut self.googles
        } else {
            &mut self.plain
        };
        fields.entry(attribute_name(name)).or_insert(value);
    }

    /// Atom's `<link href="…"/>`: the product's page is that without `rel`, or the alternate one.
    fn take_link(&mut self, element: &BytesStart) {
        if element.name().as_ref() != "link" {
            return;
        }
        let attribute = |name: &str| {
            let found = element.try_get_attribute(name).ok()??;
            let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
            Some(value.into_owned())
        };
        let is_page = attribute("rel").is_none_or(|rel| rel == "alternate");
        if let (true, Some(href)) = (is_page, attribute("href")) {
            self.take("link", href);
        }
    }

    fn into_fields(self) -> (u64, BTreeMap<String, String>) {
        let mut fields = self.plain;
        fields.extend(self.googles);
        (self.line, fields)
    }
}

fn is_entry(name: &str) -> bool {
    matches!(name, "item" | "entry")
}

fn push_limited(text: &mut String, part: &str) {
    if text.len() + part.len() <= MAX_TEXT_BYTES {
        text.push_str(part);
    }
}

/// Line of a byte position, asked in ascending order.
struct LineCounter<'a> {
    content: &'a [u8],
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    fn line_at(&mut self, position: usize) -> u64 {
        let passed = self.content.get(self.at..position).unwrap_or(&[]);
        self.line += passed.iter().filter(|&&byte| byte == b'\n').count() as u64;
        self.at = position.max(self.at);
        self.line
    }
}
