//! Work over ranges of items, spread over threads.

use std::ops::Range;
use std::thread;

/// How many of so many items each thread has.
pub(super) fn share(count: usize, threads: usize) -> usize {
    count.div_ceil(threads.max(1)).max(1)
}

/// What `work` makes of the parts of a range, one a thread, in order.
pub(super) fn in_parts<T: Send>(
    threads: usize,
    all: Range<usize>,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    let share = share(all.len(), threads);
    let parts: Vec<Range<usize>> = all
        .clone()
        .step_by(share)
        .map(|first| first..all.end.min(first + share))
        .collect();
    thread::scope(|scope| {
        let work = &work;
        let spawned: Vec<_> = parts
            .into_iter()
            .map(|part| scope.spawn(move || work(part)))
            .collect();
        // A panic of a part is one of the whole.
        spawned
            .into_iter()
            .map(|part| {
                part.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}
