// Four bytes at once, as they lie in a word.

fn bytes_of(word: u32, dtype: u32) -> vec4<i32> {
    let above = bitcast<vec4<i32>>(vec4<u32>(word) << vec4<u32>(24u, 16u, 8u, 0u));
    return select(above >> vec4<u32>(24u), bitcast<vec4<i32>>(bitcast<vec4<u32>>(above) >> vec4<u32>(24u)), dtype == U8);
}

// The word of the bytes nearest to x + zero, as `quantized` gives them.
fn word_of_bytes(x: vec4<f32>, zero: i32, dtype: u32) -> u32 {
    let least = vec4<f32>(f32(select(0, -128, dtype == I8) - zero));
    let most = vec4<f32>(f32(select(255, 127, dtype == I8) - zero));
    let is_number = (bitcast<vec4<u32>>(x) & vec4<u32>(0x7fffffffu)) <= vec4<u32>(0x7f800000u);
    let bytes = bitcast<vec4<u32>>(vec4<i32>(select(vec4<f32>(), round(clamp(x, least, most)), is_number)) + zero);
    let low = (bytes & vec4<u32>(255u)) << vec4<u32>(0u, 8u, 16u, 24u);
    return low.x | low.y | low.z | low.w;
}
