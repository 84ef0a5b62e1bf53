//! The guided filter with a colour guide (K. He, J. Sun, X. Tang, "Guided image filtering", 2013): within every window the
//! result is a linear function of the picture's colours, so that its edges are the picture's.

use crate::pixels::Pixels;
use crate::plane::Plane;

/// How much variance of a colour (0..1, squared) is noise rather than an edge.
const NOISE: f32 = 4e-4;

/// A picture's colours over windows, for covers to be filtered with.
pub struct Guide {
    width: usize,
    height: usize,
    reach: usize,
    channels: [Vec<f32>; 3],
    means: [Vec<f32>; 3],
    /// Of products of channels, as [`PAIRS`] has them.
    products: [Vec<f32>; 6],
}

impl Guide {
    /// Of windows that reach `reach` pixels to each side.
    pub fn new(picture: &Pixels, reach: usize) -> Self {
        let channels: [Vec<f32>; 3] = std::array::from_fn(|c| {
            picture
                .rgba
                .iter()
                .map(|pixel| f32::from(pixel[c]) / 255.0)
                .collect()
        });
        let mut guide = Self {
            width: picture.width,
            height: picture.height,
            reach,
            channels,
            means: Default::default(),
            products: Default::default(),
        };
        guide.means = std::array::from_fn(|c| guide.mean(guide.channels[c].clone()));
        guide.products = PAIRS.map(|(a, b)| guide.product(&guide.channels[a], &guide.channels[b]));
        guide
    }

    fn mean(&self, values: Vec<f32>) -> Vec<f32> {
        let plane = Plane {
            width: self.width,
            height: self.height,
            values,
        };
        plane.blurred(self.reach, self.reach).values
    }

    fn product(&self, a: &[f32], b: &[f32]) -> Vec<f32> {
        self.mean(a.iter().zip(b).map(|(a, b)| a * b).collect())
    }

    /// `cover`, which has the picture's extents, with the edges of the picture.
    pub fn filtered(&self, cover: &Plane) -> Plane {
        let cover_mean = self.mean(cover.values.clone());
        let with_cover: [Vec<f32>; 3] =
            std::array::from_fn(|c| self.product(&self.channels[c], &cover.values));
        let count = self.width * self.height;
        let mut slopes: [Vec<f32>; 3] = std::array::from_fn(|_| vec![0.0; count]);
        let mut bases = vec![0.0; count];
        for at in 0..count {
            let mu = [self.means[0][at], self.means[1][at], self.means[2][at]];
            let mut variance: [f32; 6] =
                std::array::from_fn(|k| self.products[k][at] - mu[PAIRS[k].0] * mu[PAIRS[k].1]);
            for diagonal in [0, 3, 5] {
                variance[diagonal] += NOISE;
            }
            let covariance = std::array::from_fn(|c| with_cover[c][at] - mu[c] * cover_mean[at]);
            let slope = symmetric_solved(variance, covariance);
            for c in 0..3 {
                slopes[c][at] = slope[c];
            }
            bases[at] = cover_mean[at] - slope[0] * mu[0] - slope[1] * mu[1] - slope[2] * mu[2];
        }
        let [red, green, blue] = slopes.map(|slope| self.mean(slope));
        let bases = self.mean(bases);
        let [r, g, b] = &self.channels;
        let values = (0..count)
            .map(|at| red[at] * r[at] + green[at] * g[at] + blue[at] * b[at] + bases[at])
            .collect();
        Plane {
            width: self.width,
            height: self.height,
            values,
        }
    }
}

/// The upper half of a symmetric matrix, row by row.
const PAIRS: [(usize, usize); 6] = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];

/// `m · x = y` for a positive definite `m`, by its adjugate.
fn symmetric_solved(m: [f32; 6], y: [f32; 3]) -> [f32; 3] {
    let [a, b, c, d, e, f] = m;
    let (aa, ab, ac) = (d * f - e * e, c * e - b * f, b * e - c * d);
    let (bb, bc, cc) = (a * f - c * c, b * c - a * e, a * d - b * b);
    let determinant = (a * aa + b * ab + c * ac).max(1e-12);
    [
        (aa * y[0] + ab * y[1] + ac * y[2]) / determinant,
        (ab * y[0] + bb * y[1] + bc * y[2]) / determinant,
        (ac * y[0] + bc * y[1] + cc * y[2]) / determinant,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_positive_definite_system_is_solved() {
        let x = symmetric_solved([2.0, 1.0, 0.0, 2.0, 0.5, 1.0], [4.0, 6.5, 4.0]);
        for (found, wanted) in x.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - wanted).abs() < 1e-5, "{x:?}");
        }
    }

    #[test]
    fn in_a_plain_picture_the_cover_is_only_softened() {
        let plain = Pixels::new(20, 20, &[90; 1600]).unwrap();
        let half = Plane::made(20, 20, |column, _| f32::from(column < 10));
        let found = Guide::new(&plain, 2).filtered(&half);
        assert!(found.get(1, 10) > 0.99 && found.get(18, 10) < 0.01);
        assert!((found.get(9, 10) + found.get(10, 10) - 1.0).abs() < 1e-3);
    }
}
