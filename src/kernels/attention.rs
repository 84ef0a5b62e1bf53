//! Attention over heads that lie side by side, as projections give them: `softmax(q·kᵀ·scale + mask)·v`.
//!
//! A head's keys are packed as rows of tiles, eight queries as their panel. So scores lie with a lane a query: the softmax
//! needs no sums across lanes, and what it gives are rows of tiles whose panels are the head's values.

use super::panel::{COLUMNS, Columns, ROWS, put_f32};
use super::strided::broadcast_strides;
use super::tile::tile_f32;
use super::{Operand, Output, Scratch, softmax, unary};
use crate::KernelSet;
use nearshelf_operators::{Masking, Unary, ZeroShares};

/// What becomes of scores.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub scale: f32,
    pub zero: ZeroShares,
    pub masking: Masking,
}

impl Rule {
    fn masked(self, score: f32, mask: f32) -> f32 {
        match self.masking {
            Masking::Replaces if mask <= Masking::HIDDEN => mask,
            _ => score + mask,
        }
    }
}

/// One head's rows of an operand.
#[derive(Clone, Copy)]
struct Rows<'a> {
    values: &'a [f32],
    /// Distance between rows.
    step: usize,
    width: usize,
    count: usize,
}

impl<'a> Rows<'a> {
    /// Of head `head` in sample `sample` of `x [n, count, heads · width]` or `[n, heads, count, width]`.
    fn of(x: Operand<'a>, heads: usize, sample: usize, head: usize) -> Self {
        let (count, width, step, apart) = match *x.shape {
            [_, count, columns] => (count, columns / heads, columns, columns / heads),
            [_, _, count, width] => (count, width, width, count * width),
            _ => (0, 0, 0, 0),
        };
        let first = sample * heads * count * width + head * apart;
        // Without columns there is no first one either.
        let values = x.f32().get(first..).unwrap_or_default();
        Self {
            values,
            step,
            width,
            count,
        }
    }

    fn row(self, at: usize) -> &'a [f32] {
        &self.values[at * self.step..][..self.width]
    }
}

/// What is added to one head's scores.
#[derive(Clone, Copy)]
struct Mask<'a> {
    values: &'a [f32],
    /// From query to query, from key to key.
    steps: [usize; 2],
}

impl Mask<'_> {
    fn of(self, query: usize, key: usize) -> f32 {
        self.values[query * self.steps[0] + key * self.steps[1]]
    }
}

/// `q, k, v` as [`nearshelf_operators::Op::Attention`] says, a mask that broadcasts to `[n, heads, t, s]` → `[n, t, heads · e]`.
pub(super) fn run(
    inputs: &[Operand],
    y: &mut Output,
    heads: usize,
    rule: Rule,
    scratch: &mut Scratch,
    set: KernelSet,
) {
    let [q, k, v] = std::array::from_fn(|at| inputs[at]);
    let &[n, t, columns] = y.shape else { return };
    let keys = Rows::of(k, heads, 0, 0).count;
    let scores = [n, heads, t, keys];
    let (mask, strides) = match inputs.get(3) {
        Some(mask) => (mask.f32(), broadcast_strides(mask.shape, &scores)),
        None => (&[0.0][..], vec![0; 4]),
    };
    let step = |axis: usize| strides[axis] as usize;
    let y = y.f32_mut();
    if keys == 0 {
        return y.fill(0.0);
    }
    for sample in 0..n {
        for head in 0..heads {
            let [q, k, v] = [q, k, v].map(|x| Rows::of(x, heads, sample, head));
            let mask = Mask {
                values: &mask[sample * step(0) + head * step(1)..],
                steps: [step(2), step(3)],
            };
            let y = &mut y[sample * t * columns + head * v.width..];
            let work = &mut scratch.f32_a;
            match set {
                KernelSet::Scalar => scalar([q, k, v], mask, rule, y, columns, work),
                KernelSet::Fastest => blocked([q, k, v], mask, rule, y, columns, work),
            }
        }
    }
}

/// What attention is. Rows of `y` are `step` apart.
fn scalar(
    [q, k, v]: [Rows; 3],
    mask: Mask,
    rule: Rule,
    y: &mut [f32],
    step: usize,
    scores: &mut Vec<f32>,
) {
    scores.resize(k.count, 0.0);
    let scores = &mut scores[..k.count];
    for query in 0..q.count {
        for (key, score) in scores.iter_mut().enumerate() {
            let terms = q.row(query).iter().zip(k.row(key));
            let product: f32 = terms.map(|(q, k)| q * k).sum();
            *score = rule.masked(product * rule.scale, mask.of(query, key));
        }
        let is_hidden = scores.iter().all(|&score| score == f32::NEG_INFINITY);
        softmax::normalise(scores, false, KernelSet::Scalar);
        let is_zero = match rule.zero {
            ZeroShares::Never => false,
            ZeroShares::Hidden => is_hidden,
            // All shares are multiplied with what their sum gave.
            ZeroShares::NoNumber => scores.iter().any(|share| share.is_nan()),
        };
        if is_zero {
            scores.fill(0.0);
        }
        for (column, y) in y[query * step..][..v.width].iter_mut().enumerate() {
            let terms = scores.iter().enumerate();
            *y = terms.map(|(key, p)| p * v.row(key)[column]).sum();
        }
    }
}

/// A head's work space. What tiles and panels hold beyond their keys, columns and queries is of no account.
struct Work<'a> {
    /// Tiles of keys `[⌈s / 4⌉, d, 4]`.
    keys: &'a mut [Tile],
    /// Panels of values `[⌈e / 8⌉, s, 8]`.
    values: &'a mut [Columns],
    /// A panel of queries `[d, 8]`.
    queries: &'a mut [Columns],
    /// Its scores, then their exponentials, as two tiles `[4 · ⌈s / 4⌉, 4]`.
    scores: [&'a mut [Tile]; 2],
}

type Tile = [f32; ROWS];

impl<'a> Work<'a> {
    fn of([q, k, v]: [Rows; 3], work: &'a mut Vec<f32>) -> Self {
        let keys = k.count.next_multiple_of(ROWS);
        let values = v.width.next_multiple_of(COLUMNS);
        let lengths = [keys * q.width, values * k.count, q.width * COLUMNS];
        let len = lengths.iter().sum::<usize>() + keys * 2 * ROWS;
        if work.len() < len {
            work.resize(len, 0.0);
        }
        let (tiles, rest) = work[..len].split_at_mut(lengths[0]);
        let (values, rest) = rest.split_at_mut(lengths[1]);
        let (queries, scores) = rest.split_at_mut(lengths[2]);
        let (first, second) = scores.split_at_mut(keys * ROWS);
        Self {
            keys: tiles.as_chunks_mut().0,
            values: values.as_chunks_mut().0,
            queries: queries.as_chunks_mut().0,
            scores: [first, second].map(|scores| scores.as_chunks_mut().0),
        }
    }

    fn pack(&mut self, k: Rows, v: Rows) {
        for key in 0..k.count {
            let tile = &mut self.keys[key / ROWS * k.width..][..k.width];
            put_f32(tile, key % ROWS, 0, k.row(key));
            for (number, values) in v.row(key).chunks(COLUMNS).enumerate() {
                self.values[number * k.count + key][..values.len()].copy_from_slice(values);
            }
        }
    }

    /// Products of eight queries with all keys.
    fn score(&mut self, width: usize) {
        let [low, high] = &mut self.scores;
        let scores = low.as_chunks_mut::<ROWS>().0.iter_mut();
        let scores = scores.zip(high.as_chunks_mut::<ROWS>().0);
        for (number, (low, high)) in scores.enumerate() {
            let keys = &self.keys[number * width..][..width];
            let tile = tile_f32(keys, self.queries, &[0.0; COLUMNS]);
            for ((low, high), [a, b, c, d, e, f, g, h]) in low.iter_mut().zip(high).zip(tile) {
                (*low, *high) = ([a, b, c, d], [e, f, g, h]);
            }
        }
    }
}

fn blocked(
    [q, k, v]: [Rows; 3],
    mask: Mask,
    rule: Rule,
    y: &mut [f32],
    step: usize,
    work: &mut Vec<f32>,
) {
    let mut work = Work::of([q, k, v], work);
    work.pack(k, v);
    for top in (0..q.count).step_by(COLUMNS) {
        for lane in 0..COLUMNS.min(q.count - top) {
            let query = q.row(top + lane).iter();
            for (panel, x) in work.queries.iter_mut().zip(query) {
                panel[lane] = x * rule.scale;
            }
        }
        work.score(k.width);
        let tiles = (top..q.count).step_by(ROWS).zip(&mut work.scores);
        for (first, scores) in tiles {
            let count = ROWS.min(q.count - first);
            let scores = &mut scores[..k.count];
            add_mask(scores, mask, rule, first, count);
            let shares = exponentials(scores, rule);
            for column in (0..v.width).step_by(COLUMNS) {
                let values = &work.values[column / COLUMNS * k.count..][..k.count];
                let sums = tile_f32(scores, values, &[0.0; COLUMNS]);
                let width = COLUMNS.min(v.width - column);
                let rows = sums.iter().zip(shares).enumerate().take(count);
                for (row, (sums, share)) in rows {
                    let y = &mut y[(first + row) * step + column..][..width];
                    let products = sums.map(|sum| sum * share);
                    match y.first_chunk_mut::<COLUMNS>() {
                        Some(y) => *y = products,
                        None => y.copy_from_slice(&products[..width]),
                    }
                }
            }
        }
    }
}

/// Gives the mask to scores of `count` queries from `first` on.
fn add_mask(scores: &mut [Tile], mask: Mask, rule: Rule, first: usize, count: usize) {
    // What a lane beyond the last query gets is of no account.
    let rows: [usize; ROWS] = std::array::from_fn(|lane| first + lane.min(count - 1));
    for (key, scores) in scores.iter_mut().enumerate() {
        for (score, &row) in scores.iter_mut().zip(&rows) {
            *score = rule.masked(*score, mask.of(row, key));
        }
    }
}

/// Replaces scores by exponentials; what these are to be multiplied with to add up to 1.
fn exponentials(scores: &mut [Tile], rule: Rule) -> Tile {
    // NaN is passed over.
    let mut most = [f32::NEG_INFINITY; ROWS];
    for scores in &*scores {
        for (most, &score) in most.iter_mut().zip(scores) {
            *most = if score > *most { score } else { *most };
        }
    }
    if rule.zero == ZeroShares::Hidden {
        most = most.map(|x| if x == f32::NEG_INFINITY { 0.0 } else { x });
    }
    for scores in &mut *scores {
        for (score, most) in scores.iter_mut().zip(&most) {
            *score -= most;
        }
    }
    unary::in_place(Unary::Exp, scores.as_flattened_mut(), KernelSet::Fastest);
    let mut sums = [0.0; ROWS];
    for scores in &*scores {
        for (sum, score) in sums.iter_mut().zip(scores) {
            *sum += score;
        }
    }
    if rule.zero == ZeroShares::NoNumber && sums.iter().any(|sum| sum.is_nan()) {
        for scores in &mut *scores {
            for (score, sum) in scores.iter_mut().zip(&mut sums) {
                *score = if sum.is_nan() { 0.0 } else { *score };
            }
        }
        sums = sums.map(|sum| if sum.is_nan() { 0.0 } else { sum });
    }
    // Only zeros add up to zero.
    sums.map(|sum| if sum == 0.0 { 0.0 } else { 1.0 / sum })
}
