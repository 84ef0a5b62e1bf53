//! The best few of many, as they come.

use crate::Scored;
use std::collections::BinaryHeap;

/// A bounded heap of the best: highest score first, ties in the order of rows.
pub(crate) struct Best {
    k: usize,
    /// Keys whose largest is the worst kept.
    keys: BinaryHeap<u64>,
    /// Score of the worst kept, once there are `k`.
    worst: f32,
}

impl Best {
    /// Keeps `k` of at most `count`.
    pub fn new(k: usize, count: usize) -> Self {
        let k = k.min(count);
        let worst = if k == 0 {
            f32::INFINITY
        } else {
            f32::NEG_INFINITY
        };
        Self {
            k,
            keys: BinaryHeap::with_capacity(k),
            worst,
        }
    }

    /// The score to reach: of the worst that is kept. −∞ while there is room.
    pub fn worst(&self) -> f32 {
        self.worst
    }

    pub fn is_full(&self) -> bool {
        self.keys.len() == self.k
    }

    /// Keeps a row if it is one of the best so far. `score` is a number.
    pub fn offer(&mut self, item: u32, score: f32) {
        let key = key(item, score);
        if self.keys.len() < self.k {
            self.keys.push(key);
        } else if let Some(mut worst) = self.keys.peek_mut()
            && key < *worst
        {
            *worst = key;
        } else {
            return;
        }
        if self.keys.len() == self.k
            && let Some(&worst) = self.keys.peek()
        {
            self.worst = scored(worst).score;
        }
    }

    /// What was kept, best first.
    pub fn into_sorted(self) -> Vec<Scored> {
        self.keys
            .into_sorted_vec()
            .into_iter()
            .map(scored)
            .collect()
    }
}

/// A key that grows as scores fall, and with rows where scores are the same.
fn key(item: u32, score: f32) -> u64 {
    let bits = score.to_bits();
    // As an integer, a float grows with its value once its sign is turned, and below zero all else, too.
    let ascending = bits ^ if bits >> 31 == 0 { 1 << 31 } else { u32::MAX };
    u64::from(!ascending) << 32 | u64::from(item)
}

fn scored(key: u64) -> Scored {
    let ascending = !((key >> 32) as u32);
    let bits = ascending
        ^ if ascending >> 31 == 1 {
            1 << 31
        } else {
            u32::MAX
        };
    Scored {
        item: key as u32,
        score: f32::from_bits(bits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(k: usize, scores: &[f32]) -> Vec<(u32, f32)> {
        let mut best = Best::new(k, scores.len());
        for (item, &score) in scores.iter().enumerate() {
            best.offer(item as u32, score);
        }
        best.into_sorted()
            .into_iter()
            .map(|one| (one.item, one.score))
            .collect()
    }

    #[test]
    fn the_best_come_first_and_ties_keep_the_order_of_rows() {
        let scores = [0.5, -3.0, 0.5, f32::MAX, 0.0, f32::MIN, 0.5];
        assert_eq!(kept(3, &scores), [(3, f32::MAX), (0, 0.5), (2, 0.5)]);
        let all = [3, 0, 2, 6, 4, 1, 5].map(|item: u32| (item, scores[item as usize]));
        assert_eq!(kept(99, &scores), all);
        assert_eq!(kept(0, &scores), []);
        assert_eq!(kept(5, &[]), []);
    }

    #[test]
    fn the_score_to_reach_is_known_once_there_is_no_more_room() {
        let mut best = Best::new(2, 9);
        best.offer(0, 1.0);
        assert_eq!((best.worst(), best.is_full()), (f32::NEG_INFINITY, false));
        best.offer(1, 3.0);
        best.offer(2, 2.0);
        assert_eq!((best.worst(), best.is_full()), (2.0, true));
        assert_eq!(Best::new(0, 9).worst(), f32::INFINITY);
    }
}
