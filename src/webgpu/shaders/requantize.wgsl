// Sums of a product that became bytes: round((sum + bias) · multiplier) + zero, half to even. The multiplier is given,
// or x_scale · scale / y_scale; there is one, or one each of `parameters` with `inner` elements behind. As
// src/kernels/quantize.rs.
override TO: u32;
override BIAS: bool;
override GIVEN: bool;

struct Params { count: u32, parameters: u32, columns: u32, inner: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> sums: array<i32>;
@group(0) @binding(2) var<storage, read> scales: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<i32>;
@group(0) @binding(4) var<storage, read> zero_point: array<u32>;
@group(0) @binding(5) var<storage, read> x_scale: array<f32>;
@group(0) @binding(6) var<storage, read> y_scale: array<f32>;
@group(0) @binding(7) var<storage, read_write> y: array<u32>;

fn element(i: u32) -> u32 {
    let column = i / p.inner % p.columns;
    var multiplier = scales[min(column, p.parameters - 1u)];
    if (!GIVEN) { multiplier = quotient(x_scale[0] * multiplier, y_scale[0]); }
    var sum = sums[i];
    if (BIAS) { sum += bias[column]; }
    return quantized(exactly(vec4<i32>(sum)).x * multiplier, integer(zero_point[0], 0u, TO), TO);
}
