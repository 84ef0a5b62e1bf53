// Arithmetic that rounds as IEEE 754 has it, where WGSL leaves the last bits open.

// An f32 without its lower twelve bits of significand, or the nearest such: products of halves are exact.
fn upper(x: f32) -> f32 {
    return bitcast<f32>((bitcast<u32>(x) + 0x800u) & 0xfffff000u);
}

// Half the distance to the next larger f32.
fn half_step(x: f32) -> f32 {
    return bitcast<f32>(bitcast<u32>(x) & 0x7f800000u) * 5.9604645e-8;
}

// a / b. Beyond 2^±60, and where there is no finite quotient, as good as WGSL's.
fn quotient(a: f32, b: f32) -> f32 {
    let q = a / b;
    let sizes = abs(vec3<f32>(a, b, q));
    if (!(all(sizes > vec3<f32>(8.7e-19)) && all(sizes < vec3<f32>(1.15e18)))) { return q; }
    let divisor = vec2<f32>(upper(sizes.y), sizes.y - upper(sizes.y));
    var best = sizes.z;
    for (var turn = 0; turn < 4; turn++) {
        let high = upper(best);
        let low = best - high;
        let rest = (((sizes.x - high * divisor.x) - high * divisor.y) - low * divisor.x) - low * divisor.y;
        let bits = bitcast<u32>(best);
        if (rest > sizes.y * half_step(best)) {
            best = bitcast<f32>(bits + 1u);
        } else if (-rest > sizes.y * half_step(bitcast<f32>(bits - 1u))) {
            best = bitcast<f32>(bits - 1u);
        } else {
            break;
        }
    }
    return select(best, -best, q < 0.0);
}

// The f32 nearest to each i32: its halves are exact, their sum is rounded once.
fn exactly(x: vec4<i32>) -> vec4<f32> {
    return vec4<f32>(x & vec4<i32>(~4095)) + vec4<f32>(x & vec4<i32>(4095));
}
