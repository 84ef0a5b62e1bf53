//! What people and programs see: steps on standard error, results on standard output.

/// Prints a line of results. A reader that has had enough (`| head`) ends the program, quietly.
#[macro_export]
macro_rules! say {
    ($($part:tt)*) => {{
        use std::io::Write;
        if writeln!(std::io::stdout(), $($part)*).is_err() {
            std::process::exit(0);
        }
    }};
}

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::time::Duration;

/// A step that takes a while; a spinner on a terminal, a line elsewhere.
pub fn step(message: impl Into<String>) -> ProgressBar {
    let message = message.into();
    let bar = ProgressBar::new_spinner();
    if bar.is_hidden() {
        eprintln!("{message}");
    }
    bar.set_message(message);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// A step of known length.
pub fn counted(message: impl Into<String>, length: u64) -> ProgressBar {
    let message = message.into();
    let bar = ProgressBar::new(length);
    if bar.is_hidden() {
        eprintln!("{message}");
    }
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar.set_message(message);
    bar
}

/// Prints one JSON document.
///
/// # Errors
/// When the value can't be written down.
pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    crate::say!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

/// `1 item`, `2 items`.
pub fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// Bytes as people read them.
pub fn size(bytes: u64) -> String {
    let kib = bytes as f64 / 1024.0;
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{kib:.1} KiB"),
        _ => format!("{:.1} MiB", kib / 1024.0),
    }
}

/// Highest memory use of this process so far, where the system tells.
pub fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024)
}
