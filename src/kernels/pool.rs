//! Pools over windows of each channel.

use super::{Operand, Output, conv::Plane};
use nearshelf_operators::{DType, Window};

/// Calls `f(position, values inside)` with an iterator over the input elements of each window of an image.
fn for_each_window<T: Copy>(
    plane: &Plane,
    image: &[T],
    mut f: impl FnMut(usize, &mut dyn Iterator<Item = T>),
) {
    for row in 0..plane.out_height {
        for column in 0..plane.out_width {
            let rows = (0..plane.kernel[0]).filter_map(|tap| plane.source(0, row, tap));
            let mut values = rows.flat_map(|source_row| {
                let columns = (0..plane.kernel[1]).filter_map(|tap| plane.source(1, column, tap));
                columns.map(move |source| image[source_row * plane.width + source])
            });
            f(row * plane.out_width + column, &mut values);
        }
    }
}

pub(super) fn max(x: Operand, y: &mut Output, window: &Window) {
    let plane = Plane::new(x.shape, y.shape, window);
    match x.dtype() {
        DType::F32 => largest(
            &plane,
            x.f32(),
            y.f32_mut(),
            f32::NEG_INFINITY,
            |most, x| if x > most || x.is_nan() { x } else { most },
        ),
        DType::I8 => largest(&plane, x.i8(), y.i8_mut(), i8::MIN, i8::max),
        _ => largest(&plane, x.u8(), y.u8_mut(), u8::MIN, u8::max),
    }
}

fn largest<T: Copy>(plane: &Plane, x: &[T], y: &mut [T], least: T, larger: impl Fn(T, T) -> T) {
    if plane.positions() == 0 {
        return;
    }
    for (image, y) in x
        .chunks_exact(plane.pixels())
        .zip(y.chunks_exact_mut(plane.positions()))
    {
        for_each_window(plane, image, |at, values| {
            y[at] = values.fold(least, &larger)
        });
    }
}

/// Where in `x` the largest element of each window lies; the first of equal ones. NaN is the largest, as
/// [`max`] has it.
pub(super) fn arg_max(x: Operand, y: &mut Output, window: &Window) {
    let plane = Plane::new(x.shape, y.shape, window);
    let (values, pixels) = (x.f32(), plane.pixels());
    for (at, y) in y.i32_mut().iter_mut().enumerate() {
        let (image, row, column) = plane.locate(at);
        let mut best: Option<usize> = None;
        for tap in 0..plane.taps() {
            let from = plane
                .source(0, row, tap / plane.kernel[1])
                .zip(plane.source(1, column, tap % plane.kernel[1]));
            let Some((row, column)) = from else { continue };
            let found = image * pixels + row * plane.width + column;
            let is_larger = |best: usize| {
                let (x, most) = (values[found], values[best]);
                x > most || x.is_nan() && !most.is_nan()
            };
            if best.is_none_or(is_larger) {
                best = Some(found);
            }
        }
        *y = best.unwrap_or(0) as i32;
    }
}

pub(super) fn average(x: Operand, y: &mut Output, window: &Window, count_include_pad: bool) {
    let plane = Plane::new(x.shape, y.shape, window);
    if plane.positions() == 0 {
        return;
    }
    let images = x.f32().chunks_exact(plane.pixels());
    for (image, y) in images.zip(y.f32_mut().chunks_exact_mut(plane.positions())) {
        for_each_window(&plane, image, |at, values| {
            let (sum, inside) = values.fold((0.0, 0_usize), |(sum, n), x| (sum + x, n + 1));
            let (row, column) = (at / plane.out_width, at % plane.out_width);
            let count = if count_include_pad {
                padded(&plane, window, 0, row) * padded(&plane, window, 1, column)
            } else {
                inside
            };
            y[at] = sum / count.max(1) as f32;
        });
    }
}

/// Taps of a window along an axis that lie in the padded input; those that ceil mode adds beyond it don't count.
fn padded(plane: &Plane, window: &Window, axis: usize, out: usize) -> usize {
    let spatial = window.kernel.len();
    let Some(own) = (axis + spatial).checked_sub(2) else {
        return 1;
    };
    let extent = if axis == 0 { plane.height } else { plane.width };
    let end = extent + window.pads_begin[own] + window.pads_end[own];
    let taps = 0..plane.kernel[axis];
    taps.filter(|tap| out * plane.strides[axis] + tap * plane.dilations[axis] < end)
        .count()
}
