//! Event logs: CSV or JSONL with `session`, `event`, `item_id`, `time` and, if wanted, `quantity`.

use super::{
    EventReport, Format, ReadError, ReadOptions, jsonl,
    record::Record,
    table::{Row, Table},
};
use crate::{Event, EventKind};
use std::{collections::BTreeMap, io::Read};
use time::{
    OffsetDateTime, PrimitiveDateTime, format_description::well_known::Rfc3339,
    macros::format_description,
};

const SESSION: &[&str] = &["session", "session_id", "user", "user_id", "visitor_id"];
const EVENT: &[&str] = &["event", "event_type", "type", "action"];
const ITEM: &[&str] = &["item_id", "item", "product_id", "sku"];
const TIME: &[&str] = &["time", "timestamp", "time_millis", "date"];
/// Largest quantity that is taken for one.
const MAX_QUANTITY: u32 = 1_000_000;

/// Reads an event log in [`Format::Csv`] or [`Format::Jsonl`]; tabs count as CSV's delimiter in [`Format::MerchantTsv`].
///
/// `time` is RFC 3339, `YYYY-MM-DD HH:MM:SS` (taken as UTC), or Unix time in seconds or milliseconds.
///
/// # Errors
/// [`ReadError`] when nothing of the file makes sense; bad rows are in the report.
pub fn read_events(format: Format, source: impl Read) -> Result<EventReport, ReadError> {
    let options = ReadOptions::default();
    let mut report = EventReport::default();
    if format == Format::Jsonl {
        let (mut events, mut problems) = (Vec::new(), Vec::new());
        report.rows = jsonl::each_object(source, &mut problems, |line, object, problems| {
            let pairs = object
                .iter()
                .filter_map(|(k, v)| Some((k.to_lowercase(), jsonl::scalar(v)?)));
            let fields: BTreeMap<String, String> = pairs.collect();
            events.extend(event_of(&mut Record {
                line,
                fields,
                problems,
                options: &options,
            }));
        })?;
        report.events = events;
        report.problems = problems;
        return Ok(report);
    }
    let delimiter = if format == Format::MerchantTsv {
        b'\t'
    } else {
        b','
    };
    let mut table = Table::new(
        source,
        delimiter,
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
    while let Some(row) = table.next_row()? {
        match row {
            Row::Bad(problem) => report.problems.push(problem),
            Row::Fields(line, fields) => {
                let mut record = Record {
                    line,
                    fields,
                    problems: &mut report.problems,
                    options: &options,
                };
                report.events.extend(event_of(&mut record));
            }
        }
    }
    report.rows = table.rows;
    Ok(report)
}

fn event_of(record: &mut Record) -> Option<Event> {
    let session = record.id(SESSION)?;
    let item_id = record.id(ITEM)?;
    let kind_text = record.required(EVENT)?;
    let time_text = record.required(TIME)?;
    let kind = EventKind::from_name(&kind_text);
    let time_millis = unix_millis(&time_text);
    let quantity = record.get(&["quantity", "qty"]);
    let parsed_quantity = match &quantity {
        None => Some(1),
        Some(text) => text
            .parse::<u32>()
            .ok()
            .filter(|q| (1..=MAX_QUANTITY).contains(q)),
    };
    let line = record.line;
    let mut reject = |column: &str, reason: &str, value: &str| {
        let (column, reason, excerpt) = (
            column.to_owned(),
            reason.to_owned(),
            super::record::excerpt(value),
        );
        record.problems.push(super::RowProblem {
            line,
            column,
            reason,
            excerpt,
            row_rejected: true,
        });
    };
    match (kind, time_millis, parsed_quantity) {
        (None, _, _) => reject(
            "event",
            "unknown; write view, add_to_cart, purchase or remove",
            &kind_text,
        ),
        (_, None, _) => reject(
            "time",
            "no time; write it as 2026-01-31T12:00:00Z or as Unix time",
            &time_text,
        ),
        (_, _, None) => reject(
            "quantity",
            "not a whole number from 1 to 1000000",
            &quantity.unwrap_or_default(),
        ),
        (Some(kind), Some(time_millis), Some(quantity)) => {
            return Some(Event {
                session,
                kind,
                item_id,
                time_millis,
                quantity,
            });
        }
    }
    None
}

/// Largest Unix time in seconds that is taken for one (year 5138); beyond that it is milliseconds.
const MAX_SECONDS: i64 = 100_000_000_000;

fn unix_millis(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        return match number {
            0..MAX_SECONDS => Some(number * 1000),
            MAX_SECONDS..100_000_000_000_000 => Some(number),
            _ => None,
        };
    }
    let time = OffsetDateTime::parse(text, &Rfc3339).ok().or_else(|| {
        let plain = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
        PrimitiveDateTime::parse(text, &plain)
            .ok()
            .map(PrimitiveDateTime::assume_utc)
    })?;
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()
}
