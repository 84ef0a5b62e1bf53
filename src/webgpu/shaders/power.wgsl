// x to the power of n, zeros, infinities and NaN as in C's pow.
fn power(x: f32, n: f32) -> f32 {
    if (n == 2.0) { return x * x; }
    if (n == 0.5) { return sqrt(x); }
    if (n == 0.0 || x == 1.0) { return 1.0; }
    if (is_nan(x) || is_nan(n)) { return float(NOT_A_NUMBER); }
    let magnitude = bitcast<u32>(x) & 0x7fffffffu;
    let is_endless = (bitcast<u32>(n) & 0x7fffffffu) == INFINITY;
    // Of a negative number only whole powers are real; odd ones are negative.
    let is_negative = bitcast<u32>(x) != magnitude;
    let is_whole = is_endless || n == trunc(n);
    let is_odd = is_whole && !is_endless && abs(n) % 2.0 == 1.0;
    var result = 0u;
    if (magnitude == 0u || magnitude == INFINITY || is_endless) {
        // What grows without end, shrinks to nothing, or is -1.
        let grows = (magnitude > 0x3f800000u) == (n > 0.0);
        result = select(select(0u, INFINITY, grows), 0x3f800000u, magnitude == 0x3f800000u);
    } else {
        if (is_negative && !is_whole) { return float(NOT_A_NUMBER); }
        result = bitcast<u32>(pow(float(magnitude), n));
    }
    return float(result | select(0u, 0x80000000u, is_negative && is_odd));
}
