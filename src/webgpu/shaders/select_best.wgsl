// The p.k best of each tile of 1024 scores, best first, of equal ones the first first. The first pass numbers items by
// their place, later ones carry the numbers of the pass before. An invocation holds the best of its own sixteen.
struct Params { count: u32, k: u32, is_first: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> scores: array<f32>;
@group(0) @binding(2) var<storage, read> items: array<u32>;
@group(0) @binding(3) var<storage, read_write> best_scores: array<f32>;
@group(0) @binding(4) var<storage, read_write> best_items: array<u32>;

const TILE = 1024u;
const NONE = 0xffffffffu;
var<workgroup> tile: array<f32, TILE>;
// Of each invocation, and then of each eight of them.
var<workgroup> lead: array<f32, 64>;
var<workgroup> place: array<u32, 64>;
var<workgroup> leads: array<f32, 8>;
var<workgroup> places: array<u32, 8>;

fn is_before(score: f32, at: u32, other: f32, other_at: u32) -> bool {
    return score > other || (score == other && at < other_at);
}

// Makes the best of an invocation's own scores its lead.
fn look(lane: u32) {
    var score = LOWEST;
    var found = NONE;
    for (var n = lane; n < TILE; n += 64u) {
        if (tile[n] > score) {
            score = tile[n];
            found = n;
        }
    }
    lead[lane] = score;
    place[lane] = found;
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3<u32>,
        @builtin(num_workgroups) groups: vec3<u32>) {
    let number = group.x + group.y * groups.x;
    let first = number * TILE;
    for (var n = lane; n < TILE; n += 64u) {
        tile[n] = LOWEST;
        if (first + n < p.count) { tile[n] = scores[first + n]; }
    }
    look(lane);
    for (var round = 0u; round < p.k; round++) {
        let own = place[lane];
        var score = lead[lane];
        var found = own;
        if (NEAR >= 8u) {
            for (var reach = 1u; reach < 8u; reach <<= 1u) {
                let other = near(vec2<u32>(bitcast<u32>(score), found), reach);
                if (is_before(bitcast<f32>(other.x), other.y, score, found)) {
                    score = bitcast<f32>(other.x);
                    found = other.y;
                }
            }
            workgroupBarrier();
            leads[lane / 8u] = score;
            places[lane / 8u] = found;
        } else {
            workgroupBarrier();
            if (lane < 8u) {
                score = LOWEST;
                found = NONE;
                for (var n = lane * 8u; n < lane * 8u + 8u; n++) {
                    if (is_before(lead[n], place[n], score, found)) {
                        score = lead[n];
                        found = place[n];
                    }
                }
                leads[lane] = score;
                places[lane] = found;
            }
        }
        workgroupBarrier();
        // The winner is found in every invocation alike.
        score = leads[0];
        found = places[0];
        for (var n = 1u; n < 8u; n++) {
            if (is_before(leads[n], places[n], score, found)) {
                score = leads[n];
                found = places[n];
            }
        }
        if (lane == 0u && first < p.count) {
            best_scores[number * p.k + round] = score;
            var item = first + found;
            if (found == NONE) { item = NONE; } else if (p.is_first == 0u) { item = items[item]; }
            best_items[number * p.k + round] = item;
        }
        if (found != NONE && found == own) {
            tile[found] = LOWEST;
            look(lane);
        }
    }
}
