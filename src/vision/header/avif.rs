//! Still AVIF (ISO/IEC 14496-12 and 23008-12).

use super::Header;
use super::av1::item_pixels;
use super::bytes::Bytes;

/// More items than a picture of 16 × 16 tiles has, with its opacity and what is said of it.
const MOST_ITEMS: u64 = 1024;
/// More boxes beside each other than that many items have.
const MOST_BOXES: usize = 4096;
/// More than is said of them: profiles of colour count, EXIF lies elsewhere.
const MOST_META: u64 = 1 << 20;
/// Bytes of the first box in which its brand is looked for.
const BRANDS: u64 = 64;

/// A box (14496-12, 4.2): where its content begins and ends.
#[derive(Clone, Copy)]
struct Part {
    at: u64,
    end: u64,
}

impl Part {
    fn is(self, bytes: Bytes<'_>, name: &[u8; 4]) -> bool {
        bytes.has(self.at - 4, name)
    }
}

fn named(bytes: Bytes<'_>, parts: &[Part], name: &[u8; 4]) -> Option<Part> {
    parts.iter().find(|part| part.is(bytes, name)).copied()
}

/// What its properties say of its extents binds no decoder: each of its pictures is asked itself. Films are not read, nor what
/// no camera or program writes: pictures in several pieces or over one another.
pub fn read(bytes: Bytes<'_>) -> Option<Header> {
    let mut brands = 8..bytes.u32(0).min(BRANDS);
    if !brands.any(|at| bytes.has(at, b"avif") || bytes.has(at, b"avis")) {
        return None;
    }
    let outer = parts(bytes, 0, bytes.len(), true)?;
    let meta = named(bytes, &outer, b"meta")?;
    if meta.end - meta.at > MOST_META || named(bytes, &outer, b"moov").is_some() {
        return None;
    }
    let inner = parts(bytes, meta.at + 4, meta.end.min(bytes.len()), false)?;
    let coded = coded_pixels(bytes, &inner)?;
    let said = (meta.at..(meta.end + 1).saturating_sub(20)).filter(|at| bytes.has(at + 4, b"ispe"));
    let (width, height) = said.fold((0, 0), |(width, height): (u64, u64), at| {
        (
            width.max(bytes.u32(at + 12)),
            height.max(bytes.u32(at + 16)),
        )
    });
    Some(Header {
        pixels: coded.max(width * height),
        complete: outer.iter().all(|part| part.end <= bytes.len()),
        ..Header::still(width, height)
    })
}

/// Boxes beside each other. None where they are too many, or one's size isn't stated in 32 bits, as no picture needs: only the
/// file's last box may reach `to_end` without stating it.
fn parts(bytes: Bytes<'_>, from: u64, to: u64, to_end: bool) -> Option<Vec<Part>> {
    let mut found = Vec::new();
    let mut at = from;
    while at + 8 <= to {
        let size = bytes.u32(at);
        let end = if size == 0 && to_end { to } else { at + size };
        if end < at + 8 || found.len() == MOST_BOXES {
            return None;
        }
        found.push(Part { at: at + 8, end });
        at = end;
    }
    Some(found)
}

/// Pixels that its pictures are decoded to: colours, opacity, tiles and all. None where that can't be told.
fn coded_pixels(bytes: Bytes<'_>, inner: &[Part]) -> Option<u64> {
    let pictures = picture_items(bytes, inner)?;
    if pictures.is_empty() {
        return None;
    }
    let (mut pixels, mut read) = (0_u64, 0_u64);
    for (item, from, to) in item_places(bytes, inner)? {
        // Pieces that lie over one another could be read any number of times.
        read = read.saturating_add(to.saturating_sub(from));
        if read > bytes.len() {
            return None;
        }
        if pictures.contains(&item) {
            pixels += item_pixels(bytes, from, to)?;
        }
    }
    Some(pixels)
}

/// Items that are AV1 pictures (14496-12, 8.11.6).
fn picture_items(bytes: Bytes<'_>, inner: &[Part]) -> Option<Vec<u64>> {
    let info = named(bytes, inner, b"iinf")?;
    let first = info.at + if bytes.u8(info.at) == 0 { 6 } else { 8 };
    let mut found = Vec::new();
    for Part { at, end } in parts(bytes, first, info.end, false)? {
        let wide = bytes.u8(at) > 2;
        let kind = at + if wide { 10 } else { 8 };
        if kind + 4 <= end && bytes.has(kind, b"av01") {
            found.push(bytes.high(at + 4, if wide { 4 } else { 2 }));
        }
    }
    Some(found)
}

/// Where items lie in the file: number, begin, end (14496-12, 8.11.3).
fn item_places(bytes: Bytes<'_>, inner: &[Part]) -> Option<Vec<(u64, u64, u64)>> {
    let location = named(bytes, inner, b"iloc")?;
    let version = bytes.u8(location.at);
    let sizes = bytes.u16(location.at + 4);
    let mut at = location.at + 6;
    let mut number = |size: u64| {
        at += size;
        bytes.high(at - size, size)
    };
    let id_size = if version < 2 { 2 } else { 4 };
    let count = number(id_size);
    if version > 2 || count > MOST_ITEMS {
        return None;
    }
    let data = named(bytes, inner, b"idat");
    let mut found = Vec::new();
    for _ in 0..count {
        let item = number(id_size);
        let method = if version == 0 { 0 } else { number(2) & 15 };
        let origin = match method {
            0 => 0,
            1 => data?.at,
            _ => return None,
        };
        let is_elsewhere = number(2) != 0;
        let base = number((sizes >> 4) & 15);
        if number(2) != 1 || is_elsewhere {
            return None;
        }
        if version > 0 {
            number(sizes & 15);
        }
        let offset = number(sizes >> 12);
        let from = base.saturating_add(offset).saturating_add(origin);
        let to = match number((sizes >> 8) & 15) {
            0 => bytes.len(),
            length => from.saturating_add(length),
        };
        // What lies beyond the end tells nothing: the file isn't complete.
        found.push((item, from.min(bytes.len()), to.min(bytes.len())));
    }
    Some(found)
}
