//! Inner products of a query with rows of which the signs are known.

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

/// The look-ups of a word: of the low half of a code's byte and of its high one, in turns.
type Tables = [[u8; TABLE]; WORD / 4];

/// A query as look-ups.
pub(super) struct Lookups {
    tables: Vec<Tables>,
    /// What a look-up of 1 stands for.
    step: f32,
    /// Sums are as many bits higher in 16 bits.
    shift: u32,
    /// The sum of a row that lies across the query, so shifted.
    zero: i16,
}

impl Lookups {
    /// `query`: rotated; a power of two of coordinates, from 64 to 8,192. `None` where it is too small or too large to be
    /// divided.
    pub fn new(query: &[f32]) -> Option<Self> {
        let (nibbles, _) = query.as_chunks::<4>();
        let (mut most, mut length) = (0.0_f32, 0.0);
        for nibble in nibbles {
            let range: f32 = nibble.iter().map(|x| x.abs()).sum();
            most = most.max(range);
            length += range;
        }
        let step = most / LARGEST;
        if !step.is_normal() {
            return None;
        }
        let (words, _) = nibbles.as_chunks::<{ WORD / 4 }>();
        let mut tables = vec![Tables::default(); words.len()];
        for (tables, word) in tables.iter_mut().zip(words) {
            for (table, nibble) in tables.iter_mut().zip(word) {
                for (taken, value) in table.iter_mut().enumerate() {
                    // What is taken, above all that is negative.
                    let mut sum = 0.0;
                    for (bit, &x) in nibble.iter().enumerate() {
                        sum += if (taken >> bit & 1 == 1) == (x > 0.0) {
                            x.abs()
                        } else {
                            0.0
                        };
                    }
                    *value = (sum / step + 0.5) as u8;
                }
            }
        }
        let shift = FACTOR_SHIFT - words.len().ilog2().min(FACTOR_SHIFT);
        let zero = (length / (2.0 * step) * (1_u32 << shift) as f32 + 0.5) as i16;
        Some(Self {
            tables,
            step,
            shift,
            zero,
        })
    }

    /// The inner product that a sum of 1 stands for, of a row of length 1 along its signs.
    pub fn unit(&self) -> f32 {
        2.0 * self.step / (1_u32 << self.shift) as f32
    }

    /// Standard deviation that rounding look-ups gives an inner product of such a row.
    pub fn deviation(&self) -> f32 {
        let count = (self.tables.len() * WORD / 4) as f32;
        2.0 * self.step * (count / 12.0).sqrt()
    }
}

/// How blocks are read: codes `[coordinates / 8, 16]`, for every eight coordinates a byte of each row.
pub(super) trait Kernels {
    /// Estimates a block: sums of look-ups, each times its row's factor, a fraction of 256.
    fn estimate(
        lookups: &Lookups,
        codes: &[u8],
        factors: &[u8; BLOCK],
        estimates: &mut [i16; BLOCK],
    );

    /// A bit for each row whose estimate, with `reach` times its factor, is `level` or more.
    fn reaching(estimates: &[i16; BLOCK], factors: &[u8; BLOCK], level: i16, reach: i16) -> u32;

    /// A bit for each estimate above `level`.
    fn above(estimates: &[i16; BLOCK], level: i16) -> u32;
}

/// The readable ones, which say what is right.
pub(super) struct Scalar;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) type Fastest = Scalar;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use simd128::Fastest;

impl Kernels for Scalar {
    fn estimate(
        lookups: &Lookups,
        codes: &[u8],
        factors: &[u8; BLOCK],
        estimates: &mut [i16; BLOCK],
    ) {
        let mut sums = [0_u16; BLOCK];
        for (codes, tables) in codes.chunks_exact(WORD_BYTES).zip(&lookups.tables) {
            let tables = tables.as_chunks::<2>().0;
            for (codes, [low, high]) in codes.as_chunks::<BLOCK>().0.iter().zip(tables) {
                for lane in 0..BLOCK {
                    let code = usize::from(codes[lane]);
                    sums[lane] += u16::from(low[code & 15]) + u16::from(high[code >> 4]);
                }
            }
        }
        for lane in 0..BLOCK {
            let sum = (sums[lane] << lookups.shift).cast_signed() - lookups.zero;
            estimates[lane] = scaled(sum, factors[lane]);
        }
    }

    fn reaching(estimates: &[i16; BLOCK], factors: &[u8; BLOCK], level: i16, reach: i16) -> u32 {
        let mut bits = 0;
        for lane in 0..BLOCK {
            let most = estimates[lane].saturating_add(scaled(reach, factors[lane]));
            bits |= u32::from(most >= level) << lane;
        }
        bits
    }

    fn above(estimates: &[i16; BLOCK], level: i16) -> u32 {
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
    use super::{BLOCK, FACTOR_SHIFT, Kernels, Lookups, TABLE, WORD_BYTES};
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

    pub(in super::super) struct Fastest;

    impl Kernels for Fastest {
        fn estimate(
            lookups: &Lookups,
            codes: &[u8],
            factors: &[u8; BLOCK],
            estimates: &mut [i16; BLOCK],
        ) {
            let [mut low, mut high] = [i16x8_splat(0); 2];
            for (codes, tables) in codes.chunks_exact(WORD_BYTES).zip(&lookups.tables) {
                let mut sums = u8x16_splat(0);
                // Four at a time: the compiler, asked for small code, would take them one by one.
                let (fours, _) = codes.as_chunks::<{ 4 * BLOCK }>();
                for (codes, [a, b, c, d, e, f, g, h]) in fours.iter().zip(tables.as_chunks().0) {
                    let at = codes.as_ptr();
                    // SAFETY: four times sixteen bytes.
                    let (first, second) = unsafe {
                        (
                            u8x16_add(taken(at, a, b), taken(at.add(16), c, d)),
                            u8x16_add(taken(at.add(32), e, f), taken(at.add(48), g, h)),
                        )
                    };
                    sums = u8x16_add(sums, u8x16_add(first, second));
                }
                low = u16x8_add(low, u16x8_extend_low_u8x16(sums));
                high = u16x8_add(high, u16x8_extend_high_u8x16(sums));
            }
            let zero = i16x8_splat(lookups.zero);
            let [of_low, of_high] = shifted(factors);
            let low = i16x8_q15mulr_sat(i16x8_sub(i16x8_shl(low, lookups.shift), zero), of_low);
            let high = i16x8_q15mulr_sat(i16x8_sub(i16x8_shl(high, lookups.shift), zero), of_high);
            let to = estimates.as_mut_ptr().cast::<v128>();
            // SAFETY: 32 bytes; unaligned addresses are allowed.
            unsafe {
                v128_store(to, low);
                v128_store(to.add(1), high);
            }
        }

        fn reaching(
            estimates: &[i16; BLOCK],
            factors: &[u8; BLOCK],
            level: i16,
            reach: i16,
        ) -> u32 {
            let (level, reach) = (i16x8_splat(level), i16x8_splat(reach));
            let [low, high] = halves(estimates);
            let [of_low, of_high] = shifted(factors);
            let low = i16x8_ge(i16x8_add_sat(low, i16x8_q15mulr_sat(reach, of_low)), level);
            let high = i16x8_ge(
                i16x8_add_sat(high, i16x8_q15mulr_sat(reach, of_high)),
                level,
            );
            u32::from(i8x16_bitmask(i8x16_narrow_i16x8(low, high)))
        }

        fn above(estimates: &[i16; BLOCK], level: i16) -> u32 {
            let level = i16x8_splat(level);
            let [low, high] = halves(estimates);
            let [low, high] = [i16x8_gt(low, level), i16x8_gt(high, level)];
            u32::from(i8x16_bitmask(i8x16_narrow_i16x8(low, high)))
        }
    }

    /// What sixteen codes look up.
    ///
    /// # Safety
    /// They are sixteen bytes.
    unsafe fn taken(codes: *const u8, of_low: &[u8; TABLE], of_high: &[u8; TABLE]) -> v128 {
        // SAFETY: unaligned addresses are allowed.
        let codes = unsafe { v128_load(codes.cast()) };
        u8x16_add(
            look_up(load(of_low), v128_and(codes, u8x16_splat(15))),
            look_up(load(of_high), u8x16_shr(codes, 4)),
        )
    }

    fn load(from: &[u8; BLOCK]) -> v128 {
        // SAFETY: sixteen bytes; unaligned addresses are allowed.
        unsafe { v128_load(from.as_ptr().cast()) }
    }

    fn halves(estimates: &[i16; BLOCK]) -> [v128; 2] {
        let from = estimates.as_ptr().cast::<v128>();
        // SAFETY: 32 bytes; unaligned addresses are allowed.
        unsafe { [v128_load(from), v128_load(from.add(1))] }
    }

    fn shifted(factors: &[u8; BLOCK]) -> [v128; 2] {
        let factors = load(factors);
        [
            i16x8_shl(u16x8_extend_low_u8x16(factors), FACTOR_SHIFT),
            i16x8_shl(u16x8_extend_high_u8x16(factors), FACTOR_SHIFT),
        ]
    }
}
