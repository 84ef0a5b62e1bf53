// Sample: pixels of x [m, c, spatial..] looked up where `places` [r, out.., spatial axes] says, of the image that `images`
// [r] names. As src/kernels/sample.rs.
override MODE: u32;
override BORDER: u32;

const NEAREST = 0u;
const CUBIC = 2u;
const LARGEST_SHARE = 3u;
const ZEROS = 0u;
const REFLECT_CENTRES = 2u;
const REFLECT_EDGES = 3u;
const EDGE_THEN_ZEROS = 4u;

struct Params { count: u32, samples: u32, channels: u32, images: u32, extents: vec3<u32>, axes: u32, step: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> places: array<f32>;
@group(0) @binding(3) var<storage, read> images: array<i32>;
@group(0) @binding(4) var<storage, read_write> y: array<u32>;
@group(0) @binding(5) var<storage, read_write> fault: atomic<u32>;

// Reflected between low and high until it lies there.
fn mirrored(at: f32, low: f32, high: f32) -> f32 {
    let period = 2.0 * (high - low);
    if (period <= 0.0) { return low; }
    let within = at - low - period * floor((at - low) / period);
    return low + min(within, period - within);
}

// The pixel that stands for a whole number; -1 for none.
fn inside(whole: f32, extent: u32) -> i32 {
    let last = f32(extent) - 1.0;
    var at = whole;
    if (BORDER == ZEROS && (is_nan(at) || at < 0.0 || at > last)) { return -1; }
    if (BORDER == REFLECT_CENTRES) { at = mirrored(at, 0.0, last); }
    if (BORDER == REFLECT_EDGES) { at = mirrored(at, -0.5, last + 0.5); }
    if (is_nan(at)) { return 0; }
    return min(i32(clamp(at, 0.0, last)), i32(extent) - 1);
}

// R. G. Keys, "Cubic convolution interpolation for digital image processing", 1981.
fn cubic(x: f32) -> f32 {
    if (x <= 1.0) { return (1.25 * x - 2.25) * x * x + 1.0; }
    return (((x - 5.0) * x + 8.0) * x - 4.0) * -0.75;
}

fn element(i: u32) -> u32 {
    let region = i / (p.channels * p.samples);
    let image = images[region];
    if (image < 0 || image >= i32(p.images)) {
        atomicMin(&fault, p.step);
        return 0u;
    }
    // Pixels that the place is mixed of along each axis, and their weights.
    var pixels = array<array<i32, 4>, 3>();
    var weights = array<array<f32, 4>, 3>();
    let taps = select(select(2u, 4u, MODE == CUBIC), 1u, MODE == NEAREST);
    for (var axis = 0u; axis < p.axes; axis++) {
        let extent = p.extents[axis];
        var at = places[(region * p.samples + i % p.samples) * p.axes + axis];
        let is_beyond = BORDER == EDGE_THEN_ZEROS && (is_nan(at) || at < -1.0 || at > f32(extent));
        if (BORDER == EDGE_THEN_ZEROS) { at = clamp(at, 0.0, f32(extent) - 1.0); }
        let first = floor(at);
        let t = at - first;
        for (var tap = 0u; tap < taps; tap++) {
            var whole = first + f32(tap);
            var weight = select(t, 1.0 - t, tap == 0u);
            if (MODE == NEAREST) {
                whole = round(at);
                weight = 1.0;
            }
            if (MODE == CUBIC) {
                whole -= 1.0;
                weight = cubic(abs(t + 1.0 - f32(tap)));
            }
            pixels[axis][tap] = select(inside(whole, extent), -1, is_beyond);
            weights[axis][tap] = weight;
        }
    }
    let start = u32(image) * p.channels + i / p.samples % p.channels;
    var all = taps;
    for (var axis = 1u; axis < p.axes; axis++) { all *= taps; }
    var sum = 0.0;
    var is_any = false;
    for (var number = 0u; number < all; number++) {
        var rest = number;
        var weight = 1.0;
        var at = start;
        var is_inside = true;
        for (var axis = 0u; axis < p.axes; axis++) {
            let pixel = pixels[axis][rest % taps];
            is_inside &= pixel >= 0;
            at = at * p.extents[axis] + u32(max(pixel, 0));
            weight *= weights[axis][rest % taps];
            rest /= taps;
        }
        if (!is_inside) { continue; }
        let share = x[at] * weight;
        if (MODE == LARGEST_SHARE) {
            sum = select(sum, share, !is_any || is_nan(sum) || share > sum);
        } else {
            sum += share;
        }
        is_any = true;
    }
    return bitcast<u32>(sum);
}
