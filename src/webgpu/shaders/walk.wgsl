// Where up to three operands have the element that a result has at index i. Axes are listed from the last one; an axis
// along which an operand repeats has the stride 0.
struct Params {
    count: u32,
    rank: u32,
    // Of the first operand, where the walk begins.
    start: i32,
    unused: u32,
    extents: array<vec4<u32>, 2>,
    strides: array<vec4<i32>, 6>,
    // What else a shader is told.
    own: vec4<u32>,
}
@group(0) @binding(0) var<uniform> p: Params;
// There is one axis at most.
override FLAT: bool = false;

fn steps_along(axis: u32) -> vec3<i32> {
    return vec3<i32>(
        p.strides[axis >> 2u][axis & 3u],
        p.strides[2u + (axis >> 2u)][axis & 3u],
        p.strides[4u + (axis >> 2u)][axis & 3u]);
}

fn walk(i: u32) -> vec3<i32> {
    if (FLAT) { return vec3<i32>(p.start, 0, 0) + i32(i) * vec3<i32>(p.strides[0].x, p.strides[2].x, p.strides[4].x); }
    var rest = i;
    var at = vec3<i32>(p.start, 0, 0);
    // What is left over is the index along the first axis. Without axes nothing is, and there is no stride.
    let first = max(p.rank, 1u) - 1u;
    for (var axis = 0u; axis < first; axis++) {
        let extent = p.extents[axis >> 2u][axis & 3u];
        at += i32(rest % extent) * steps_along(axis);
        rest /= extent;
    }
    return at + i32(rest) * steps_along(first);
}
