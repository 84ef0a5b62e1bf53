//! Finishes the wasm modules and weighs what a page downloads.
//!
//! Part of the build, never of the product: [`bind`] turns what cargo made into the module and
//! glue that a browser loads, [`weigh`] measures artefacts against their [`Budget`]s.

mod bind;
mod budget;
mod imports;
mod weight;

pub use bind::bind;
pub use budget::{BUDGETS, Budget};
pub use weight::{Weight, weigh};
