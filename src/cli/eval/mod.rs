//! `nearshelf eval`: every recommender on one log, with intervals.

mod asked;
mod asking;
mod choose;
mod field;
pub mod html;
mod measure;
mod queries;
mod report;
mod sweep;
mod table;

use crate::{
    Outcome, cores,
    fitted::Fitted,
    models::{self, ModelArguments},
    output,
    source::{self, Source, SourceArguments},
    wrong_usage,
};
use anyhow::{Context, Result};
use asked::{Part, Protocol};
use asking::{Competitor, ask};
use choose::Chooser;
use field::{Field, FineTuned, LeftOut};
use measure::{Answered, Row, Ruler};
use nearshelf_catalogue::{ItemTable, NeighbourKind, Neighbours, Pack, Popularity};
use nearshelf_recommend::{
    evaluate::{Bootstrap, Case, ItemFacts, ItemKnnOptions, Slice, Split, choose_pairs, slices},
    mine::{alike_in_words, mine},
};
use queries::Model;
use report::Report;
use std::{path::PathBuf, time::Instant};
use time::{Date, OffsetDateTime, format_description::well_known::Iso8601};

const EXAMPLES: &str = "\
Examples:
  nearshelf eval --items catalogue.csv --events events.csv
  nearshelf eval --items catalogue.csv --events events.csv --protocol next-basket --from 2011-11-01
  nearshelf eval --data amazon-beauty --fitted build/evaluate/beauty/fitted --f32 --report report.html";

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    source: SourceArguments,
    /// What is hidden; default: last-basket for event logs, last-item for sequences, sessions for sessions.
    #[arg(long, value_enum)]
    protocol: Option<Protocol>,
    /// Which part is asked.
    #[arg(long, value_enum, default_value = "test")]
    part: Part,
    /// Length of the lists; default: 10 for last-item, else 20. Accuracy is also given at 5, 10 and 20.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    k: Option<u16>,
    /// Ask only about baskets from this UTC day on, as 2011-10-01.
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    from: Option<OffsetDateTime>,
    /// Ask only about baskets before this UTC day, and know nothing from it on.
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    to: Option<OffsetDateTime>,
    /// First take away each session's last basket, which the plain evaluation asks about: to
    /// choose constants without having seen it.
    #[arg(long)]
    set_aside: bool,
    /// Ask item-kNN and the recommender with other constants, too.
    #[arg(long)]
    sweep: bool,
    /// Folder that models/training/fine_tune.py wrote for this data: also ask what was fine-tuned.
    #[arg(long, value_name = "DIR")]
    fitted: Option<PathBuf>,
    /// Also ask it before quantization.
    #[arg(long, requires = "fitted")]
    f32: bool,
    #[command(flatten)]
    models: ModelArguments,
    /// Resamples that intervals are taken from.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    resamples: u32,
    /// Seed of the resamples.
    #[arg(long, default_value_t = 20_261_124)]
    seed: u64,
    /// Threads; default: all cores. Results don't depend on it.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Write a report with charts, one file of HTML.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Write the results as JSON to a file, too.
    #[arg(long, value_name = "FILE")]
    report_json: Option<PathBuf>,
    /// Print the results as JSON.
    #[arg(long)]
    json: bool,
}

impl Arguments {
    fn threads(&self) -> usize {
        self.threads.map_or_else(cores::count, usize::from)
    }
}

fn parse_day(text: &str) -> Result<OffsetDateTime, String> {
    let day = Date::parse(text, &Iso8601::DATE).map_err(|_| "a day as 2011-10-01".to_owned())?;
    Ok(day.midnight().assume_utc())
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let began = Instant::now();
    if arguments.source.events.is_none() && arguments.source.data.is_none() {
        return Err(wrong_usage(
            "nothing to evaluate on: name the event log with --events, or a data set with --data",
        ));
    }
    let mut source = source::read(&arguments.source)?;
    let protocol = Protocol::of(arguments, &source);
    let split = asked::split(arguments, protocol, &source)?;
    let k = usize::from(arguments.k.unwrap_or(protocol.usual_k()));
    let items = std::mem::take(&mut source.items);
    let mut evaluation = Evaluation::prepare(arguments, &source, items, &split)?;
    let facts = ItemFacts::new(&evaluation.pack.items, &split.train);
    let slices = slices(&split.cases, &facts.sessions);
    let sessions = split.cases.iter().map(Case::session);
    let bootstrap = Bootstrap::new(sessions, arguments.resamples, arguments.seed);
    let asking = Asking {
        split: &split,
        slices: &slices,
        facts: &facts,
        bootstrap: &bootstrap,
        k,
        ks: lengths(k),
        threads: arguments.threads(),
    };
    let mut rows = Vec::new();
    for &repeat_purchases in protocol.repeats() {
        evaluation.choose(arguments, protocol, &source, repeat_purchases, k)?;
        let field = evaluation.field(&source, &split, protocol, repeat_purchases);
        let swept = match arguments.sweep {
            true => sweep::packs(&field, &source),
            false => Vec::new(),
        };
        let mut competitors = field.competitors();
        if arguments.sweep {
            competitors.extend(sweep::competitors(&field, &swept));
        }
        rows.extend(asking.rows(&competitors, repeat_purchases)?);
    }
    let report = Report::new(
        arguments,
        protocol,
        &source,
        &evaluation,
        &asking,
        rows,
        began.elapsed(),
    );
    if let Some(path) = &arguments.report {
        std::fs::write(path, html::page(&report))
            .with_context(|| format!("writing {}", path.display()))?;
    }
    if let Some(path) = &arguments.report_json {
        let json = serde_json::to_string_pretty(&report)?;
        std::fs::write(path, json + "\n").with_context(|| format!("writing {}", path.display()))?;
    }
    if arguments.json {
        output::json(&report)?;
    } else {
        table::print(&report);
    }
    Ok(Outcome::Done)
}

/// Lengths of lists that accuracy is given for.
fn lengths(k: usize) -> Vec<usize> {
    let mut lengths = vec![5, 10, 20, k];
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}

/// The questions and how answers are measured.
struct Asking<'a> {
    split: &'a Split,
    slices: &'a [Slice],
    facts: &'a ItemFacts,
    bootstrap: &'a Bootstrap,
    k: usize,
    ks: Vec<usize>,
    threads: usize,
}

impl Asking<'_> {
    fn rows(&self, competitors: &[Competitor<'_>], repeat_purchases: bool) -> Result<Vec<Row>> {
        let cases = &self.split.cases;
        let longest = self.ks.iter().copied().max().unwrap_or(self.k);
        let mut answered = Vec::new();
        for competitor in competitors {
            let began = Instant::now();
            let lists = ask(competitor, cases, longest, self.threads)?;
            let threads = self.threads.min(cases.len()).max(1) as f64;
            let millis =
                crate::timing::millis(began.elapsed()) * threads / cases.len().max(1) as f64;
            answered.push(Answered::of(competitor, lists, millis));
        }
        let step = output::step("resampling shoppers");
        let ruler = Ruler {
            cases,
            slices: self.slices,
            facts: self.facts,
            item_count: self.facts.sessions.len(),
            ks: &self.ks,
            k: self.k,
            repeat_purchases,
            bootstrap: self.bootstrap,
            threads: self.threads,
        };
        let rows = ruler.rows(&answered);
        step.finish_and_clear();
        Ok(rows)
    }
}

/// All that is fitted to the training part.
struct Evaluation {
    pack: Pack,
    log_only: Pack,
    no_log: Pack,
    words_alone: Pack,
    for_you: Option<Model>,
    fine_tuned: Option<Tuned>,
    log_fitted: Option<Pack>,
    knn: Option<ItemKnnOptions>,
    text: Option<nearshelf_recommend::Memory>,
    choices: Vec<choose::Choice>,
    left_out: Vec<LeftOut>,
}

/// What was fine-tuned, as it would ship.
struct Tuned {
    pack: Pack,
    encoder: Model,
    exact: Option<Model>,
    fitted: Fitted,
}

impl Evaluation {
    /// Mines the training part, and loads the models.
    fn prepare(
        arguments: &Arguments,
        source: &Source,
        items: Vec<nearshelf_catalogue::Item>,
        split: &Split,
    ) -> Result<Self> {
        let step = output::step("mining the training part");
        let now_millis = OffsetDateTime::now_utc().unix_timestamp() * 1000;
        let mut log_only = Pack {
            items: ItemTable::new(items),
            ..Pack::default()
        };
        let mut options = source.mine_options(now_millis);
        let choice = choose_pairs(&mut log_only, &mut split.train.clone(), &options);
        options.pairs = choice.pairs;
        let mined = mine(&split.train, log_only.items.len(), &options);
        (log_only.neighbours, log_only.popularity) = mined.tables();
        let (neighbours, _) = choice.with_words(mined).tables();
        step.finish_and_clear();
        let items = log_only.items.as_slice();
        let mut left_out = Vec::new();
        let with_words = items
            .iter()
            .filter(|item| item.texts.iter().any(|text| !text.title.is_empty()));
        let embeddings = match arguments.models.load("item-text")? {
            None => {
                left_out.push(LeftOut::new(
                    "text alone, for-you",
                    "there is no item-text model: see --models",
                ));
                None
            }
            Some(_) if with_words.count() == 0 => {
                left_out.push(LeftOut::new(
                    "text alone, for-you",
                    "no item has a title or other words",
                ));
                None
            }
            Some(encoder) => Some(models::embed(&encoder, items)?),
        };
        let for_you = match &embeddings {
            Some(_) => arguments.models.load("for-you")?.map(Model::new),
            None => None,
        };
        if !source.timed {
            left_out.push(LeftOut::new("popularity, decayed", "the data has no times"));
        }
        let pack = Pack {
            neighbours,
            embeddings,
            ..log_only.clone()
        };
        let no_log = without_log(&pack, options.top_k);
        let words_alone = Pack {
            embeddings: None,
            ..no_log.clone()
        };
        let fine_tuned = match &arguments.fitted {
            Some(folder) => Some(Tuned::read(arguments, folder, &pack)?),
            None => {
                left_out.push(LeftOut::new(
                    "fine-tuned",
                    "nothing was fine-tuned to this data: see --fitted",
                ));
                None
            }
        };
        Ok(Self {
            pack,
            log_only,
            no_log,
            words_alone,
            for_you,
            fine_tuned,
            log_fitted: None,
            knn: None,
            text: None,
            choices: choose::of_pairs(&choice),
            left_out,
        })
    }

    /// Chooses constants on validation, where the protocol has one.
    fn choose(
        &mut self,
        arguments: &Arguments,
        protocol: Protocol,
        source: &Source,
        repeat_purchases: bool,
        k: usize,
    ) -> Result<()> {
        // Text needs no choice: the newest item alone is the plainest.
        self.text = Some(nearshelf_recommend::Memory::Newest {
            items: 1,
            decay: 1.0,
        });
        let Some(validation) = asked::validation(arguments, protocol, source) else {
            return Ok(());
        };
        let step = output::step("choosing constants on validation");
        let mut chooser = Chooser::new(&validation, self.pack.items.len(), k, arguments.threads());
        let knn = chooser.item_knn(repeat_purchases)?;
        let field = self.field(source, &validation, protocol, repeat_purchases);
        let text = match &self.pack.embeddings {
            Some(_) => Some(chooser.text(&self.pack, |pack, tuning| {
                field.over(
                    "text alone (validation)",
                    String::new(),
                    pack,
                    None,
                    Some(tuning),
                )
            })?),
            None => None,
        };
        let for_you = self.for_you.as_ref();
        let log_fitted = chooser.log(&self.pack, for_you.is_some(), &knn, |chooser, pack| {
            let name = "fitted to the log (validation)";
            chooser.ndcg_of(&field.over(name, String::new(), pack, for_you, None))
        })?;
        let mut choices = std::mem::take(&mut chooser.choices);
        if protocol.repeats().len() > 1 {
            let seen = if repeat_purchases {
                "seen kept"
            } else {
                "seen excluded"
            };
            choices
                .iter_mut()
                .for_each(|choice| choice.recommender += &format!(" ({seen})"));
        }
        self.choices.append(&mut choices);
        self.knn = Some(knn);
        self.text = text.or(self.text);
        self.log_fitted = Some(log_fitted);
        step.finish_and_clear();
        Ok(())
    }

    fn field<'a>(
        &'a self,
        source: &Source,
        split: &'a Split,
        protocol: Protocol,
        repeat_purchases: bool,
    ) -> Field<'a> {
        Field {
            pack: &self.pack,
            log_only: &self.log_only,
            no_log: &self.no_log,
            words_alone: &self.words_alone,
            split,
            timed: source.timed,
            for_you: self.for_you.as_ref(),
            fine_tuned: self.fine_tuned.as_ref().map(|tuned| FineTuned {
                pack: &tuned.pack,
                encoder: &tuned.encoder,
                exact: tuned.exact.as_ref().map(|plan| (plan, &tuned.fitted)),
            }),
            log_fitted: self.log_fitted.as_ref(),
            knn: self.knn.as_ref(),
            text: self.text,
            repeat_purchases,
            completes: protocol == Protocol::Complements,
        }
    }
}

/// The pack as it is where nothing has been done yet.
fn without_log(pack: &Pack, top_k: usize) -> Pack {
    let mut neighbours = Neighbours::default();
    neighbours.push(NeighbourKind::Fitted, &alike_in_words(&pack.items, top_k));
    Pack {
        neighbours,
        popularity: Popularity::default(),
        ..pack.clone()
    }
}

impl Tuned {
    fn read(arguments: &Arguments, folder: &std::path::Path, pack: &Pack) -> Result<Self> {
        let step = output::step(format!("reading and compiling {}", folder.display()));
        let fitted = Fitted::read(folder, &pack.items)?;
        let mut pack = pack.clone();
        fitted.put_into(&mut pack);
        let weights = arguments.models.weights();
        let encoder = Model::new(fitted.encoder("encoder.q8.onnx", weights)?);
        let exact = match arguments.f32 {
            true => Some(Model::new(fitted.encoder("encoder.f32.onnx", weights)?)),
            false => None,
        };
        step.finish_and_clear();
        Ok(Self {
            pack,
            encoder,
            exact,
            fitted,
        })
    }
}
