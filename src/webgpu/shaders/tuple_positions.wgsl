// TuplePositions: tuples of `last` indices into `extents`, `each` of them a batch. As `of_tuples` in
// src/kernels/positions.rs.
struct Params { count: u32, each: u32, last: u32, step: u32, extents: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> indices: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;
@group(0) @binding(3) var<storage, read_write> fault: atomic<u32>;

fn element(i: u32) -> u32 {
    var at = i / p.each;
    for (var n = 0u; n < p.last; n++) {
        let extent = p.extents[n >> 2u][n & 3u];
        let found = index_in(indices[i * p.last + n], extent);
        if (found < 0) { atomicMin(&fault, p.step); }
        at = at * extent + u32(found);
    }
    return at;
}
