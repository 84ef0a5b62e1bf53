// Depthwise convolution with channels last, f32: each channel with a window of its own, w [taps, channels]. As
// src/kernels/depthwise.rs. An invocation has four channels of four neighbouring positions.
override ALIGNED: bool;
override FUNCTION: u32;

@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> w: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

// Four channels of a pixel; nothing outside of the line.
fn x4(line: u32, column: u32, channel: u32) -> vec4<f32> {
    let at = (line + column) * p.channels + channel;
    var found: vec4<f32>;
    if (ALIGNED) {
        found = x[at >> 2u];
    } else {
        found = vec4<f32>(x[at >> 2u][at & 3u], x[(at + 1u) >> 2u][(at + 1u) & 3u], x[(at + 2u) >> 2u][(at + 2u) & 3u],
            x[(at + 3u) >> 2u][(at + 3u) & 3u]);
    }
    return select(vec4<f32>(), found, column < p.image.y);
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
    let blocks = (p.result.y + 3u) / 4u;
    let block = number / across % blocks * 4u;
    let row = number / across / blocks * p.result.y + block;
    if (row >= p.rows) { return; }
    let place = place_of(row);
    var s0 = vec4<f32>();
    var s1 = vec4<f32>();
    var s2 = vec4<f32>();
    var s3 = vec4<f32>();
    for (var tap = 0u; tap < p.taps; tap++) {
        let reach = reach_of(tap);
        let line = place.y + reach.x;
        if (line >= p.image.x) { continue; }
        let first = (place.x + line) * p.image.y;
        let column = place.z + reach.y;
        let weights = w4(tap * p.columns + channel);
        s0 += weights * x4(first, column, channel);
        s1 += weights * x4(first, column + p.strides.y, channel);
        s2 += weights * x4(first, column + p.strides.y * 2u, channel);
        s3 += weights * x4(first, column + p.strides.y * 3u, channel);
    }
    let sums = array<vec4<f32>, 4>(s0, s1, s2, s3);
    for (var i = 0u; i < min(4u, p.result.y - block); i++) {
        for (var j = channel; j < min(channel + 4u, p.columns); j++) {
            y[(row + i) * p.columns + j] = activate(sums[i][j - channel] + bias[j], FUNCTION, p.alpha, p.beta);
        }
    }
}
