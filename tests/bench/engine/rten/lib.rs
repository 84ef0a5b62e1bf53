//! rten's `wasm_api`, linked into a module of its own.

pub use rten::*;
