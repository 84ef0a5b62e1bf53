//! Cases that may fail on a GPU, and why.

use crate::case::Case;
use crate::runner::{Outcome, judge};

struct Exception {
    suite: &'static str,
    /// How names of its cases begin.
    begin: &'static str,
    reason: &'static str,
    /// Of Mesa's lavapipe alone, not of shaders.
    is_of_lavapipe: bool,
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        suite: "parity",
        begin: "functions_agree_on_all_magnitudes: Sin, the largest",
        reason: LARGE_ANGLES,
        is_of_lavapipe: false,
    },
    Exception {
        suite: "parity",
        begin: "functions_agree_on_all_magnitudes: Cos, the largest",
        reason: LARGE_ANGLES,
        is_of_lavapipe: false,
    },
    Exception {
        suite: "parity",
        begin: "lines_are_ordered_and_added_up_alike: TopK, 1500 of ",
        reason: LONG_LOOPS,
        is_of_lavapipe: true,
    },
    Exception {
        suite: "parity",
        begin: "lines_are_ordered_and_added_up_alike: TopK, 3000 of ",
        reason: LONG_LOOPS,
        is_of_lavapipe: true,
    },
];

const LARGE_ANGLES: &str =
    "the parts of π/2 that are taken off hold for angles up to some thousands";
const LONG_LOOPS: &str = "lavapipe leaves an invocation's loops after 65,535 rounds";

/// The reason for which a case may fail, in browsers or here.
fn found(suite: &str, case: &Case) -> Option<&'static Exception> {
    let is_it = |it: &&Exception| it.suite == suite && case.name.starts_with(it.begin);
    EXCEPTIONS.iter().find(is_it)
}

/// The reason for which a case may fail, and whether that is lavapipe's alone: browsers read it out of `build/gpu-cases`.
pub fn reason(suite: &str, case: &Case) -> Option<(&'static str, bool)> {
    found(suite, case).map(|it| (it.reason, it.is_of_lavapipe))
}

/// What is wrong with a case: it has to agree, unless it is excepted; then it must not, or the list is stale.
pub fn unexpected(suite: &str, adapter: &str, case: &Case, outcome: &Outcome) -> Option<String> {
    let is_lavapipe = adapter.contains("llvmpipe");
    let excepted = found(suite, case).filter(|it| is_lavapipe || !it.is_of_lavapipe);
    match (judge(case, outcome), excepted) {
        (Ok(()), None) => None,
        // Refused by the lowering where lavapipe would answer wrongly: neither right nor wrong.
        (Err(wrong), None) if is_lavapipe && wrong.contains("silently leaves") => {
            println!("SKIPPED {}: {wrong}", case.name);
            None
        }
        (Err(wrong), None) => Some(format!("{}: {wrong}", case.name)),
        (Ok(()), Some(_)) => Some(format!("{} agrees: it is no exception", case.name)),
        (Err(wrong), Some(it)) => {
            println!("{}: {wrong} ({})", case.name, it.reason);
            None
        }
    }
}
