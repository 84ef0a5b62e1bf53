// DequantizeLinear: (x − zero) · scale, of bytes or i32. Parameters as in quantize.wgsl.
override TYPE: u32;
override ZERO_TYPE: u32;

struct Params { count: u32, parameters: u32, inner: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read> scales: array<f32>;
@group(0) @binding(3) var<storage, read> zeros: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<u32>;

fn element(i: u32) -> u32 {
    let n = i / p.inner % p.parameters;
    let zero = integer(zeros[word_of(n, ZERO_TYPE)], n, ZERO_TYPE);
    return bitcast<u32>(f32(integer(x[word_of(i, TYPE)], i, TYPE) - zero) * scales[n]);
}
