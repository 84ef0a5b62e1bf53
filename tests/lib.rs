//! What the suites share: where the project's root and the evaluation data lie, and a reader of NumPy archives.

pub mod npz;

use std::path::PathBuf;

/// The project's root folder.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Folder of real data sets (`NEARSHELF_DATA`, else `../shared/data` beside the project), when there.
#[must_use]
pub fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("NEARSHELF_DATA")
        .map_or_else(|| root().join("../shared/data"), PathBuf::from);
    folder.is_dir().then_some(folder)
}
