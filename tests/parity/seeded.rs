//! Tensors without a pattern, the same for a seed.

use nearshelf_engine::{DType, Tensor, Values};

/// Numbers in −1..1.
pub fn noise(seed: u32, len: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

pub fn tensor(shape: &[usize], values: Values) -> Tensor {
    Tensor::new(shape, values).unwrap()
}

pub fn floats(seed: u32, shape: &[usize]) -> Tensor {
    tensor(shape, Values::F32(noise(seed, shape.iter().product())))
}

/// `value` in 0..=255 as a byte of `dtype`, whose least is 0.
pub fn byte(dtype: DType, value: u8) -> Tensor {
    tensor(&[], as_bytes(dtype, vec![value]))
}

/// Bytes of `dtype` that lie `values` above its least.
pub fn as_bytes(dtype: DType, values: Vec<u8>) -> Values {
    match dtype {
        DType::I8 => Values::I8(values.iter().map(|x| (x ^ 0x80).cast_signed()).collect()),
        _ => Values::U8(values),
    }
}

/// All bytes of `dtype`.
pub fn bytes(dtype: DType, seed: u32, shape: &[usize]) -> Tensor {
    let values = noise(seed, shape.iter().product());
    let values = values.iter().map(|x| ((x + 1.0) * 128.0) as u8);
    tensor(shape, as_bytes(dtype, values.collect()))
}

/// Scales.
pub fn positive(seed: u32, len: usize) -> Tensor {
    let values = noise(seed, len)
        .iter()
        .map(|x| 0.01 + x.abs() / 50.0)
        .collect();
    tensor(&[len], Values::F32(values))
}

/// Small sums.
pub fn integers(seed: u32, len: usize) -> Tensor {
    let values = noise(seed, len)
        .iter()
        .map(|x| (x * 900.0) as i32)
        .collect();
    tensor(&[len], Values::I32(values))
}

pub fn float(value: f32) -> Tensor {
    tensor(&[], Values::F32(vec![value]))
}

/// Whole numbers of `least..=most`, as `dtype`.
pub fn whole(dtype: DType, seed: u32, shape: &[usize], least: i32, most: i32) -> Tensor {
    let count = (most - least + 1) as f32;
    let numbers = noise(seed, shape.iter().product()).into_iter();
    let numbers = numbers.map(|x| (least + ((x + 1.0) / 2.0 * count) as i32).min(most));
    let values = match dtype {
        DType::F32 => Values::F32(numbers.map(|x| x as f32).collect()),
        DType::I32 => Values::I32(numbers.collect()),
        DType::I8 => Values::I8(numbers.map(|x| x as i8).collect()),
        DType::U8 => Values::U8(numbers.map(|x| x as u8).collect()),
    };
    tensor(shape, values)
}

/// Of every type what it is there for.
pub fn any(dtype: DType, seed: u32, shape: &[usize]) -> Tensor {
    match dtype {
        DType::F32 => floats(seed, shape),
        DType::I32 => whole(dtype, seed, shape, -100_000, 100_000),
        _ => bytes(dtype, seed, shape),
    }
}
