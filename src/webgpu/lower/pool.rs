//! Windows over images, and over channels.

use super::{Lowered, Operand, Step, Target, operands};
use crate::shader::{LOCAL_RESPONSE, POOL};
use nearshelf_engine::{DType, Window};

/// Rows and columns; one axis is columns, and rows are `filler`.
fn two(list: &[usize], filler: usize) -> [u32; 2] {
    match *list {
        [rows, columns] => [rows as u32, columns as u32],
        [columns] => [filler as u32, columns as u32],
        _ => [filler as u32; 2],
    }
}

/// The words of `pool.wgsl`; `least` is what a window without elements has.
fn geometry(x: &Operand, y: &Operand, window: &Window, least: u32) -> Vec<u32> {
    let extents = two(&x.shape()[2..], 1);
    let (before, after) = (two(&window.pads_begin, 0), two(&window.pads_end, 0));
    let padded = [0, 1].map(|axis| extents[axis] + before[axis] + after[axis]);
    let pairs = [
        extents,
        two(&y.shape()[2..], 1),
        two(&window.kernel, 1),
        two(&window.strides, 1),
        two(&window.dilations, 1),
        before,
        padded,
    ];
    [&[least], pairs.as_flattened()].concat()
}

/// An invocation has one window, or those of the four bytes of a word.
fn loops(window: &Window, y: &Operand, target: &mut Target) {
    let [rows, columns] = two(&window.kernel, 1).map(|extent| extent as usize);
    target.loops(&[if y.is_bytes() { 4 } else { 1 }, rows, columns + 1]);
}

pub(super) fn largest(
    step: &Step,
    window: &Window,
    is_position: bool,
    target: &mut Target,
) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let least = match x.ty.dtype {
        DType::F32 => f32::NEG_INFINITY.to_bits(),
        DType::I8 => i8::MIN as u32,
        _ => 0,
    };
    let constants = [
        ("TYPE", x.dtype()),
        ("KIND", if is_position { 2 } else { 0 }),
        ("COUNT_PADDING", 0),
    ];
    let params = geometry(&x, &y, window, least);
    loops(window, &y, target);
    target.each(&POOL, &constants, &params, &[x], &y);
    Ok(())
}

pub(super) fn average(
    step: &Step,
    window: &Window,
    count_include_pad: bool,
    target: &mut Target,
) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let constants = [
        ("TYPE", x.dtype()),
        ("KIND", 1),
        ("COUNT_PADDING", u32::from(count_include_pad)),
    ];
    let params = geometry(&x, &y, window, 0);
    loops(window, &y, target);
    target.each(&POOL, &constants, &params, &[x], &y);
    Ok(())
}

/// `[alpha, beta, bias]` are the operator's.
pub(super) fn local_response(
    step: &Step,
    size: usize,
    [alpha, beta, bias]: [f32; 3],
    target: &mut Target,
) -> Lowered {
    let [x] = operands(&step.inputs)?;
    let [y] = operands(&step.outputs)?;
    let channels = x.shape()[1];
    let inner: usize = x.shape()[2..].iter().product();
    target.loops(&[channels.min(size)]);
    // No more neighbours than there are channels.
    let sizes = [channels, inner, (size - 1) / 2, size / 2];
    let sizes = sizes.map(|n| n.min(u32::MAX as usize) as u32);
    let parameters = [alpha / size as f32, beta, bias].map(f32::to_bits);
    let params = [&sizes[..], &parameters].concat();
    target.each(&LOCAL_RESPONSE, &[], &params, &[x], &y);
    Ok(())
}
