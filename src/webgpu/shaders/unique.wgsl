// Unique: slices of x [outer, extent, inner] that differ, in three stages: which slice each is a copy of; ranks of those
// that are none's copy; ranks of all. As src/kernels/pick.rs.
override TYPE: u32;
override SORTED: bool;
override STAGE: u32;

// `count` is extent, or 1 where that is 0.
struct Params { count: u32, extent: u32, inner: u32, outer: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> begins: array<u32>;
@group(0) @binding(3) var<storage, read_write> ranks: array<u32>;
@group(0) @binding(4) var<storage, read_write> firsts: array<u32>;
@group(0) @binding(5) var<storage, read_write> inverse: array<u32>;
@group(0) @binding(6) var<storage, read_write> counts: array<u32>;
@group(0) @binding(7) var<storage, read_write> total: array<u32>;

fn key_at(at: u32) -> i32 {
    return key(x[word_of(at, TYPE)], at, TYPE);
}

// Below zero where slice a comes before b, zero where they are equal.
fn order(a: u32, b: u32) -> i32 {
    for (var n = 0u; n < p.outer * p.inner; n++) {
        let at = n / p.inner * p.extent * p.inner + n % p.inner;
        let left = key_at(at + a * p.inner);
        let right = key_at(at + b * p.inner);
        if (left != right) { return select(1, -1, left < right); }
    }
    return 0;
}

fn run(i: u32) {
    if (STAGE == 0u && i < p.extent) {
        var begin = 0u;
        while (begin < i && order(begin, i) != 0) { begin++; }
        begins[i] = begin;
        firsts[i] = 0u;
        counts[i] = 0u;
    }
    if (STAGE == 1u) {
        // Of all that are no copies, and of those before this one; copies of this one.
        var all = 0u;
        var rank = 0u;
        var copies = 0u;
        for (var n = 0u; n < p.extent; n++) {
            if (begins[n] == i) { copies++; }
            if (begins[n] != n) { continue; }
            all++;
            var is_before = n < i;
            if (SORTED && n != i && begins[i] == i) { is_before = order(n, i) < 0; }
            if (is_before) { rank++; }
        }
        if (i == 0u) { total[0] = all; }
        if (copies > 0u) {
            ranks[i] = rank;
            firsts[rank] = i;
            counts[rank] = copies;
        }
    }
    if (STAGE == 2u && i < p.extent) { inverse[i] = ranks[begins[i]]; }
}
