// Convolution with channels second, also transposed, of floats or bytes, and products of matrices of bytes, whose rows are
// maps, whose depth is channels, and whose columns are positions. As src/kernels/conv.rs, conv_transpose.rs and
// matmul.rs. A matrix of the batch is a group of an image's channels. An invocation has four positions of four maps.
override TRANSPOSED: bool;
override TYPE: u32;
override W_TYPE: u32;
override BIAS: bool;
// Whether there is a zero point each position, each map.
override ZEROS: bool;
override W_ZEROS: bool;

@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read> w: array<u32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read> zeros: array<u32>;
@group(0) @binding(5) var<storage, read> w_zeros: array<u32>;
@group(0) @binding(6) var<storage, read_write> y: array<u32>;

fn zero_of(i: u32) -> f32 {
    if (TYPE == F32) { return 0.0; }
    return number(zeros[i >> 2u], i, TYPE);
}

fn w_zero_of(i: u32) -> f32 {
    if (W_TYPE == F32) { return 0.0; }
    return number(w_zeros[i >> 2u], i, W_TYPE);
}

// Where a position sees a channel through a tap, or OUTSIDE.
fn seen(position: u32, tap: u32) -> u32 {
    let to = vec2<u32>(position / p.result.y, position % p.result.y);
    let reach = vec2<u32>(tap / p.kernel_width, tap % p.kernel_width) * p.dilations;
    var at = to * p.strides + reach - p.pads;
    if (TRANSPOSED) {
        let spread = to + p.pads - reach;
        at = spread / p.strides;
        if (any(to + p.pads < reach) || any(spread % p.strides > vec2<u32>())) { return OUTSIDE; }
    }
    // Before the image is far behind it, too.
    if (any(at >= p.image)) { return OUTSIDE; }
    return at.x * p.image.y + at.y;
}

fn x1(start: u32, at: u32, zero: f32) -> f32 {
    if (at == OUTSIDE) { return 0.0; }
    let i = start + at;
    return number(x[word_of(i, TYPE)], i, TYPE) - zero;
}

fn w1(i: u32, zero: f32) -> f32 {
    return number(w[word_of(i, W_TYPE)], i, W_TYPE) - zero;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let tile = id.x + id.y * groups.x * 64u;
    let across = (p.columns + 3u) / 4u;
    let down = (p.rows + 3u) / 4u;
    let column = tile % across * 4u;
    let row = tile / across % down * 4u;
    let product = tile / across / down;
    if (product >= p.batches) { return; }
    let matrix = matrix_of(product);
    let first = matrix.y * p.rows + row;
    var zero = vec4<f32>(zero_of(0u));
    if (ZEROS) { zero = vec4<f32>(zero_of(column), zero_of(column + 1u), zero_of(column + 2u), zero_of(column + 3u)); }
    var w_zero = vec4<f32>(w_zero_of(0u));
    if (W_ZEROS) { w_zero = vec4<f32>(w_zero_of(first), w_zero_of(first + 1u), w_zero_of(first + 2u), w_zero_of(first + 3u)); }
    let pixels = p.image.x * p.image.y;
    let map_step = select(p.run, 1u, TRANSPOSED) * p.taps;
    let channel_step = select(1u, p.rows, TRANSPOSED) * p.taps;
    let w_start = matrix.y * p.rows * p.run * p.taps + row * map_step;
    var sums: array<vec4<i32>, 4>;
    var s0 = vec4<f32>();
    var s1 = vec4<f32>();
    var s2 = vec4<f32>();
    var s3 = vec4<f32>();
    var terms = 0u;
    for (var tap = 0u; tap < p.taps; tap++) {
        let at = vec4<u32>(seen(column, tap), seen(column + 1u, tap), seen(column + 2u, tap), seen(column + 3u, tap));
        for (var channel = 0u; channel < p.run; channel++) {
            let start = (matrix.x * p.run + channel) * pixels;
            let a = vec4<f32>(x1(start, at.x, zero.x), x1(start, at.y, zero.y), x1(start, at.z, zero.z), x1(start, at.w, zero.w));
            let i = w_start + channel * channel_step + tap;
            s0 += a * w1(i, w_zero.x);
            s1 += a * w1(i + map_step, w_zero.y);
            s2 += a * w1(i + 2u * map_step, w_zero.z);
            s3 += a * w1(i + 3u * map_step, w_zero.w);
            terms++;
            // Floats hold the sums of so many products of bytes exactly.
            if (TYPE != F32 && terms == 256u) {
                sums[0] += vec4<i32>(s0);
                sums[1] += vec4<i32>(s1);
                sums[2] += vec4<i32>(s2);
                sums[3] += vec4<i32>(s3);
                s0 = vec4<f32>();
                s1 = vec4<f32>();
                s2 = vec4<f32>();
                s3 = vec4<f32>();
                terms = 0u;
            }
        }
    }
    let some = array<vec4<f32>, 4>(s0, s1, s2, s3);
    for (var i = 0u; i < min(4u, p.rows - row); i++) {
        for (var j = 0u; j < min(4u, p.columns - column); j++) {
            var value = bitcast<u32>(sums[i][j] + i32(some[i][j]));
            if (TYPE == F32) { value = bitcast<u32>(some[i][j] + select(0.0, bias[first + i], BIAS)); }
            y[(product * p.rows + row + i) * p.columns + column + j] = value;
        }
    }
}
