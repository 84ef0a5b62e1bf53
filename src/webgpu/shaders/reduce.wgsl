// Reduce: the elements of each row combined. As src/kernels/reduce.rs.
override TYPE: u32;
override REDUCTION: u32;

const SUM = 0u;
const MEAN = 1u;
const MAX = 2u;
const MIN = 3u;
const PROD = 4u;
const L1 = 5u;
const L2 = 6u;
const SUM_SQUARE = 7u;
const LOG_SUM = 8u;
const LOG_SUM_EXP = 9u;

@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn start(reduction: u32) -> u32 {
    switch reduction {
        case MAX: { return select(0x80000000u, INFINITY | 0x80000000u, TYPE == F32); }
        case MIN: { return select(0x7fffffffu, INFINITY, TYPE == F32); }
        case PROD: { return select(1u, 0x3f800000u, TYPE == F32); }
        default: { return 0u; }
    }
}

fn join_floats(a: f32, b: f32, reduction: u32) -> f32 {
    switch reduction {
        case MAX: { return select(a, b, b > a || is_nan(b)); }
        case MIN: { return select(a, b, b < a || is_nan(b)); }
        case PROD: { return a * b; }
        default: { return a + b; }
    }
}

fn join(a: u32, b: u32, reduction: u32) -> u32 {
    if (TYPE == F32) { return bitcast<u32>(join_floats(bitcast<f32>(a), bitcast<f32>(b), reduction)); }
    switch reduction {
        case MAX: { return bitcast<u32>(max(bitcast<i32>(a), bitcast<i32>(b))); }
        case MIN: { return bitcast<u32>(min(bitcast<i32>(a), bitcast<i32>(b))); }
        case PROD: { return a * b; }
        default: { return a + b; }
    }
}

// What an element adds.
fn term(bits: u32, most: f32) -> u32 {
    let value = bitcast<f32>(bits);
    switch REDUCTION {
        case L1: { return select(bitcast<u32>(abs(bitcast<i32>(bits))), bits & 0x7fffffffu, TYPE == F32); }
        case L2, SUM_SQUARE: { return select(bits * bits, bitcast<u32>(value * value), TYPE == F32); }
        case LOG_SUM_EXP: {
            if (TYPE != F32 || is_nan(value)) { return bits; }
            return bitcast<u32>(exp(value - most));
        }
        default: { return bits; }
    }
}

// The whole root; 0 of a negative sum, which has overflowed.
fn root(sum: i32) -> i32 {
    if (sum <= 0) { return 0; }
    var found = u32(sqrt(f32(sum)));
    if (found * found > u32(sum)) { found--; }
    if ((found + 1u) * (found + 1u) <= u32(sum)) { found++; }
    return i32(found);
}

// The whole part of the logarithm. The numbers are the least ones that reach it: a float could miss them.
fn whole_log(sum: i32) -> i32 {
    var least = array<i32, 21>(3, 8, 21, 55, 149, 404, 1097, 2981, 8104, 22027, 59875, 162755, 442414, 1202605, 3269018,
        8886111, 24154953, 65659970, 178482301, 485165196, 1318815735);
    if (sum == 0) { return -2147483647 - 1; }
    var found = 0;
    for (var n = 0; n < 21; n++) { found += select(0, 1, sum >= least[n]); }
    return found;
}

fn finish(total: u32, most: f32) -> u32 {
    if (TYPE == I32) {
        let sum = bitcast<i32>(total);
        switch REDUCTION {
            case MEAN: { return bitcast<u32>(sum / max(i32(length), 1)); }
            case L2: { return bitcast<u32>(root(sum)); }
            case LOG_SUM, LOG_SUM_EXP: { return bitcast<u32>(whole_log(sum)); }
            default: { return total; }
        }
    }
    let sum = bitcast<f32>(total);
    switch REDUCTION {
        case MEAN: { return select(bitcast<u32>(sum / f32(length)), NOT_A_NUMBER, length == 0u); }
        case L2: { return bitcast<u32>(sqrt(sum)); }
        case LOG_SUM: { return bitcast<u32>(logarithm(sum)); }
        case LOG_SUM_EXP: { return bitcast<u32>(logarithm(sum) + most); }
        default: { return total; }
    }
}

fn all_lanes(found: u32, reduction: u32) -> u32 {
    var own = found;
    for (var reach = 1u; reach < NEAR; reach <<= 1u) { own = join(own, near(vec2<u32>(own), reach).x, reduction); }
    meet(vec2<u32>(own));
    var total = start(reduction);
    for (var n = 0u; n < LANES; n += NEAR) { total = join(total, part(n).x, reduction); }
    return total;
}

fn compute() {
    var most = 0.0;
    if (REDUCTION == LOG_SUM_EXP) {
        var largest = start(MAX);
        for (var n = lane; n < length; n += LANES) {
            let bits = x[at(n)];
            if (!is_nan(bitcast<f32>(bits))) { largest = join(largest, bits, MAX); }
        }
        largest = all_lanes(largest, MAX);
        if ((largest & 0x7fffffffu) < INFINITY) { most = bitcast<f32>(largest); }
    }
    var total = start(REDUCTION);
    for (var n = lane; n < length; n += LANES) { total = join(total, term(x[at(n)], most), REDUCTION); }
    total = all_lanes(total, REDUCTION);
    if (is_first()) { y[row] = finish(total, most); }
}
