// ArgMax, and the indices of TopK: the p.own.y first elements of each row in order, of which y has p.own.z beside each
// other. As src/kernels/reduce.rs and pick.rs.
override TYPE: u32;
override SMALLEST: bool;
// Of equal elements the last one first.
override LAST: bool;
// NaN is as large as infinity, whatever is sought, rather than larger.
override INFINITE_NAN: bool;

@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<i32>;

// Key and number of element n. The first one in order has the largest key.
fn candidate(n: u32) -> vec2<i32> {
    let i = at(n);
    let word = x[word_of(i, TYPE)];
    var found = key(word, i, TYPE);
    if (SMALLEST) { found = ~found; }
    if (INFINITE_NAN && TYPE == F32 && is_nan(bitcast<f32>(word))) { found = 0x7f800000; }
    return vec2<i32>(found, select(i32(n), -1 - i32(n), LAST));
}

// The one that comes first of those behind `last`; `last` stands for none. At first all are behind it.
fn first_of(a: vec2<i32>, b: vec2<i32>, last: vec2<i32>) -> vec2<i32> {
    if (all(b == last)) { return a; }
    return select(a, b, all(a == last) || is_before(b, a));
}

fn compute() {
    // No candidate: its number is none.
    var last = vec2<i32>(0x7fffffff);
    for (var rank = 0u; rank < p.own.y; rank++) {
        var best = last;
        for (var n = lane; n < length; n += LANES) {
            let other = candidate(n);
            if (rank == 0u || is_before(last, other)) { best = first_of(best, other, last); }
        }
        for (var reach = 1u; reach < NEAR; reach <<= 1u) {
            best = first_of(best, bitcast<vec2<i32>>(near(bitcast<vec2<u32>>(best), reach)), last);
        }
        meet(bitcast<vec2<u32>>(best));
        for (var n = 0u; n < LANES; n += NEAR) { best = first_of(best, bitcast<vec2<i32>>(part(n)), last); }
        last = best;
        if (is_first()) {
            let to = (row / p.own.z * p.own.y + rank) * p.own.z + row % p.own.z;
            y[to] = select(best.y, -1 - best.y, LAST);
        }
    }
}
