//! Reductions along axes.

use super::{
    Operand, Output,
    strided::{Rows, strides},
};
use nearshelf_operators::{DType, Reduction};

pub(super) fn run(reduction: Reduction, axes: &[usize], x: Operand, y: &mut Output) {
    // Position in the output of each input element: reduced axes don't move it.
    let kept: Vec<usize> = x
        .shape
        .iter()
        .enumerate()
        .map(|(axis, &e)| if axes.contains(&axis) { 1 } else { e })
        .collect();
    let own = strides(&kept);
    let walk: Vec<isize> = (0..x.shape.len())
        .map(|axis| if axes.contains(&axis) { 0 } else { own[axis] })
        .collect();
    let count: usize = axes.iter().map(|&axis| x.shape[axis]).product();
    match x.dtype() {
        DType::F32 => reduce_f32(reduction, x, &walk, count, y.f32_mut()),
        _ => reduce_i32(reduction, x, &walk, count, y.i32_mut()),
    }
}

/// Folds every element of `x` into its output.
fn fold<T: Copy>(x: &[T], shape: &[usize], walk: &[isize], y: &mut [T], f: impl Fn(T, T) -> T) {
    let rows = Rows::new(shape, [walk]);
    let (length, [step]) = (rows.length, rows.steps);
    for ([offset], at) in rows {
        let row = &x[at..at + length];
        if step == 0 {
            let target = &mut y[offset as usize];
            *target = row.iter().fold(*target, |sum, &x| f(sum, x));
        } else {
            for (y, &x) in y[offset as usize..].iter_mut().zip(row) {
                *y = f(*y, x);
            }
        }
    }
}

fn reduce_f32(reduction: Reduction, x: Operand, walk: &[isize], count: usize, y: &mut [f32]) {
    let (values, shape) = (x.f32(), x.shape);
    let larger = |most: f32, x: f32| if x > most || x.is_nan() { x } else { most };
    let start = match reduction {
        Reduction::Max => f32::NEG_INFINITY,
        Reduction::Min => f32::INFINITY,
        Reduction::Prod => 1.0,
        _ => 0.0,
    };
    y.fill(start);
    match reduction {
        Reduction::Sum | Reduction::Mean | Reduction::LogSum => {
            fold(values, shape, walk, y, |sum, x| sum + x)
        }
        Reduction::Max => fold(values, shape, walk, y, larger),
        Reduction::Min => fold(values, shape, walk, y, |least, x| {
            if x < least || x.is_nan() { x } else { least }
        }),
        Reduction::Prod => fold(values, shape, walk, y, |product, x| product * x),
        Reduction::L1 => fold(values, shape, walk, y, |sum, x| sum + x.abs()),
        Reduction::L2 | Reduction::SumSquare => fold(values, shape, walk, y, |sum, x| sum + x * x),
        Reduction::LogSumExp => return log_sum_exp(values, shape, walk, y),
    }
    match reduction {
        Reduction::Mean => y.iter_mut().for_each(|y| *y /= count as f32),
        Reduction::L2 => y.iter_mut().for_each(|y| *y = y.sqrt()),
        Reduction::LogSum => y.iter_mut().for_each(|y| *y = y.ln()),
        _ => {}
    }
}

/// ln Σ eˣ, with the largest x taken out so that nothing overflows.
fn log_sum_exp(values: &[f32], shape: &[usize], walk: &[isize], y: &mut [f32]) {
    y.fill(f32::NEG_INFINITY);
    fold(values, shape, walk, y, f32::max);
    let largest: Vec<f32> = y
        .iter()
        .map(|&most| if most.is_finite() { most } else { 0.0 })
        .collect();
    y.fill(0.0);
    let rows = Rows::new(shape, [walk]);
    let (length, [step]) = (rows.length, rows.steps);
    for ([offset], at) in rows {
        for (n, x) in values[at..at + length].iter().enumerate() {
            let target = offset as usize + n * step as usize;
            y[target] += (x - largest[target]).exp();
        }
    }
    for (y, largest) in y.iter_mut().zip(largest) {
        *y = y.ln() + largest;
    }
}

fn reduce_i32(reduction: Reduction, x: Operand, walk: &[isize], count: usize, y: &mut [i32]) {
    let (values, shape) = (x.i32(), x.shape);
    let (start, f): (i32, fn(i32, i32) -> i32) = match reduction {
        Reduction::Max => (i32::MIN, i32::max),
        Reduction::Min => (i32::MAX, i32::min),
        Reduction::Prod => (1, i32::wrapping_mul),
        Reduction::L1 => (0, |sum, x| sum.wrapping_add(x.wrapping_abs())),
        Reduction::L2 | Reduction::SumSquare => (0, |sum, x| sum.wrapping_add(x.wrapping_mul(x))),
        _ => (0, i32::wrapping_add),
    };
    y.fill(start);
    fold(values, shape, walk, y, f);
    match reduction {
        Reduction::Mean => y
            .iter_mut()
            .for_each(|y| *y /= i32::try_from(count).unwrap_or(i32::MAX).max(1)),
        Reduction::L2 => y.iter_mut().for_each(|y| *y = f64::from(*y).sqrt() as i32),
        Reduction::LogSum | Reduction::LogSumExp => {
            y.iter_mut().for_each(|y| *y = f64::from(*y).ln() as i32)
        }
        _ => {}
    }
}

/// Index of the largest (or smallest) element along an axis. NaN wins over numbers.
pub(super) fn arg_max(x: Operand, y: &mut Output, axis: usize, smallest: bool, last: bool) {
    match x.dtype() {
        DType::F32 => {
            let key = |x: f32| {
                if x.is_nan() {
                    f32::INFINITY
                } else if smallest {
                    -x
                } else {
                    x
                }
            };
            search(x.f32(), x.shape, axis, y.i32_mut(), last, key);
        }
        _ => {
            let key = |x: i32| {
                if smallest {
                    -i64::from(x)
                } else {
                    i64::from(x)
                }
            };
            search(x.i32(), x.shape, axis, y.i32_mut(), last, key);
        }
    }
}

fn search<T: Copy, K: PartialOrd>(
    x: &[T],
    shape: &[usize],
    axis: usize,
    y: &mut [i32],
    last: bool,
    key: impl Fn(T) -> K,
) {
    let inner: usize = shape[axis + 1..].iter().product();
    let extent = shape[axis];
    for (at, y) in y.iter_mut().enumerate() {
        let first = at / inner * extent * inner + at % inner;
        let mut best = 0;
        for n in 1..extent {
            let (found, most) = (key(x[first + n * inner]), key(x[first + best * inner]));
            if found > most || (last && found == most) {
                best = n;
            }
        }
        *y = best as i32;
    }
}
