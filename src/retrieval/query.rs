//! A query rounded to integers, and how far sums of those can be from a score.

/// Products of this many values are added side by side.
pub(crate) const LANES: usize = 16;

/// A query as sums of integers need it.
pub(crate) struct Query<'a> {
    /// As it was asked.
    pub exact: &'a [f32],
    /// Rounded, sixteen lanes at a time. The last sixteen are those of the last sixteen values of a row, zeros in place of
    /// those that came before: rows are read in whole vectors and none beyond its end. Shorter ones end with zeros.
    pub lanes: Vec<[i16; LANES]>,
    /// Where in a row each of these begins.
    pub starts: Vec<usize>,
    /// Score of a row with scale 1 and a sum of 1.
    pub step: f32,
    /// A score is at most `(sum + slack) · step · scale` where the scale isn't negative.
    pub slack: f32,
}

impl<'a> Query<'a> {
    /// `query`: finite, 1 to 65,536 values.
    pub fn new(query: &'a [f32]) -> Self {
        let dim = query.len();
        // Sums of `dim` products with −128 stay within 32 bits.
        let limit = (i32::MAX as usize / (128 * dim.max(1))).min(i16::MAX as usize) as f32;
        let largest = query.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        // Truncated rather than rounded up, the largest would step over the limit.
        let step = (largest / limit * (1.0 + f32::EPSILON)).max(f32::MIN_POSITIVE);
        let rounded = |at: usize| (query[at] / step).round() as i16;
        let mut starts: Vec<usize> = (0..dim / LANES).map(|n| n * LANES).collect();
        let mut lanes: Vec<[i16; LANES]> = starts
            .iter()
            .map(|&start| std::array::from_fn(|lane| rounded(start + lane)))
            .collect();
        let done = starts.len() * LANES;
        if done < dim {
            let start = dim.saturating_sub(LANES);
            lanes.push(std::array::from_fn(|lane| {
                let at = start + lane;
                if (done..dim).contains(&at) {
                    rounded(at)
                } else {
                    0
                }
            }));
            starts.push(start);
        }
        // Half a step for each value of a row, and what sums in f32 are rounded by: those of scores, which have a lane's
        // additions and those of lanes, and those of bounds.
        let roundings = dim as f32 / LANES as f32 + 32.0;
        let slack = 128.0 * dim as f32 * (0.5 + limit * roundings * (f32::EPSILON / 2.0));
        Self {
            exact: query,
            lanes,
            starts,
            step,
            slack,
        }
    }
}
