// Products of rows of bytes with panels, in i32: DynamicLinear (and the narrow one), QLinear, QLinearConvNhwc. As
// src/kernels/linear_q8.rs, linear_narrow.rs and conv_nhwc.rs. Tiles as in product.wgsl.
override SPLIT: u32;
override TALL: bool;
// Eight rows in a tile instead of four: of no patches, not narrow and not split.
override HIGH: bool = false;
override PATCHES: bool;
// Whether the runs of x are whole words. Patches of others are gathered byte by byte: p.run is a whole patch, then.
override ALIGNED: bool;
override TYPE: u32;
// Of y: f32 sum · scale · extra + bias, activated; i32 sums; bytes round((sum + bias) · scale) + extra.
override TO: u32;
override NARROW: bool;
override FUNCTION: u32;

@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read> zero_point: array<u32>;
@group(0) @binding(3) var<storage, read> w: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read> scales: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> bias: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read> extra: array<u32>;
@group(0) @binding(7) var<storage, read> lows: array<vec4<i32>>;
@group(0) @binding(8) var<storage, read_write> y: array<u32>;

var<workgroup> parts: array<vec4<i32>, 512>;
var<private> zero: i32;

// Bytes d.. of a row that begins at `start`. Behind the row, and in padding, is the zero point.
fn word_at(start: u32, d: u32) -> u32 {
    let zeros = bitcast<u32>(zero & 255) * 0x01010101u;
    if (PATCHES && start == OUTSIDE) { return zeros; }
    let at = start + d;
    var word = x[at >> 2u];
    let shift = (at & 3u) * 8u;
    if (!ALIGNED && shift > 0u) { word = (word >> shift) | (x[(at >> 2u) + 1u] << (32u - shift)); }
    if (NARROW && d + 4u > p.run) {
        let behind = 0xffffffffu << ((p.run - d) * 8u);
        word = (word & ~behind) | (zeros & behind);
    }
    return word;
}

fn byte_at(start: u32, channel: u32) -> u32 {
    let i = start + channel;
    return select(x[i >> 2u] >> ((i & 3u) * 8u), bitcast<u32>(zero), start == OUTSIDE) & 255u;
}

// What becomes of the sums of four columns; bytes are a word.
fn finished(sum: vec4<i32>, columns: u32) -> vec4<u32> {
    if (TO == I32) { return bitcast<vec4<u32>>(sum); }
    if (TO == F32) {
        let scale = bitcast<f32>(extra[0]) * scales[columns];
        var value = vec4<f32>(sum) * scale + bitcast<vec4<f32>>(bias[columns]);
        for (var j = 0u; j < 4u; j++) { value[j] = activate(value[j], FUNCTION, p.alpha, p.beta); }
        return bitcast<vec4<u32>>(value);
    }
    let value = exactly(sum + bitcast<vec4<i32>>(bias[columns])) * scales[columns];
    return vec4<u32>(word_of_bytes(value, integer(extra[0], 0u, TO), TO));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32) {
    let slice = local % SPLIT;
    let tile = ((group.x + group.y * groups.x) * 64u + local) / SPLIT;
    let across = (p.columns + 7u) / 8u;
    let height = select(select(1u, 4u, TALL), 8u, HIGH);
    let column = tile % across * 8u;
    let row = tile / across * height;
    zero = integer(zero_point[0], 0u, TYPE);
    // Panels have four neighbours of the depth in a word.
    let whole = (p.run + 3u) / 4u;
    let low_start = column / 4u * whole * p.taps;
    let high_start = low_start + whole * p.taps;
    // What the zero point adds to a sum for each one of the column's.
    let shift = select(128, 0, TYPE == I8) - zero;
    let last = p.rows - 1u;
    let rows = min(vec4<u32>(row, row + 1u, row + 2u, row + 3u), vec4<u32>(last));
    var starts = rows * p.run;
    let next = min(rows + 4u, vec4<u32>(last)) * p.run;
    let place0 = place_of(rows.x);
    let place1 = place_of(rows.y);
    let place2 = place_of(rows.z);
    let place3 = place_of(rows.w);
    var before: array<vec4<i32>, 16>;
    var totals = vec4<i32>();
    var s0 = Sums();
    var s1 = Sums();
    var s2 = Sums();
    var s3 = Sums();
    var t0 = Sums();
    var t1 = Sums();
    var t2 = Sums();
    var t3 = Sums();
    var s4 = Sums();
    var s5 = Sums();
    var s6 = Sums();
    var s7 = Sums();
    var t4 = Sums();
    var t5 = Sums();
    var t6 = Sums();
    var t7 = Sums();
    var u = Sums();
    var v = Sums();
    var held = 0u;
    for (var tap = 0u; tap < p.taps; tap++) {
        if (PATCHES) {
            let reach = reach_of(tap);
            starts = vec4<u32>(start_of(place0, reach), start_of(place1, reach), start_of(place2, reach), start_of(place3, reach));
        }
        for (var block = 0u; block < whole; block += 128u) {
            let end = min(block + 128u, whole);
            held += end - block;
            // Floats hold the sums of so many groups of the largest bytes exactly.
            if (CENTRED && held > 128u) {
                let some = array<Sums, 16>(s0, t0, s1, t1, s2, t2, s3, t3, s4, t4, s5, t5, s6, t6, s7, t7);
                for (var i = 0u; i < height * 2u; i++) { before[i] += integers(some[i]); }
                s0 = Sums();
                s1 = Sums();
                s2 = Sums();
                s3 = Sums();
                t0 = Sums();
                t1 = Sums();
                t2 = Sums();
                t3 = Sums();
                s4 = Sums();
                s5 = Sums();
                s6 = Sums();
                s7 = Sums();
                t4 = Sums();
                t5 = Sums();
                t6 = Sums();
                t7 = Sums();
                held = end - block;
            }
            for (var i = block + slice; i < end; i += SPLIT) {
                let d = i * 4u;
                let low = columns_of(w[low_start + tap * whole + i]);
                let high = columns_of(w[high_start + tap * whole + i]);
                if (!CENTRED) {
                    u += products(Row(ONES), low);
                    v += products(Row(ONES), high);
                }
                var words = vec4<u32>(word_at(starts.x, d));
                if (PATCHES && !ALIGNED) {
                    words = vec4<u32>();
                    for (var lane = 0u; lane < 4u; lane++) {
                        let reach = reach_of((d + lane) / p.channels);
                        let channel = (d + lane) % p.channels;
                        let bytes = vec4<u32>(byte_at(start_of(place0, reach), channel), byte_at(start_of(place1, reach), channel),
                            byte_at(start_of(place2, reach), channel), byte_at(start_of(place3, reach), channel));
                        words |= bytes << vec4<u32>(lane * 8u);
                    }
                } else if (TALL) {
                    words = vec4<u32>(words.x, word_at(starts.y, d), word_at(starts.z, d), word_at(starts.w, d));
                }
                let a0 = row_of(words.x, zero, TYPE);
                s0 += products(a0, low);
                t0 += products(a0, high);
                if (NARROW) { totals.x += total(a0); }
                if (TALL) {
                    let a1 = row_of(words.y, zero, TYPE);
                    let a2 = row_of(words.z, zero, TYPE);
                    let a3 = row_of(words.w, zero, TYPE);
                    s1 += products(a1, low);
                    t1 += products(a1, high);
                    s2 += products(a2, low);
                    t2 += products(a2, high);
                    s3 += products(a3, low);
                    t3 += products(a3, high);
                    if (NARROW) { totals += vec4<i32>(0, total(a1), total(a2), total(a3)); }
                }
                if (HIGH) {
                    let a4 = row_of(word_at(next.x, d), zero, TYPE);
                    let a5 = row_of(word_at(next.y, d), zero, TYPE);
                    let a6 = row_of(word_at(next.z, d), zero, TYPE);
                    let a7 = row_of(word_at(next.w, d), zero, TYPE);
                    s4 += products(a4, low);
                    t4 += products(a4, high);
                    s5 += products(a5, low);
                    t5 += products(a5, high);
                    s6 += products(a6, low);
                    t6 += products(a6, high);
                    s7 += products(a7, low);
                    t7 += products(a7, high);
                }
                if (NARROW && !CENTRED) { totals += vec4<i32>(4 * shift); }
            }
        }
    }
    let low_shift = integers(u) * shift;
    let high_shift = integers(v) * shift;
    let some = array<Sums, 16>(s0, t0, s1, t1, s2, t2, s3, t3, s4, t4, s5, t5, s6, t6, s7, t7);
    var sums: array<vec4<i32>, 16>;
    for (var i = 0u; i < height * 2u; i++) { sums[i] = integers(some[i]) + select(low_shift, high_shift, i % 2u == 1u); }
    if (NARROW || p.taps * whole > 128u) {
        for (var i = 0u; i < height * 2u; i++) {
            sums[i] += before[i];
            if (NARROW) { sums[i] += lows[column / 4u + i % 2u] * totals[i / 2u]; }
        }
    }
    if (SPLIT > 1u) {
        for (var i = 0u; i < height * 2u; i++) { parts[i * 64u + local] = sums[i]; }
        workgroupBarrier();
    }
    for (var i = slice; i < height * 2u; i += SPLIT) {
        var sum = sums[i];
        if (SPLIT > 1u) {
            sum = vec4<i32>();
            for (var k = 0u; k < SPLIT; k++) { sum += parts[i * 64u + local - slice + k]; }
        }
        let to = row + i / 2u;
        if (to >= p.rows) { break; }
        let first = column + i % 2u * 4u;
        let elements = finished(sum, first / 4u);
        if (TO < I8) {
            for (var j = 0u; j < min(4u, p.columns - min(first, p.columns)); j++) { y[to * p.columns + first + j] = elements[j]; }
        } else if (first < p.columns) {
            // Columns are whole words, then.
            y[(to * p.columns + first) / 4u] = elements.x;
        }
    }
}
