//! Files of examples, and the retail intents with their parts.

use anyhow::{Context, Result, bail};
use nearshelf_chat::{
    examples::{Annotated, Part, part_of_groups, read_annotated, read_csv, read_yaml},
    head::Example,
};
use std::{collections::BTreeSet, fs, path::Path};

/// What was read: plain examples, or the retail format with parts and slots.
pub enum Set {
    Plain(Vec<Example>),
    Annotated(Vec<(Part, Annotated)>),
}

impl Set {
    /// The same, and more to learn from: a folder of annotated files without groups, as intents.py --expand writes.
    pub fn read_with(path: &Path, more: Option<&Path>) -> Result<Self> {
        let mut set = Self::read(path)?;
        if let Some(more) = more {
            let drawn = read_folder(more)?;
            match &mut set {
                Self::Plain(examples) => {
                    examples.extend(drawn.into_iter().map(|(_, one)| one.example))
                }
                Self::Annotated(all) => {
                    all.extend(drawn.into_iter().map(|(_, one)| (Part::Train, one)))
                }
            }
        }
        Ok(set)
    }

    /// A folder of annotated TSV files, or a CSV, YAML or JSON file.
    pub fn read(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Ok(Self::Annotated(read_folder(path)?));
        }
        let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let extension = path
            .extension()
            .map(|extension| extension.to_ascii_lowercase());
        let read = match extension
            .as_deref()
            .and_then(|extension| extension.to_str())
        {
            Some("yaml" | "yml" | "json") => read_yaml(&bytes),
            _ => read_csv(&bytes),
        };
        Ok(Self::Plain(
            read.with_context(|| path.display().to_string())?,
        ))
    }

    /// Plain examples.
    pub fn plain(path: &Path) -> Result<Vec<Example>> {
        match Self::read(path)? {
            Self::Plain(examples) => Ok(examples),
            Self::Annotated(_) => bail!("{} is a folder: name a CSV or YAML file", path.display()),
        }
    }
}

/// The examples of a part.
pub fn of_part(set: &[(Part, Annotated)], part: Part) -> Vec<&Annotated> {
    set.iter()
        .filter(|(of, _)| *of == part)
        .map(|(_, example)| example)
        .collect()
}

fn read_folder(folder: &Path) -> Result<Vec<(Part, Annotated)>> {
    let entries = fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("listing {}", folder.display()))?
            .path();
        if path.extension().is_some_and(|extension| extension == "tsv") {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        bail!(
            "{} holds no .tsv file: name a folder of INTENT.tsv files, or a CSV or YAML file",
            folder.display()
        );
    }
    let mut set = Vec::new();
    for path in paths {
        let intent = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .context("a file's name is no text")?;
        let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let examples =
            read_annotated(intent, &bytes).with_context(|| path.display().to_string())?;
        let groups: BTreeSet<u32> = examples
            .iter()
            .map(|example| example.example.group)
            .collect();
        let parts = part_of_groups(intent, groups);
        set.extend(examples.into_iter().map(|example| {
            let part = parts
                .get(&example.example.group)
                .copied()
                .unwrap_or(Part::Train);
            (part, example)
        }));
    }
    Ok(set)
}
