// Rounds to a narrower floating-point format, half to even. As src/kernels/round_float.rs.
override POWERS: bool;
override SATURATE: bool;
// The format has no negative zero.
override UNSIGNED_ZERO: bool;
// The format has no NaN.
override NO_NAN: bool;

// Bits of the fraction, biased exponent of the least normal number, bits of the largest number and of what is beyond it.
struct Params { count: u32, fraction: u32, least: u32, most: u32, beyond: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

// The smallest power of two not below it.
fn power_of_two(bits: u32) -> u32 {
    if ((bits << 1u) == 0u) { return 0x00400000u; }
    // All negative numbers are among these.
    if (bits > INFINITY) { return NOT_A_NUMBER; }
    if (bits > p.most) { return select(NOT_A_NUMBER, p.most, SATURATE); }
    if ((bits & 0x007fffffu) == 0u) { return bits; }
    return select((bits | 0x007fffffu) + 1u, 0x00400000u, bits <= 0x00400000u);
}

fn element(i: u32) -> u32 {
    if (POWERS) { return power_of_two(x[i]); }
    let sign = x[i] & 0x80000000u;
    let bits = x[i] & 0x7fffffffu;
    if (bits > INFINITY) { return select(x[i], 0u, NO_NAN); }
    // Bits are rounded, not numbers, which may be too small for arithmetic. Below the least exponent they are not: there
    // neighbours lie equally far from each other.
    let dropped = 23u - p.fraction;
    let step = (1u << dropped) - 1u;
    var rounded = (bits + (step >> 1u) + ((bits >> dropped) & 1u)) & ~step;
    if (p.least > 1u && (bits >> 23u) < p.least) {
        let exponent = p.least - p.fraction;
        rounded = bitcast<u32>(round(float(bits) * float((254u - exponent) << 23u)) * float(exponent << 23u));
    }
    if (rounded > p.most) { rounded = select(p.beyond, p.most, SATURATE); }
    return rounded | select(sign, 0u, UNSIGNED_ZERO && rounded == 0u);
}
