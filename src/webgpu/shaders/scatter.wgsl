// Scatter: x with rows replaced by updates, or combined with them in their order. `marks` are those of
// scatter_marks.wgsl. As src/kernels/positions.rs.
override TYPE: u32;
override COMBINE: u32;

const REPLACE = 0u;
const ADD = 1u;
const MUL = 2u;
const MIN = 3u;

struct Params { count: u32, row: u32, rows: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read> positions: array<i32>;
@group(0) @binding(3) var<storage, read> updates: array<u32>;
@group(0) @binding(4) var<storage, read> marks: array<u32>;
@group(0) @binding(5) var<storage, read_write> y: array<u32>;

fn combined(a: u32, b: u32) -> u32 {
    let x = bitcast<f32>(a);
    let z = bitcast<f32>(b);
    let m = bitcast<i32>(a);
    let n = bitcast<i32>(b);
    let is_float = TYPE == F32;
    switch COMBINE {
        case ADD: { return select(a + b, bitcast<u32>(x + z), is_float); }
        case MUL: { return select(a * b, bitcast<u32>(x * z), is_float); }
        case MIN: { return select(a, b, select(n < m, z < x || is_nan(z), is_float)); }
        default: { return select(a, b, select(n > m, z > x || is_nan(z), is_float)); }
    }
}

fn element(i: u32) -> u32 {
    let row = i / p.row;
    let end = marks[row];
    var bits = bits_of(x[word_of(i, TYPE)], i, TYPE);
    // All updates up to the last one of this row, or that one.
    var n = 0u;
    if (COMBINE == REPLACE) { n = max(end, 1u) - 1u; }
    for (; n < end; n++) {
        let at = n * p.row + i % p.row;
        if (COMBINE == REPLACE) {
            bits = bits_of(updates[word_of(at, TYPE)], at, TYPE);
        } else if (index_in(positions[n], p.rows) == i32(row)) {
            bits = combined(bits, updates[at]);
        }
    }
    return bits;
}
