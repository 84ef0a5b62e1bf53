//! ONNX `NonMaxSuppression`: of boxes that overlap the best one stays.

use super::{
    Operand, Output,
    order::{first, keys},
};

/// Lower and upper edge along both axes.
type Corners = [[f32; 2]; 2];

pub(super) fn run(inputs: &[Operand], outputs: &mut [Output], center: bool, limit: usize) {
    let (boxes, scores) = (inputs[0].f32(), inputs[1]);
    let scalar = |operand: Operand| operand.f32().first().copied().unwrap_or(0.0);
    let most = inputs[2].i32().first().copied().unwrap_or(0);
    let most = usize::try_from(most).unwrap_or(0).min(limit);
    let (overlap, least) = (scalar(inputs[3]), scalar(inputs[4]));
    let [_, classes, count] = scores.shape[..] else {
        return;
    };
    let keys = keys(scores);
    let selected = outputs[0].i32_mut();
    selected.fill(0);
    let mut rows = selected.chunks_exact_mut(3);
    let mut found = 0;
    for line in 0..scores.shape[0] * classes {
        let (batch, class) = (line / classes, line % classes);
        let edges = |number: usize| corners(&boxes[(batch * count + number) * 4..][..4], center);
        let keys = &keys[line * count..][..count];
        let order = first(count, count, &|a, b| (keys[b], a) < (keys[a], b));
        let mut kept: Vec<Corners> = Vec::new();
        for number in order {
            if kept.len() == most {
                break;
            }
            let own = edges(number);
            let good = scores.f32()[line * count + number] > least;
            if good && kept.iter().all(|other| shared(other, &own) <= overlap) {
                kept.push(own);
                if let Some(row) = rows.next() {
                    row.copy_from_slice(&[batch as i32, class as i32, number as i32]);
                    found += 1;
                }
            }
        }
    }
    outputs[1].i32_mut().fill(found);
}

fn corners(values: &[f32], center: bool) -> Corners {
    let [a, b, c, d] = [values[0], values[1], values[2], values[3]];
    if center {
        let edges = |middle: f32, extent: f32| [middle - extent / 2.0, middle + extent / 2.0];
        return [edges(a, c), edges(b, d)];
    }
    [[a.min(c), a.max(c)], [b.min(d), b.max(d)]]
}

/// Intersection over union.
fn shared(a: &Corners, b: &Corners) -> f32 {
    let area = |edges: &Corners| edges.iter().map(|[low, high]| high - low).product::<f32>();
    let common = a.iter().zip(b);
    let common: f32 = common
        .map(|(a, b)| (a[1].min(b[1]) - a[0].max(b[0])).max(0.0))
        .product();
    let union = area(a) + area(b) - common;
    if union > 0.0 { common / union } else { 0.0 }
}
