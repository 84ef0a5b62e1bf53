// The rows of a product: those of a matrix, or patches of images with channels last, one a position of the result.
struct Params {
    rows: u32,
    columns: u32,
    // Elements of a row that lie one behind the other: all of them, or the channels under a tap of the window.
    run: u32,
    taps: u32,
    // Of the activation.
    alpha: f32,
    beta: f32,
    channels: u32,
    kernel_width: u32,
    // Rows and columns of an image, of the result; of steps between windows, between taps; of padding before.
    image: vec2<u32>,
    result: vec2<u32>,
    strides: vec2<u32>,
    dilations: vec2<u32>,
    pads: vec2<u32>,
    // Products of a batch, and axes that they are counted along; then, for each axis from the last one, its extent and
    // how many matrices it steps over in x and in w.
    batches: u32,
    rank: u32,
    batch: array<vec4<u32>, 6>,
}
@group(0) @binding(0) var<uniform> p: Params;

const OUTSIDE = 0xffffffffu;

// Where the window of a row begins: lines before its image, line and column. Before the image is far behind it, too.
fn place_of(row: u32) -> vec3<u32> {
    let line = row / p.result.y;
    let first = vec2<u32>(line % p.result.x, row % p.result.y) * p.strides - p.pads;
    return vec3<u32>(line / p.result.x * p.image.x, first);
}

// How far a tap is from the begin of its window.
fn reach_of(tap: u32) -> vec2<u32> {
    return vec2<u32>(tap / p.kernel_width, tap % p.kernel_width) * p.dilations;
}

// Where the channels under a tap begin in x, or OUTSIDE for padding.
fn start_of(place: vec3<u32>, reach: vec2<u32>) -> u32 {
    let at = place.yz + reach;
    if (any(at >= p.image)) { return OUTSIDE; }
    return ((place.x + at.x) * p.image.y + at.y) * p.channels;
}

// Which matrices of x and of w a product of the batch is of.
fn matrix_of(number: u32) -> vec2<u32> {
    var rest = number;
    var matrix = vec2<u32>();
    for (var axis = 0u; axis < p.rank; axis++) {
        let extent = p.batch[axis >> 2u][axis & 3u];
        matrix += rest % extent * vec2<u32>(p.batch[2u + (axis >> 2u)][axis & 3u], p.batch[4u + (axis >> 2u)][axis & 3u]);
        rest /= extent;
    }
    return matrix;
}
