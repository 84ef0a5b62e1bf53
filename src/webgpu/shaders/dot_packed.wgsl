// Products of bytes by WGSL's packed ones, which take signed bytes: what a zero point adds to them is taken off the sums,
// by sums of the columns.
alias Row = u32;
alias Columns = vec4<u32>;
alias Sums = vec4<i32>;
const CENTRED = false;
const ONES = 0x01010101u;

// Four neighbours of a row. U8 is taken 128 lower.
fn row_of(word: u32, zero: i32, dtype: u32) -> Row {
    return word ^ select(0u, 0x80808080u, dtype == U8);
}

// Four neighbours of each of four columns, which are signed.
fn columns_of(words: vec4<u32>) -> Columns {
    return words;
}

fn products(row: Row, columns: Columns) -> Sums {
    return vec4<i32>(dot4I8Packed(row, columns.x), dot4I8Packed(row, columns.y), dot4I8Packed(row, columns.z),
        dot4I8Packed(row, columns.w));
}

fn integers(sums: Sums) -> vec4<i32> {
    return sums;
}

fn total(row: Row) -> i32 {
    return dot4I8Packed(row, ONES);
}
