//! The pictures of a folder, one folder a class.

use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Most pictures of one measurement: each is compared with each.
const MOST_PICTURES: usize = 10_000;
/// What is looked at; everything else is passed over, and counted.
const ENDINGS: [&str; 5] = ["jpg", "jpeg", "png", "webp", "svg"];

/// A file to look at.
pub struct Photo {
    pub path: PathBuf,
    /// Its number among the classes.
    pub class: usize,
}

/// What a folder holds.
pub struct Photos {
    /// Names of the folders, sorted.
    pub classes: Vec<String>,
    /// By class, then by name.
    pub photos: Vec<Photo>,
    /// Files of other kinds.
    pub passed_over: usize,
}

impl Photos {
    /// Finds them; nothing is opened yet.
    pub fn of(folder: &Path) -> Result<Self> {
        let mut classes: Vec<(String, PathBuf)> = sorted(folder)?
            .into_iter()
            .filter(|path| path.is_dir())
            .filter_map(|path| Some((path.file_name()?.to_string_lossy().into_owned(), path)))
            .filter(|(name, _)| !name.starts_with('.'))
            .collect();
        if classes.is_empty() {
            bail!(
                "{} has no folders: put the pictures of each class into a folder of its name",
                folder.display()
            );
        }
        classes.sort();
        let (mut photos, mut passed_over) = (Vec::new(), 0);
        for (class, (_, path)) in classes.iter().enumerate() {
            for path in sorted(path)? {
                let ending = path
                    .extension()
                    .map(|ending| ending.to_string_lossy().to_lowercase());
                if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
                    photos.push(Photo { path, class });
                } else {
                    passed_over += 1;
                }
            }
        }
        if photos.is_empty() {
            bail!(
                "no folder in {} has a JPEG, PNG, WebP or SVG file; for a data set with parts, name one of them",
                folder.display()
            );
        }
        if photos.len() > MOST_PICTURES {
            bail!(
                "{} has {} pictures, at most {MOST_PICTURES}: each is compared with each; name a smaller folder",
                folder.display(),
                photos.len()
            );
        }
        Ok(Self {
            classes: classes.into_iter().map(|(name, _)| name).collect(),
            photos,
            passed_over,
        })
    }
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let listing = || format!("listing {}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(listing)? {
        paths.push(entry.with_context(listing)?.path());
    }
    paths.sort();
    Ok(paths)
}
