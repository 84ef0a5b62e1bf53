//! Inner products of a query with rows of which the signs are known.

use crate::KernelSet;

/// Rows of a block: their codes are read side by side.
pub(super) const BLOCK: usize = 16;
/// No estimate: of rows that aren't wanted, or were scored.
pub(super) const LOWEST: i16 = i16::MIN;
/// Values of a look-up: the sums of four coordinates, each taken or not.
const TABLE: usize = 16;
/// The largest of them. Those of 64 coordinates add up to less than 256.
const LARGEST: f32 = 15.0;
/// Coordinates whose look-ups are added in 8 bits.
const WORD: usize = 64;
/// Bytes of a block's codes for those.
const WORD_BYTES: usize = WORD / 8 * BLOCK;
/// What a factor's byte is multiplied by, as a fraction of 2^15.
const FACTOR_SHIFT: u32 = 7;

/// The look-ups of a word, two a byte of a code: of its low half and its high one.
type Tables = [[[u8; TABLE]; 2]; WORD / 8];

/// Signs of rows, in blocks: for every eight coordinates a byte of each row.
#[derive(Debug, Clone)]
pub(super) struct Signs {
    /// Bytes of a block.
    stride: usize,
    codes: Vec<u8>,
    /// Of each row, its length along its signs as a fraction of the largest.
    factors: Vec<u8>,
}

/// Appends the signs of a block of rotated rows: a set bit where a value is positive.
pub(super) fn append_signs(block: &[[f32; BLOCK]], codes: &mut Vec<u8>) {
    for values in block.as_chunks::<8>().0 {
        let mut bytes = [0_u8; BLOCK];
        for (bit, values) in values.iter().enumerate() {
            for lane in 0..BLOCK {
                bytes[lane] |= u8::from(values[lane] > 0.0) << bit;
            }
        }
        codes.extend_from_slice(&bytes);
    }
}

impl Signs {
    pub fn new(bits: usize, codes: Vec<u8>, factors: Vec<u8>) -> Self {
        Self {
            stride: bits / 8 * BLOCK,
            codes,
            factors,
        }
    }

    pub fn size_bytes(&self) -> usize {
        self.codes.len() + self.factors.len()
    }

    /// Rows, and those that fill up the last block.
    pub fn padded_count(&self) -> usize {
        self.factors.len()
    }

    /// Each block's codes and factors, with its part of `estimates`.
    pub fn blocks<'a>(
        &'a self,
        estimates: &'a mut [i16],
    ) -> impl Iterator<Item = (&'a [u8], &'a [u8; BLOCK], &'a mut [i16; BLOCK])> {
        let (estimates, _) = estimates.as_chunks_mut();
        let (factors, _) = self.factors.as_chunks();
        let rest = factors.iter().zip(estimates);
        self.codes
            .chunks_exact(self.stride)
            .zip(rest)
            .map(|(codes, (factors, estimates))| (codes, factors, estimates))
    }

    /// Appends the rows whose estimates are less than `reach` times their factor below `level`. False where they are more
    /// than `most`, and where they would be half of all.
    pub fn within(
        &self,
        estimates: &[i16],
        level: f32,
        reach: f32,
        estimator: &Estimator,
        most: usize,
        rows: &mut Vec<u32>,
    ) -> bool {
        let (level, reach) = (level.floor().min(f32::from(i16::MAX)), reach.ceil());
        // Half of all rows are above the mean; and of less, nothing tells what is no row's estimate.
        if !(level >= 0.0 && reach <= f32::from(i16::MAX)) {
            return false;
        }
        let blocks = estimates
            .as_chunks::<BLOCK>()
            .0
            .iter()
            .zip(self.factors.as_chunks().0);
        for (number, (estimates, factors)) in blocks.enumerate() {
            let mut bits = estimator.reaching(estimates, factors, level as i16, reach as i16);
            while bits != 0 {
                rows.push((number * BLOCK) as u32 + bits.trailing_zeros());
                bits &= bits - 1;
            }
            if rows.len() > most {
                return false;
            }
        }
        true
    }
}

/// A query as look-ups.
pub(super) struct Estimator {
    set: KernelSet,
    tables: Vec<Tables>,
    /// What a look-up of 1 stands for.
    step: f32,
    /// Sums are as many bits higher in 16 bits.
    shift: u32,
    /// The sum of a row that lies across the query, so shifted.
    zero: i16,
}

impl Estimator {
    /// `query`: rotated; a power of two of coordinates, at least 64. `None` where it is too small or too large to be divided.
    pub fn new(query: &[f32], set: KernelSet) -> Option<Self> {
        let (nibbles, _) = query.as_chunks::<4>();
        let range = |nibble: &[f32; 4]| nibble.iter().map(|x| x.abs()).sum::<f32>();
        let step = nibbles.iter().map(range).fold(0.0, f32::max) / LARGEST;
        if !step.is_normal() {
            return None;
        }
        let table = |nibble: &[f32; 4]| -> [u8; TABLE] {
            let least: f32 = nibble.iter().map(|x| x.min(0.0)).sum();
            std::array::from_fn(|taken| {
                let taken = nibble
                    .iter()
                    .enumerate()
                    .filter(|(bit, _)| taken >> bit & 1 == 1);
                let sum: f32 = taken.map(|(_, x)| x).sum();
                ((sum - least) / step).round() as u8
            })
        };
        let (words, _) = nibbles.as_chunks::<{ WORD / 4 }>();
        let tables: Vec<Tables> = words
            .iter()
            .map(|word| {
                std::array::from_fn(|byte| [table(&word[2 * byte]), table(&word[2 * byte + 1])])
            })
            .collect();
        let shift = FACTOR_SHIFT - words.len().ilog2().min(FACTOR_SHIFT);
        let length: f32 = query.iter().map(|x| x.abs()).sum();
        let zero = (length / (2.0 * step) * (1_u32 << shift) as f32).round() as i16;
        Some(Self {
            set,
            tables,
            step,
            shift,
            zero,
        })
    }

    /// The inner product that an estimate of 1 stands for, less that with the mean.
    pub fn unit(&self, largest_factor: f32) -> f32 {
        largest_factor * (256.0 / 255.0) * self.of_sum()
    }

    /// A row's inner product with the query by its length along its signs, for a sum of 1.
    fn of_sum(&self) -> f32 {
        2.0 * self.step / (1_u32 << self.shift) as f32
    }

    /// Standard deviation of sums: `across` by signs, and what look-ups are rounded by.
    pub fn deviation(&self, across: f32) -> f32 {
        let lookups = (self.tables.len() * WORD / 4) as f32;
        let rounding = 2.0 * self.step * (lookups / 12.0).sqrt();
        across.hypot(rounding) / self.of_sum()
    }

    /// Estimates a block.
    pub fn block(&self, codes: &[u8], factors: &[u8; BLOCK], estimates: &mut [i16; BLOCK]) {
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        if self.set == KernelSet::Fastest {
            return simd128::block(self, codes, factors, estimates);
        }
        let _ = self.set;
        let mut sums = [0_u16; BLOCK];
        for (codes, tables) in codes.chunks_exact(WORD_BYTES).zip(&self.tables) {
            for (codes, [low, high]) in codes.as_chunks::<BLOCK>().0.iter().zip(tables) {
                for lane in 0..BLOCK {
                    let code = usize::from(codes[lane]);
                    sums[lane] += u16::from(low[code & 15]) + u16::from(high[code >> 4]);
                }
            }
        }
        for lane in 0..BLOCK {
            let sum = (sums[lane] << self.shift).cast_signed() - self.zero;
            estimates[lane] = scaled(sum, factors[lane]);
        }
    }

    /// A bit for each row whose estimate, with `reach` times its factor, is `level` or more.
    fn reaching(
        &self,
        estimates: &[i16; BLOCK],
        factors: &[u8; BLOCK],
        level: i16,
        reach: i16,
    ) -> u32 {
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        if self.set == KernelSet::Fastest {
            return simd128::reaching(estimates, factors, level, reach);
        }
        let mut bits = 0;
        for lane in 0..BLOCK {
            let most = estimates[lane].saturating_add(scaled(reach, factors[lane]));
            bits |= u32::from(most >= level) << lane;
        }
        bits
    }

    /// A bit for each estimate above `level`, which is a whole number or −∞; [`LOWEST`] is none.
    pub fn above(&self, estimates: &[i16; BLOCK], level: f32) -> u32 {
        let level = level.max(f32::from(LOWEST)) as i16;
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        if self.set == KernelSet::Fastest {
            return simd128::above(estimates, level);
        }
        let bits = estimates.iter().enumerate();
        bits.fold(0, |bits, (lane, &estimate)| {
            bits | u32::from(estimate > level) << lane
        })
    }
}

/// `sum` times the factor, of which 256 would be 1, rounded.
fn scaled(sum: i16, factor: u8) -> i16 {
    let product = i32::from(sum) * (i32::from(factor) << FACTOR_SHIFT);
    ((product + (1 << 14)) >> 15) as i16
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128 {
    use super::{BLOCK, Estimator, FACTOR_SHIFT, TABLE, WORD_BYTES};
    use core::arch::wasm32::{
        i8x16_bitmask, i8x16_narrow_i16x8, i16x8_add_sat, i16x8_ge, i16x8_gt, i16x8_q15mulr_sat,
        i16x8_shl, i16x8_splat, i16x8_sub, u8x16_add, u8x16_shr, u8x16_splat, u16x8_add,
        u16x8_extend_high_u8x16, u16x8_extend_low_u8x16, v128, v128_and, v128_load, v128_store,
    };

    #[cfg(not(target_feature = "relaxed-simd"))]
    use core::arch::wasm32::i8x16_swizzle as look_up;
    // The same where no index is beyond the table.
    #[cfg(target_feature = "relaxed-simd")]
    use core::arch::wasm32::i8x16_relaxed_swizzle as look_up;

    fn load<T>(from: &[T; BLOCK]) -> v128 {
        // SAFETY: at least sixteen bytes; unaligned addresses are allowed.
        unsafe { v128_load(from.as_ptr().cast()) }
    }

    fn halves(estimates: &[i16; BLOCK]) -> [v128; 2] {
        // SAFETY: 32 bytes; unaligned addresses are allowed.
        unsafe {
            [
                v128_load(estimates.as_ptr().cast()),
                v128_load(estimates.as_ptr().add(8).cast()),
            ]
        }
    }

    fn factors(factors: &[u8; BLOCK]) -> [v128; 2] {
        let factors = load(factors);
        [
            u16x8_extend_low_u8x16(factors),
            u16x8_extend_high_u8x16(factors),
        ]
        .map(|half| i16x8_shl(half, FACTOR_SHIFT))
    }

    /// What sixteen codes look up.
    ///
    /// # Safety
    /// They are sixteen bytes.
    unsafe fn taken(codes: *const u8, [of_low, of_high]: &[[u8; TABLE]; 2]) -> v128 {
        // SAFETY: unaligned addresses are allowed.
        let codes = unsafe { v128_load(codes.cast()) };
        u8x16_add(
            look_up(load(of_low), v128_and(codes, u8x16_splat(15))),
            look_up(load(of_high), u8x16_shr(codes, 4)),
        )
    }

    pub(super) fn block(
        estimator: &Estimator,
        codes: &[u8],
        of_rows: &[u8; BLOCK],
        estimates: &mut [i16; BLOCK],
    ) {
        let [mut low, mut high] = [i16x8_splat(0); 2];
        for (codes, tables) in codes.chunks_exact(WORD_BYTES).zip(&estimator.tables) {
            let mut sums = u8x16_splat(0);
            let (fours, _) = codes.as_chunks::<{ 4 * BLOCK }>();
            for (codes, tables) in fours.iter().zip(tables.as_chunks::<4>().0) {
                let at = codes.as_ptr();
                let [a, b, c, d] = tables;
                // SAFETY: four times sixteen bytes.
                let taken = unsafe {
                    [
                        taken(at, a),
                        taken(at.add(16), b),
                        taken(at.add(32), c),
                        taken(at.add(48), d),
                    ]
                };
                sums = u8x16_add(
                    sums,
                    u8x16_add(u8x16_add(taken[0], taken[1]), u8x16_add(taken[2], taken[3])),
                );
            }
            low = u16x8_add(low, u16x8_extend_low_u8x16(sums));
            high = u16x8_add(high, u16x8_extend_high_u8x16(sums));
        }
        let zero = i16x8_splat(estimator.zero);
        let of_rows = factors(of_rows);
        for (half, (sums, factors)) in [low, high].into_iter().zip(of_rows).enumerate() {
            let sums = i16x8_sub(i16x8_shl(sums, estimator.shift), zero);
            // SAFETY: eight of sixteen values; unaligned addresses are allowed.
            unsafe {
                v128_store(
                    estimates.as_mut_ptr().add(8 * half).cast(),
                    i16x8_q15mulr_sat(sums, factors),
                )
            };
        }
    }

    pub(super) fn reaching(
        estimates: &[i16; BLOCK],
        of_rows: &[u8; BLOCK],
        level: i16,
        reach: i16,
    ) -> u32 {
        let (level, reach) = (i16x8_splat(level), i16x8_splat(reach));
        let [low, high] = halves(estimates);
        let [of_low, of_high] = factors(of_rows);
        let low = i16x8_ge(i16x8_add_sat(low, i16x8_q15mulr_sat(reach, of_low)), level);
        let high = i16x8_ge(
            i16x8_add_sat(high, i16x8_q15mulr_sat(reach, of_high)),
            level,
        );
        u32::from(i8x16_bitmask(i8x16_narrow_i16x8(low, high)))
    }

    pub(super) fn above(estimates: &[i16; BLOCK], level: i16) -> u32 {
        let level = i16x8_splat(level);
        let [low, high] = halves(estimates);
        u32::from(i8x16_bitmask(i8x16_narrow_i16x8(
            i16x8_gt(low, level),
            i16x8_gt(high, level),
        )))
    }
}
