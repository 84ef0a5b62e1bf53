//! Looks as a file.
//!
//! ```text
//! 0   4      "NSLK"
//! 4   2      version, 2; all numbers are little-endian
//! 6   2      values of an embedding, 128
//! 8   4      n, looks
//! 12  4      zero
//! 16  8      XXH3-64 of all that follows
//! 24  100    how well category r goes with category c, in steps of 1/255, [10, 10]
//!     4·n    item numbers, u32, strictly ascending
//!     n      category
//!     n      its probability, in steps of 1/255
//!     5·n    values of the attributes, a row an item
//!     20·n   palette: five times red, green, blue and share in steps of 1/255, share 0 where there is no colour
//!     4·n    scale of the embedding, f32
//!     128·n  its values, i8, a row an item
//!     n      kind, a category, or 255 for none of them; in version 1, which ends here, it is the category
//!     2·n    number of the catalogue's category, u16, 0 for none
//!     n      whom it is for: 0 nobody in particular, 1 women, 2 men, 3 children
//! ```

mod read;
#[cfg(test)]
mod tests;
mod write;

use crate::{ATTRIBUTES, Category, EMBEDDING_VALUES, palette::MOST_COLOURS};

const MAGIC: [u8; 4] = *b"NSLK";
const VERSION: u16 = 2;
const HEADER_BYTES: usize = 24;
const COMPANION_BYTES: usize = Category::COUNT * Category::COUNT;
const LOOK_BYTES: usize = 4 + 1 + 1 + ATTRIBUTES.len() + 4 * MOST_COLOURS + 4 + EMBEDDING_VALUES;
/// What version 2 has besides.
const FILED_BYTES: usize = 1 + 2 + 1;
const NO_KIND: u8 = 255;

/// Why a file holds no looks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LooksError {
    /// Of another kind.
    #[error("this is no file of looks: pack the shop again")]
    Format,
    /// Of a later version.
    #[error("looks of version {found}, this reads {VERSION}: update Nearshelf")]
    Version {
        /// What the file says.
        found: u16,
    },
    /// Cut off, or longer than it says.
    #[error(
        "the file of looks has {found} bytes, not {expected}: load it again, or pack the shop again"
    )]
    Length {
        /// Bytes that came.
        found: usize,
        /// Bytes that its header asks for.
        expected: u64,
    },
    /// Changed on its way.
    #[error(
        "the checksum of the file of looks does not match: load it again, or pack the shop again"
    )]
    Checksum,
    /// Written by something else.
    #[error("the file of looks is damaged: look {look} {detail}; pack the shop again")]
    Damaged {
        /// Its place in the file.
        look: usize,
        /// What is wrong with it.
        detail: &'static str,
    },
}
