// Attention over heads: softmax(q · kᵀ · scale + mask) · v. As src/kernels/attention.rs.
//
// A workgroup has eight queries of a head and up to 64 columns of its values. It meets 32 keys at a time: scores are
// shared, and what was summed before is brought to the largest score so far.
override ALIGNED: bool;
override V_ALIGNED: bool;
override MASK: bool;
override REPLACES: bool;
override ZERO_HIDDEN: bool;
override ZERO_NO_NUMBER: bool;

struct Params {
    queries: u32,
    keys: u32,
    // Of queries and keys, of values.
    depth: u32,
    width: u32,
    heads: u32,
    samples: u32,
    scale: f32,
    zero: u32,
    // Distances: from row to row, from head to head, from sample to sample.
    q: vec4<u32>,
    k: vec4<u32>,
    v: vec4<u32>,
    // From key to key, from query to query, and on.
    mask: vec4<u32>,
}
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> k: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> v: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> mask: array<f32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

const QUERIES = 8u;
const KEYS = 32u;
const HIDDEN = 0xff800000u;

// Bits of the scores of eight queries.
var<workgroup> scores: array<u32, 256>;

fn v4(at: u32) -> vec4<f32> {
    if (V_ALIGNED) { return v[at >> 2u]; }
    return vec4<f32>(v[at >> 2u][at & 3u], v[(at + 1u) >> 2u][(at + 1u) & 3u], v[(at + 2u) >> 2u][(at + 2u) & 3u],
        v[(at + 3u) >> 2u][(at + 3u) & 3u]);
}

fn score(sum: f32, query: u32, key: u32, mask_start: u32) -> u32 {
    if (key >= p.keys) { return HIDDEN; }
    var score = sum * p.scale;
    if (MASK) {
        let own = mask[mask_start + query * p.mask.y + key * p.mask.x];
        // Masking::HIDDEN.
        if (REPLACES && own <= -1e30) { return bitcast<u32>(own); }
        score += own;
    }
    return bitcast<u32>(score);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32) {
    var rest = group.x + group.y * groups.x;
    let across = (p.width + 63u) / 64u;
    let column = rest % across * 64u + local % 8u * 8u;
    rest /= across;
    let down = (p.queries + QUERIES - 1u) / QUERIES;
    let first = rest % down * QUERIES;
    rest /= down;
    let head = rest % p.heads;
    let sample = rest / p.heads;
    if (sample >= p.samples) { return; }
    // Two queries and two keys whose scores this invocation finds, and the query whose values it sums.
    let pair = local / 16u * 2u;
    let other = local % 16u * 2u;
    let own = local / 8u;
    let q_start = sample * p.q.z + head * p.q.y;
    let k_start = sample * p.k.z + head * p.k.y;
    let v_start = sample * p.v.z + head * p.v.y + column;
    let mask_start = sample * p.mask.w + head * p.mask.z;
    let q0 = q_start + min(first + pair, p.queries - 1u) * p.q.x;
    let q1 = q_start + min(first + pair + 1u, p.queries - 1u) * p.q.x;
    var most = -3.4028234e38;
    var total = 0.0;
    var low = vec4<f32>();
    var high = vec4<f32>();
    for (var block = 0u; block < p.keys; block += KEYS) {
        let key = block + other;
        let k0 = k_start + min(key, p.keys - 1u) * p.k.x;
        let k1 = k_start + min(key + 1u, p.keys - 1u) * p.k.x;
        var sums = vec4<f32>();
        if (ALIGNED) {
            for (var d = 0u; d < p.depth; d += 4u) {
                let a0 = q[(q0 + d) >> 2u];
                let a1 = q[(q1 + d) >> 2u];
                let b0 = k[(k0 + d) >> 2u];
                let b1 = k[(k1 + d) >> 2u];
                sums += vec4<f32>(dot(a0, b0), dot(a0, b1), dot(a1, b0), dot(a1, b1));
            }
        } else {
            for (var d = 0u; d < p.depth; d++) {
                let at = vec4<u32>(q0, q1, k0, k1) + d;
                let a = vec2<f32>(q[at.x >> 2u][at.x & 3u], q[at.y >> 2u][at.y & 3u]);
                sums += a.xxyy * vec2<f32>(k[at.z >> 2u][at.z & 3u], k[at.w >> 2u][at.w & 3u]).xyxy;
            }
        }
        let query = min(first + pair, p.queries - 1u);
        let next = min(first + pair + 1u, p.queries - 1u);
        scores[pair * KEYS + other] = score(sums.x, query, key, mask_start);
        scores[pair * KEYS + other + 1u] = score(sums.y, query, key + 1u, mask_start);
        scores[(pair + 1u) * KEYS + other] = score(sums.z, next, key, mask_start);
        scores[(pair + 1u) * KEYS + other + 1u] = score(sums.w, next, key + 1u, mask_start);
        workgroupBarrier();
        let before = most;
        for (var i = 0u; i < KEYS; i++) {
            let found = bitcast<f32>(scores[own * KEYS + i]);
            most = select(most, found, found > most);
        }
        let fade = exp(before - most);
        total *= fade;
        low *= fade;
        high *= fade;
        for (var i = 0u; i < min(KEYS, p.keys - block); i++) {
            let bits = scores[own * KEYS + i];
            if (bits == HIDDEN) { continue; }
            let share = exp(bitcast<f32>(bits) - most);
            let at = v_start + (block + i) * p.v.x;
            total += share;
            low += share * v4(at);
            high += share * v4(at + 4u);
        }
        workgroupBarrier();
    }
    let query = first + own;
    if (query >= p.queries) { return; }
    let sums = array<f32, 8>(low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w);
    for (var j = 0u; j < min(8u, p.width - min(column, p.width)); j++) {
        var value = sums[j] / total;
        // With all keys hidden there is nothing to share out: zeros, or a NaN that no compiler foresees.
        if (total == 0.0) { value = bitcast<f32>(select(0x7fc00000u, 0u, ZERO_HIDDEN) | p.zero); }
        if (ZERO_NO_NUMBER && (bitcast<u32>(total) & 0x7fffffffu) > 0x7f800000u) { value = 0.0; }
        y[((sample * p.queries + query) * p.heads + head) * p.width + column + j] = value;
    }
}
