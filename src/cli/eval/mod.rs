//! `nearshelf eval`: the recommender on an event log, next to the baselines.

mod sweep;
mod table;

use crate::{
    Outcome,
    models::{self, ModelArguments},
    output,
    source::{self, SourceArguments},
    wrong_usage,
};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use nearshelf_catalogue::{ItemTable, Neighbours, Pack, Popularity};
use nearshelf_engine::{CpuSession, Plan};
use nearshelf_recommend::{
    ForYou, Request, Tuning,
    evaluate::{
        ItemKnn, ItemKnnOptions, LastBasket, PersonalBaseline, PopularityBaseline, Recommender,
        ShelfRecommender, Split, evaluate, last_basket, leave_one_out, set_aside,
    },
    mine::{Interactions, MineOptions, mine},
};
use serde::Serialize;
use std::sync::Arc;
use table::Row;
use time::{Date, OffsetDateTime, format_description::well_known::Iso8601};

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
    /// Ask only about last baskets from this UTC day on, as 2011-10-01.
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    from: Option<OffsetDateTime>,
    /// Ask only about last baskets before this UTC day, and know nothing from it on.
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    to: Option<OffsetDateTime>,
    /// First take away each session's last basket, which the plain evaluation asks about: to
    /// choose constants without having seen it.
    #[arg(long)]
    set_aside: bool,
    /// Ask item-kNN and the recommender with other constants, too.
    #[arg(long)]
    sweep: bool,
    #[command(flatten)]
    models: ModelArguments,
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

fn parse_day(text: &str) -> Result<OffsetDateTime, String> {
    let day = Date::parse(text, &Iso8601::DATE).map_err(|_| "a day as 2011-10-01".to_owned())?;
    Ok(day.midnight().assume_utc())
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    if arguments.source.events.is_none() {
        return Err(wrong_usage(
            "nothing to evaluate on: name the event log with --events",
        ));
    }
    let source = source::read(&arguments.source)?;
    let table = ItemTable::new(source.items.clone());
    let log = Interactions::from_events(&source.events, |id| table.index_of(id));
    let split = split(arguments, &log)?;
    if split.cases.is_empty() {
        bail!(
            "no session has enough events to hide any: last-basket needs two baskets of one session, \
             leave-one-out three events (--protocol); give a longer log or period"
        );
    }
    let pack = pack_of(arguments, table, &source.items, &split)?;
    let for_you = match &pack.embeddings {
        Some(_) => arguments.models.load("for-you")?,
        None => None,
    };
    let mut rows = Vec::new();
    // Baskets repeat purchases; the next new item, by definition, doesn't.
    let with_repeats: &[bool] = match arguments.protocol {
        Protocol::LastBasket => &[true, false],
        Protocol::LeaveOneOut => &[false],
    };
    for &repeat_purchases in with_repeats {
        let asked = Asked {
            pack: &pack,
            split: &split,
            for_you: for_you.as_ref(),
            k: usize::from(arguments.k),
            repeat_purchases,
        };
        rows.extend(asked.compare()?);
        if arguments.sweep {
            rows.extend(sweep::rows(&asked)?);
        }
    }
    let report = Report {
        protocol: arguments.protocol,
        items: pack.items.len(),
        events: source.events.len(),
        rows,
    };
    if arguments.json {
        output::json(&report)?;
    } else {
        let (cases, items, events) = (split.cases.len(), report.items, report.events);
        crate::say!("{cases} cases, {items} items, {events} events\n");
        table::print(&report.rows, usize::from(arguments.k));
    }
    Ok(Outcome::Done)
}

/// What is hidden of the log.
fn split(arguments: &Arguments, log: &Interactions) -> Result<Split> {
    let asks_period = arguments.from.is_some() || arguments.to.is_some();
    if arguments.protocol == Protocol::LeaveOneOut {
        if asks_period || arguments.set_aside {
            return Err(wrong_usage(
                "--from, --to and --set-aside belong to --protocol last-basket",
            ));
        }
        return Ok(leave_one_out(log));
    }
    let millis = |day: OffsetDateTime| day.unix_timestamp() * 1000;
    let period = LastBasket {
        period: arguments.from.map_or(i64::MIN, millis)..arguments.to.map_or(i64::MAX, millis),
        ..LastBasket::default()
    };
    Ok(if arguments.set_aside {
        last_basket(&set_aside(log), &period)
    } else {
        last_basket(log, &period)
    })
}

/// A pack that knows the training part only.
fn pack_of(
    arguments: &Arguments,
    table: ItemTable,
    items: &[nearshelf_catalogue::Item],
    split: &Split,
) -> Result<Pack> {
    let step = output::step("mining the training part");
    let (neighbours, popularity) = mined(split, table.len(), &MineOptions::default());
    step.finish_and_clear();
    let embeddings = match arguments.models.load("item-text")? {
        Some(encoder) => Some(models::embed(&encoder, items)?),
        None => None,
    };
    Ok(Pack {
        items: table,
        neighbours,
        popularity,
        embeddings,
        ..Pack::default()
    })
}

/// The parts of a pack that come from events.
fn mined(split: &Split, items: usize, options: &MineOptions) -> (Neighbours, Popularity) {
    // As when packing: an event of a wrong clock must not make every other one old.
    let now_millis = OffsetDateTime::now_utc().unix_timestamp() * 1000;
    let options = MineOptions {
        now_millis: options.now_millis.min(now_millis),
        ..options.clone()
    };
    mine(&split.train, items, &options).tables()
}

/// One half of the table: whether what was bought before counts as a recommendation.
struct Asked<'a> {
    pack: &'a Pack,
    split: &'a Split,
    for_you: Option<&'a Arc<Plan>>,
    k: usize,
    repeat_purchases: bool,
}

impl<'a> Asked<'a> {
    /// Every recommender on the same cases.
    fn compare(&self) -> Result<Vec<Row>> {
        let (train, count) = (&self.split.train, self.pack.items.len());
        let repeats = self.repeat_purchases;
        let knn = ItemKnnOptions {
            repeat_purchases: repeats,
            ..ItemKnnOptions::default()
        };
        let mut rows = vec![
            self.row(PopularityBaseline::fit(train, count, repeats))?,
            self.row(ItemKnn::fit(train, count, knn))?,
        ];
        if repeats {
            rows.push(self.row(PersonalBaseline::fit(train, count))?);
        }
        let without_embeddings = Pack {
            embeddings: None,
            ..self.pack.clone()
        };
        let log_only = "nearshelf, log only";
        rows.push(self.row(ShelfRecommender::new(
            log_only,
            &without_embeddings,
            self.accuracy(),
        ))?);
        if self.pack.embeddings.is_some() {
            rows.push(self.row(self.first_paint(self.pack))?);
        }
        if self.for_you.is_some() {
            let alone = ShelfRecommender::for_the_model_alone();
            rows.push(self.row(self.refined("for-you alone")?.with_tuning(alone))?);
            rows.push(self.row(self.refined("nearshelf, pack and model")?)?);
        }
        if !repeats {
            // What a shop gets that sets nothing: varied lists, one variant of a product, and
            // what was bought long ago again.
            let mut shipped = self.shelf("nearshelf, as shipped", Request::default())?;
            shipped = shipped.with_tuning(Tuning::default());
            rows.push(self.row(shipped)?);
        }
        Ok(rows)
    }

    /// Accuracy alone: no variety.
    fn accuracy(&self) -> Request {
        Request {
            diversity: 0.0,
            repeat_purchases: self.repeat_purchases,
            ..Request::default()
        }
    }

    /// What a page shows before any model is loaded.
    fn first_paint<'p>(&self, pack: &'p Pack) -> ShelfRecommender<'p> {
        ShelfRecommender::new("nearshelf, pack", pack, self.accuracy())
    }

    /// What a page shows when the model is loaded; without one, the same as at first.
    fn refined<'n>(&self, name: &'n str) -> Result<ShelfRecommender<'n>>
    where
        'a: 'n,
    {
        self.shelf(name, self.accuracy())
    }

    fn shelf<'n>(&self, name: &'n str, request: Request) -> Result<ShelfRecommender<'n>>
    where
        'a: 'n,
    {
        let pack: &'a Pack = self.pack;
        let shelf = ShelfRecommender::new(name, pack, request);
        let Some(plan) = self.for_you else {
            return Ok(shelf);
        };
        let mut session = CpuSession::new(Arc::clone(plan))?;
        Ok(shelf.with_query(move |history| ForYou::query(&mut session, pack, history)))
    }

    /// Asks one recommender all cases.
    fn row(&self, mut recommender: impl Recommender) -> Result<Row> {
        let name = recommender.name().to_owned();
        let cases = &self.split.cases;
        let step = output::step(format!("asking {name} for {} lists", cases.len()));
        let scores = evaluate(&mut recommender, cases, self.k, self.pack.items.len())
            .with_context(|| format!("asking {name}"))?;
        step.finish_and_clear();
        Ok(Row {
            recommender: name,
            repeat_purchases: self.repeat_purchases,
            scores,
        })
    }
}
