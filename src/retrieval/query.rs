//! A query rounded to integers, and how far sums of those can be from a score.

/// Products of this many values are added side by side.
pub(crate) const LANES: usize = 16;

/// A query as sums of integers need it.
pub(crate) struct Query<'a> {
    /// As it was asked.
    pub exact: &'a [f32],
    /// Rounded, sixteen values at a time. The last sixteen are those of the last sixteen values of a row, zeros in place of
    /// those that came before: rows are read in whole vectors and none beyond its end. Fewer end with zeros.
    lanes: Vec<i16>,
    /// Score of a row with scale 1 and a sum of 1.
    pub step: f32,
    /// A score is at most `sum · scale + slack · |scale|` steps.
    pub slack: f32,
}

impl<'a> Query<'a> {
    /// `query`: finite, 1 to 65,536 values.
    pub fn new(query: &'a [f32]) -> Self {
        let dim = query.len();
        // Sums of `dim` products with −128 stay within 32 bits.
        let limit = (i32::MAX as usize / (128 * dim.max(1))).min(i16::MAX as usize) as f32;
        let largest = query.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        // A little more, or the largest value might be rounded beyond the limit.
        let step = (largest / limit * (1.0 + f32::EPSILON)).max(f32::MIN_POSITIVE);
        let whole = dim / LANES * LANES;
        let mut lanes = vec![0; dim.next_multiple_of(LANES)];
        let gap = if dim < LANES { 0 } else { lanes.len() - dim };
        for (at, value) in query.iter().enumerate() {
            lanes[if at < whole { at } else { at + gap }] = (value / step).round_ties_even() as i16;
        }
        // Half a step for each value of a row, and what sums in f32 are rounded by: those of scores, which have a lane's
        // additions and those of lanes, and those of bounds.
        let roundings = dim as f32 / LANES as f32 + 32.0;
        let slack = 128.0 * dim as f32 * (0.5 + limit * roundings * (f32::EPSILON / 2.0));
        Self {
            exact: query,
            lanes,
            step,
            slack,
        }
    }

    /// Sixteen rounded values at a time, and where in a row those begin that they are multiplied with.
    pub fn lanes(&self) -> impl Iterator<Item = (&[i16; LANES], usize)> {
        let last = self.exact.len().saturating_sub(LANES);
        let lanes = self.lanes.as_chunks().0.iter().enumerate();
        lanes.map(move |(number, lanes)| (lanes, (number * LANES).min(last)))
    }
}
