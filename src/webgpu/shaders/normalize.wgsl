// LayerNormalization, and InstanceNormalization, where a row has one scale and bias: one of p.own.y, in turn; p.own.z is epsilon. As
// src/kernels/norm.rs.
override INSTANCE: bool;

@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

fn compute() {
    // Differences to the first element are summed: they are small where all elements are alike.
    var sum = 0.0;
    for (var n = lane; n < length; n += LANES) { sum += x[at(n)] - x[at(0u)]; }
    sum = sum_of(sum);
    var mean = 0.0;
    if (length > 0u) { mean = sum / f32(length) + x[at(0u)]; }
    var squares = 0.0;
    for (var n = lane; n < length; n += LANES) {
        let rest = x[at(n)] - mean;
        squares += rest * rest;
    }
    squares = sum_of(squares);
    let inverse = 1.0 / sqrt(squares / f32(length) + bitcast<f32>(p.own.z));
    for (var n = lane; n < length; n += LANES) {
        let own = select(n, row % p.own.y, INSTANCE);
        y[at(n)] = (x[at(n)] - mean) * inverse * scale[own] + bias[own];
    }
}
