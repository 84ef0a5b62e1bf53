// Products of rows of bytes with panels, in i32: DynamicLinear (and the narrow one), QLinear, QLinearConvNhwc. As
// src/engine/kernels/linear_q8.rs, linear_narrow.rs and conv_nhwc.rs. Tiles as in product.wgsl.
override SPLIT: u32;
override TALL: bool;
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
@group(0) @binding(4) var<storage, read> scales: array<f32>;
@group(0) @binding(5) var<storage, read> bias: array<u32>;
@group(0) @binding(6) var<storage, read> extra: array<u32>;
@group(0) @binding(7) var<storage, read> lows: array<i32>;
@group(0) @binding(8) var<storage, read_write> y: array<u32>;

var<workgroup> parts: array<vec4<i32>, 512>;
var<private> zero: i32;

// Bytes d.. of a row: under a tap they begin at `start`. Behind the row, and in padding, is the zero point.
fn x4(row: u32, start: u32, d: u32) -> Row {
    let zeros = bitcast<u32>(zero & 255) * 0x01010101u;
    var word = zeros;
    if (PATCHES && !ALIGNED) {
        for (var lane = 0u; lane < 4u; lane++) {
            let at = start_of(row, (d + lane) / p.channels, true);
            if (at != OUTSIDE) {
                let i = at + (d + lane) % p.channels;
                word = insertBits(word, x[i >> 2u] >> ((i & 3u) * 8u), lane * 8u, 8u);
            }
        }
    } else if (!PATCHES || start != OUTSIDE) {
        let at = start + d;
        word = x[at >> 2u];
        let shift = (at & 3u) * 8u;
        if (!ALIGNED && shift > 0u) { word = (word >> shift) | (x[(at >> 2u) + 1u] << (32u - shift)); }
        if (NARROW && d + 4u > p.run) {
            let behind = 0xffffffffu << ((p.run - d) * 8u);
            word = (word & ~behind) | (zeros & behind);
        }
    }
    return row_of(word, zero, TYPE == I8);
}

fn finished(sum: i32, column: u32) -> u32 {
    if (TO == I32) { return bitcast<u32>(sum); }
    if (TO == F32) {
        let scale = bitcast<f32>(extra[0]) * scales[column];
        return bitcast<u32>(activate(f32(sum) * scale + bitcast<f32>(bias[column]), FUNCTION, p.alpha, p.beta));
    }
    return quantized(exactly(sum + bitcast<i32>(bias[column])) * scales[column], integer(extra[0], 0u, TO), TO);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32) {
    let slice = local % SPLIT;
    let tile = ((group.x + group.y * groups.x) * 64u + local) / SPLIT;
    let across = (p.columns + 7u) / 8u;
    let height = select(1u, 4u, TALL);
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
    var sums: array<vec4<i32>, 8>;
    var rows = vec4<i32>();
    for (var tap = 0u; tap < p.taps; tap++) {
        let start0 = start_of(row, tap, PATCHES);
        let start1 = start_of(min(row + 1u, last), tap, PATCHES);
        let start2 = start_of(min(row + 2u, last), tap, PATCHES);
        let start3 = start_of(min(row + 3u, last), tap, PATCHES);
        for (var block = 0u; block < whole; block += 128u) {
            var s0 = Sums();
            var s1 = Sums();
            var s2 = Sums();
            var s3 = Sums();
            var t0 = Sums();
            var t1 = Sums();
            var t2 = Sums();
            var t3 = Sums();
            var u = Sums();
            var v = Sums();
            for (var i = block + slice; i < min(block + 128u, whole); i += SPLIT) {
                let d = i * 4u;
                let low = columns_of(w[low_start + tap * whole + i]);
                let high = columns_of(w[high_start + tap * whole + i]);
                if (!CENTRED) {
                    u += products(Row(ONES), low);
                    v += products(Row(ONES), high);
                }
                let a0 = x4(row, start0, d);
                s0 += products(a0, low);
                t0 += products(a0, high);
                if (NARROW) { rows.x += total(a0); }
                if (TALL) {
                    let a1 = x4(min(row + 1u, last), start1, d);
                    let a2 = x4(min(row + 2u, last), start2, d);
                    let a3 = x4(min(row + 3u, last), start3, d);
                    s1 += products(a1, low);
                    t1 += products(a1, high);
                    s2 += products(a2, low);
                    t2 += products(a2, high);
                    s3 += products(a3, low);
                    t3 += products(a3, high);
                    if (NARROW) { rows += vec4<i32>(0, total(a1), total(a2), total(a3)); }
                }
                if (NARROW && !CENTRED) { rows += vec4<i32>(4 * shift); }
            }
            var some = array<Sums, 8>(s0, t0, s1, t1, s2, t2, s3, t3);
            for (var i = 0u; i < height * 2u; i++) {
                sums[i] += vec4<i32>(some[i]) + vec4<i32>(select(u, v, i % 2u == 1u)) * shift;
            }
        }
    }
    if (NARROW) {
        for (var i = 0u; i < height * 2u; i++) {
            let at = column + i % 2u * 4u;
            sums[i] += vec4<i32>(lows[at], lows[at + 1u], lows[at + 2u], lows[at + 3u]) * rows[i / 2u];
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
        var packed = 0u;
        for (var j = 0u; j < 4u; j++) {
            let at = column + i % 2u * 4u + j;
            if (at >= p.columns) { break; }
            let element = finished(sum[j], at);
            if (TO >= I8) {
                packed = insertBits(packed, element, j * 8u, 8u);
            } else {
                y[to * p.columns + at] = element;
            }
        }
        // Columns are whole words, then.
        if (TO >= I8 && column + i % 2u * 4u < p.columns) { y[(to * p.columns + column) / 4u + i % 2u] = packed; }
    }
}
