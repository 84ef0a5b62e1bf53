//! Bytes as text, in the encoding that a file declares. What is not in it is refused, never replaced.

use super::ReadError;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// An XML document's text: by its byte order mark, else by its declaration, else UTF-8.
pub(super) fn xml_text(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => declared(bytes)?,
    };
    match encoding.decode_with_bom_removal(bytes) {
        (text, false) => Ok(text),
        (text, true) => Err(ReadError::Encoding {
            line: match std::str::from_utf8(bytes) {
                Err(error) if encoding == UTF_8 => line_of(&bytes[..error.valid_up_to()]),
                _ => line_of(text.split('\u{fffd}').next().unwrap_or("").as_bytes()),
            },
            detail: format!(
                "not {}: save the file as UTF-8, or declare its encoding as in \
                 <?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
                encoding.name()
            ),
        }),
    }
}

/// The beginning of a file as text, as well as it goes: to tell its format.
pub(super) fn beginning(bytes: &[u8]) -> Cow<'_, str> {
    let encoding = Encoding::for_bom(bytes).map_or(UTF_8, |(encoding, _)| encoding);
    encoding.decode_with_bom_removal(bytes).0
}

/// Fails for a table or JSON lines in UTF-16, which would read as one bad row after another.
pub(super) fn refuse_utf16(first_bytes: &[u8]) -> Result<(), ReadError> {
    let by_mark = Encoding::for_bom(first_bytes).is_some_and(|(encoding, _)| encoding != UTF_8);
    let first_line = first_bytes.split(|&byte| byte == b'\n').next();
    if by_mark || first_line.is_some_and(|line| line.contains(&0)) {
        return Err(ReadError::Encoding {
            line: 1,
            detail: "in UTF-16: save the file as UTF-8 (Excel calls it \"CSV UTF-8\")".to_owned(),
        });
    }
    Ok(())
}

fn declared(bytes: &[u8]) -> Result<&'static Encoding, ReadError> {
    match bytes {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let Some(label) = declaration(bytes) else {
        return Ok(UTF_8);
    };
    match Encoding::for_label(label) {
        // It could be read this far byte by byte, so it is no UTF-16, whatever it says.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(UTF_8),
        Some(encoding) => Ok(encoding),
        None => Err(ReadError::Encoding {
            line: 1,
            detail: format!(
                "the encoding {:?} is unknown: save the file as UTF-8",
                String::from_utf8_lossy(label)
            ),
        }),
    }
}

/// The value of `encoding` in an XML declaration.
fn declaration(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(b"<?xml")?;
    let end = rest.windows(2).take(256).position(|pair| pair == b"?>")?;
    let rest = &rest[..end];
    let at = rest.windows(8).position(|word| word == b"encoding")? + 8;
    let rest = rest[at..].trim_ascii_start().strip_prefix(b"=")?;
    let (quote, rest) = rest.trim_ascii_start().split_first()?;
    rest.split(|byte| byte == quote).next()
}

fn line_of(before: &[u8]) -> u64 {
    1 + before.iter().filter(|&&byte| byte == b'\n').count() as u64
}
