//! The models that see, natively: pictures looked at on all cores, what packs keep of them, `nearshelf eval vision`.

mod eval;
mod viewer;

pub use eval::{Arguments as EvalArguments, run as evaluate};
pub use viewer::{View, Viewer};
