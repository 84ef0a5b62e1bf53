//! The nearshelf command.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage, 3 rows were rejected under `--strict`.

#[macro_use]
mod output;

mod chat;
mod compile;
mod cores;
mod eval;
mod fitted;
mod inspect;
mod models;
mod pack;
mod rules;
mod run;
mod serve;
mod source;
mod tensors;
mod timing;
mod vision;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use std::process::ExitCode;

/// Private product recommendations: turns a catalogue into a static folder that recommends in the browser.
#[derive(Parser)]
#[command(
    name = "nearshelf",
    version,
    propagate_version = true,
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 rows were rejected under --strict."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Turn a catalogue and an event log into the static folder that a shop serves.
    Pack(Box<pack::Arguments>),
    /// Compile an ONNX model to a plan.
    Compile(compile::Arguments),
    /// Show what a plan, a model or a pack consists of, and check its integrity.
    Inspect(inspect::Arguments),
    /// Run a model on inputs from a NumPy archive, and compare its outputs with a reference.
    Run(run::Arguments),
    /// Measure the recommender on an event log, next to popularity and item-kNN; or, with chat or vision, what else there is.
    Eval(Box<Eval>),
    /// Teach the shop assistant intents, and check what it answers.
    Chat(chat::Arguments),
    /// Check a merchant's rules: boosts, pins, exclusions, quotas and synonyms.
    Rules(rules::Arguments),
    /// Serve a packed folder on this machine, with the headers that a shop should send.
    Serve(serve::Arguments),
    /// Print a completion script for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
}

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Eval {
    #[command(subcommand)]
    what: Option<Evaluated>,
    #[command(flatten)]
    recommender: eval::Arguments,
}

#[derive(Subcommand)]
enum Evaluated {
    /// Fit a head to examples of intents and measure it: accuracy, refusals, calibration, slots, speed.
    Chat(chat::EvalArguments),
    /// Look at a folder of pictures: categories, what looks similar, masks, landmarks, palettes.
    Vision(vision::EvalArguments),
}

/// What a command that did its work has to say.
pub enum Outcome {
    /// All is well.
    Done,
    /// Done, but rows were rejected and `--strict` was asked for.
    RowsRejected,
}

/// Arguments that contradict each other, or the file they are for.
#[derive(Debug)]
struct WrongUsage(String);

impl std::fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongUsage {}

/// An error that ends the command with exit code 2.
fn wrong_usage(message: impl Into<String>) -> anyhow::Error {
    WrongUsage(message.into()).into()
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Pack(arguments) => pack::run(&arguments),
        Command::Compile(arguments) => compile::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Eval(command) => match &command.what {
            Some(Evaluated::Chat(arguments)) => chat::evaluate(arguments),
            Some(Evaluated::Vision(arguments)) => vision::evaluate(arguments),
            None => eval::run(&command.recommender),
        },
        Command::Chat(arguments) => chat::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Completions { shell } => {
            let name = "nearshelf";
            clap_complete::generate(shell, &mut Cli::command(), name, &mut std::io::stdout());
            Ok(Outcome::Done)
        }
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::RowsRejected) => ExitCode::from(3),
        Err(error) => {
            eprintln!("nearshelf: {error:#}");
            if error.is::<WrongUsage>() {
                ExitCode::from(2)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}
