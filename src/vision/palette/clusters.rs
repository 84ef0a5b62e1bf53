//! k-means from far points, and what of it is one colour.

use std::cmp::Ordering;

const MOST_CENTRES: usize = 6;
/// Squared distance below which every cell has a centre near.
const NEW_CENTRE: f64 = 0.0004;
/// Centres nearer than this are one colour.
const MERGE: f64 = 0.05;
const ROUNDS: usize = 12;

type Feature = [f64; 3];

/// The cells of each colour, in ascending order.
///
/// - `features`: at least one; distances between them are what counts as different
pub(super) fn clusters(features: &[Feature]) -> Vec<Vec<usize>> {
    let mut centres = far_points(features);
    for _ in 0..ROUNDS {
        let nearest = members(features, &centres);
        for (centre, members) in centres.iter_mut().zip(nearest) {
            // One that no cell is nearest to stays where it is.
            if !members.is_empty() {
                let own: Vec<Feature> = members.iter().map(|cell| features[*cell]).collect();
                *centre = super::mean(&own);
            }
        }
    }
    let groups = members(features, &centres);
    let groups = centres.into_iter().zip(groups);
    merged(groups.filter(|(_, members)| !members.is_empty()).collect())
}

/// The cell nearest to the mean, then again and again the one farthest from all before.
fn far_points(features: &[Feature]) -> Vec<Feature> {
    let middle = super::mean(features);
    let nearest_to_mean = features.iter().copied().min_by(|one, other| {
        apart(*one, middle)
            .partial_cmp(&apart(*other, middle))
            .unwrap_or(Ordering::Equal)
    });
    let mut centres: Vec<Feature> = nearest_to_mean.into_iter().collect();
    let Some(first) = centres.first().copied() else {
        return centres;
    };
    let mut nearest: Vec<f64> = features.iter().map(|cell| apart(*cell, first)).collect();
    while centres.len() < MOST_CENTRES {
        let farthest = nearest
            .iter()
            .enumerate()
            .fold((0, f64::MIN), |best, (cell, far)| {
                if *far > best.1 { (cell, *far) } else { best }
            });
        if farthest.1 < NEW_CENTRE {
            break;
        }
        let centre = features[farthest.0];
        centres.push(centre);
        for (near, cell) in nearest.iter_mut().zip(features) {
            *near = near.min(apart(*cell, centre));
        }
    }
    centres
}

/// The cells that each centre is nearest to; of equally near ones, the first has it.
fn members(features: &[Feature], centres: &[Feature]) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); centres.len()];
    for (cell, feature) in features.iter().enumerate() {
        let mut best = (f64::INFINITY, 0);
        for (number, centre) in centres.iter().enumerate() {
            let far = apart(*feature, *centre);
            if far < best.0 {
                best = (far, number);
            }
        }
        members[best.1].push(cell);
    }
    members
}

/// Joins the two closest centres while they are one colour.
fn merged(mut groups: Vec<(Feature, Vec<usize>)>) -> Vec<Vec<usize>> {
    loop {
        let mut closest = (MERGE * MERGE, 0, 0);
        for (one, (a, _)) in groups.iter().enumerate() {
            for (other, (b, _)) in groups.iter().enumerate().skip(one + 1) {
                let far = apart(*a, *b);
                if far < closest.0 {
                    closest = (far, one, other);
                }
            }
        }
        let (_, one, other) = closest;
        if one == other {
            break;
        }
        let (b, joining) = groups.remove(other);
        let (a, members) = &mut groups[one];
        let (n, m) = (members.len() as f64, joining.len() as f64);
        *a = std::array::from_fn(|i| (a[i] * n + b[i] * m) / (n + m));
        members.extend(joining);
        members.sort_unstable();
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

/// Squared distance.
fn apart(one: Feature, other: Feature) -> f64 {
    let [x, y, z] = std::array::from_fn(|i| one[i] - other[i]);
    x * x + y * y + z * z
}
