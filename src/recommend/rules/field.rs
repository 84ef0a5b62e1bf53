//! Fields of a JSON object, taken with words for what is wrong with them.

use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{RuleProblem, near};

/// Collects problems of the entry that is being read.
#[derive(Debug, Default)]
pub(super) struct Problems {
    /// Where in the file.
    pub entry: String,
    found: Vec<RuleProblem>,
}

impl Problems {
    pub fn add(&mut self, field: &str, problem: impl Into<String>) {
        self.found.push(RuleProblem {
            entry: self.entry.clone(),
            field: field.to_owned(),
            problem: problem.into(),
        });
    }

    /// The value, unless there are any.
    pub fn or<T>(self, value: T) -> Result<T, Vec<RuleProblem>> {
        if self.found.is_empty() {
            Ok(value)
        } else {
            Err(self.found)
        }
    }
}

/// The fields of one object. What is there and of the wrong type is a problem and counts as missing.
pub(super) struct Fields<'a, 'p> {
    object: &'a Map<String, Value>,
    problems: &'p mut Problems,
}

impl<'a, 'p> Fields<'a, 'p> {
    pub fn new(object: &'a Map<String, Value>, problems: &'p mut Problems) -> Self {
        Self { object, problems }
    }

    fn take<T>(
        &mut self,
        field: &str,
        wanted: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.object.get(field)?;
        let read = read(value);
        if read.is_none() {
            let mut found = value.to_string();
            if found.chars().count() > 40 {
                found = found.chars().take(40).chain(['…']).collect();
            }
            self.problems.add(field, format!("{found} is no {wanted}"));
        }
        read
    }

    pub fn text(&mut self, field: &str) -> Option<String> {
        let read = |value: &Value| value.as_str().map(str::to_owned);
        self.take(field, "text in quotes", read)
    }

    pub fn number(&mut self, field: &str) -> Option<f64> {
        self.take(field, "number", Value::as_f64)
    }

    pub fn flag(&mut self, field: &str) -> Option<bool> {
        self.take(field, "true or false", Value::as_bool)
    }

    pub fn texts(&mut self, field: &str) -> Option<Vec<String>> {
        self.take(field, "list of texts", texts_of)
    }

    pub fn list(&mut self, field: &str) -> Option<&'a [Value]> {
        let object = self.object;
        self.take(field, "list", |value| value.as_array().map(drop))?;
        object.get(field)?.as_array().map(Vec::as_slice)
    }

    pub fn object(&mut self, field: &str) -> Option<&'a Map<String, Value>> {
        let object = self.object;
        self.take(field, "object", |value| value.as_object().map(drop))?;
        object.get(field)?.as_object()
    }

    /// Unix time of an RFC 3339 one.
    pub fn time(&mut self, field: &str) -> Option<i64> {
        let read = |value: &Value| {
            let time = OffsetDateTime::parse(value.as_str()?, &Rfc3339).ok()?;
            Some(time.unix_timestamp() * 1000)
        };
        self.take(field, "time as \"2026-06-01T00:00:00Z\"", read)
    }

    /// Fields that nothing reads are slips: a rule without its condition would hold for everything.
    pub fn no_others(&mut self, known: &[&str]) {
        for field in self.object.keys() {
            if !known.contains(&field.as_str()) {
                let problem = near::unknown("field", field, known);
                self.problems.add(field, problem);
            }
        }
    }
}

/// A list of texts; one text stands for a list of it.
pub(super) fn texts_of(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        one => text(one).map(|one| vec![one]),
    }
}
