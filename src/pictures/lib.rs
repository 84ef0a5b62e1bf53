//! Files of pictures to pixels, natively; in a page the browser decodes.
//!
//! A file is told by its content and trusted with nothing: its extents are looked at before it is decoded, its memory is
//! bounded, and a drawing loads nothing.

mod decode;
mod drawing;
mod error;
#[cfg(test)]
mod tests;
mod thumbnail;

pub use error::DecodeError;
pub use thumbnail::thumbnail;

use nearshelf_vision::{Picture, PictureError};
use std::{fs::File, io::Read, path::Path};

/// Most bytes of a file.
pub const MOST_FILE_BYTES: u64 = 64 << 20;

/// A decoded picture: 8-bit sRGB with straight alpha, upright.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Pixels a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `[height, width, 4]`
    pub rgba: Vec<u8>,
}

impl Decoded {
    /// As models read it.
    ///
    /// # Errors
    /// [`PictureError`], never of what [`decode`] gave.
    pub fn picture(&self) -> Result<Picture<'_>, PictureError> {
        Picture::new(self.width, self.height, &self.rgba)
    }
}

/// Decodes a JPEG, PNG, WebP or SVG file, told by its content. Of an animation, the first picture.
///
/// # Errors
/// [`DecodeError`]
pub fn decode(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    if drawing::is_drawing(bytes) {
        drawing::draw(bytes)
    } else {
        decode::pixels(bytes)
    }
}

/// Reads and decodes a file.
///
/// # Errors
/// [`DecodeError`]
pub fn open(path: &Path) -> Result<Decoded, DecodeError> {
    let unreadable = |error: std::io::Error| DecodeError::Unreadable(error.to_string());
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // What it says of its length may change, or be nothing, as a pipe's.
    let most = file.take(MOST_FILE_BYTES + 1).read_to_end(&mut bytes);
    if most.map_err(unreadable)? as u64 > MOST_FILE_BYTES {
        return Err(DecodeError::LargeFile);
    }
    decode(&bytes)
}
