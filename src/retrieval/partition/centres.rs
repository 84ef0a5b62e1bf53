//! Centres, and which is closest to a row.

use crate::Draws;
use std::thread;

/// Centres whose sums are added side by side.
const LANES: usize = 16;
/// Rows that read a block of centres together.
const ROWS: usize = 2;

/// Directions in blocks of [`LANES`]: of each block the first coordinates of all its centres, then the second ones.
pub(super) struct Centres {
    dim: usize,
    count: usize,
    /// `[blocks, dim, LANES]`, zeros beyond `count`.
    blocks: Vec<f32>,
}

impl Centres {
    /// `count` of the directions `[n, dim]`, drawn at random; there are at least as many.
    pub fn drawn(dim: usize, directions: &[f32], count: usize, seed: u64) -> Self {
        let mut order: Vec<usize> = (0..directions.len() / dim).collect();
        Draws(seed).to_front(&mut order, count);
        let mut centres = Self {
            dim,
            count,
            blocks: vec![0.0; count.div_ceil(LANES) * dim * LANES],
        };
        for (centre, row) in order.into_iter().take(count).enumerate() {
            centres.set(centre, &directions[row * dim..][..dim]);
        }
        centres
    }

    fn set(&mut self, centre: usize, direction: &[f32]) {
        let block = &mut self.blocks[centre / LANES * self.dim * LANES..][..self.dim * LANES];
        for (lanes, &x) in block.as_chunks_mut::<LANES>().0.iter_mut().zip(direction) {
            lanes[centre % LANES] = x;
        }
    }

    /// The closest centre of each row, of those as close the first. `row(at, direction)` writes a row down.
    pub fn place(
        &self,
        threads: usize,
        places: &mut [u32],
        row: impl Fn(usize, &mut [f32]) + Sync,
    ) {
        let share = places.len().div_ceil(threads.max(1)).max(1);
        thread::scope(|scope| {
            for (number, places) in places.chunks_mut(share).enumerate() {
                let row = &row;
                scope.spawn(move || {
                    let mut directions = vec![0.0_f32; ROWS * self.dim];
                    for (pair, places) in places.chunks_mut(ROWS).enumerate() {
                        let first = number * share + pair * ROWS;
                        for (at, direction) in directions.chunks_exact_mut(self.dim).enumerate() {
                            // The last pair may be one alone: then it is read twice.
                            row(first + at.min(places.len() - 1), direction);
                        }
                        let closest = self.closest(&directions);
                        places.copy_from_slice(&closest[..places.len()]);
                    }
                });
            }
        });
    }

    /// The closest centre of each of [`ROWS`] rows.
    fn closest(&self, directions: &[f32]) -> [u32; ROWS] {
        let (mut best, mut closest) = ([f32::NEG_INFINITY; ROWS], [0_u32; ROWS]);
        let (one, other) = directions.split_at(self.dim);
        for (number, block) in self.blocks.chunks_exact(self.dim * LANES).enumerate() {
            let mut sums = [[0.0_f32; LANES]; ROWS];
            for ((lanes, &a), &b) in block.as_chunks::<LANES>().0.iter().zip(one).zip(other) {
                for lane in 0..LANES {
                    sums[0][lane] += lanes[lane] * a;
                    sums[1][lane] += lanes[lane] * b;
                }
            }
            let count = LANES.min(self.count - number * LANES);
            for (at, sums) in sums.iter().enumerate() {
                for (lane, &sum) in sums[..count].iter().enumerate() {
                    if sum > best[at] {
                        best[at] = sum;
                        closest[at] = (number * LANES + lane) as u32;
                    }
                }
            }
        }
        closest
    }

    /// Moves each centre to the mean direction of its rows. One without rows takes every other row of the fullest, so that
    /// none stays idle.
    pub fn learn(&mut self, directions: &[f32], places: &[u32]) {
        let mut places = places.to_vec();
        let mut counts = vec![0_usize; self.count];
        places.iter().for_each(|&place| counts[place as usize] += 1);
        for idle in 0..self.count {
            if counts[idle] > 0 {
                continue;
            }
            let fullest =
                (0..self.count).max_by_key(|&centre| (counts[centre], self.count - centre));
            let Some(fullest) = fullest.filter(|&centre| counts[centre] > 1) else {
                break;
            };
            let mut turn = false;
            for place in places
                .iter_mut()
                .filter(|place| **place as usize == fullest)
            {
                if turn {
                    *place = idle as u32;
                    counts[idle] += 1;
                    counts[fullest] -= 1;
                }
                turn = !turn;
            }
        }
        let mut sums = vec![0.0_f32; self.count * self.dim];
        for (direction, &place) in directions.chunks_exact(self.dim).zip(&places) {
            let sum = &mut sums[place as usize * self.dim..][..self.dim];
            sum.iter_mut().zip(direction).for_each(|(sum, x)| *sum += x);
        }
        for centre in 0..self.count {
            let sum = &mut sums[centre * self.dim..][..self.dim];
            let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
            // Rows that cancel each other leave it where it is.
            if length > 0.0 {
                sum.iter_mut().for_each(|x| *x /= length);
                self.set(centre, sum);
            }
        }
    }

    /// `[count, dim]`, row-major.
    pub fn into_rows(self) -> Vec<f32> {
        let mut rows = vec![0.0; self.count * self.dim];
        for (centre, row) in rows.chunks_exact_mut(self.dim).enumerate() {
            let block = &self.blocks[centre / LANES * self.dim * LANES..][..self.dim * LANES];
            for (x, lanes) in row.iter_mut().zip(block.as_chunks::<LANES>().0) {
                *x = lanes[centre % LANES];
            }
        }
        rows
    }
}
