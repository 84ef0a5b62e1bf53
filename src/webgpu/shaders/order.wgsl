// Integers in the order of the values: NaN is the largest, and both zeros are one. As src/kernels/order.rs.
fn key(word: u32, i: u32, dtype: u32) -> i32 {
    if (dtype != F32) { return integer(word, i, dtype); }
    if (is_nan(bitcast<f32>(word))) { return 0x7fffffff; }
    if ((word << 1u) == 0u) { return 0; }
    let bits = bitcast<i32>(word);
    return bits ^ ((bits >> 31u) & 0x7fffffff);
}

// Whether one comes before the other, of keys and numbers: by key, the largest first, then by number.
fn is_before(a: vec2<i32>, b: vec2<i32>) -> bool {
    return a.x > b.x || (a.x == b.x && a.y < b.y);
}
