//! Co-occurrence of all pairs, one row at a time (Gustavson's sparse product), so that memory grows
//! with items and events, never with pairs.

use nearshelf_catalogue::Neighbour;

use super::significance::{log_likelihood_ratio, strength};
use super::visits::{Step, Steps};
use super::{MineOptions, NeighbourLists};

/// What a pair of steps says, from their positions in the left and the right steps.
pub(super) type PairWeight<'a> = dyn Fn(usize, usize) -> PairEvidence + 'a;

/// What one pair of steps says.
pub(super) enum PairEvidence {
    /// Nothing.
    None,
    /// Both in one visit: counted and added.
    Visit(f64),
    /// Same shopper, another visit: only the strongest of a shopper's counts.
    Shopper(f64),
}

/// One row of the product: sums for every item met, and which were met.
struct Row {
    weight: Vec<f64>,
    /// Strongest evidence across visits of the session being read.
    shopper: Vec<f64>,
    visits: Vec<u32>,
    sessions: Vec<u32>,
    /// Last session in which the item was met, plus one.
    last_session: Vec<u64>,
    met: Vec<u32>,
    met_in_session: Vec<u32>,
}

impl Row {
    fn new(item_count: usize) -> Self {
        Self {
            weight: vec![0.0; item_count],
            shopper: vec![0.0; item_count],
            visits: vec![0; item_count],
            sessions: vec![0; item_count],
            last_session: vec![0; item_count],
            met: Vec::new(),
            met_in_session: Vec::new(),
        }
    }

    fn add(&mut self, other: &Step, evidence: PairEvidence) {
        let item = other.item as usize;
        match evidence {
            PairEvidence::None => return,
            PairEvidence::Visit(weight) => {
                self.weight[item] += weight;
                self.visits[item] += 1;
            }
            PairEvidence::Shopper(weight) => {
                if self.shopper[item] == 0.0 {
                    self.met_in_session.push(other.item);
                }
                self.shopper[item] = self.shopper[item].max(weight);
            }
        }
        let session = u64::from(other.session) + 1;
        if self.last_session[item] != session {
            if self.last_session[item] == 0 {
                self.met.push(other.item);
            }
            self.last_session[item] = session;
            self.sessions[item] += 1;
        }
    }

    fn end_session(&mut self) {
        for item in self.met_in_session.drain(..) {
            self.weight[item as usize] += self.shopper[item as usize];
            self.shopper[item as usize] = 0.0;
        }
    }

    fn clear(&mut self) {
        for item in self.met.drain(..) {
            let item = item as usize;
            self.weight[item] = 0.0;
            self.visits[item] = 0;
            self.sessions[item] = 0;
            self.last_session[item] = 0;
        }
    }
}

/// How often each item occurs: decayed weight, visits, sessions.
struct Totals {
    weight: Vec<f64>,
    visits: Vec<u32>,
    sessions: Vec<u32>,
}

impl Totals {
    fn new(steps: &Steps, item_count: usize, newest_millis: i64, options: &MineOptions) -> Self {
        let mut totals = Self {
            weight: vec![0.0; item_count],
            visits: vec![0; item_count],
            sessions: vec![0; item_count],
        };
        let mut last_session = vec![0_u64; item_count];
        for step in &steps.rows {
            let item = step.item as usize;
            totals.weight[item] += options.recency(newest_millis, step.time_millis);
            totals.visits[item] += 1;
            let session = u64::from(step.session) + 1;
            if last_session[item] != session {
                last_session[item] = session;
                totals.sessions[item] += 1;
            }
        }
        totals
    }
}

/// All pairs of a step of `left` with the steps of `right` near it in the same session, scored,
/// gated and cut to `options.top_k`. Both hold only items below `item_count`.
pub(super) fn pairs(
    left: &Steps,
    right: &Steps,
    item_count: usize,
    newest_millis: i64,
    options: &MineOptions,
    weight: &PairWeight,
) -> NeighbourLists {
    let left_totals = Totals::new(left, item_count, newest_millis, options);
    let right_totals = Totals::new(right, item_count, newest_millis, options);
    let all_visits = left.visit_sizes.len().max(right.visit_sizes.len()) as u32;
    let all_sessions = left.sessions.max(right.sessions);
    let occurrences = left.occurrences(item_count);
    let near = nearest_positions(left, right);
    let mut row = Row::new(item_count);
    let mut lists = Vec::with_capacity(item_count);
    for item in 0..item_count {
        let mut session = None;
        for &position in occurrences.of(item) {
            let own = &left.rows[position as usize];
            if session != Some(own.session) {
                row.end_session();
                session = Some(own.session);
            }
            let centre = near[position as usize] as usize;
            let first = centre.saturating_sub(options.window);
            let last = centre.saturating_add(options.window).saturating_add(1);
            let same_session = |&at: &usize| right.rows[at].session == own.session;
            let before = (first..centre).rev().take_while(same_session);
            let after = (centre..last.min(right.rows.len())).take_while(same_session);
            for at in before.chain(after) {
                if right.rows[at].item != own.item {
                    row.add(&right.rows[at], weight(position as usize, at));
                }
            }
        }
        row.end_session();
        let mut list: Vec<Neighbour> = Vec::new();
        for &other in &row.met {
            let o = other as usize;
            let (visits, sessions) = (row.visits[o], row.sessions[o]);
            let support = visits.max(sessions);
            if sessions < options.min_sessions {
                continue;
            }
            let by_visit = log_likelihood_ratio(
                visits,
                left_totals.visits[item],
                right_totals.visits[o],
                all_visits,
            );
            let by_session = log_likelihood_ratio(
                sessions,
                left_totals.sessions[item],
                right_totals.sessions[o],
                all_sessions,
            );
            if by_visit.max(by_session) < options.min_log_likelihood_ratio {
                continue;
            }
            let strength = strength(
                row.weight[o],
                left_totals.weight[item],
                right_totals.weight[o],
                options.popularity_power,
                support,
                options.shrinkage,
            ) as f32;
            if strength > 0.0 && strength.is_finite() {
                list.push(Neighbour {
                    item: other,
                    weight: strength,
                });
            }
        }
        row.clear();
        keep_strongest(&mut list, options.top_k);
        lists.push(list);
    }
    scale_to_one(&mut lists);
    lists
}

/// For each row of `left` the first position in `right` of the same session that is not earlier
/// (or where it would stand). For `left` = `right` that is the row itself.
fn nearest_positions(left: &Steps, right: &Steps) -> Vec<u32> {
    if std::ptr::eq(left, right) {
        return (0..left.rows.len() as u32).collect();
    }
    let mut at = 0;
    let key = |step: &Step| (step.session, step.time_millis);
    let rows = left.rows.iter().map(|own| {
        while right
            .rows
            .get(at)
            .is_some_and(|other| key(other) < key(own))
        {
            at += 1;
        }
        at as u32
    });
    rows.collect()
}

/// Strongest first; equal strengths in catalogue order.
pub(super) fn keep_strongest(list: &mut Vec<Neighbour>, top_k: usize) {
    let order =
        |a: &Neighbour, b: &Neighbour| b.weight.total_cmp(&a.weight).then(a.item.cmp(&b.item));
    if list.len() > top_k && top_k > 0 {
        list.select_nth_unstable_by(top_k - 1, order);
    }
    list.truncate(top_k);
    list.sort_unstable_by(order);
}

/// Divides all by the largest, so that weights lie in (0, 1] and stay comparable across items.
fn scale_to_one(lists: &mut NeighbourLists) {
    let all = || lists.iter().flatten().map(|n| n.weight);
    let largest = all().fold(0.0_f32, f32::max);
    for neighbour in lists.iter_mut().flatten() {
        neighbour.weight = (neighbour.weight / largest).max(f32::MIN_POSITIVE);
    }
}
