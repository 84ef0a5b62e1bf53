//! Each item regressed on the items nearest to it: which of them speak for it, and how much, with what they say together
//! counted once.
//!
//! What EASE (Steck, WWW 2019) solves for all items at once, `(G + λ)⁻¹`, is solved here among an item's 50 nearest by cosine:
//!
//! ```text
//! G_ij   sessions with both items, each by its age        w = (G_SS + λ·I)⁻¹ G_Si
//! S      the items nearest to i                           weight of i in the list of j ∈ S: max(0, w_j)
//! ```
//!
//! Of an item of a small catalogue all counts are remembered, of one of a large catalogue those of the nearest items
//! ([`counts`]), so that memory has a bound that grows with items alone.

mod counts;
mod solve;

use std::thread;

use nearshelf_catalogue::Neighbour;

use super::parts::in_parts;
use super::product::keep_strongest;
use super::visits::Steps;
use super::{MineOptions, NeighbourLists};
use counts::Counts;
use solve::System;

/// Items that are solved before their weights are put into lists.
const BLOCK: usize = 1 << 14;

/// Lists of what each item speaks for. `penalty` is in sessions.
pub(super) fn linear(
    steps: &Steps,
    item_count: usize,
    newest_millis: i64,
    penalty: f64,
    options: &MineOptions,
) -> NeighbourLists {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    linear_on(threads, steps, item_count, newest_millis, penalty, options)
}

/// [`linear`] on so many threads; results don't depend on it.
pub(super) fn linear_on(
    threads: usize,
    steps: &Steps,
    item_count: usize,
    newest_millis: i64,
    penalty: f64,
    options: &MineOptions,
) -> NeighbourLists {
    let counts = Counts::new(threads, steps, item_count, newest_millis, options);
    let mut lists: NeighbourLists = vec![Vec::new(); item_count];
    for first in (0..item_count).step_by(BLOCK) {
        let block = first..item_count.min(first + BLOCK);
        let solved = in_parts(threads, block, |part| {
            let mut system = System::default();
            part.map(|item| system.solve(&counts, item, penalty))
                .collect::<Vec<_>>()
        });
        for (weights, item) in solved.into_iter().flatten().zip(first as u32..) {
            for (near, weight) in weights {
                let list = &mut lists[near as usize];
                list.push(Neighbour { item, weight });
                if list.len() >= options.top_k.saturating_mul(2).max(1) {
                    keep_strongest(list, options.top_k);
                }
            }
        }
    }
    for list in &mut lists {
        keep_strongest(list, options.top_k);
        list.shrink_to_fit();
    }
    scale(&mut lists);
    lists
}

/// Divides all by what nine of ten lists' strongest don't exceed, and cuts what is above 1: two items that never come alone
/// must not make all others' weights small.
fn scale(lists: &mut NeighbourLists) {
    let mut strongest: Vec<f32> = lists
        .iter()
        .filter_map(|list| Some(list.first()?.weight))
        .collect();
    strongest.sort_unstable_by(f32::total_cmp);
    let Some(&most) = strongest.get(strongest.len() * 9 / 10) else {
        return;
    };
    for neighbour in lists.iter_mut().flatten() {
        neighbour.weight = (neighbour.weight / most).clamp(f32::MIN_POSITIVE, 1.0);
    }
}

#[cfg(test)]
mod tests;
