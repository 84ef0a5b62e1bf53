//! Finishes the wasm modules and weighs what a page downloads.
