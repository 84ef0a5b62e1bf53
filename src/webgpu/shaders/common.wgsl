// How elements lie in buffers: an f32 or i32 fills a word; bytes lie four in a word, the first in its lowest bits.
const F32 = 0u;
const I32 = 1u;
const I8 = 2u;
const U8 = 3u;

// Number of the word that holds element i.
fn word_of(i: u32, dtype: u32) -> u32 {
    return select(i, i >> 2u, dtype >= I8);
}

// Bits of element i, given its word.
fn bits_of(word: u32, i: u32, dtype: u32) -> u32 {
    return select(word, extractBits(word, (i & 3u) * 8u, 8u), dtype >= I8);
}

// Element i as an integer, given its word.
fn integer(word: u32, i: u32, dtype: u32) -> i32 {
    if (dtype == I8) { return extractBits(bitcast<i32>(word), (i & 3u) * 8u, 8u); }
    return bitcast<i32>(bits_of(word, i, dtype));
}

// Element i as a float, given its word.
fn number(word: u32, i: u32, dtype: u32) -> f32 {
    if (dtype == F32) { return bitcast<f32>(word); }
    return f32(integer(word, i, dtype));
}

// Compilers may take for granted that there is no NaN: bits can't be argued away.
fn is_nan(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

// A float from bits. WGSL has no words for infinities and NaN, and compilers may drop them from what they can reckon
// themselves.
fn float(bits: u32) -> f32 {
    return bitcast<f32>(bits);
}

const INFINITY = 0x7f800000u;
const NOT_A_NUMBER = 0x7fc00000u;

// ln x. What WGSL's own gives for zero, infinity and what has none is left open.
fn logarithm(x: f32) -> f32 {
    if (x == 0.0) { return float(INFINITY | 0x80000000u); }
    if (x < 0.0) { return float(NOT_A_NUMBER); }
    if (is_nan(x) || bitcast<u32>(x) == INFINITY) { return x; }
    return log(x);
}

// An index that may count from the end, or -1 where it lies outside.
fn index_in(index: i32, extent: u32) -> i32 {
    let i = select(index, index + i32(extent), index < 0);
    return select(-1, i, i >= 0 && i < i32(extent));
}

// The byte nearest to x + zero, half to even; NaN counts as 0.
fn quantized(x: f32, zero: i32, dtype: u32) -> u32 {
    let least = f32(select(0, -128, dtype == I8) - zero);
    let most = f32(select(255, 127, dtype == I8) - zero);
    let value = select(round(clamp(x, least, most)), 0.0, is_nan(x));
    return bitcast<u32>(i32(value) + zero);
}

// Below all scores.
const LOWEST = -3.4028234e38;
