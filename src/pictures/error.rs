//! Why a file is no picture that can be looked at.

use crate::MOST_FILE_BYTES;
use nearshelf_vision::PictureError;

/// Why a file can't be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The system says no.
    #[error("can't be read: {0}")]
    Unreadable(String),
    /// Too many bytes.
    #[error("has more than {} MiB: make it smaller", MOST_FILE_BYTES >> 20)]
    LargeFile,
    /// Of no known format.
    #[error("is no picture: JPEG, PNG, WebP and SVG are read")]
    UnknownType,
    /// Of a format that is not read.
    #[error("is a {0} file: save it as JPEG, PNG or WebP")]
    UnreadType(&'static str),
    /// Of extents that are not read.
    #[error(transparent)]
    Extents(#[from] PictureError),
    /// Cut off or damaged.
    #[error("is damaged: {0}")]
    Damaged(String),
    /// Its decoding would take too much memory.
    #[error("needs too much memory to be decoded: save it anew, or smaller")]
    Memory,
    /// A drawing that would take too much memory or work.
    #[error("is a drawing that {0}: make it simpler, or save it as PNG")]
    Drawing(&'static str),
}
