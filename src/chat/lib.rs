//! The shop assistant: what is wanted, which words narrow it, what is answered.
//!
//! ```text
//! message ─▶ clean ─▶ units ─▶ (encoder) ─▶ Head ─▶ intents with confidence ┐
//!                └──▶ tokens ─▶ slots, resolved to the catalogue's facets ──┴▶ dialogue ─▶ Reply
//! ```
//!
//! Pure functions: nothing here reads a clock, a file or the network, or knows of a backend. A message is plain text,
//! whatever stands in it.

pub mod answers;
pub mod audience;
mod base64;
pub mod catalogue;
pub mod clauses;
pub mod dialogue;
#[cfg(not(target_arch = "wasm32"))]
pub mod examples;
pub mod head;
pub mod language;
pub mod measure;
pub mod normalise;
pub mod slots;
pub mod units;
pub mod wish;
