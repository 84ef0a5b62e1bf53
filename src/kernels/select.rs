//! ONNX `Where`.

use super::{
    Operand, Output,
    strided::{Rows, broadcast_strides},
};
use nearshelf_operators::DType;

pub(super) fn run(inputs: &[Operand], y: &mut Output) {
    let (condition, a, b) = (inputs[0], inputs[1], inputs[2]);
    match a.dtype() {
        DType::F32 => pick(condition, (a, a.f32()), (b, b.f32()), y.shape, y.f32_mut()),
        DType::I32 => pick(condition, (a, a.i32()), (b, b.i32()), y.shape, y.i32_mut()),
        DType::I8 => pick(condition, (a, a.i8()), (b, b.i8()), y.shape, y.i8_mut()),
        DType::U8 => pick(condition, (a, a.u8()), (b, b.u8()), y.shape, y.u8_mut()),
    }
}

fn pick<T: Copy>(
    condition: Operand,
    a: (Operand, &[T]),
    b: (Operand, &[T]),
    shape: &[usize],
    y: &mut [T],
) {
    let strides =
        [condition.shape, a.0.shape, b.0.shape].map(|from| broadcast_strides(from, shape));
    let rows = Rows::new(shape, [&strides[0], &strides[1], &strides[2]]);
    let (length, steps) = (rows.length, rows.steps.map(|step| step as usize));
    let condition = condition.u8();
    for (offsets, at) in rows {
        let [c_at, a_at, b_at] = offsets.map(|offset| offset as usize);
        for (n, y) in y[at..at + length].iter_mut().enumerate() {
            let truth = condition[c_at + n * steps[0]] != 0;
            *y = if truth {
                a.1[a_at + n * steps[1]]
            } else {
                b.1[b_at + n * steps[2]]
            };
        }
    }
}
