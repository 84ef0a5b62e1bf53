//! `nearshelf rules`: what a merchant's rules would do, before they are packed.

use crate::{
    Outcome,
    output::count,
    source::{self, SourceArguments},
};
use anyhow::{Context, Result, bail};
use nearshelf_catalogue::{Action, ItemTable, Merchandising};
use nearshelf_recommend::rules::read_rules;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Check a file of rules against a catalogue, and say how many items each rule speaks of.
    Check {
        /// The file, as docs/rules.md describes it.
        rules: PathBuf,
        #[command(flatten)]
        source: SourceArguments,
    },
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let Command::Check { rules, source } = &arguments.command;
    let source = source::read(source)?;
    let items = ItemTable::new(source.items);
    let said = load(rules, &items)?;
    for (rule, number) in said.rules.iter().zip(1..) {
        let name = if rule.name.is_empty() {
            String::new()
        } else {
            format!(" {:?}", rule.name)
        };
        crate::say!("rule {number}{name}: {}", words(&rule.action));
    }
    crate::say!(
        "{} and {} of synonyms, all of them sound",
        count(said.rules.len(), "rule"),
        count(said.synonyms.len(), "group")
    );
    Ok(Outcome::Done)
}

fn words(action: &Action) -> String {
    let items = |number| count(number, "item");
    match action {
        Action::Weigh { factor, items: own } => {
            format!("multiplies the scores of {} by {factor}", items(own.len()))
        }
        Action::Pin { items: own } => format!("puts {} first", items(own.len())),
        Action::Exclude { items: own } => format!("never shows {}", items(own.len())),
        Action::Quota { most, groups } => {
            let largest = groups.iter().max().copied().unwrap_or(0);
            format!(
                "shows at most {most} of each of {}",
                count(largest as usize, "group")
            )
        }
    }
}

/// Reads a file of rules for a catalogue; the error tells all that is wrong with it.
pub fn load(path: &Path, items: &ItemTable) -> Result<Merchandising> {
    let json =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let json = json.trim_start_matches('\u{feff}');
    match read_rules(json, items) {
        Ok(said) => Ok(said),
        Err(problems) => {
            let told: Vec<String> = problems
                .iter()
                .map(|problem| format!("\n  {problem}"))
                .collect();
            bail!("{} can't be used:{}", path.display(), told.concat())
        }
    }
}
