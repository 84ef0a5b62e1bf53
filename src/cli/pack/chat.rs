//! The shop assistant's files, for shops that want one.

use crate::{
    chat::{read_answers, read_head},
    models::ModelArguments,
};
use anyhow::{Context, Result, bail};
use nearshelf_catalogue::PackWriter;
use nearshelf_chat::slots::Tagger;
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(clap::Args)]
pub struct ChatArguments {
    /// What the shop assistant answers, YAML or JSON; the assistant is packed only with it.
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Folder of what `nearshelf chat train` wrote: words.json, and perhaps head.json and tagger.json; default, also for a
    /// tagger that it lacks: chat-retail in the folder of models.
    #[arg(long, value_name = "DIR", requires = "answers")]
    chat: Option<PathBuf>,
}

/// Adds the answers, the heads there are, the tagger and, where a head reads its embedding, the encoder.
pub fn add(
    writer: &mut PackWriter,
    arguments: &ChatArguments,
    models: &ModelArguments,
) -> Result<()> {
    let Some(answers) = &arguments.answers else {
        return Ok(());
    };
    let folder = arguments
        .chat
        .clone()
        .unwrap_or_else(|| models.folder_of("chat-retail"));
    let read = |path: &Path| -> Result<Option<Vec<u8>>> {
        let there = path.is_file();
        there
            .then(|| fs::read(path).with_context(|| format!("reading {}", path.display())))
            .transpose()
    };
    let words_path = folder.join("words.json");
    let Some(words) = read(&words_path)? else {
        bail!(
            "{} is missing: write it with nearshelf chat train --words-only, or name its folder with --chat",
            words_path.display()
        );
    };
    let words_head = read_head(&words_path)?;
    if words_head.dim() > 0 {
        bail!(
            "{} reads an embedding: train it with --words-only, as it answers while the encoder isn't there",
            words_path.display()
        );
    }
    writer.chat("words", "json", words);
    writer.chat(
        "answers",
        "json",
        serde_json::to_vec(&read_answers(answers, Some(&words_head))?)?,
    );
    // Slots are the same whatever a shop's own intents are.
    let shipped = || models.folder_of("chat-retail").join("tagger.json");
    let tagger_path = Some(folder.join("tagger.json")).filter(|own| own.is_file());
    let tagger_path = tagger_path.unwrap_or_else(shipped);
    if let Some(tagger) = read(&tagger_path)? {
        serde_json::from_slice::<Tagger>(&tagger)
            .with_context(|| tagger_path.display().to_string())?;
        writer.chat("tagger", "json", tagger);
    }
    // Of a shop's own, or the one that ships with the encoder.
    let own = folder.join("head.json");
    let shipped = models.folder_of("chat-encoder").join("head.json");
    let head = if own.is_file() || arguments.chat.is_some() {
        own
    } else {
        shipped
    };
    if head.is_file() {
        read_head(&head)?;
        let bytes = fs::read(&head).with_context(|| format!("reading {}", head.display()))?;
        let encoder = models.load_chat_encoder()?;
        let encoder = encoder.with_context(|| {
            format!(
                "{} reads an embedding, but the folder of models has no chat-encoder",
                head.display()
            )
        })?;
        writer.chat("head", "json", bytes);
        writer.chat("encoder", "plan", encoder.to_bytes()?);
    }
    Ok(())
}
