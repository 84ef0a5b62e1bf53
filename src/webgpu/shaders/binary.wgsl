// Functions of two operands of one type, broadcast. As src/kernels/binary.rs.
override TYPE: u32;
override FUNCTION: u32;

const ADD = 0u;
const SUB = 1u;
const MUL = 2u;
const DIV = 3u;
const POW = 4u;
const MIN = 5u;
const MAX = 6u;
const MOD = 7u;
const FMOD = 8u;
const PRELU = 9u;
const EQUAL = 10u;
const LESS = 11u;
const LESS_OR_EQUAL = 12u;
const GREATER = 13u;
const GREATER_OR_EQUAL = 14u;
const AND = 15u;
const OR = 16u;
const XOR = 17u;
const BIT_AND = 18u;
const BIT_OR = 19u;
const BIT_XOR = 20u;
const SHIFT_LEFT = 21u;
const SHIFT_RIGHT = 22u;

@group(0) @binding(1) var<storage, read> a: array<u32>;
@group(0) @binding(2) var<storage, read> b: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;

// What remains of x when z is taken off as often as it fits, with the sign of x. WGSL's own goes by way of the quotient:
// that may be beyond all floats, or have lost its last digits.
fn rest_of(x: f32, z: f32) -> f32 {
    let a = bitcast<u32>(x) & 0x7fffffffu;
    let b = bitcast<u32>(z) & 0x7fffffffu;
    if (b == 0u || a >= INFINITY || b > INFINITY) { return float(NOT_A_NUMBER); }
    if (a < b) { return x; }
    let exponent = max(b >> 23u, 1u);
    let divisor = (b & 0x7fffffu) | select(0u, 0x800000u, b >= 0x800000u);
    var rest = ((a & 0x7fffffu) | select(0u, 0x800000u, a >= 0x800000u)) % divisor;
    for (var left = max(a >> 23u, 1u) - exponent; left > 0u; left -= min(left, 8u)) {
        rest = (rest << min(left, 8u)) % divisor;
    }
    let size = f32(rest) * 1.1920929e-7 * bitcast<f32>(exponent << 23u);
    return select(size, -size, x < 0.0);
}

fn floats(x: f32, z: f32) -> f32 {
    switch FUNCTION {
        case ADD: { return x + z; }
        case SUB: { return x - z; }
        case MUL: { return x * z; }
        case DIV: { return x / z; }
        case POW: { return power(x, z); }
        case MIN: { return select(z, x, x < z || is_nan(x)); }
        case MAX: { return select(z, x, x > z || is_nan(x)); }
        case MOD: {
            let rest = rest_of(x, z);
            if (rest == 0.0) { return select(abs(rest), -abs(rest), z < 0.0); }
            return select(rest, rest + z, (rest < 0.0) != (z < 0.0));
        }
        case FMOD: { return rest_of(x, z); }
        default: { return select(x, z * x, x < 0.0); }
    }
}

fn float_truth(x: f32, z: f32) -> bool {
    if (is_nan(x) || is_nan(z)) { return false; }
    switch FUNCTION {
        case EQUAL: { return x == z; }
        case LESS: { return x < z; }
        case LESS_OR_EQUAL: { return x <= z; }
        case GREATER: { return x > z; }
        default: { return x >= z; }
    }
}

// Of negative powers only those of 1 and -1 are whole.
fn whole_power(x: i32, n: i32) -> i32 {
    if (n < 0) { return select(select(0, select(-1, 1, (n & 1) == 0), x == -1), 1, x == 1); }
    var result = 1;
    var square = x;
    for (var rest = n; rest > 0; rest >>= 1u) {
        if ((rest & 1) == 1) { result *= square; }
        square *= square;
    }
    return result;
}

fn remainder(x: i32, z: i32) -> i32 {
    // The least integer by -1 overflows, which nothing remains of.
    if (z == 0 || z == -1) { return 0; }
    return x % z;
}

fn integers(x: i32, z: i32) -> i32 {
    switch FUNCTION {
        case ADD: { return x + z; }
        case SUB: { return x - z; }
        case MUL: { return x * z; }
        case DIV: {
            // Without an answer, by zero or beyond 32 bits, it is 0.
            if (z == 0 || (z == -1 && x == -2147483647 - 1)) { return 0; }
            return x / z;
        }
        case POW: { return whole_power(x, z); }
        case MIN: { return min(x, z); }
        case MAX: { return max(x, z); }
        case MOD: {
            let rest = remainder(x, z);
            return select(rest, rest + z, rest != 0 && (rest < 0) != (z < 0));
        }
        case FMOD: { return remainder(x, z); }
        case BIT_AND: { return x & z; }
        case BIT_OR: { return x | z; }
        case BIT_XOR: { return x ^ z; }
        case SHIFT_LEFT: { return select(x << (u32(z) & 31u), 0, u32(z) > 31u); }
        case SHIFT_RIGHT: { return x >> min(u32(z), 31u); }
        case EQUAL: { return select(0, 1, x == z); }
        case LESS: { return select(0, 1, x < z); }
        case LESS_OR_EQUAL: { return select(0, 1, x <= z); }
        case GREATER: { return select(0, 1, x > z); }
        case GREATER_OR_EQUAL: { return select(0, 1, x >= z); }
        case AND: { return select(0, 1, x != 0 && z != 0); }
        case OR: { return select(0, 1, x != 0 || z != 0); }
        default: { return select(0, 1, (x != 0) != (z != 0)); }
    }
}

fn element(i: u32) -> u32 {
    let at = vec3<u32>(walk(i));
    let a_word = a[word_of(at.x, TYPE)];
    let b_word = b[word_of(at.y, TYPE)];
    if (TYPE != F32) { return bitcast<u32>(integers(integer(a_word, at.x, TYPE), integer(b_word, at.y, TYPE))); }
    let x = bitcast<f32>(a_word);
    let z = bitcast<f32>(b_word);
    if (FUNCTION >= EQUAL) { return select(0u, 1u, float_truth(x, z)); }
    return bitcast<u32>(floats(x, z));
}
