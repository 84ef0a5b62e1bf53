// The range of `ranges` and 0: the least and the largest of its values, of which NaN is passed over.
var<workgroup> found: array<vec2<f32>, 64>;

// Of the values first, first + step ..; all invocations of a workgroup learn what they find together.
fn range_of(count: u32, first: u32, step: u32, local: u32) -> vec2<f32> {
    var range = vec2<f32>();
    for (var i = first; i < count; i += step) {
        let value = select(ranges[i], 0.0, is_nan(ranges[i]));
        range = vec2<f32>(min(range.x, value), max(range.y, value));
    }
    for (var reach = 1u; reach < NEAR; reach <<= 1u) {
        let other = bitcast<vec2<f32>>(near(bitcast<vec2<u32>>(range), reach));
        range = vec2<f32>(min(range.x, other.x), max(range.y, other.y));
    }
    found[local] = range;
    for (var reach = 32u; reach >= NEAR; reach >>= 1u) {
        workgroupBarrier();
        if (local < reach) {
            let other = found[local + reach];
            found[local] = vec2<f32>(min(found[local].x, other.x), max(found[local].y, other.y));
        }
    }
    workgroupBarrier();
    return found[0];
}
