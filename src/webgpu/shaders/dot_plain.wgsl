// Products of bytes where WGSL has no packed ones, or a CPU would have to take them apart: bytes become floats, whose sums
// are exact up to 512 products of the largest. Zero points are taken off before.
alias Row = vec4<f32>;
alias Columns = mat4x4<f32>;
alias Sums = vec4<f32>;
const CENTRED = true;
const ONES = vec4<f32>(1.0);

// Four neighbours of a row.
fn row_of(word: u32, zero: i32, dtype: u32) -> Row {
    return vec4<f32>(bytes_of(word, dtype) - zero);
}

// Four neighbours of each of four columns, which are signed.
fn columns_of(words: vec4<u32>) -> Columns {
    return mat4x4<f32>(vec4<f32>(bytes_of(words.x, I8)), vec4<f32>(bytes_of(words.y, I8)), vec4<f32>(bytes_of(words.z, I8)),
        vec4<f32>(bytes_of(words.w, I8)));
}

fn products(row: Row, columns: Columns) -> Sums {
    return row * columns;
}

fn total(row: Row) -> i32 {
    return i32(dot(row, ONES));
}
