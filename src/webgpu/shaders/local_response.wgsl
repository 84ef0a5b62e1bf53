// LRN: x ÷ (bias + alpha ÷ size · Σ x²)^beta over neighbouring channels. As src/kernels/norm.rs.
struct Params { count: u32, channels: u32, inner: u32, before: u32, after: u32, alpha: f32, beta: f32, bias: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn element(i: u32) -> u32 {
    let channel = i / p.inner % p.channels;
    let first = channel - min(channel, p.before);
    let end = channel + min(p.after, p.channels - 1u - channel) + 1u;
    var at = i - (channel - first) * p.inner;
    var sum = 0.0;
    for (var n = first; n < end; n++) {
        sum += x[at] * x[at];
        at += p.inner;
    }
    return bitcast<u32>(x[i] / power(p.bias + p.alpha * sum, p.beta));
}
