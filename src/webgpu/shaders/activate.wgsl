// The functions of one operand, which products and convolutions apply to their results, too. NaN stays what it is.
const NONE = 0u;
const ABS = 1u;
const NEG = 2u;
const SIGN = 3u;
const NOT = 4u;
const FLOOR = 5u;
const CEIL = 6u;
const ROUND = 7u;
const SQRT = 8u;
const RECIPROCAL = 9u;
const EXP = 10u;
const LOG = 11u;
const SIN = 12u;
const COS = 13u;
const TANH = 14u;
const SIGMOID = 15u;
const ERF = 16u;
const GELU = 17u;
const SILU = 18u;
const SOFTPLUS = 19u;
const SOFTSIGN = 20u;
const HARD_SWISH = 21u;
const RELU = 22u;
const LEAKY_RELU = 23u;
const ELU = 24u;
const HARD_SIGMOID = 25u;
const CLIP = 26u;
const ACOS = 27u;
const ACOSH = 28u;
const ASIN = 29u;
const ASINH = 30u;
const ATAN = 31u;
const ATANH = 32u;
const COSH = 33u;
const SINH = 34u;

// ln(1 + x) for x from 0, to the last bits however small x is: up to 1 twice the area tangent of x / (2 + x), as its
// series.
fn log_of_more(x: f32) -> f32 {
    if (x > 1.0) { return logarithm(1.0 + x); }
    let s = x / (2.0 + x);
    let z = s * s;
    return 2.0 * s * ((((((z / 13.0 + 1.0 / 11.0) * z + 1.0 / 9.0) * z + 1.0 / 7.0) * z + 0.2) * z + 1.0 / 3.0) * z + 1.0);
}

// Of the area functions WGSL's own lose all digits where large terms cancel, and may give anything where there is no result.
fn area_sine(x: f32) -> f32 {
    let a = abs(x);
    let y = log_of_more(a + a * a / (1.0 + sqrt(a * a + 1.0)));
    return sign(x) * select(y, logarithm(a) + 0.6931472, a > 1e15);
}

fn area_cosine(x: f32) -> f32 {
    if (x < 1.0) { return float(NOT_A_NUMBER); }
    let more = x - 1.0;
    if (x > 1e15) { return logarithm(x) + 0.6931472; }
    return log_of_more(more + sqrt(more * (x + 1.0)));
}

fn area_tangent(x: f32) -> f32 {
    let a = abs(x);
    if (a > 1.0) { return float(NOT_A_NUMBER); }
    if (a == 1.0) { return sign(x) * float(INFINITY); }
    return sign(x) * 0.5 * log_of_more(2.0 * a / (1.0 - a));
}

// Half of e to the power of |x| where its half is all that counts, and e to that power may be beyond all floats: so it is
// the square of a root that has its share of the half. A driver may multiply three factors in another order.
fn half_power(x: f32) -> f32 {
    let root = exp(0.5 * abs(x)) * 0.70710678;
    return root * root;
}

// x / (1 + |x|). The reciprocal of a divisor beyond 2¹²⁶ is so small that drivers take it for zero: a quarter of it isn't.
fn softsign(x: f32) -> f32 {
    let part = select(1.0, 0.25, abs(x) > 1.0);
    return x * part / (part + abs(x) * part);
}

fn sigmoid(x: f32) -> f32 {
    let e = exp(-abs(x));
    return select(e, 1.0, x >= 0.0) / (1.0 + e);
}

// x·P(x²)/Q(x²), as in src/kernels/math.rs: beyond 4 it is 1.
fn erf(x: f32) -> f32 {
    let z = clamp(x, -4.0, 4.0);
    let s = z * z;
    let a = (((((-2.7261423e-10 * s + 2.7706814e-8) * s - 2.101024e-6) * s - 5.6925064e-5) * s - 7.349906e-4) * s
        - 2.9546e-3) * s - 1.6096033e-2;
    let b = (((-1.4566072e-5 * s - 2.1337406e-4) * s - 1.682827e-3) * s - 7.373329e-3) * s - 1.4264739e-2;
    return select(z * a / b, sign(x), abs(x) >= 4.0);
}

// Sine of x + quarters·π/2, error below 1e-7 up to 5,000: π/2 is taken off in three parts (Cody and Waite),
// what is left goes into the series of the sine or the cosine. WGSL's own may be off by 5e-4 and know only −π..π.
fn sine(x: f32, quarters: i32) -> f32 {
    let n = round(x * 0.63661977);
    let r = ((x - n * 1.5703125) - n * 4.8375130e-4) - n * 7.5497900e-8;
    let s = r * r;
    let turn = i32(clamp(n, -1e9, 1e9)) + quarters;
    let odd = r + r * s * ((-1.9515296e-4 * s + 8.3321609e-3) * s - 1.6666655e-1);
    let even = 1.0 - 0.5 * s + s * s * ((2.4433157e-5 * s - 1.3887316e-3) * s + 4.1666646e-2);
    let y = select(odd, even, (turn & 1) == 1);
    if (abs(x) > 3e38) { return float(NOT_A_NUMBER); }
    return select(y, -y, (turn & 2) == 2);
}

// The angle whose cosine is x, or the one whose sine is: WGSL's own may be off by 4e-4.
fn arc(x: f32, is_cosine: bool) -> f32 {
    if (abs(x) > 1.0) { return float(NOT_A_NUMBER); }
    // The angle of a negative zero may be half a turn.
    if (x == 0.0) { return select(x, 1.5707964, is_cosine); }
    let other = sqrt((1.0 - x) * (1.0 + x));
    return select(atan2(x, other), atan2(other, x), is_cosine);
}

fn activate(x: f32, function: u32, alpha: f32, beta: f32) -> f32 {
    if (function == NONE || is_nan(x)) { return x; }
    switch function {
        case ABS: { return abs(x); }
        case NEG: { return -x; }
        case SIGN: { return sign(x); }
        case NOT: { return select(0.0, 1.0, x == 0.0); }
        case FLOOR: { return floor(x); }
        case CEIL: { return ceil(x); }
        case ROUND: { return round(x); }
        case SQRT: { return sqrt(x); }
        case RECIPROCAL: { return 1.0 / x; }
        case EXP: { return exp(x); }
        case LOG: { return logarithm(x); }
        case SIN: { return sine(x, 0); }
        case COS: { return sine(x, 1); }
        case TANH: {
            let e = exp(-2.0 * abs(x));
            let t = (1.0 - e) / (1.0 + e);
            return select(t, -t, x < 0.0);
        }
        case SIGMOID: { return sigmoid(x); }
        case ERF: { return erf(x); }
        case GELU: { return 0.5 * x * (1.0 + erf(x * 0.70710678)); }
        case SILU: { return x * sigmoid(x); }
        case SOFTPLUS: { return max(x, 0.0) + log_of_more(exp(-abs(x))); }
        case SOFTSIGN: { return softsign(x); }
        case HARD_SWISH: { return x * clamp(x / 6.0 + 0.5, 0.0, 1.0); }
        case RELU: { return max(x, 0.0); }
        case LEAKY_RELU: { return select(x, alpha * x, x < 0.0); }
        case ELU: { return select(x, alpha * (exp(x) - 1.0), x < 0.0); }
        case HARD_SIGMOID: { return clamp(alpha * x + beta, 0.0, 1.0); }
        case CLIP: { return min(max(x, alpha), beta); }
        case ACOS: { return arc(x, true); }
        case ACOSH: { return area_cosine(x); }
        case ASIN: { return arc(x, false); }
        case ASINH: { return area_sine(x); }
        case ATAN: { return atan(x); }
        case ATANH: { return area_tangent(x); }
        case COSH: { return select(cosh(x), half_power(x), abs(x) > 80.0); }
        case SINH: { return select(sinh(x), sign(x) * half_power(x), abs(x) > 80.0); }
        default: { return x; }
    }
}
