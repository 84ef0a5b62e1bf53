//! Pictures, and what models read of them.

/// Pixels a side of what the models that ship read.
pub const SIDE: usize = 160;

/// Most pixels of a picture: beyond what phones take, and 200 MB.
pub const MOST_PIXELS: usize = 50_000_000;

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No pixels.
    #[error("the picture has no pixels ({width} × {height}): choose another")]
    Empty {
        /// Pixels a row.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// Too many pixels.
    #[error(
        "the picture is {width} × {height} pixels, at most {MOST_PIXELS} in all: make it smaller"
    )]
    TooLarge {
        /// Pixels a row.
        width: usize,
        /// Rows.
        height: usize,
    },
    /// Bytes and extents disagree.
    #[error("a picture of {width} × {height} pixels has {expected} bytes of RGBA, not {found}")]
    WrongLength {
        /// Pixels a row.
        width: usize,
        /// Rows.
        height: usize,
        /// Bytes that came.
        found: usize,
        /// Bytes that extents ask for.
        expected: usize,
    },
}

/// A decoded picture: 8-bit sRGB with straight alpha, upright.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    width: usize,
    height: usize,
    rgba: &'a [u8],
}

impl<'a> Picture<'a> {
    /// - `rgba`: `[height, width, 4]`
    ///
    /// # Errors
    /// [`PictureError`]
    pub fn new(width: usize, height: usize, rgba: &'a [u8]) -> Result<Self, PictureError> {
        Self::check_extents(width, height)?;
        let expected = width * height * 4;
        if rgba.len() != expected {
            return Err(PictureError::WrongLength {
                width,
                height,
                found: rgba.len(),
                expected,
            });
        }
        Ok(Self {
            width,
            height,
            rgba,
        })
    }

    /// Whether a picture of these extents may be decoded at all.
    ///
    /// # Errors
    /// [`PictureError::Empty`], [`PictureError::TooLarge`]
    pub fn check_extents(width: usize, height: usize) -> Result<(), PictureError> {
        if width == 0 || height == 0 {
            return Err(PictureError::Empty { width, height });
        }
        match width.checked_mul(height) {
            Some(pixels) if pixels <= MOST_PIXELS => Ok(()),
            _ => Err(PictureError::TooLarge { width, height }),
        }
    }

    /// Pixels a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The pixels, `[height, width, 4]`.
    #[must_use]
    pub fn rgba(&self) -> &'a [u8] {
        self.rgba
    }

    /// The picture over white, brought to other extents by a triangle filter with half-pixel centres, as wide as the step
    /// where it shrinks; the aspect is not kept. Rows first, then columns; nothing is rounded between.
    ///
    /// - `width`, `height`: above 0
    #[must_use]
    pub fn squash(&self, width: usize, height: usize) -> Squashed {
        let columns = taps(self.width, width);
        let rows = taps(self.height, height);
        let mut rgb = vec![0.0_f32; width * height * 3];
        let mut source = vec![[0.0_f32; 3]; self.width];
        let mut squashed = vec![[0.0_f32; 3]; width];
        // Target rows that a source row has a part in follow one another, and begin no earlier than the row before's.
        let mut first = 0;
        for (y, pixels) in self.rgba.chunks_exact(self.width * 4).enumerate() {
            over_white(pixels, &mut source);
            for (target, taps) in squashed.iter_mut().zip(&columns) {
                *target = taps.sum(&source);
            }
            while rows.get(first).is_some_and(|taps| taps.end() <= y) {
                first += 1;
            }
            let reached = rows.iter().zip(rgb.chunks_exact_mut(width * 3));
            for (taps, target) in reached.skip(first).take_while(|(taps, _)| taps.start <= y) {
                let weight = taps.weights.get(y - taps.start).copied().unwrap_or(0.0);
                let values = squashed.as_flattened();
                target
                    .iter_mut()
                    .zip(values)
                    .for_each(|(sum, value)| *sum += weight * value);
            }
        }
        Squashed { width, height, rgb }
    }
}

/// What a target pixel takes of the sources along one axis.
struct Taps {
    start: usize,
    weights: Vec<f32>,
}

impl Taps {
    fn end(&self) -> usize {
        self.start + self.weights.len()
    }

    fn sum(&self, source: &[[f32; 3]]) -> [f32; 3] {
        let mut sum = [0.0; 3];
        for (weight, pixel) in self.weights.iter().zip(source.iter().skip(self.start)) {
            for (sum, value) in sum.iter_mut().zip(pixel) {
                *sum += weight * value;
            }
        }
        sum
    }
}

fn taps(source: usize, target: usize) -> Vec<Taps> {
    let scale = source as f64 / target as f64;
    let support = scale.max(1.0);
    (0..target)
        .map(|i| {
            let centre = (i as f64 + 0.5) * scale;
            // Casts stop at 0.
            let start = (centre - support + 0.5).floor() as usize;
            let end = ((centre + support + 0.5).floor() as usize).min(source);
            let weights: Vec<f64> = (start..end)
                .map(|j| (1.0 - (j as f64 + 0.5 - centre).abs() / support).max(0.0))
                .collect();
            let sum: f64 = weights.iter().sum();
            Taps {
                start,
                weights: weights.iter().map(|w| (w / sum) as f32).collect(),
            }
        })
        .collect()
}

/// A row of RGBA as f32 0..255 over white.
fn over_white(pixels: &[u8], row: &mut [[f32; 3]]) {
    let (pixels, _) = pixels.as_chunks::<4>();
    for (target, [r, g, b, a]) in row.iter_mut().zip(pixels) {
        let alpha = f32::from(*a);
        *target = [r, g, b].map(|c| (f32::from(*c) * alpha + 255.0 * (255.0 - alpha)) / 255.0);
    }
}

/// A picture of the extents that a model reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Squashed {
    /// Pixels a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `[height, width, 3]`, 0..255.
    pub rgb: Vec<f32>,
}

impl Squashed {
    /// `image` of the models that ship: `[3, height, width]`, −1..1.
    #[must_use]
    pub fn tensor(&self) -> Vec<f32> {
        let (pixels, _) = self.rgb.as_chunks::<3>();
        (0..3)
            .flat_map(|channel| pixels.iter().map(move |pixel| pixel[channel]))
            .map(|value| value / 127.5 - 1.0)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use super::*;
    use proptest::prelude::*;

    fn picture(width: usize, height: usize, rgba: &[u8]) -> Picture<'_> {
        Picture::new(width, height, rgba).expect("a picture")
    }

    #[test]
    fn a_picture_without_pixels_is_refused() {
        for (width, height) in [(0, 0), (0, 5), (5, 0)] {
            let found = Picture::new(width, height, &[]).map(|_| ());
            assert_eq!(found, Err(PictureError::Empty { width, height }));
        }
    }

    #[test]
    fn a_picture_of_huge_extents_is_refused_before_its_bytes_are_counted() {
        for (width, height) in [
            (20_000, 20_000),
            (usize::MAX, usize::MAX),
            (1, MOST_PIXELS + 1),
        ] {
            let found = Picture::new(width, height, &[]).map(|_| ());
            assert_eq!(found, Err(PictureError::TooLarge { width, height }));
        }
    }

    #[test]
    fn bytes_have_to_be_as_many_as_extents_say() {
        let found = Picture::new(2, 2, &[0; 15]).map(|_| ());
        assert!(matches!(
            found,
            Err(PictureError::WrongLength {
                found: 15,
                expected: 16,
                ..
            })
        ));
    }

    #[test]
    fn transparent_pixels_are_white() {
        let squashed = picture(2, 1, &[9, 9, 9, 0, 10, 20, 30, 255]).squash(2, 1);
        assert_eq!(squashed.rgb, [255.0, 255.0, 255.0, 10.0, 20.0, 30.0]);
    }

    #[test]
    fn extents_that_are_right_leave_pixels_as_they_are() {
        let rgba: Vec<u8> = (0..6 * 4)
            .map(|n| if n % 4 == 3 { 255 } else { n * 7 })
            .collect();
        let squashed = picture(3, 2, &rgba).squash(3, 2);
        let colours = rgba
            .chunks(4)
            .flat_map(|p| p[..3].iter().map(|c| f32::from(*c)));
        assert_eq!(squashed.rgb, colours.collect::<Vec<_>>());
    }

    #[test]
    fn black_is_minus_one_and_white_is_one() {
        let squashed = picture(2, 1, &[0, 0, 0, 255, 255, 255, 255, 255]).squash(2, 1);
        assert_eq!(squashed.tensor(), [-1.0, 1.0, -1.0, 1.0, -1.0, 1.0]);
    }

    proptest! {
        #[test]
        fn one_colour_stays_that_colour(width in 1_usize..300, height in 1_usize..40, to in 1_usize..50, colour: [u8; 3]) {
            let pixel = [colour[0], colour[1], colour[2], 255];
            let squashed = picture(width, height, &pixel.repeat(width * height)).squash(to, 7);
            prop_assert_eq!(squashed.rgb.len(), to * 7 * 3);
            for pixel in squashed.rgb.chunks(3) {
                for (found, expected) in pixel.iter().zip(colour) {
                    prop_assert!((found - f32::from(expected)).abs() < 1e-2);
                }
            }
        }
    }
}
