//! Colours as they look.

use crate::ColourName;
use serde::Serialize;

/// A colour in OKLab (B. Ottosson, "A perceptual color space for image processing", 2020).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct OkLab {
    /// Lightness, 0 black to 1 white.
    pub l: f32,
    /// Green below 0, red above.
    pub a: f32,
    /// Blue below 0, yellow above.
    pub b: f32,
}

impl OkLab {
    /// Of an sRGB colour.
    #[must_use]
    pub fn from_srgb(srgb: [u8; 3]) -> Self {
        Self::of(to_oklab(srgb.map(f64::from)))
    }

    /// The nearest sRGB colour.
    #[must_use]
    pub fn to_srgb(self) -> [u8; 3] {
        // Casts stop at 0 and 255.
        self.linear().map(|c| gamma_encoded(c).round() as u8)
    }

    /// As `#rrggbb`.
    #[must_use]
    pub fn hex(self) -> String {
        let [r, g, b] = self.to_srgb();
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// What people call it: the name of the nearest prototype.
    #[must_use]
    pub fn name(self) -> ColourName {
        ColourName::of(self)
    }

    /// How far from grey.
    #[must_use]
    pub fn chroma(self) -> f32 {
        self.a.hypot(self.b)
    }

    /// Angle in degrees, 0..360; meaningless near grey.
    #[must_use]
    pub fn hue(self) -> f32 {
        self.b.atan2(self.a).to_degrees().rem_euclid(360.0)
    }

    /// How far apart two colours are; about 0.02 is just seen.
    #[must_use]
    pub fn distance(self, other: Self) -> f32 {
        let (l, a, b) = (self.l - other.l, self.a - other.a, self.b - other.b);
        (l * l + a * a + b * b).sqrt()
    }

    pub(crate) fn of([l, a, b]: [f64; 3]) -> Self {
        Self {
            l: l as f32,
            a: a as f32,
            b: b as f32,
        }
    }

    /// Linear sRGB, possibly outside 0..1.
    fn linear(self) -> [f64; 3] {
        let lms = times(&LMS_OF_OKLAB, [self.l, self.a, self.b].map(f64::from));
        times(&LINEAR_OF_LMS, lms.map(|c| c * c * c))
    }
}

/// sRGB 0..255, between whole numbers too, to OKLab.
pub(crate) fn to_oklab(srgb: [f64; 3]) -> [f64; 3] {
    times(
        &OKLAB_OF_LMS,
        times(&LMS_OF_LINEAR, srgb.map(linear)).map(f64::cbrt),
    )
}

/// sRGB 0..255 to linear 0..1.
pub(crate) fn linear(value: f64) -> f64 {
    let c = value / 255.0;
    if c <= 0.040_45 {
        c / 12.92
    } else {
        ((c + 0.055) / 1.055).powf(2.4)
    }
}

/// Linear to sRGB 0..255, clamped, not rounded.
fn gamma_encoded(linear: f64) -> f64 {
    let c = linear.clamp(0.0, 1.0);
    255.0
        * if c <= 0.003_130_8 {
            12.92 * c
        } else {
            1.055 * c.powf(1.0 / 2.4) - 0.055
        }
}

pub(crate) fn times(matrix: &[[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
}

const LMS_OF_LINEAR: [[f64; 3]; 3] = [
    [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
    [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
    [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
];
const OKLAB_OF_LMS: [[f64; 3]; 3] = [
    [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
    [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
    [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
];
// Inverses of the two.
const LMS_OF_OKLAB: [[f64; 3]; 3] = [
    [0.999_999_998_451, 0.396_337_792_174, 0.215_803_758_061],
    [1.000_000_008_882, -0.105_561_342_324, -0.063_854_174_772],
    [1.000_000_054_672, -0.089_484_182_095, -1.291_485_537_864],
];
const LINEAR_OF_LMS: [[f64; 3]; 3] = [
    [4.076_741_661_348, -3.307_711_590_408, 0.230_969_928_729],
    [-1.268_438_004_092, 2.609_757_400_663, -0.341_319_396_310],
    [-0.004_196_086_542, -0.703_418_614_459, 1.707_614_700_931],
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn white_has_lightness_one_and_no_colour() {
        let white = OkLab::from_srgb([255; 3]);
        assert!((white.l - 1.0).abs() < 1e-4 && white.chroma() < 1e-4);
        assert_eq!(OkLab::default().to_srgb(), [0; 3]);
    }

    #[test]
    fn what_no_screen_shows_is_the_nearest_edge() {
        let glowing = OkLab {
            l: 2.0,
            a: 0.0,
            b: 0.0,
        };
        assert_eq!(glowing.hex(), "#ffffff");
        let nan = OkLab {
            l: f32::NAN,
            a: 0.0,
            b: 0.0,
        };
        assert_eq!(nan.hex(), "#000000");
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_colour(srgb: [u8; 3]) {
            prop_assert_eq!(OkLab::from_srgb(srgb).to_srgb(), srgb);
        }
    }
}
