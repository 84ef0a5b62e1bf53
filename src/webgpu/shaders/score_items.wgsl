// Inner products of a query with items of q8, times the items' scales: what src/recommend/retrieve reckons. An item that
// is not wanted, of which `wanted` has a bit each, gets the lowest score. Rows are filled up to vectors of 16 bytes.
struct Params { count: u32, vectors: u32, first: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> items: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> scales: array<f32>;
@group(0) @binding(3) var<storage, read> query: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> wanted: array<u32>;
@group(0) @binding(5) var<storage, read_write> scores: array<f32>;

fn floats(word: u32) -> vec4<f32> {
    let x = bitcast<i32>(word);
    return vec4<f32>(vec4<i32>(extractBits(x, 0u, 8u), extractBits(x, 8u, 8u), extractBits(x, 16u, 8u), extractBits(x, 24u, 8u)));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let row = at.x + at.y * groups.x * 64u;
    if (row >= p.count) { return; }
    let item = p.first + row;
    if (extractBits(wanted[item >> 5u], item & 31u, 1u) == 0u) {
        scores[item] = LOWEST;
        return;
    }
    var sum = 0.0;
    for (var n = 0u; n < p.vectors; n++) {
        let bytes = items[row * p.vectors + n];
        let q = n * 4u;
        sum += dot(query[q], floats(bytes.x)) + dot(query[q + 1u], floats(bytes.y))
            + dot(query[q + 2u], floats(bytes.z)) + dot(query[q + 3u], floats(bytes.w));
    }
    // Above the score of what is not wanted, whatever it is.
    let score = sum * scales[item];
    scores[item] = select(-3.4e38, score, score > -3.4e38);
}
