//! WebP.

use super::Header;
use super::bytes::Bytes;

/// Its three forms: extended, lossy (RFC 6386, 9.1) and lossless.
pub fn read(bytes: Bytes<'_>) -> Option<Header> {
    let complete = bytes.len() >= 8 + bytes.low(4, 4);
    if bytes.has(12, b"VP8X") {
        let screen = Header::still(1 + bytes.low(24, 3), 1 + bytes.low(27, 3));
        return Some(Header {
            pixels: screen.pixels.max(largest_frame(bytes)),
            animated: bytes.u8(20) & 2 != 0,
            complete,
            ..screen
        });
    }
    let (width, height) = frame(bytes, 12)?;
    Some(Header {
        complete,
        ..Header::still(width, height)
    })
}

/// Pixels of the largest frame of an extended WebP, which may be larger than its screen.
fn largest_frame(bytes: Bytes<'_>) -> u64 {
    let (mut most, mut at) = (0, 12);
    while at + 8 <= bytes.len() {
        if let Some((width, height)) = frame(bytes, at) {
            most = most.max(width * height);
        }
        // A frame of an animation holds chunks of its own, behind its place.
        let size = bytes.low(at + 4, 4);
        at += if bytes.has(at, b"ANMF") {
            24
        } else {
            8 + size + (size & 1)
        };
    }
    most
}

/// Extents of a chunk `VP8 ` or `VP8L`; none of others.
fn frame(bytes: Bytes<'_>, at: u64) -> Option<(u64, u64)> {
    if bytes.has(at, b"VP8 ") {
        return Some((
            bytes.low(at + 14, 2) & 0x3fff,
            bytes.low(at + 16, 2) & 0x3fff,
        ));
    }
    let packed = bytes.low(at + 9, 4);
    bytes
        .has(at, b"VP8L")
        .then_some((1 + (packed & 0x3fff), 1 + ((packed >> 14) & 0x3fff)))
}
