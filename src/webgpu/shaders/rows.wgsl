// Rows of p.own.x elements, which lie where `walk` says: element n of row r is number r · p.own.x + n. A row is computed
// by LANES invocations, one or a whole workgroup, each of which calls the shader's `compute`.
override LANES: u32;
// The elements of a row lie at equal distances.
override STRAIGHT: bool = false;

var<workgroup> parts: array<vec2<u32>, 64>;
var<private> slot: u32;
var<private> lane: u32;
var<private> row: u32;
// Elements of this row; none where there is no such row.
var<private> length: u32;

// Where this row begins, and how far apart its elements are where it is straight.
var<private> begin: u32;
var<private> distance_along: u32;

// Where element n of this row lies.
fn at(n: u32) -> u32 {
    if (STRAIGHT) { return begin + n * distance_along; }
    return u32(walk(row * p.own.x + n).x);
}

// Shows all lanes of a row what each has found: `part` gives it. Where neighbours have combined theirs, one of NEAR shows
// what all of them have found.
fn meet(found: vec2<u32>) {
    if (LANES > 1u) { workgroupBarrier(); }
    parts[slot] = found;
    if (LANES > 1u) { workgroupBarrier(); }
}

fn part(number: u32) -> vec2<u32> {
    return parts[slot - lane + number];
}

// Whether this invocation writes a result that a row has one of.
fn is_first() -> bool {
    return lane == 0u && row < p.count;
}

// The sum of what all lanes give.
fn sum_of(found: f32) -> f32 {
    var own = found;
    for (var reach = 1u; reach < NEAR; reach <<= 1u) { own += bitcast<f32>(near(vec2<u32>(bitcast<u32>(own)), reach).x); }
    meet(vec2<u32>(bitcast<u32>(own)));
    var sum = 0.0;
    for (var n = 0u; n < LANES; n += NEAR) { sum += bitcast<f32>(part(n).x); }
    return sum;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32) {
    slot = local;
    lane = local % LANES;
    row = (group.x + group.y * groups.x) * (64u / LANES) + local / LANES;
    length = select(0u, p.own.x, row < p.count);
    if (STRAIGHT) {
        begin = u32(walk(row * p.own.x).x);
        distance_along = u32(p.strides[0].x);
    }
    compute();
}
