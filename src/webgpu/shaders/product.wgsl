// Products of rows with columns, f32: y = activate(x · w + bias). As src/kernels/linear.rs, conv_nhwc.rs and
// matmul.rs, whose weights are panels or, for MatMul, a matrix.
//
// An invocation has a tile of eight columns and of four rows, or of one unless TALL. With SPLIT > 1 so many share a tile:
// each has a part of the terms, and the sums meet in the workgroup's memory.
override SPLIT: u32;
override TALL: bool;
override PATCHES: bool;
override PANELS: bool;
// Whether the runs of x, and the rows of a matrix w, are whole vectors.
override ALIGNED: bool;
override W_ALIGNED: bool;
override BIAS: bool;
override FUNCTION: u32;

@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> w: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> bias: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

var<workgroup> parts: array<vec4<f32>, 512>;

fn x1(start: u32, d: u32) -> f32 {
    if (PATCHES && start == OUTSIDE) { return 0.0; }
    let at = start + d;
    return x[at >> 2u][at & 3u];
}

fn x4(start: u32, d: u32) -> vec4<f32> {
    if (ALIGNED) {
        if (PATCHES && start == OUTSIDE) { return vec4<f32>(); }
        return x[(start + d) >> 2u];
    }
    return vec4<f32>(x1(start, d), x1(start, d + 1u), x1(start, d + 2u), x1(start, d + 3u));
}

// Four neighbours of a row of w. In panels `start` counts vectors.
fn w4(start: u32, depth: u32) -> vec4<f32> {
    if (PANELS) { return w[start + depth * 2u]; }
    let at = start + depth * p.columns;
    if (W_ALIGNED) { return w[at >> 2u]; }
    let end = at + 3u;
    return vec4<f32>(w[at >> 2u][at & 3u], w[(at + 1u) >> 2u][(at + 1u) & 3u], w[(at + 2u) >> 2u][(at + 2u) & 3u],
        w[end >> 2u][end & 3u]);
}

fn w16(start: u32, depth: u32) -> mat4x4<f32> {
    return mat4x4<f32>(w4(start, depth), w4(start, depth + 1u), w4(start, depth + 2u), w4(start, depth + 3u));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32) {
    let slice = local % SPLIT;
    let tile = ((group.x + group.y * groups.x) * 64u + local) / SPLIT;
    let across = (p.columns + 7u) / 8u;
    let height = select(1u, 4u, TALL);
    let down = (p.rows + height - 1u) / height;
    let column = tile % across * 8u;
    let row = tile / across % down * height;
    let number = tile / across / down;
    let matrix = matrix_of(number);
    let x_start = matrix.x * p.rows * p.run;
    let depth = p.run * p.taps;
    let low_start = select(matrix.y * depth * p.columns + column, column / 4u * depth, PANELS);
    let high_start = low_start + select(4u, 1u, PANELS);
    var s0 = vec4<f32>();
    var s1 = vec4<f32>();
    var s2 = vec4<f32>();
    var s3 = vec4<f32>();
    var t0 = vec4<f32>();
    var t1 = vec4<f32>();
    var t2 = vec4<f32>();
    var t3 = vec4<f32>();
    // A row beyond the last repeats it.
    let last = p.rows - 1u;
    let rows = min(vec4<u32>(row, row + 1u, row + 2u, row + 3u), vec4<u32>(last));
    var starts = x_start + rows * p.run;
    let place0 = place_of(rows.x);
    let place1 = place_of(rows.y);
    let place2 = place_of(rows.z);
    let place3 = place_of(rows.w);
    let whole = p.run & ~3u;
    for (var tap = 0u; tap < p.taps; tap++) {
        if (PATCHES) {
            let reach = reach_of(tap);
            starts = vec4<u32>(start_of(place0, reach), start_of(place1, reach), start_of(place2, reach), start_of(place3, reach));
        }
        let begin = tap * p.run;
        for (var d = slice * 4u; d < whole; d += SPLIT * 4u) {
            let low = w16(low_start, begin + d);
            let high = w16(high_start, begin + d);
            let a0 = x4(starts.x, d);
            s0 += low * a0;
            t0 += high * a0;
            if (TALL) {
                let a1 = x4(starts.y, d);
                let a2 = x4(starts.z, d);
                let a3 = x4(starts.w, d);
                s1 += low * a1;
                t1 += high * a1;
                s2 += low * a2;
                t2 += high * a2;
                s3 += low * a3;
                t3 += high * a3;
            }
        }
        for (var d = whole + slice; d < p.run; d += SPLIT) {
            let low = w4(low_start, begin + d);
            let high = w4(high_start, begin + d);
            let a = vec4<f32>(x1(starts.x, d), x1(starts.y, d), x1(starts.z, d), x1(starts.w, d));
            s0 += low * a.x;
            t0 += high * a.x;
            s1 += low * a.y;
            t1 += high * a.y;
            s2 += low * a.z;
            t2 += high * a.z;
            s3 += low * a.w;
            t3 += high * a.w;
        }
    }
    var sums = array<vec4<f32>, 8>(s0, t0, s1, t1, s2, t2, s3, t3);
    if (SPLIT > 1u) {
        for (var i = 0u; i < height * 2u; i++) { parts[i * 64u + local] = sums[i]; }
        workgroupBarrier();
    }
    for (var i = slice; i < height * 2u; i += SPLIT) {
        var sum = sums[i];
        if (SPLIT > 1u) {
            sum = vec4<f32>();
            for (var k = 0u; k < SPLIT; k++) { sum += parts[i * 64u + local - slice + k]; }
        }
        let to = row + i / 2u;
        if (to >= p.rows || number >= p.batches) { break; }
        let first = column + i % 2u * 4u;
        if (BIAS) { sum += bias[first / 4u]; }
        for (var j = 0u; j < min(4u, p.columns - min(first, p.columns)); j++) {
            y[(number * p.rows + to) * p.columns + first + j] = activate(sum[j], FUNCTION, p.alpha, p.beta);
        }
    }
}
