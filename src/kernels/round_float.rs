//! Values rounded to a floating-point format narrower than f32.

use super::{Operand, Output};
use nearshelf_operators::FloatFormat;

/// What a format can hold.
struct Format {
    /// Bits of the significand after the point.
    fraction_bits: i32,
    /// Exponent of the smallest normal number.
    least_exponent: i32,
    /// Largest finite value.
    max: f32,
    /// What a value beyond `max` becomes, if it does not saturate.
    overflow: f32,
}

impl Format {
    fn of(format: FloatFormat) -> Self {
        let (fraction_bits, least_exponent, max, overflow) = match format {
            FloatFormat::Float16 => (10, -14, 65_504.0, f32::INFINITY),
            FloatFormat::BFloat16 => (7, -126, f32::from_bits(0x7f7f_0000), f32::INFINITY),
            FloatFormat::Float8E4M3Fn => (3, -6, 448.0, f32::NAN),
            FloatFormat::Float8E4M3FnUz => (3, -7, 240.0, f32::NAN),
            FloatFormat::Float8E5M2 => (2, -14, 57_344.0, f32::INFINITY),
            FloatFormat::Float8E5M2FnUz => (2, -15, 57_344.0, f32::NAN),
            FloatFormat::Float8E8M0 => (0, -126, f32::from_bits(0x7f00_0000), f32::NAN),
            // It has no other value to give.
            FloatFormat::Float4E2M1 => (1, 0, 6.0, 6.0),
        };
        Self {
            fraction_bits,
            least_exponent,
            max,
            overflow,
        }
    }

    fn round(&self, x: f32) -> f32 {
        if !x.is_finite() {
            // The narrowest one has no NaN.
            return if x.is_nan() && self.max == 6.0 {
                0.0
            } else {
                x
            };
        }
        let exponent = (x.to_bits() >> 23 & 0xff) as i32 - 127;
        // Distance of neighbours; in f64, where it is a normal number for every format.
        let step = 2_f64.powi(exponent.max(self.least_exponent) - self.fraction_bits);
        ((f64::from(x) / step).round_ties_even() * step) as f32
    }
}

pub(super) fn run(x: Operand, y: &mut Output, format: FloatFormat, saturate: bool) {
    let narrow = Format::of(format);
    for (y, &x) in y.f32_mut().iter_mut().zip(x.f32()) {
        *y = match format {
            FloatFormat::Float8E8M0 => power_of_two(x, &narrow, saturate),
            _ => {
                let rounded = narrow.round(x);
                let is_beyond = rounded.abs() > narrow.max;
                let bounded = match is_beyond {
                    true if saturate => narrow.max.copysign(x),
                    true => narrow.overflow.copysign(x),
                    false => rounded,
                };
                // These formats have no negative zero: its bits stand for NaN.
                let is_unsigned_zero = matches!(
                    format,
                    FloatFormat::Float8E4M3FnUz | FloatFormat::Float8E5M2FnUz
                );
                if is_unsigned_zero && bounded == 0.0 {
                    0.0
                } else {
                    bounded
                }
            }
        };
    }
}

/// The smallest power of two not below x, as ONNX rounds to scales by default; from 2⁻¹²⁷ on, NaN for a negative x.
fn power_of_two(x: f32, narrow: &Format, saturate: bool) -> f32 {
    let least = f32::from_bits(0x0040_0000);
    if x.is_nan() || x < 0.0 {
        f32::NAN
    } else if x > narrow.max {
        if saturate { narrow.max } else { f32::NAN }
    } else if x <= least {
        least
    } else if x.to_bits() & 0x007f_ffff == 0 {
        x
    } else {
        // A subnormal above 2⁻¹²⁷ carries into the exponent, too.
        f32::from_bits((x.to_bits() | 0x007f_ffff) + 1)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use nearshelf_operators::{TensorType, Values};

    fn rounded(format: FloatFormat, saturate: bool, x: &[f32]) -> Vec<f32> {
        let ty = TensorType::new(nearshelf_operators::DType::F32, [x.len()]);
        let mut values = Values::F32(vec![0.0; x.len()]);
        let x = Values::F32(x.to_vec());
        let mut y = Output::new(&ty, &mut values);
        run(Operand::new(&ty, &x), &mut y, format, saturate);
        y.f32_mut().to_vec()
    }

    #[test]
    fn a_half_keeps_eleven_bits_and_its_smallest_subnormal() {
        let x = [
            1.0 + 1.0 / 2048.0,
            1.0 + 3.0 / 2048.0,
            2e-8,
            4e-8,
            65_519.0,
            65_520.0,
        ];
        let smallest = 2_f32.powi(-24);
        let y = rounded(FloatFormat::Float16, false, &x);
        assert_eq!(
            y,
            [
                1.0,
                1.0 + 1.0 / 512.0,
                0.0,
                smallest,
                65_504.0,
                f32::INFINITY
            ]
        );
    }

    #[test]
    fn eight_bit_formats_saturate_or_overflow_as_they_can() {
        let x = [1e9, f32::NEG_INFINITY];
        let e4m3 = FloatFormat::Float8E4M3Fn;
        assert_eq!(rounded(e4m3, true, &x), [448.0, -448.0]);
        assert!(rounded(e4m3, false, &x).iter().all(|y| y.is_nan()));
        let e5m2 = rounded(FloatFormat::Float8E5M2, false, &x);
        assert_eq!(e5m2, [f32::INFINITY, f32::NEG_INFINITY]);
        assert!(rounded(e4m3, true, &[f32::NAN])[0].is_nan());
    }

    #[test]
    fn halves_of_a_step_go_to_the_even_neighbour() {
        let y = rounded(
            FloatFormat::Float4E2M1,
            true,
            &[0.25, 0.75, 2.5, 3.5, 5.0, 99.0],
        );
        assert_eq!(y, [0.0, 1.0, 2.0, 4.0, 4.0, 6.0]);
    }

    #[test]
    fn a_format_without_negative_zero_gives_none() {
        let y = rounded(FloatFormat::Float8E5M2FnUz, true, &[-1e-30])[0];
        assert!(y == 0.0 && y.is_sign_positive());
    }

    #[test]
    fn scales_are_rounded_up_to_powers_of_two() {
        let y = rounded(FloatFormat::Float8E8M0, true, &[1.0, 1.1, 3e38, 0.0, -1.0]);
        assert_eq!(&y[..3], [1.0, 2.0, 2_f32.powi(127)]);
        assert!(y[3] > 0.0 && y[4].is_nan());
    }
}
