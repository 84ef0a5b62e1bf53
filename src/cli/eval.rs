//! `nearshelf eval`: the recommender on an event log, next to the baselines.

use crate::{
    Outcome, models, output,
    source::{self, SourceArguments},
};
use anyhow::{Result, bail};
use clap::ValueEnum;
use nearshelf_catalogue::{ItemTable, NeighbourKind, Neighbours, Pack, Popularity};
use nearshelf_engine::CpuSession;
use nearshelf_recommend::{
    ForYou, Request,
    evaluate::{
        ItemKnn, ItemKnnOptions, LastBasket, PersonalBaseline, PopularityBaseline, Recommender,
        Scores, ShelfRecommender, Split, evaluate, last_basket, leave_one_out,
    },
    mine::{Interactions, MineOptions, mine},
};
use serde::Serialize;
use std::{path::PathBuf, sync::Arc};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    source: SourceArguments,
    /// What is hidden: each session's last basket, or its last new item.
    #[arg(long, value_enum, default_value = "last-basket")]
    protocol: Protocol,
    /// Length of the lists.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    k: u16,
    /// Folder of models, one a folder.
    #[arg(long, value_name = "DIR", default_value = "models")]
    models: PathBuf,
    /// Print the table as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Protocol {
    LastBasket,
    LeaveOneOut,
}

#[derive(Serialize)]
struct Report {
    protocol: Protocol,
    items: usize,
    events: usize,
    rows: Vec<Row>,
}

/// One recommender's scores.
#[derive(Serialize)]
struct Row {
    recommender: String,
    /// Whether items that were bought before may be recommended.
    repeat_purchases: bool,
    #[serde(flatten)]
    scores: Scores,
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    if arguments.source.events.is_none() {
        bail!("nothing to evaluate on: name the event log with --events");
    }
    let source = source::read(&arguments.source)?;
    let table = ItemTable::new(source.items.clone());
    let log = Interactions::from_events(&source.events, |id| table.index_of(id));
    let split = match arguments.protocol {
        Protocol::LastBasket => last_basket(&log, &LastBasket::default()),
        Protocol::LeaveOneOut => leave_one_out(&log),
    };
    if split.cases.is_empty() {
        bail!("no session has enough events to hide any: give a longer log");
    }
    let pack = pack_of(arguments, table, &source.items, &split)?;
    let rows = compare(arguments, &pack, &split)?;
    let report = Report {
        protocol: arguments.protocol,
        items: pack.items.len(),
        events: source.events.len(),
        rows,
    };
    if arguments.json {
        output::json(&report)?;
    } else {
        print(&report, usize::from(arguments.k));
    }
    Ok(Outcome::Done)
}

/// A pack that knows the training part only.
fn pack_of(
    arguments: &Arguments,
    table: ItemTable,
    items: &[nearshelf_catalogue::Item],
    split: &Split,
) -> Result<Pack> {
    let step = output::step("mining the training part");
    let mined = mine(&split.train, table.len(), &MineOptions::default());
    let mut neighbours = Neighbours::default();
    neighbours.push(NeighbourKind::ViewedTogether, &mined.viewed_together);
    neighbours.push(NeighbourKind::BoughtTogether, &mined.bought_together);
    neighbours.push(
        NeighbourKind::BoughtAfterViewing,
        &mined.bought_after_viewing,
    );
    step.finish_and_clear();
    let embeddings = match models::load(&arguments.models, "item-text")? {
        Some(encoder) => Some(models::embed(&encoder, items)?),
        None => None,
    };
    let popularity = Popularity::new(&mined.popularity, &mined.trend);
    Ok(Pack {
        items: table,
        neighbours,
        popularity,
        embeddings,
        ..Pack::default()
    })
}

fn compare(arguments: &Arguments, pack: &Pack, split: &Split) -> Result<Vec<Row>> {
    let count = pack.items.len();
    let without_embeddings = Pack {
        embeddings: None,
        ..pack.clone()
    };
    let for_you = match (
        &pack.embeddings,
        models::load(&arguments.models, "for-you")?,
    ) {
        (Some(_), Some(plan)) => Some(plan),
        _ => None,
    };
    let mut rows = Vec::new();
    // Baskets repeat purchases; the next new item, by definition, doesn't.
    let with_repeats: &[bool] = if arguments.protocol == Protocol::LastBasket {
        &[true, false]
    } else {
        &[false]
    };
    for &repeat_purchases in with_repeats {
        let request = || Request {
            diversity: 0.0,
            repeat_purchases,
            ..Request::default()
        };
        let knn = ItemKnnOptions {
            repeat_purchases,
            ..ItemKnnOptions::default()
        };
        let mut recommenders: Vec<Box<dyn Recommender>> = vec![
            Box::new(PopularityBaseline::fit(
                &split.train,
                count,
                repeat_purchases,
            )),
            Box::new(ItemKnn::fit(&split.train, count, knn)),
        ];
        if repeat_purchases {
            recommenders.push(Box::new(PersonalBaseline::fit(&split.train, count)));
        }
        recommenders.push(Box::new(ShelfRecommender::new(
            "nearshelf, pack only",
            &without_embeddings,
            request(),
        )));
        if let Some(plan) = &for_you {
            let mut session = CpuSession::new(Arc::clone(plan))?;
            let query =
                move |history: &[_]| ForYou::query(&mut session, pack, history).ok().flatten();
            recommenders.push(Box::new(
                ShelfRecommender::new("nearshelf, pack and model", pack, request())
                    .with_query(query),
            ));
        }
        for mut recommender in recommenders {
            let name = recommender.name().to_owned();
            let step = output::step(format!("asking {name} for {} lists", split.cases.len()));
            let scores = evaluate(
                recommender.as_mut(),
                &split.cases,
                usize::from(arguments.k),
                count,
            );
            step.finish_and_clear();
            rows.push(Row {
                recommender: name,
                repeat_purchases,
                scores,
            });
        }
    }
    Ok(rows)
}

fn print(report: &Report, k: usize) {
    let cases = report.rows.first().map_or(0, |row| row.scores.cases);
    crate::say!(
        "{cases} cases, {} items, {} events\n",
        report.items,
        report.events
    );
    crate::say!(
        "{:<28} {:>10} {:>10} {:>10} {:>8} {:>8} {:>9}",
        "recommender",
        "bought too",
        format!("recall@{k}"),
        format!("NDCG@{k}"),
        format!("HR@{k}"),
        "MRR",
        "coverage"
    );
    for Row {
        recommender,
        repeat_purchases,
        scores,
    } in &report.rows
    {
        let repeats = if *repeat_purchases { "yes" } else { "no" };
        crate::say!(
            "{recommender:<28} {repeats:>10} {:>10.4} {:>10.4} {:>8.4} {:>8.4} {:>9.3}",
            scores.recall,
            scores.ndcg,
            scores.hit_rate,
            scores.mrr,
            scores.coverage
        );
    }
}
