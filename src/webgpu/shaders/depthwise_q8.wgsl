// Depthwise convolution of bytes with channels last: w i8 [⌈taps / 2⌉, channels, 2]. As src/kernels/depthwise.rs.
// An invocation has four channels, a word, of four neighbouring positions. Where channels are no whole words, it has four of
// one position, and i32 sums are written.
override WHOLE: bool;
override TYPE: u32;
override TO: u32;

@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read> zero_point: array<u32>;
@group(0) @binding(3) var<storage, read> w: array<u32>;
@group(0) @binding(4) var<storage, read> scales: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> bias: array<vec4<i32>>;
@group(0) @binding(6) var<storage, read> y_zero: array<u32>;
@group(0) @binding(7) var<storage, read_write> y: array<u32>;

var<private> zero: i32;

// Four channels of a pixel less the zero point; nothing outside of the line.
fn x4(line: u32, column: u32, channel: u32) -> vec4<i32> {
    let found = bytes_of(x[((line + column) * p.channels + channel) >> 2u], TYPE) - zero;
    return select(vec4<i32>(), found, column < p.image.y);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let number = at.x + at.y * groups.x * 64u;
    let across = (p.columns + 3u) / 4u;
    let channel = number % across * 4u;
    let width = select(1u, 4u, WHOLE);
    let blocks = (p.result.y + width - 1u) / width;
    let block = number / across % blocks * width;
    let row = number / across / blocks * p.result.y + block;
    if (row >= p.rows) { return; }
    zero = integer(zero_point[0], 0u, TYPE);
    let place = place_of(row);
    var s0 = vec4<i32>();
    var s1 = vec4<i32>();
    var s2 = vec4<i32>();
    var s3 = vec4<i32>();
    for (var tap = 0u; tap < p.taps; tap++) {
        let reach = reach_of(tap);
        let line = place.y + reach.x;
        if (line >= p.image.x) { continue; }
        let first = (place.x + line) * p.image.y;
        let column = place.z + reach.y;
        if (WHOLE) {
            // Of two taps each.
            let i = (tap / 2u * p.columns + channel) / 2u;
            let pairs = bitcast<vec2<i32>>(vec2<u32>(w[i], w[i + 1u]) >> vec2<u32>((tap & 1u) * 8u));
            let weights = (pairs.xxyy << vec4<u32>(24u, 8u, 24u, 8u)) >> vec4<u32>(24u);
            s0 += weights * x4(first, column, channel);
            s1 += weights * x4(first, column + p.strides.y, channel);
            s2 += weights * x4(first, column + p.strides.y * 2u, channel);
            s3 += weights * x4(first, column + p.strides.y * 3u, channel);
            continue;
        }
        if (column >= p.image.y) { continue; }
        for (var j = 0u; j < 4u; j++) {
            let i = (first + column) * p.channels + channel + j;
            let k = (tap / 2u * p.columns + channel + j) * 2u + tap % 2u;
            s0[j] += (integer(x[i >> 2u], i, TYPE) - zero) * integer(w[k >> 2u], k, I8);
        }
    }
    if (!WHOLE) {
        for (var j = 0u; j < min(4u, p.columns - channel); j++) { y[row * p.columns + channel + j] = bitcast<u32>(s0[j]); }
        return;
    }
    let sums = array<vec4<i32>, 4>(s0, s1, s2, s3);
    for (var i = 0u; i < min(4u, p.result.y - block); i++) {
        let value = exactly(sums[i] + bias[channel / 4u]) * scales[channel / 4u];
        y[((row + i) * p.columns + channel) / 4u] = word_of_bytes(value, integer(y_zero[0], 0u, TO), TO);
    }
}
