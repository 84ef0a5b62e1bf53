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
mod make;
mod rotation;

use crate::best::Best;
use crate::scan::{Search, scan};
use crate::wanted::{BITS, Wanted};
use crate::{QueryError, Rows, Scored};
use estimate::{BLOCK, Fastest, Kernels, LOWEST, Lookups, Scalar};
use rotation::Rotation;

/// Fewer rows than these are scanned as quickly.
const FEWEST_ROWS: usize = 8192;
/// Rows of fewer values take little more memory than a sketch of them.
const FEWEST_VALUES: usize = 32;
/// Rows of more would take sums beyond 16 bits.
const MOST_VALUES: usize = 4096;
/// A row may be missed when its estimate is this many standard deviations too low: one of 740, were errors normal.
const CERTAINTY: f32 = 3.0;
/// Of the angle between a row in all directions alike, as rotated ones are, and its signs: the mean.
const COSINE_SQUARED: f32 = std::f32::consts::FRAC_2_PI;
/// Rows scored for the first bound, besides twice those sought.
const FIRST: usize = 64;
/// Of so many rows one may be scored; beyond that the scan is quicker.
const PART: usize = 8;

/// A sketch of rows: some 9 bytes for 64 values.
#[derive(Debug, Clone)]
pub struct Sketch {
    rotation: Rotation,
    /// The mean of all rows, rotated.
    mean: Vec<f32>,
    /// Signs of rows, block by block.
    codes: Vec<u8>,
    /// Of each row, its length along its signs as a fraction of the largest, and zeros that fill up the last block.
    factors: Vec<u8>,
    /// The length that a factor of 255 stands for.
    largest: f32,
}

/// Work space, kept from search to search.
#[derive(Debug, Default)]
pub struct Scratch {
    estimates: Vec<i16>,
    rows_read: usize,
}

impl Scratch {
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

    /// Memory that it takes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.codes.len() + self.factors.len() + self.mean.len() * size_of::<f32>()
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
        self.search_by::<Fastest>(rows, query, k, wanted, scratch)
    }

    /// [`Self::search`] by the kernels that say what is right, which a page has no use for.
    ///
    /// # Errors
    /// As [`scan`].
    pub fn search_scalar(
        &self,
        rows: &Rows,
        query: &[f32],
        k: usize,
        wanted: Wanted,
        scratch: &mut Scratch,
    ) -> Result<Vec<Scored>, QueryError> {
        self.search_by::<Scalar>(rows, query, k, wanted, scratch)
    }

    fn search_by<K: Kernels>(
        &self,
        rows: &Rows,
        query: &[f32],
        k: usize,
        wanted: Wanted,
        scratch: &mut Scratch,
    ) -> Result<Vec<Scored>, QueryError> {
        rows.check(query, wanted)?;
        let passing = wanted.at_most(rows.count());
        let (first, most) = (k.saturating_mul(2).saturating_add(FIRST), passing / PART);
        // A filter that leaves few spares more memory than a sketch.
        if passing >= rows.count() / PART && first <= most {
            let mut search = Search::new(rows, query, k, wanted);
            if let Some(read) =
                self.near::<K>(&mut search, query, [first, most], &mut scratch.estimates)
            {
                scratch.rows_read = read;
                return Ok(search.best.into_sorted());
            }
        }
        scratch.rows_read = passing;
        scan(rows, query, k, wanted)
    }

    /// Has `search` look at the rows near `query`, and says how many they were; `None` where that can't be said, or not
    /// less than `most`.
    fn near<K: Kernels>(
        &self,
        search: &mut Search,
        query: &[f32],
        [first, most]: [usize; 2],
        estimates: &mut Vec<i16>,
    ) -> Option<usize> {
        let rotated = self.rotation.apply(query);
        let lookups = Lookups::new(&rotated)?;
        let mut highest = Best::new(first, most);
        self.estimate::<K>(&lookups, search, estimates, &mut highest);
        if !highest.is_full() {
            return None;
        }
        for Scored { item, .. } in highest.into_sorted() {
            search.look_at(item as usize);
            if let Some(estimate) = estimates.get_mut(item as usize) {
                *estimate = LOWEST;
            }
        }
        if !search.best.is_full() {
            return None;
        }
        let [level, reach] = self.bounds(&lookups, &rotated, search.best.worst())?;
        let mut read = first;
        let blocks = estimates
            .as_chunks()
            .0
            .iter()
            .zip(self.factors.as_chunks().0);
        for (number, (estimates, factors)) in blocks.enumerate() {
            let mut bits = K::reaching(estimates, factors, level, reach);
            while bits != 0 {
                search.look_at(number * BLOCK + bits.trailing_zeros() as usize);
                bits &= bits - 1;
                read += 1;
            }
            if read > most {
                return None;
            }
        }
        Some(read)
    }

    /// Estimates every row, and offers those with the highest to `highest`.
    fn estimate<K: Kernels>(
        &self,
        lookups: &Lookups,
        search: &Search,
        estimates: &mut Vec<i16>,
        highest: &mut Best,
    ) {
        estimates.resize(self.factors.len(), LOWEST);
        let count = search.rows.count();
        let codes = self.codes.chunks_exact(self.mean.len() / 8 * BLOCK);
        let blocks = codes
            .zip(self.factors.as_chunks().0)
            .zip(estimates.as_chunks_mut().0);
        for (number, ((codes, factors), estimates)) in blocks.enumerate() {
            K::estimate(lookups, codes, factors, estimates);
            let first = number * BLOCK;
            let bits = search.wanted.word(first / BITS, count) >> (first % BITS);
            if bits & 0xffff != 0xffff {
                for (lane, estimate) in estimates.iter_mut().enumerate() {
                    if bits >> lane & 1 == 0 {
                        *estimate = LOWEST;
                    }
                }
            }
            // −∞ becomes the lowest, which is none.
            let mut high = K::above(estimates, highest.worst() as i16);
            while high != 0 {
                let lane = high.trailing_zeros() as usize;
                high &= high - 1;
                let item = (first + lane) as u32;
                if search.wanted.admits(item) {
                    highest.offer(item, f32::from(estimates[lane]));
                }
            }
        }
    }

    /// What the estimate of a row with this score is, and by how much times its factor it may be less; `None` where that
    /// would be half of all rows, or no estimates.
    fn bounds(&self, lookups: &Lookups, rotated: &[f32], score: f32) -> Option<[i16; 2]> {
        let (mut of_mean, mut square) = (0.0, 0.0);
        for (mean, x) in self.mean.iter().zip(rotated) {
            of_mean += mean * x;
            square += x * x;
        }
        let score = score - of_mean;
        // An estimate strays with the part of the query that lies across its row: the longest row has the least.
        let longest = self.largest * (COSINE_SQUARED * self.mean.len() as f32).sqrt();
        let along = score / longest;
        let across = (square - along * along).max(0.0) * (1.0 - COSINE_SQUARED);
        let deviation = (across + lookups.deviation() * lookups.deviation()).sqrt();
        let level = (score / (lookups.unit() * self.largest * (256.0 / 255.0))).floor();
        let reach = (CERTAINTY * deviation / lookups.unit()).ceil();
        let most = f32::from(i16::MAX);
        (level >= 0.0 && reach <= most).then_some([level.min(most) as i16, reach as i16])
    }
}
