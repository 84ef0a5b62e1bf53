//! A garment's pixels as the warp reads them: premultiplied, at halved extents too.

use crate::pixels::Pixels;

/// One extent, with a border of transparent texels, so that places just outside need no question.
#[derive(Debug, Clone)]
pub struct Level {
    /// Texels across without the border.
    pub width: usize,
    /// Texels down without the border.
    pub height: usize,
    stride: usize,
    /// Premultiplied; red in the low byte.
    texels: Vec<u32>,
}

impl Level {
    fn new(width: usize, height: usize) -> Self {
        let stride = width + 2;
        Self {
            width,
            height,
            stride,
            texels: vec![0; stride * (height + 2)],
        }
    }

    fn texel(&self, column: usize, row: usize) -> u32 {
        self.texels[(row + 1) * self.stride + column + 1]
    }

    /// Between the four texels around a place given in 256ths of a texel from the upper left corner of the first.
    /// Transparent outside.
    #[inline]
    pub fn at(&self, u: i32, v: i32) -> u32 {
        // The border's texels have their middles half a texel outside. A map may lead anywhere.
        let (u, v) = (u.saturating_add(128), v.saturating_add(128));
        let (column, row) = (u >> 8, v >> 8);
        if column < 0 || row < 0 || column > self.width as i32 || row > self.height as i32 {
            return 0;
        }
        let first = row as usize * self.stride + column as usize;
        let (Some([a, b]), Some([c, d])) = (
            self.texels[first..].first_chunk::<2>(),
            self.texels[first + self.stride..].first_chunk::<2>(),
        ) else {
            return 0;
        };
        if a | b | c | d == 0 {
            return 0;
        }
        let (u, v) = (u as u32 & 255, v as u32 & 255);
        mixed(mixed(*a, *b, u), mixed(*c, *d, u), v)
    }
}

/// Two channels at once, eight bits apart.
const PAIR: u32 = 0x00ff_00ff;
const HALF: u32 = 0x0080_0080;

/// From `a` (0) to `b` (256), rounded.
#[inline]
fn mixed(a: u32, b: u32, part: u32) -> u32 {
    let whole = 256 - part;
    let even = ((a & PAIR) * whole + (b & PAIR) * part + HALF) >> 8 & PAIR;
    let odd = ((a >> 8 & PAIR) * whole + (b >> 8 & PAIR) * part + HALF) >> 8 & PAIR;
    even | odd << 8
}

/// All extents.
#[derive(Debug, Clone)]
pub struct Texture {
    levels: Vec<Level>,
}

impl Texture {
    /// Of a picture with straight alpha.
    pub fn new(picture: &Pixels) -> Self {
        let mut level = Level::new(picture.width, picture.height);
        for (row, line) in picture.rgba.chunks_exact(picture.width).enumerate() {
            for (column, [red, green, blue, alpha]) in line.iter().copied().enumerate() {
                let by = |value: u8| (u32::from(value) * u32::from(alpha) + 127) / 255;
                level.texels[(row + 1) * level.stride + column + 1] =
                    by(red) | by(green) << 8 | by(blue) << 16 | u32::from(alpha) << 24;
            }
        }
        let mut levels = vec![level];
        while let Some(last) = levels.last()
            && last.width.min(last.height) >= 8
        {
            levels.push(halved(last));
        }
        Self { levels }
    }

    /// The extent to read where a step of one pixel is a step of so many texels of the largest, and its texels a texel of
    /// the largest.
    pub fn level(&self, step: f32) -> (&Level, f32) {
        // Rather a little sharp than soft.
        let halvings = ((step * 0.75).max(1.0).log2().round() as usize).min(self.levels.len() - 1);
        (&self.levels[halvings], 0.5_f32.powi(halvings as i32))
    }
}

fn halved(level: &Level) -> Level {
    let (width, height) = (level.width / 2, level.height / 2);
    let mut half = Level::new(width, height);
    for row in 0..height {
        for column in 0..width {
            let four = [(0, 0), (1, 0), (0, 1), (1, 1)]
                .map(|(x, y)| level.texel(column * 2 + x, row * 2 + y));
            let even =
                (four.iter().map(|texel| texel & PAIR).sum::<u32>() + 0x0002_0002) >> 2 & PAIR;
            let odd =
                (four.iter().map(|texel| texel >> 8 & PAIR).sum::<u32>() + 0x0002_0002) >> 2 & PAIR;
            half.texels[(row + 1) * half.stride + column + 1] = even | odd << 8;
        }
    }
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speckled() -> Pixels {
        let bytes: Vec<u8> = (0..16 * 12)
            .flat_map(|i: u32| [(i * 37) as u8, (i * 11) as u8, (i * 5) as u8, 255])
            .collect();
        Pixels::new(16, 12, &bytes).unwrap()
    }

    #[test]
    fn in_the_middle_of_a_texel_it_is_that_texel_exactly() {
        let (picture, texture) = (speckled(), Texture::new(&speckled()));
        for row in 0..12 {
            for column in 0..16 {
                let found = texture
                    .level(1.0)
                    .0
                    .at(column * 256 + 128, row * 256 + 128)
                    .to_le_bytes();
                assert_eq!(found, picture.rgba[(row * 16 + column) as usize]);
            }
        }
    }

    #[test]
    fn outside_it_is_transparent_and_fades_over_one_texel() {
        let texture = Texture::new(&speckled());
        let (level, _) = texture.level(1.0);
        for (u, v) in [
            (-200, 500),
            (500, -1000),
            (16 * 256 + 200, 500),
            (500, 12 * 256 + 129),
            (i32::MIN / 2, 0),
            (i32::MAX / 2, i32::MAX / 2),
        ] {
            assert_eq!(level.at(u, v), 0, "{u} {v}");
        }
        assert_eq!(level.at(0, 6 * 256 + 128) >> 24, 128);
    }

    #[test]
    fn larger_steps_read_smaller_extents() {
        let texture = Texture::new(&speckled());
        assert_eq!(texture.level(0.2).0.width, 16);
        assert_eq!(texture.level(3.0).0.width, 8);
        assert!(texture.level(f32::INFINITY).0.width >= 4);
        assert!(texture.level(f32::NAN).0.width >= 4);
    }
}
