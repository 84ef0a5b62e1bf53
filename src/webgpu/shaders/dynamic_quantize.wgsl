// DynamicQuantizeLinear: bytes, scale and zero point such that the range of x and 0 is covered. As
// src/kernels/quantize.rs. `ranges` are x itself, or what range.wgsl found.
struct Params { count: u32, ranges: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> ranges: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<storage, read_write> scale_out: array<f32>;
@group(0) @binding(5) var<storage, read_write> zero_out: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32) {
    let range = range_of(p.ranges, local, 64u, local);
    let scale = select(1.0, quotient(range.y - range.x, 255.0), range.y > range.x);
    let zero = i32(round(clamp(quotient(-range.x, scale), 0.0, 255.0)));
    if (group.x == 0u && local == 0u) {
        scale_out[0] = scale;
        zero_out[0] = bitcast<u32>(zero);
    }
    for (var word = group.x * 64u + local; word < (p.count + 3u) / 4u; word += groups.x * 64u) {
        let first = word * 4u;
        let four = vec4<f32>(x[first], x[first + 1u], x[first + 2u], x[first + 3u]);
        var steps = four / scale;
        // Only next to a tie do the last bits matter.
        if (any(abs(fract(steps) - 0.5) < vec4<f32>(0.001))) {
            for (var j = 0u; j < 4u; j++) { steps[j] = quotient(four[j], scale); }
        }
        y[word] = word_of_bytes(steps, zero, U8);
    }
}
