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
    rows.check(query, wanted)?;
    let mut search = Search::new(rows, query, k, wanted);
    search.words(0, Wanted::mask_words(rows.count()));
    Ok(search.best.into_sorted())
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
    for query in queries {
        rows.check(query, wanted)?;
    }
    let searches = queries
        .iter()
        .map(|query| Search::new(rows, query, k, wanted));
    let mut searches: Vec<Search> = searches.collect();
    let words = Wanted::mask_words(rows.count());
    for first in (0..words).step_by(TILE) {
        for search in &mut searches {
            search.words(first, words.min(first + TILE));
        }
    }
    let found = searches.into_iter().map(|search| search.best.into_sorted());
    Ok(found.collect())
}

/// The best rows of one query so far.
pub(crate) struct Search<'a> {
    pub rows: &'a Rows<'a>,
    pub wanted: Wanted<'a>,
    pub best: Best,
    query: Query<'a>,
    /// The score to reach, in steps of the query.
    steps: f32,
}

impl<'a> Search<'a> {
    /// A query that [`Rows::check`] has passed.
    pub fn new(rows: &'a Rows<'a>, query: &'a [f32], k: usize, wanted: Wanted<'a>) -> Self {
        let best = Best::new(k, rows.count());
        Self {
            rows,
            wanted,
            steps: best.worst(),
            best,
            query: Query::new(query),
        }
    }

    /// Looks at the wanted rows of the words from `first` to before `end`.
    fn words(&mut self, first: usize, end: usize) {
        let (count, dim) = (self.rows.count(), self.rows.dim());
        let (values, scales) = (self.rows.values(), self.rows.scales());
        for word in first..end {
            let mut bits = self.wanted.word(word, count);
            let mut first = word * BITS;
            while bits != 0 {
                let empty = bits.trailing_zeros() as usize / GROUP * GROUP;
                (bits, first) = (bits >> empty, first + empty);
                let mut reach = bits & 0b1111;
                // Two rows alone take no longer than four together.
                if reach.count_ones() > 2
                    && let Some(scales) = scales[first..].first_chunk()
                {
                    reach &= reaching(&self.query, &values[first * dim..], scales, self.steps);
                }
                while reach != 0 {
                    self.look_at(first + reach.trailing_zeros() as usize);
                    reach &= reach - 1;
                }
                // In two, for a shift by all bits is none.
                (bits, first) = (bits >> 1 >> (GROUP - 1), first + GROUP);
            }
        }
    }

    /// Looks at one row that the mask lets pass.
    #[inline(never)]
    pub fn look_at(&mut self, row: usize) {
        let dim = self.rows.dim();
        let values = &self.rows.values()[row * dim..];
        let bound = bound(&self.query, &values[..dim], self.rows.scales()[row]);
        if bound < self.steps {
            return;
        }
        let score = self.rows.score(self.query.exact, row);
        if score >= self.best.worst() && self.wanted.admits(row as u32) {
            self.best.offer(row as u32, score);
            self.steps = self.best.worst() / self.query.step;
        }
    }
}
