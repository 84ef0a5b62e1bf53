// NonMaxSuppression of each row of scores: the best box that is left is kept, and those that overlap it are dropped, until
// none is left. `kept` has their count and then up to p.own.z numbers a row; p.own.y are the classes. A row has a
// workgroup. As src/kernels/suppress.rs.
override CENTER: bool;

@group(0) @binding(1) var<storage, read> boxes: array<f32>;
@group(0) @binding(2) var<storage, read> scores: array<u32>;
@group(0) @binding(3) var<storage, read> most: array<i32>;
@group(0) @binding(4) var<storage, read> most_shared: array<f32>;
@group(0) @binding(5) var<storage, read> least_score: array<f32>;
@group(0) @binding(6) var<storage, read_write> kept: array<u32>;
@group(0) @binding(7) var<storage, read_write> is_left: array<u32>;

var<workgroup> more: u32;

// The smaller one; NaN is passed over.
fn least(a: f32, b: f32) -> f32 {
    return select(b, a, is_nan(b) || a < b);
}

fn largest(a: f32, b: f32) -> f32 {
    return select(b, a, is_nan(b) || a > b);
}

// Lower edges along both axes, then upper ones.
fn edges(number: u32) -> vec4<f32> {
    let i = (row / p.own.y * p.own.x + number) * 4u;
    let a = vec2<f32>(boxes[i], boxes[i + 1u]);
    let b = vec2<f32>(boxes[i + 2u], boxes[i + 3u]);
    if (CENTER) { return vec4<f32>(a - b / 2.0, a + b / 2.0); }
    return vec4<f32>(least(a.x, b.x), least(a.y, b.y), largest(a.x, b.x), largest(a.y, b.y));
}

fn area(box: vec4<f32>) -> f32 {
    return (box.z - box.x) * (box.w - box.y);
}

// Whether intersection over union is more than two boxes may share.
fn overlap(a: vec4<f32>, b: vec4<f32>) -> bool {
    let high = largest(least(a.z, b.z) - largest(a.x, b.x), 0.0);
    let both = high * largest(least(a.w, b.w) - largest(a.y, b.y), 0.0);
    let together = area(a) + area(b) - both;
    let bound = most_shared[0];
    if (is_nan(bound)) { return true; }
    if (is_nan(together) || together <= 0.0) { return 0.0 > bound; }
    return is_nan(both / together) || both / together > bound;
}

fn compute() {
    var count = 0u;
    var last = 0u;
    let end = min(u32(max(most[0], 0)), p.own.z);
    for (var step = 0u; step < end; step++) {
        var best = vec2<i32>(0, -1);
        for (var n = lane; n < length; n += LANES) {
            let i = at(n);
            if (step == 0u) {
                let score = bitcast<f32>(scores[i]);
                is_left[i] = select(0u, 1u, score > least_score[0] && !is_nan(score) && !is_nan(least_score[0]));
            } else if (is_left[i] == 1u && (n == last || overlap(edges(last), edges(n)))) {
                is_left[i] = 0u;
            }
            let found = vec2<i32>(key(scores[i], i, F32), i32(n));
            if (is_left[i] == 1u && (best.y < 0 || is_before(found, best))) { best = found; }
        }
        meet(bitcast<vec2<u32>>(best));
        for (var n = 0u; n < LANES; n++) {
            let found = bitcast<vec2<i32>>(part(n));
            if (found.y >= 0 && (best.y < 0 || is_before(found, best))) { best = found; }
        }
        if (lane == 0u) { more = select(0u, 1u, best.y >= 0); }
        if (workgroupUniformLoad(&more) == 0u) { break; }
        last = u32(best.y);
        count++;
        if (is_first()) { kept[row * (p.own.z + 1u) + count] = last; }
    }
    if (is_first()) { kept[row * (p.own.z + 1u)] = count; }
}
