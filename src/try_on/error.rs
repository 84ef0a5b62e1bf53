//! What can be wrong with what the try-on is given.

use crate::slot::Slot;

/// Why something was not tried on. Messages say what, where and how to mend it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TryOnError {
    /// Extents and bytes of a picture contradict each other, or it is empty or too large.
    #[error(
        "a picture of {width}×{height} pixels with {bytes} bytes can't be used: give 4 bytes a pixel and 1 to {most} pixels"
    )]
    Picture {
        /// Pixels across.
        width: usize,
        /// Pixels down.
        height: usize,
        /// Bytes given.
        bytes: usize,
        /// Most pixels.
        most: usize,
    },
    /// No body is seen in the photo.
    #[error(
        "no person is seen in the photo: it should show shoulders and hips from the front, one person alone"
    )]
    PersonNotFound,
    /// The mask of a garment is empty.
    #[error("no garment is seen in its picture: it should lie or hang alone before a plain ground")]
    GarmentNotFound,
    /// Hats and shoes.
    #[error("a {category} can't be tried on: there are tops, dresses, outwear and bottoms")]
    Unsuitable {
        /// Its category's name.
        category: &'static str,
    },
    /// A slot in which nothing is worn.
    #[error("nothing is worn as {}: put a garment on first", slot.name())]
    NotWorn {
        /// The slot.
        slot: Slot,
    },
    /// Rendered before there was a person.
    #[error("there is nobody to try on: choose a photo or a mannequin first")]
    Empty,
    /// A handle, name, colour or extent that there is none of.
    #[error("{what} can't be used: {remedy}")]
    Request {
        /// What was asked for.
        what: String,
        /// What can be asked for.
        remedy: String,
    },
}

impl TryOnError {
    /// Stable code of the error, as `docs/errors.md` lists them.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Picture { .. } => "picture-invalid",
            Self::PersonNotFound => "person-not-found",
            Self::GarmentNotFound => "garment-not-found",
            Self::Unsuitable { .. } => "garment-unsuitable",
            Self::Empty => "try-on-empty",
            Self::NotWorn { .. } | Self::Request { .. } => "request-invalid",
        }
    }

    pub(crate) fn request(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Request {
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}
