//! In how many sessions items are together, an item at a time, so that memory grows with items and not with pairs.

use super::super::MineOptions;
use super::super::parts::{in_parts, share};
use super::super::visits::{Occurrences, Steps};

/// Items that one is regressed on.
const NEAREST: usize = 50;
/// Counts that are kept of an item at least, those of the nearest first; others are taken for 0.
const REMEMBERED: usize = 64;
/// Counts that are kept of all items together where that is more, 8 bytes each.
const MOST_COUNTS: usize = 48 << 20;
/// Pairs are looked for among as many steps before and after each one.
const WINDOW: usize = 256;
/// Marks one of an item's nearest.
const NEAR: u32 = 1 << 31;

/// How many counts are kept of each of so many items.
fn remembered(item_count: usize) -> usize {
    (MOST_COUNTS / item_count.max(1)).max(REMEMBERED)
}

/// How often items are in one session, sessions weighing by their age.
pub(super) struct Counts {
    /// `[items]`: sessions with the item.
    own: Vec<f32>,
    /// Of so many items each.
    share: usize,
    parts: Vec<Counted>,
}

impl Counts {
    pub fn new(
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

    /// Sessions with an item.
    pub fn own(&self, item: u32) -> f32 {
        self.own[item as usize]
    }

    /// The nearest of an item, rising, and in how many sessions each is with it.
    pub fn nearest(&self, item: usize) -> impl Iterator<Item = (u32, f32)> + '_ {
        let (others, together) = self.row(item);
        let pairs = others.iter().zip(together);
        let near = pairs.filter(|(other, _)| *other & NEAR != 0);
        near.map(|(other, &together)| (other & !NEAR, together))
    }

    /// Others and counts of an item.
    fn row(&self, item: usize) -> (&[u32], &[f32]) {
        let (part, place) = (&self.parts[item / self.share], item % self.share);
        let first = place.checked_sub(1).map_or(0, |before| part.ends[before]);
        let range = first..part.ends[place];
        (&part.others[range.clone()], &part.together[range])
    }

    /// As one of both remembers it; 0 where neither does.
    pub fn of(&self, a: u32, b: u32) -> f32 {
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
