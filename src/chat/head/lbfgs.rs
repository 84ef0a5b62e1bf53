//! Limited-memory BFGS (Liu & Nocedal 1989) with a backtracking line search: a smooth convex function's minimum.

use std::collections::VecDeque;

/// Pairs of steps and gradients that are remembered.
const MEMORY: usize = 6;
/// Halvings of a step before the search is given up.
const MOST_HALVINGS: usize = 20;

/// Minimises `evaluate` from `start`: it gets a point and the place for the gradient there, and answers the value.
///
/// Stops after `iterations` steps, or when a step gains less than one in a million.
pub fn minimise(
    start: Vec<f32>,
    iterations: usize,
    mut evaluate: impl FnMut(&[f32], &mut [f32]) -> f64,
) -> Vec<f32> {
    let mut point = start;
    let mut gradient = vec![0.0; point.len()];
    let mut value = evaluate(&point, &mut gradient);
    let mut memory: VecDeque<Pair> = VecDeque::new();
    let mut next = point.clone();
    let mut next_gradient = gradient.clone();
    for _ in 0..iterations {
        let direction = direction(&gradient, &memory);
        let slope = dot(&direction, &gradient);
        if slope >= 0.0 {
            break;
        }
        // The first direction is the gradient itself, of unknown scale.
        let mut step = if memory.is_empty() {
            (1.0 / -slope).sqrt().min(1e4)
        } else {
            1.0
        };
        let mut reached = None;
        for _ in 0..MOST_HALVINGS {
            for ((to, from), along) in next.iter_mut().zip(&point).zip(&direction) {
                *to = from + step as f32 * along;
            }
            let there = evaluate(&next, &mut next_gradient);
            if there <= value + 1e-4 * step * slope {
                reached = Some(there);
                break;
            }
            // To where a parabola through both has its minimum, within reason.
            let parabola = -slope * step / (2.0 * (there - value - slope * step));
            step *= if parabola.is_finite() {
                parabola.clamp(0.1, 0.5)
            } else {
                0.1
            };
        }
        let Some(there) = reached else { break };
        remember(&mut memory, &point, &next, &gradient, &next_gradient);
        std::mem::swap(&mut point, &mut next);
        std::mem::swap(&mut gradient, &mut next_gradient);
        let gained = value - there;
        value = there;
        if gained < 1e-6 * value.abs() {
            break;
        }
    }
    point
}

/// How far a step led, and how the gradient changed.
struct Pair {
    step: Vec<f32>,
    change: Vec<f32>,
    /// `1 / step · change`.
    curvature: f64,
}

fn remember(memory: &mut VecDeque<Pair>, from: &[f32], to: &[f32], before: &[f32], after: &[f32]) {
    let mut pair = match memory.len() {
        MEMORY => memory.pop_front(),
        _ => None,
    }
    .unwrap_or_else(|| Pair {
        step: vec![0.0; from.len()],
        change: vec![0.0; from.len()],
        curvature: 0.0,
    });
    difference(&mut pair.step, to, from);
    difference(&mut pair.change, after, before);
    let product = dot(&pair.step, &pair.change);
    if product > 1e-12 {
        pair.curvature = 1.0 / product;
        memory.push_back(pair);
    }
}

/// The two-loop recursion: minus the gradient, bent by what is remembered of the curvature.
fn direction(gradient: &[f32], memory: &VecDeque<Pair>) -> Vec<f32> {
    let mut direction: Vec<f32> = gradient.iter().map(|g| -g).collect();
    let mut shares = Vec::with_capacity(memory.len());
    for pair in memory.iter().rev() {
        let share = pair.curvature * dot(&pair.step, &direction);
        add(&mut direction, -share, &pair.change);
        shares.push(share);
    }
    if let Some(last) = memory.back() {
        let scale = 1.0 / (last.curvature * dot(&last.change, &last.change));
        direction.iter_mut().for_each(|x| *x *= scale as f32);
    }
    for (pair, share) in memory.iter().zip(shares.into_iter().rev()) {
        let back = pair.curvature * dot(&pair.change, &direction);
        add(&mut direction, share - back, &pair.step);
    }
    direction
}

/// In pieces of f32, which are added in f64: quick, and exact enough for millions of terms.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    let pieces = a.chunks(256).zip(b.chunks(256));
    pieces
        .map(|(a, b)| {
            let mut lanes = [0.0_f32; 8];
            for (a, b) in a.chunks(8).zip(b.chunks(8)) {
                for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
                    *lane += a * b;
                }
            }
            lanes.iter().map(|lane| f64::from(*lane)).sum::<f64>()
        })
        .sum()
}

fn add(to: &mut [f32], share: f64, of: &[f32]) {
    for (to, of) in to.iter_mut().zip(of) {
        *to += share as f32 * of;
    }
}

fn difference(out: &mut [f32], a: &[f32], b: &[f32]) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = a - b;
    }
}

#[cfg(test)]
mod tests {
    use super::minimise;

    #[test]
    fn a_stretched_bowl_is_minimised() {
        let goal = [3.0_f32, -1.0, 0.5];
        let stretch = [1.0_f32, 100.0, 0.1];
        let found = minimise(vec![0.0; 3], 100, |x, gradient| {
            let mut value = 0.0;
            for at in 0..3 {
                let away = x[at] - goal[at];
                gradient[at] = stretch[at] * away;
                value += f64::from(0.5 * stretch[at] * away * away);
            }
            value
        });
        for (found, goal) in found.iter().zip(goal) {
            assert!((found - goal).abs() < 1e-2, "{found} is not {goal}");
        }
    }

    #[test]
    fn nothing_to_minimise_is_no_trouble() {
        assert!(minimise(Vec::new(), 10, |_, _| 0.0).is_empty());
    }
}
