//! `nearshelf chat train`: examples in, a head out.

use super::{
    encoder::Encoder,
    examples::{Set, of_part},
    figures::Figures,
    slots,
};
use crate::{Outcome, models::ModelArguments, output};
use anyhow::{Context, Result};
use nearshelf_chat::{
    examples::Part,
    head::{Example, FitOptions, Head, HeldOut, Judged, OUT_OF_SCOPE, Training, train, verdicts},
    measure::Case,
};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

#[derive(clap::Args)]
pub struct Arguments {
    /// Examples: CSV with text,intent (and perhaps group); YAML with a list of texts by intent; or a folder of annotated
    /// INTENT.tsv files as models/training/data/intents, whose train part is learned and whose validation part calibrates.
    #[arg(value_name = "FILE|DIR")]
    examples: PathBuf,
    /// Where to write the head. Examples that mark slots give a tagger, too, beside it: tagger.json.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// More to learn from: annotated files without groups, as models/training/intents.py --expand writes.
    #[arg(long, value_name = "DIR")]
    more: Option<PathBuf>,
    /// Read n-grams alone, whether or not there is an encoder: for the time before it is loaded.
    #[arg(long)]
    words_only: bool,
    #[command(flatten)]
    models: ModelArguments,
    /// Print the figures as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let began = Instant::now();
    let set = Set::read_with(&arguments.examples, arguments.more.as_deref())?;
    let encoder = Encoder::load(&arguments.models, arguments.words_only)?;
    let options = FitOptions::default();
    let (head, mut figures, cases) = match &set {
        Set::Plain(examples) => fit(examples, None, &encoder, &options)?,
        Set::Annotated(all) => {
            let plain = |part| {
                of_part(all, part)
                    .into_iter()
                    .map(|one| one.example.clone())
                    .collect::<Vec<_>>()
            };
            fit(
                &plain(Part::Train),
                Some(&plain(Part::Validation)),
                &encoder,
                &options,
            )?
        }
    };
    write(&arguments.out, &serde_json::to_vec(&head)?)?;
    if let Set::Annotated(all) = &set {
        let step = output::step("learning to tag slots");
        let tagger = slots::learn(&of_part(all, Part::Train));
        step.finish_and_clear();
        let validation = of_part(all, Part::Validation);
        let found = slots::find(&validation, &cases, head.classes(), &tagger);
        figures.slots = Some(slots::figures(&validation, &found, None));
        write(
            &arguments.out.with_file_name("tagger.json"),
            &serde_json::to_vec(&tagger)?,
        )?;
    }
    if arguments.json {
        output::json(&figures)?;
    } else {
        crate::say!(
            "{}: {} intents from {}, in {:.1} s",
            arguments.out.display(),
            head.classes().len(),
            encoder.describe(),
            began.elapsed().as_secs_f64()
        );
        figures.print();
        if !head.classes().iter().any(|class| class == OUT_OF_SCOPE) {
            crate::say!(
                "  no example is {OUT_OF_SCOPE}: nothing is refused; add some of what you don't answer"
            );
        }
        figures.print_confusions();
    }
    Ok(Outcome::Done)
}

/// A head, how it does on examples that its weights had not seen, and its verdicts on them.
fn fit(
    examples: &[Example],
    validation: Option<&[Example]>,
    encoder: &Encoder,
    options: &FitOptions,
) -> Result<(Head, Figures, Vec<Case>)> {
    let texts = examples.iter().map(|example| example.text.as_str());
    let training = Training::new(examples, encoder.embed(texts)?)?;
    let step = output::step(match validation {
        Some(_) => "fitting the head",
        None => "fitting the head, and five to cross-validate it",
    });
    let held_out = held_out(validation, encoder)?;
    let trained = train(
        &training,
        held_out.as_ref().map(Calibrating::as_held_out),
        options,
    )?;
    step.finish_and_clear();
    let name = if validation.is_some() {
        "validation part"
    } else {
        "cross-validated"
    };
    let cases = cases(&trained.head, &trained.judged);
    let figures = Figures::new(name, &cases, trained.head.classes());
    Ok((trained.head, figures, cases))
}

/// Examples to calibrate on, with their embeddings.
pub struct Calibrating<'a> {
    examples: &'a [Example],
    embeddings: Vec<Vec<f32>>,
}

impl Calibrating<'_> {
    pub fn as_held_out(&self) -> HeldOut<'_> {
        HeldOut {
            examples: self.examples,
            embeddings: &self.embeddings,
        }
    }
}

pub fn held_out<'a>(
    examples: Option<&'a [Example]>,
    encoder: &Encoder,
) -> Result<Option<Calibrating<'a>>> {
    let Some(examples) = examples else {
        return Ok(None);
    };
    let embeddings = encoder.embed(examples.iter().map(|example| example.text.as_str()))?;
    Ok(Some(Calibrating {
        examples,
        embeddings,
    }))
}

/// Verdicts of a head on texts that were judged by one like it.
pub fn cases(head: &Head, judged: &[Judged]) -> Vec<Case> {
    let outside = head
        .classes()
        .iter()
        .position(|class| class == OUT_OF_SCOPE);
    verdicts(head, judged)
        .into_iter()
        .zip(judged)
        .map(|(verdict, judged)| Case {
            verdict,
            truth: judged.label.filter(|label| Some(*label) != outside),
        })
        .collect()
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}
