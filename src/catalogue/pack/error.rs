//! Why a pack is refused.

/// A manifest or chunk can't be read. Nothing of it has been taken in.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The manifest isn't one.
    #[error("manifest.json is not a Nearshelf manifest ({detail}): run `nearshelf pack` again")]
    BadManifest {
        /// What is wrong.
        detail: String,
    },
    /// Written by a newer packer than this reader supports.
    #[error("pack format {found} is newer than supported {supported}: update the widget")]
    UnsupportedVersion {
        /// The pack's version.
        found: u16,
        /// The newest this reader knows.
        supported: u16,
    },
    /// A path that could leave the pack's folder.
    #[error("the manifest names {path:?}, which is not a plain path inside the pack")]
    UnsafePath {
        /// As the manifest has it.
        path: String,
    },
    /// A chunk that the manifest doesn't name.
    #[error("{path:?} is not in the manifest")]
    UnknownChunk {
        /// As it was offered.
        path: String,
    },
    /// A chunk came twice.
    #[error("{path:?} has been added before")]
    DuplicateChunk {
        /// The chunk.
        path: String,
    },
    /// The file is shorter or longer than the manifest says.
    #[error(
        "{path}: {found} bytes, the manifest says {expected}: the download was cut or the folder is of two packs"
    )]
    WrongSize {
        /// The file.
        path: String,
        /// Its length.
        found: u64,
        /// As the manifest says.
        expected: u64,
    },
    /// The bytes are not those that were packed.
    #[error("{path}: content does not match its SHA-256: upload the folder again, unchanged")]
    HashMismatch {
        /// The file.
        path: String,
    },
    /// The header or content of a chunk makes no sense.
    #[error("{path}: {detail}: run `nearshelf pack` again")]
    BadChunk {
        /// The file.
        path: String,
        /// What is wrong.
        detail: String,
    },
    /// Chunks don't fit together.
    #[error("the pack's tables don't fit together: {detail}: run `nearshelf pack` again")]
    Inconsistent {
        /// What is wrong.
        detail: String,
    },
}

impl PackError {
    /// Stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnsupportedVersion { .. } => "pack-too-new",
            _ => "pack-invalid",
        }
    }
}
