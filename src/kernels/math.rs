//! Elementary functions on f32 without branches or tables, so that loops of them become vectors. Each says how
//! far it may lie from the exact value; the scalar kernels use the exact ones.

/// eˣ, relative error below 3e-7; 0 below −87.3 and infinity above 88.3, NaN for NaN.
///
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2, ln 2 in two parts (Cody and Waite 1980), a polynomial for eʳ.
#[inline]
pub(super) fn exp(x: f32) -> f32 {
    const ROUNDER: f32 = 12_582_912.0;
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let bounded = if x > -87.3 { x } else { -87.3 };
    let bounded = if bounded < 88.3 { bounded } else { 88.3 };
    let shifted = bounded * std::f32::consts::LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = bounded - n * LN2_HIGH - n * LN2_LOW;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_6e-1;
    let p = p * r + 0.5;
    let p = p * r * r + r + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(ROUNDER.to_bits());
    let power = f32::from_bits(exponent.wrapping_add(127) << 23);
    let y = p * power;
    let y = if x < -87.3 { 0.0 } else { y };
    let y = if x > 88.3 { f32::INFINITY } else { y };
    if x.is_nan() { x } else { y }
}

/// The error function, absolute error below 6e-7.
#[inline]
pub(super) fn erf(x: f32) -> f32 {
    let y = bounded_erf(x);
    if x.is_nan() { x } else { y }
}

/// The error function, −1 for NaN: x·P(x²)/Q(x²), which is ±1 in f32 at the ends, whose values hold beyond.
#[inline]
fn bounded_erf(x: f32) -> f32 {
    const END: f32 = 3.997;
    let z = if x > -END { x } else { -END };
    let z = if z < END { z } else { END };
    let s = z * z;
    let p = -2.726_142_3e-10;
    let p = p * s + 2.770_681_4e-8;
    let p = p * s - 2.101_024e-6;
    let p = p * s - 5.692_506_4e-5;
    let p = p * s - 7.349_906e-4;
    let p = p * s - 2.954_6e-3;
    let p = p * s - 1.609_603_3e-2;
    let q = -1.456_607_2e-5;
    let q = q * s - 2.133_740_6e-4;
    let q = q * s - 1.682_827e-3;
    let q = q * s - 7.373_329e-3;
    let q = q * s - 1.426_473_9e-2;
    z * p / q
}

/// tanh x, absolute error below 4e-7.
#[inline]
pub(super) fn tanh(x: f32) -> f32 {
    let e = exp(-2.0 * x.abs());
    ((1.0 - e) / (1.0 + e)).copysign(x)
}

/// 1 / (1 + e⁻ˣ), absolute error below 3e-7.
#[inline]
pub(super) fn sigmoid(x: f32) -> f32 {
    let e = exp(-x.abs());
    let y = 1.0 / (1.0 + e);
    if x >= 0.0 { y } else { e * y }
}

/// x·Φ(x), absolute error below 1e-6 · max(1, |x|).
#[inline]
pub(super) fn gelu(x: f32) -> f32 {
    // What is no number stays so: x is a factor.
    0.5 * x * (1.0 + bounded_erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unary;

    /// Every 2^-8 from −100 to 100, and the edges.
    fn arguments() -> impl Iterator<Item = f32> {
        let grid = (-25_600..=25_600).map(|n| n as f32 / 256.0);
        grid.chain([
            f32::MIN,
            f32::MAX,
            f32::INFINITY,
            f32::NEG_INFINITY,
            -0.0,
            1e-30,
        ])
    }

    fn largest_error(fast: fn(f32) -> f32, exact: fn(f64) -> f64, relative: bool) -> f64 {
        let errors = arguments().filter_map(|x| {
            let (found, wanted) = (f64::from(fast(x)), exact(f64::from(x)));
            // e⁻⁸⁷·³ and less counts as zero.
            let is_tiny = wanted != 0.0 && wanted.abs() < 1.3e-38;
            if found == wanted || is_tiny || wanted > 2.2e38 && found > 2e38 {
                return None;
            }
            let error = (found - wanted).abs();
            Some(if relative {
                error / wanted.abs()
            } else {
                error
            })
        });
        errors.fold(0.0, f64::max)
    }

    #[test]
    fn fast_functions_lie_as_near_to_the_exact_ones_as_they_say() {
        let exp_error = largest_error(exp, f64::exp, true);
        assert!(exp_error < 3e-7, "{exp_error}");
        assert!(largest_error(tanh, f64::tanh, false) < 4e-7);
        let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
        assert!(largest_error(sigmoid, logistic, false) < 3e-7);
        let erf_error = largest_error(erf, |x| f64::from(unary::erf(x as f32)), false);
        assert!(erf_error < 6e-7, "{erf_error}");
        let exact = |x: f64| {
            0.5 * x * (1.0 + f64::from(unary::erf((x * std::f64::consts::FRAC_1_SQRT_2) as f32)))
        };
        for x in arguments().filter(|x| x.is_finite()) {
            let error = (f64::from(gelu(x)) - exact(f64::from(x))).abs();
            assert!(error <= 1e-6 * f64::from(x.abs().max(1.0)), "{x}: {error}");
        }
    }

    #[test]
    fn nan_stays_nan_and_the_ends_are_reached() {
        for fast in [exp, erf, tanh, sigmoid, gelu] {
            assert!(fast(f32::NAN).is_nan());
        }
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(exp(f32::INFINITY), f32::INFINITY);
        assert_eq!(tanh(50.0), 1.0);
        assert_eq!([erf(4.5), erf(-9.0)], [1.0, -1.0]);
        assert_eq!([gelu(-1e30), gelu(-6.0), gelu(1e30)], [0.0, 0.0, 1e30]);
        assert_eq!(sigmoid(-200.0), 0.0);
    }
}
