// Depthwise convolution of bytes with channels last: w i8 [⌈taps / 2⌉, channels, 2]. As src/engine/kernels/depthwise.rs.
// An invocation has four channels of a position: a word. Where channels are no whole words, i32 sums are written.
override TYPE: u32;
override TO: u32;

@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read> zero_point: array<u32>;
@group(0) @binding(3) var<storage, read> w: array<u32>;
@group(0) @binding(4) var<storage, read> scales: array<f32>;
@group(0) @binding(5) var<storage, read> bias: array<i32>;
@group(0) @binding(6) var<storage, read> y_zero: array<u32>;
@group(0) @binding(7) var<storage, read_write> y: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let number = at.x + at.y * groups.x * 64u;
    let across = (p.columns + 3u) / 4u;
    let channel = number % across * 4u;
    let row = number / across;
    if (row >= p.rows) { return; }
    let zero = integer(zero_point[0], 0u, TYPE);
    var sums = vec4<i32>();
    for (var tap = 0u; tap < p.taps; tap++) {
        let start = start_of(row, tap, true);
        if (start == OUTSIDE) { continue; }
        for (var j = 0u; j < 4u; j++) {
            let i = start + channel + j;
            let k = (tap / 2u * p.columns + channel + j) * 2u + tap % 2u;
            sums[j] += (integer(x[i >> 2u], i, TYPE) - zero) * integer(w[k >> 2u], k, I8);
        }
    }
    var packed = 0u;
    for (var j = 0u; j < 4u; j++) {
        let column = channel + j;
        if (column >= p.columns) { break; }
        if (TO == I32) {
            y[row * p.columns + column] = bitcast<u32>(sums[j]);
        } else {
            let value = exactly(sums[j] + bias[column]) * scales[column];
            packed = insertBits(packed, quantized(value, integer(y_zero[0], 0u, TO), TO), j * 8u, 8u);
        }
    }
    if (TO != I32) { y[(row * p.columns + channel) >> 2u] = packed; }
}
