//! What is asked: the protocol, and where constants are chosen.

use super::Arguments;
use crate::{source::Source, wrong_usage};
use anyhow::{Result, bail};
use clap::ValueEnum;
use nearshelf_recommend::evaluate::{
    Held, LastBasket, Split, complements, last_basket, last_sessions_out, leave_last_out,
    leave_one_out, next_basket, replay, set_aside,
};
use serde::Serialize;
use std::ops::Range;
use time::OffsetDateTime;

/// A longer pause begins a new visit.
const VISIT_GAP_MILLIS: i64 = 30 * 60_000;
/// Part of session data that is held out for validation.
const VALIDATION_PART: f64 = 0.1;

/// Which question is asked of each session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// Each session's last basket, from all before it.
    LastBasket,
    /// Each session's last new item.
    LeaveOneOut,
    /// Each sequence's last item (published leave one out).
    LastItem,
    /// Split by a day (--from): the first basket from it on, learning only from before it.
    NextBasket,
    /// Split by a day (--from): every basket from it on, as it comes, learning only from before it.
    Replay,
    /// Split by a day (--from): one item of each session's first basket from it on lies in the cart; asked is the rest.
    Complements,
    /// The questions that a data set of sessions brings.
    Sessions,
}

/// Which part is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// What figures are reported on.
    Test,
    /// What constants are chosen on.
    Validation,
}

impl Protocol {
    /// The one of the arguments, or that of the data.
    pub fn of(arguments: &Arguments, source: &Source) -> Self {
        arguments
            .protocol
            .unwrap_or(match (&source.questions, source.timed) {
                (Some(_), _) => Self::Sessions,
                (None, false) => Self::LastItem,
                (None, true) => Self::LastBasket,
            })
    }

    /// In words, for reports.
    pub fn about(self) -> &'static str {
        match self {
            Self::LastBasket => {
                "each session's last basket is hidden, with its whole visit; all before it is known"
            }
            Self::LeaveOneOut => {
                "each session's last new item is hidden, with everything from its first event on"
            }
            Self::LastItem => {
                "the last item of each sequence is the test, the last but one the validation, the rest is for training; \
                 for the test the validation item belongs to the history"
            }
            Self::NextBasket => {
                "split by time: trained on all before the day, asked for each session's first basket from that day on"
            }
            Self::Replay => {
                "split by time: trained on all before the day, asked for every basket of each session from that day on, \
                 from all that the session did before it"
            }
            Self::Complements => {
                "split by time: trained on all before the day, asked what else is in each session's first basket from that \
                 day on, one item of which lies in the cart"
            }
            Self::Sessions => {
                "each line of the test is a question: a session's beginning, and the item that came next"
            }
        }
    }

    /// Length of the lists that figures are usually given for.
    pub fn usual_k(self) -> u16 {
        match self {
            Self::LastItem => 10,
            _ => 20,
        }
    }

    /// Whether lists may show what is in the history; where both make sense, the first is the main one.
    pub fn repeats(self) -> &'static [bool] {
        match self {
            Self::LastItem => &[false, true],
            // The next new item, by definition, is no repetition.
            Self::LeaveOneOut | Self::Complements => &[false],
            // People buy again, and go back to what they looked at.
            Self::LastBasket | Self::NextBasket | Self::Replay => &[true, false],
            Self::Sessions => &[true],
        }
    }
}

/// The questions of the protocol.
///
/// # Errors
/// When arguments contradict the protocol or the data.
pub fn split(arguments: &Arguments, protocol: Protocol, source: &Source) -> Result<Split> {
    check(arguments, protocol, source)?;
    let log = &source.log;
    let split = match protocol {
        Protocol::LeaveOneOut => leave_one_out(log),
        Protocol::LastBasket => {
            let options = LastBasket {
                period: period(arguments),
                ..LastBasket::default()
            };
            match arguments.set_aside {
                true => last_basket(&set_aside(log), &options),
                false => last_basket(log, &options),
            }
        }
        Protocol::LastItem => {
            let held = match arguments.part {
                Part::Test => Held::Test,
                Part::Validation => Held::Validation,
            };
            leave_last_out(log, held)
        }
        Protocol::NextBasket => next_basket(log, period(arguments), VISIT_GAP_MILLIS),
        Protocol::Complements => complements(log, period(arguments), VISIT_GAP_MILLIS),
        Protocol::Replay => replay(log, period(arguments), VISIT_GAP_MILLIS),
        Protocol::Sessions => match (&source.questions, arguments.part) {
            (Some(questions), Part::Test) => Split {
                train: log.clone(),
                cases: questions.clone(),
            },
            _ => last_sessions_out(log, VALIDATION_PART),
        },
    };
    if split.cases.is_empty() {
        bail!(
            "no session has enough events to hide any: all by baskets need two baskets of one session, \
             last-item two events (three for validation), leave-one-out three; give a longer log or period"
        );
    }
    Ok(split)
}

/// The questions that constants are chosen on, where the protocol has any beside those that are asked.
pub fn validation(arguments: &Arguments, protocol: Protocol, source: &Source) -> Option<Split> {
    if arguments.part == Part::Validation {
        return None;
    }
    let split = match protocol {
        Protocol::LastItem => leave_last_out(&source.log, Held::Validation),
        Protocol::Sessions => last_sessions_out(&source.log, VALIDATION_PART),
        _ => return None,
    };
    (!split.cases.is_empty()).then_some(split)
}

fn check(arguments: &Arguments, protocol: Protocol, source: &Source) -> Result<()> {
    let by_day = matches!(
        protocol,
        Protocol::LastBasket | Protocol::NextBasket | Protocol::Replay | Protocol::Complements
    );
    let has_period = arguments.from.is_some() || arguments.to.is_some();
    if has_period && !by_day || arguments.set_aside && protocol != Protocol::LastBasket {
        return Err(wrong_usage(
            "--from and --to belong to --protocol last-basket, next-basket, replay and complements, --set-aside to last-basket",
        ));
    }
    if by_day && protocol != Protocol::LastBasket && arguments.from.is_none() {
        return Err(wrong_usage(
            "next-basket, replay and complements are split by a day: name it with --from 2011-11-01",
        ));
    }
    if by_day && !source.timed {
        return Err(wrong_usage(
            "this data set has no times, and so no baskets: use --protocol last-item",
        ));
    }
    if protocol == Protocol::Sessions && source.questions.is_none() {
        return Err(wrong_usage(
            "--protocol sessions needs a data set with questions (test_prefix_target.tsv), in --data",
        ));
    }
    let has_parts = matches!(protocol, Protocol::LastItem | Protocol::Sessions);
    if arguments.fitted.is_some() && !has_parts {
        return Err(wrong_usage(
            "what was fitted has seen all but the last two events of each session, and so what this protocol hides: \
             use --protocol last-item",
        ));
    }
    if arguments.part == Part::Validation && !has_parts {
        return Err(wrong_usage(
            "--part validation belongs to last-item and sessions; choose on other days with --from and --to, or with --set-aside",
        ));
    }
    Ok(())
}

fn period(arguments: &Arguments) -> Range<i64> {
    let millis = |day: OffsetDateTime| day.unix_timestamp() * 1000;
    arguments.from.map_or(i64::MIN, millis)..arguments.to.map_or(i64::MAX, millis)
}
