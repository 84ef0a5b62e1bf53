//! Event logs: CSV or JSONL with `session`, `event`, `item_id`, `time` and, if wanted, `quantity`.

use super::{
    EventReport, Format, ReadError, ReadOptions, jsonl, record::Record, table::Table,
    time::unix_millis,
};
use crate::{Event, EventKind};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

const SESSION: &[&str] = &["session", "session_id", "user", "user_id", "visitor_id"];
const EVENT: &[&str] = &["event", "event_type", "type", "action"];
const ITEM: &[&str] = &["item_id", "item", "product_id", "sku"];
const TIME: &[&str] = &["time", "timestamp", "time_millis", "date"];
const QUANTITY: &[&str] = &["quantity", "qty"];
/// Largest quantity that is taken for one.
const MAX_QUANTITY: f64 = 1_000_000.0;

/// Reads an event log into memory: see [`each_event`].
///
/// # Errors
/// [`ReadError`] when nothing of the file makes sense; bad rows are in the report.
pub fn read_events(format: Format, source: impl Read) -> Result<EventReport, ReadError> {
    let mut events = Vec::new();
    let report = each_event(format, source, |event| events.push(event))?;
    Ok(EventReport { events, ..report })
}

/// Calls `with` for each event of a log as it is read, so that memory need not hold them: JSON lines in
/// [`Format::Jsonl`], else a table with any of CSV's delimiters. The report's `events` stay empty.
///
/// `time` is RFC 3339, `YYYY-MM-DD HH:MM:SS` (taken as UTC), or Unix time in seconds or milliseconds. A purchase
/// of a negative quantity is a return, and read as [`EventKind::Remove`].
///
/// # Errors
/// [`ReadError`] when nothing of the file makes sense; bad rows are in the report.
pub fn each_event(
    format: Format,
    source: impl Read,
    mut with: impl FnMut(Event),
) -> Result<EventReport, ReadError> {
    let options = ReadOptions::default();
    let mut report = EventReport::default();
    if format == Format::Jsonl {
        let mut ignored = BTreeSet::new();
        report.rows =
            jsonl::each_object(source, &mut report.problems, |line, object, problems| {
                let pairs = object
                    .iter()
                    .filter_map(|(k, v)| Some((k.to_lowercase(), jsonl::scalar(v)?)));
                let fields: BTreeMap<String, String> = pairs.collect();
                jsonl::note_unknown(&mut ignored, fields.keys(), is_known);
                let event = event_of(&mut Record {
                    line,
                    fields,
                    problems,
                    options: &options,
                });
                event.into_iter().for_each(&mut with);
            })?;
        report.ignored_columns = ignored.into_iter().collect();
        return Ok(report);
    }
    let mut table = Table::new(
        source,
        "a header line with session, event, item_id and time",
    )?;
    for (column, names) in [
        ("session", SESSION),
        ("event", EVENT),
        ("item_id", ITEM),
        ("time", TIME),
    ] {
        if !table
            .header
            .iter()
            .any(|name| names.contains(&name.as_str()))
        {
            table.require(column, "an event log has session, event, item_id and time")?;
        }
    }
    report.ignored_columns = table.unknown(is_known);
    report.rows = table.each_row(&mut report.problems, |line, fields, problems| {
        let event = event_of(&mut Record {
            line,
            fields,
            problems,
            options: &options,
        });
        event.into_iter().for_each(&mut with);
    })?;
    Ok(report)
}

fn is_known(name: &str) -> bool {
    [SESSION, EVENT, ITEM, TIME, QUANTITY]
        .iter()
        .any(|names| names.contains(&name))
}

fn event_of(record: &mut Record) -> Option<Event> {
    let session = record.id(SESSION)?;
    let item_id = record.id(ITEM)?;
    let kind_text = record.required(EVENT)?;
    let time_text = record.required(TIME)?;
    let Some(kind) = EventKind::from_name(&kind_text) else {
        let reason = "unknown; write view, add_to_cart, purchase or remove".to_owned();
        record.problem("event", reason, &kind_text, true);
        return None;
    };
    let Some(time_millis) = unix_millis(&time_text) else {
        let reason = "no time; write it as 2026-01-31T12:00:00Z or as Unix time".to_owned();
        record.problem("time", reason, &time_text, true);
        return None;
    };
    let (kind, quantity) = match quantity(record) {
        Some(units) if units > 0.0 => (kind, units),
        Some(units) if kind == EventKind::Purchase => (EventKind::Remove, -units),
        Some(units) => {
            let reason = "below 1, which only a purchase can be (a return); 1 is taken".to_owned();
            record.problem("quantity", reason, &units.to_string(), false);
            (kind, 1.0)
        }
        None => (kind, 1.0),
    };
    Some(Event {
        session,
        kind,
        item_id,
        time_millis,
        quantity: quantity as u32,
    })
}

/// A whole number but 0, which may be written as `2.0`. A bad one is reported and counts as none.
fn quantity(record: &mut Record) -> Option<f64> {
    let text = record.get(QUANTITY)?;
    let number = text.parse::<f64>().ok();
    let whole =
        number.filter(|units| units.fract() == 0.0 && (1.0..=MAX_QUANTITY).contains(&units.abs()));
    if whole.is_none() {
        let reason = "not a whole number from 1 to 1000000; 1 is taken".to_owned();
        record.problem("quantity", reason, &text, false);
    }
    whole
}
