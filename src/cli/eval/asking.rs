//! Asks a recommender all questions, on several threads.

use crate::output;
use anyhow::{Context, Result, anyhow};
use nearshelf_recommend::evaluate::{Case, Recommender};
use std::thread;

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
    const TOLD_EVERY: usize = 64;
    let name = &competitor.name;
    let progress = output::counted(format!("asking {name}"), cases.len() as u64);
    let share = cases.len().div_ceil(threads.max(1)).max(1);
    let answered: Vec<Result<Vec<Vec<u32>>>> = thread::scope(|scope| {
        let progress = &progress;
        let workers: Vec<_> = cases
            .chunks(share)
            .map(|cases| {
                scope.spawn(move || {
                    let mut recommender = (competitor.make)()?;
                    let mut lists = Vec::with_capacity(cases.len());
                    for (number, case) in cases.iter().enumerate() {
                        lists.push(recommender.recommend(&case.history, case.now_millis, k)?);
                        if (number + 1) % TOLD_EVERY == 0 {
                            progress.inc(TOLD_EVERY as u64);
                        }
                    }
                    Ok(lists)
                })
            })
            .collect();
        let joined = workers.into_iter().map(|worker| {
            worker
                .join()
                .unwrap_or_else(|_| Err(anyhow!("a worker stopped")))
        });
        joined.collect()
    });
    progress.finish_and_clear();
    let mut lists = Vec::with_capacity(cases.len());
    for part in answered {
        lists.append(&mut part.with_context(|| format!("asking {name}"))?);
    }
    Ok(lists)
}
