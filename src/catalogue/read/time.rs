//! Points in time as files write them.

use time::{
    OffsetDateTime, PrimitiveDateTime, format_description::well_known::Rfc3339,
    macros::format_description,
};

/// Largest Unix time in seconds that is taken for one (year 5138); beyond that it is milliseconds.
const MAX_SECONDS: f64 = 100_000_000_000.0;
const DAY_MILLIS: i64 = 86_400_000;

/// RFC 3339, `YYYY-MM-DD HH:MM:SS` as UTC, or Unix time in seconds or milliseconds.
pub(super) fn unix_millis(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<f64>() {
        return match number {
            0.0..MAX_SECONDS => Some((number * 1000.0).round() as i64),
            MAX_SECONDS..100_000_000_000_000.0 => Some(number.round() as i64),
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

/// An ISO 8601 interval as feeds write it, `2026-02-24T11:07+0100/2026-02-29T23:07+0100`: from, until.
///
/// Seconds, the offset (then UTC) and the time of day (then the whole day) may be left out.
pub(super) fn interval_millis(text: &str) -> Option<(i64, i64)> {
    let (from, until) = text.split_once('/')?;
    let (from, until) = (from.trim(), until.trim());
    let last_day = if until.contains('T') { 0 } else { DAY_MILLIS };
    Some((iso_millis(from)?, iso_millis(until)? + last_day))
}

fn iso_millis(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00Z"));
    let offset_at = time.find(['+', '-', 'Z']).unwrap_or(time.len());
    let (clock, offset) = time.split_at_checked(offset_at)?;
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    let offset = match (offset, offset.len()) {
        ("", _) => "Z".to_owned(),
        (_, 5) => format!("{}:{}", offset.get(..3)?, offset.get(3..)?),
        (_, 3) => format!("{offset}:00"),
        _ => offset.to_owned(),
    };
    unix_millis(&format!("{date}T{clock}{seconds}{offset}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_read_as_merchant_feeds_write_them() {
        const NOON: i64 = 1_767_268_800_000; // 2026-01-01T12:00Z
        for (text, from, until) in [
            ("2026-01-01T12:00Z/2026-01-01T12:00:01Z", 0, 1000),
            ("2026-01-01T13:00+0100/2026-01-01T04:00-0800", 0, 0),
            ("2026-01-01T12:00+00:00 / 2026-01-01T12:01+00", 0, 60_000),
            ("2026-01-01T12:00/2026-01-01", 0, DAY_MILLIS / 2),
        ] {
            assert_eq!(
                interval_millis(text),
                Some((NOON + from, NOON + until)),
                "{text}"
            );
        }
        for text in [
            "",
            "2026-01-01",
            "soon/later",
            "2026-01-01/é",
            "2026-13-01/2026-13-02",
        ] {
            assert_eq!(interval_millis(text), None, "{text}");
        }
    }

    #[test]
    fn unix_times_may_come_as_floating_point() {
        assert_eq!(unix_millis("1767225600.0"), Some(1_767_225_600_000));
        assert_eq!(unix_millis("1767225600.5"), Some(1_767_225_600_500));
        for text in ["nan", "inf", "-1", "1e300"] {
            assert_eq!(unix_millis(text), None, "{text}");
        }
    }
}
