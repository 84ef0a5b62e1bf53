//! How much each item is asked for, and whether that rises.

use std::cmp::Reverse;

use nearshelf_catalogue::EventKind;

use super::{DAY_MILLIS, Interactions, MineOptions};

/// What an event says about demand, relative to a view. A purchase is rarer and dearer than a
/// look; a removal takes back what the cart had said.
fn demand(kind: EventKind) -> f64 {
    match kind {
        EventKind::View => 1.0,
        EventKind::AddToCart => 3.0,
        EventKind::Purchase => 5.0,
        EventKind::Remove => -3.0,
    }
}

/// Decayed demand of each item on a logarithmic scale, `[item_count]`, in `[0, 1]`; the most
/// wanted item has 1, an item without events 0.
///
/// Repetitions by one session count with diminishing weight (the n-th of a kind and item 1/n), so
/// that one busy shopper or robot can't make a bestseller.
pub(super) fn popularity(
    log: &Interactions,
    item_count: usize,
    newest_millis: i64,
    options: &MineOptions,
) -> Vec<f32> {
    let mut demands = vec![0.0_f64; item_count];
    for session in log.sessions() {
        let mut rows: Vec<_> = session.iter().collect();
        rows.sort_by_key(|row| (row.item, row.kind, Reverse(row.time_millis)));
        for same in rows.chunk_by(|a, b| a.item == b.item && a.kind == b.kind) {
            for (nth, row) in same.iter().enumerate() {
                if let Some(sum) = demands.get_mut(row.item as usize) {
                    let recency = options.recency(newest_millis, row.time_millis);
                    *sum += demand(row.kind) * recency / (nth + 1) as f64;
                }
            }
        }
    }
    let largest = demands.iter().copied().fold(0.0, f64::max).ln_1p();
    let scaled = demands.iter().map(|sum| {
        if largest > 0.0 {
            (sum.max(0.0).ln_1p() / largest) as f32
        } else {
            0.0
        }
    });
    scaled.collect()
}

/// Change of demand of each item, `[item_count]`, in `[-1, 1]`: the last `trend_window_days`
/// against the same span before, `(recent − previous) / (recent + previous + shrinkage)`.
///
/// Demand is the number of sessions that viewed, carted or bought. The previous span is scaled to
/// the recent one's total, so that Christmas doesn't make everything trend. Without a previous
/// span to compare with, all is 0.
pub(super) fn trend(
    log: &Interactions,
    item_count: usize,
    newest_millis: i64,
    options: &MineOptions,
) -> Vec<f32> {
    let window = (options.trend_window_days * DAY_MILLIS) as i64;
    let (mut recent, mut previous) = (vec![0_u32; item_count], vec![0_u32; item_count]);
    for session in log.sessions() {
        let mut seen: Vec<(u32, bool)> = session
            .iter()
            .filter(|row| row.kind != EventKind::Remove)
            .filter_map(|row| {
                let age = newest_millis.saturating_sub(row.time_millis).max(0);
                (age < window.saturating_mul(2)).then_some((row.item, age < window))
            })
            .collect();
        seen.sort_unstable();
        seen.dedup();
        for (item, is_recent) in seen {
            let counts = if is_recent {
                &mut recent
            } else {
                &mut previous
            };
            if let Some(count) = counts.get_mut(item as usize) {
                *count += 1;
            }
        }
    }
    let total = |counts: &[u32]| counts.iter().copied().map(f64::from).sum::<f64>();
    let (all_recent, all_previous) = (total(&recent), total(&previous));
    if all_previous == 0.0 {
        return vec![0.0; item_count];
    }
    let growth = all_recent / all_previous;
    let changes = recent.iter().zip(&previous).map(|(&recent, &previous)| {
        let (now, before) = (f64::from(recent), f64::from(previous) * growth);
        let trust = now + before + options.trend_shrinkage;
        if trust > 0.0 {
            ((now - before) / trust) as f32
        } else {
            0.0
        }
    });
    changes.collect()
}
