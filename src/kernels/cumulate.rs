//! ONNX `CumSum` and `CumProd`.

use super::{Operand, Output};
use nearshelf_operators::DType;

pub(super) fn run(
    x: Operand,
    y: &mut Output,
    axis: usize,
    product: bool,
    exclusive: bool,
    reverse: bool,
) {
    let line = Line {
        extent: x.shape[axis],
        inner: x.shape[axis + 1..].iter().product(),
        exclusive,
        reverse,
    };
    match x.dtype() {
        DType::F32 => {
            let f: fn(f32, f32) -> f32 = if product { |a, b| a * b } else { |a, b| a + b };
            line.run(x.f32(), y.f32_mut(), f32::from(product), f);
        }
        _ => {
            let f = if product {
                i32::wrapping_mul
            } else {
                i32::wrapping_add
            };
            line.run(x.i32(), y.i32_mut(), i32::from(product), f);
        }
    }
}

struct Line {
    extent: usize,
    inner: usize,
    exclusive: bool,
    reverse: bool,
}

impl Line {
    fn run<T: Copy>(&self, x: &[T], y: &mut [T], start: T, f: fn(T, T) -> T) {
        for line in 0..x.len() / self.extent.max(1) {
            let first = line / self.inner * self.extent * self.inner + line % self.inner;
            let mut sum = start;
            for n in 0..self.extent {
                let n = if self.reverse { self.extent - 1 - n } else { n };
                let at = first + n * self.inner;
                let before = sum;
                sum = f(sum, x[at]);
                y[at] = if self.exclusive { before } else { sum };
            }
        }
    }
}
