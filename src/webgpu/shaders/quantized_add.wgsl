// QLinearAdd: a · a_ratio + (b · b_ratio + offset), each multiply-add rounded once. As
// src/kernels/quantized_add.rs; `ratios` come from ratios.wgsl.
override TYPE: u32;

struct Params { count: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a: array<u32>;
@group(0) @binding(2) var<storage, read> b: array<u32>;
@group(0) @binding(3) var<storage, read> ratios: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<u32>;

// x + z, and what rounding took off.
fn two_sum(x: f32, z: f32) -> vec2<f32> {
    let sum = x + z;
    let part = sum - x;
    return vec2<f32>(sum, (x - (sum - part)) + (z - part));
}

// byte · ratio + sum, rounded once.
fn once(byte: f32, ratio: f32, sum: f32) -> f32 {
    // What is not finite has no parts.
    let plain = byte * ratio + sum;
    if ((bitcast<u32>(plain) & INFINITY) == INFINITY) { return plain; }
    let high = upper(ratio);
    let whole = two_sum(byte * high, sum);
    let rest = two_sum(whole.y, byte * (ratio - high));
    // Of a rest that is no f32 the neighbour whose last bit is 1 is as good: it is no tie, and on the same side of one.
    var bits = bitcast<u32>(rest.x);
    if (rest.y != 0.0 && (bits & 1u) == 0u) { bits = select(bits - 1u, bits + 1u, (rest.y > 0.0) == (rest.x > 0.0)); }
    return whole.x + bitcast<f32>(bits);
}

fn element(i: u32) -> u32 {
    let z = number(b[i >> 2u], i, TYPE);
    let x = number(a[i >> 2u], i, TYPE);
    return quantized(once(x, ratios[0], once(z, ratios[1], ratios[2])), 0, TYPE);
}
