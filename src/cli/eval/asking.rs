//! Asks a recommender all questions, on several threads.

use crate::cores;
use anyhow::Result;
use nearshelf_recommend::evaluate::{Case, Recommender};

/// Makes a recommender on the thread that asks it.
pub type Make<'a> = Box<dyn Fn() -> Result<Box<dyn Recommender + 'a>> + Sync + 'a>;

/// One of those that are compared.
pub struct Competitor<'a> {
    /// Name in tables.
    pub name: String,
    /// What it is, with the constants that were chosen for it.
    pub about: String,
    /// The recommender itself.
    pub make: Make<'a>,
}

impl<'a> Competitor<'a> {
    /// Of a recommender that is copied for each thread.
    pub fn of<R: Recommender + Clone + Sync + 'a>(
        name: impl Into<String>,
        about: impl Into<String>,
        recommender: R,
    ) -> Self {
        Self {
            name: name.into(),
            about: about.into(),
            make: Box::new(move || Ok(Box::new(recommender.clone()))),
        }
    }
}

/// The list of each case, in their order, whatever the number of threads.
///
/// # Errors
/// The first failure.
pub fn ask(
    competitor: &Competitor<'_>,
    cases: &[Case],
    k: usize,
    threads: usize,
) -> Result<Vec<Vec<u32>>> {
    cores::each(
        &format!("asking {}", competitor.name),
        threads,
        cases,
        || (competitor.make)(),
        |recommender, case| Ok(recommender.recommend(&case.history, case.now_millis, k)?),
    )
}
