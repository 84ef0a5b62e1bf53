//! The best rows by looking at all of them.

use crate::best::Best;
use crate::dot::{GROUP, bound, reaching};
use crate::query::Query;
use crate::wanted::{BITS, Wanted};
use crate::{QueryError, Rows, Scored};

/// Words of a mask whose rows all queries of a batch are asked of while they are in the processor's cache.
const TILE: usize = 8;

/// The `k` wanted rows with the largest scores, largest first, ties in the order of rows. Exact.
///
/// # Errors
/// [`QueryError`] when the query or the mask doesn't fit the rows.
pub fn scan(
    rows: &Rows,
    query: &[f32],
    k: usize,
    wanted: Wanted,
) -> Result<Vec<Scored>, QueryError> {
    let mut found = scan_batch(rows, &[query], k, wanted)?;
    Ok(found.pop().unwrap_or_default())
}

/// [`scan`] for several queries: the rows are read from memory once.
///
/// # Errors
/// As [`scan`].
pub fn scan_batch(
    rows: &Rows,
    queries: &[&[f32]],
    k: usize,
    wanted: Wanted,
) -> Result<Vec<Vec<Scored>>, QueryError> {
    wanted.check(rows.count())?;
    for query in queries {
        rows.check(query)?;
    }
    let mut searches: Vec<Search> = queries
        .iter()
        .map(|query| Search::new(rows, query, k))
        .collect();
    let words = Wanted::mask_words(rows.count());
    for first in (0..words).step_by(TILE) {
        for search in &mut searches {
            search.words(first..words.min(first + TILE), wanted);
        }
    }
    Ok(searches
        .into_iter()
        .map(|search| search.best.into_sorted())
        .collect())
}

/// The best rows of one query so far.
pub(crate) struct Search<'a> {
    rows: &'a Rows<'a>,
    query: Query<'a>,
    pub best: Best,
    /// The score to reach, in steps of the query.
    steps: f32,
}

impl<'a> Search<'a> {
    pub fn new(rows: &'a Rows<'a>, query: &'a [f32], k: usize) -> Self {
        let best = Best::new(k, rows.count());
        let steps = best.worst();
        Self {
            rows,
            query: Query::new(query),
            best,
            steps,
        }
    }

    /// Looks at the wanted rows of these words.
    fn words(&mut self, words: std::ops::Range<usize>, wanted: Wanted) {
        let (count, dim) = (self.rows.count(), self.rows.dim());
        let (values, scales) = (self.rows.values(), self.rows.scales());
        for word in words {
            let mut bits = wanted.word(word, count);
            let mut first = word * BITS;
            while bits != 0 {
                let empty = bits.trailing_zeros() as usize / GROUP * GROUP;
                (bits, first) = (bits >> empty, first + empty);
                let of_group = bits & 0b1111;
                let last = first + GROUP;
                match scales
                    .get(first..last)
                    .and_then(|scales| scales.first_chunk())
                {
                    // Two rows alone take no longer than four together.
                    Some(scales) if of_group.count_ones() > 2 => {
                        let reaching = reaching(
                            &self.query,
                            &values[first * dim..last * dim],
                            scales,
                            self.steps,
                        );
                        self.score(first, reaching & of_group, wanted);
                    }
                    _ => self.look_at_each(first, of_group, wanted),
                }
                // In two, for a shift by all bits is none.
                (bits, first) = (bits >> 1 >> (GROUP - 1), last);
            }
        }
    }

    /// Looks at rows one by one: those of the bits, from `first` on.
    fn look_at_each(&mut self, first: usize, mut bits: u32, wanted: Wanted) {
        while bits != 0 {
            self.look_at(first + bits.trailing_zeros() as usize, wanted);
            bits &= bits - 1;
        }
    }

    /// Looks at one row that the mask lets pass.
    pub fn look_at(&mut self, row: usize, wanted: Wanted) {
        let dim = self.rows.dim();
        let scale = self.rows.scales()[row];
        let bound = bound(&self.query, &self.rows.values()[row * dim..][..dim], scale);
        if !(bound < self.steps) {
            self.score(row, 1, wanted);
        }
    }

    /// Scores the rows of the bits, from `first` on.
    #[cold]
    fn score(&mut self, first: usize, mut bits: u32, wanted: Wanted) {
        while bits != 0 {
            let row = first + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            let score = self.rows.score(self.query.exact, row);
            // Of rows with the same score the first stays, and rows come in any order from a sketch.
            if score >= self.best.worst() && wanted.admits(row as u32) {
                self.best.offer(row as u32, score);
                self.steps = self.best.worst() / self.query.step;
            }
        }
    }
}
