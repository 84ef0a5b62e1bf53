//! One item of a pack: what its score is made of, and which of the merchant's rules speak of it.

use super::pack::open;
use crate::{Outcome, output, wrong_usage};
use anyhow::{Context, Result};
use nearshelf_catalogue::{EventKind, Pack};
use nearshelf_recommend::{HistoryEvent, Kind, PackIndex, Request};
use std::path::Path;
use time::OffsetDateTime;

/// Explains an item in a list as of now, without a model.
pub fn explain(
    folder: &Path,
    id: &str,
    list: &str,
    viewed: &[String],
    json: bool,
) -> Result<Outcome> {
    let kind = Kind::from_name(list).ok_or_else(|| {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        wrong_usage(format!("--list {list}: there are {}", known.join(", ")))
    })?;
    let (reader, _) = open(folder)?;
    let pack = reader.pack().context("the pack lacks chunks")?;
    let item = index_of(pack, id)?;
    let now_millis = OffsetDateTime::now_utc().unix_timestamp() * 1000;
    let viewed: Result<Vec<HistoryEvent>> = viewed
        .iter()
        .map(|id| {
            Ok(HistoryEvent {
                item: index_of(pack, id)?,
                kind: EventKind::View,
                time_millis: now_millis,
            })
        })
        .collect();
    let request = Request {
        kind,
        history: viewed?,
        now_millis,
        ..Request::default()
    };
    let told = PackIndex::new(pack).explain(pack, &request, None, item);
    if json {
        output::json(&told)?;
        return Ok(Outcome::Done);
    }
    crate::say!("{id} in {list}: score {:.4}", told.score);
    for (measure, points) in &told.parts {
        crate::say!("  {measure:<12} {points:>8.4}");
    }
    crate::say!("  times {:.4} by rules, stock and novelty", told.factor);
    if !told.may_be_shown {
        crate::say!("  it may not be shown: a rule, or what was just viewed, leaves it out");
    }
    for rule in &told.rules {
        crate::say!("  rule {} {:?}: {}", rule.number, rule.name, rule.effect);
    }
    if told.rules.is_empty() {
        crate::say!("  no rule speaks of it in this list");
    }
    Ok(Outcome::Done)
}

fn index_of(pack: &Pack, id: &str) -> Result<u32> {
    let found = pack.items.index_of(id);
    found.with_context(|| {
        format!("the pack has no item {id:?}: use the ids of the catalogue it was made of")
    })
}
