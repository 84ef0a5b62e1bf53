//! Numbers without a pattern.

/// The same numbers for a seed: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
#[derive(Debug, Clone)]
pub struct Draws(pub u64);

impl Draws {
    /// One below `end`, which isn't 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ x >> 31) % end as u64) as usize
    }

    /// Moves `count` of the values, drawn without preference, to the front, in any order.
    pub fn to_front<T>(&mut self, values: &mut [T], count: usize) {
        for at in 0..count.min(values.len()) {
            let other = at + self.below(values.len() - at);
            values.swap(at, other);
        }
    }
}
