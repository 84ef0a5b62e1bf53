//! What a page calls: each case by its number, and a text to read after a call.

use crate::CASES;
use std::sync::{Mutex, PoisonError};

static TEXT: Mutex<String> = Mutex::new(String::new());

fn say(text: String) {
    *TEXT.lock().unwrap_or_else(PoisonError::into_inner) = text;
}

/// How many cases there are.
#[unsafe(no_mangle)]
pub extern "C" fn count() -> usize {
    CASES.len()
}

/// Makes the name of a case the text.
#[unsafe(no_mangle)]
pub extern "C" fn name(case: usize) {
    say(CASES[case].name.to_owned());
}

/// Returns if the case holds; else the module traps, and the text says what doesn't.
#[unsafe(no_mangle)]
pub extern "C" fn check(case: usize) {
    std::panic::set_hook(Box::new(|panic| say(panic.to_string())));
    (CASES[case].examples)(&mut |example| example.check());
}

/// Where the text lies in memory: UTF-8, until the next call.
#[unsafe(no_mangle)]
pub extern "C" fn text() -> *const u8 {
    TEXT.lock().unwrap_or_else(PoisonError::into_inner).as_ptr()
}

/// Its bytes.
#[unsafe(no_mangle)]
pub extern "C" fn text_bytes() -> usize {
    TEXT.lock().unwrap_or_else(PoisonError::into_inner).len()
}
