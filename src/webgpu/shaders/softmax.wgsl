// Softmax of each row, or its logarithm; the largest element is taken out, so that nothing overflows. As
// src/kernels/softmax.rs.
override LOG: bool;

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

fn power_of_e(x: f32) -> f32 {
    if (is_nan(x)) { return x; }
    return exp(x);
}

fn compute() {
    var most = float(INFINITY | 0x80000000u);
    for (var n = lane; n < length; n += LANES) { most = select(most, x[at(n)], x[at(n)] > most); }
    for (var reach = 1u; reach < NEAR; reach <<= 1u) {
        let other = bitcast<f32>(near(vec2<u32>(bitcast<u32>(most)), reach).x);
        most = select(most, other, other > most);
    }
    meet(vec2<u32>(bitcast<u32>(most)));
    for (var n = 0u; n < LANES; n += NEAR) {
        let other = bitcast<f32>(part(n).x);
        most = select(most, other, other > most);
    }
    var sum = 0.0;
    for (var n = lane; n < length; n += LANES) {
        let i = at(n);
        let share = power_of_e(x[i] - most);
        sum += share;
        if (!LOG) { y[i] = share; }
    }
    sum = sum_of(sum);
    let shift = most + log(sum);
    for (var n = lane; n < length; n += LANES) {
        let i = at(n);
        if (LOG) { y[i] = x[i] - shift; } else { y[i] *= 1.0 / sum; }
    }
}
