//! Types, caching, compression and the headers that keep a page to itself.

use anyhow::Result;
use std::{
    collections::HashMap,
    path::Path,
    sync::{Mutex, PoisonError},
};

/// How a file is sent.
pub struct Kind {
    /// `Content-Type`.
    pub mime: &'static str,
    /// Whether compressing it is worth it.
    pub compressible: bool,
}

/// By the name's ending.
pub fn kind_of(path: &Path) -> Kind {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    let (mime, compressible) = match ending.to_ascii_lowercase().as_str() {
        "html" => ("text/html; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "js" | "mjs" => ("text/javascript; charset=utf-8", true),
        "json" | "map" => ("application/json", true),
        "ts" | "txt" | "md" => ("text/plain; charset=utf-8", true),
        "csv" => ("text/csv; charset=utf-8", true),
        "svg" => ("image/svg+xml", true),
        "wasm" => ("application/wasm", true),
        "bin" | "plan" | "onnx" => ("application/octet-stream", true),
        "png" => ("image/png", false),
        "jpg" | "jpeg" => ("image/jpeg", false),
        "webp" => ("image/webp", false),
        "avif" => ("image/avif", false),
        "ico" => ("image/x-icon", false),
        "woff2" => ("font/woff2", false),
        _ => ("application/octet-stream", false),
    };
    Kind { mime, compressible }
}

/// Files with a content hash in their name never change; all others are asked for again.
///
/// A hash is what follows the last hyphen: the pack's 16 hex digits in a `.bin` or `.plan`, or the bundler's 8
/// characters in a `.js`, `.css` or `.wasm`, which are neither a word nor a date because capitals are among them, or
/// digits and letters. Pictures have one where bundlers put them, in `assets`: browsers ask for a page's icon again
/// at every change of its address, and a page that promises no requests must not make these.
pub fn cache_control(path: &Path) -> &'static str {
    let stem = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    let ending = path.extension().and_then(|ending| ending.to_str());
    let last = stem.rsplit_once('-').map_or("", |(_, last)| last);
    let any = |of: fn(&u8) -> bool| last.bytes().any(|b| of(&b));
    let is_asset = path
        .parent()
        .is_some_and(|folder| folder.ends_with("assets"));
    let is_hash = match ending.unwrap_or_default() {
        "bin" | "plan" => last.len() == 16 && last.bytes().all(|b| b.is_ascii_hexdigit()),
        "js" | "css" | "wasm" => {
            last.len() == 8
                && last.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                && (any(u8::is_ascii_uppercase)
                    || any(u8::is_ascii_digit) && any(u8::is_ascii_lowercase))
        }
        "svg" | "png" | "webp" => {
            is_asset
                && last.len() == 8
                && any(u8::is_ascii_uppercase)
                && any(u8::is_ascii_lowercase)
        }
        _ => false,
    };
    if is_hash {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

/// What the page is allowed: its own files, wasm, and pictures out of the pack. Nothing else.
pub fn security_headers() -> [(&'static str, &'static str); 6] {
    [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; \
             connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html nearshelf",
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        (
            "Permissions-Policy",
            "geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ]
}

/// A strong tag of the content (FNV-1a, 64 bits): equal content, equal tag.
pub fn etag(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("\"{:x}-{hash:016x}\"", bytes.len())
}

/// The tag of the same content after brotli: other bytes, so another strong tag.
pub fn brotli_etag(etag: &str) -> String {
    format!("{}-br\"", etag.trim_end_matches('"'))
}

/// Whether `Accept-Encoding` names brotli and doesn't rule it out.
pub fn accepts_brotli(header: &str) -> bool {
    header.split(',').any(|entry| {
        let mut parts = entry.split(';');
        let name = parts.next().unwrap_or_default().trim();
        name == "br" && !parts.any(|part| part.trim() == "q=0")
    })
}

/// Compressed bodies by content tag: each file is compressed once.
#[derive(Default)]
pub struct Encodings {
    brotli: Mutex<HashMap<String, Vec<u8>>>,
}

impl Encodings {
    /// The body after brotli.
    pub fn brotli(&self, etag: &str, mut bytes: &[u8]) -> Result<Vec<u8>> {
        let known = self
            .brotli
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(etag)
            .cloned();
        if let Some(body) = known {
            return Ok(body);
        }
        let params = brotli::enc::BrotliEncoderParams {
            quality: 5,
            lgwin: 22,
            ..Default::default()
        };
        let mut body = Vec::new();
        brotli::BrotliCompress(&mut bytes, &mut body, &params)?;
        let mut all = self.brotli.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(etag.to_owned(), body.clone());
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use super::cache_control;
    use std::path::Path;

    #[test]
    fn only_names_with_a_content_hash_are_kept_for_ever() {
        for (name, kept) in [
            ("items-0123456789abcdef.bin", true),
            ("models/for-you-0123456789abcdef.plan", true),
            ("nearshelf-worker-5ByFlyjH.js", true),
            ("index-B_p03eeH.css", true),
            ("nearshelf.js", false),
            ("app-20260131.js", false),
            ("my-document.js", false),
            ("IMG-20240101.jpg", false),
            ("photo-5ByFlyjH.png", false),
            ("demo/assets/icon-CNaRYPcN.svg", true),
            ("demo/assets/logo-20260131.svg", false),
            ("report-0123456789abcdef.json", false),
        ] {
            let found = cache_control(Path::new(name)).contains("immutable");
            assert_eq!(found, kept, "{name}");
        }
    }
}
