//! Rows in lists around centres, so that a search need not look at all of them: an inverted file (Sivic and Zisserman,
//! ICCV 2003; for vectors Jégou, Douze and Schmid, PAMI 2011).
//!
//! Lists are made natively, when packing. What asks them needs the centres alone: the lists closest to a query are those whose
//! centres have the largest inner products with it, which is [`crate::scan`] over the centres.

mod centres;
mod reach;
#[cfg(test)]
mod tests;

pub use reach::{Lists, Reach, reach};

use crate::Rows;
use centres::Centres;

/// Rows that each list's centre is learned from, at most.
const SAMPLE_A_LIST: usize = 40;
/// Memory that they may take.
const SAMPLE_BYTES: usize = 64 << 20;
/// Rounds of learning; centres hardly move after.
const ROUNDS: usize = 12;
/// Most lists: work grows with rows times lists.
const MOST_LISTS: usize = 4096;

/// A list each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Partition {
    /// `[lists, dim]`, row-major: each list's direction, as long as its rows are on average.
    pub centres: Vec<f32>,
    /// The list of each row; the number of lists for a row of zeros, which is in none.
    pub list_of: Vec<u32>,
}

impl Partition {
    /// Rows in about `lists` lists (at least one, at most 4,096 and a row each) by spherical k-means (Dhillon and Modha 2001):
    /// rows of one direction go together, whatever their length. Centres are learned from at most [`SAMPLE_A_LIST`] rows a
    /// list, evenly apart, so that memory doesn't grow with rows. Equal rows, lists and seeds give equal partitions,
    /// on any number of threads.
    #[must_use]
    pub fn of(rows: &Rows, lists: usize, seed: u64, threads: usize) -> Self {
        let dim = rows.dim();
        let usable: Vec<u32> = (0..rows.count() as u32)
            .filter(|&row| length(rows, row as usize) > 0.0)
            .collect();
        let lists = lists.clamp(1, MOST_LISTS).min(usable.len());
        let most = (SAMPLE_BYTES / (dim * size_of::<f32>())).max(lists);
        let every = usable
            .len()
            .div_ceil((lists * SAMPLE_A_LIST).clamp(1, most));
        let sample: Vec<u32> = usable.iter().copied().step_by(every.max(1)).collect();
        let mut directions = vec![0.0_f32; sample.len() * dim];
        for (direction, &row) in directions.chunks_exact_mut(dim).zip(&sample) {
            direction_of(rows, row as usize, direction);
        }
        // Fewer rows than lists in the sample there can't be: it has at least `lists`.
        let mut centres = Centres::drawn(dim, &directions, lists, seed);
        let mut places = vec![0_u32; sample.len()];
        for _ in 0..ROUNDS {
            let before = places.clone();
            centres.place(threads, &mut places, |at, direction| {
                direction.copy_from_slice(&directions[at * dim..][..dim]);
            });
            if places == before {
                break;
            }
            centres.learn(&directions, &places);
        }
        let mut list_of = vec![0_u32; rows.count()];
        centres.place(threads, &mut list_of, |row, direction| {
            direction_of(rows, row, direction);
        });
        let mut lengths = vec![(0.0_f64, 0_u32); lists];
        for (row, list) in list_of.iter_mut().enumerate() {
            let length = length(rows, row);
            match lengths.get_mut(*list as usize) {
                Some(sum) if length > 0.0 => *sum = (sum.0 + f64::from(length), sum.1 + 1),
                _ => *list = lists as u32,
            }
        }
        let mut centres = centres.into_rows();
        for (centre, (sum, count)) in centres.chunks_exact_mut(dim).zip(lengths) {
            let mean = (sum / f64::from(count.max(1))) as f32;
            centre.iter_mut().for_each(|value| *value *= mean);
        }
        Self { centres, list_of }
    }

    /// How many lists there are.
    #[must_use]
    pub fn lists(&self, dim: usize) -> usize {
        self.centres.len() / dim.max(1)
    }
}

/// The length of a row; 0 for one that has none.
fn length(rows: &Rows, row: usize) -> f32 {
    let length = rows.between(row, row).sqrt();
    if length.is_finite() { length } else { 0.0 }
}

/// A row, L2-normalised; zeros for one of zeros.
fn direction_of(rows: &Rows, row: usize, direction: &mut [f32]) {
    let (values, scale) = rows.row(row);
    let length = length(rows, row);
    direction.fill(0.0);
    if length > 0.0 {
        let unit = scale / length;
        for (x, &value) in direction.iter_mut().zip(values) {
            *x = unit * f32::from(value);
        }
    }
}
