// NonZero: coordinates of the bytes that are not zero, and how many there are. One workgroup; a lane has a part of x. Axes
// from the last one. As src/kernels/pick.rs.
struct Params { count: u32, rank: u32, extents: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> coordinates: array<u32>;
@group(0) @binding(3) var<storage, read_write> total: array<u32>;

var<workgroup> counts: array<u32, 64>;

fn is_any(i: u32) -> bool {
    return bits_of(x[i >> 2u], i, U8) != 0u;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
    let share = (p.count + 63u) / 64u;
    let first = min(p.count, lane * share);
    let end = min(p.count, first + share);
    var own = 0u;
    for (var i = first; i < end; i++) { own += select(0u, 1u, is_any(i)); }
    counts[lane] = own;
    workgroupBarrier();
    var to = 0u;
    var all = 0u;
    for (var n = 0u; n < 64u; n++) {
        to += select(0u, counts[n], n < lane);
        all += counts[n];
    }
    for (var i = first; i < end; i++) {
        var rest = i;
        for (var axis = 0u; axis < p.rank; axis++) {
            let extent = p.extents[axis >> 2u][axis & 3u];
            let line = (p.rank - 1u - axis) * p.count;
            if (is_any(i)) { coordinates[line + to] = rest % extent; }
            if (i >= all) { coordinates[line + i] = 0u; }
            rest /= extent;
        }
        to += select(0u, 1u, is_any(i));
    }
    if (lane == 0u) { total[0] = all; }
}
