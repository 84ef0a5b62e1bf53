//! Patterns that are drawn by rule: stripes, checks, dots.

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// As wide as the ground between them.
    Stripes,
    /// Gingham: stripes both ways, twice as strong where they cross.
    Checks,
    /// Discs, each row half a repeat beside the one above.
    Dots,
}

impl Figure {
    /// All.
    pub const ALL: [Self; 3] = [Self::Stripes, Self::Checks, Self::Dots];

    /// Its name in requests; that of the attribute's value, too.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stripes => "stripes",
            Self::Checks => "checks",
            Self::Dots => "dots",
        }
    }

    /// The figure of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.name() == name)
    }
}

/// A pattern on a garment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pattern {
    /// What is drawn.
    pub figure: Figure,
    /// In what colour, sRGB; the ground is the garment's.
    pub colour: [u8; 3],
    /// One repeat, in parts of the garment's width.
    pub scale: f64,
    /// Clockwise, in degrees; at 0 stripes run down.
    pub angle: f64,
}

/// Repeats there may be, in parts of a garment's width.
pub const SCALES: std::ops::RangeInclusive<f64> = 0.02..=1.0;
/// Radius of a dot, in repeats.
const DOT: f64 = 0.24;
/// From one row of dots to the next, in repeats: a lattice of triangles.
const ROW: f64 = 0.866_025_403_784_438_6;

impl Pattern {
    /// Whether scale and angle are such that it can be drawn.
    pub fn is_drawable(&self) -> bool {
        SCALES.contains(&self.scale) && self.angle.is_finite()
    }

    /// The pattern on a garment so many pixels wide with its middle there.
    pub fn on(&self, across: f64, middle: (f64, f64)) -> Cover {
        let repeat = (self.scale * across).max(2.0);
        let turn = self.angle.to_radians();
        Cover {
            figure: self.figure,
            middle,
            cos: turn.cos() / repeat,
            sin: turn.sin() / repeat,
            repeat,
        }
    }
}

/// How much of each place is the figure.
pub struct Cover {
    figure: Figure,
    middle: (f64, f64),
    cos: f64,
    sin: f64,
    repeat: f64,
}

impl Cover {
    /// 0 ground to 1 figure, over a pixel.
    pub fn at(&self, x: f64, y: f64) -> f32 {
        let (x, y) = (x - self.middle.0, y - self.middle.1);
        let (u, v) = (x * self.cos + y * self.sin, y * self.cos - x * self.sin);
        let cover = match self.figure {
            Figure::Stripes => self.stripe(u),
            Figure::Checks => (self.stripe(u) + self.stripe(v)) / 2.0,
            Figure::Dots => self.dot(u, v),
        };
        cover as f32
    }

    /// A repeat is ground and figure by halves; the figure's middle is at 0.
    fn stripe(&self, u: f64) -> f64 {
        let from_middle = (u - u.round()).abs();
        ((0.25 - from_middle) * self.repeat + 0.5).clamp(0.0, 1.0)
    }

    fn dot(&self, u: f64, v: f64) -> f64 {
        let rows = v / ROW;
        let row = rows.round();
        let shifted = u + if row.rem_euclid(2.0) == 1.0 { 0.5 } else { 0.0 };
        let (du, dv) = (shifted - shifted.round(), (rows - row) * ROW);
        ((DOT - du.hypot(dv)) * self.repeat + 0.5).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(figure: Figure, angle: f64) -> Pattern {
        Pattern {
            figure,
            colour: [0; 3],
            scale: 0.2,
            angle,
        }
    }

    #[test]
    fn stripes_run_down_and_turn_with_the_angle() {
        let down = pattern(Figure::Stripes, 0.0).on(100.0, (50.0, 50.0));
        assert_eq!(
            (down.at(50.0, 3.0), down.at(50.0, 90.0), down.at(60.0, 50.0)),
            (1.0, 1.0, 0.0)
        );
        let across = pattern(Figure::Stripes, 90.0).on(100.0, (50.0, 50.0));
        assert_eq!(
            (
                across.at(3.0, 50.0),
                across.at(90.0, 50.0),
                across.at(50.0, 60.0)
            ),
            (1.0, 1.0, 0.0)
        );
    }

    #[test]
    fn half_of_the_cloth_is_stripe_and_a_fifth_is_dot() {
        let share = |figure| {
            let cover = pattern(figure, 20.0).on(200.0, (0.0, 0.0));
            (0..40_000)
                .map(|i| cover.at(f64::from(i % 200), f64::from(i / 200)))
                .sum::<f32>()
                / 40_000.0
        };
        assert!((share(Figure::Stripes) - 0.5).abs() < 0.02);
        assert!((share(Figure::Checks) - 0.5).abs() < 0.02);
        assert!(
            (share(Figure::Dots) - 0.21).abs() < 0.02,
            "{}",
            share(Figure::Dots)
        );
    }

    #[test]
    fn scales_that_cannot_be_seen_are_not_drawable() {
        for (scale, angle, fine) in [
            (0.2, 0.0, true),
            (0.0, 0.0, false),
            (f64::NAN, 0.0, false),
            (0.2, f64::INFINITY, false),
            (1.5, 0.0, false),
        ] {
            assert_eq!(
                Pattern {
                    scale,
                    angle,
                    ..pattern(Figure::Dots, 0.0)
                }
                .is_drawable(),
                fine
            );
        }
    }
}
