// Depthwise convolution with channels last, f32: each channel with a window of its own, w [taps, channels]. As
// src/engine/kernels/depthwise.rs. An invocation has four channels of four neighbouring positions.
override ALIGNED: bool;
override FUNCTION: u32;

@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> w: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

fn x4(start: u32, channel: u32) -> vec4<f32> {
    if (start == OUTSIDE) { return vec4<f32>(); }
    let at = start + channel;
    if (ALIGNED) { return x[at >> 2u]; }
    return vec4<f32>(x[at >> 2u][at & 3u], x[(at + 1u) >> 2u][(at + 1u) & 3u], x[(at + 2u) >> 2u][(at + 2u) & 3u],
        x[(at + 3u) >> 2u][(at + 3u) & 3u]);
}

fn w4(at: u32) -> vec4<f32> {
    if (ALIGNED) { return w[at >> 2u]; }
    return vec4<f32>(w[at >> 2u][at & 3u], w[(at + 1u) >> 2u][(at + 1u) & 3u], w[(at + 2u) >> 2u][(at + 2u) & 3u],
        w[(at + 3u) >> 2u][(at + 3u) & 3u]);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let number = at.x + at.y * groups.x * 64u;
    let across = (p.columns + 3u) / 4u;
    let channel = number % across * 4u;
    let row = number / across * 4u;
    if (row >= p.rows) { return; }
    let place0 = place_of(row);
    let place1 = place_of(row + 1u);
    let place2 = place_of(row + 2u);
    let place3 = place_of(row + 3u);
    var s0 = vec4<f32>();
    var s1 = vec4<f32>();
    var s2 = vec4<f32>();
    var s3 = vec4<f32>();
    for (var tap = 0u; tap < p.taps; tap++) {
        let reach = reach_of(tap);
        let weights = w4(tap * p.columns + channel);
        s0 += weights * x4(start_of(place0, reach), channel);
        s1 += weights * x4(start_of(place1, reach), channel);
        s2 += weights * x4(start_of(place2, reach), channel);
        s3 += weights * x4(start_of(place3, reach), channel);
    }
    let sums = array<vec4<f32>, 4>(s0, s1, s2, s3);
    for (var i = 0u; i < min(4u, p.rows - row); i++) {
        for (var j = channel; j < min(channel + 4u, p.columns); j++) {
            y[(row + i) * p.columns + j] = activate(sums[i][j - channel] + bias[j], FUNCTION, p.alpha, p.beta);
        }
    }
}
