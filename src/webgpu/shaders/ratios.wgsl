// What QLinearAdd multiplies its operands with and adds, in steps of the result: three f32.
override TYPE: u32;

struct Params { count: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> a_scale: array<f32>;
@group(0) @binding(2) var<storage, read> a_zero: array<u32>;
@group(0) @binding(3) var<storage, read> b_scale: array<f32>;
@group(0) @binding(4) var<storage, read> b_zero: array<u32>;
@group(0) @binding(5) var<storage, read> y_scale: array<f32>;
@group(0) @binding(6) var<storage, read> y_zero: array<u32>;
@group(0) @binding(7) var<storage, read_write> y: array<u32>;

fn element(i: u32) -> u32 {
    let a_ratio = quotient(a_scale[0], y_scale[0]);
    let b_ratio = quotient(b_scale[0], y_scale[0]);
    let shift = a_ratio * number(a_zero[0], 0u, TYPE) + b_ratio * number(b_zero[0], 0u, TYPE);
    let all = vec3<f32>(a_ratio, b_ratio, number(y_zero[0], 0u, TYPE) - shift);
    return bitcast<u32>(all[i]);
}
