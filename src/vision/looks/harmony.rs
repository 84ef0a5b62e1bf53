//! Which colours go together.
//!
//! Angles of hue after the templates of Y. Matsuda as D. Cohen-Or et al. ("Color harmonization", 2006) use them: one
//! sector, neighbouring ones, or opposite ones are in harmony. What is nearly grey, or too dark for its hue to be seen,
//! goes with everything.

use crate::{OkLab, Swatch};
use serde::Serialize;

/// Below this chroma a colour has no hue to clash with: black, grey, white, beige.
const GREYISH: f32 = 0.06;
/// Below this lightness hues are hard to tell: navy, dark brown.
const DARK: f32 = 0.35;
/// A colour that fills less is no partner: stitches, buttons.
const LEAST_SHARE: f32 = 0.15;
/// Lightness that sets two pieces apart from each other.
const CONTRAST: f32 = 0.25;

/// How two palettes go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Harmony {
    /// One of them goes with everything.
    Neutral,
    /// Light and dark of one hue.
    OneHue,
    /// Hues beside each other.
    Neighbours,
    /// Opposite hues.
    Opposites,
    /// Hues that no rule joins.
    Apart,
}

impl Harmony {
    /// How well that goes, 0..1.
    fn score(self) -> f32 {
        match self {
            Self::Neutral => 0.8,
            Self::OneHue => 0.85,
            Self::Neighbours => 0.7,
            Self::Opposites => 0.75,
            Self::Apart => 0.4,
        }
    }
}

/// How the main colours of two palettes go together, and how well, 0..1. Where one has a second colour that is the other's
/// main one, that is what counts: a print is worn with a colour of its own. None where one is empty.
#[must_use]
pub fn harmony_of(one: &[Swatch], other: &[Swatch]) -> Option<(Harmony, f32)> {
    let (a, b) = (one.first()?.lab, other.first()?.lab);
    let picked_up = |palette: &[Swatch], colour: OkLab| {
        let rest = palette
            .iter()
            .skip(1)
            .filter(|swatch| swatch.share >= LEAST_SHARE);
        colour.chroma() >= GREYISH
            && rest
                .into_iter()
                .any(|swatch| swatch.lab.distance(colour) < 0.08)
    };
    let (kind, base) = if picked_up(one, b) || picked_up(other, a) {
        (Harmony::OneHue, 0.95)
    } else {
        let kind = of_two(a, b);
        (kind, kind.score())
    };
    // Lightness apart tells two pieces apart; two of nearly the same colour look like a failed match.
    let lightness = ((a.l - b.l).abs() / CONTRAST).min(1.0);
    let nearly = a.distance(b) < 0.08 && kind == Harmony::OneHue && base < 0.9;
    let score = base + 0.05 * lightness - if nearly { 0.2 } else { 0.0 };
    Some((kind, score.clamp(0.0, 1.0)))
}

fn of_two(one: OkLab, other: OkLab) -> Harmony {
    let neutral = |colour: OkLab| colour.chroma() < GREYISH || colour.l < DARK;
    if neutral(one) || neutral(other) {
        return Harmony::Neutral;
    }
    let turn = (one.hue() - other.hue()).rem_euclid(360.0);
    match turn.min(360.0 - turn) {
        ..20.0 => Harmony::OneHue,
        20.0..60.0 => Harmony::Neighbours,
        150.0.. => Harmony::Opposites,
        _ => Harmony::Apart,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use super::super::testing::look;
    use super::*;
    use crate::Category;

    fn kind(one: &[&str], other: &[&str]) -> Harmony {
        let [one, other] = [one, other].map(|colours| look(Category::Hat, colours).palette);
        let (kind, score) = harmony_of(&one, &other).expect("two palettes");
        assert_eq!(
            harmony_of(&other, &one),
            Some((kind, score)),
            "whichever is asked first"
        );
        assert!((0.0..=1.0).contains(&score));
        kind
    }

    fn score(one: &[&str], other: &[&str]) -> f32 {
        let [one, other] = [one, other].map(|colours| look(Category::Hat, colours).palette);
        harmony_of(&one, &other).expect("two palettes").1
    }

    #[test]
    fn black_white_beige_and_navy_go_with_everything() {
        for neutral in ["#101010", "#ffffff", "#d9c8a9", "#1b2547"] {
            assert_eq!(
                kind(&[neutral], &["#d0417f"]),
                Harmony::Neutral,
                "{neutral}"
            );
        }
    }

    #[test]
    fn hues_are_one_beside_each_other_opposite_or_apart() {
        assert_eq!(kind(&["#2f6fd0"], &["#a3c7ec"]), Harmony::OneHue);
        assert_eq!(kind(&["#c81e26"], &["#e8772a"]), Harmony::Neighbours);
        assert_eq!(kind(&["#e8772a"], &["#2f6fd0"]), Harmony::Opposites);
        assert_eq!(kind(&["#2f8f3f"], &["#e8772a"]), Harmony::Apart);
    }

    #[test]
    fn a_print_goes_with_a_colour_of_its_own_best() {
        let own = score(&["#2f8f3f", "#e8772a"], &["#e8772a"]);
        assert!(own > score(&["#2f8f3f"], &["#e8772a"]) && own > score(&["#101010"], &["#e8772a"]));
    }

    #[test]
    fn two_that_are_nearly_the_same_go_worse_than_light_and_dark_of_one_hue() {
        assert!(score(&["#2f6fd0"], &["#3575d4"]) < score(&["#2f6fd0"], &["#a3c7ec"]));
    }

    #[test]
    fn no_palette_has_no_harmony() {
        assert_eq!(
            harmony_of(&[], &look(Category::Hat, &["#101010"]).palette),
            None
        );
    }
}
