//! Small dense systems of linear equations.

/// Solves `matrix · x = right` for two right sides at once by elimination with partial pivoting, in place.
///
/// `matrix` is square, row-major; `None` where it is singular to working precision.
pub fn solve(mut matrix: Vec<f64>, mut right: Vec<[f64; 2]>) -> Option<Vec<[f64; 2]>> {
    let n = right.len();
    let largest = matrix
        .iter()
        .fold(0.0_f64, |most, value| most.max(value.abs()));
    for column in 0..n {
        let pivot = (column..n).max_by(|&a, &b| {
            matrix[a * n + column]
                .abs()
                .total_cmp(&matrix[b * n + column].abs())
        })?;
        let size = matrix[pivot * n + column].abs();
        if size.is_nan() || size <= largest * 1e-13 {
            return None;
        }
        if pivot != column {
            for k in 0..n {
                matrix.swap(pivot * n + k, column * n + k);
            }
            right.swap(pivot, column);
        }
        for row in column + 1..n {
            let factor = matrix[row * n + column] / matrix[column * n + column];
            if factor == 0.0 {
                continue;
            }
            for k in column..n {
                matrix[row * n + k] -= factor * matrix[column * n + k];
            }
            let [x, y] = right[column];
            right[row][0] -= factor * x;
            right[row][1] -= factor * y;
        }
    }
    for row in (0..n).rev() {
        let mut left = right[row];
        for k in row + 1..n {
            left[0] -= matrix[row * n + k] * right[k][0];
            left[1] -= matrix[row * n + k] * right[k][1];
        }
        right[row] = left.map(|value| value / matrix[row * n + row]);
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_that_needs_its_rows_swapped_is_solved() {
        let found = solve(vec![0.0, 2.0, 1.0, 1.0], vec![[4.0, 2.0], [3.0, 0.0]]);
        assert_eq!(found, Some(vec![[1.0, -1.0], [2.0, 1.0]]));
    }

    #[test]
    fn a_singular_system_and_one_with_nan_have_no_solution() {
        assert_eq!(solve(vec![1.0, 2.0, 2.0, 4.0], vec![[1.0; 2]; 2]), None);
        assert_eq!(solve(vec![f64::NAN; 4], vec![[1.0; 2]; 2]), None);
        assert_eq!(solve(vec![], vec![]), Some(vec![]));
    }
}
