// QuantizeLinear: saturate(round(x / scale) + zero), half to even; NaN becomes zero's value. One scale and zero point, or
// one for each of `parameters` along an axis with `inner` elements behind it. As src/kernels/quantize.rs.
override TO: u32;

struct Params { count: u32, parameters: u32, inner: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> scales: array<f32>;
@group(0) @binding(3) var<storage, read> zeros: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<u32>;

fn element(i: u32) -> u32 {
    let n = i / p.inner % p.parameters;
    return quantized(quotient(x[i], scales[n]), integer(zeros[n >> 2u], n, TO), TO);
}
