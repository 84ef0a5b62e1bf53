// Products of bytes where WGSL has no packed ones, or a CPU would have to take them apart: bytes become floats, whose sums
// are exact up to 512 products of the largest. Zero points are taken off before.
//
// A byte is made a float where it lies in the top of a word, 2²⁴ times as large, which saves bringing it down; sums are 2⁴⁸
// times as large.
alias Row = vec4<f32>;
alias Columns = mat4x4<f32>;
alias Sums = vec4<f32>;
const CENTRED = true;
const ONES = vec4<f32>(1.0);
const RAISED = 16777216.0;

// Four neighbours, which are signed.
fn raised(word: u32) -> vec4<f32> {
    return vec4<f32>(bitcast<vec4<i32>>(vec4<u32>(word << 24u, word << 16u, word << 8u, word) & vec4<u32>(0xff000000u)));
}

// Four neighbours of a row. U8 is taken 128 lower, and its zero point with it.
fn row_of(word: u32, zero: i32, dtype: u32) -> Row {
    let is_unsigned = dtype == U8;
    let signed = word ^ select(0u, 0x80808080u, is_unsigned);
    return raised(signed) - vec4<f32>(f32(zero - select(0, 128, is_unsigned)) * RAISED);
}

// Four neighbours of each of four columns, which are signed.
fn columns_of(words: vec4<u32>) -> Columns {
    return mat4x4<f32>(raised(words.x), raised(words.y), raised(words.z), raised(words.w));
}

fn products(row: Row, columns: Columns) -> Sums {
    return row * columns;
}

fn integers(sums: Sums) -> vec4<i32> {
    return vec4<i32>(sums * (1.0 / RAISED / RAISED));
}

fn total(row: Row) -> i32 {
    return i32(dot(row, vec4<f32>(1.0 / RAISED)));
}
