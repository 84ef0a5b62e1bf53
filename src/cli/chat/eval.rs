//! `nearshelf eval chat`: a head fitted to any set of intents, and how it does.

use super::{
    encoder::Encoder,
    examples::{Set, of_part},
    figures::Figures,
    report, slots,
    train::{Calibrating, held_out},
};
use crate::{Outcome, models::ModelArguments, output, wrong_usage};
use anyhow::{Context, Result, bail};
use nearshelf_chat::{
    examples::{Annotated, Part},
    head::{Example, FitOptions, Head, OUT_OF_SCOPE, Training, train},
    measure::Case,
    normalise::{clean, tokens},
    units::units,
};
use serde::Serialize;
use std::{collections::BTreeSet, path::PathBuf, time::Instant};

#[derive(clap::Args)]
pub struct Arguments {
    /// Examples to learn from: CSV with text,intent, or YAML; or a folder of annotated INTENT.tsv files, which has all three parts.
    #[arg(long, value_name = "FILE|DIR")]
    train: PathBuf,
    /// Examples to choose temperature and threshold by; without, by cross-validation.
    #[arg(long, value_name = "FILE")]
    validation: Option<PathBuf>,
    /// Examples to be measured on. The intent out_of_scope marks what must be refused.
    #[arg(long, value_name = "FILE")]
    test: Option<PathBuf>,
    /// More to learn from: annotated files without groups, as models/training/intents.py --expand writes.
    #[arg(long, value_name = "DIR")]
    more: Option<PathBuf>,
    /// Read n-grams alone, whether or not there is an encoder.
    #[arg(long)]
    words_only: bool,
    #[command(flatten)]
    models: ModelArguments,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
    /// Write a page with the reliability chart and the confusions.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

#[derive(Serialize)]
pub struct Report {
    pub reads: &'static str,
    pub intents: usize,
    pub train: usize,
    pub validation: usize,
    pub threshold: f32,
    pub fit_seconds: f64,
    pub latency: Latency,
    /// The test, first as a whole.
    pub figures: Vec<Figures>,
}

/// Milliseconds a text takes here, natively on one thread: encoder, head and slots.
#[derive(Serialize)]
pub struct Latency {
    pub median_millis: f64,
    pub p95_millis: f64,
}

/// Texts that are timed.
const TIMED: usize = 200;

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let set = Set::read_with(&arguments.train, arguments.more.as_deref())?;
    let encoder = Encoder::load(&arguments.models, arguments.words_only)?;
    let report = match set {
        Set::Plain(examples) => {
            let test = arguments
                .test
                .as_ref()
                .ok_or_else(|| wrong_usage("nothing to measure on: name it with --test"))?;
            let validation = arguments
                .validation
                .as_deref()
                .map(Set::plain)
                .transpose()?;
            let test = Set::plain(test)?;
            Measured::new(&examples, validation.as_deref(), &test, &encoder)?
                .report("test", &encoder)?
        }
        Set::Annotated(all) => {
            if arguments.validation.is_some() || arguments.test.is_some() {
                return Err(wrong_usage(
                    "a folder of annotated files has its own parts: leave out --validation and --test",
                ));
            }
            retail(&all, &encoder)?
        }
    };
    if let Some(path) = &arguments.report {
        let title = format!("Chat intents: {}", arguments.train.display());
        std::fs::write(path, report::page(&title, &report))
            .with_context(|| format!("writing {}", path.display()))?;
    }
    if arguments.json {
        output::json(&report)?;
    } else {
        print(&report);
    }
    Ok(Outcome::Done)
}

fn print(report: &Report) {
    let Report {
        reads,
        intents,
        train,
        validation,
        threshold,
        fit_seconds,
        latency,
        figures,
    } = report;
    crate::say!(
        "{intents} intents by {reads}; {train} to learn from, {validation} to calibrate on; threshold {threshold:.3}; fitted in {fit_seconds:.1} s"
    );
    crate::say!(
        "median {:.2} ms a text, 95 % within {:.2} ms\n",
        latency.median_millis,
        latency.p95_millis
    );
    for figures in figures {
        figures.print();
    }
    if let Some(whole) = figures.first() {
        crate::say!("\nreliability");
        whole.print_reliability();
        crate::say!("\nconfusions");
        whole.print_confusions();
    }
}

/// A head and its verdicts on the test.
struct Measured {
    head: Head,
    cases: Vec<Case>,
    texts: Vec<String>,
    train: usize,
    validation: usize,
    fit_seconds: f64,
}

impl Measured {
    fn new(
        examples: &[Example],
        validation: Option<&[Example]>,
        test: &[Example],
        encoder: &Encoder,
    ) -> Result<Self> {
        let options = FitOptions::default();
        let embed = |examples: &[Example]| {
            encoder.embed(examples.iter().map(|example| example.text.as_str()))
        };
        let training = Training::new(examples, embed(examples)?)?;
        known(&training.classes, test, "test")?;
        known(
            &training.classes,
            validation.unwrap_or_default(),
            "validation",
        )?;
        let began = Instant::now();
        let step = output::step("fitting the head");
        let held_out = held_out(validation, encoder)?;
        let trained = train(
            &training,
            held_out.as_ref().map(Calibrating::as_held_out),
            &options,
        )?;
        step.finish_and_clear();
        let fit_seconds = began.elapsed().as_secs_f64();
        let embeddings = embed(test)?;
        let outside = training.outside();
        let cases = test.iter().enumerate().map(|(at, example)| {
            let embedding = embeddings.get(at).map_or(&[][..], Vec::as_slice);
            let label = training.classes.binary_search(&example.intent).ok();
            Case {
                verdict: trained
                    .head
                    .judge(&units(&clean(&example.text)), embedding)
                    .unwrap_or_else(|| trained.head.refusal()),
                truth: label.filter(|label| Some(*label) != outside),
            }
        });
        Ok(Self {
            cases: cases.collect(),
            texts: test.iter().map(|example| example.text.clone()).collect(),
            train: examples.len(),
            validation: validation.map_or(0, <[_]>::len),
            fit_seconds,
            head: trained.head,
        })
    }

    fn report(&self, name: &str, encoder: &Encoder) -> Result<Report> {
        Ok(Report {
            reads: encoder.describe(),
            intents: self
                .head
                .classes()
                .iter()
                .filter(|class| *class != OUT_OF_SCOPE)
                .count(),
            train: self.train,
            validation: self.validation,
            threshold: self.head.threshold(),
            fit_seconds: self.fit_seconds,
            latency: self.latency(encoder)?,
            figures: vec![Figures::new(name, &self.cases, self.head.classes())],
        })
    }

    fn latency(&self, encoder: &Encoder) -> Result<Latency> {
        let texts: Vec<&str> = self.texts.iter().take(TIMED).map(String::as_str).collect();
        let mut millis = encoder.time(&texts)?;
        let lexicon = slots::lexicon();
        let zeros = vec![0.0; self.head.dim()];
        for (text, millis) in texts.iter().zip(&mut millis) {
            let began = Instant::now();
            let text = clean(text);
            std::hint::black_box(self.head.judge(&units(&text), &zeros));
            std::hint::black_box(nearshelf_chat::slots::slots(
                &text,
                &tokens(&text),
                &lexicon,
                None,
                &[],
            ));
            *millis += began.elapsed().as_secs_f64() * 1000.0;
        }
        millis.sort_by(f64::total_cmp);
        let at = |part: f64| {
            millis
                .get(((millis.len() as f64 * part) as usize).min(millis.len().saturating_sub(1)))
                .copied()
                .unwrap_or(0.0)
        };
        Ok(Latency {
            median_millis: at(0.5),
            p95_millis: at(0.95),
        })
    }
}

/// Refuses intents that no example teaches: they could only be wrong.
fn known(classes: &[String], examples: &[Example], what: &str) -> Result<()> {
    let unknown: BTreeSet<&str> = examples
        .iter()
        .map(|example| example.intent.as_str())
        .filter(|intent| {
            *intent != OUT_OF_SCOPE
                && classes
                    .binary_search_by(|class| class.as_str().cmp(intent))
                    .is_err()
        })
        .collect();
    if let Some(first) = unknown.first() {
        let row = examples
            .iter()
            .position(|example| example.intent == *first)
            .unwrap_or(0)
            + 2;
        bail!(
            "the {what} set has {} intent(s) that the training set lacks, first {first:?} in example {}: add examples of them, or leave them out",
            unknown.len(),
            row - 1
        );
    }
    Ok(())
}

/// The retail intents: both languages, each language, and the slots.
fn retail(all: &[(Part, Annotated)], encoder: &Encoder) -> Result<Report> {
    let part = |part| of_part(all, part);
    let plain = |examples: &[&Annotated]| {
        examples
            .iter()
            .map(|one| one.example.clone())
            .collect::<Vec<_>>()
    };
    let test = part(Part::Test);
    let measured = Measured::new(
        &plain(&part(Part::Train)),
        Some(&plain(&part(Part::Validation))),
        &plain(&test),
        encoder,
    )?;
    let step = output::step("learning to tag slots");
    let tagger = slots::learn(&part(Part::Train));
    step.finish_and_clear();
    let found = slots::find(&test, &measured.cases, measured.head.classes(), &tagger);
    let scores = |locale| slots::figures(&test, &found, locale);
    let mut report = measured.report("test, both languages", encoder)?;
    for figures in &mut report.figures {
        figures.slots = Some(scores(None));
    }
    for (locale, name) in [("en", "test, English"), ("zh", "test, Chinese")] {
        let of_locale = measured
            .cases
            .iter()
            .zip(&test)
            .filter(|(_, one)| one.locale == locale);
        let cases: Vec<Case> = of_locale.map(|(case, _)| case.clone()).collect();
        let mut figures = Figures::new(name, &cases, measured.head.classes());
        figures.slots = Some(scores(Some(locale)));
        report.figures.push(figures);
    }
    Ok(report)
}
