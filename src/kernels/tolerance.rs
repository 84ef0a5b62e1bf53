//! How far apart two kernels of one operator may be.

/// Sums taken in another order: relative to the largest magnitude, or absolute below 1.
pub const REORDERED_SUM: f32 = 1e-5;

/// Whether `a` and `b` agree within `tolerance`; NaN agrees with NaN.
#[must_use]
pub fn close(a: f32, b: f32, tolerance: f32) -> bool {
    a == b
        || (a.is_nan() && b.is_nan())
        || (a.is_finite() && b.is_finite())
            && (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1.0)
}
