//! Which rows may be found.

/// Rows whose bits lie in one word.
pub(crate) const BITS: usize = u32::BITS as usize;

/// Which rows may be found.
#[derive(Clone, Copy)]
pub enum Wanted<'a> {
    /// All of them.
    All,
    /// Those with a bit: the first in the lowest bit of the first word. The fewer bits, the less is read.
    Mask(&'a [u32]),
    /// Those that it is true of. Asked only of rows that would be found: for filters that cost more than reading a row, and
    /// let most pass.
    Where(&'a dyn Fn(u32) -> bool),
}

impl Wanted<'_> {
    /// Words of a mask of so many rows.
    #[must_use]
    pub fn mask_words(rows: usize) -> usize {
        rows.div_ceil(BITS)
    }

    /// The bits of the 32 rows from `32 · word` on, of which there are `rows` in all.
    pub(crate) fn word(&self, word: usize, rows: usize) -> u32 {
        let bits = match self {
            Wanted::Mask(mask) => mask.get(word).copied().unwrap_or(0),
            _ => u32::MAX,
        };
        let left = rows.saturating_sub(word * BITS);
        if left < BITS {
            bits & ((1 << left) - 1)
        } else {
            bits
        }
    }

    /// Whether a row may be found whose bit is set.
    pub(crate) fn admits(&self, row: u32) -> bool {
        match self {
            Wanted::Where(admits) => admits(row),
            _ => true,
        }
    }

    /// Rows that a mask lets pass; all without one.
    pub(crate) fn at_most(&self, rows: usize) -> usize {
        match self {
            Wanted::Mask(_) => (0..Self::mask_words(rows))
                .map(|word| self.word(word, rows).count_ones() as usize)
                .sum(),
            _ => rows,
        }
    }
}
