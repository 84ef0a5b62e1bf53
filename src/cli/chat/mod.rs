//! `nearshelf chat`: what the shop assistant learns from and answers with; `nearshelf eval chat` measures it.

mod answers;
mod encoder;
mod eval;
mod examples;
mod figures;
mod report;
mod slots;
mod train;

pub use answers::{read as read_answers, read_head};
pub use eval::{Arguments as EvalArguments, run as evaluate};

use crate::Outcome;
use anyhow::Result;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Fit a head (and a tagger of slots, where the examples mark them) to examples of intents.
    Train(train::Arguments),
    /// Check an answer file: unknown intents, placeholders without a value, unsafe links.
    Check(answers::Arguments),
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    match &arguments.command {
        Command::Train(arguments) => train::run(arguments),
        Command::Check(arguments) => answers::run(arguments),
    }
}
