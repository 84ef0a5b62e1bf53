//! Another colour on the same cloth.

use nearshelf_vision::OkLab;

/// Colours along an axis of the table.
const SIDE: usize = 25;
/// Hues further from the main one than the first begin to be another colour of the garment, than the second are one.
const OTHER_HUE: (f32, f32) = (0.07, 0.14);
/// The same for what is lighter than the main colour: a print, not a highlight.
const OTHER_LIGHT: (f32, f32) = (0.2, 0.36);
/// How far lightness may differ more than as photographed: dark cloth shows little of its folds.
const MOST_CONTRAST: f32 = 1.3;

/// Takes a garment's main colour to another and leaves its folds, and what is not of the main colour.
///
/// A function of the colour alone, so that it is a table: computed in OKLab at 25³ colours, read between them.
pub struct Recolour {
    table: Vec<[f32; 3]>,
}

impl Recolour {
    /// From one sRGB colour to another.
    pub fn new(from: [u8; 3], to: [u8; 3]) -> Self {
        let (from, to) = (OkLab::from_srgb(from), OkLab::from_srgb(to));
        let step = 255.0 / (SIDE - 1) as f32;
        let mut table = Vec::with_capacity(SIDE * SIDE * SIDE);
        for red in 0..SIDE {
            for green in 0..SIDE {
                for blue in 0..SIDE {
                    let colour = [red, green, blue].map(|c| (c as f32 * step + 0.5) as u8);
                    let changed = recoloured(OkLab::from_srgb(colour), from, to);
                    table.push(changed.to_srgb().map(f32::from));
                }
            }
        }
        Self { table }
    }

    /// A pixel in the other colour; alpha stays.
    pub fn of(&self, pixel: [u8; 4]) -> [u8; 4] {
        let scale = (SIDE - 1) as f32 / 255.0;
        let place = [pixel[0], pixel[1], pixel[2]].map(|c| f32::from(c) * scale);
        let low = place.map(|p| (p as usize).min(SIDE - 2));
        let part: [f32; 3] = std::array::from_fn(|c| place[c] - low[c] as f32);
        let mut sum = [0.5_f32; 3];
        for corner in 0..8 {
            let up = [corner >> 2 & 1, corner >> 1 & 1, corner & 1];
            let weight: f32 = (0..3)
                .map(|c| if up[c] == 1 { part[c] } else { 1.0 - part[c] })
                .product();
            if weight == 0.0 {
                continue;
            }
            let at = ((low[0] + up[0]) * SIDE + low[1] + up[1]) * SIDE + low[2] + up[2];
            for (sum, value) in sum.iter_mut().zip(self.table[at]) {
                *sum += weight * value;
            }
        }
        [sum[0] as u8, sum[1] as u8, sum[2] as u8, pixel[3]]
    }
}

fn recoloured(colour: OkLab, from: OkLab, to: OkLab) -> OkLab {
    // In a fold a colour keeps its hue and loses chroma as it loses light.
    let lit = if from.l > 1e-3 {
        (colour.l / from.l).min(1.2)
    } else {
        1.0
    };
    let (own_a, own_b) = (colour.a - from.a * lit, colour.b - from.b * lit);
    let same = (1.0 - risen(OTHER_HUE, own_a.hypot(own_b)))
        * (1.0 - risen(OTHER_LIGHT, colour.l - from.l));
    let contrast = (to.l / from.l.max(0.05)).min(MOST_CONTRAST);
    let l = (to.l + (colour.l - from.l) * contrast).clamp(0.0, 1.0);
    let now_lit = if to.l > 1e-3 {
        (l / to.l).min(1.15)
    } else {
        1.0
    };
    let mix = |old: f32, new: f32| old + same * (new - old);
    OkLab {
        l: mix(colour.l, l),
        a: mix(colour.a, to.a * now_lit + own_a * 0.5),
        b: mix(colour.b, to.b * now_lit + own_b * 0.5),
    }
}

/// From 0 below the first to 1 above the second, smoothly.
fn risen((from, to): (f32, f32), value: f32) -> f32 {
    let part = ((value - from) / (to - from)).clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(pixel: [u8; 4], colour: [u8; 3]) -> f32 {
        OkLab::from_srgb([pixel[0], pixel[1], pixel[2]]).distance(OkLab::from_srgb(colour))
    }

    #[test]
    fn the_main_colour_becomes_the_other_one() {
        for (from, to) in [
            ([180, 40, 40], [30, 60, 160]),
            ([240, 240, 238], [20, 20, 24]),
            ([25, 25, 30], [235, 210, 80]),
            ([90, 90, 90], [90, 90, 90]),
        ] {
            let found = Recolour::new(from, to).of([from[0], from[1], from[2], 77]);
            assert!(distance(found, to) < 0.03, "{from:?} to {to:?}: {found:?}");
            assert_eq!(found[3], 77);
        }
    }

    #[test]
    fn a_fold_stays_darker_than_the_cloth_around_it() {
        let blue = Recolour::new([200, 60, 60], [40, 60, 190]);
        let lightness = |pixel: [u8; 4]| OkLab::from_srgb([pixel[0], pixel[1], pixel[2]]).l;
        let steps: Vec<f32> = [
            [215, 70, 70, 255],
            [200, 60, 60, 255],
            [150, 42, 42, 255],
            [100, 25, 25, 255],
        ]
        .map(|p| lightness(blue.of(p)))
        .to_vec();
        assert!(
            steps.windows(2).all(|pair| pair[0] > pair[1] + 0.01),
            "{steps:?}"
        );
    }

    #[test]
    fn a_print_of_another_colour_keeps_it() {
        let blue = Recolour::new([200, 60, 60], [40, 60, 190]);
        for print in [
            [30, 140, 60, 255],
            [250, 240, 60, 255],
            [245, 245, 245, 255],
        ] {
            assert!(
                distance(blue.of(print), [print[0], print[1], print[2]]) < 0.03,
                "{print:?}"
            );
        }
    }

    #[test]
    fn every_colour_gives_a_colour() {
        let odd = Recolour::new([0, 0, 0], [255, 255, 255]);
        for value in 0..=255 {
            odd.of([value, 255 - value, value / 2, 0]);
        }
        assert_eq!(odd.of([0, 0, 0, 9])[..3], [255, 255, 255]);
    }
}
