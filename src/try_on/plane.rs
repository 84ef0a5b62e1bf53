//! One number a pixel: masks, shades, shadows.

/// A rectangle of numbers, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// Numbers across.
    pub width: usize,
    /// Numbers down.
    pub height: usize,
    /// `width · height` of them.
    pub values: Vec<f32>,
}

impl Plane {
    /// The same number everywhere.
    pub fn filled(width: usize, height: usize, value: f32) -> Self {
        Self {
            width,
            height,
            values: vec![value; width * height],
        }
    }

    /// Made number by number, from column and row.
    pub fn made(width: usize, height: usize, mut make: impl FnMut(usize, usize) -> f32) -> Self {
        let mut values = Vec::with_capacity(width * height);
        for row in 0..height {
            for column in 0..width {
                values.push(make(column, row));
            }
        }
        Self {
            width,
            height,
            values,
        }
    }

    /// The number in a cell.
    pub fn get(&self, column: usize, row: usize) -> f32 {
        self.values[row * self.width + column]
    }

    /// Each number changed.
    pub fn map(&self, change: impl Fn(f32) -> f32) -> Self {
        Self {
            values: self.values.iter().map(|value| change(*value)).collect(),
            ..*self
        }
    }

    /// Between the four cells around a place given in parts of the extents; at the edge, the edge's.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (columns, rows) = (self.width as f32, self.height as f32);
        let u = (x * columns - 0.5).clamp(0.0, columns - 1.0);
        let v = (y * rows - 0.5).clamp(0.0, rows - 1.0);
        let (left, top) = (u as usize, v as usize);
        let (right, bottom) = (
            (left + 1).min(self.width - 1),
            (top + 1).min(self.height - 1),
        );
        let (u, v) = (u - left as f32, v - top as f32);
        let upper = self.get(left, top) * (1.0 - u) + self.get(right, top) * u;
        let lower = self.get(left, bottom) * (1.0 - u) + self.get(right, bottom) * u;
        upper * (1.0 - v) + lower * v
    }

    /// The same at other extents: read between cells where it grows, means of cells where it shrinks to a half or less.
    pub fn resized(&self, width: usize, height: usize) -> Self {
        if (width, height) == (self.width, self.height) {
            return self.clone();
        }
        let (across, down) = (
            self.width / (2 * width).max(1),
            self.height / (2 * height).max(1),
        );
        let source = if across > 0 || down > 0 {
            self.blurred(across.max(1), down.max(1))
        } else {
            self.clone()
        };
        Self::made(width, height, |column, row| {
            source.at(
                (column as f32 + 0.5) / width as f32,
                (row as f32 + 0.5) / height as f32,
            )
        })
    }

    /// Means over windows that reach so many cells to each side, smaller ones at the edges.
    pub fn blurred(&self, across: usize, down: usize) -> Self {
        let mut rows = vec![0.0; self.values.len()];
        for (line, out) in self
            .values
            .chunks_exact(self.width.max(1))
            .zip(rows.chunks_exact_mut(self.width.max(1)))
        {
            means(line, across, out);
        }
        // Columns together, row by row, so that memory is walked in order.
        let (width, height) = (self.width, self.height);
        let mut values = vec![0.0; rows.len()];
        let mut sums = vec![0.0_f32; width];
        let mut taken = 0;
        let mut left = 0;
        for row in 0..height {
            let end = (row + down + 1).min(height);
            while taken < end {
                for (sum, value) in sums.iter_mut().zip(&rows[taken * width..]) {
                    *sum += value;
                }
                taken += 1;
            }
            let begin = row.saturating_sub(down);
            while left < begin {
                for (sum, value) in sums.iter_mut().zip(&rows[left * width..]) {
                    *sum -= value;
                }
                left += 1;
            }
            let share = 1.0 / (end - begin) as f32;
            for (value, sum) in values[row * width..(row + 1) * width].iter_mut().zip(&sums) {
                *value = sum * share;
            }
        }
        Self { values, ..*self }
    }

    /// Nearly a bell of that width: three means one after another.
    pub fn softened(&self, reach: usize) -> Self {
        if reach == 0 {
            return self.clone();
        }
        self.blurred(reach, reach)
            .blurred(reach, reach)
            .blurred(reach, reach)
    }
}

fn means(line: &[f32], reach: usize, out: &mut [f32]) {
    let n = line.len();
    let mut sum: f32 = line[..reach.min(n)].iter().sum();
    for (place, out) in out.iter_mut().enumerate() {
        if place + reach < n {
            sum += line[place + reach];
        }
        if place > reach {
            sum -= line[place - reach - 1];
        }
        let count = (place + reach + 1).min(n) - place.saturating_sub(reach);
        *out = sum / count as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_of_a_window_keep_what_is_the_same_everywhere() {
        let plane = Plane::filled(7, 5, 0.25);
        for reach in [0, 1, 3, 20] {
            assert!(
                plane
                    .blurred(reach, reach)
                    .values
                    .iter()
                    .all(|value| (value - 0.25).abs() < 1e-6)
            );
        }
    }

    #[test]
    fn a_single_mark_is_spread_over_its_window() {
        let plane = Plane::made(5, 5, |column, row| f32::from(column == 2 && row == 2));
        let soft = plane.blurred(1, 1);
        assert!((soft.get(1, 1) - 1.0 / 9.0).abs() < 1e-6);
        assert!(soft.get(0, 0).abs() < 1e-6);
    }

    #[test]
    fn a_place_between_cells_is_between_their_numbers() {
        let plane = Plane {
            width: 2,
            height: 1,
            values: vec![0.0, 1.0],
        };
        assert_eq!(plane.at(0.5, 0.5), 0.5);
        assert_eq!(plane.at(-3.0, 0.0), 0.0);
        assert_eq!(plane.at(9.0, 9.0), 1.0);
        assert_eq!(plane.resized(1, 1).values.len(), 1);
    }
}
