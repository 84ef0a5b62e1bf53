//! Colours and patterns of garments, as photographed or as the shopper wants them.

mod pattern;
mod recolour;

pub use pattern::{Figure, Pattern};
pub use recolour::Recolour;

use crate::cut_out::CutOut;
use crate::pixels::Pixels;

/// What is changed of a garment's looks.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Look {
    /// In place of its main colour, sRGB.
    pub colour: Option<[u8; 3]>,
    /// Drawn on that.
    pub pattern: Option<Pattern>,
}

impl Look {
    /// The garment's pixels in that look; `main` is its main colour as photographed.
    pub fn applied(&self, garment: &CutOut, main: [u8; 3]) -> Pixels {
        let mut picture = garment.picture.clone();
        let ground = self.colour.map(|colour| Recolour::new(main, colour));
        let Some(pattern) = self.pattern else {
            if let Some(ground) = ground {
                for pixel in picture.rgba.iter_mut().filter(|pixel| pixel[3] > 0) {
                    *pixel = ground.of(*pixel);
                }
            }
            return picture;
        };
        let figure = Recolour::new(main, pattern.colour);
        let across = widest(garment) * picture.width as f64;
        let cover = pattern.on(
            across,
            (picture.width as f64 / 2.0, picture.height as f64 / 2.0),
        );
        let width = picture.width;
        for (at, pixel) in picture
            .rgba
            .iter_mut()
            .enumerate()
            .filter(|(_, pixel)| pixel[3] > 0)
        {
            let drawn = cover.at((at % width) as f64 + 0.5, (at / width) as f64 + 0.5);
            let below = ground.as_ref().map_or(*pixel, |ground| ground.of(*pixel));
            *pixel = if drawn > 0.0 {
                between(below, figure.of(*pixel), drawn)
            } else {
                below
            };
        }
        picture
    }
}

/// The garment's greatest width in parts of the picture's.
fn widest(garment: &CutOut) -> f64 {
    let cells = &garment.cells;
    let rows = 0..cells.height;
    rows.filter_map(|row| cells.span((row as f64 + 0.5) / cells.height as f64))
        .map(|(left, right)| right - left)
        .fold(0.05, f64::max)
}

fn between(a: [u8; 4], b: [u8; 4], part: f32) -> [u8; 4] {
    std::array::from_fn(|c| {
        (f32::from(a[c]) + part * (f32::from(b[c]) - f32::from(a[c])) + 0.5) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nearshelf_vision::Mask;

    fn cloth() -> CutOut {
        let bytes: Vec<u8> = (0..80 * 80)
            .flat_map(|i| {
                if i % 80 < 40 {
                    [180, 40, 40, 255]
                } else {
                    [150, 30, 30, 255]
                }
            })
            .collect();
        CutOut::new(
            Pixels::new(80, 80, &bytes).unwrap(),
            &Mask::new(80, 80, vec![5.0; 6400]).unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn without_wishes_a_garment_is_as_photographed() {
        assert_eq!(
            Look::default().applied(&cloth(), [180, 40, 40]),
            cloth().picture
        );
    }

    #[test]
    fn a_pattern_lies_on_the_ground_and_keeps_its_folds() {
        let pattern = Pattern {
            figure: Figure::Stripes,
            colour: [20, 40, 200],
            scale: 0.25,
            angle: 0.0,
        };
        let look = Look {
            colour: Some([240, 240, 240]),
            pattern: Some(pattern),
        };
        let drawn = look.applied(&cloth(), [180, 40, 40]);
        let blue = drawn
            .rgba
            .iter()
            .filter(|pixel| pixel[2] > pixel[0].saturating_add(60))
            .count();
        assert!((2400..4000).contains(&blue), "{blue}");
        // Lit and in shade: stripes of both.
        let lightest = drawn.rgba.iter().map(|pixel| pixel[0]).max().unwrap();
        assert!(lightest > 225, "{lightest}");
        let row: Vec<_> = (0..80).map(|column| drawn.rgba[column]).collect();
        assert!(row[..40].iter().any(|pixel| !row[40..].contains(pixel)));
    }
}
