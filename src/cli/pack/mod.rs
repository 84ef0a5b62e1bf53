//! `nearshelf pack`: catalogue and events in, static folder out.

mod chat;
mod folder;
mod looks;
mod pairs;
mod people;
mod pictures;
pub mod shards;
mod summary;

use crate::{
    Outcome,
    fitted::Fitted,
    models::{self, ModelArguments},
    output, rules,
    source::{self, SourceArguments},
    wrong_usage,
};
use anyhow::{Context, Result, bail};
use nearshelf_catalogue::{ItemTable, Pack, PackWriter};
use nearshelf_recommend::{evaluate::choose_pairs, mine::mine};
use std::{path::PathBuf, time::Instant};
use summary::Summary;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    source: SourceArguments,
    /// Folder of the items' local pictures; default: that of the catalogue.
    #[arg(long, value_name = "DIR")]
    images_dir: Option<PathBuf>,
    #[command(flatten)]
    models: ModelArguments,
    /// Folder that models/training/fine_tune.py wrote for this catalogue: its encoder, embeddings, neighbours and blend
    /// make `for-you`, instead of the model that ships.
    #[arg(long, value_name = "DIR")]
    fitted: Option<PathBuf>,
    #[command(flatten)]
    shards: shards::ShardArguments,
    #[command(flatten)]
    chat: chat::ChatArguments,
    #[command(flatten)]
    vision: looks::VisionArguments,
    /// The merchant's rules and synonyms, JSON as docs/rules.md describes it.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// Pack item-text, too, 2 MB: searches then also find what is meant and not named.
    #[arg(long)]
    search_by_meaning: bool,
    /// The built widget (www/dist), to copy beside the pack.
    #[arg(long, value_name = "DIR")]
    widget: Option<PathBuf>,
    /// Folder to write; an older pack there is replaced once the new one is complete.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Time of packing, RFC 3339; default: now. Sale prices with dates hold or don't at that time, and no
    /// event counts as later. Equal inputs and times give equal files.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    now: Option<OffsetDateTime>,
    /// Exit with 3 when any row was rejected (the pack is written all the same).
    #[arg(long)]
    strict: bool,
    /// Print the summary as JSON.
    #[arg(long)]
    json: bool,
}

fn parse_time(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|e| format!("{e}; write it as 2026-01-31T12:00:00Z"))
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let began = Instant::now();
    folder::check_replaceable(&arguments.out)?;
    arguments.shards.check(arguments.search_by_meaning)?;
    if let Some(widget) = &arguments.widget {
        folder::check_widget(widget)?;
    }
    let now = arguments.now.unwrap_or_else(OffsetDateTime::now_utc);
    let mut source = source::read_as_of(&arguments.source, now)?;
    if source.items.is_empty() {
        bail!("the catalogue has no usable item: mend the rows above");
    }
    let mut summary = Summary::new(&source);
    let mut pack = Pack {
        items: ItemTable::new(std::mem::take(&mut source.items)),
        ..Pack::default()
    };
    if let Some(rules) = &arguments.rules {
        pack.merchandising = rules::load(rules, &pack.items)?;
    }

    let step = output::step("mining neighbours, popularity and trend");
    let mut options = source.mine_options(now.unix_timestamp() * 1000);
    let mut log = std::mem::take(&mut source.log);
    let choice = choose_pairs(&mut pack, &mut log, &options);
    options.pairs = choice.pairs;
    let mined = mine(&log, pack.items.len(), &options);
    (pack.neighbours, pack.popularity) = choice.with_words(mined).tables();
    summary.pairs = pairs::Weighed::of(&choice);
    drop(log);
    step.finish_and_clear();

    let encoder = arguments.models.load("item-text")?;
    if let Some(folder) = arguments.models.missing() {
        eprintln!(
            "no models are packed, and lists come from the log and the catalogue alone: there is no folder {}/ here; \
             name the one that holds them with --models",
            folder.display()
        );
    }
    if let Some(encoder) = &encoder {
        pack.embeddings = Some(models::embed(encoder, pack.items.as_slice())?);
    }
    let catalogue = arguments
        .source
        .items
        .as_ref()
        .or(arguments.source.data.as_ref());
    let default_images = catalogue
        .and_then(|path| path.parent())
        .map(PathBuf::from)
        .unwrap_or_default();
    let images_dir = arguments.images_dir.as_ref().unwrap_or(&default_images);
    let pictures = pictures::embed(&mut pack, images_dir);
    summary.pictures = pictures;

    let created = now
        .format(&Rfc3339)
        .context("writing the time of packing")?;
    let model = match &arguments.fitted {
        Some(folder) => {
            let step = output::step(format!("reading and compiling {}", folder.display()));
            let fitted = Fitted::read(folder, &pack.items)?;
            fitted.put_into(&mut pack);
            let encoder = fitted.encoder("encoder.q8.onnx", arguments.models.weights())?;
            step.finish_and_clear();
            Some(encoder)
        }
        None if encoder.is_some() => arguments.models.load("for-you")?,
        None => None,
    };
    let by_meaning = arguments.search_by_meaning;
    let lists = arguments
        .shards
        .lists(pack.embeddings.as_ref(), by_meaning)?;
    let rows = pack.embeddings.take_if(|_| lists.is_some());
    if rows.is_some() {
        pack.text_embeddings = None;
    }
    let mut writer = PackWriter::new(&pack, &created)?;
    if let (Some(lists), Some(rows)) = (lists, rows) {
        summary.shards = Some(arguments.shards.add(&mut writer, &rows, lists)?);
    }
    if let Some(plan) = model {
        writer.model("for-you", plan.to_bytes()?);
    }
    chat::add(&mut writer, &arguments.chat, &arguments.models)?;
    summary.looks = looks::add(
        &mut writer,
        &pack,
        &arguments.vision,
        &arguments.models,
        &arguments.out,
    )?;
    if by_meaning {
        let Some(encoder) = &encoder else {
            return Err(wrong_usage(
                "--search-by-meaning needs item-text: name its folder with --models",
            ));
        };
        writer.model("item-text", encoder.to_bytes()?);
    }
    let files = writer.finish()?;
    let step = output::step("weighing and writing the folder");
    summary.weigh(&files)?;
    folder::replace(&arguments.out, &files, arguments.widget.as_deref())?;
    step.finish_and_clear();
    summary.seconds = began.elapsed().as_secs_f64();
    summary.peak_memory_bytes = output::peak_memory_bytes();
    if arguments.json {
        output::json(&summary)?;
    } else {
        summary.print(&arguments.out);
    }
    let rejected = arguments.strict && source.rows_rejected();
    Ok(if rejected {
        Outcome::RowsRejected
    } else {
        Outcome::Done
    })
}
