//! From an address to a file, never outside the served folders.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Below which address the pack appears.
const PACK: &str = "nearshelf";

/// The two folders that are served.
pub struct Sites {
    pack: PathBuf,
    shop: PathBuf,
}

/// A file to send.
pub struct File {
    /// Resolved, so that links are followed.
    pub path: PathBuf,
}

/// What an address leads to.
pub enum Found {
    /// A file.
    File(File),
    /// A folder; the address with a slash shows its index.
    Folder(String),
    /// Nothing that may be seen.
    Nothing,
}

impl Sites {
    /// Folders are resolved once, so that links in them can be held against their real place.
    pub fn new(pack: &Path, shop: &Path) -> Result<Self> {
        let resolve = |path: &Path| {
            path.canonicalize()
                .with_context(|| format!("opening {}", path.display()))
        };
        Ok(Self {
            pack: resolve(pack)?,
            shop: resolve(shop)?,
        })
    }

    /// The file behind a request's target.
    pub fn find(&self, target: &str) -> Found {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let Some(decoded) = decode(path) else {
            return Found::Nothing;
        };
        let segments: Vec<&str> = decoded
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        // Names that begin with a dot are no one's business, and `..` is one of them.
        if segments
            .iter()
            .any(|segment| segment.starts_with('.') || segment.contains(['\\', '\0', ':']))
        {
            return Found::Nothing;
        }
        let (root, rest) = match segments.split_first() {
            Some((&PACK, rest)) => (&self.pack, rest),
            _ => (&self.shop, &segments[..]),
        };
        let mut candidate = root.clone();
        candidate.extend(rest);
        if candidate.is_dir() {
            if !decoded.ends_with('/') {
                // One slash at the beginning: an address with two would name another host.
                let query = target.get(path.len()..).unwrap_or_default();
                let path = path.trim_start_matches('/');
                return Found::Folder(format!("/{path}/{query}"));
            }
            candidate.push("index.html");
        }
        match candidate.canonicalize() {
            Ok(path) if path.starts_with(root) && path.is_file() => Found::File(File { path }),
            _ => Found::Nothing,
        }
    }
}

/// Percent-decoding; `None` for what is no UTF-8 or a broken escape.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        if byte == b'%' {
            let (high, low) = (tail.first()?, tail.get(1)?);
            let digit = |d: &u8| char::from(*d).to_digit(16);
            bytes.push((digit(high)? * 16 + digit(low)?) as u8);
            rest = tail.get(2..)?;
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn escapes_are_decoded_and_broken_ones_refused() {
        assert_eq!(decode("/a%20b").as_deref(), Some("/a b"));
        assert_eq!(decode("/%2e%2e/x").as_deref(), Some("/../x"));
        for broken in ["/%", "/%2", "/%zz", "/%ff"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }
}
