// MaxPool, AveragePool, and the positions of MaxPool's elements (KIND 0, 1, 2) over windows of each image; one spatial
// axis counts as a row. As src/kernels/pool.rs.
override TYPE: u32;
override KIND: u32;
override COUNT_PADDING: bool;

// Rows, then columns.
struct Params {
    count: u32, least: u32, height: u32, width: u32,
    out: vec2<u32>, kernel: vec2<u32>,
    stride: vec2<u32>, dilation: vec2<u32>,
    before: vec2<u32>, padded: vec2<u32>,
}
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn element(i: u32) -> u32 {
    let first = vec2<u32>(i / p.out.y % p.out.x, i % p.out.y) * p.stride;
    let image = i / (p.out.x * p.out.y) * p.height * p.width;
    var best = 0u;
    var most = 0;
    var inside = 0u;
    var sum = 0.0;
    for (var row = 0u; row < p.kernel.x; row++) {
        let r = first.x + row * p.dilation.x - p.before.x;
        // A place before the image has wrapped to a large number.
        if (r >= p.height) { continue; }
        for (var column = 0u; column < p.kernel.y; column++) {
            let c = first.y + column * p.dilation.y - p.before.y;
            if (c >= p.width) { continue; }
            let at = image + r * p.width + c;
            let word = x[word_of(at, TYPE)];
            if (KIND == 1u) {
                sum += bitcast<f32>(word);
            } else {
                let found = key(word, at, TYPE);
                if (inside == 0u || found > most) {
                    most = found;
                    best = at;
                }
            }
            inside++;
        }
    }
    if (KIND == 2u) { return best; }
    if (KIND == 0u) { return select(bits_of(x[word_of(best, TYPE)], best, TYPE), p.least, inside == 0u); }
    if (COUNT_PADDING) {
        // Taps that ceil mode adds beyond the padding don't count.
        let room = (p.padded - min(first, p.padded) + p.dilation - 1u) / p.dilation;
        let taps = min(p.kernel, room);
        inside = taps.x * taps.y;
    }
    return bitcast<u32>(sum / f32(max(inside, 1u)));
}
