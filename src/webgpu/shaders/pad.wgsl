// Pad: x in a border of a value, of its edge (MODE 1), or of itself reflected (2). Axes from the last one. As
// src/kernels/layout.rs.
override TYPE: u32;
override MODE: u32;

struct Params {
    count: u32,
    rank: u32,
    value: u32,
    extents: array<vec4<u32>, 2>,
    before: array<vec4<u32>, 2>,
    // Of x.
    inside: array<vec4<u32>, 2>,
}
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn element(i: u32) -> u32 {
    var rest = i;
    var at = 0u;
    var stride = 1u;
    for (var axis = 0u; axis < p.rank; axis++) {
        let extent = p.extents[axis >> 2u][axis & 3u];
        let last = i32(p.inside[axis >> 2u][axis & 3u]) - 1;
        var source = i32(rest % extent) - i32(p.before[axis >> 2u][axis & 3u]);
        if (source < 0 || source > last) {
            if (MODE == 0u) { return p.value; }
            if (MODE == 1u) { source = clamp(source, 0, last); } else { source = select(2 * last - source, -source, source < 0); }
        }
        at += u32(source) * stride;
        stride *= u32(last + 1);
        rest /= extent;
    }
    return bits_of(x[word_of(at, TYPE)], at, TYPE);
}
