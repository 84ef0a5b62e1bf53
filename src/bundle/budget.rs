//! What a page may cost. A budget that is broken fails the tests.

use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// One artefact and the most it may weigh after brotli.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// What people call it.
    pub artefact: &'static str,
    /// Folder below the project's root.
    pub folder: &'static str,
    /// Ends of the names of the files that count, all in `folder` itself.
    pub suffixes: &'static [&'static str],
    /// Begins of their names; any where there are none.
    pub prefixes: &'static [&'static str],
    /// Begins of names that don't count: those files have a budget of their own.
    pub without: &'static [&'static str],
    /// Most bytes after brotli; none where only the size is reported.
    pub brotli_bytes: Option<u64>,
}

const KIB: u64 = 1024;

/// Begins of the names of JavaScript that only pages with its element load, or with an ONNX file nobody compiled.
const LAZY: &[&str] = &[
    "nearshelf-chat-",
    "nearshelf-search-",
    "nearshelf-shards-",
    "nearshelf-vision-",
    "nearshelf-onnx-",
];

/// Every artefact a page may download, with its budget.
pub const BUDGETS: &[Budget] = &[
    Budget {
        artefact: "nearshelf.wasm, simd128",
        folder: "www/pkg/baseline",
        suffixes: &["_bg.wasm"],
        prefixes: &[],
        without: &[],
        brotli_bytes: Some(300 * KIB),
    },
    Budget {
        artefact: "nearshelf.wasm, relaxed SIMD",
        folder: "www/pkg/relaxed",
        suffixes: &["_bg.wasm"],
        prefixes: &[],
        without: &[],
        brotli_bytes: Some(300 * KIB),
    },
    Budget {
        artefact: "JS shell with all components",
        folder: "www/dist",
        suffixes: &[".js"],
        prefixes: &[],
        without: LAZY,
        brotli_bytes: Some(40 * KIB),
    },
    Budget {
        artefact: "JS of the chat (lazy)",
        folder: "www/dist",
        suffixes: &[".js"],
        prefixes: &["nearshelf-chat-"],
        without: &[],
        brotli_bytes: Some(16 * KIB),
    },
    Budget {
        artefact: "JS of the fitting room and of what looks alike (lazy)",
        folder: "www/dist",
        suffixes: &[".js"],
        prefixes: &["nearshelf-vision-"],
        without: &["nearshelf-vision-words-"],
        brotli_bytes: Some(21 * KIB),
    },
    Budget {
        artefact: "words of both in English (lazy; a page loads one language)",
        folder: "www/dist",
        suffixes: &[".js"],
        prefixes: &["nearshelf-vision-words-en-"],
        without: &[],
        brotli_bytes: Some(3 * KIB),
    },
    Budget {
        artefact: "words of both in Chinese (lazy; a page loads one language)",
        folder: "www/dist",
        suffixes: &[".js"],
        prefixes: &["nearshelf-vision-words-zh-"],
        without: &[],
        brotli_bytes: Some(3 * KIB),
    },
    Budget {
        artefact: "nearshelf_search.wasm (after the lists)",
        folder: "www/pkg/search",
        suffixes: &["_bg.wasm"],
        prefixes: &[],
        without: &[],
        brotli_bytes: Some(100 * KIB),
    },
    Budget {
        artefact: "JS of the search (after the lists)",
        folder: "www/dist",
        suffixes: &[".js"],
        prefixes: &["nearshelf-search-"],
        without: &[],
        brotli_bytes: Some(8 * KIB),
    },
    Budget {
        artefact: "nearshelf_shards.wasm (packs with shards)",
        folder: "www/pkg/shards",
        suffixes: &["_bg.wasm"],
        prefixes: &[],
        without: &[],
        brotli_bytes: Some(72 * KIB),
    },
    Budget {
        artefact: "JS of shards (packs with shards)",
        folder: "www/dist",
        suffixes: &[".js"],
        prefixes: &["nearshelf-shards-"],
        without: &[],
        brotli_bytes: Some(4 * KIB),
    },
    Budget {
        artefact: "nearshelf_onnx.wasm (lazy)",
        folder: "www/pkg/onnx",
        suffixes: &["_bg.wasm"],
        prefixes: &[],
        without: &[],
        brotli_bytes: None,
    },
    Budget {
        artefact: "nearshelf_chat.wasm (lazy)",
        folder: "www/pkg/chat",
        suffixes: &["_bg.wasm"],
        prefixes: &[],
        without: &[],
        brotli_bytes: Some(136 * KIB),
    },
    Budget {
        artefact: "the chat's tagger (lazy)",
        folder: "models/chat-retail",
        suffixes: &["tagger.json"],
        prefixes: &[],
        without: &[],
        brotli_bytes: Some(200 * KIB),
    },
    Budget {
        artefact: "nearshelf_vision.wasm (lazy)",
        folder: "www/pkg/vision",
        suffixes: &["_bg.wasm"],
        prefixes: &[],
        without: &[],
        brotli_bytes: Some(184 * KIB),
    },
];

impl Budget {
    /// The files that count, sorted; empty where the artefact has not been built.
    ///
    /// # Errors
    /// When the folder is there and can't be listed.
    pub fn files(&self, root: &Path) -> Result<Vec<PathBuf>> {
        let folder = root.join(self.folder);
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        for entry in
            fs::read_dir(&folder).with_context(|| format!("listing {}", folder.display()))?
        {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
            let ends = self.suffixes.iter().any(|suffix| name.ends_with(suffix));
            if ends && (self.prefixes.is_empty() || begins(self.prefixes)) && !begins(self.without)
            {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }
}
