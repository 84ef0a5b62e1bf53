// Calls element(i) for each of the p.count elements of y. Of bytes, an invocation writes a word of four.
override BYTES: bool;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let word = at.x + at.y * groups.x * 64u;
    if (!BYTES) {
        if (word < p.count) { y[word] = element(word); }
        return;
    }
    let first = word * 4u;
    if (first >= p.count) { return; }
    var packed = 0u;
    for (var lane = 0u; lane < 4u; lane++) {
        if (first + lane < p.count) { packed |= (element(first + lane) & 255u) << (8u * lane); }
    }
    y[word] = packed;
}
