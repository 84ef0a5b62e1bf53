// Cast: f32 to integers truncates towards zero and saturates, NaN becomes 0; integers wrap. As src/kernels/cast.rs.
override TYPE: u32;
override TO: u32;
// What is wanted: 0 the value, 1 whether it is not zero, 2 its bits.
override WANTED: u32;

struct Params { count: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn truncated(value: f32) -> i32 {
    let least = select(select(-2147483648.0, 0.0, TO == U8), -128.0, TO == I8);
    let most = select(select(2147483520.0, 255.0, TO == U8), 127.0, TO == I8);
    if (is_nan(value)) { return 0; }
    if (TO == I32 && value >= 2147483648.0) { return 2147483647; }
    return i32(clamp(value, least, most));
}

fn element(i: u32) -> u32 {
    let word = x[word_of(i, TYPE)];
    let bits = bits_of(word, i, TYPE);
    if (WANTED == 2u) { return bits; }
    if (WANTED == 1u) {
        // A negative zero is zero.
        return select(0u, 1u, select(bits, bits & 0x7fffffffu, TYPE == F32) != 0u);
    }
    if (TO == F32) { return select(bitcast<u32>(f32(integer(word, i, TYPE))), word, TYPE == F32); }
    if (TYPE == F32) { return bitcast<u32>(truncated(bitcast<f32>(word))); }
    return bitcast<u32>(integer(word, i, TYPE));
}
