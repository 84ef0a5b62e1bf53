//! Each item regressed on the items nearest to it: which of them speak for it, and how much, with what they say together
//! counted once.
//!
//! What EASE (Steck, WWW 2019) solves for all items at once, `(G + λ)⁻¹`, is solved here among an item's [`NEAREST`] by cosine:
//!
//! ```text
//! G_ij   sessions with both items, each by its age        w = (G_SS + λ·I)⁻¹ G_Si
//! S      the items nearest to i                           weight of i in the list of j ∈ S: max(0, w_j)
//! ```
//!
//! Of an item of a small catalogue all counts are remembered, of one of a large catalogue those of the nearest items
//! ([`remembered`]), so that memory has a bound that grows with items alone.

use std::ops::Range;
use std::thread;

use nearshelf_catalogue::Neighbour;

use super::product::keep_strongest;
use super::visits::{Occurrences, Steps};
use super::{MineOptions, NeighbourLists};

/// Items that one is regressed on.
const NEAREST: usize = 50;
/// Counts that are kept of an item at least, those of the nearest first; others are taken for 0.
const REMEMBERED: usize = 64;
/// Counts that are kept of all items together where that is more, 8 bytes each.
const MOST_COUNTS: usize = 48 << 20;
/// How often a penalty is doubled where counts that were forgotten leave an item's equations without a solution.
const DOUBLINGS: usize = 8;
/// Pairs are looked for among as many steps before and after each one.
const WINDOW: usize = 256;
/// Items that are solved before their weights are put into lists.
const BLOCK: usize = 1 << 14;
/// Marks one of an item's nearest.
const NEAR: u32 = 1 << 31;

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

/// How many counts are kept of each of so many items.
fn remembered(item_count: usize) -> usize {
    (MOST_COUNTS / item_count.max(1)).max(REMEMBERED)
}

/// How many of so many items each thread has.
fn share(count: usize, threads: usize) -> usize {
    count.div_ceil(threads.max(1)).max(1)
}

/// What `work` makes of the parts of a range, one a thread, in order.
fn in_parts<T: Send>(
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

/// How often items are in one session, sessions weighing by their age.
struct Counts {
    /// `[items]`: sessions with the item.
    own: Vec<f32>,
    /// Of so many items each.
    share: usize,
    parts: Vec<Counted>,
}

impl Counts {
    fn new(
        threads: usize,
        steps: &Steps,
        item_count: usize,
        newest_millis: i64,
        options: &MineOptions,
    ) -> Self {
        let weights = session_weights(steps, newest_millis, options);
        let mut own = vec![0.0_f32; item_count];
        for (step, weight) in steps.rows.iter().zip(&weights) {
            own[step.item as usize] += weight;
        }
        let occurrences = steps.occurrences(item_count);
        let parts = in_parts(threads, 0..item_count, |part| {
            let mut row = Row::new(item_count);
            let mut counted = Counted::default();
            for item in part {
                row.count(item, steps, &weights, &occurrences);
                row.remember(item, &own, options.min_sessions, &mut counted);
            }
            counted
        });
        Self {
            own,
            share: share(item_count, threads),
            parts,
        }
    }

    /// Others and counts of an item.
    fn row(&self, item: usize) -> (&[u32], &[f32]) {
        let (part, place) = (&self.parts[item / self.share], item % self.share);
        let first = place.checked_sub(1).map_or(0, |before| part.ends[before]);
        let range = first..part.ends[place];
        (&part.others[range.clone()], &part.together[range])
    }

    /// As one of both remembers it; 0 where neither does.
    fn of(&self, a: u32, b: u32) -> f32 {
        let find = |row: u32, other: u32| {
            let (others, together) = self.row(row as usize);
            let place = others.binary_search_by_key(&other, |other| other & !NEAR);
            place.ok().map(|place| together[place])
        };
        find(a, b).or_else(|| find(b, a)).unwrap_or(0.0)
    }
}

/// Of each step, the weight of its session by the age of what is newest in it.
fn session_weights(steps: &Steps, newest_millis: i64, options: &MineOptions) -> Vec<f32> {
    let mut weights = Vec::with_capacity(steps.rows.len());
    for session in steps.rows.chunk_by(|a, b| a.session == b.session) {
        let newest = session.iter().map(|step| step.time_millis).max();
        let weight = options.recency(newest_millis, newest.unwrap_or(newest_millis)) as f32;
        weights.extend(std::iter::repeat_n(weight, session.len()));
    }
    weights
}

/// The counts of a run of items.
#[derive(Default)]
struct Counted {
    /// Where each item's end; they begin where those of the one before do.
    ends: Vec<usize>,
    /// Other items of each item, rising but for [`NEAR`].
    others: Vec<u32>,
    together: Vec<f32>,
}

/// All that one item is together with.
struct Row {
    together: Vec<f32>,
    sessions: Vec<u32>,
    met: Vec<u32>,
    /// `(cosine, other)`
    order: Vec<(f32, u32)>,
}

impl Row {
    fn new(item_count: usize) -> Self {
        Self {
            together: vec![0.0; item_count],
            sessions: vec![0; item_count],
            met: Vec::new(),
            order: Vec::new(),
        }
    }

    /// Each session has an item once, so that each pair of steps is another session's.
    fn count(&mut self, item: usize, steps: &Steps, weights: &[f32], occurrences: &Occurrences) {
        for &position in occurrences.of(item) {
            let position = position as usize;
            let session = steps.rows[position].session;
            let same = |&at: &usize| steps.rows[at].session == session;
            let before = (position.saturating_sub(WINDOW)..position)
                .rev()
                .take_while(same);
            let last = steps.rows.len().min(position + WINDOW + 1);
            let after = (position + 1..last).take_while(same);
            for at in before.chain(after) {
                let other = steps.rows[at].item as usize;
                if self.sessions[other] == 0 {
                    self.met.push(other as u32);
                }
                self.sessions[other] += 1;
                self.together[other] += weights[position];
            }
        }
    }

    /// Writes down the nearest that enough sessions have, and of the rest what there is room for; then forgets all.
    fn remember(&mut self, item: usize, own: &[f32], min_sessions: u32, counted: &mut Counted) {
        self.order.clear();
        for &other in &self.met {
            let together = self.together[other as usize];
            let cosine = together / (own[item] * own[other as usize]).sqrt();
            if cosine > 0.0 && cosine.is_finite() {
                self.order.push((cosine, other));
            }
        }
        self.order
            .sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let (mut near, mut rest) = (0, 0);
        let room = remembered(own.len()) - NEAREST;
        self.order.retain_mut(|(_, other)| {
            if near < NEAREST && self.sessions[*other as usize] >= min_sessions {
                *other |= NEAR;
                near += 1;
                return true;
            }
            rest += 1;
            rest <= room
        });
        self.order.sort_unstable_by_key(|(_, other)| other & !NEAR);
        for &(_, other) in &self.order {
            counted.others.push(other);
            counted
                .together
                .push(self.together[(other & !NEAR) as usize]);
        }
        counted.ends.push(counted.others.len());
        for other in self.met.drain(..) {
            self.together[other as usize] = 0.0;
            self.sessions[other as usize] = 0;
        }
    }
}

/// The linear equations of one item after the other.
#[derive(Default)]
struct System {
    near: Vec<u32>,
    /// Row-major; its lower half is used.
    matrix: Vec<f64>,
    right: Vec<f64>,
}

impl System {
    /// The items that speak for `item`, and how much.
    fn solve(&mut self, counts: &Counts, item: usize, penalty: f64) -> Vec<(u32, f32)> {
        let (others, together) = counts.row(item);
        self.near.clear();
        self.right.clear();
        for (other, together) in others.iter().zip(together) {
            if other & NEAR != 0 {
                self.near.push(other & !NEAR);
                self.right.push(f64::from(*together));
            }
        }
        let count = self.near.len();
        self.matrix.clear();
        self.matrix.resize(count * count, 0.0);
        for (row, &a) in self.near.iter().enumerate() {
            for (column, &b) in self.near[..row].iter().enumerate() {
                self.matrix[row * count + column] = f64::from(counts.of(a, b));
            }
            self.matrix[row * count + row] = f64::from(counts.own[a as usize]) + penalty;
        }
        let counted = self.matrix.clone();
        let mut doubled = 0;
        while !factorise(&mut self.matrix, count) {
            if doubled == DOUBLINGS {
                return Vec::new();
            }
            let more = penalty.max(1.0) * f64::from(1_u32 << doubled);
            self.matrix.clone_from(&counted);
            (0..count).for_each(|row| self.matrix[row * count + row] += more);
            doubled += 1;
        }
        substitute(&self.matrix, &mut self.right);
        let weights = self.near.iter().zip(&self.right);
        let positive = weights.filter(|(_, weight)| **weight > 0.0 && weight.is_finite());
        positive
            .map(|(&near, &weight)| (near, weight as f32))
            .collect()
    }
}

/// Cholesky's factor in place of a matrix's lower half; whether there is one.
fn factorise(matrix: &mut [f64], count: usize) -> bool {
    for row in 0..count {
        for column in 0..=row {
            let (a, b) = (
                &matrix[row * count..][..column],
                &matrix[column * count..][..column],
            );
            let products: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            let rest = matrix[row * count + column] - products;
            if column < row {
                matrix[row * count + column] = rest / matrix[column * count + column];
            } else if rest > 0.0 {
                matrix[row * count + row] = rest.sqrt();
            } else {
                return false;
            }
        }
    }
    true
}

/// Solves for a right side, in its place.
fn substitute(factor: &[f64], right: &mut [f64]) {
    let count = right.len();
    for row in 0..count {
        let known: f64 = (0..row)
            .map(|column| factor[row * count + column] * right[column])
            .sum();
        right[row] = (right[row] - known) / factor[row * count + row];
    }
    for row in (0..count).rev() {
        let known: f64 = (row + 1..count)
            .map(|other| factor[other * count + row] * right[other])
            .sum();
        right[row] = (right[row] - known) / factor[row * count + row];
    }
}

#[cfg(test)]
mod tests;
