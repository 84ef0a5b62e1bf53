//! Many things worked on at once, each when a core is free.

use crate::output;
use anyhow::{Context, Result, bail};
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Cores of this machine.
pub fn count() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// What comes of each thing, in their order, whatever the number of threads; `message` says what is done.
///
/// - `make`: what a thread works with, such as a session of a model
///
/// # Errors
/// A failure of `make` or `work`; nothing else is begun then.
pub fn each<S, T: Sync, R: Send>(
    message: &str,
    threads: usize,
    things: &[T],
    make: impl Fn() -> Result<S> + Sync,
    work: impl Fn(&mut S, &T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let progress = output::counted(message, things.len() as u64);
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(things.len()));
    let take = || {
        let place = next.fetch_add(1, Ordering::Relaxed);
        things.get(place).map(|thing| (place, thing))
    };
    let run = || -> Result<()> {
        let mut with = make()?;
        while let Some((place, thing)) = take() {
            let result = work(&mut with, thing)?;
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            results.push((place, result));
            progress.inc(1);
        }
        Ok(())
    };
    let ended: Vec<Result<()>> = thread::scope(|scope| {
        let spawned: Vec<_> = (0..threads.min(things.len()))
            .map(|_| {
                scope.spawn(|| run().inspect_err(|_| next.store(things.len(), Ordering::Relaxed)))
            })
            .collect();
        let joined = spawned
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| bail!("a worker stopped")));
        joined.collect()
    });
    progress.finish_and_clear();
    for end in ended {
        end.with_context(|| message.to_owned())?;
    }
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(place, _)| *place);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubled(threads: usize, things: &[u32]) -> Result<Vec<u32>> {
        each(
            "doubling",
            threads,
            things,
            || Ok(2),
            |by, thing| {
                if *thing == 13 {
                    bail!("thirteen");
                }
                Ok(*by * thing)
            },
        )
    }

    #[test]
    fn results_come_in_the_order_of_things_on_any_number_of_threads() {
        let things: Vec<u32> = (20..300).collect();
        let wanted: Vec<u32> = things.iter().map(|thing| 2 * thing).collect();
        for threads in [1, 2, 7, 1000] {
            assert_eq!(doubled(threads, &things).ok(), Some(wanted.clone()));
        }
        assert_eq!(doubled(4, &[]).ok(), Some(Vec::new()));
    }

    #[test]
    fn a_failure_is_told_with_what_was_done() {
        let error = doubled(3, &[1, 13, 2])
            .err()
            .map(|error| format!("{error:#}"));
        assert_eq!(error.as_deref(), Some("doubling: thirteen"));
    }

    #[test]
    fn what_can_t_be_made_ends_it() {
        let made = each(
            "making",
            2,
            &[1],
            || bail!("no session"),
            |_: &mut (), _| Ok(()),
        );
        assert!(made.is_err());
    }
}
