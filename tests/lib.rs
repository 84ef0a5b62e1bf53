//! What the suites share: where the project's root and the evaluation data lie, the cases of ONNX files, and a reader of
//! NumPy archives.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // for suites only

/// The ONNX backend suite.
pub mod backend {
    pub mod case;
    pub mod prepared;
}
/// Models beside ONNX Runtime's outputs.
pub mod conformance {
    pub mod reference;
}
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
