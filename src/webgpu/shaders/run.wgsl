// Calls run(i) for each i below p.count.
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = at.x + at.y * groups.x * 64u;
    if (i < p.count) { run(i); }
}
