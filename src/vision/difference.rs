//! How different two colours look.

use crate::colour::{linear, times};

/// CIEDE2000 of two sRGB colours (Sharma, Wu, Dalal, "The CIEDE2000 color-difference formula", 2005): 1 is just seen.
#[must_use]
pub fn delta_e_2000(one: [u8; 3], other: [u8; 3]) -> f32 {
    of_cielab(to_cielab(one), to_cielab(other)) as f32
}

/// sRGB to CIELAB, D65.
fn to_cielab(srgb: [u8; 3]) -> [f64; 3] {
    const XYZ_OF_LINEAR: [[f64; 3]; 3] = [
        [0.412_456_4, 0.357_576_1, 0.180_437_5],
        [0.212_672_9, 0.715_152_2, 0.072_175_0],
        [0.019_333_9, 0.119_192_0, 0.950_304_1],
    ];
    let [x, y, z] = times(&XYZ_OF_LINEAR, srgb.map(|c| linear(f64::from(c))));
    let [x, y, z] = [x / 0.950_47, y, z / 1.088_83].map(|t| {
        if t > 216.0 / 24_389.0 {
            t.cbrt()
        } else {
            (24_389.0 / 27.0 * t + 16.0) / 116.0
        }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// Chroma and angle, degrees 0..360, of a CIELAB colour whose `a` was stretched.
fn chroma_and_hue(a: f64, b: f64) -> (f64, f64) {
    (a.hypot(b), b.atan2(a).to_degrees().rem_euclid(360.0))
}

fn of_cielab([l1, a1, b1]: [f64; 3], [l2, a2, b2]: [f64; 3]) -> f64 {
    let seventh = |c: f64| {
        let power = c.powi(7);
        (power / (power + 25_f64.powi(7))).sqrt()
    };
    let stretch = 1.5 - 0.5 * seventh((a1.hypot(b1) + a2.hypot(b2)) / 2.0);
    let (c1, h1) = chroma_and_hue(a1 * stretch, b1);
    let (c2, h2) = chroma_and_hue(a2 * stretch, b2);
    let grey = c1 * c2 == 0.0;
    // The shorter way round, and the hue in its middle.
    let turn = if grey {
        0.0
    } else {
        (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0
    };
    let mean_h = match h1 + h2 {
        sum if grey => sum,
        sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
        sum if sum < 360.0 => (sum + 360.0) / 2.0,
        sum => (sum - 360.0) / 2.0,
    };
    let (mean_l, mean_c) = (f64::midpoint(l1, l2), f64::midpoint(c1, c2));
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t =
        1.0 - 0.17 * cos(mean_h - 30.0) + 0.24 * cos(2.0 * mean_h) + 0.32 * cos(3.0 * mean_h + 6.0)
            - 0.2 * cos(4.0 * mean_h - 63.0);
    let from_grey = (mean_l - 50.0).powi(2);
    let lightness = (l2 - l1) / (1.0 + 0.015 * from_grey / (20.0 + from_grey).sqrt());
    let chroma = (c2 - c1) / (1.0 + 0.045 * mean_c);
    let hue = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin() / (1.0 + 0.015 * mean_c * t);
    let blue = 60.0 * (-((mean_h - 275.0) / 25.0).powi(2)).exp();
    let rotation = -blue.to_radians().sin() * 2.0 * seventh(mean_c);
    let square = lightness.powi(2) + chroma.powi(2) + hue.powi(2) + rotation * chroma * hue;
    square.max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_those_of_the_published_pairs() {
        // Of table 1 of Sharma, Wu and Dalal.
        for (one, other, expected) in [
            ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
            ([50.0, 2.5, 0.0], [50.0, 0.0, -2.5], 4.3065),
            ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
            ([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082),
            ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
            (
                [90.9257, -0.5406, -0.9208],
                [88.6381, -0.8985, -0.7239],
                1.5381,
            ),
        ] {
            let found = of_cielab(one, other);
            assert!((found - expected).abs() < 1e-4, "{found}, not {expected}");
            assert!(
                (of_cielab(other, one) - expected).abs() < 1e-4,
                "the other way round"
            );
        }
    }

    #[test]
    fn black_and_white_are_a_hundred_apart() {
        assert!((delta_e_2000([0; 3], [255; 3]) - 100.0).abs() < 1e-3);
        assert_eq!(delta_e_2000([7, 90, 200], [7, 90, 200]), 0.0);
    }
}
