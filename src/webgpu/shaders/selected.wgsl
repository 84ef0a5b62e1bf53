// The rows of NonMaxSuppression's result from what suppress.wgsl has kept: batch, class and box, then zeros.
struct Params { count: u32, rows: u32, lines: u32, classes: u32, limit: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> kept: array<u32>;
@group(0) @binding(2) var<storage, read_write> selected: array<u32>;
@group(0) @binding(3) var<storage, read_write> total: array<u32>;

fn run(i: u32) {
    var before = 0u;
    var found = vec3<u32>();
    for (var line = 0u; line < p.lines; line++) {
        let first = line * (p.limit + 1u);
        let count = kept[first];
        if (i >= before && i - before < count) {
            found = vec3<u32>(line / p.classes, line % p.classes, kept[first + 1u + i - before]);
        }
        before += count;
    }
    if (i < p.rows) {
        for (var n = 0u; n < 3u; n++) { selected[i * 3u + n] = found[n]; }
    }
    if (i == 0u) { total[0] = before; }
}
