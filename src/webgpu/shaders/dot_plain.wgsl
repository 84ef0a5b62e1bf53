// Products of bytes where WGSL has no packed ones, or a CPU would have to take them apart: bytes become floats, whose sums
// are exact up to 512 products of the largest. Zero points are taken off before.
alias Row = vec4<f32>;
alias Columns = mat4x4<f32>;
alias Sums = vec4<f32>;
const CENTRED = true;
const ONES = vec4<f32>(1.0);

fn signed(word: u32) -> vec4<f32> {
    let bytes = bitcast<vec4<i32>>(vec4<u32>(word) << vec4<u32>(24u, 16u, 8u, 0u));
    return vec4<f32>(bytes >> vec4<u32>(24u));
}

// Four neighbours of a row.
fn row_of(word: u32, zero: i32, is_signed: bool) -> Row {
    let bytes = vec4<f32>((vec4<u32>(word) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(255u));
    return select(bytes, signed(word), is_signed) - f32(zero);
}

// Four neighbours of each of four columns, which are signed.
fn columns_of(words: vec4<u32>) -> Columns {
    return mat4x4<f32>(signed(words.x), signed(words.y), signed(words.z), signed(words.w));
}

fn products(row: Row, columns: Columns) -> Sums {
    return row * columns;
}

fn total(row: Row) -> i32 {
    return i32(dot(row, ONES));
}
