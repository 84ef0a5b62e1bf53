//! Functions that exporters write out as arithmetic: GELU, SiLU, layer normalisation.

use super::Target;
use super::fuse::{Melted, activated};
use crate::plan::Node;
use crate::{Binary, Op, Reduction, Unary, ValueId};

/// Relative distance within which a constant is taken for √2 and the like.
const NEAR: f32 = 1e-4;

/// Largest normalised row that gets a scale and a bias of its own.
const MAX_INNER: usize = 1 << 20;

fn is_near(value: Option<f32>, wanted: f32) -> bool {
    value.is_some_and(|value| (value - wanted).abs() <= NEAR * wanted)
}

/// `x · sigmoid(x)`, `½ · x · (1 + erf(x / √2))` in any order, and a layer norm's scale.
pub(super) fn product(target: &mut Target, node: &Node, a: ValueId, b: ValueId) -> Melted {
    if let Some(x) = silu(target, a, b) {
        return function(target, node, Unary::Silu, x);
    }
    if let Some(x) = gelu(target, a, b) {
        return function(target, node, Unary::Gelu, x);
    }
    rescaled(target, node, a, b)
}

/// A function of `x`, melted into what makes `x` where nothing else reads it.
fn function(target: &mut Target, node: &Node, unary: Unary, x: ValueId) -> Melted {
    // The readers of x are those that the pattern swallows.
    target.read_by(x, 1);
    match activated(target, node, unary, x)? {
        Some(y) => Ok(Some(y)),
        None => target
            .push_one(&node.name, Op::Unary(unary), &[x])
            .map(Some),
    }
}

fn silu(target: &Target, a: ValueId, b: ValueId) -> Option<ValueId> {
    let pairs = [(a, b), (b, a)];
    let found = pairs.into_iter().find(|&(x, gate)| {
        matches!(target.only_maker(gate),
            Some((Op::Unary(Unary::Sigmoid), of)) if of == [x])
            && target.known.get(&x).is_some_and(|known| known.readers == 2)
    });
    found.map(|(x, _)| x)
}

/// The factors of a product whose partial results nothing else reads, `depth` products deep.
fn factors(target: &Target, id: ValueId, depth: usize, found: &mut Vec<ValueId>) {
    match target.only_maker(id) {
        Some((Op::Binary(Binary::Mul), parts)) if depth > 0 => {
            parts
                .iter()
                .for_each(|&part| factors(target, part, depth - 1, found));
        }
        _ => found.push(id),
    }
}

fn gelu(target: &Target, a: ValueId, b: ValueId) -> Option<ValueId> {
    let mut parts = Vec::new();
    factors(target, a, 1, &mut parts);
    factors(target, b, 1, &mut parts);
    let half = parts
        .iter()
        .position(|&id| is_near(target.float(id), 0.5))?;
    parts.swap_remove(half);
    let &[first, second] = &parts[..] else {
        return None;
    };
    let pairs = [(first, second), (second, first)];
    let found = pairs
        .into_iter()
        .find(|&(x, gate)| is_normal_distribution(target, gate, x) == Some(true));
    found.map(|(x, _)| x)
}

/// Whether `gate` is `1 + erf(x / √2)`, and x is read by nothing but the pattern.
fn is_normal_distribution(target: &Target, gate: ValueId, x: ValueId) -> Option<bool> {
    let Some((Op::Binary(Binary::Add), addends)) = target.only_maker(gate) else {
        return None;
    };
    let one = addends
        .iter()
        .position(|&id| is_near(target.float(id), 1.0))?;
    let Some((Op::Unary(Unary::Erf), of)) = target.only_maker(addends[1 - one]) else {
        return None;
    };
    let argument = *of.first()?;
    let (op, parts) = target.only_maker(argument)?;
    let [left, right] = parts[..] else {
        return None;
    };
    let matches = match op {
        Op::Binary(Binary::Div) => {
            left == x && is_near(target.float(right), std::f32::consts::SQRT_2)
        }
        Op::Binary(Binary::Mul) => {
            let (factor, of) = if left == x {
                (right, left)
            } else {
                (left, right)
            };
            of == x && is_near(target.float(factor), std::f32::consts::FRAC_1_SQRT_2)
        }
        _ => false,
    };
    Some(matches && target.known.get(&x)?.readers == 2)
}

/// `(x − mean) / √(variance + ε)`: layer normalisation without scale and bias.
pub(super) fn quotient(target: &mut Target, node: &Node, a: ValueId, b: ValueId) -> Melted {
    let Some((x, axis, epsilon)) = standardised(target, a, b) else {
        return Ok(None);
    };
    let inner = target.ty(x).shape[axis..].to_vec();
    let count = inner
        .iter()
        .try_fold(1_usize, |n, &extent| n.checked_mul(extent));
    let Some(count) = count.filter(|&count| count <= MAX_INNER) else {
        return Ok(None);
    };
    let ones = target.place(inner.clone(), crate::Values::F32(vec![1.0; count]))?;
    let zeros = target.place(inner, crate::Values::F32(vec![0.0; count]))?;
    let op = Op::LayerNormalization { axis, epsilon };
    target.push_one(&node.name, op, &[x, ones, zeros]).map(Some)
}

/// x, its first normalised axis and ε, when `centred / deviation` is a standardisation.
fn standardised(
    target: &Target,
    centred: ValueId,
    deviation: ValueId,
) -> Option<(ValueId, usize, f32)> {
    let Some((Op::Binary(Binary::Sub), difference)) = target.maker(centred) else {
        return None;
    };
    let [x, mean] = difference[..] else {
        return None;
    };
    let axis = mean_axis(target, mean, |of| of == x)?;
    let Some((Op::Unary(Unary::Sqrt), spread)) = target.only_maker(deviation) else {
        return None;
    };
    let Some((Op::Binary(Binary::Add), addends)) = target.only_maker(spread[0]) else {
        return None;
    };
    let known = addends.iter().position(|&id| target.float(id).is_some())?;
    let epsilon = target.float(addends[known])?;
    let variance = addends[1 - known];
    let is_square = |of: ValueId| match target.only_maker(of) {
        Some((Op::Binary(Binary::Pow), power)) => {
            power[0] == centred && target.float(power[1]) == Some(2.0)
        }
        Some((Op::Binary(Binary::Mul), square)) => square == [centred, centred],
        _ => false,
    };
    (mean_axis(target, variance, is_square)? == axis).then_some((x, axis, epsilon))
}

/// First axis of a mean over trailing axes of a value that `is_wanted`.
fn mean_axis(target: &Target, mean: ValueId, is_wanted: impl Fn(ValueId) -> bool) -> Option<usize> {
    let Some((
        Op::Reduce {
            reduction: Reduction::Mean,
            axes,
            keep_dims: true,
        },
        of,
    )) = target.maker(mean)
    else {
        return None;
    };
    let rank = target.ty(of[0]).shape.len();
    let first = *axes.first()?;
    let is_trailing = axes.iter().copied().eq(first..rank);
    (is_trailing && is_wanted(of[0])).then_some(first)
}

/// A layer norm times a constant of its inner shape.
fn rescaled(target: &mut Target, node: &Node, a: ValueId, b: ValueId) -> Melted {
    renormalised(target, node, a, b, |[scale, bias], factor| {
        let scale = scale
            .iter()
            .zip(factor)
            .map(|(scale, factor)| scale * factor);
        let bias = bias.iter().zip(factor).map(|(bias, factor)| bias * factor);
        [scale.collect(), bias.collect()]
    })
}

/// A layer norm plus a constant of its inner shape.
pub(super) fn sum(target: &mut Target, node: &Node, a: ValueId, b: ValueId) -> Melted {
    renormalised(target, node, a, b, |[scale, bias], addend| {
        let bias = bias.iter().zip(addend).map(|(bias, addend)| bias + addend);
        [scale.to_vec(), bias.collect()]
    })
}

fn renormalised(
    target: &mut Target,
    node: &Node,
    a: ValueId,
    b: ValueId,
    change: impl Fn([&[f32]; 2], &[f32]) -> [Vec<f32>; 2],
) -> Melted {
    for (normal, other) in [(a, b), (b, a)] {
        let Some((&Op::LayerNormalization { axis, epsilon }, operands)) = target.only_maker(normal)
        else {
            continue;
        };
        let inner = target.ty(normal).shape[axis..].to_vec();
        let [x, scale, bias] = operands[..] else {
            continue;
        };
        let known = target.floats(scale).zip(target.floats(bias));
        let (Some((scale, bias)), Some(other)) = (
            known,
            target
                .floats(other)
                .filter(|_| target.ty(other).shape == inner),
        ) else {
            continue;
        };
        let [scale, bias] = change([scale, bias], other);
        let scale = target.place(inner.clone(), crate::Values::F32(scale))?;
        let bias = target.place(inner, crate::Values::F32(bias))?;
        let op = Op::LayerNormalization { axis, epsilon };
        return target.push_one(&node.name, op, &[x, scale, bias]).map(Some);
    }
    Ok(None)
}
