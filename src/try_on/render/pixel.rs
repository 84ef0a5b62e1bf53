//! Arithmetic on a pixel's four channels at once: red in the low byte, alpha in the high one.

const PAIR: u32 = 0x00ff_00ff;
const HALF: u32 = 0x0080_0080;
/// Alpha of what is opaque.
pub const OPAQUE: u32 = 0xff00_0000;

/// All channels by `part` of 256, rounded.
#[inline]
pub const fn scaled(pixel: u32, part: u32) -> u32 {
    let even = ((pixel & PAIR) * part + HALF) >> 8 & PAIR;
    let odd = ((pixel >> 8 & PAIR) * part + HALF) & !PAIR;
    even | odd
}

/// Premultiplied `over` before opaque `under`.
#[inline]
pub const fn over(over: u32, under: u32) -> u32 {
    let alpha = over >> 24;
    // 255 is all.
    let left = 256 - (alpha + (alpha >> 7));
    // Rounding may carry out of a channel by one.
    let shade = scaled(under, left);
    let sum_even = (over & PAIR) + (shade & PAIR);
    let sum_odd = (over >> 8 & PAIR) + (shade >> 8 & PAIR);
    clamped(sum_even) | clamped(sum_odd) << 8 | OPAQUE
}

/// Two channels held to 255.
#[inline]
const fn clamped(pair: u32) -> u32 {
    let carry = pair >> 8 & 0x0001_0001;
    (pair & PAIR) | (carry * 255)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn opaque_covers_and_transparent_leaves_all() {
        assert_eq!(over(0xff11_2233, 0xffff_ffff), 0xff11_2233);
        assert_eq!(over(0, 0xff12_3456), 0xff12_3456);
        assert_eq!(scaled(0xfffe_fd01, 256), 0xfffe_fd01);
        assert_eq!(scaled(0xffff_ffff, 0), 0);
    }

    proptest! {
        #[test]
        fn a_channel_is_mixed_as_real_numbers_are(a: u8, colour: [u8; 3], under: [u8; 3]) {
            let by = |c: u8| (u32::from(c) * u32::from(a) + 127) / 255;
            let premultiplied = by(colour[0]) | by(colour[1]) << 8 | by(colour[2]) << 16 | u32::from(a) << 24;
            let below = u32::from_le_bytes([under[0], under[1], under[2], 255]);
            let found = over(premultiplied, below).to_le_bytes();
            for c in 0..3 {
                let wanted = (f32::from(colour[c]) * f32::from(a) + f32::from(under[c]) * (255.0 - f32::from(a))) / 255.0;
                prop_assert!((f32::from(found[c]) - wanted).abs() <= 2.0, "{:?} {}", found, wanted);
            }
            prop_assert_eq!(found[3], 255);
        }
    }
}
