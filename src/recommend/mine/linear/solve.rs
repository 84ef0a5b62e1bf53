//! The equations of one item: a symmetric system of at most as many unknowns as it has nearest ones.

use super::counts::Counts;

/// How often a penalty is doubled where counts that were forgotten leave an item's equations without a solution.
const DOUBLINGS: usize = 8;

/// The linear equations of one item after the other.
#[derive(Default)]
pub(super) struct System {
    near: Vec<u32>,
    /// Row-major; its lower half is used.
    matrix: Vec<f64>,
    right: Vec<f64>,
}

impl System {
    /// The items that speak for `item`, and how much.
    pub fn solve(&mut self, counts: &Counts, item: usize, penalty: f64) -> Vec<(u32, f32)> {
        self.near.clear();
        self.right.clear();
        for (near, together) in counts.nearest(item) {
            self.near.push(near);
            self.right.push(f64::from(together));
        }
        let count = self.near.len();
        self.matrix.clear();
        self.matrix.resize(count * count, 0.0);
        for (row, &a) in self.near.iter().enumerate() {
            for (column, &b) in self.near[..row].iter().enumerate() {
                self.matrix[row * count + column] = f64::from(counts.of(a, b));
            }
            self.matrix[row * count + row] = f64::from(counts.own(a)) + penalty;
        }
        let counted = self.matrix.clone();
        let mut doubled = 0;
        while !factorise(&mut self.matrix, count) {
            if doubled == DOUBLINGS {
                return Vec::new();
            }
            let more = penalty.max(1.0) * f64::from(1_u32 << doubled);
            self.matrix.clone_from(&counted);
            (0..count).for_each(|row| self.matrix[row * count + row] += more);
            doubled += 1;
        }
        substitute(&self.matrix, &mut self.right);
        let weights = self.near.iter().zip(&self.right);
        let positive = weights.filter(|(_, weight)| **weight > 0.0 && weight.is_finite());
        positive
            .map(|(&near, &weight)| (near, weight as f32))
            .collect()
    }
}

/// Cholesky's factor in place of a matrix's lower half; whether there is one.
fn factorise(matrix: &mut [f64], count: usize) -> bool {
    for row in 0..count {
        for column in 0..=row {
            let (a, b) = (
                &matrix[row * count..][..column],
                &matrix[column * count..][..column],
            );
            let products: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            let rest = matrix[row * count + column] - products;
            if column < row {
                matrix[row * count + column] = rest / matrix[column * count + column];
            } else if rest > 0.0 {
                matrix[row * count + row] = rest.sqrt();
            } else {
                return false;
            }
        }
    }
    true
}

/// Solves for a right side, in its place.
fn substitute(factor: &[f64], right: &mut [f64]) {
    let count = right.len();
    for row in 0..count {
        let known: f64 = (0..row)
            .map(|column| factor[row * count + column] * right[column])
            .sum();
        right[row] = (right[row] - known) / factor[row * count + row];
    }
    for row in (0..count).rev() {
        let known: f64 = (row + 1..count)
            .map(|other| factor[other * count + row] * right[other])
            .sum();
        right[row] = (right[row] - known) / factor[row * count + row];
    }
}
