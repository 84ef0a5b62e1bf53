//! Rows by one bit a coordinate: a fraction of the memory to read, and from it which rows are worth a score.
//!
//! A row less the mean of all is rotated at random, and of each coordinate the sign is kept, after RaBitQ (Gao and Long,
//! SIGMOD 2024). With the row's length along its signs that gives an unbiased estimate of every inner product, and how far
//! estimates stray. A query is not rounded to bits: every four of them look up a sum of its coordinates, in the way of
//! product quantization's fast scan (André, Kermarrec and Le Scouarnec, VLDB 2015).
//!
//! Estimates serve in two steps. The rows with the highest are scored, and the least of the `k` best of those scores is one
//! that all rows sought reach. Then every row is scored whose estimate lies within [`CERTAINTY`] deviations of it: how many
//! that are is up to the rows and the query. Where they are too many for it to pay, all rows are scanned.

mod estimate;
mod rotation;

use crate::best::Best;
use crate::scan::{Search, scan};
use crate::wanted::{BITS, Wanted};
use crate::{KernelSet, QueryError, Rows, Scored};
use estimate::{BLOCK, Estimator, LOWEST, Signs};
use rotation::{Rotation, WIDTH};

/// Fewer rows than these are scanned as quickly.
const FEWEST_ROWS: usize = 8192;
/// Rows of fewer values take little more memory than a sketch of them.
const FEWEST_VALUES: usize = 32;
/// Rows of more would take sums beyond 16 bits.
const MOST_VALUES: usize = 4096;
/// A row may be missed when its estimate is this many standard deviations too low: one of 740, were errors normal.
const CERTAINTY: f32 = 3.0;
/// Rows scored for the first bound, besides twice those sought.
const FIRST: usize = 64;
/// Of so many rows one may be scored; beyond that the scan is quicker.
const PART: usize = 8;
/// Rows that the mean is taken of, at most.
const SAMPLE: usize = 1 << 14;

/// A sketch of rows: some 9 bytes for 64 values.
#[derive(Debug, Clone)]
pub struct Sketch {
    rotation: Rotation,
    signs: Signs,
    /// The mean of all rows, rotated.
    mean: Vec<f32>,
    /// Length of a row along its signs that a factor of 255 stands for.
    largest_factor: f32,
    /// The longest row, less the mean.
    longest: f32,
    /// Sine of the angle between rows and their signs: the root of its mean square.
    sine: f32,
}

/// Work space, kept from search to search.
#[derive(Debug, Default)]
pub struct Scratch {
    kernels: KernelSet,
    estimates: Vec<i16>,
    candidates: Vec<u32>,
    rows_read: usize,
}

impl Scratch {
    /// For searches with these kernels.
    #[must_use]
    pub fn of(kernels: KernelSet) -> Self {
        Self {
            kernels,
            ..Self::default()
        }
    }

    /// Rows that the last search of a sketch read, besides the sketch itself; all where it was a scan.
    #[must_use]
    pub fn rows_read(&self) -> usize {
        self.rows_read
    }
}

impl Sketch {
    /// The sketch of rows; `None` where they are too few, or have too few or too many values, for it to pay.
    #[must_use]
    pub fn of(rows: &Rows) -> Option<Self> {
        let fits = (FEWEST_VALUES..=MOST_VALUES).contains(&rows.dim());
        (fits && rows.count() >= FEWEST_ROWS).then(|| Self::made(rows))
    }

    fn made(rows: &Rows) -> Self {
        let rotation = Rotation::new(rows.dim());
        let mean = rotation.apply(&mean(rows));
        let blocks = rows.count().div_ceil(BLOCK);
        let mut codes = Vec::with_capacity(blocks * rotation.bits() / 8 * BLOCK);
        let mut factors = Vec::with_capacity(blocks * BLOCK);
        let (mut longest, mut cosines, mut lengths) = (0.0_f32, 0.0_f64, 0_u32);
        let mut block = vec![[0.0; WIDTH]; rotation.bits()];
        for first in (0..rows.count()).step_by(BLOCK) {
            rotation.apply_to_rows(rows, first, &mut block);
            let (mut sums, mut squares) = ([0.0_f32; WIDTH], [0.0_f32; WIDTH]);
            for (values, mean) in block.iter_mut().zip(&mean) {
                for lane in 0..WIDTH {
                    values[lane] -= mean;
                    sums[lane] += values[lane].abs();
                    squares[lane] += values[lane] * values[lane];
                }
            }
            estimate::append_signs(&block, &mut codes);
            for (lane, (&sum, &square)) in sums.iter().zip(&squares).enumerate() {
                let is_there = first + lane < rows.count() && sum > 0.0 && square.is_finite();
                factors.push(if is_there { square / sum } else { 0.0 });
                if is_there {
                    longest = longest.max(square.sqrt());
                    cosines += f64::from(sum * sum / square);
                    lengths += 1;
                }
            }
        }
        let largest_factor = factors.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let bytes = factors
            .iter()
            .map(|factor| (factor / largest_factor * 255.0).round() as u8);
        let cosine = cosines / (f64::from(lengths.max(1)) * rotation.bits() as f64);
        Self {
            signs: Signs::new(rotation.bits(), codes, bytes.collect()),
            rotation,
            mean,
            largest_factor,
            longest,
            sine: (1.0 - cosine).max(0.0).sqrt() as f32,
        }
    }

    /// Memory that it takes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.signs.size_bytes() + self.mean.len() * size_of::<f32>()
    }

    /// The `k` wanted rows with the largest scores, largest first, ties in the order of rows. `rows` are those that it is the
    /// sketch of. Each score is exact; a row may be missed as [`CERTAINTY`] says.
    ///
    /// # Errors
    /// As [`scan`].
    pub fn search(
        &self,
        rows: &Rows,
        query: &[f32],
        k: usize,
        wanted: Wanted,
        scratch: &mut Scratch,
    ) -> Result<Vec<Scored>, QueryError> {
        wanted.check(rows.count())?;
        rows.check(query)?;
        let (first, passing) = (
            k.saturating_mul(2).saturating_add(FIRST),
            wanted.at_most(rows.count()),
        );
        // A filter that leaves few spares more memory than a sketch.
        let pays = passing >= rows.count() / PART && first <= passing / PART;
        let found =
            pays.then(|| self.found(rows, query, k, wanted, [first, passing / PART], scratch));
        scratch.rows_read = match found {
            Some(Some(_)) => first + scratch.candidates.len(),
            _ => passing,
        };
        found
            .flatten()
            .map_or_else(|| scan(rows, query, k, wanted), Ok)
    }

    /// [`Self::search`], where the sketch is of use.
    fn found(
        &self,
        rows: &Rows,
        query: &[f32],
        k: usize,
        wanted: Wanted,
        [first, most]: [usize; 2],
        scratch: &mut Scratch,
    ) -> Option<Vec<Scored>> {
        let Scratch {
            estimates,
            candidates,
            ..
        } = scratch;
        let rotated = self.rotation.apply(query);
        let estimator = Estimator::new(&rotated, scratch.kernels)?;
        let mut best = Best::new(first, rows.count());
        self.estimate(&estimator, rows.count(), wanted, estimates, &mut best);
        if !best.is_full() {
            return None;
        }
        let mut search = Search::new(rows, query, k);
        let mut items: Vec<u32> = best.into_sorted().iter().map(|one| one.item).collect();
        items.sort_unstable();
        for item in items {
            search.look_at(item as usize, wanted);
            estimates[item as usize] = LOWEST;
        }
        if !search.best.is_full() {
            return None;
        }
        // All in the sketch's measure: what an estimate has to be, and by how much it may miss that.
        let of_mean: f32 = self.mean.iter().zip(&rotated).map(|(a, b)| a * b).sum();
        let unit = estimator.unit(self.largest_factor);
        let score = search.best.worst() - of_mean;
        let [level, reach] = [
            score / unit,
            CERTAINTY * estimator.deviation(self.across(&rotated, score)),
        ];
        candidates.clear();
        let all = self
            .signs
            .within(estimates, level, reach, &estimator, most, candidates);
        if !all {
            return None;
        }
        for &item in candidates.iter() {
            search.look_at(item as usize, wanted);
        }
        Some(search.best.into_sorted())
    }

    /// Estimates every row; offers those with the highest to `best`.
    fn estimate(
        &self,
        estimator: &Estimator,
        count: usize,
        wanted: Wanted,
        estimates: &mut Vec<i16>,
        best: &mut Best,
    ) {
        estimates.resize(self.signs.padded_count(), LOWEST);
        for (number, (codes, factors, block)) in self.signs.blocks(estimates).enumerate() {
            estimator.block(codes, factors, block);
            let first = number * BLOCK;
            let bits = wanted.word(first / BITS, count) >> (first % BITS) & 0xffff;
            if bits != 0xffff {
                for (lane, estimate) in block.iter_mut().enumerate() {
                    *estimate = if bits >> lane & 1 == 1 {
                        *estimate
                    } else {
                        LOWEST
                    };
                }
            }
            let mut high = estimator.above(block, best.worst());
            while high != 0 {
                let lane = high.trailing_zeros() as usize;
                high &= high - 1;
                let item = (first + lane) as u32;
                if wanted.admits(item) {
                    best.offer(item, f32::from(block[lane]));
                }
            }
        }
    }

    /// Of a query, the length of the part across rows that have this score, at most: what estimates of them can err by.
    fn across(&self, rotated: &[f32], score: f32) -> f32 {
        let square: f32 = rotated.iter().map(|x| x * x).sum();
        let along = score.max(0.0) / self.longest.max(f32::MIN_POSITIVE);
        (square - along * along).max(0.0).sqrt() * self.sine
    }
}

/// The mean vector, of at most [`SAMPLE`] rows evenly apart.
fn mean(rows: &Rows) -> Vec<f32> {
    let every = rows.count().div_ceil(SAMPLE).max(1);
    let mut sums = vec![0.0_f64; rows.dim()];
    let mut count = 0.0_f64;
    for row in (0..rows.count()).step_by(every) {
        let (values, scale) = rows.row(row);
        for (sum, &value) in sums.iter_mut().zip(values) {
            *sum += f64::from(scale) * f64::from(value);
        }
        count += 1.0;
    }
    let means = sums.into_iter().map(|sum| (sum / count.max(1.0)) as f32);
    means
        .map(|mean| if mean.is_finite() { mean } else { 0.0 })
        .collect()
}
