//! What the first bytes of a picture's file say, read before anything is decoded: a file of some kilobytes may hold billions
//! of pixels.

mod av1;
mod avif;
mod bytes;
mod gif;
mod jpeg;
mod png;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod webp;

use bytes::Bytes;

/// What a file says of its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Pixels across, as stored: before any turning.
    pub width: u64,
    /// Pixels down.
    pub height: u64,
    /// Most pixels that decoding it may take memory for: frames and parts may be larger than what the file says first.
    pub pixels: u64,
    /// Bits a channel.
    pub bits: u64,
    /// It moves.
    pub animated: bool,
    /// Made for print: four inks rather than three lights.
    pub cmyk: bool,
    /// The file goes on to its end.
    pub complete: bool,
}

impl Header {
    /// The header of a picture file that browsers decode and that can't hold script: JPEG, PNG, GIF, WebP, still AVIF. None of
    /// any other. Takes time by the file's length at most.
    pub fn read(file: &[u8]) -> Option<Self> {
        let bytes = Bytes(file);
        if bytes.has(0, &[0xff, 0xd8]) {
            jpeg::read(bytes)
        } else if bytes.has(0, b"\x89PNG\r\n\x1a\n") {
            png::read(bytes)
        } else if bytes.has(0, b"GIF87a") || bytes.has(0, b"GIF89a") {
            Some(gif::read(bytes))
        } else if bytes.has(0, b"RIFF") && bytes.has(8, b"WEBP") {
            webp::read(bytes)
        } else if bytes.has(4, b"ftyp") {
            avif::read(bytes)
        } else {
            None
        }
    }

    /// A still of these extents with eight bits a channel, its file complete.
    const fn still(width: u64, height: u64) -> Self {
        Self {
            width,
            height,
            pixels: width * height,
            bits: 8,
            animated: false,
            cmyk: false,
            complete: true,
        }
    }
}
