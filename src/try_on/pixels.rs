//! Pictures that the try-on owns: 8-bit sRGB with straight alpha.

use crate::error::TryOnError;

/// Most pixels of a picture: 2,048 × 2,048.
pub const MOST_PIXELS: usize = 1 << 22;

/// RGBA, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    /// Pixels across, at least 1.
    pub width: usize,
    /// Pixels down, at least 1.
    pub height: usize,
    /// Red, green, blue and alpha of each.
    pub rgba: Vec<[u8; 4]>,
}

impl Pixels {
    /// Takes a picture over.
    ///
    /// # Errors
    /// Where it is empty, above [`MOST_PIXELS`] or not of four bytes a pixel.
    pub fn new(width: usize, height: usize, bytes: &[u8]) -> Result<Self, TryOnError> {
        let count = width.saturating_mul(height);
        let (rgba, rest) = bytes.as_chunks::<4>();
        if count == 0 || count > MOST_PIXELS || rgba.len() != count || !rest.is_empty() {
            return Err(TryOnError::Picture {
                width,
                height,
                bytes: bytes.len(),
                most: MOST_PIXELS,
            });
        }
        Ok(Self {
            width,
            height,
            rgba: rgba.to_vec(),
        })
    }

    /// Width of one that is one high.
    pub fn aspect(&self) -> f64 {
        self.width as f64 / self.height as f64
    }

    /// The same with neither side above `most`.
    pub fn at_most(self, most: usize) -> Self {
        let longer = self.width.max(self.height);
        if longer <= most {
            return self;
        }
        let shrunk = |side: usize| (side * most / longer).max(1);
        self.resized(shrunk(self.width), shrunk(self.height))
    }

    /// The same at other extents, by a triangle filter as wide as the step where it shrinks. Values stay gamma-encoded.
    pub fn resized(&self, width: usize, height: usize) -> Self {
        if (width, height) == (self.width, self.height) {
            return self.clone();
        }
        let across = weights(self.width, width);
        let down = weights(self.height, height);
        // Row by row: only as much is in work as a row needs.
        let mut rgba = Vec::with_capacity(width * height);
        let mut line = vec![[0.0_f32; 4]; self.width];
        for (first, shares) in &down {
            line.fill([0.0; 4]);
            for (row, share) in (*first..).zip(shares) {
                for (sum, pixel) in line.iter_mut().zip(&self.rgba[row * self.width..]) {
                    for channel in 0..4 {
                        sum[channel] += share * f32::from(pixel[channel]);
                    }
                }
            }
            for (first, shares) in &across {
                let mut sum = [0.5_f32; 4];
                for (pixel, share) in line[*first..].iter().zip(shares) {
                    for channel in 0..4 {
                        sum[channel] += share * pixel[channel];
                    }
                }
                rgba.push(sum.map(|value| value as u8));
            }
        }
        Self {
            width,
            height,
            rgba,
        }
    }

    /// All bytes, in order.
    pub fn bytes(&self) -> &[u8] {
        self.rgba.as_flattened()
    }
}

/// For each target along an axis, its first source and the shares of those from there on.
fn weights(from: usize, to: usize) -> Vec<(usize, Vec<f32>)> {
    let scale = from as f64 / to as f64;
    let support = scale.max(1.0);
    (0..to)
        .map(|target| {
            let centre = (target as f64 + 0.5) * scale;
            let first = (centre - support + 0.5).max(0.0) as usize;
            let end = ((centre + support + 0.5) as usize).min(from).max(first + 1);
            let raw: Vec<f64> = (first..end)
                .map(|source| (1.0 - (source as f64 + 0.5 - centre).abs() / support).max(0.0))
                .collect();
            let sum: f64 = raw.iter().sum();
            (
                first,
                raw.iter()
                    .map(|weight| (weight / sum.max(1e-12)) as f32)
                    .collect(),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_a_short_and_a_huge_picture_are_refused() {
        for (width, height, bytes) in [
            (0, 0, 0),
            (0, 5, 0),
            (2, 2, 15),
            (1, 1, 8),
            (20_000, 20_000, 4),
            (usize::MAX, 2, 4),
        ] {
            let refused = Pixels::new(width, height, &vec![0; bytes]).unwrap_err();
            assert_eq!(refused.code(), "picture-invalid");
        }
        assert!(Pixels::new(1, 1, &[1, 2, 3, 4]).is_ok());
    }

    #[test]
    fn a_plain_picture_stays_plain_at_any_extent() {
        let plain = Pixels::new(7, 5, &[[9, 80, 200, 255]; 35].concat()).unwrap();
        for (width, height) in [(1, 1), (3, 2), (7, 5), (20, 31)] {
            let resized = plain.resized(width, height);
            assert_eq!((resized.width, resized.height), (width, height));
            assert!(resized.rgba.iter().all(|pixel| *pixel == [9, 80, 200, 255]));
        }
    }

    #[test]
    fn the_longer_side_is_held_to_a_limit() {
        let long = Pixels::new(1000, 10, &vec![7; 40_000])
            .unwrap()
            .at_most(100);
        assert_eq!((long.width, long.height), (100, 1));
    }
}
