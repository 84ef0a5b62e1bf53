//! `nearshelf chat check`: whether an answer file can be packed.

use crate::{Outcome, models::ModelArguments, output::count};
use anyhow::{Context, Result, bail};
use nearshelf_chat::{
    answers::{Answers, INTENTS},
    head::Head,
};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

#[derive(clap::Args)]
pub struct Arguments {
    /// The answer file, YAML or JSON.
    #[arg(value_name = "FILE")]
    answers: PathBuf,
    /// A head with intents of your own; default: chat-retail in the folder of models.
    #[arg(long, value_name = "FILE")]
    head: Option<PathBuf>,
    #[command(flatten)]
    models: ModelArguments,
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let shipped = arguments.models.folder_of("chat-retail").join("words.json");
    let head = match &arguments.head {
        Some(path) => Some(read_head(path)?),
        None if shipped.is_file() => Some(read_head(&shipped)?),
        None => None,
    };
    let answers = read(&arguments.answers, head.as_ref())?;
    let own = answers.answers.len();
    crate::say!(
        "{}: {}, {}; the rest is said in common words:",
        arguments.answers.display(),
        count(own, "answer"),
        count(answers.values.len(), "value")
    );
    let rest = intents(head.as_ref());
    let rest: Vec<&str> = rest
        .iter()
        .map(String::as_str)
        .filter(|intent| !answers.answers.contains_key(*intent))
        .collect();
    crate::say!("  {}", rest.join(", "));
    Ok(Outcome::Done)
}

/// Reads and checks an answer file.
pub fn read(path: &Path, head: Option<&Head>) -> Result<Answers> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let answers: Answers =
        nearshelf_chat::examples::yaml(&text).with_context(|| path.display().to_string())?;
    let problems = answers.check(&intents(head));
    for problem in &problems {
        eprintln!("{}: {problem}", path.display());
    }
    if !problems.is_empty() {
        bail!(
            "{} has {}: mend what is named above, then try again",
            path.display(),
            count(problems.len(), "mistake")
        );
    }
    Ok(answers)
}

/// Intents that can be meant: those of the head, and those with common words.
fn intents(head: Option<&Head>) -> Vec<String> {
    let known: BTreeSet<&str> = INTENTS
        .iter()
        .copied()
        .chain(
            head.iter()
                .flat_map(|head| head.classes())
                .map(String::as_str),
        )
        .collect();
    known.into_iter().map(str::to_owned).collect()
}

pub fn read_head(path: &Path) -> Result<Head> {
    let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| path.display().to_string())
}
