// Least and largest of all values and 0, of the parts that workgroups see: what DynamicQuantizeLinear begins with where
// there are many values.
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> ranges: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<vec2<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32) {
    let range = range_of(p.count, group.x * 64u + local, groups.x * 64u, local);
    if (local == 0u) { y[group.x] = range; }
}
